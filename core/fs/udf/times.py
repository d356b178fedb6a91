"""Timestamps: ECMA-167, 1/7.3, as nanoseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from struct import Struct

_PACKED = Struct("<HhBBBBBBBB")
_NO_ZONE = -2047
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=4096)  # files that were copied together have few times among them
def utc(raw: bytes) -> int | None:
    """None for no time, or one that nobody could have set."""
    kind, year, month, day, hour, minute, second, hundredths, tens, units = _PACKED.unpack(raw)
    zone = kind & 0xFFF
    minutes = zone - 0x1000 if zone & 0x800 else zone
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        if kind >> 12 == 1 and minutes != _NO_ZONE:
            moment -= timedelta(minutes=minutes)
    except (ValueError, OverflowError):
        return None
    micro = hundredths * 10_000 + tens * 100 + units
    return (moment - _EPOCH) // _SECOND * 10**9 + (micro * 1000 if micro < 10**6 else 0)
