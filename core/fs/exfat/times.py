"""exFAT's time stamps as nanoseconds since 1970 in UTC (sections 7.4.8 to 7.4.10)."""

from __future__ import annotations

import time

from core.fs.dostimes import nanoseconds, packed

_SECOND = 1_000_000_000
_QUARTER = 15 * 60 * _SECOND
_VALID = 0x80
_FIRST, _LAST = 315_446_400 * _SECOND, 4_354_905_600 * _SECOND
"""1979-12-31 and 2108-01-02, between which a zone is asked for its offset."""
_OFFSETS = [_QUARTER * ((value & 0x3F) - (value & 0x40)) for value in range(256)]
"""By the byte on the volume: how far local time was ahead of UTC."""


def utc(stamp: int, hundredths: int, offset: int) -> int | None:
    """The moment, or None where the bytes are no date or time. `hundredths` counts 10 ms, 0 to 199.

    Without a valid offset the stamp is a wall-clock time of this machine's own zone, as section 7.4.10.2
    has it; in the offset that held there on that day, so that showing it again gives what was recorded.
    """
    local = nanoseconds(stamp >> 16, stamp & 0xFFFF, hundredths)
    if local is None:
        return None
    if offset & _VALID:
        return local - _OFFSETS[offset]
    return local - _ahead(local // _SECOND) * _SECOND


def stamped(moment: int) -> tuple[int, int, int]:
    """(stamp, hundredths, offset) of a moment, or of the nearest there is, in this machine's zone."""
    quarters = time.localtime(min(max(moment, _FIRST), _LAST) // _SECOND).tm_gmtoff // 900
    day, clock, hundredths = packed(moment + quarters * _QUARTER)
    return day << 16 | clock, hundredths, _VALID | quarters & 0x7F


def _ahead(local: int) -> int:
    """Seconds that this machine's zone was ahead of UTC at a wall-clock time.

    `time.mktime` would look at the file of the zone again, and the walls would not let it.
    """
    guess = time.localtime(local).tm_gmtoff
    return time.localtime(local - guess).tm_gmtoff
