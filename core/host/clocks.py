"""Times of a volume as times of the host, and back: some volumes keep what a clock on the wall showed."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from core.entry import Zone

_EPOCH = datetime(1970, 1, 1)
_SECOND = 1_000_000_000


def host_time(modified: int | None, zone: Zone) -> int | None:
    """A volume's time in nanoseconds since 1970 UTC; wall-clock times are taken as of this user's clock.

    None when there is none, or none that the host can express.
    """
    if modified is None or zone is Zone.UTC:
        return modified
    seconds, rest = divmod(modified, 1_000_000_000)
    try:
        local = (_EPOCH + timedelta(seconds=seconds)).timestamp()
    except (OverflowError, ValueError, OSError):
        return None
    return int(local) * 1_000_000_000 + rest


def volume_time(modified: int, zone: Zone) -> int:
    """A time of the host (nanoseconds since 1970 UTC) as the volume keeps times."""
    if zone is Zone.UTC:
        return modified
    try:
        return modified + time.localtime(modified // _SECOND).tm_gmtoff * _SECOND
    except (OverflowError, ValueError, OSError):
        return modified
