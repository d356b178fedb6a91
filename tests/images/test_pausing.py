"""Copies that a person lets rest: the worker soon stops, the stick stays busy, and all of it arrives."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from core.host.copying_in import CopyIn
from core.host.jobs import Job, TransferState
from core.host.loading import HostOrigin
from core.host.transfers import CopyOut
from core.host.volume import Volume
from tests.support.changing import opened
from tests.support.fat import blank_fat, mtools

MIB = 1 << 20
LARGE = random.Random(5).randbytes(MIB) * 160
QUESTIONS = 400
"""The worker takes a slice of a copy between two of them: it would long be done if it went on."""


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return blank_fat(tmp_path / "stick.img", 400 * MIB, "-F", "32")


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.bin"
    path.write_bytes(LARGE)
    return path


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set when a job has been paused, as each of them is in the middle of its first file."""
    paused, count = asyncio.Event(), Job._count

    def count_and_pause(job: Job, **done: Any) -> None:
        count(job, **done)
        if job.progress.bytes_done and not paused.is_set():
            job.pause()
            paused.set()

    monkeypatch.setattr(Job, "_count", count_and_pause)
    return paused


async def resting(job: Job, volume: Volume, paused: asyncio.Event) -> asyncio.Task[None]:
    """Starts it, and returns when it would be over if it had not been paused."""
    running = asyncio.create_task(job.run())
    await paused.wait()
    for _ in range(QUESTIONS):
        await volume.describe()
    assert job.state is TransferState.RUNNING
    assert 0 < job.progress.bytes_done < len(LARGE)
    assert list(volume.uses) == [job], "the stick is busy all the same"
    assert job.what.startswith("paused while copying")
    return running


async def test_a_copy_out_rests_in_mid_file_and_goes_on(
    image: Path, large: Path, tmp_path: Path, paused: asyncio.Event
) -> None:
    mtools("mcopy", image, large, "::/")
    (tmp_path / "out").mkdir()
    async with opened(image) as (volume, _):
        job = CopyOut(volume, [volume.root], tmp_path / "out")
        running = await resting(job, volume, paused)
        assert not (tmp_path / "out/large.bin").exists(), "no half file has its name"
        job.resume()
        await running
    assert job.state is TransferState.DONE
    assert (tmp_path / "out/large.bin").read_bytes() == LARGE


async def test_a_copy_in_rests_in_mid_file_and_goes_on(
    image: Path, large: Path, paused: asyncio.Event
) -> None:
    async with opened(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([large]), volume.facts.root)
        running = await resting(job, volume, paused)
        assert not mtools("mdir", image, "-b", "::/")
        job.resume()
        await running
    assert job.state is TransferState.DONE
    assert mtools("mtype", image, "::/large.bin") == LARGE


async def test_a_copy_that_rests_can_be_cancelled_and_leaves_nothing(
    image: Path, large: Path, tmp_path: Path, paused: asyncio.Event
) -> None:
    mtools("mcopy", image, large, "::/")
    (tmp_path / "out").mkdir()
    async with opened(image) as (volume, _):
        job = CopyOut(volume, [volume.root], tmp_path / "out")
        running = await resting(job, volume, paused)
        job.cancel()
        await running
        assert not volume.uses
    assert job.state is TransferState.CANCELLED
    assert list((tmp_path / "out").iterdir()) == []
