"""A stick is ejected from the window, and the window says when it is safe, or who still holds it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.host import giving_back
from core.host.devices import Bus, Device, Event, Happening
from core.host.giving_back import Disk
from core.host.sticks import Stick, StickState
from core.resources import resource
from gui.mainwindow.sidebar_delegate import button_rect
from tests.support.any_order import Others, Work, made_up_devices
from tests.support.window import Desk


@pytest.fixture
def device(tmp_path: Path) -> Device:
    """A stick whose medium is a copy of the sample."""
    image = Path(shutil.copy(resource("sample-stick.img"), tmp_path / "sdz"))
    return Device(image, Path("/sys/block/sdz"), 1, image.stat().st_size, Bus.USB, serial="007")


@pytest.fixture
def world(device: Device) -> Iterator[Others]:
    """Who holds which devices: `held`, and those that are taken at the last moment: `stubborn`."""
    world = Others()
    with made_up_devices() as worlds:
        worlds.append(world)
        yield world


async def plugged(desk: Desk, device: Device) -> Stick:
    desk.watcher.hear(Event(Happening.PLUGGED, device))
    await desk.until(lambda: desk.window.navigator.page and desk.names, "its files are shown")
    await desk.settled()
    return desk.page.stick


def bar(desk: Desk) -> str:
    held = desk.window.held
    return f"{held.accessibleName()} {held.accessibleDescription()}" if held.isVisible() else ""


async def test_a_click_on_the_mark_of_a_stick_makes_it_safe_to_remove(
    desk: Desk, device: Device, world: Others
) -> None:
    stick = await plugged(desk, device)
    sidebar = desk.window.sidebar
    place = button_rect(sidebar.visualRect(sidebar.model().index(1, 0)), sidebar.layoutDirection()).center()
    QTest.mouseClick(sidebar.viewport(), Qt.MouseButton.LeftButton, pos=place)
    await desk.settled()
    assert stick.state is StickState.SAFE
    assert desk.items[1].facts == "Safe to remove"
    assert not desk.items[1].ejectable
    assert desk.page.pane.accessibleName() == "“HOLIDAY” can be pulled out now."
    # When the drive goes, what was said stands.
    desk.watcher.hear(Event(Happening.PULLED, device))
    await desk.settled()
    assert desk.page.pane.accessibleName() == "“HOLIDAY” can be pulled out now."
    assert [item.name for item in desk.items if item.key] == ["HOLIDAY"]
    await desk.press("Done")
    assert desk.window.stack.currentWidget() is desk.window.welcome


async def test_a_stick_that_is_not_looked_at_is_ejected_with_a_word(
    desk: Desk, device: Device, world: Others
) -> None:
    stick = await plugged(desk, device)
    await desk.choose("HOLIDAY", last=True)
    assert desk.page.stick.image
    desk.window.commands.ejecting.eject(stick)
    await desk.settled()
    assert desk.window.question.accessibleName() == "“HOLIDAY” can be pulled out now."
    assert desk.page.shows_files


async def test_the_key_ejects_a_stick_and_closes_an_image(desk: Desk, device: Device, world: Others) -> None:
    stick = await plugged(desk, device)
    QTest.keyClick(desk.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    await desk.settled()
    assert stick.state is StickState.SAFE
    await desk.choose("HOLIDAY", last=True)
    image = desk.page.stick
    QTest.keyClick(desk.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    await desk.settled()
    assert image.state is StickState.READY
    assert desk.window.stack.currentWidget() is desk.window.welcome


async def test_a_stick_that_is_closed_without_ejecting_does_not_open_again_by_itself(
    desk: Desk, device: Device
) -> None:
    stick = await plugged(desk, device)
    await desk.do("close_volume")
    assert stick.state is StickState.READY
    assert desk.window.stack.currentWidget() is desk.window.welcome


async def test_while_it_is_ejected_the_window_says_so(desk: Desk, device: Device, world: Others) -> None:
    held = asyncio.Event()

    async def switch_off(disk: Disk) -> str:
        await held.wait()
        return "no switch"

    # Undone here: after `world` has undone its own, it would be left as `world` had it.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(giving_back, "switch_off", switch_off)
        stick = await plugged(desk, device)
        desk.window.actions_.eject.trigger()
        await desk.until(lambda: stick.state is StickState.EJECTING, "it is being ejected")
        await desk.until(lambda: desk.items[1].facts == "Ejecting…", "the row says so")
        await desk.until(lambda: "ejecting" in desk.reads(desk.page), "the page says so")
        held.set()
        await desk.settled()
        assert stick.state is StickState.SAFE
        await desk.press("Open it again")
        assert desk.page.shows_files
        assert desk.names


async def test_who_holds_a_stick_is_named_and_ended_on_request(
    desk: Desk, device: Device, world: Others
) -> None:
    stick = await plugged(desk, device)
    world.held.add(device.node)
    await desk.do("eject")
    assert "“HOLIDAY” cannot be pulled out yet." in bar(desk)
    assert "The program “somebody” has it open." in bar(desk)
    assert desk.page.shows_files
    await desk.press("End that and eject", desk.window.held)
    assert stick.state is StickState.SAFE
    assert bar(desk) == ""


async def test_one_can_keep_it_in(desk: Desk, device: Device, world: Others) -> None:
    stick = await plugged(desk, device)
    world.held.add(device.node)
    await desk.do("eject")
    await desk.press("Keep it in", desk.window.held)
    assert bar(desk) == ""
    assert stick.state is StickState.OPEN


async def test_a_copy_of_ours_is_waited_for_or_stopped(desk: Desk, device: Device, world: Others) -> None:
    stick, work = await plugged(desk, device), Work()
    working = asyncio.create_task(work.on(stick))
    await asyncio.sleep(0)
    await desk.do("eject")
    assert "Rumpus is copying." in bar(desk)
    QTest.mouseClick(desk.window.held._wait, Qt.MouseButton.LeftButton)
    await desk.until(lambda: "is ejected when that is done" in bar(desk), "it waits")
    assert stick.state is StickState.BUSY
    await desk.press("Keep it in", desk.window.held)  # changed one's mind
    assert stick.state is StickState.BUSY
    await desk.do("eject")
    QTest.mouseClick(desk.window.held._wait, Qt.MouseButton.LeftButton)
    await desk.until(lambda: "is ejected when that is done" in bar(desk), "it waits again")
    await desk.press("Stop it and eject", desk.window.held)
    await working
    assert stick.state is StickState.SAFE
    assert bar(desk) == ""


async def test_what_is_taken_at_the_last_moment_stays_in_the_window_as_an_error(
    desk: Desk, device: Device, world: Others
) -> None:
    stick = await plugged(desk, device)
    world.stubborn.add(device.node)
    await desk.do("eject")
    assert stick.state is StickState.FAILED
    assert "in use by “the desktop”" in desk.page.pane.accessibleName()
    assert "was not ejected" in bar(desk)
    world.stubborn.clear()
    await desk.press("Eject")
    assert stick.state is StickState.SAFE
