"""Sticks to which the same happens at about the same time: a hub is plugged in, or pulled out."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

from core.host.sticks import Stick

_PAUSE = 4.0
"""Seconds without another one after which the next begins a new crowd."""
_FEW = 3
"""So many are told of one by one."""
_numbers = itertools.count(1)


class Crowd:
    """Those that came together, and are still of interest."""

    def __init__(self) -> None:
        self.about = f"crowd-{next(_numbers)}"
        """What a notice of all of them is about."""
        self.sticks: list[Stick] = []
        self.many = False
        """Whether they are told of as one; then they stay so."""

    def add(self, stick: Stick) -> None:
        self.sticks.append(stick)
        self.many = self.many or len(self.sticks) > _FEW


class Crowds:
    """Which crowd each stick is in."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = Crowd()
        self._when = 0.0
        self._of: dict[Stick, Crowd] = {}

    def add(self, stick: Stick) -> Crowd:
        """The crowd of a stick to which it has just happened."""
        now = self._clock()
        if now - self._when > _PAUSE:
            self._last = Crowd()
        self._when = now
        self._of[stick] = self._last
        self._last.add(stick)
        return self._last

    def of(self, stick: Stick) -> Crowd | None:
        """Where it is told of as one of many."""
        crowd = self._of.get(stick)
        return crowd if crowd is not None and crowd.many else None

    def remove(self, stick: Stick) -> Crowd | None:
        """It is of no interest any more. The crowd in which it was one of many."""
        crowd = self._of.pop(stick, None)
        if crowd is None:
            return None
        crowd.sticks.remove(stick)
        return crowd if crowd.many else None
