"""Two places side by side, each with its own tabs: the halves of the window."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.clipboard import OURS
from gui.mainwindow.half import Half
from tests.support.fat import blank_fat
from tests.support.pasting import filled, read, titles
from tests.support.places import halves, names, press
from tests.support.window import Desk

pytestmark = pytest.mark.skipif(not shutil.which("mcopy"), reason="needs mtools")


async def click_into(desk: Desk, half: Half) -> None:
    """Below the rows."""
    page = half.tab.page
    assert page is not None
    port = page.browser.view.viewport()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(port.width() // 2, port.height() - 4))
    await desk.settled()


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
        no_key = Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(place.toPoint(), actions, data, left_button, no_key)
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


async def test_a_panel_beside_two_halves_needs_more_room_and_says_so(desk: Desk) -> None:
    window = desk.window
    window.resize(900, 600)
    await desk.choose("HOLIDAY")
    await desk.do("preview")
    assert window.previewing.pane.isVisible()
    await desk.do("split")
    assert not window.previewing.pane.isVisible()
    left, right = window.navigator.halves
    assert left.geometry().right() < right.geometry().left(), "neither lies over the other"
    await desk.do("preview")
    await desk.do("preview")
    assert "too narrow" in window.question.accessibleName()
    window.resize(1100, 600)
    await desk.settled()
    assert window.previewing.pane.isVisible()
