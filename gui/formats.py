"""Sizes, times and counts in the user's language."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QDateTime, QLocale, QTimeZone

from core.entry import Zone
from gui.translating import tr

NOTHING = "\N{EN DASH}"
"""In place of what an entry does not have."""

_YEARS = range(1601, 10000)
_MILLISECONDS = range(-(2**62) // 1_000_000, 2**62 // 1_000_000)


def size(length: int) -> str:
    """Bytes in decimal units, as sticks are sold."""
    return QLocale().formattedDataSize(length, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def number(value: int) -> str:
    return QLocale().toString(value)


def moment(nanoseconds: int | None, zone: Zone) -> str:
    """A date and time: wall-clock time as it stands where the volume has no zone, else in the user's zone."""
    if nanoseconds is None:
        return NOTHING
    milliseconds = nanoseconds // 1_000_000
    if milliseconds not in _MILLISECONDS:
        return "?"
    when = QDateTime.fromMSecsSinceEpoch(milliseconds, QTimeZone(QTimeZone.Initialization.UTC))
    if zone is not Zone.LOCAL:
        when = when.toLocalTime()
    if when.date().year() not in _YEARS:
        return "?"
    locale = QLocale()
    return f"{locale.toString(when.date(), _calendar())}, {locale.toString(when.time(), _clock())}"


@lru_cache(maxsize=1)
def _calendar() -> str:
    return tr("d MMM yyyy", "a date, as QLocale.toString takes it")


@lru_cache(maxsize=1)
def _clock() -> str:
    """Hours and minutes as the user's country writes them."""
    pattern = QLocale().timeFormat(QLocale.FormatType.ShortFormat)
    return "h:mm AP" if "ap" in pattern.lower() else "HH:mm"
