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
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import Cancelled, DeviceGone
from core.host.devices import Device, Event, Happening, Watcher
from core.host.offloop import off_loop
from core.host.stick import Stick, StickState
from core.host.stick_volume import StickVolume, VolumeState
from core.host.supervisor import Supervisor
from core.host.volume import Volume

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
        self._leaving: dict[Stick, asyncio.Task[None]] = {}
        """Sticks that are gone, but of which something may still be open."""
        self._closed = False

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

    def device_of(self, volume: Volume) -> Device | None:
        """What the host says of the stick that an open volume is on; None for an image."""
        for stick in self.sticks:
            if any(each.volume is volume for each in stick.volumes):
                return stick.device
        return None

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

        Why it cannot be read is then in its `error`. What is in the list already is not added again, but
        tried again if it had failed. The user may be asked for a password. Raises Cancelled after `close`.
        """
        place = await off_loop(_place, path, undo=lambda _: None)
        if self._closed:
            raise Cancelled
        stick = self._at(place)
        if stick is None:
            stick = Stick(next(self._numbers), place.path, self._supervisor, self._changed, image=place.image)
            self._add(stick, ask=True)
            await stick.settled()
        else:
            await self.retry(stick)
        return stick

    async def forget(self, stick: Stick) -> None:
        """Takes a stick out of the list; nothing of it is open when this returns."""
        self._remove(stick, None)
        await stick.ended()

    async def retry(self, stick: Stick, *, ask: bool = True) -> None:
        """Has another look at a stick that FAILED or was ejected; returns when it is known what came of it.

        `ask`: whether the user may be asked for a password. Nothing happens to any other stick.
        """
        if stick.state in (StickState.FAILED, StickState.SAFE):
            self._probe(stick, ask)
        await stick.settled()

    async def close(self) -> None:
        """Ends the watching, forgets every stick, and closes all that is open."""
        self._closed = True
        if self._watcher is not None:
            self._watcher.close()
        self._listeners.clear()
        for stick in self.sticks:
            self._remove(stick, None)
        while self._leaving:
            await asyncio.wait(self._leaving.values())

    def _hear(self, event: Event) -> None:
        device = event.device
        known = next((stick for stick in self.sticks if _same_place(stick, device)), None)
        if known is not None and known.device is None:
            known.device = device
        same = known is not None and known.device is not None and known.device.medium == device.medium
        if known is not None and same is (event.happening is Happening.PULLED):
            # Pulled out; or another medium is there, and nobody said that this one went.
            self._remove(known, DeviceGone())
            known = None
        if known is None and event.happening is Happening.PLUGGED:
            stick = Stick(next(self._numbers), device.node, self._supervisor, self._changed, device)
            self._add(stick, ask=False)

    def _add(self, stick: Stick, *, ask: bool) -> Stick:
        self._sticks[stick.id] = stick
        self._tell(Change.ADDED, stick)
        if stick.state is StickState.PROBING:
            self._probe(stick, ask)
        return stick

    def _probe(self, stick: Stick, ask: bool) -> None:
        stick.probe(ask=ask, after=[other for other in self._leaving if other.path == stick.path])

    def _remove(self, stick: Stick, error: DeviceGone | None) -> None:
        if self._sticks.pop(stick.id, None) is None:
            return
        stick.end(error)
        ending = asyncio.get_running_loop().create_task(stick.ended())
        self._leaving[stick] = ending
        ending.add_done_callback(lambda _: self._leaving.pop(stick))
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

    def _at(self, place: _Place) -> Stick | None:
        for stick in self.sticks:
            on_disk = stick.device is not None and stick.device.sys in (place.sys, *place.sys.parents)
            if stick.path == place.path or on_disk:
                return stick
        return None


@dataclass(frozen=True)
class _Place:
    """What a path leads to, links followed."""

    path: Path
    image: bool
    sys: Path
    """Of a block device, in sysfs: a partition lies below its disk there. Of an image, no such place."""


def _same_place(stick: Stick, device: Device) -> bool:
    if stick.device is None:
        return not stick.image and stick.path == device.node
    return stick.device.sys == device.sys


def _place(path: Path) -> _Place:
    try:
        path = path.resolve()
        found = path.stat()
    except (OSError, ValueError, RuntimeError):  # nothing, a loop of links, a NUL: opening it will say so
        return _Place(path.absolute(), True, Path())
    if not stat.S_ISBLK(found.st_mode):
        return _Place(path, True, Path())
    number = f"{os.major(found.st_rdev)}:{os.minor(found.st_rdev)}"
    return _Place(path, False, Path("/sys/dev/block", number).resolve())
