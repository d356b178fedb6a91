"""Copying out of a stick that is pulled out, cancelled or broken while a large file is on its way."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from core.blockdev.descriptor import DescriptorDevice, measure
from core.errors import Cancelled, DeviceGone, MediumError
from core.fs.fat.writing.writer import FatWriter
from core.host.transfers import CopyOut, TransferState
from tests.support.copying_out import files_in, opened
from tests.support.descriptors import nothing_left
from tests.support.fat import blank_fat, mtools

MIB = 1 << 20


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A stick with 40 small files and one too large to be copied at once, most of it holes in the image."""
    image = blank_fat(tmp_path / "slow.img", 1100 * MIB, "-F", "32")
    with_a_huge_file(image, 1000 * MIB)
    return image


def with_a_huge_file(image: Path, size: int) -> None:
    """Adds a file whose bytes nobody has written, and then small ones."""
    descriptor = os.open(image, os.O_RDWR)
    try:
        volume = FatWriter.open(DescriptorDevice(descriptor, *measure(descriptor)))
        volume.commit(volume.reserve(volume.facts().root, "huge", size))
        volume.flush()
    finally:
        os.close(descriptor)
    few = image.with_name("few")
    few.mkdir()
    for number in range(40):
        (few / f"{number}.txt").write_bytes(b"%d" % number * 100)
    mtools("mcopy", image, "-s", few, "::/")


def once_moving(action: Callable[[CopyOut], None]) -> Callable[[CopyOut], None]:
    """A listener that acts when the large file is on its way."""
    done = []

    def listener(job: CopyOut) -> None:
        if not done and job.state is TransferState.RUNNING and job.progress.bytes_done > 8 * MIB:
            done.append(True)
            action(job)

    return listener


async def test_a_cancelled_copy_leaves_what_is_whole_and_nothing_else(slow: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    async with nothing_left(), opened(slow) as volume:
        job = CopyOut(volume, [await volume.resolve(path) for path in ("/few", "/huge")], tmp_path / "out")
        job.observe(once_moving(CopyOut.cancel))
        await job.run()
        assert await volume.resolve("/few"), "the stick is still open"
    assert job.state is TransferState.CANCELLED
    assert isinstance(job.error, Cancelled)
    assert job.missing() == ["huge"]
    assert files_in(tmp_path / "out").keys() == set(job.safe())


async def test_a_cancelled_task_leaves_nothing_unfinished_either(slow: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    async with nothing_left(), opened(slow) as volume:
        job = CopyOut(volume, [await volume.resolve("/huge")], tmp_path / "out")
        task = asyncio.ensure_future(job.run())
        job.observe(once_moving(lambda _: task.cancel()))
        with pytest.raises(asyncio.CancelledError):
            await task
    assert job.state is TransferState.CANCELLED
    assert list((tmp_path / "out").iterdir()) == []


async def test_a_stick_pulled_out_ends_the_job_and_says_what_is_safe(slow: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    async with nothing_left(), opened(slow) as volume:
        job = CopyOut(volume, [await volume.resolve(path) for path in ("/few", "/huge")], tmp_path / "out")
        job.observe(once_moving(lambda _: os.truncate(slow, 0)))
        await job.run()
    assert job.state is TransferState.FAILED
    assert isinstance(job.error, DeviceGone)
    assert job.missing() == ["huge"]
    assert len(job.safe()) == 40
    assert files_in(tmp_path / "out").keys() == set(job.safe())


async def test_a_worker_that_dies_ends_the_job(slow: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    async with opened(slow) as volume:
        job = CopyOut(volume, [await volume.resolve("/huge")], tmp_path / "out")
        job.observe(once_moving(lambda _: os.kill(volume.pid, 9)))
        await job.run()
        assert job.error is volume.ended.result()
    assert job.state is TransferState.FAILED
    assert list((tmp_path / "out").iterdir()) == []


async def test_a_bad_place_costs_itself_and_the_rest_arrives(tmp_path: Path) -> None:
    """The image ends inside the large file, as if everything from there on were bad sectors."""
    (tmp_path / "out").mkdir()
    image = blank_fat(tmp_path / "stick.img", 40 * MIB, "-F", "32")
    with_a_huge_file(image, 30 * MIB)
    readable = random.Random(7).randbytes(2 * MIB)
    with image.open("r+b") as file:
        file.seek(10 * MIB)
        file.write(readable)
    async with opened(image) as volume:
        huge = await volume.resolve("/huge")
        await volume.stat(huge.node)
        os.truncate(image, 20 * MIB)
        job = CopyOut(volume, [huge], tmp_path / "out")
        await job.run()
    assert job.state is TransferState.DONE
    assert {problem.path for problem in job.problems} == {"huge"}
    assert all(isinstance(problem.error, MediumError) for problem in job.problems)
    landed = (tmp_path / "out" / "huge").read_bytes()
    assert len(landed) == 30 * MIB
    assert readable in landed
    assert not any(landed[25 * MIB :]), "what could not be read is a hole"
    assert "huge" in job.missing()
