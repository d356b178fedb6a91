"""The program without its window: it stays where one wants that, and its menu among the status icons."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from core.host.devices import Bus, Device, Event, Happening
from core.host.sticks import StickState
from core.resources import resource
from gui import autostart
from gui.background import Background
from gui.tray import Tray
from tests.support.any_order import Others, made_up_devices
from tests.support.window import Desk


@pytest.fixture
def device(tmp_path: Path) -> Device:
    image = Path(shutil.copy(resource("sample-stick.img"), tmp_path / "sdz"))
    return Device(image, Path("/sys/block/sdz"), 1, image.stat().st_size, Bus.USB, vendor="R&D", model="Key")


@pytest.fixture
def world() -> Iterator[Others]:
    world = Others()
    with made_up_devices() as worlds:
        worlds.append(world)
        yield world


def tray(desk: Desk) -> Tray:
    (background,) = desk.window.findChildren(Background)
    background.tray.refresh()
    return background.tray


def entry(menu: QMenu, label: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == label)


def inner(menu: QMenu, label: str) -> QMenu:
    found = entry(menu, label).menu()
    assert isinstance(found, QMenu)
    return found


async def test_closing_the_window_ends_the_program_unless_one_wants_it_to_stay(desk: Desk) -> None:
    left: list[bool] = []
    desk.window.left.connect(lambda: left.append(True))
    desk.window.actions_.stay.setChecked(True)
    desk.window.close()
    assert not left
    assert desk.window.isMinimized(), "without a tray it stays in reach"
    desk.window.show_stick(None)
    assert not desk.window.isMinimized()
    desk.window.actions_.quit.trigger()
    assert left == [True]
    await desk.settled()


async def test_with_a_tray_a_closed_window_is_out_of_sight(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tray, "there", True)
    desk.window.actions_.stay.setChecked(True)
    desk.window.close()
    assert not desk.window.isVisible()
    entry(tray(desk).menu, "Show Rumpus").trigger()
    assert desk.window.isVisible()
    await desk.settled()


async def test_starting_with_the_session_is_an_entry_that_one_can_take_back(desk: Desk) -> None:
    action = desk.window.actions_.autostart
    assert not action.isChecked()
    action.trigger()
    lines = autostart.place().read_text().splitlines()
    assert lines[0] == "[Desktop Entry]"
    (command,) = [line for line in lines if line.startswith("Exec=")]
    assert command.endswith(" --background")
    assert "rumpus-gui" in command or "gui.app" in command
    action.trigger()
    assert not autostart.place().exists()


def test_a_path_with_special_characters_is_quoted_in_the_entry() -> None:
    assert autostart._quoted('/opt/a b$c"d\\e%f') == '"/opt/a b\\\\$c\\\\"d\\\\\\\\e%%f"'


async def test_each_stick_has_a_menu_of_what_can_be_done_with_it(
    desk: Desk, device: Device, world: Others
) -> None:
    assert not entry(tray(desk).menu, "No stick is plugged in").isEnabled()
    desk.watcher.hear(Event(Happening.PLUGGED, device))
    stick = desk.window._sticks.sticks[-1]
    menu = inner(tray(desk).menu, "R&&D Key")
    assert menu.actions()[0].text() == "Looking at it…"
    await desk.until(lambda: stick.state.usable, "it is known")
    await desk.settled()
    menu = inner(tray(desk).menu, "HOLIDAY")
    assert "open" in menu.actions()[0].text()
    desk.window.navigator.go_home()
    entry(menu, "Open").trigger()
    await desk.settled()
    assert desk.page.stick is stick
    entry(inner(tray(desk).menu, "HOLIDAY"), "Eject").trigger()
    await desk.settled()
    assert stick.state is StickState.SAFE
    menu = inner(tray(desk).menu, "HOLIDAY")
    assert menu.actions()[0].text() == "Safe to remove"
    assert not entry(menu, "Eject").isEnabled()


async def test_a_stick_is_copied_whole_from_its_menu(
    desk: Desk, device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        desk.window.commands, "copy_entries", lambda volume, entries: asked.append((volume, entries))
    )
    desk.watcher.hear(Event(Happening.PLUGGED, device))
    stick = desk.window._sticks.sticks[-1]
    await desk.until(lambda: stick.state.usable, "it is known")
    await desk.settled()
    entry(inner(tray(desk).menu, "HOLIDAY"), "Copy to…").trigger()
    await desk.settled()
    volume = stick.volumes[0].volume
    assert volume is not None
    assert asked == [(volume, [volume.root])]
