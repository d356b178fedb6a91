"""Times of directory records and volume descriptors, as nanoseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_QUARTER = 15
"""Minutes that the offset from UTC counts in."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=4096)  # files that were copied together have few times among them
def recorded(raw: bytes) -> int | None:
    """ECMA-119, 9.1.5: seven bytes. None for no time, or one that nobody could have set."""
    year, month, day, hour, minute, second, offset = raw
    return _utc(1900 + year, month, day, hour, minute, second, 0, offset) if month and day else None


def written(raw: bytes) -> int | None:
    """ECMA-119, 8.4.26.1: sixteen digits and the offset from UTC."""
    digits = raw[:16]
    if not digits.isdigit() or digits == b"0" * 16:
        return None
    year, *numbers = (int(digits[:4]), *(int(digits[at : at + 2]) for at in range(4, 16, 2)))
    month, day, hour, minute, second, hundredths = numbers
    return _utc(year, month, day, hour, minute, second, hundredths, raw[16])


def _utc(
    year: int, month: int, day: int, hour: int, minute: int, second: int, hundredths: int, zone: int
) -> int | None:
    offset = (zone - 256 if zone > 127 else zone) * _QUARTER
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        moment -= timedelta(minutes=offset)
    except (ValueError, OverflowError):
        return None
    since = moment - _EPOCH
    seconds = since // _SECOND + (second - 59 if second > 59 else 0)
    return seconds * 10**9 + hundredths * 10**7
