"""Whatever comes in whichever order: sticks hold what their state says, and leave nothing when they go."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import RumpusError
from core.host.devices import Device
from core.host.sticks import Change, Stick, Sticks, StickState, VolumeState
from core.host.supervisor import Supervisor
from tests.support.descriptors import nothing_left
from tests.support.fat import blank_fat
from tests.support.plugging import ScriptedWatcher, device_of

SLOTS = 3
_slots = st.integers(0, SLOTS - 1)
_media = st.integers(1, 2)
_steps = st.one_of(
    # udev's word, true or not: doubled, late, lost, of another medium in the same slot
    st.tuples(st.just("plug"), _slots, _media),
    st.tuples(st.just("pull"), _slots, _media),
    # what a person does
    st.tuples(st.just("open"), _slots, st.sampled_from(["", "cp866"])),
    st.tuples(st.just("close"), _slots, st.none()),
    st.tuples(st.just("give up"), _slots, st.none()),
    st.tuples(st.just("retry"), _slots, st.none()),
    st.tuples(st.just("forget"), _slots, st.none()),
    # time passes: turns of the event loop, or until everything has settled
    st.tuples(st.just("turns"), st.integers(1, 40), st.none()),
    st.tuples(st.just("settle"), _slots, st.none()),
    # the medium cannot be opened for a while; a driver is killed
    st.tuples(st.just("hide"), _slots, st.none()),
    st.tuples(st.just("show"), _slots, st.none()),
    st.tuples(st.just("kill"), _slots, st.none()),
)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("images")
    first = blank_fat(folder / "0.img", 1 << 20, "-n", "STICK")
    return [first, *(Path(shutil.copy(first, folder / f"{n}.img")) for n in range(1, SLOTS))]


@dataclass
class _World:
    images: list[Path]
    sticks: Sticks
    watcher: ScriptedWatcher
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
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
        self.watcher.pull(device)

    async def step(self, what: str, slot: int, more: Any) -> None:
        stick = next((s for s in self.sticks.sticks if s.path == self.images[slot % SLOTS]), None)
        hidden = self.images[slot % SLOTS].with_suffix(".hidden")
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
            case "turns":
                for _ in range(slot):
                    await asyncio.sleep(0)
            case "settle" if stick:
                await stick.settled()
            case "hide" if not hidden.exists():
                self.images[slot].rename(hidden)
            case "show" if hidden.exists():
                hidden.rename(self.images[slot])
            case "kill" if stick and stick.volumes and stick.volumes[0].volume:
                with suppress(ProcessLookupError):
                    os.kill(stick.volumes[0].volume.pid, signal.SIGKILL)

    def check(self) -> None:
        sticks = self.sticks.sticks
        assert sticks == tuple(self.listed.values())
        assert {stick.device for stick in sticks} == set(self.there.values())
        assert len(sticks) == len(self.there)
        for stick in (*sticks, *self.gone):
            _check(stick)
        assert all(stick.state is not StickState.GONE for stick in sticks)
        assert all(stick.state is StickState.GONE for stick in self.gone)


def _check(stick: Stick) -> None:
    ready = stick.state.usable
    assert (stick.medium is not None and stick.medium.descriptor != -1) == ready
    assert stick.error is None or not ready
    assert stick.error is not None or stick.state is not StickState.FAILED
    for volume in stick.volumes:
        assert (volume.volume is not None) == (volume.state is VolumeState.OPEN)
        assert ready or volume.state in (VolumeState.FAILED, VolumeState.GONE)
        assert (volume.error is not None) or volume.state is not VolumeState.FAILED
        assert stick.state is not StickState.GONE or volume.state is VolumeState.GONE


async def _play(images: list[Path], steps: list[tuple[str, int, Any]]) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    watcher = ScriptedWatcher()
    async with Supervisor() as supervisor:
        async with Sticks(supervisor) as sticks:
            await sticks.add_image(images[0])  # starts whatever is started once
        async with nothing_left():
            sticks = Sticks(supervisor, watcher)
            world = _World(images, sticks, watcher)
            sticks.observe(world.heard)
            await sticks.start()
            for step in steps:
                await world.step(*step)
                world.check()
            for slot in range(SLOTS):
                await world.step("show", slot, None)
            # Told the truth at last, they believe it.
            for slot in range(SLOTS):
                for medium in (1, 2):
                    world.pull(world.device(slot, medium))
            assert sticks.sticks == ()
            world.plug(world.device(0, 9))
            (stick,) = sticks.sticks
            await stick.settled()
            assert (await stick.volumes[0].open()).facts.label == "STICK"
            world.check()
            await sticks.close()
            for task in world.tasks:
                with suppress(RumpusError, asyncio.CancelledError):
                    await task
        assert not supervisor._workers
    assert complaints == []


@given(steps=st.lists(_steps, max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_in_whichever_order(images: list[Path], steps: list[tuple[str, int, Any]]) -> None:
    for image in images:
        with suppress(FileNotFoundError):
            image.with_suffix(".hidden").rename(image)
    asyncio.run(_play(images, steps))
