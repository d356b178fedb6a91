"""How long the thread of an event loop goes without looking at its events, and what it does meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer

INTERVAL = 4.0
"""Milliseconds between two looks that a free loop takes."""


class Stretch(NamedTuple):
    """Between two looks, in milliseconds."""

    late: float
    """By which the second was later than due: what a person would feel."""
    busy: float
    """In which the thread computed."""
    asleep: float
    """In which it waited for something else than a processor. A free loop waits INTERVAL for its timer."""


class Lag:
    """A timer in the loop of this thread that notes every stretch between two of its shots."""

    def __init__(self) -> None:
        self.stretches: list[Stretch] = []

    @contextmanager
    def watched(self) -> Iterator[None]:
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(round(INTERVAL))
        last = _moment()

        def shot() -> None:
            nonlocal last
            now = _moment()
            elapsed, ran, queued = (after - before for before, after in zip(last, now, strict=True))
            self.stretches.append(
                Stretch(max(0.0, elapsed - INTERVAL), ran, max(0.0, elapsed - ran - queued))
            )
            last = now

        timer.timeout.connect(shot)
        timer.start()
        try:
            yield
        finally:
            timer.stop()

    def figures(self) -> dict[str, float]:
        """The worst stretch and the 99th percentile, in milliseconds; `own` is what would be left of the lag
        if no other program wanted a processor."""
        late = sorted(stretch.late for stretch in self.stretches)
        own = sorted(max(0.0, stretch.busy + stretch.asleep - INTERVAL) for stretch in self.stretches)
        last = int(len(late) * 0.99)
        return {
            "lag_max": late[-1],
            "lag_p99": late[last],
            "own_max": own[-1],
            "own_p99": own[last],
            "asleep_max": max(stretch.asleep for stretch in self.stretches),
        }


def _moment() -> tuple[float, float, float]:
    """The clock, and how long this thread has computed and has waited for a processor: proc(5), schedstat."""
    ran, queued, _ = Path("/proc/thread-self/schedstat").read_text().split()
    return time.perf_counter() * 1e3, int(ran) / 1e6, int(queued) / 1e6
