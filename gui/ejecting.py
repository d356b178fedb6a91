"""Ejects sticks for whoever asks: the window, its tray, a notification."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.errors import DeviceBusy, Ejected, RumpusError
from core.host.holders import ENDABLE, Hold, Holder
from core.host.sticks import Stick, StickState
from gui.explanation import quoted
from gui.prose import said
from gui.tasks import Tasks
from gui.translating import tr


@dataclass(frozen=True)
class Held:
    """A stick that is not given back, and who holds it."""

    stick: Stick
    holders: tuple[Holder, ...]

    @property
    def only_ours(self) -> bool:
        """Whether it is free once our own jobs are done."""
        return all(holder.hold is Hold.OURS for holder in self.holders)

    @property
    def endable(self) -> bool:
        return all(holder.hold in ENDABLE for holder in self.holders)


class Ejecting(QObject):
    held = Signal(object)
    """A `Held`: whoever asked must decide."""
    ejected = Signal(object)
    """A Stick that can be pulled out."""
    failed = Signal(object, object)
    """A Stick, and the RumpusError for which it was not ejected."""
    waiting = Signal(object)
    """A Stick that is ejected once our own jobs are done."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._waits: dict[Stick, asyncio.Task[None]] = {}

    def eject(self, stick: Stick, *, end: bool = False, wait: bool = False) -> None:
        """`end` and `wait` as in `Stick.eject`."""
        task = self._tasks.spawn(self._eject(stick, end, wait), lambda error: self._refused(stick, error))
        if wait:
            self._waits[stick] = task
            task.add_done_callback(lambda _: self._waits.pop(stick, None))
            self.waiting.emit(stick)

    def keep(self, stick: Stick) -> None:
        """What waits for our own jobs is given up."""
        if stick in self._waits:
            self._waits[stick].cancel()
        stick.keep()

    def take_over(self, stick: Stick, then: Callable[[], None]) -> None:
        """Takes a stick from the desktop that has mounted it, and opens it here."""

        async def take() -> None:
            await stick.take_over()
            then()

        self._tasks.spawn(take(), lambda error: self._refused(stick, error))

    async def _eject(self, stick: Stick, end: bool, wait: bool) -> None:
        await stick.eject(end=end, wait=wait)
        if isinstance(stick.error, Ejected):
            self.ejected.emit(stick)

    def _refused(self, stick: Stick, error: RumpusError) -> None:
        if isinstance(error, DeviceBusy) and stick.state is not StickState.GONE:
            self._tasks.spawn(self._name(stick, error), lambda other: self.failed.emit(stick, other))
        else:
            self.failed.emit(stick, error)

    async def _name(self, stick: Stick, error: DeviceBusy) -> None:
        held = Held(stick, tuple(await stick.held_by()))
        if held.holders:
            self.held.emit(held)
        else:  # they let go of it meanwhile
            self.failed.emit(stick, error)


def sentence(holder: Holder) -> str:
    match holder.hold:
        case Hold.OURS:
            return tr("Rumpus is {what}.", what=said(holder.what))
        case Hold.MOUNT:
            return tr("The desktop has opened it at {what}.", what=quoted(holder.what))
        case Hold.PROGRAM:
            return tr("The program {what} has it open.", what=quoted(said(holder.what)))
        case Hold.SWAP:
            return tr("This computer uses it as memory (swap).")
        case Hold.BUILT:
            return tr("Something is built on it: {what}.", what=quoted(holder.what))
