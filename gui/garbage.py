"""Python's collector of reference cycles, kept in the thread of the window.

A cycle may hold a QObject (a widget and the lambda connected to it are one). The collector runs in whichever
thread happens to allocate, and a QObject that is destroyed in another thread than its own leaves its timers
and events behind, which are then delivered to freed memory. Copies use threads, so this does happen.
"""

from __future__ import annotations

import gc
from types import TracebackType

from PySide6.QtCore import QObject, QTimer

_INTERVAL = 500
"""Milliseconds between two looks at what has come together."""


class Collector(QObject):
    """While it is entered, cycles are collected by a timer of this thread and by nothing else."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(collect_due)

    def __enter__(self) -> Collector:
        gc.disable()
        # What is there already, modules for the most part, is never garbage: looking through it takes as long
        # as two frames of a screen.
        gc.freeze()
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        gc.enable()


def collect_due() -> None:
    """Collects the oldest generation whose threshold has been passed, as the collector itself would."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return
