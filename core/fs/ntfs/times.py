"""Times: NTFS counts tenths of microseconds since 1601, in UTC."""

from __future__ import annotations

_TICK = 100
_EPOCH = 11_644_473_600 * 10**9
"""Nanoseconds from 1601 to 1970."""
_LARGEST = 2**63 - 1


def utc(ticks: int) -> int | None:
    """Nanoseconds since 1970, None for a time that was not set or that nobody could have set."""
    time = ticks * _TICK - _EPOCH
    return time if ticks and time <= _LARGEST else None
