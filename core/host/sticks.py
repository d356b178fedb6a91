"""Every stick and image that the program knows: they come, change and go, and whoever observes hears of it.

Belongs to one event loop. The window opens no medium but through it, so that nothing is open twice.

    sticks = Sticks(supervisor, UdevWatcher())  # without a watcher: images, and devices by their path
    sticks.observe(lambda change, stick: ...)
    await sticks.start()
"""

from __future__ import annotations

import asyncio
import enum
import itertools
from collections.abc import Callable
from pathlib import Path

from core.errors import DeviceGone
from core.host.devices import Device, Event, Happening, Watcher
from core.host.offloop import off_loop
from core.host.stick import Stick, StickState
from core.host.stick_volume import StickVolume, VolumeState
from core.host.supervisor import Supervisor

__all__ = ["Change", "Listener", "Stick", "StickState", "StickVolume", "Sticks", "VolumeState"]


class Change(enum.Enum):
    """What happened to a stick in the list."""

    ADDED = enum.auto()
    CHANGED = enum.auto()
    """Its state, or that of one of its volumes."""
    REMOVED = enum.auto()


Listener = Callable[[Change, Stick], None]


class Sticks:
    """Owns every Stick, and through them every medium and volume: `close` it."""

    def __init__(self, supervisor: Supervisor, watcher: Watcher | None = None) -> None:
        self._supervisor = supervisor
        self._watcher = watcher
        self._sticks: dict[int, Stick] = {}
        self._numbers = itertools.count(1)
        self._listeners: dict[object, Listener] = {}
        self._ending: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Sticks:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def sticks(self) -> tuple[Stick, ...]:
        """In order of appearance."""
        return tuple(self._sticks.values())

    @property
    def degraded(self) -> str:
        """Why sticks do not show up by themselves on this machine, for people; empty when they do."""
        return self._watcher.degraded if self._watcher else ""

    def observe(self, listener: Listener) -> Callable[[], None]:
        """`listener` is called in the event loop after each change. The result makes it hear no more."""
        key = object()
        self._listeners[key] = listener

        def forget() -> None:
            self._listeners.pop(key, None)

        return forget

    async def start(self) -> None:
        """Watches from now on. Sticks that are plugged in already are in the list when this returns."""
        if self._watcher is not None:
            self._watcher.start(self._hear)

    async def add_image(self, path: Path) -> Stick:
        """Takes up an image, or a device by its path, and returns when it is known what that is.

        Why it cannot be read is then in its `error`: nothing is raised. What is in the list already is not
        added again, but tried again if it had failed. The user may be asked for a password.
        """
        place = await off_loop(_resolved, path, undo=lambda _: None)
        stick = self._at(place)
        if stick is None:
            stick = self._add(Stick(next(self._numbers), place, self._supervisor, self._changed), ask=True)
            await stick.settled()
        else:
            await self.retry(stick)
        return stick

    async def forget(self, stick: Stick) -> None:
        """Takes a stick out of the list; nothing of it is open when this returns."""
        self._remove(stick, None)
        await stick.ended()

    async def retry(self, stick: Stick, *, ask: bool = True) -> None:
        """Has another look at a stick that FAILED, and returns when it is known what came of it.

        `ask`: whether the user may be asked for a password. Nothing happens to a stick that did not fail.
        """
        if stick.state is StickState.FAILED:
            await stick.ended()
        if stick.state is StickState.FAILED:
            stick.probe(ask=ask)
        await stick.settled()

    async def close(self) -> None:
        """Ends the watching, forgets every stick, and closes all that is open."""
        if self._watcher is not None:
            self._watcher.close()
        self._listeners.clear()
        for stick in self.sticks:
            self._remove(stick, None)
        while self._ending:
            await asyncio.wait(self._ending)

    def _hear(self, event: Event) -> None:
        known = next((stick for stick in self.sticks if _same_place(stick, event.device)), None)
        if known is not None and (
            event.happening is Happening.PULLED or not _same_medium(known, event.device)
        ):
            self._remove(known, DeviceGone())
            known = None
        if known is None and event.happening is Happening.PLUGGED:
            device = event.device
            number = next(self._numbers)
            self._add(Stick(number, device.node, self._supervisor, self._changed, device), ask=False)

    def _add(self, stick: Stick, *, ask: bool) -> Stick:
        self._sticks[stick.id] = stick
        self._tell(Change.ADDED, stick)
        if stick.state is StickState.PROBING:
            stick.probe(ask=ask)
        return stick

    def _remove(self, stick: Stick, error: DeviceGone | None) -> None:
        if self._sticks.pop(stick.id, None) is None:
            return
        stick.end(error)
        ending = asyncio.get_running_loop().create_task(stick.ended())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        self._tell(Change.REMOVED, stick)

    def _changed(self, stick: Stick) -> None:
        if stick.id in self._sticks:
            self._tell(Change.CHANGED, stick)

    def _tell(self, change: Change, stick: Stick) -> None:
        for listener in tuple(self._listeners.values()):
            try:
                listener(change, stick)
            except Exception as bug:  # noqa: BLE001 - the bug of one listener must not keep a stick open
                context = {"message": "a listener for sticks failed", "exception": bug}
                asyncio.get_running_loop().call_exception_handler(context)

    def _at(self, place: Path) -> Stick | None:
        return next((stick for stick in self.sticks if stick.path == place), None)


def _same_place(stick: Stick, device: Device) -> bool:
    return stick.device is not None and stick.device.sys == device.sys


def _same_medium(stick: Stick, device: Device) -> bool:
    return stick.device is not None and stick.device.medium == device.medium


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):  # a loop of links, a NUL: opening it will say so
        return path.absolute()
