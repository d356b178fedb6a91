"""Changes that share barriers: when what is staged is written, and what the volume says meanwhile."""

from __future__ import annotations

import errno
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from core.errors import ReadOnly, RumpusError
from core.fs.staging import Staging
from core.fs.taking import Taking

_GROUP = 1000
"""Changes after which all of them are written: a barrier costs a stick tens of milliseconds."""
_MOST_HELD = 4096
"""Sectors held in memory, about 1.5 KiB each."""
_SECONDS = 2.0


G = TypeVar("G", bound="Grouped")
P = ParamSpec("P")
R = TypeVar("R")


def change(method: Callable[Concatenate[G, P], R]) -> Callable[Concatenate[G, P], R]:
    """A method that changes the volume, all at once or not at all."""

    def changing(self: G, /, *arguments: P.args, **named: P.kwargs) -> R:
        self.begin_change()
        try:
            return method(self, *arguments, **named)
        except BaseException:
            self.take_back()
            raise

    return changing


class Grouped(ABC):
    """Half of a writing driver. A change calls `_begin`, stages what it consists of, and calls `_done`."""

    staged: int
    settled: int
    _taking: Taking

    def _group(self, staging: Staging, was_dirty: bool) -> None:
        """Called once, before all others."""
        self._staging = staging
        self._was_dirty = was_dirty
        self.staged = self.settled = 0
        self._since = 0.0
        self._marked = False
        """Whether the medium says that the volume is being changed."""
        self._broken = False
        """Whether the last change failed, or was not written: then the next one begins with a settle."""
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

    def _start_over(self) -> None:
        """Forgets what is known of the volume besides what is staged."""
        self._alone = False

    # one change ---------------------------------------------------------------------------------------------

    def begin_change(self) -> None:
        """Called before a change looks at anything."""
        if self._broken:
            self._settle()
            self._start_over()
            self._broken = False
        self._staging.keep()
        self._taking.keep()

    def take_back(self) -> None:
        """A change has failed: of what it has staged nothing stays, unless it was being written already."""
        if self._staging.changing:
            self._staging.undo()
            self._start_over()
            self._broken = True
        self._taking.undo()

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
        self._staging.keep()
        self._taking.keep()
        if (
            self._alone
            or self.staged - self.settled >= _GROUP
            or self._staging.held >= _MOST_HELD
            or now - self._since > _SECONDS
        ):
            self._settle()

    def _settle(self) -> None:
        try:
            self._staging.settle()
        except RumpusError:
            self._broken = True
            raise
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
