"""Directory entries as bytes, new ones and what changes in them."""

from __future__ import annotations

from struct import Struct as Packed

from core.fs.dostimes import packed
from core.fs.fat.structures import KEPT_ATTRIBUTES, SHORT_PACKED
from core.fs.writable import Times

ATTRIBUTES, CASE, SIZE = 11, 12, 28
_HUNDREDTHS, _CREATED, _ACCESSED, _HIGH, _MODIFIED, _LOW = 13, 14, 18, 20, 22, 26
"""Where in an entry they lie: FAT 1.03, page 23."""
_MOMENT = Packed("<HH")
_END = Packed("<HI")


def entry(
    short: bytes, case: int, attributes: int, times: Times, now: int, first: int = 0, size: int = 0
) -> bytes:
    """The 32 bytes of a new entry."""
    created = packed(now if times.created is None else times.created)
    modified = packed(now if times.modified is None else times.modified)
    accessed = packed(now if times.accessed is None else times.accessed)
    return SHORT_PACKED.pack(
        short,
        attributes,
        case,
        created[2],
        created[1],
        created[0],
        accessed[0],
        first >> 16,
        modified[1],
        modified[0],
        first & 0xFFFF,
        size,
    )


def with_name(raw: bytes, short: bytes, case: int) -> bytes:
    return short + raw[11:CASE] + bytes([case]) + raw[CASE + 1 :]


def with_content(raw: bytes, first: int, size: int) -> bytes:
    """An entry whose bytes lie elsewhere."""
    high, low = (first >> 16).to_bytes(2, "little"), first & 0xFFFF
    return raw[:_HIGH] + high + raw[_HIGH + 2 : _LOW] + _END.pack(low, size)


def with_times(raw: bytes, times: Times) -> bytes:
    if times.created is not None:
        day, moment, hundredths = packed(times.created)
        raw = raw[:_HUNDREDTHS] + bytes([hundredths]) + _MOMENT.pack(moment, day) + raw[_ACCESSED:]
    if times.accessed is not None:
        raw = raw[:_ACCESSED] + packed(times.accessed)[0].to_bytes(2, "little") + raw[_HIGH:]
    if times.modified is not None:
        day, moment, _ = packed(times.modified)
        raw = raw[:_MODIFIED] + _MOMENT.pack(moment, day) + raw[_LOW:]
    return raw


def with_attributes(raw: bytes, attributes: int) -> bytes:
    """Those that are kept; the others say what the entry is, and stay."""
    value = raw[ATTRIBUTES] & ~KEPT_ATTRIBUTES | attributes & KEPT_ATTRIBUTES
    return raw[:ATTRIBUTES] + bytes([value]) + raw[ATTRIBUTES + 1 :]
