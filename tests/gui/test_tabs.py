"""Several places open at once: tabs behind one another."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from core.host.devices import Bus, Device, Event, Happening
from core.resources import resource
from gui.browser.layouts import Mode
from gui.clipboard import OURS
from gui.mainwindow.tab import Tab
from tests.support.pasting import filled
from tests.support.places import halves, names, press
from tests.support.window import Desk

pytestmark = pytest.mark.skipif(not shutil.which("mcopy"), reason="needs mtools")

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def tabs(desk: Desk) -> list[str]:
    """What the tabs of the active half say; those that are seen."""
    bar = desk.window.navigator.half.bar
    return [bar.tabText(place) for place in range(bar.count())] if bar.isVisible() else []


def row_at(desk: Desk, name: str) -> tuple[QWidget, QPoint]:
    view = desk.page.browser.view
    index = desk.page.browser.model.index(desk.names.index(name), 0)
    return view.viewport(), view.visualRect(index).center()


async def test_one_place_has_no_bar_and_a_new_tab_begins_where_one_is(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.open("Letters")
    assert tabs(desk) == []
    await press(desk, Qt.Key.Key_T, CTRL)
    assert tabs(desk) == ["Letters on HOLIDAY", "Letters on HOLIDAY"]
    assert desk.path == ["HOLIDAY", "Letters"]
    assert QApplication.focusWidget() is desk.page.browser.view
    await desk.do("up")
    assert tabs(desk) == ["Letters on HOLIDAY", "HOLIDAY"]
    await press(desk, Qt.Key.Key_W, CTRL)
    assert tabs(desk) == []
    assert desk.path == ["HOLIDAY", "Letters"]
    assert QApplication.focusWidget() is desk.page.browser.view


async def test_each_tab_has_its_own_history_filter_selection_and_view(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.select("README.txt")
    await desk.do("new_tab")
    await desk.open("Photos")
    await desk.do("icons")
    desk.page.browser.filter("harb")
    await desk.settled()
    assert desk.names == ["Harbour"]
    await press(desk, Qt.Key.Key_Tab, CTRL)
    assert desk.path == ["HOLIDAY"]
    assert desk.names == ["Letters", "Music", "Photos", "invoice.pdf.exe", "README.txt"]
    assert [entry.name for entry in desk.page.browser.selected] == ["README.txt"]
    assert desk.page.browser.mode is Mode.DETAILS
    assert desk.window.actions_.details.isChecked()
    assert not desk.window.actions_.back.isEnabled()
    assert desk.window.toolbar.field.text() == ""
    assert desk.window.status.text.startswith("1 file selected")
    await press(desk, Qt.Key.Key_Tab, CTRL | SHIFT)
    assert desk.path == ["HOLIDAY", "Photos"]
    assert desk.names == ["Harbour"]
    assert desk.window.actions_.icons.isChecked()
    assert desk.window.actions_.back.isEnabled()
    assert desk.window.toolbar.field.text() == "harb"


async def test_a_tab_may_be_closed_before_what_was_begun_in_it_is_done(travel: Desk) -> None:
    await travel.do("new_tab")
    travel.select("beach.jpg")
    delete = travel.window.actions_.delete
    await travel.until(delete.isEnabled, "it can be deleted")
    delete.trigger()
    await travel.until(lambda: travel.window.editing.choices.asking, "it asks")
    await close(travel, travel.window.navigator.tab)
    travel.window.editing.choices.answer("delete")
    await travel.until(lambda: "beach.jpg" not in travel.names, "the other tab shows that it is gone")
    await travel.settled()
    await travel.do("new_tab")
    await travel.do("walls")
    travel.page.walls.test()
    await close(travel, travel.window.navigator.tab)
    await travel.settled()


async def close(desk: Desk, tab: Tab) -> None:
    """Without waiting for what is under way in it."""
    gone: list[bool] = []
    tab.destroyed.connect(lambda: gone.append(True))
    desk.window.actions_.close_tab.trigger()
    await desk.until(lambda: gone, "Qt has destroyed it")


async def test_the_middle_button_opens_a_folder_behind_what_one_looks_at(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    widget, place = row_at(desk, "Photos")
    QTest.mouseClick(widget, Qt.MouseButton.MiddleButton, pos=place)
    await desk.settled()
    assert desk.path == ["HOLIDAY"]
    assert tabs(desk) == ["HOLIDAY", "Photos on HOLIDAY"]
    widget, place = row_at(desk, "README.txt")
    QTest.mouseClick(widget, Qt.MouseButton.MiddleButton, pos=place)
    await desk.settled()
    assert len(tabs(desk)) == 2, "a file is no place"
    sidebar, places = desk.window.sidebar, desk.window.places
    row = next(row for row, item in enumerate(desk.items) if item.name == "HOLIDAY")
    rect = sidebar.visualRect(places.index(row))
    QTest.mouseClick(sidebar.viewport(), Qt.MouseButton.MiddleButton, pos=rect.center())
    await desk.settled()
    assert tabs(desk) == ["HOLIDAY", "HOLIDAY", "Photos on HOLIDAY"]
    bar = desk.window.navigator.half.bar
    QTest.mouseClick(bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(2).center())
    await desk.settled()
    assert tabs(desk) == ["HOLIDAY", "HOLIDAY"]


async def test_a_folder_is_opened_in_a_tab_and_beside_with_the_keyboard(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.page.browser.view.setFocus()
    desk.select("Letters")
    await desk.settled()
    await press(desk, Qt.Key.Key_Return, CTRL)
    assert desk.path == ["HOLIDAY", "Letters"]
    assert len(tabs(desk)) == 2
    desk.select("2026")
    await desk.settled()
    await press(desk, Qt.Key.Key_Return, CTRL | SHIFT)
    assert desk.path == ["HOLIDAY", "Letters", "2026"]
    assert desk.window.navigator.is_split
    await press(desk, Qt.Key.Key_F6)
    assert desk.path == ["HOLIDAY", "Letters"]


async def test_the_last_tab_closed_with_the_keyboard_closes_the_window(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    left: list[bool] = []
    desk.window.left.connect(lambda: left.append(True))
    await desk.do("close_tab")
    assert left == [True]


async def test_what_is_held_over_a_tab_brings_it_to_the_front(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.do("new_tab")
    await desk.open("Photos")
    bar = desk.window.navigator.half.bar
    data = QMimeData()
    data.setData(OURS, b"")
    place, copy, button = bar.tabRect(0).center(), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    for kind in (QDragEnterEvent, QDragMoveEvent):
        QApplication.sendEvent(bar, kind(place, copy, data, button, PLAIN))
    await desk.until(lambda: desk.path == ["HOLIDAY"], "the tab comes to the front")


async def test_a_tab_behind_reads_nothing_until_it_is_looked_at_and_is_right_then(travel: Desk) -> None:
    await travel.do("new_tab")
    hidden = travel.window.navigator.tabs[0]
    assert hidden.page is not None
    await travel.do("new_folder")
    assert "New folder" in travel.names
    assert "New folder" not in names(hidden)
    await travel.do("next_tab")
    assert "New folder" in travel.names


async def test_tabs_behind_have_no_timers(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.open("Photos")
    for _ in range(3):
        await desk.do("new_tab")
    *behind, _ = desk.window.navigator.tabs
    assert len(behind) == 3
    for tab in behind:
        assert [timer for timer in tab.findChildren(QTimer) if timer.isActive()] == []


@pytest.fixture
def device(tmp_path: Path) -> Device:
    image = tmp_path / "sdz"
    shutil.copy(resource("sample-stick.img"), image)
    path = Path("/sys/block/sdz")
    return Device(image, path, 1, image.stat().st_size, Bus.USB, vendor="Acme", model="Key", serial="007")


async def plug(desk: Desk, device: Device) -> None:
    desk.watcher.hear(Event(Happening.PLUGGED, device))
    await desk.until(lambda: desk.items[1].name == "HOLIDAY", "the stick is known")
    await desk.settled()


async def test_a_stick_that_is_pulled_out_costs_its_own_tabs_only(
    desk: Desk, device: Device, tmp_path: Path
) -> None:
    await plug(desk, device)
    await desk.open("Letters")
    await desk.do("new_tab")
    await desk.do("split")
    left, _ = halves(desk)
    await desk.add(filled(tmp_path, "TRAVEL"))
    await desk.open("zoo")
    read_before = desk.page.volume
    desk.watcher.hear(Event(Happening.PULLED, device))
    await desk.settled()
    assert desk.path == ["TRAVEL", "zoo"]
    assert desk.names == ["z"]
    assert desk.page.volume is read_before
    for tab in left.tabs:
        assert tab.page is not None
        assert tab.page.currentWidget() is tab.page.pane
        assert tab.page.pane.accessibleName() == "“HOLIDAY” was pulled out."
    await plug(desk, replace(device, sequence=2))
    assert [tab.page.crumbs[0].name for tab in left.tabs if tab.page] == ["Letters", "Letters"]
    assert all("2026" in names(tab) for tab in left.tabs)
    assert desk.path == ["TRAVEL", "zoo"]


async def test_a_worker_that_dies_is_replaced_for_all_tabs_at_once(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.open("Letters")
    await desk.do("split")
    left, _ = halves(desk)
    assert desk.page.volume is not None
    os.kill(desk.page.volume.pid, signal.SIGKILL)
    await desk.until(lambda: desk.page.currentWidget() is desk.page.pane, "the error pane")
    assert left.tab.page is not None
    assert left.tab.page.currentWidget() is left.tab.page.pane
    await desk.press("Open it again")
    assert "2026" in desk.names
    assert left.tab.page.shows_files
    assert "2026" in names(left.tab)


async def test_a_second_stick_comes_into_the_half_where_nothing_is_looked_at(
    desk: Desk, device: Device, tmp_path: Path
) -> None:
    await desk.do("split")
    await plug(desk, device)
    left, right = halves(desk)
    assert desk.path == ["HOLIDAY"]
    (tmp_path / "second").mkdir()
    image = filled(tmp_path / "second", "TRAVEL")
    other = replace(device, node=image, sys=Path("/sys/block/sdy"), size=16 << 20, serial="8")
    desk.watcher.hear(Event(Happening.PLUGGED, other))
    await desk.until(lambda: all(half.tab.page is not None for half in (left, right)), "both are shown")
    await desk.settled()
    assert {half.tab.page.name for half in (left, right) if half.tab.page} == {"HOLIDAY", "TRAVEL"}
