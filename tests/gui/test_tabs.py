"""Several places open at once: tabs behind one another, and two of them side by side."""

from __future__ import annotations

import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from core.host.devices import Bus, Device, Event, Happening
from core.resources import resource
from gui.browser.layouts import Mode
from gui.clipboard import OURS
from gui.mainwindow.half import Half
from gui.mainwindow.tab import Tab
from tests.support.fat import blank_fat
from tests.support.pasting import filled, read, titles
from tests.support.window import Desk

pytestmark = pytest.mark.skipif(not shutil.which("mcopy"), reason="needs mtools")

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


async def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifier)
    await desk.settled()


def tabs(desk: Desk) -> list[str]:
    """What the tabs of the active half say; those that are seen."""
    bar = desk.window.navigator.half.bar
    return [bar.tabText(place) for place in range(bar.count())] if bar.isVisible() else []


def names(tab: Tab) -> list[str]:
    assert tab.page is not None
    model = tab.page.browser.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def halves(desk: Desk) -> tuple[Half, Half]:
    left, right = desk.window.navigator.halves
    return left, right


async def click_into(desk: Desk, half: Half) -> None:
    """Below the rows."""
    page = half.tab.page
    assert page is not None
    port = page.browser.view.viewport()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(port.width() // 2, port.height() - 4))
    await desk.settled()


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


async def test_a_split_shows_two_places_and_the_window_follows_the_one_that_is_touched(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.choose("HOLIDAY")
    await press(desk, Qt.Key.Key_F3)
    left, right = halves(desk)
    assert desk.path == ["HOLIDAY"]
    await desk.add(filled(tmp_path, "TRAVEL"))
    assert (left.tab.page.name, right.tab.page.name) == ("HOLIDAY", "TRAVEL")  # type: ignore[union-attr]
    assert left.bar.isVisible() and right.bar.isVisible(), "each says what it shows"
    assert desk.window.windowTitle().startswith("TRAVEL")
    await click_into(desk, left)
    assert desk.path == ["HOLIDAY"]
    assert desk.window.windowTitle().startswith("HOLIDAY")
    assert desk.window.sidebar._key == desk.page.key
    await desk.open("Letters")
    assert right.tab.page.crumbs == (), "the other one stays where it is"  # type: ignore[union-attr]
    await press(desk, Qt.Key.Key_F3)
    assert desk.window.navigator.halves == (left,), "what one looks at stays"
    assert desk.path == ["HOLIDAY", "Letters"]


async def test_the_active_half_is_marked(desk: Desk) -> None:
    def edge(half: Half) -> str:
        return half.grab().toImage().pixelColor(half.width() // 2, 0).name()

    await desk.choose("HOLIDAY")
    await desk.do("split")
    left, right = halves(desk)
    colour = desk.window.palette().highlight().color().name()
    assert edge(right) == colour and edge(left) != colour
    await desk.do("other_half")
    assert edge(left) == colour and edge(right) != colour


async def test_what_is_dragged_to_the_other_half_is_copied_from_stick_to_stick(
    travel: Desk, stick: Path, tmp_path: Path
) -> None:
    other = blank_fat(tmp_path / "other.img", 16 << 20, "-n", "OTHER")
    await travel.do("split")
    await travel.add(other)
    left, right = halves(travel)
    assert left.tab.page is not None and right.tab.page is not None
    await travel.do("other_half")
    travel.select("trip", "letter.txt")
    travel.window.editing._note_drag(left.tab.page)
    right.tab.page.browser.dropped.emit(QMimeData(), None, True)
    await travel.settled()
    assert names(right.tab) == ["trip", "letter.txt"]
    assert "Copied 2 items to “OTHER”." in titles(travel)
    assert read(other, "trip/day 1/a.txt") == b"trip/day 1/a.txt" * 10
    assert travel.names == ["trip", "zoo", "beach.jpg", "letter.txt"]


async def test_what_has_no_path_is_dragged_to_the_other_half_without_being_extracted(
    travel: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drag itself is the desktop's: here it ends at once, over the other half or beside the window."""
    other = blank_fat(tmp_path / "other.img", 16 << 20, "-n", "OTHER")
    await travel.do("split")
    await travel.add(other)
    left, right = halves(travel)
    assert left.tab.page is not None and right.tab.page is not None
    browser = right.tab.page.browser
    await travel.do("other_half")
    travel.window.commands.paths_of = None
    begun: list[int] = []

    def over_the_other_half(*_: object) -> bool:
        begun.append(len(travel.window.transfers.rows))
        data = QMimeData()
        data.setData(OURS, b"")
        place = QPointF(browser.width() / 2, browser.height() - 10)
        actions, left_button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        enter = QDragEnterEvent(place.toPoint(), actions, data, left_button, PLAIN)
        QApplication.sendEvent(browser, enter)
        assert enter.isAccepted()
        browser.dropped.emit(data, None, True)
        return False

    monkeypatch.setattr("gui.outgoing.is_held", lambda: True)
    monkeypatch.setattr("gui.outgoing.drag_inside", over_the_other_half)
    travel.select("letter.txt")
    left.tab.page.browser.dragged.emit()
    await travel.until(lambda: begun, "the drag begins")
    await travel.settled()
    assert begun == [0], "nothing was extracted for it"
    assert names(right.tab) == ["letter.txt"]
    monkeypatch.setattr("gui.outgoing.drag_inside", lambda *_: True)
    travel.select("beach.jpg")
    left.tab.page.browser.dragged.emit()
    await travel.until(lambda: any("beach.jpg" in title for title in titles(travel)), "it is extracted now")
    await travel.settled()


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


async def test_both_halves_of_one_stick_show_what_moves_between_them(travel: Desk, stick: Path) -> None:
    await travel.do("split")
    left, right = halves(travel)
    await travel.open("zoo")
    await travel.do("other_half")
    travel.select("letter.txt")
    travel.window.editing._note_drag(left.tab.page)  # type: ignore[arg-type]
    right.tab.page.browser.dropped.emit(QMimeData(), None, True)  # type: ignore[union-attr]
    await travel.settled()
    assert names(right.tab) == ["letter.txt", "z"]
    assert names(left.tab) == ["trip", "zoo", "beach.jpg"]
    assert read(stick, "zoo/letter.txt") == b"letter.txt" * 10


async def test_a_folder_that_gets_another_name_takes_those_along_who_are_in_it(travel: Desk) -> None:
    await travel.do("split")
    _, right = halves(travel)
    await travel.open("trip")
    await travel.open("day 1")
    await travel.do("other_half")
    travel.window.editing.changing.rename(travel.page, travel.entry("zoo"), "farm")
    await travel.settled()
    assert names(right.tab) == ["a.txt"]
    travel.window.editing.changing.rename(travel.page, travel.entry("trip"), "journey")
    await travel.settled()
    assert right.tab.page.crumbs == (), "the next folder above that is there"  # type: ignore[union-attr]
    assert names(right.tab) == ["farm", "journey", "beach.jpg", "letter.txt"]


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


async def test_a_half_goes_on_when_the_other_one_has_opened_their_volume_anew(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.open("Letters")
    await desk.do("split")
    left, _ = halves(desk)
    assert left.tab.page is not None and desk.page.stick_volume is not None
    await desk.page.stick_volume.close()
    await desk.do("reload")
    assert left.tab.page.shows_files
    assert left.tab.page._read is left.tab.page.volume
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


async def test_only_the_split_is_there_again_the_next_time(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.do("split")
    desk.window._save()
    await desk.do("split")
    desk.window._restore()
    await desk.settled()
    assert desk.window.navigator.is_split


async def test_a_click_on_a_title_sorts_the_half_that_it_is_in(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.do("split")
    left, right = halves(desk)
    assert left.tab.page is not None and right.tab.page is not None
    header = left.tab.page.browser.details.header()
    place = QPoint(header.sectionPosition(0) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    await desk.settled()
    assert desk.window.navigator.half is left
    assert names(left.tab) == names(right.tab)[2::-1] + names(right.tab)[:2:-1]
