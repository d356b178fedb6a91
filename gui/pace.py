"""How fast a transfer is and how long it will take, in figures that do not jump. It is told the time."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QLocale

from gui import formats
from gui.translating import tr

_WINDOW = 6.0
"""Seconds over which speed is measured."""
_SURE = 1.5
"""Seconds of measuring before a forecast is made."""
_BAR = 0.5
"""Seconds that one bar of the history stands for."""
_BARS = 40


class Pace:
    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()
        self._bar = (0.0, 0)
        self.history: deque[float] = deque(maxlen=_BARS)
        """Speeds in bytes a second, oldest first, one for each half second."""

    def note(self, now: float, done: int) -> None:
        """`done` bytes in all were there at `now` (seconds of any clock that does not go back)."""
        if not self._seen:
            self._bar = (now, done)
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= _WINDOW:
            self._seen.popleft()
        since, before = self._bar
        if now - since >= _BAR:
            self.history.append(max(0, done - before) / (now - since))
            self._bar = (now, done)

    @property
    def speed(self) -> float:
        """Bytes a second, 0 while it is not known."""
        if not self._seen:
            return 0.0
        (start, before), (end, done) = self._seen[0], self._seen[-1]
        return max(0, done - before) / (end - start) if end > start else 0.0

    def left(self, remaining: int) -> float | None:
        """Seconds that the remaining bytes will take; None while that cannot be told."""
        sure = len(self._seen) > 1 and self._seen[-1][0] - self._seen[0][0] >= _SURE
        return remaining / self.speed if sure and self.speed > 0 else None


def duration(seconds: float) -> str:
    """A forecast, no more exact than it is: "40 s", "2 min", "1 h 10 min"."""
    if seconds < 10:
        return tr("a few seconds")
    if seconds < 55:
        return tr("{seconds} s", seconds=str(round(seconds / 10) * 10))
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return tr("{minutes} min", minutes=str(minutes))
    hours, minutes = divmod(5 * round(minutes / 5), 60)
    return (
        tr("{hours} h {minutes} min", hours=str(hours), minutes=str(minutes))
        if minutes
        else tr("{hours} h", hours=str(hours))
    )


def sentence(files_done: int, files: int, speed: float, left: float | None) -> str:
    """`3 of 120 files · 41 MB/s · 2 min left`."""
    parts = [
        tr(
            "{done} of {files}",
            done=QLocale().toString(files_done),
            files=tr("%Ln files", "", files),
        )
    ]
    if speed > 0:
        parts.append(f"{formats.size(round(speed))}/s")
    if left is not None:
        parts.append(tr("{left} left", left=duration(left)))
    return " · ".join(parts)
