"""Ten thousand lives of sticks: events shuffled, doubled and lost, with drivers that answer when they please.

The drivers are stand-ins, so that so many fit into a run; `test_any_order` has real ones.
RUMPUS_SEED plays one life alone.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from core.entry import PartitionFacts, Survey, VolumeFacts
from core.errors import DeviceGone, DriverCrashed, MediumError, NotAFileSystem, NotWritten, RumpusError
from core.host import stick as stick_module
from core.host.access import Medium
from core.host.stick import TRANSITIONS
from core.host.sticks import Sticks, StickState
from core.host.uses import Uses
from tests.support.any_order import Others, Step, World, made_up_devices
from tests.support.plugging import ScriptedWatcher
from tests.support.stick import blank_image

LIVES = 10_000
SLOTS = 3
VOLUMES = 2
STEPS = 14
TOLD = ("plug", "pull")
DONE = (
    *("open", "close", "give up", "retry", "forget", "eject", "work", "finish", "hold", "take", "crash"),
    "format",
)


class Volume:
    """What `Supervisor.open` gives."""

    operations = ()

    def __init__(self, chance: random.Random) -> None:
        self.facts = VolumeFacts(driver="none", system="none", root=0)
        self.ended: asyncio.Future[RumpusError | None] = asyncio.get_running_loop().create_future()
        self.uses = Uses()
        self.pid = 0
        self._chance = chance

    async def flush(self) -> None:
        await turns(self._chance)
        if self.ended.done():
            raise self.ended.result() or DriverCrashed("closed")
        if self._chance.random() < 0.1:
            raise MediumError(0, 512)

    async def close(self) -> None:
        await turns(self._chance)
        if not self.ended.done():
            self.ended.set_result(None)

    def crash(self) -> None:
        if not self.ended.done():
            self.ended.set_result(DriverCrashed("by chance"))


class Supervisor:
    processes = frozenset[int]()

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.opened: list[Volume] = []

    async def survey(self, medium: Medium) -> Survey:
        await turns(self._chance)
        if self._chance.random() < 0.1:
            raise DeviceGone if self._chance.random() < 0.5 else MediumError(0, 512)
        partitions = [PartitionFacts(number=number, offset=0, size=512) for number in range(1, VOLUMES + 1)]
        return Survey(table="mbr", size=1 << 20, sector_size=512, partitions=partitions)

    async def open(self, medium: Medium, *_: object) -> Volume:
        await turns(self._chance)
        if self._chance.random() < 0.2:
            raise NotAFileSystem("") if self._chance.random() < 0.5 else DeviceGone()
        self.opened.append(Volume(self._chance))
        return self.opened[-1]

    async def format(self, medium: Medium, *_: object) -> None:
        await turns(self._chance)
        if self._chance.random() < 0.2:
            raise DeviceGone if self._chance.random() < 0.5 else NotWritten(0, 512)


class Slot(Medium):
    """Opened by nobody else, while it is open."""

    open: Counter[Path] = Counter()

    def __init__(self, path: Path, chance: random.Random) -> None:
        super().__init__(path, 1_000_000, image=True)
        self._chance = chance
        self.open[path] += 1
        assert self.open[path] == 1, "a stick is open twice"

    async def flush(self) -> None:
        await turns(self._chance)

    def close(self) -> None:
        if self.descriptor != -1:
            self.open[self.path] -= 1
        self.descriptor = -1


async def turns(chance: random.Random) -> None:
    for _ in range(chance.randrange(4)):
        await asyncio.sleep(0)


def life(chance: random.Random) -> Iterator[Step]:
    """What happens: what is told of slots, in any order, among what a person does."""
    for _ in range(STEPS):
        slot, kind = chance.randrange(SLOTS), chance.random()
        if kind < 0.35:
            yield chance.choice(TOLD), slot, chance.randrange(1, 3)
        elif kind < 0.6:
            yield "turns", chance.randrange(12), None
        else:
            what = chance.choice(DONE)
            yield what, slot, chance.choice(("", "end", "wait")) if what == "eject" else ""


async def inline(function: Any, *arguments: object, undo: object) -> Any:
    """For `off_loop`: a thread comes back when it pleases, which no seed brings again."""
    await asyncio.sleep(0)
    return function(*arguments)


async def live(seed: int, images: list[Path], worlds: list[Others], seen: Counter[StickState]) -> None:
    chance = random.Random(seed)
    supervisor, watcher = Supervisor(chance), ScriptedWatcher()

    async def open_medium(path: Path, *, ask: bool) -> Medium:
        await turns(chance)
        return Slot(path, chance)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stick_module, "open_medium", open_medium)
        sticks = Sticks(supervisor, watcher)  # type: ignore[arg-type]
        world = World(images=images, sticks=sticks, watcher=watcher)
        worlds[:] = [world]
        sticks.observe(world.heard)
        sticks.observe(lambda _, stick: seen.update([stick.state]))
        await sticks.start()
        for what, slot, more in life(chance):
            if what == "crash":
                for volume in supervisor.opened[-1:]:
                    volume.crash()
            else:
                await world.step(what, slot, more)
            world.check()
        world.finish()
        for slot in range(SLOTS):
            for medium in (1, 2):
                world.pull(world.device(slot, medium))
        assert sticks.sticks == ()
        world.check()
        await sticks.close()
        for task in world.tasks:
            with suppress(RumpusError, asyncio.CancelledError):
                await task
        assert all(volume.ended.done() for volume in supervisor.opened), "a driver is left"
    assert not +Slot.open, "a stick is left open"


def test_ten_thousand_lives_of_sticks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = [blank_image(tmp_path / f"{slot}.img") for slot in range(SLOTS)]
    alone = os.environ.get("RUMPUS_SEED")
    seen: Counter[StickState] = Counter()
    complaints: list[dict[str, Any]] = []
    monkeypatch.setattr(stick_module, "off_loop", inline)

    async def all_of_them() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context))
        for seed in [int(alone)] if alone else range(LIVES):
            try:
                await live(seed, images, worlds, seen)
                assert complaints == []
                assert len(asyncio.all_tasks()) == 1, "a task is left"
            except BaseException as error:
                error.add_note(f"RUMPUS_SEED={seed}")
                raise

    with made_up_devices() as worlds:
        asyncio.run(all_of_them())
    assert alone or min(seen[state] for state in StickState) > LIVES / 100, seen


def test_states_that_nothing_leads_to_are_no_states() -> None:
    reached, todo = set[StickState](), [StickState.PROBING]
    while todo:
        state = todo.pop()
        todo += TRANSITIONS[state] if state not in reached else ()
        reached.add(state)
    assert reached == set(StickState)
    assert [state for state, after in TRANSITIONS.items() if not after] == [StickState.GONE]


def test_the_drawing_of_the_states_is_true() -> None:
    drawn: dict[StickState, set[StickState]] = {}
    for line in Path("CONTRIBUTING.md").read_text().splitlines():
        for state, after in re.findall(r"([A-Z]{4,}) → ([A-Z]+(?:, [A-Z]+)*|absent)", line):
            drawn[StickState[state]] = {StickState[name] for name in after.split(", ") if name != "absent"}
    assert drawn == {state: set(after) for state, after in TRANSITIONS.items()}
