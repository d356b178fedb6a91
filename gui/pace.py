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
_SAMPLE = 0.5
"""Seconds between two samples of the history, at first."""
_SMOOTH = 2.5
"""Seconds over which a sample is measured: small files come to the medium many at a time."""
_SAMPLES = 120
"""So many are kept; when there are more, two become one, so that the history is always of the whole copy."""
_WORTH_SAYING = 2.0
"""Seconds that a copy takes at least for its duration to be of interest."""


class Pace:
    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()
        self._sampled = 0.0
        self._step = _SAMPLE
        self.worked = 0.0
        """Seconds that it took so far; rests do not count."""
        self.history: list[float] = []
        """Speeds in bytes a second from the beginning on, at even distances."""

    def note(self, now: float, done: int) -> None:
        """`done` bytes in all were there at `now` (seconds of any clock that does not go back)."""
        if self._seen:
            self.worked += now - self._seen[-1][0]
        else:
            self._sampled = now
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= _WINDOW:
            self._seen.popleft()
        while now - self._sampled >= self._step:
            self._sampled += self._step
            self.history.append(self._speed_since(now - _SMOOTH))
            if len(self.history) == _SAMPLES:
                pairs = zip(self.history[::2], self.history[1::2], strict=True)
                self.history = [sum(pair) / 2 for pair in pairs]
                self._step *= 2

    def rest(self) -> None:
        """It was paused, or its stick is away: what comes next is measured anew."""
        self._seen.clear()

    def _speed_since(self, start: float) -> float:
        end, done = self._seen[-1]
        since, before = next(each for each in self._seen if each[0] >= start or each is self._seen[-2])
        return max(0, done - before) / (end - since) if end > since else 0.0

    @property
    def highest(self) -> float:
        return max(self.history, default=0.0)

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


def summary(size: int, seconds: float) -> str:
    """What is worth knowing of a copy that is over: `2.4 GB in 1 min, 38 MB/s`."""
    if seconds < _WORTH_SAYING:
        return formats.size(size)
    rate = formats.size(round(size / seconds))
    return tr("{size} in {time}, {rate}/s", size=formats.size(size), time=_lapse(seconds), rate=rate)


def _lapse(seconds: float) -> str:
    """As long as it took, to the second below an hour."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60 or not rest:
        return duration(seconds)
    if minutes:
        return tr("{minutes} min {seconds} s", minutes=str(minutes), seconds=str(rest))
    return tr("{seconds} s", seconds=str(rest))


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
