"""Whatever comes in whichever order: sticks hold what their state says, and leave nothing when they go."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import RumpusError
from core.host.sticks import Sticks
from core.host.supervisor import Supervisor
from tests.support.any_order import Others, Step, World, made_up_devices
from tests.support.descriptors import nothing_left
from tests.support.fat import blank_fat
from tests.support.plugging import ScriptedWatcher

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
    # it is to be pulled out, while somebody works on it, or another program holds it
    st.tuples(st.just("eject"), _slots, st.sampled_from(["", "end", "wait"])),
    st.tuples(st.just("work"), _slots, st.none()),
    st.tuples(st.just("finish"), _slots, st.none()),
    st.tuples(st.just("hold"), _slots, st.none()),
    st.tuples(st.just("take"), _slots, st.none()),
)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("images")
    first = blank_fat(folder / "0.img", 1 << 20, "-n", "STICK")
    return [first, *(Path(shutil.copy(first, folder / f"{n}.img")) for n in range(1, SLOTS))]


async def _play(images: list[Path], steps: list[Step], worlds: list[Others]) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    watcher = ScriptedWatcher()
    async with Supervisor() as supervisor:
        async with Sticks(supervisor) as sticks:
            await sticks.add_image(images[0])  # starts whatever is started once
        async with nothing_left():
            sticks = Sticks(supervisor, watcher)
            world = World(images=images, sticks=sticks, watcher=watcher)
            worlds[:] = [world]
            sticks.observe(world.heard)
            await sticks.start()
            for step in steps:
                await world.step(*step)
                world.check()
            for slot in range(SLOTS):
                await world.step("show", slot, None)
            world.finish()
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
def test_whatever_comes_in_whichever_order(images: list[Path], steps: list[Step]) -> None:
    for image in images:
        with suppress(FileNotFoundError):
            image.with_suffix(".hidden").rename(image)
    with made_up_devices() as worlds:
        asyncio.run(_play(images, steps, worlds))
