"""Changes that share barriers: when what is staged is written, and what the volume says meanwhile."""

from __future__ import annotations

import errno
import time
from abc import ABC, abstractmethod

from core.errors import ReadOnly
from core.fs.staging import Staging

_GROUP = 1000
"""Changes after which all of them are written: a barrier costs a stick tens of milliseconds."""
_MOST_HELD = 4096
"""Sectors held in memory, about 1.5 KiB each."""
_SECONDS = 2.0


class Grouped(ABC):
    """Half of a writing driver. A change calls `_begin`, stages what it consists of, and calls `_done`."""

    staged: int
    settled: int

    def _group(self, staging: Staging, was_dirty: bool) -> None:
        """Called once, before all others."""
        self._staging = staging
        self._was_dirty = was_dirty
        self.staged = self.settled = 0
        self._since = 0.0
        self._marked = False
        """Whether the medium says that the volume is being changed."""
        self._alone = False
        """Whether the change under way must be on the medium before the next one."""

    @abstractmethod
    def _mark(self, *, dirty: bool) -> None:
        """Stages, in the first phase, that the volume is being changed, or is no more."""

    @abstractmethod
    def _inform(self) -> None:
        """Stages what the volume says of itself as a whole: how much of it is free."""

    @abstractmethod
    def _on_medium(self) -> None:
        """Takes note that all that was staged is on the medium."""

    def _begin(self) -> None:
        """Called when a change is sure to come: the medium says so before anything else is written."""
        if self._marked:
            return
        if not self._was_dirty:
            self._mark(dirty=True)
            try:
                self._staging.settle()
            except OSError as error:
                if error.errno == errno.EROFS:
                    raise ReadOnly("the device cannot be written") from error
                raise
        self._marked = True

    def _done(self) -> None:
        """A change is staged whole."""
        now = time.monotonic()
        if self.staged == self.settled:
            self._since = now
        self.staged += 1
        if (
            self._alone
            or self.staged - self.settled >= _GROUP
            or self._staging.held >= _MOST_HELD
            or now - self._since > _SECONDS
        ):
            self._settle()

    def _settle(self) -> None:
        self._staging.settle()
        self._on_medium()
        self._alone = False
        self.settled = self.staged

    def flush(self) -> None:
        if self._marked:
            self._inform()
            self._settle()
            self._staging.flush()
            if not self._was_dirty:
                self._mark(dirty=False)
                self._staging.settle()
            self._marked = False
