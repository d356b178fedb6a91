"""Sticks that are pulled out at a word of their driver."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.host.worker import Worker


class Words:
    """Counts what drivers say, and calls `pull` before the word is heard at which none is `left`."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.left = -1
        self.pull: Callable[[], None] = lambda: None
        self._heard = Worker._heard
        patch.setattr(Worker, "_heard", lambda worker, packet: self._hear(worker, packet))

    def _hear(self, worker: Worker, packet: bytes) -> None:
        self.left -= 1
        if self.left == 0:
            self.pull()
        if worker._open:
            self._heard(worker, packet)
