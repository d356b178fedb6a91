"""A world in which anything may happen to sticks, and what must be true in it whatever did.

Its sticks are images; what only a real device can do (being held by others, being switched off) is made up.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from core.errors import DeviceBusy, DeviceGone, Ejected
from core.host import giving_back
from core.host.accounts import Account, Doing
from core.host.devices import Device
from core.host.giving_back import Disk
from core.host.holders import Hold, Holder
from core.host.sticks import Change, Stick, Sticks, StickState, VolumeState
from tests.support.plugging import ScriptedWatcher, device_of

Step = tuple[str, int, Any]


class Work:
    """Something that a person waits for, until it is told to stop."""

    what = "copying"

    def __init__(self) -> None:
        self.cancelled = asyncio.Event()
        self.cancel = self.cancelled.set

    def account(self) -> Account:
        return Account(Doing.COPYING_IN, "letter.txt", ("safe.txt",), 1, ("letter.txt",), 1)

    async def on(self, stick: Stick) -> None:
        if stick.state.usable:
            with stick.uses.during(self):
                await self.cancelled.wait()


@dataclass
class Others:
    """What other programs do with sticks."""

    held: set[Path] = field(default_factory=set)
    """Nodes that another program holds."""
    stubborn: set[Path] = field(default_factory=set)
    """Nodes that are taken by somebody at the moment at which they are to be switched off."""


@dataclass(kw_only=True)
class World(Others):
    images: list[Path]
    sticks: Sticks
    watcher: ScriptedWatcher
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    work: list[Work] = field(default_factory=list)
    listed: dict[int, Stick] = field(default_factory=dict)
    gone: list[Stick] = field(default_factory=list)
    there: dict[Path, Device] = field(default_factory=dict)
    """What must be in the list, by its place: the medium last plugged there, unless that was pulled."""

    def heard(self, change: Change, stick: Stick) -> None:
        """The changes alone must be enough to know the list."""
        if change is Change.ADDED:
            assert stick.id not in self.listed
            self.listed[stick.id] = stick
        else:
            assert self.listed[stick.id] is stick
        if change is Change.REMOVED:
            del self.listed[stick.id]
            self.gone.append(stick)
            if stick.error is None and stick.device is not None:  # forgotten
                del self.there[stick.device.sys]
        if stick.state is StickState.SAFE:
            assert stick.medium is None
            assert not stick.uses
            assert stick.path not in self.held

    def device(self, slot: int, medium: int) -> Device:
        return device_of(self.images[slot], f"slot{slot}", sequence=medium)

    def start(self, doing: Coroutine[Any, Any, Any]) -> None:
        self.tasks.append(asyncio.create_task(doing))

    def plug(self, device: Device) -> None:
        self.there[device.sys] = device
        self.watcher.plug(device)

    def pull(self, device: Device) -> None:
        if self.there.get(device.sys) == device:
            del self.there[device.sys]
        before = {stick: (stick.state, stick.medium) for stick in self.sticks.sticks}
        self.watcher.pull(device)
        for stick, (state, medium) in before.items():
            if stick.state is StickState.GONE and state in (StickState.EJECTING, StickState.SAFE):
                # What had not been given back is lost; what had been cannot be.
                assert isinstance(stick.error, DeviceGone if medium else Ejected)

    async def step(self, what: str, slot: int, more: Any) -> None:
        count = len(self.images)
        image = self.images[slot % count]
        stick = next((s for s in self.sticks.sticks if s.path == image), None)
        hidden = image.with_suffix(".hidden")
        match what:
            case "plug" if not hidden.exists():
                self.plug(self.device(slot, more))
            case "pull" if not hidden.exists():
                self.pull(self.device(slot, more))
            case "open" if stick and stick.volumes:
                self.start(stick.volumes[0].open(code_page=more))
            case "close" if stick and stick.volumes:
                self.start(stick.volumes[0].close())
            case "give up" if self.tasks:
                self.tasks[slot % len(self.tasks)].cancel()
            case "retry" if stick:
                self.start(self.sticks.retry(stick))
            case "forget" if stick:
                self.start(self.sticks.forget(stick))
            case "work" if stick and stick.state.usable:
                self.work.append(Work())
                self.start(self.work[-1].on(stick))
            case "finish":
                self.finish()
            case "eject" if stick:
                self.start(stick.eject(end=more == "end", wait=more == "wait"))
            case "format" if stick:
                self.start(stick.format(more))
            case "hold":
                self.held ^= {image}
            case "take":
                self.stubborn ^= {image}
            case "turns":
                for _ in range(slot):
                    await asyncio.sleep(0)
            case "settle" if stick:
                await stick.settled()
            case "hide" if not hidden.exists():
                image.rename(hidden)
            case "show" if hidden.exists():
                hidden.rename(image)
            case "kill" if stick and stick.volumes and stick.volumes[0].volume:
                with suppress(ProcessLookupError):
                    os.kill(stick.volumes[0].volume.pid, signal.SIGKILL)

    def finish(self) -> None:
        for work in self.work:
            work.cancel()

    def check(self) -> None:
        sticks = self.sticks.sticks
        assert sticks == tuple(self.listed.values())
        assert {stick.device for stick in sticks} == set(self.there.values())
        assert len(sticks) == len(self.there)
        for stick in (*sticks, *self.gone):
            check(stick)
        assert all(stick.state is not StickState.GONE for stick in sticks)
        assert all(stick.state is StickState.GONE for stick in self.gone)


def check(stick: Stick) -> None:
    usable, ejecting = stick.state.usable, stick.state is StickState.EJECTING
    held = usable or stick.state is StickState.FORMATTING
    # While a stick is looked at it may be open: what was formatted is kept for that.
    assert stick.medium is None or stick.medium.descriptor != -1
    assert (stick.medium is not None) == held or ejecting or stick.state is StickState.PROBING
    assert stick.error is None or not usable
    assert stick.error is not None or stick.state is not StickState.FAILED
    assert isinstance(stick.error, Ejected) or stick.state is not StickState.SAFE
    assert not usable or bool(stick.uses) == (stick.state is StickState.BUSY)
    for volume in stick.volumes:
        assert (volume.volume is not None) == (volume.state is VolumeState.OPEN)
        assert usable or ejecting or volume.state in (VolumeState.FAILED, VolumeState.GONE)
        assert stick.state is not StickState.READY or volume.state is not VolumeState.OPEN
        assert (volume.error is not None) or volume.state is not VolumeState.FAILED
        assert stick.state is not StickState.GONE or volume.state is VolumeState.GONE


@contextmanager
def made_up_devices() -> Iterator[list[Others]]:
    """Images can be ejected, and held, as the first in the list has it."""
    world: list[Others] = []

    async def held_by(disk: Disk, ours: object = (), lent: object = ()) -> list[Holder]:
        await asyncio.sleep(0)
        return [Holder(Hold.PROGRAM, "somebody", process=1)] if disk.node in world[0].held else []

    async def end(path: Path, held: list[Holder]) -> None:
        await asyncio.sleep(0)
        world[0].held.discard(path)

    async def switch_off(disk: Disk) -> str:
        for _ in range(3):
            await asyncio.sleep(0)
        if disk.node in world[0].stubborn | world[0].held:
            raise DeviceBusy(str(disk.node), "the desktop")
        return ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(giving_back, "disk_at", lambda path: Disk(path, 0, path))
        for each in (held_by, end, switch_off):
            patch.setattr(giving_back, each.__name__, each)
        yield world
