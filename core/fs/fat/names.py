"""Short names in an OEM code page, long names in UTF-16, and the checksum that ties the two together."""

from __future__ import annotations

import codecs
import re
from operator import itemgetter
from struct import Struct as Packed

from core.fs.fat.structures import (
    LONG_ATTRIBUTES,
    LONG_PACKED,
    LOWER_BASE,
    LOWER_EXTENSION,
    MOST_PIECES,
)
from core.fs.slots import SLOT_LENGTH

_ROTATED = bytes((value >> 1) | (value & 1) << 7 for value in range(256))
_FORBIDDEN = frozenset(b'"*/:<>?\\|\x7f') | frozenset(range(0x20))
"""Of what the specification forbids in short names, what no writer that works puts there all the same."""
_PIECES = [Packed("<" + LONG_PACKED * count) for count in range(MOST_PIECES + 1)]
_IN_ORDER = [
    itemgetter(*(at + part for at in range(3 * count - 3, -1, -3) for part in range(3)))
    for count in range(1, MOST_PIECES + 1)
]
"""The three parts of each piece, the last piece first: thousands of names go through it."""


UNITS_AT = (1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30)
UNITS = len(UNITS_AT)
"""The characters of a piece of a long name, and where it has them: FAT 1.03, page 28."""
_IS_LONG = bytes(0xFF if kind == LONG_ATTRIBUTES else 0 for kind in range(256))
_IS_FILLING = bytes(0xFF if value == 0xFF else 0 for value in range(256))
_IS_ZERO = bytes(0xFF if value == 0 else 0 for value in range(256))
_SURROGATES = re.compile("[\ud800-\udfff]")


def checksum(short: bytes) -> int:
    """Of the 11 bytes of a short name: FAT 1.03, page 28."""
    total = 0
    rotated = _ROTATED
    for byte in short:
        total = rotated[total] + byte & 0xFF
    return total


def checksums(data: bytes) -> bytes:
    """`checksum` of every slot of a directory, as if each began with a short name.

    Worked out for all slots at once: their sums are the bytes of one large number, to which each of the 11
    columns is added without a carry between bytes. A loop over each name takes twice as long.
    """
    count = len(data) // SLOT_LENGTH
    low, high = int.from_bytes(b"\x7f" * count), int.from_bytes(b"\x80" * count)
    sums = bytes(count)
    for column in range(11):
        ours = int.from_bytes(sums.translate(_ROTATED))
        theirs = int.from_bytes(data[column : count * SLOT_LENGTH : SLOT_LENGTH])
        sums = ((ours & low) + (theirs & low) ^ (ours ^ theirs) & high).to_bytes(count)
    return sums


def texts(data: bytes, kinds: bytes) -> str | None:
    """The characters of all pieces of long names among the slots, 13 a slot, the last slot first.

    So a name, whose pieces lie in reverse order, is one slice of it. `kinds` are the attributes of the slots.
    None when some character takes two units: then they are not where they are looked for.
    """
    count = len(kinds)
    end = count * SLOT_LENGTH
    long = int.from_bytes(kinds.translate(_IS_LONG))
    lows = [data[offset:end:SLOT_LENGTH] for offset in UNITS_AT]
    highs = [data[offset + 1 : end : SLOT_LENGTH] for offset in UNITS_AT]
    if _narrow(lows, highs, long):
        narrow = bytearray(UNITS * count)
        for number, low in enumerate(lows):
            narrow[number::UNITS] = low[::-1]
        return narrow.decode("latin-1")
    wide = bytearray(4 * UNITS * count)
    for number, (low, high) in enumerate(zip(lows, highs, strict=True)):
        wide[4 * number :: 4 * UNITS] = low[::-1]
        wide[4 * number + 1 :: 4 * UNITS] = (int.from_bytes(high) & long).to_bytes(count)[::-1]
    text = codecs.utf_32_le_decode(wide, "surrogatepass", True)[0]
    return None if _SURROGATES.search(text) else text


def _narrow(lows: list[bytes], highs: list[bytes], long: int) -> bool:
    """Whether one byte holds each character of the pieces, as in most names, but for what fills up the last.

    That is 0xFFFF, behind a zero; where it stands elsewhere it is a character.
    """
    before = 0
    for low, high in zip(lows, highs, strict=True):
        upper = int.from_bytes(high) & long
        filling = int.from_bytes(low.translate(_IS_FILLING)) & upper
        if upper != filling or filling & before != filling:
            return False
        before = filling | int.from_bytes(low.translate(_IS_ZERO))
    return True


def long_name(data: bytes, offset: int, count: int) -> str:
    """The name in `count` pieces at `offset`, which lie in reverse order. Invalid UTF-16 becomes U+FFFD."""
    raw = b"".join(_IN_ORDER[count - 1](_PIECES[count].unpack_from(data, offset)))
    return codecs.utf_16_le_decode(raw, "replace", True)[0].partition("\0")[0]


def short_name(raw: bytes, case: int, code_page: str) -> str:
    """The 8.3 name of 11 bytes, in lower case where the case bits say so. Unknown bytes become U+FFFD."""
    if raw[0] == 0x05:  # stands for 0xE5, which would mean deleted
        raw = b"\xe5" + raw[1:]
    base = raw[:8].rstrip(b" ").decode(code_page, "replace")
    extension = raw[8:].rstrip(b" ").decode(code_page, "replace")
    if case & LOWER_BASE:
        base = base.lower()
    if case & LOWER_EXTENSION:
        extension = extension.lower()
    return f"{base}.{extension}" if extension else base


def short_bytes(name: str, code_page: str) -> bytes | None:
    """The 11 bytes of a name in 8.3, None for a name that has no such form."""
    base, _, extension = name.upper().partition(".")
    try:
        raw_base, raw_extension = base.encode(code_page), extension.encode(code_page)
    except UnicodeEncodeError:
        return None
    if not 1 <= len(raw_base) <= 8 or len(raw_extension) > 3:
        return None
    raw = raw_base.ljust(8) + raw_extension.ljust(3)
    return b"\x05" + raw[1:] if raw[0] == 0xE5 else raw


def well_formed(raw: bytes) -> bool:
    """Whether the 11 bytes can be a short name at all (FAT 1.03, page 24)."""
    if raw[0] == 0x20:
        return False
    return _FORBIDDEN.isdisjoint(raw[1:] if raw[0] == 0x05 else raw)


def label(raw: bytes, code_page: str) -> str:
    """A volume label of 11 bytes, or of none where the boot sector has no place for it."""
    if raw.startswith(b"\x05"):
        raw = b"\xe5" + raw[1:]
    return raw.partition(b"\0")[0].rstrip(b" ").decode(code_page, "replace")


def folded(name: str) -> str:
    """For comparing names as FAT does: each character's upper case where that is one character."""
    upper = name.upper()
    if len(upper) == len(name):
        return upper
    return "".join(big if len(big := character.upper()) == 1 else character for character in name)
