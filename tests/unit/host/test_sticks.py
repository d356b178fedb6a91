"""Sticks come, are held, and are in a list: real workers and images, scripted plugging."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from pathlib import Path

import pytest

from core.errors import AccessDenied, Cancelled, DeviceBusy, DeviceGone, NotAFileSystem, NotFound
from core.host import stick as stick_module
from core.host.access import Medium, open_medium
from core.host.sticks import Change, Stick, Sticks, StickState, VolumeState
from core.host.supervisor import Supervisor
from tests.support.descriptors import nothing_left
from tests.support.disks import loop_node, make_fat, partition, sparse
from tests.support.plugging import Observer, ScriptedWatcher, device_of, is_gone, plugged, pull
from tests.support.stick import blank_image

MIB = 1 << 20


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
        assert volume.name == "Test Stick"


async def test_names_that_would_mislead_are_made_visible(supervisor: Supervisor, tmp_path: Path) -> None:
    image = blank_image(tmp_path / "x\u202egpj.img")
    watcher = ScriptedWatcher(device_of(image, model="Evil\n\u202eStick"))
    async with Sticks(supervisor, watcher) as sticks:
        (stick,) = sticks.sticks
        await stick.settled()
        assert stick.name == "Test Evil\u240a\ufffdStick"
        assert stick.volumes[0].name == stick.name
        image_alone = await sticks.add_image(Path(shutil.copy(image, tmp_path / "y\u202egpj.img")))
        await image_alone.settled()
        assert image_alone.volumes[0].name == "y\ufffdgpj.img"


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
            assert is_gone(stick)


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
