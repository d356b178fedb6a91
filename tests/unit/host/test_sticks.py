"""Sticks come, fail, are opened and pulled out at any moment: real workers and images, scripted plugging."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from core.errors import (
    AccessDenied,
    Cancelled,
    DeviceBusy,
    DeviceGone,
    DriverCrashed,
    MediumError,
    NotAFileSystem,
    NotFound,
    RumpusError,
)
from core.host import stick as stick_module
from core.host.access import Medium, open_medium
from core.host.sticks import Change, Stick, Sticks, StickState, VolumeState
from core.host.supervisor import Supervisor
from tests.support.descriptors import nothing_left
from tests.support.disks import loop_node, make_fat, partition, run, sparse
from tests.support.fat import blank_fat, mtools
from tests.support.plugging import Observer, ScriptedWatcher, device_of
from tests.support.stick import blank_image

MIB = 1 << 20


@pytest.fixture(scope="module")
def holiday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stick with one file."""
    folder = tmp_path_factory.mktemp("holiday")
    (folder / "beach.txt").write_text("sand\n")
    image = blank_fat(folder / "holiday.img", 4 * MIB, "-n", "HOLIDAY")
    mtools("mcopy", image, folder / "beach.txt", "::")
    return image


@pytest.fixture
def image(holiday: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return Path(shutil.copy(holiday, tmp_path / "stick.img"))


@asynccontextmanager
async def plugged(
    supervisor: Supervisor, *nodes: Path
) -> AsyncIterator[tuple[Sticks, ScriptedWatcher, Observer]]:
    """Sticks that are there at the start, each looked at already."""
    watcher = ScriptedWatcher(*(device_of(node) for node in nodes))
    async with Sticks(supervisor, watcher) as sticks:
        observer = Observer(sticks)
        for stick in sticks.sticks:
            await stick.settled()
        yield sticks, watcher, observer


def pull(watcher: ScriptedWatcher, stick: Stick) -> None:
    assert stick.device is not None
    watcher.pull(stick.device)


# coming -----------------------------------------------------------------------------------------------------


async def test_a_stick_that_is_plugged_in_shows_up_with_its_name_and_volumes(
    supervisor: Supervisor, image: Path
) -> None:
    async with plugged(supervisor) as (sticks, watcher, observer):
        watcher.plug(device_of(image))
        (stick,) = sticks.sticks
        assert stick.state is StickState.PROBING
        await observer.until(lambda: stick.state is StickState.READY)
        assert observer.of(stick) == [Change.ADDED, Change.CHANGED]
        assert (stick.name, stick.size, stick.image) == ("HOLIDAY", 4 * MIB, False)
        (volume,) = stick.volumes
        assert (volume.name, volume.state, volume.volume) == ("HOLIDAY", VolumeState.CLOSED, None)


async def test_a_stick_that_is_there_already_is_in_the_list_from_the_start(
    supervisor: Supervisor, image: Path
) -> None:
    async with Sticks(supervisor, ScriptedWatcher(device_of(image))) as sticks:
        (stick,) = sticks.sticks
        await stick.settled()
        assert stick.state is StickState.READY


async def test_a_stick_with_several_volumes_has_its_makers_name(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    image = partition(sparse(tmp_path / "two.img", 8 * MIB), "label: dos\n2048,4096,c\n6144,4096,c\n")
    make_fat(image, MIB, 2 * MIB, "-n", "FIRST")
    make_fat(image, 3 * MIB, 2 * MIB)
    async with plugged(supervisor, image) as (sticks, _, _):
        (stick,) = sticks.sticks
        assert stick.name == "Test Stick"
        assert [volume.name for volume in stick.volumes] == ["FIRST", "FAT12"]
        for volume in stick.volumes:
            assert (await volume.open()).partition == volume.partition.number


async def test_a_stick_that_nothing_is_known_of_still_has_a_place_to_show(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    async with plugged(supervisor, blank_image(tmp_path / "blank.img")) as (sticks, _, _):
        (volume,) = sticks.sticks[0].volumes
        with pytest.raises(NotAFileSystem):
            await volume.open()
        assert volume.state is VolumeState.FAILED
        assert isinstance(volume.error, NotAFileSystem)
        assert volume.name == "blank.img"


async def test_names_that_would_mislead_are_made_visible(supervisor: Supervisor, tmp_path: Path) -> None:
    image = blank_image(tmp_path / "x\u202egpj.img")
    watcher = ScriptedWatcher(device_of(image, model="Evil\n\u202eStick"))
    async with Sticks(supervisor, watcher) as sticks:
        (stick,) = sticks.sticks
        await stick.settled()
        assert stick.name == "Test Evil\u240a\ufffdStick"
        assert stick.volumes[0].name == "x\ufffdgpj.img"


async def test_sticks_that_say_the_same_of_themselves_are_two(
    supervisor: Supervisor, image: Path, tmp_path: Path
) -> None:
    twin = Path(shutil.copy(image, tmp_path / "twin.img"))
    one, two = device_of(image, "1-1", serial="4711"), device_of(twin, "1-2", serial="4711")
    watcher = ScriptedWatcher(one, two)
    async with Sticks(supervisor, watcher) as sticks:
        observer = Observer(sticks)
        first, second = sticks.sticks
        await observer.until(lambda: first.state is second.state is StickState.READY)
        assert first.id != second.id
        assert first.name == second.name
        watcher.pull(two)
        assert sticks.sticks == (first,)
        assert first.state is StickState.READY


async def test_thirty_sticks_at_once_are_all_opened_and_leave_nothing_behind(
    supervisor: Supervisor, holiday: Path, tmp_path: Path
) -> None:
    images = [Path(shutil.copy(holiday, tmp_path / f"{number}.img")) for number in range(30)]
    async with plugged(supervisor, images[0]) as (sticks, _, _):
        await sticks.sticks[0].volumes[0].open()
    async with nothing_left(), plugged(supervisor, *images) as (sticks, _, _):
        assert [stick.state for stick in sticks.sticks] == [StickState.READY] * 30
        volumes = await asyncio.gather(*(stick.volumes[0].open() for stick in sticks.sticks))
        assert len({volume.pid for volume in volumes}) == 30


# opening ----------------------------------------------------------------------------------------------------


async def test_everybody_who_opens_a_volume_gets_the_same_one(supervisor: Supervisor, image: Path) -> None:
    async with plugged(supervisor, image) as (sticks, _, observer):
        (volume,) = sticks.sticks[0].volumes
        first, second = await asyncio.gather(volume.open(), volume.open())
        assert first is second is volume.volume is await volume.open()
        assert observer.of(sticks.sticks[0]) == [Change.CHANGED] * 3  # READY, OPENING, OPEN


async def test_another_code_page_opens_the_volume_anew(supervisor: Supervisor, image: Path) -> None:
    async with plugged(supervisor, image) as (sticks, _, _):
        (volume,) = sticks.sticks[0].volumes
        before = await volume.open()
        after = await volume.open(code_page="cp866")
        assert after is not before
        assert before.ended.done()
        assert await volume.open() is after
        with pytest.raises(NotFound):
            await volume.open(driver="nonsense")
        assert volume.state is VolumeState.FAILED


async def test_another_code_page_asked_for_while_it_opens_wins(supervisor: Supervisor, image: Path) -> None:
    async with plugged(supervisor, image) as (sticks, _, _):
        (volume,) = sticks.sticks[0].volumes
        early = asyncio.create_task(volume.open())
        await asyncio.sleep(0)
        late = await volume.open(code_page="cp866")
        with pytest.raises(Cancelled):
            await early
        assert volume.volume is late


async def test_a_closed_volume_can_be_opened_again(supervisor: Supervisor, image: Path) -> None:
    async with plugged(supervisor, image) as (sticks, _, _):
        (volume,) = sticks.sticks[0].volumes
        before = await volume.open()
        await volume.close()
        await volume.close()
        assert (volume.state, volume.volume, volume.error) == (VolumeState.CLOSED, None, None)
        assert before.ended.done()
        assert (await volume.open()).facts.label == "HOLIDAY"


async def test_closing_while_it_opens_tells_those_who_wait(supervisor: Supervisor, image: Path) -> None:
    async with plugged(supervisor, image) as (sticks, _, _):
        (volume,) = sticks.sticks[0].volumes
        waiting = [asyncio.create_task(volume.open()) for _ in range(2)]
        await asyncio.sleep(0)
        await volume.close()
        for each in waiting:
            with pytest.raises(Cancelled):
                await each
        assert volume.state is VolumeState.CLOSED


async def test_one_caller_who_gives_up_leaves_the_volume_to_the_others(
    supervisor: Supervisor, image: Path
) -> None:
    async with plugged(supervisor, image) as (sticks, _, _):
        (volume,) = sticks.sticks[0].volumes
        leaving, staying = asyncio.create_task(volume.open()), asyncio.create_task(volume.open())
        await asyncio.sleep(0)
        leaving.cancel()
        assert await staying is volume.volume
        assert leaving.cancelled()


async def test_the_last_caller_who_gives_up_ends_the_opening(supervisor: Supervisor, image: Path) -> None:
    async with plugged(supervisor, image) as (sticks, _, _):
        (volume,) = sticks.sticks[0].volumes
        for turns in range(30):
            leaving = asyncio.create_task(volume.open())
            for _ in range(turns):
                await asyncio.sleep(0)
            leaving.cancel()
            await asyncio.wait({leaving})
            await volume.ended()
            if leaving.cancelled():
                assert (volume.state, volume.volume) == (VolumeState.CLOSED, None)
            await volume.close()
        assert not supervisor._workers


# crashes ----------------------------------------------------------------------------------------------------


async def test_a_driver_that_crashes_leaves_a_report_and_can_be_started_again(
    supervisor: Supervisor, image: Path
) -> None:
    async with plugged(supervisor, image) as (sticks, _, observer):
        (stick,) = sticks.sticks
        (volume,) = stick.volumes
        crashed = await volume.open()
        await crashed.resolve("beach.txt")
        os.kill(crashed.pid, signal.SIGKILL)
        await observer.until(lambda: volume.state is VolumeState.FAILED)
        assert observer.changes[-1] == (Change.CHANGED, stick)
        assert isinstance(volume.error, DriverCrashed)
        assert "SIGKILL" in volume.error.cause
        saved, _, text = volume.error.report.partition("\n")
        assert Path(saved.removeprefix("Saved as ")).read_text() == text
        assert "Lookup" in text
        assert volume.volume is None
        assert stick.state is StickState.READY
        entry = await (await volume.open()).resolve("beach.txt")
        assert (volume.state, volume.error, entry.size) == (VolumeState.OPEN, None, 5)


async def test_a_bug_of_ours_while_opening_is_shown_with_its_traceback(
    supervisor: Supervisor, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise ZeroDivisionError("of ours")

    async with plugged(supervisor, image) as (sticks, _, _):
        (volume,) = sticks.sticks[0].volumes
        with monkeypatch.context() as broken:
            broken.setattr(supervisor, "open", fails)
            with pytest.raises(DriverCrashed) as caught:
                await volume.open()
        assert volume.error is caught.value
        assert "in fails" in caught.value.report
        assert volume.state is VolumeState.FAILED
        await volume.open()
        with monkeypatch.context() as broken:
            broken.setattr(supervisor, "survey", fails)
            other = await sticks.add_image(blank_image(image.with_name("other.img")))
        assert isinstance(other.error, DriverCrashed)
        assert other.state is StickState.FAILED


# going ------------------------------------------------------------------------------------------------------


def _is_gone(stick: Stick) -> bool:
    return (
        stick.state is StickState.GONE
        and isinstance(stick.error, DeviceGone)
        and stick.medium is None
        and all(
            volume.state is VolumeState.GONE
            and isinstance(volume.error, DeviceGone)
            and volume.volume is None
            for volume in stick.volumes
        )
    )


@pytest.mark.parametrize("turns", range(0, 48, 3))
async def test_a_stick_pulled_out_at_any_moment_of_opening_is_gone_and_leaves_nothing(
    supervisor: Supervisor, image: Path, turns: int
) -> None:
    async with plugged(supervisor, image) as (sticks, _, _):
        await sticks.sticks[0].volumes[0].open()  # starts whatever is started once

    async def opened(stick: Stick) -> str:
        await stick.settled()
        if stick.state is StickState.GONE:
            return "before it was known"
        return (await stick.volumes[0].open()).facts.label

    async with nothing_left(), plugged(supervisor) as (sticks, watcher, observer):
        watcher.plug(device_of(image))
        (stick,) = sticks.sticks
        opening = asyncio.create_task(opened(stick))
        for _ in range(turns):
            await asyncio.sleep(0)
        pull(watcher, stick)
        assert sticks.sticks == ()
        assert _is_gone(stick)
        assert observer.of(stick)[-1] is Change.REMOVED
        heard = len(observer.changes)
        with suppress(DeviceGone):
            assert await opening in ("HOLIDAY", "before it was known")
        await stick.ended()
        assert len(observer.changes) == heard
        assert _is_gone(stick)


async def test_a_stick_pulled_out_while_it_is_listed_ends_the_listing(
    supervisor: Supervisor, image: Path
) -> None:
    async with plugged(supervisor, image) as (sticks, watcher, _):
        (stick,) = sticks.sticks
        volume = await stick.volumes[0].open()
        with pytest.raises(RumpusError):
            async for _batch in volume.entries(volume.facts.root):
                pull(watcher, stick)
                await stick.ended()
                await volume.describe()
        assert _is_gone(stick)
        with pytest.raises(DeviceGone):
            await stick.volumes[0].open()


def lose(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a worker finds no device behind its descriptor, after it has tried for a moment."""

    async def finds_nothing(*_: object) -> None:
        await asyncio.sleep(0)
        raise DeviceGone

    monkeypatch.setattr(supervisor, "open", finds_nothing)


@pytest.mark.parametrize("first", ["the error", "the word of udev"])
async def test_a_yank_ends_the_same_whichever_is_noticed_first(
    supervisor: Supervisor, image: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    async with plugged(supervisor, image) as (sticks, watcher, _):
        (stick,) = sticks.sticks
        (volume,) = stick.volumes
        lose(supervisor, monkeypatch)
        opening = asyncio.create_task(volume.open())
        if first == "the error":
            with pytest.raises(DeviceGone):
                await opening
            assert volume.state is VolumeState.FAILED
            assert (stick.state, type(stick.error)) == (StickState.FAILED, DeviceGone)
            assert stick.medium is None
            assert sticks.sticks == (stick,)
            pull(watcher, stick)
        else:
            await asyncio.sleep(0)
            pull(watcher, stick)
            with pytest.raises(DeviceGone):
                await opening
        assert _is_gone(stick)
        assert sticks.sticks == ()


async def test_a_read_error_of_a_yanked_device_becomes_its_end_when_udev_says_so(
    supervisor: Supervisor, image: Path
) -> None:
    with loop_node(image) as node:
        async with plugged(supervisor, node) as (sticks, watcher, _):
            (stick,) = sticks.sticks
            (volume,) = stick.volumes
            os.truncate(image, 0)  # from now on the kernel answers EIO
            run("blockdev", "--flushbufs", node)
            with pytest.raises((MediumError, DeviceGone)):
                await volume.open()
            assert volume.state is VolumeState.FAILED
            pull(watcher, stick)
            assert _is_gone(stick)


async def test_a_stick_whose_bus_was_reset_can_be_looked_at_again(
    supervisor: Supervisor, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with plugged(supervisor, image) as (sticks, _, _):
        (stick,) = sticks.sticks
        (old,) = stick.volumes
        with monkeypatch.context() as for_now:
            lose(supervisor, for_now)
            with pytest.raises(DeviceGone):
                await old.open()
        with pytest.raises(DeviceGone):
            await old.open()
        await sticks.retry(stick)
        assert stick.state is StickState.READY
        assert old.state is VolumeState.GONE
        assert (await stick.volumes[0].open()).facts.label == "HOLIDAY"


async def test_another_card_in_the_same_slot_is_another_stick(supervisor: Supervisor, image: Path) -> None:
    async with plugged(supervisor, image) as (sticks, watcher, _):
        (before,) = sticks.sticks
        watcher.plug(device_of(image))
        (after,) = sticks.sticks
        assert after is not before
        assert _is_gone(before)
        await after.settled()
        assert after.state is StickState.READY


async def test_words_of_udev_that_come_twice_or_late_change_nothing(
    supervisor: Supervisor, image: Path
) -> None:
    earlier, now = device_of(image), device_of(image)
    async with plugged(supervisor) as (sticks, watcher, observer):
        watcher.plug(now)
        watcher.plug(now)
        watcher.pull(earlier)
        (stick,) = sticks.sticks
        await stick.settled()
        watcher.plug(now)
        assert (sticks.sticks, stick.state) == ((stick,), StickState.READY)
        watcher.pull(now)
        watcher.pull(now)
        assert observer.of(stick) == [Change.ADDED, Change.CHANGED, Change.REMOVED]


# access -----------------------------------------------------------------------------------------------------


async def test_nobody_is_asked_for_a_password_for_plugging_in_but_for_trying_again(
    supervisor: Supervisor, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def guarded(path: Path, *, ask: bool) -> Medium:
        asked.append(ask)
        if not ask:
            raise AccessDenied(str(path), "Permission denied")
        return await open_medium(path)

    monkeypatch.setattr(stick_module, "open_medium", guarded)
    async with plugged(supervisor, image) as (sticks, _, observer):
        (stick,) = sticks.sticks
        assert (stick.state, type(stick.error)) == (StickState.FAILED, AccessDenied)
        await sticks.retry(stick)
        assert (stick.state, stick.error) == (StickState.READY, None)
        assert asked == [False, True]
        assert observer.of(stick) == [Change.CHANGED] * 3  # FAILED, PROBING, READY


async def test_a_stick_is_held_while_it_is_shown_and_free_once_it_is_forgotten(
    supervisor: Supervisor, image: Path
) -> None:
    with loop_node(image) as node:
        async with plugged(supervisor, node) as (sticks, _, _):
            (stick,) = sticks.sticks
            await stick.volumes[0].open()
            with pytest.raises(OSError) as caught:
                os.open(node, os.O_RDONLY | os.O_EXCL)
            assert caught.value.errno == errno.EBUSY
            await sticks.forget(stick)
            assert sticks.sticks == ()
            os.close(os.open(node, os.O_RDONLY | os.O_EXCL))


async def test_a_stick_that_somebody_else_holds_can_be_tried_again(
    supervisor: Supervisor, image: Path
) -> None:
    with loop_node(image) as node:
        held = os.open(node, os.O_RDONLY | os.O_EXCL)
        async with plugged(supervisor, node) as (sticks, _, _):
            (stick,) = sticks.sticks
            assert (stick.state, type(stick.error)) == (StickState.FAILED, DeviceBusy)
            os.close(held)
            await sticks.retry(stick)
            assert stick.state is StickState.READY


async def test_a_stick_put_back_at_once_does_not_find_itself_in_the_way(
    supervisor: Supervisor, image: Path
) -> None:
    with loop_node(image) as node:
        async with plugged(supervisor, node) as (sticks, watcher, _):
            for _ in range(5):
                (stick,) = sticks.sticks
                await stick.volumes[0].open()
                pull(watcher, stick)
                watcher.plug(device_of(node))
                await sticks.sticks[0].settled()
                assert sticks.sticks[0].error is None


# images -----------------------------------------------------------------------------------------------------


async def test_an_image_is_taken_up_once_however_it_is_named(supervisor: Supervisor, image: Path) -> None:
    link = image.with_name("link.img")
    link.symlink_to(image)
    async with Sticks(supervisor) as sticks:
        first, second = await asyncio.gather(sticks.add_image(image), sticks.add_image(link))
        assert first is second
        assert (first.image, first.state, first.name) == (True, StickState.READY, "HOLIDAY")
        await sticks.forget(first)
        assert (sticks.sticks, first.state, first.error) == ((), StickState.GONE, None)
        assert await sticks.add_image(image) is not first


async def test_an_image_that_is_not_there_says_so_until_it_is(supervisor: Supervisor, image: Path) -> None:
    missing = image.with_name("missing.img")
    async with Sticks(supervisor) as sticks:
        stick = await sticks.add_image(missing)
        assert (stick.state, type(stick.error)) == (StickState.FAILED, NotFound)
        shutil.copy(image, missing)
        assert await sticks.add_image(missing) is stick
        assert stick.state is StickState.READY
        for hopeless in ("\0", "x" * 5000):
            assert (await sticks.add_image(Path(hopeless))).state is StickState.FAILED


async def test_a_device_named_by_its_path_is_the_stick_that_udev_speaks_of(
    supervisor: Supervisor, image: Path
) -> None:
    with loop_node(image) as node:
        async with plugged(supervisor) as (sticks, watcher, _):
            stick = await sticks.add_image(node)
            assert (stick.image, stick.state) == (False, StickState.READY)
            watcher.plug(device_of(node))
            assert sticks.sticks == (stick,)
            pull(watcher, stick)
            assert _is_gone(stick)


# the list itself --------------------------------------------------------------------------------------------


async def test_a_listener_with_a_bug_does_not_keep_others_from_hearing(
    supervisor: Supervisor, image: Path
) -> None:
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    async with plugged(supervisor) as (sticks, watcher, _):

        def broken(change: Change, stick: Stick) -> None:
            raise ValueError

        forget = sticks.observe(broken)
        observer = Observer(sticks)
        watcher.plug(device_of(image))
        (stick,) = sticks.sticks
        await stick.settled()
        assert observer.of(stick) == [Change.ADDED, Change.CHANGED]
        assert len(complaints) == 2
        forget()
        forget()
        pull(watcher, stick)
        assert len(complaints) == 2
        observer.forget()


async def test_closing_the_list_in_the_middle_of_everything_leaves_nothing(
    supervisor: Supervisor, holiday: Path, tmp_path: Path
) -> None:
    images = [Path(shutil.copy(holiday, tmp_path / f"{number}.img")) for number in range(4)]
    async with plugged(supervisor, *images) as (sticks, _, _):
        await sticks.sticks[0].volumes[0].open()
    async with nothing_left():
        async with plugged(supervisor, *images[:3]) as (sticks, watcher, _):
            await sticks.sticks[0].volumes[0].open()
            opening = asyncio.create_task(sticks.sticks[1].volumes[0].open())
            watcher.plug(device_of(images[3]))
            await asyncio.sleep(0)
        with pytest.raises((DeviceGone, Cancelled)):
            await opening
        with pytest.raises(Cancelled):
            await sticks.add_image(images[0])
