"""Sticks are pulled out at any moment: real workers and images, scripted plugging."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import pytest

from core.errors import DeviceGone, MediumError, RumpusError
from core.host.sticks import Change, Stick, StickState, VolumeState
from core.host.supervisor import Supervisor
from tests.support.descriptors import nothing_left
from tests.support.disks import loop_node, run
from tests.support.plugging import device_of, is_gone, plugged, pull


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
        assert is_gone(stick)
        assert observer.of(stick)[-1] is Change.REMOVED
        heard = len(observer.changes)
        with suppress(DeviceGone):
            assert await opening in ("HOLIDAY", "before it was known")
        await stick.ended()
        assert len(observer.changes) == heard
        assert is_gone(stick)


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
        assert is_gone(stick)
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
        assert is_gone(stick)
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
            assert is_gone(stick)


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
        assert is_gone(before)
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
