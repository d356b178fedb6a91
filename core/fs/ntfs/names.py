"""Names: UTF-16 of which nobody checked that it is well formed, compared by the volume's own table."""

from __future__ import annotations

import codecs
import sys
from array import array

from core.entry import MAX_NAME

Upcase = dict[int, int]
"""The characters that have an upper case, for `str.translate`."""

_decode = codecs.utf_16_le_decode
UPCASE_LENGTH = 2 * 65536


def shown(raw: bytes) -> str:
    """Text with every unpaired surrogate shown by its number, so that two names stay two."""
    try:
        return _decode(raw, "strict", True)[0]
    except UnicodeDecodeError:
        text = _decode(raw, "surrogatepass", False)[0].encode("utf-8", "backslashreplace").decode()
        return text if len(text) <= MAX_NAME else _decode(raw, "replace", True)[0]


def file_name(raw: bytes) -> tuple[str, bool]:
    """A name as it is shown, and whether a file can have it."""
    text = shown(raw)
    if "/" in text or "\0" in text:
        return text.replace("\0", "\\x00").replace("/", "\\x2f")[:MAX_NAME], False
    return text, text not in ("", ".", "..")


def read_upcase(table: bytes) -> Upcase | None:
    """The mapping in $UpCase; None where it cannot be one."""
    if len(table) != UPCASE_LENGTH:
        return None
    values = array("H", table)
    if sys.byteorder == "big":
        values.byteswap()
    mapping = {code: value for code, value in enumerate(values) if value != code}
    for code in range(128):
        if mapping.get(code, code) != (code - 32 if 97 <= code <= 122 else code):
            return None
    return mapping


def without_table() -> Upcase:
    """What the letters of most alphabets have for an upper case, for a volume whose own table is broken."""
    return {
        code: ord(upper)
        for code in range(0xD800)
        if len(upper := chr(code).upper()) == 1 and ord(upper) != code
    }
