"""Names in UTF-16, and the up-case table by which they are compared (section 7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from struct import Struct as Packed

from core.errors import NameNotAllowed
from core.fs.exfat.checksums import rolling_16
from core.fs.exfat.structures import MOST_LABEL, MOST_NAMES, NAME_PACKED
from core.fs.writable import Reason

_PIECES = [Packed("<" + NAME_PACKED * count) for count in range(MOST_NAMES + 1)]
_FORBIDDEN = re.compile(r'[\0-\x1f"*/:<>?\\|]')
"""Section 7.7.3, table 35."""
_SKIP = 0xFFFF
_CHARACTERS = 65536

Upcase = dict[int, int]
"""The characters that have an upper case, for `str.translate`."""

MANDATORY: Upcase = {code: code - 0x20 for code in range(ord("a"), ord("z") + 1)}
"""Section 7.2.5, table 24."""


def raw_name(data: bytes, offset: int, pieces: int, length: int) -> bytes:
    """The UTF-16 of a name of `length` units in so many entries at `offset`."""
    return b"".join(_PIECES[pieces].unpack_from(data, offset))[: 2 * length]


def decoded(raw: bytes) -> str:
    """Invalid UTF-16 becomes U+FFFD."""
    return raw.decode("utf-16-le", "replace")


def well_formed(name: str) -> bool:
    """Whether it may be the name of a file at all."""
    return _FORBIDDEN.search(name) is None and name not in ("", ".", "..")


def hashed(raw: bytes, upcase: Upcase) -> int:
    """The hash of a name (section 7.6.4), as its stream extension should have it."""
    upper = raw.decode("utf-16-le", "surrogatepass").translate(upcase)
    return rolling_16(upper.encode("utf-16-le", "surrogatepass"))


def label(text: str) -> bytes:
    """A volume label in UTF-16, empty for none. Raises NameNotAllowed (section 7.3)."""
    if not text.isprintable():
        raise NameNotAllowed(text, Reason.CHARACTER)
    try:
        raw = text.encode("utf-16-le")
    except UnicodeEncodeError as error:
        raise NameNotAllowed(text, Reason.CHARACTER) from error
    if len(raw) > 2 * MOST_LABEL:
        raise NameNotAllowed(text, Reason.LENGTH)
    return raw


def read_upcase(table: Iterable[int]) -> Upcase | None:
    """The mapping in an up-case table, compressed or not (section 7.2.5); None where it cannot be one."""
    mapping: Upcase = {}
    code = 0
    values = iter(table)
    for value in values:
        if value == _SKIP:
            code += next(values, 0)
            continue
        if value != code:
            mapping[code] = value
        code += 1
    if code > _CHARACTERS or any(mapping.get(code, code) != MANDATORY.get(code, code) for code in range(128)):
        return None
    return mapping
