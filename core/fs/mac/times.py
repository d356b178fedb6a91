"""Dates of the Macintosh as nanoseconds since 1970: TN1150, "HFS Plus Dates"."""

from __future__ import annotations

_FROM_1904 = 2_082_844_800
"""Seconds from 1904-01-01, which dates count from, to 1970-01-01."""


def moment(seconds: int) -> int | None:
    """None where there is no date. In UTC, or in local time where that is what the volume keeps."""
    return (seconds - _FROM_1904) * 1_000_000_000 if seconds else None
