"""A mount that does not end as usual: on a medium that refuses, without a stick, given up while it begins."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from core.errors import DeviceGone, NotMounted, NotWritten, RumpusError
from core.host.access import Medium, open_medium
from core.host.changes import Changes
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from core.mount.apart import Wish, mounted_apart
from core.mount.mounted import mounted
from core.mount.places import Bounds
from tests.support.fat import blank_fat
from tests.support.mounts import is_mounted, need_fuse

SIZE = 8 << 20
BOUNDS = Bounds(0, SIZE)


class Writable(NamedTuple):
    volume: Volume
    medium: Medium
    changes: Changes
    at: Path


@pytest_asyncio.fixture
async def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Writable]:
    monkeypatch.chdir(Path.cwd())  # so that it is restored: libfuse, which serves in this process, goes to /
    need_fuse()
    (tmp_path / "at").mkdir()
    async with Supervisor() as supervisor:
        with await open_medium(blank_fat(tmp_path / "stick.img", SIZE)) as medium:
            async with await supervisor.open(medium) as volume:
                descriptor = await medium.for_writing()
                try:
                    changes = await volume.writable(descriptor)
                finally:
                    os.close(descriptor)
                yield Writable(volume, medium, changes, tmp_path / "at")


def synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def test_what_the_medium_refused_while_nobody_waited_is_told_and_known_to_fsync(
    stick: Writable, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals, flush = [NotWritten(0, 512)], stick.changes.flush

    async def refused_once() -> None:
        if refusals:
            raise refusals.pop()
        await flush()

    monkeypatch.setattr(stick.changes, "flush", refused_once)
    heard: asyncio.Future[RumpusError] = asyncio.get_running_loop().create_future()
    descriptor = stick.medium.descriptor
    async with mounted(stick.volume, descriptor, BOUNDS, stick.at, changes=stick.changes) as mount:
        mount.unwritten = heard.set_result
        await asyncio.to_thread((stick.at / "letter").write_text, "hello\n")
        assert isinstance(await asyncio.wait_for(heard, 30), NotWritten)
        with pytest.raises(OSError) as refusal:
            await asyncio.to_thread(synced, stick.at / "letter")
        assert refusal.value.errno == errno.EIO


async def test_what_the_medium_refuses_at_the_very_end_is_told(
    stick: Writable, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused() -> None:
        raise NotWritten(0, 512)

    heard: list[RumpusError] = []
    descriptor = stick.medium.descriptor
    async with mounted(stick.volume, descriptor, BOUNDS, stick.at, changes=stick.changes) as mount:
        mount.unwritten = heard.append
        monkeypatch.setattr(stick.changes, "flush", refused)
    assert [type(error) for error in heard] == [NotWritten]


async def test_a_program_that_writes_without_a_stick_fails_and_nothing_else_comes_of_it(
    stick: Writable,
) -> None:
    descriptor = stick.medium.descriptor
    async with mounted(stick.volume, descriptor, BOUNDS, stick.at, changes=stick.changes) as mount:
        file = await asyncio.to_thread(os.open, stick.at / "letter", os.O_RDWR | os.O_CREAT)
        mount.end(DeviceGone())
        with pytest.raises(OSError) as refusal:
            await asyncio.to_thread(os.write, file, b"hello\n")
        assert refusal.value.errno == errno.EIO
        await asyncio.to_thread(os.close, file)
        gc.collect()  # a coroutine that was never awaited is told of then


async def test_a_mount_that_is_given_up_while_it_begins_is_taken_away_again(stick: Writable) -> None:
    async def mounting() -> None:
        async with mounted(stick.volume, stick.medium.descriptor, BOUNDS, stick.at):
            raise AssertionError("it was given up before")

    def serves() -> bool:
        return any(thread.name == "fuse" for thread in threading.enumerate())

    task = asyncio.create_task(mounting())
    while not serves():  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_mounted(stick.at)
    while serves():  # noqa: ASYNC110 - it has said that it ends, and does
        await asyncio.sleep(0)


async def test_a_process_that_cannot_be_started_is_a_mount_that_is_refused(
    stick: Writable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/program")
    with pytest.raises(NotMounted) as refusal:
        async with mounted_apart(stick.medium, Wish(-1, "", 0, BOUNDS, str(stick.at))):
            pass
    assert "No such file" in refusal.value.reason
