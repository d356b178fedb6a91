"""Volumes of sticks are opened by one or many, closed, and crash: real workers and images."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from core.errors import Cancelled, DriverCrashed, NotFound
from core.host.sticks import Change, StickState, VolumeState
from core.host.supervisor import Supervisor
from tests.support.plugging import plugged
from tests.support.stick import blank_image

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
