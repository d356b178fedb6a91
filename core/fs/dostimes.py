"""Dates and times of the DOS family as nanoseconds since 1970, in the wall-clock time of whoever wrote them.

Microsoft, "FAT: General Overview of On-Disk Format" 1.03, page 25; exFAT specification, section 7.4.8.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

_DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST = (date(1980, 1, 1).toordinal() - _EPOCH) * _DAY
_LAST = (date(2107, 12, 31).toordinal() + 1 - _EPOCH) * _DAY - 1
_SECOND = 1_000_000_000


@lru_cache(maxsize=4096)  # the files of one folder share a few dates
def nanoseconds(day: int, time: int = 0, hundredths: int = 0) -> int | None:
    """The moment, or None where the bytes are no date or time. `time` counts 2 s, `hundredths` 0 to 199."""
    days = _days(day)
    if days is None:
        return None
    hour, minute, second = time >> 11, time >> 5 & 0x3F, (time & 0x1F) * 2
    if hour > 23 or minute > 59 or second > 59 or hundredths > 199:
        return None
    return (days * _DAY + hour * 3600 + minute * 60 + second) * 1_000_000_000 + hundredths * 10_000_000


@lru_cache(maxsize=4096)
def _days(day: int) -> int | None:
    try:
        return date(1980 + (day >> 9), day >> 5 & 0x0F, day & 0x1F).toordinal() - _EPOCH
    except ValueError:  # zero, which means none, and nonsense
        return None


def packed(moment: int) -> tuple[int, int, int]:
    """(day, time, hundredths) for `nanoseconds`; the nearest there are where FAT has no such year."""
    seconds, rest = divmod(moment, _SECOND)
    if seconds < _FIRST:
        seconds, rest = _FIRST, 0
    elif seconds > _LAST:
        seconds, rest = _LAST, _SECOND - 1
    day, time, hundredths = _packed(seconds)
    return day, time, hundredths + rest // 10_000_000


@lru_cache(64)
def _packed(seconds: int) -> tuple[int, int, int]:
    days, second = divmod(seconds, _DAY)
    day = date.fromordinal(_EPOCH + days)
    time = second // 3600 << 11 | second // 60 % 60 << 5 | second % 60 // 2
    return (day.year - 1980) << 9 | day.month << 5 | day.day, time, second % 2 * 100
