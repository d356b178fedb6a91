"""Progress of a copy onto a stick counts what the medium has, and not what the kernel will write one day."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import NotWritten
from core.host.changes import Changes
from core.host.copying_in import CopyIn
from core.host.jobs import Fate, TransferState
from core.host.loading import HostOrigin
from tests.support.changing import writable
from tests.support.fat import blank_fat
from tests.support.pagecache import unwritten

MIB = 1 << 20
METADATA = MIB
"""Bytes of entries and of the allocation table that may be on their way besides."""


@pytest.fixture
def image(tmp_path: Path) -> Path:
    image = blank_fat(tmp_path / "stick.img", 200 * MIB, "-F", "32")
    if unwritten(image) is None:
        pytest.skip("this kernel does not tell what it has not written")
    descriptor = os.open(image, os.O_RDWR)
    os.fsync(descriptor)
    os.close(descriptor)
    if unwritten(image):
        pytest.skip("a file system in memory never writes")
    return image


def photographs(folder: Path, count: int, size: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"photograph {number:03}.jpg").write_bytes(os.urandom(size))
    return folder


@pytest.mark.parametrize(("count", "size"), [(3, 20 * MIB), (40, 2 * MIB), (300, 100_000)])
async def test_what_is_counted_is_on_the_medium_and_nothing_is_left_at_the_end(
    image: Path, tmp_path: Path, count: int, size: int
) -> None:
    source = photographs(tmp_path / "source", count, size)
    seen: list[tuple[int, int]] = []

    def look(job: CopyIn) -> None:
        done = job.progress.bytes_done
        if job.state in (TransferState.RUNNING, TransferState.FLUSHING):
            seen.append((count * size - done, unwritten(image) or 0))

    async with writable(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([source]), volume.facts.root)
        job.observe(look)
        await job.run()
        left = unwritten(image)
    assert (job.state, job.problems, left) == (TransferState.DONE, [], 0)
    assert seen
    for to_come, waiting in seen:
        assert waiting <= to_come + METADATA, "it was counted before it was written"


async def test_small_files_do_not_pile_up_in_memory_until_a_barrier_takes_minutes(
    image: Path, tmp_path: Path
) -> None:
    source = photographs(tmp_path / "source", 60, 2 * MIB)
    most = 0

    def look(job: CopyIn) -> None:
        nonlocal most
        most = max(most, unwritten(image) or 0)

    async with writable(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([source]), volume.facts.root)
        job.observe(look)
        await job.run()
    assert job.state is TransferState.DONE
    assert most < 32 * MIB


async def test_the_last_bytes_are_a_phase_of_their_own(image: Path, tmp_path: Path) -> None:
    source = photographs(tmp_path / "source", 40, 100_000)
    states: list[TransferState] = []
    async with writable(image) as (volume, changes):
        flush = changes.flush

        async def watched() -> None:
            states.append(job.state)
            assert job.progress.bytes_done < job.progress.bytes, "what is not written is not done"
            await flush()

        changes.flush = watched  # type: ignore[method-assign]
        job = CopyIn(volume, changes, HostOrigin([source]), volume.facts.root)
        await job.run()
    assert states == [TransferState.FLUSHING]
    assert job.state is TransferState.DONE


async def test_each_file_tells_what_has_become_of_it(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = photographs(tmp_path / "source", 3, 1000)
    (source / "film: part 1.mkv").write_bytes(b"a name that FAT does not take")
    halfway: dict[str, Fate] = {}
    flush: Callable[[Changes], Any] = Changes.flush

    async def looking(self: Changes) -> None:
        halfway.update({file.path: job.fate(file) for file in job.files()})
        await flush(self)

    monkeypatch.setattr(Changes, "flush", looking)
    async with writable(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([source]), volume.facts.root)
        await job.run()
    assert {fate for path, fate in halfway.items() if "photograph" in path} == {Fate.UNDER_WAY}
    fates = {file.path.partition("/")[2]: job.fate(file) for file in job.files()}
    assert fates == {
        "film: part 1.mkv": Fate.FAILED,
        **{f"photograph {number:03}.jpg": Fate.ARRIVED for number in range(3)},
    }
    (failed,) = [file for file in job.files() if job.fate(file) is Fate.FAILED]
    assert job.why(failed) is job.problems[0].error


async def test_what_a_medium_may_have_refused_is_not_said_to_be_safe(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel tells once that something was not written, and not what."""
    source = photographs(tmp_path / "source", 5, 1000)
    (source / "z large.mov").write_bytes(os.urandom(300_000))
    store, store_all = Changes.store, Changes.store_all
    small = asyncio.Event()

    async def stored(self: Changes, *arguments: Any, **more: Any) -> Any:
        try:
            return await store_all(self, *arguments, **more)
        finally:
            small.set()

    async def refused(self: Changes, parent: int, name: str, *rest: Any, **more: Any) -> Any:
        if name == "z large.mov":
            await small.wait()
            raise NotWritten(0, 512)
        return await store(self, parent, name, *rest, **more)

    monkeypatch.setattr(Changes, "store", refused)
    monkeypatch.setattr(Changes, "store_all", stored)
    async with writable(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([source]), volume.facts.root)
        await job.run()
    assert job.safe() == []
    assert {type(problem.error) for problem in job.problems} == {NotWritten}
    assert job.leftover == len(job.problems) == 6


async def test_a_file_that_was_being_written_when_the_medium_refused_something_is_not_said_to_be_safe(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("a.mov", "z.mov"):
        (source / name).write_bytes(os.urandom(300_000))
    store = Changes.store
    written, refused = asyncio.Event(), asyncio.Event()

    async def slow(self: Changes, parent: int, name: str, *rest: Any, **more: Any) -> Any:
        if name == "z.mov":
            await written.wait()
            refused.set()
            raise NotWritten(0, 512)
        entry = await store(self, parent, name, *rest, **more)
        written.set()
        await refused.wait()
        return entry

    monkeypatch.setattr(Changes, "store", slow)
    arrived: list[str] = []
    async with writable(image) as (volume, changes):
        job = CopyIn(
            volume,
            changes,
            HostOrigin([source]),
            volume.facts.root,
            arrived=lambda step, entry: arrived.append(step.name),
        )
        await job.run()
    assert job.safe() == job.pairs() == []
    assert arrived == ["source"]
    assert {type(problem.error) for problem in job.problems} == {NotWritten}
    assert job.leftover == len(job.problems) == 2
    assert (job.progress.files_done, job.progress.bytes_done) == (2, 600_000)
