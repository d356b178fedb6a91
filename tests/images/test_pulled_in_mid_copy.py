"""Sticks that are pulled out in the middle of a copy, and put back, or not they but others."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from core.errors import NotFound
from core.host.comeback import Comeback
from core.host.copying_in import CopyIn
from core.host.devices import Device
from core.host.jobs import Job, TransferState
from core.host.loading import HostOrigin
from core.host.sticks import Sticks
from core.host.supervisor import Supervisor
from core.host.transfers import Arrival, CopyOut
from core.host.volume import Volume
from tests.support.disks import run
from tests.support.fat import blank_fat, mtools, same_by_mtools
from tests.support.fsck import damage
from tests.support.halting import halt
from tests.support.plugging import Observer, ScriptedWatcher, device_of

MIB = 1 << 20
RANDOM = random.Random(11)
TREE = {
    **{f"a/{number}.txt": RANDOM.randbytes(2000 + number) for number in range(40)},
    "b/one.bin": RANDOM.randbytes(MIB) * 60,
    "b/two.bin": RANDOM.randbytes(MIB) * 20,
    "z.txt": b"the last\n",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("source") / "tree"
    for name, content in TREE.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    return tree


@pytest.fixture
def image(tree: Path, tmp_path: Path) -> Path:
    image = blank_fat(tmp_path / "sdz", 300 * MIB, "-F", "32", "-i", "CAFE0001")
    mtools("mcopy", image, "-s", "-m", tree, "::/tree")
    return image


@pytest.fixture(autouse=True)
def halted(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    return halt(monkeypatch, "tree/b/one.bin")


@pytest.fixture
def device(image: Path) -> Device:
    return device_of(image, model="Key", serial="007")


class Desk:
    def __init__(self, sticks: Sticks, watcher: ScriptedWatcher, observer: Observer) -> None:
        self.sticks, self.watcher, self.observer = sticks, watcher, observer

    async def volume(self) -> Volume:
        await self.observer.until(lambda: any(stick.usable for stick in self.sticks.sticks))
        return await self.sticks.sticks[0].volumes[0].open()


@asynccontextmanager
async def plugged(device: Device) -> AsyncIterator[Desk]:
    watcher = ScriptedWatcher(device)
    async with Supervisor() as supervisor, Sticks(supervisor, watcher) as sticks:
        yield Desk(sticks, watcher, Observer(sticks))


async def until(job: Job, true: Callable[[], object]) -> None:
    """Awaits what the job tells of itself."""
    changed = asyncio.Event()
    forget = job.observe(lambda _: changed.set())
    async with asyncio.timeout(20):
        while not true():
            changed.clear()
            await changed.wait()
    forget()


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def copy_out(desk: Desk, out: Path, arrived: Callable[[Arrival], None] = lambda _: None) -> CopyOut:
    volume = await desk.volume()
    comeback = Comeback.of(desk.sticks, volume)
    assert comeback is not None
    out.mkdir()
    return CopyOut(volume, [await volume.resolve("tree")], out, comeback=comeback, arrived=arrived)


async def pulled(desk: Desk, device: Device, job: Job, halted: list[None]) -> asyncio.Task[None]:
    """Pulls it in the middle of the first large file, and returns when the job waits for it."""
    running = asyncio.create_task(job.run())
    await until(job, lambda: halted)
    desk.watcher.pull(device)
    await until(job, lambda: job.away)
    assert job.state is TransferState.RUNNING
    return running


async def test_a_copy_out_goes_on_with_the_file_that_was_under_way(
    device: Device, tmp_path: Path, halted: list[None]
) -> None:
    came: list[str] = []
    async with plugged(device) as desk:
        job = await copy_out(desk, tmp_path / "out", lambda arrival: came.append(arrival.path))
        running = await pulled(desk, device, job, halted)
        there = files_in(tmp_path / "out")
        assert there, "what came before"
        assert all(TREE[name.removeprefix("tree/")] == content for name, content in there.items())
        desk.watcher.plug(replace(device, sequence=device.sequence + 1000))
        await running
        assert not job.away
        assert list(desk.sticks.sticks[0].uses) == []
    assert job.state is TransferState.DONE
    assert job.problems == []
    assert files_in(tmp_path / "out/tree") == TREE
    assert sorted(came) == sorted(f"tree/{name}" for name in TREE), "each was copied once"
    assert (job.progress.files_done, job.progress.bytes_done) == (job.progress.files, job.progress.bytes)


async def test_while_it_waits_no_stick_is_busy_and_it_can_be_cancelled(
    device: Device, tmp_path: Path, halted: list[None]
) -> None:
    async with plugged(device) as desk:
        job = await copy_out(desk, tmp_path / "out")
        running = await pulled(desk, device, job, halted)
        assert not job.uses
        job.cancel()
        await running
    assert job.state is TransferState.CANCELLED
    assert all(TREE[name] == content for name, content in files_in(tmp_path / "out/tree").items())


async def test_other_sticks_do_not_continue_it(
    device: Device, image: Path, tmp_path: Path, halted: list[None]
) -> None:
    """One with another serial number and the same volume, one with this number and another volume."""
    twin, formatted = tmp_path / "twin", tmp_path / "formatted"
    shutil.copy(image, twin)
    blank_fat(formatted, 300 * MIB, "-F", "32", "-i", "CAFE0002")
    mtools("mmd", formatted, "::/tree")
    others = [
        device_of(twin, model="Key", serial="008"),
        device_of(formatted, model="Key", serial="007"),
    ]
    async with plugged(device) as desk:
        job = await copy_out(desk, tmp_path / "out")
        running = await pulled(desk, device, job, halted)
        for other in others:
            desk.watcher.plug(other)
        await desk.observer.until(lambda: len(desk.sticks.sticks) == 2)
        for stick in desk.sticks.sticks:
            await stick.settled()
            await stick.volumes[0].open()
        for stick in desk.sticks.sticks:
            await stick.volumes[0].describe()
        assert job.away
        desk.watcher.plug(replace(device, sequence=device.sequence + 1000))
        await running
    assert files_in(tmp_path / "out/tree") == TREE


async def test_a_file_that_was_changed_elsewhere_meanwhile_is_not_mixed_up(
    device: Device, image: Path, tmp_path: Path, halted: list[None]
) -> None:
    async with plugged(device) as desk:
        job = await copy_out(desk, tmp_path / "out")
        running = await pulled(desk, device, job, halted)
        other = tmp_path / "other"
        other.write_bytes(b"something else")
        mtools("mdel", image, "::/tree/a/7.txt")
        mtools("mcopy", image, other, "::/tree/a/7.txt")
        desk.watcher.plug(replace(device, sequence=device.sequence + 1000))
        await running
    assert job.state is TransferState.DONE
    assert [(problem.path, type(problem.error)) for problem in job.problems] == [("tree/a/7.txt", NotFound)]
    found = files_in(tmp_path / "out/tree")
    assert found == {name: content for name, content in TREE.items() if name != "a/7.txt"}
    run("fsck.fat", "-n", image)


async def copy_in(desk: Desk, *sources: Path) -> CopyIn:
    volume = await desk.volume()
    comeback = Comeback.of(desk.sticks, volume)
    assert comeback is not None
    changes = await comeback.changes()
    return CopyIn(volume, changes, HostOrigin(sources), volume.facts.root, comeback=comeback)


async def test_a_copy_in_goes_on_and_makes_nothing_twice(
    tree: Path, tmp_path: Path, halted: list[None]
) -> None:
    image = blank_fat(tmp_path / "sdz", 300 * MIB, "-F", "32", "-i", "CAFE0001")
    mtools("mmd", image, "::/before")
    device = device_of(image, model="Key", serial="007")
    async with plugged(device) as desk:
        job = await copy_in(desk, tree)
        running = asyncio.create_task(job.run())
        await until(job, lambda: halted)
        desk.watcher.pull(device)
        await until(job, lambda: job.away)
        for stick in [*desk.sticks._leaving]:
            await stick.ended()
        assert damage(image) == []
        on_it = mtools("mdir", image, "-/", "-b", "::/").decode()
        assert "one.bin" not in on_it, "no half file has its name"
        desk.watcher.plug(replace(device, sequence=device.sequence + 1000))
        await running
        for stick in desk.sticks.sticks:
            for volume in stick.volumes:
                await volume.close()
    assert job.state is TransferState.DONE
    assert job.problems == []
    assert (job.progress.files_done, job.progress.bytes_done) == (job.progress.files, job.progress.bytes)
    assert damage(image) == []
    same_by_mtools(image, {f"tree/{name}": content for name, content in TREE.items()}, tmp_path)
