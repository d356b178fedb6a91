"""Text, and what it was written in."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
"""Byte order marks; the longer ones first, for one begins like another."""
_LEGACY = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("cp437", "cp850", "cp852", "cp866", "koi8_r", "mac_roman", "iso8859_2", "iso8859_15"),
    *("shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr"),
)
"""What texts were written in before there was Unicode, and on which machines."""
_SAMPLE = 8192
"""Bytes that are guessed from."""
_CONTROL = re.compile(rb"[\0-\x06\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL = 100
"""One control character in so many is still text: old printers were told things with them."""


def text(data: bytes, *, whole: bool) -> tuple[str, str] | None:
    """(text, name of its encoding); None where the bytes are no text. Not `whole`: more follow."""
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return codecs.getincrementaldecoder(codec)("replace").decode(data, final=whole), name
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        return _without_mark(data, whole=whole)
    if len(_CONTROL.findall(sample)) * _MOST_CONTROL > len(sample):
        return None
    try:
        decoded = codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError:
        return _guessed(data, sample)
    return decoded, "ASCII" if decoded.isascii() else "UTF-8"


def _without_mark(data: bytes, *, whole: bool) -> tuple[str, str] | None:
    """UTF-16 that does not say so: every other byte of most scripts is the same."""
    sample = data[: _SAMPLE & ~1]
    for codec, high, low in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if sample[high::2].count(0) * 10 < 7 * len(sample[high::2]) or 0 in sample[low::2]:
            continue
        try:
            decoded = codecs.getincrementaldecoder(codec)().decode(data, final=whole)
        except UnicodeDecodeError:
            continue
        return decoded, "UTF-16"
    return None


def _guessed(data: bytes, sample: bytes) -> tuple[str, str] | None:
    best = charset_normalizer.from_bytes(sample, cp_isolation=list(_LEGACY)).best()
    if best is None:
        return codecs.decode(data, "cp1252", "replace"), "unknown"
    return codecs.decode(data, best.encoding, "replace"), best.encoding.upper().replace("_", "-")


def preload() -> None:
    """Codecs are modules, and nothing can be imported behind the walls."""
    for name in (*_LEGACY, *(codec for _, codec, _ in _MARKS), "utf-16-le", "utf-16-be", "utf-32-le"):
        codecs.lookup(name)
    for name in ("utf-32-be", "ascii", "utf-7", "latin-1"):
        codecs.lookup(name)
    # Guesses once in each way, so that what the library imports late has been imported.
    for sample in (b"Gr\xfc\xdfe aus Kiel, sch\xf6n hier. " * 40, "Привет из Киля. ".encode("cp1251") * 40):
        text(sample, whole=True)
    text("日本語のテキストです。".encode("shift_jis") * 40, whole=True)
