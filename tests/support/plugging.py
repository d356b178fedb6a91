"""A watcher that plugs and pulls what a test says, and what the observers of sticks get to hear."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from core.errors import DeviceGone
from core.host.devices import Bus, Device, Event, Happening
from core.host.sticks import Change, Stick, Sticks, StickState, VolumeState
from core.host.supervisor import Supervisor

_sequences = itertools.count(1)


def device_of(node: Path, place: str = "", *, sequence: int = 0, model: str = "", serial: str = "") -> Device:
    """A stick as udev would describe it, whose medium is an image or a loop device."""
    return Device(
        node=node,
        sys=Path("/sys/devices/usb9", place or node.name),
        sequence=sequence or next(_sequences),
        size=node.stat().st_size,
        bus=Bus.USB,
        vendor="Test",
        model=model or "Stick",
        serial=serial,
    )


class ScriptedWatcher:
    """`plugged` are there when the watching starts."""

    degraded = ""

    def __init__(self, *plugged: Device) -> None:
        self.plugged = plugged
        self.hear: Callable[[Event], None] | None = None

    def start(self, hear: Callable[[Event], None]) -> None:
        self.hear = hear
        for device in self.plugged:
            self.plug(device)

    def plug(self, device: Device) -> None:
        assert self.hear is not None
        self.hear(Event(Happening.PLUGGED, device))

    def pull(self, device: Device) -> None:
        assert self.hear is not None
        self.hear(Event(Happening.PULLED, device))

    def close(self) -> None:
        self.hear = None


class Observer:
    """Hears every change, and lets a test wait for what it is to lead to."""

    def __init__(self, sticks: Sticks) -> None:
        self.changes: list[tuple[Change, Stick]] = []
        self._changed = asyncio.Event()
        self.forget = sticks.observe(self._hear)

    def _hear(self, change: Change, stick: Stick) -> None:
        self.changes.append((change, stick))
        self._changed.set()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    def of(self, stick: Stick) -> list[Change]:
        return [change for change, changed in self.changes if changed is stick]


@asynccontextmanager
async def plugged(
    supervisor: Supervisor, *nodes: Path
) -> AsyncIterator[tuple[Sticks, ScriptedWatcher, Observer]]:
    """Sticks that are there at the start, each looked at already."""
    watcher = ScriptedWatcher(*(device_of(node) for node in nodes))
    async with Sticks(supervisor, watcher) as sticks:
        observer = Observer(sticks)
        for stick in sticks.sticks:
            await stick.settled()
        yield sticks, watcher, observer


def pull(watcher: ScriptedWatcher, stick: Stick) -> None:
    assert stick.device is not None
    watcher.pull(stick.device)


def is_gone(stick: Stick) -> bool:
    return (
        stick.state is StickState.GONE
        and isinstance(stick.error, DeviceGone)
        and stick.medium is None
        and all(
            volume.state is VolumeState.GONE
            and isinstance(volume.error, DeviceGone)
            and volume.volume is None
            for volume in stick.volumes
        )
    )
