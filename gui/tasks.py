"""The only place where the window starts coroutines: keeps them, hears how they end, ends them on close."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from core.errors import Cancelled, RumpusError

_T = TypeVar("_T")


class Tasks(QObject):
    """Owns every task of the window. An error of the taxonomy goes to whoever started it, or to `failed`;
    any other exception is a bug of ours and goes to `bug`."""

    failed = Signal(object)
    """A RumpusError that nobody else wanted."""
    bug = Signal(object)
    """An exception that should not have been."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: set[asyncio.Task[Any]] = set()

    def spawn(
        self, coroutine: Coroutine[Any, Any, _T], on_error: Callable[[RumpusError], None] | None = None
    ) -> asyncio.Task[_T]:
        """Starts a coroutine in the running loop. Cancelling the task it returns is no error."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(lambda done: self._ended(done, on_error))
        return task

    @property
    def busy(self) -> bool:
        return bool(self._running)

    async def settled(self) -> None:
        """Returns when nothing that was started here is under way."""
        while self._running:
            await asyncio.wait(self._running)

    async def close(self) -> None:
        """Cancels what is under way, and returns when it has ended."""
        while self._running:
            for task in self._running:
                task.cancel()
            await asyncio.wait(self._running)

    def _ended(self, task: asyncio.Task[Any], on_error: Callable[[RumpusError], None] | None) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is None or isinstance(error, Cancelled):
            return
        if not isinstance(error, RumpusError):
            self.bug.emit(error)
        elif on_error is not None:
            on_error(error)
        else:
            self.failed.emit(error)
