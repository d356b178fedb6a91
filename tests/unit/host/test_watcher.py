"""A machine on which udev cannot be asked, from the start or for a while."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import pyudev

from core.host import watcher as watcher_module
from core.host.devices import Event
from core.host.sticks import Sticks, StickState
from core.host.supervisor import Supervisor
from core.host.watcher import UdevWatcher
from tests.support.fat import blank_fat


async def test_without_udev_images_can_still_be_opened(tmp_path: Path) -> None:
    watcher = UdevWatcher(control=tmp_path / "control")
    async with Supervisor() as supervisor, Sticks(supervisor, watcher) as sticks:
        assert str(tmp_path / "control") in sticks.degraded
        stick = await sticks.add_image(blank_fat(tmp_path / "stick.img", 1 << 20))
        assert stick.state is StickState.READY


@pytest.mark.parametrize("failure", [ImportError("no libudev"), OSError(24, "Too many open files")])
async def test_a_udev_that_cannot_be_asked_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fails() -> None:
        raise failure

    monkeypatch.setattr(pyudev, "Context", fails)
    watcher = UdevWatcher(control=tmp_path)
    watcher.start(_unheard)
    assert str(failure) in watcher.degraded
    watcher.close()


async def test_a_watcher_that_could_not_start_over_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher_module, "_PATIENCE", 0.01)
    again = asyncio.Event()
    tries = 0

    class Unlucky(UdevWatcher):
        def _begin(self) -> None:
            nonlocal tries
            tries += 1
            if tries in (2, 3):
                raise OSError(24, "Too many open files")
            super()._begin()
            if tries == 4:
                again.set()

    watcher = Unlucky(control=tmp_path)
    watcher.start(_unheard)
    assert watcher.degraded == ""
    watcher._start_over()
    await asyncio.wait_for(again.wait(), 10)
    watcher.close()


def _unheard(event: Event) -> None:
    """A machine that runs tests may have sticks; they are not the subject."""
