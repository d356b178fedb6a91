"""What the window shows while sticks come and go, and what is left when it is closed."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from core.host.devices import Bus, Device, Event, Happening
from core.host.supervisor import Supervisor
from core.resources import resource
from gui.garbage import Collector
from gui.start import open_window
from tests.support.buses import private_bus
from tests.support.window import Desk, NoSticks


@pytest.fixture
def device(tmp_path: Path) -> Device:
    """A stick whose medium is a copy of the sample."""
    image = tmp_path / "sdz"
    shutil.copy(resource("sample-stick.img"), image)
    return Device(
        image,
        Path("/sys/block/sdz"),
        1,
        image.stat().st_size,
        Bus.USB,
        vendor="Acme",
        model="Key",
        serial="007",
    )


def open_descriptors() -> dict[str, str]:
    """Without what wakes the loop's own threads up, which begin and go with the loop."""
    found = {}
    for each in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found[each.name] = str(each.readlink())
    return {name: leads for name, leads in found.items() if leads != "anon_inode:[eventfd]"}


async def plug(desk: Desk, device: Device) -> None:
    desk.watcher.hear(Event(Happening.PLUGGED, device))
    await desk.until(lambda: len([item for item in desk.items if item.key]) == 2, "the stick is listed")
    await desk.until(lambda: desk.items[1].name == "HOLIDAY", "the stick is known")


def pull(desk: Desk, device: Device) -> None:
    desk.watcher.hear(Event(Happening.PULLED, device))


async def test_a_stick_that_is_plugged_in_while_nothing_is_looked_at_is_shown(
    desk: Desk, device: Device
) -> None:
    await plug(desk, device)
    await desk.until(lambda: desk.window.navigator.page and desk.names, "its files are shown")
    await desk.settled()
    assert desk.path == ["HOLIDAY"]
    assert [item.name for item in desk.items] == ["Sticks", "HOLIDAY", "Images", "HOLIDAY"]


async def test_a_stick_that_is_plugged_in_takes_nobody_away_from_what_they_look_at(
    desk: Desk, device: Device
) -> None:
    await desk.choose("HOLIDAY")
    await desk.open("Letters")
    await plug(desk, device)
    assert desk.path == ["HOLIDAY", "Letters"]
    pull(desk, device)
    assert [item.name for item in desk.items if item.key] == ["HOLIDAY"]
    assert desk.path == ["HOLIDAY", "Letters"]


async def test_a_stick_pulled_while_one_looks_at_it_says_so_and_opens_again_when_put_back(
    desk: Desk, device: Device
) -> None:
    await plug(desk, device)
    await desk.choose("HOLIDAY")
    await desk.open("Letters")
    pull(desk, device)
    await desk.settled()
    assert desk.page.currentWidget() is desk.page.pane
    assert desk.page.pane.accessibleName() == "“HOLIDAY” was pulled out."
    assert not desk.window.status.isolated
    await plug(desk, replace(device, sequence=2))
    await desk.until(lambda: desk.page.shows_files and desk.names, "it goes on")
    await desk.settled()
    assert desk.path == ["HOLIDAY", "Letters"]
    assert len(desk.window.navigator.pages) == 1


async def test_another_stick_does_not_take_the_place_of_the_one_that_was_pulled(
    desk: Desk, device: Device
) -> None:
    await plug(desk, device)
    await desk.choose("HOLIDAY")
    pull(desk, device)
    await plug(desk, replace(device, sequence=2, serial="008"))
    await desk.settled()
    assert desk.page.pane.accessibleName() == "“HOLIDAY” was pulled out."


async def test_history_forgets_the_places_of_a_stick_that_is_gone(desk: Desk, device: Device) -> None:
    await desk.choose("HOLIDAY")
    await plug(desk, device)
    await desk.choose("HOLIDAY")
    await desk.open("Letters")
    pull(desk, device)
    await desk.do("back")
    assert desk.page.stick.device is None
    assert desk.path == ["HOLIDAY"]
    assert not desk.window.navigator.history.can_go_back


async def test_forgetting_a_stick_that_was_pulled_leads_back_to_the_welcome(
    desk: Desk, device: Device
) -> None:
    await plug(desk, device)
    await desk.choose("HOLIDAY")
    pull(desk, device)
    await desk.settled()
    await desk.press("Take it off the list")
    assert desk.window.stack.currentWidget() is desk.window.welcome
    assert desk.window.navigator.pages == ()


@pytest.mark.parametrize("with_bus", [False, True])
async def test_closing_the_window_leaves_no_process_and_no_descriptor(
    qapp: QApplication, device: Device, monkeypatch: pytest.MonkeyPatch, with_bus: bool
) -> None:
    with Collector(), ExitStack() as around:
        if with_bus:
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", around.enter_context(private_bus()))
        before = open_descriptors()
        watcher = NoSticks()
        async with Supervisor() as supervisor, open_window(supervisor, watcher) as window:
            window.show()
            desk = Desk(window, watcher)
            await desk.until(lambda: desk.item("HOLIDAY") is not None, "the sample stick is listed")
            await desk.choose("HOLIDAY")
            assert desk.page.volume is not None
            worker = os.pidfd_open(desk.page.volume.pid)
            window.showMinimized()  # so that there is something to tell the desktop
            desk.watcher.hear(Event(Happening.PLUGGED, device))
            await desk.until(lambda: window._sticks.sticks[-1].state.usable, "the stick is known")
            await desk.settled()
            window.close()
        assert select.select([worker], [], [], 10)[0], "the worker outlives the window"
        os.close(worker)
        assert open_descriptors() == before
