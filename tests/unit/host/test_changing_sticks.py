"""A stick is changed and formatted while it is in the list: real workers and images, scripted plugging."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import AccessDenied, DeviceGone, MediumError, ReadOnly, SizeNotAllowed
from core.host import formatting
from core.host import stick as stick_module
from core.host.access import Medium
from core.host.changes import Changes
from core.host.sticks import Change, Stick, Sticks, StickState, VolumeState
from core.host.supervisor import Supervisor
from core.host.system_disks import holds_the_system
from tests.support.descriptors import nothing_left
from tests.support.disks import run
from tests.support.fat import blank_fat, mtools
from tests.support.plugging import Observer, ScriptedWatcher, device_of

MIB = 1 << 20


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return blank_fat(tmp_path / "stick.img", 8 * MIB, "-n", "HOLIDAY")


@asynccontextmanager
async def plugged(
    supervisor: Supervisor, image: Path
) -> AsyncIterator[tuple[Stick, ScriptedWatcher, Observer]]:
    watcher = ScriptedWatcher(device_of(image))
    async with Sticks(supervisor, watcher) as sticks:
        observer = Observer(sticks)
        (stick,) = sticks.sticks
        await stick.settled()
        yield stick, watcher, observer


async def test_a_volume_becomes_writable_once_for_all_who_want_to_change_it(
    supervisor: Supervisor, image: Path
) -> None:
    async with nothing_left(), plugged(supervisor, image) as (stick, _, observer):
        (volume,) = stick.volumes
        await volume.open()
        assert volume.writing is None, "it is read-only until somebody wants to change it"
        heard = len(observer.changes)
        first, second = await asyncio.gather(volume.changes(), volume.changes())
        assert first is second is volume.writing
        assert observer.changes[heard:] == [(Change.CHANGED, stick)]


async def test_observers_hear_what_is_free_after_a_change(supervisor: Supervisor, image: Path) -> None:
    async with plugged(supervisor, image) as (stick, _, observer):
        (volume,) = stick.volumes
        opened = await volume.open()
        before = opened.facts.free
        changes = await volume.changes()
        await changes.create(opened.facts.root, "folder", Kind.DIRECTORY)
        heard = len(observer.changes)
        facts = await volume.describe()
        assert before is not None and facts.free == opened.facts.free == before - facts.block_size
        assert len(observer.changes) == heard + 1
        await volume.describe()
        assert len(observer.changes) == heard + 1, "nothing new, nothing said"


@pytest.mark.parametrize("how", ["close", "forget", "end", "code page"])
async def test_what_was_changed_is_on_the_stick_however_it_is_left(
    supervisor: Supervisor, image: Path, how: str
) -> None:
    async with Sticks(supervisor) as sticks:
        stick = await sticks.add_image(image)
        (volume,) = stick.volumes
        opened = await volume.open()
        changes = await volume.changes()
        await changes.create(opened.facts.root, "folder", Kind.DIRECTORY)
        match how:
            case "close":
                await volume.close()
            case "forget":
                await sticks.forget(stick)
            case "code page":
                again = await volume.open(code_page="cp850")
                assert (await again.lookup(again.facts.root, "folder")).kind is Kind.DIRECTORY
                assert volume.writing is None
    assert b"folder" in mtools("mdir", image, "-b")
    run("fsck.fat", "-n", image)


async def test_a_write_protected_stick_refuses_and_is_asked_anew(
    supervisor: Supervisor, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(self: Medium, *, ask: bool = True) -> int:
        raise ReadOnly("it is write-protected")

    async with plugged(supervisor, image) as (stick, _, _):
        (volume,) = stick.volumes
        with monkeypatch.context() as patched:
            patched.setattr(Medium, "for_writing", refuse)
            with pytest.raises(ReadOnly):
                await volume.changes()
        assert volume.state is VolumeState.OPEN, "it can be read as before"
        assert volume.writing is None
        assert await volume.changes() is volume.writing


async def test_a_stick_pulled_out_while_it_is_written_is_gone(supervisor: Supervisor, image: Path) -> None:
    async with nothing_left(), plugged(supervisor, image) as (stick, watcher, _):
        (volume,) = stick.volumes
        opened = await volume.open()
        changes = await volume.changes()
        assert stick.device is not None
        watcher.pull(stick.device)
        assert (volume.state, type(volume.error)) == (VolumeState.GONE, DeviceGone)
        with pytest.raises(DeviceGone):
            await volume.changes()
        await stick.ended()
        with pytest.raises(Exception, match="closed"):
            await changes.create(opened.facts.root, "folder", Kind.DIRECTORY)


async def test_a_close_that_cannot_write_what_was_changed_says_so(
    supervisor: Supervisor, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(self: Changes) -> None:
        raise MediumError(512, 512)

    monkeypatch.setattr(Changes, "flush", fail)
    async with plugged(supervisor, image) as (stick, _, _):
        (volume,) = stick.volumes
        await volume.changes()
        await volume.close()
        assert (volume.state, type(volume.error)) == (VolumeState.FAILED, MediumError)
        await volume.open()
        assert (volume.state, volume.error) == (VolumeState.OPEN, None)


async def test_a_stick_is_formatted_and_looked_at_anew(supervisor: Supervisor, image: Path) -> None:
    async with nothing_left(), plugged(supervisor, image) as (stick, _, observer):
        (old,) = stick.volumes
        opened = await old.open()
        await (await old.changes()).create(opened.facts.root, "folder", Kind.DIRECTORY)
        written: list[int] = []
        await stick.format(formatting.wish("fat16", "NEW", table=True), written.append)
        assert stick.state is StickState.READY
        assert old.state is VolumeState.GONE
        (volume,) = stick.volumes
        assert (volume.partition.number, volume.name, stick.name) == (1, "NEW", "NEW")
        assert (await volume.open()).facts.system == "FAT16"
        assert observer.of(stick)


async def test_a_wish_that_cannot_be_leaves_the_stick_as_it_was(supervisor: Supervisor, image: Path) -> None:
    before = image.read_bytes()
    async with plugged(supervisor, image) as (stick, _, _):
        with pytest.raises(SizeNotAllowed):
            await stick.format(formatting.wish("fat32", "NEW"))
        assert (stick.state, stick.name) == (StickState.READY, "HOLIDAY")
    assert image.read_bytes() == before


async def test_a_stick_pulled_out_while_it_is_formatted_is_gone(
    supervisor: Supervisor, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with nothing_left(), plugged(supervisor, image) as (stick, watcher, _):

        async def format_(*_: object) -> None:
            assert stick.device is not None
            watcher.pull(stick.device)
            raise DeviceGone

        monkeypatch.setattr(supervisor, "format", format_)
        with pytest.raises(DeviceGone):
            await stick.format(formatting.wish("fat16", ""))
        assert stick.state is StickState.GONE


async def test_a_disk_that_the_system_runs_from_is_not_formatted(
    supervisor: Supervisor, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stick_module, "holds_the_system", lambda path: path == image)
    before = image.read_bytes()
    async with plugged(supervisor, image) as (stick, _, _):
        with pytest.raises(AccessDenied):
            await stick.format(formatting.wish("fat16", ""))
    assert image.read_bytes() == before


def test_a_file_is_no_system_disk(image: Path) -> None:
    assert not holds_the_system(image)
    assert not holds_the_system(Path(os.devnull))
