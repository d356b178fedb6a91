"""Looking for a name: on the whole stick as one types, or in the folder on screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.browser.order import Column
from tests.support.places import press
from tests.support.window import Desk

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


async def search(desk: Desk, text: str) -> None:
    await press(desk, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), text)
    await desk.settled()


def folders(desk: Desk) -> list[str]:
    model = desk.page.browser.model
    return [model.index(row, Column.FOLDER).data() for row in range(model.rowCount())]


async def test_what_is_typed_is_found_on_the_whole_stick_with_its_folder(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await search(desk, "2026")
    assert desk.names == ["2026"]
    assert folders(desk) == ["/Letters"]
    details = desk.page.browser.details
    assert not details.isColumnHidden(Column.FOLDER)
    assert desk.window.status.text.endswith("names, 1 found")


async def test_a_folder_that_was_found_opens_where_it_lies_and_back_leads_to_the_results(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await search(desk, "2026")
    await press(desk, Qt.Key.Key_Down)
    await press(desk, Qt.Key.Key_Return)
    assert desk.path == ["HOLIDAY", "Letters", "2026"]
    assert desk.page.browser.details.isColumnHidden(Column.FOLDER)
    assert desk.window.toolbar.field.text() == ""
    await desk.do("back")
    assert desk.names == ["2026"]
    assert desk.window.toolbar.field.text() == "2026"
    assert [entry.name for entry in desk.page.browser.selected] == ["2026"]
    await desk.do("back")
    assert desk.path == ["HOLIDAY"]
    assert "Letters" in desk.names


async def test_a_match_shows_itself_in_its_folder(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await search(desk, "2026")
    desk.select("2026")
    await desk.until(desk.window.actions_.reveal.isEnabled, "one match is selected")
    await desk.do("reveal")
    assert desk.path == ["HOLIDAY", "Letters"]
    assert [entry.name for entry in desk.page.browser.selected] == ["2026"]


async def test_escape_leads_back_to_the_folder(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.open("Letters")
    before = desk.names
    await search(desk, "a")
    assert desk.names != before
    await press(desk, Qt.Key.Key_Escape)
    assert desk.names == before
    assert desk.window.toolbar.field.text() == ""
    assert QApplication.focusWidget() is desk.page.browser.view
    await search(desk, "a")
    await press(desk, Qt.Key.Key_Down)
    await press(desk, Qt.Key.Key_Escape)
    assert desk.names == before


async def test_nothing_found_is_said(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await search(desk, "no such thing")
    assert desk.names == []
    assert "no such thing" in desk.page.browser._empty.text()


async def test_what_breaks_off_is_told_beside_what_was_found(desk: Desk, hostile: object) -> None:
    await desk.add(hostile)  # type: ignore[arg-type]
    await search(desk, "*.txt")
    assert "plain.txt" in desk.names
    assert "“half” could not be searched to the end" in desk.page.browser.notice.text


async def test_a_filter_leaves_what_fits_in_the_folder_on_screen(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    everything = desk.names
    await press(desk, Qt.Key.Key_F, CTRL | SHIFT)
    QTest.keyClicks(QApplication.focusWidget(), "LETT")
    await desk.settled()
    assert desk.names == [name for name in everything if "lett" in name.lower()]
    assert desk.window.status.text.startswith("1 folder")
    await press(desk, Qt.Key.Key_Escape)
    assert desk.names == everything


async def test_the_scope_can_be_turned_round_with_what_was_typed(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await search(desk, "2026")
    assert desk.names == ["2026"]
    desk.window.toolbar.field._turn.trigger()
    await desk.settled()
    assert desk.names == []
    desk.window.toolbar.field._turn.trigger()
    await desk.settled()
    assert desk.names == ["2026"]


async def test_another_stick_is_not_searched_for_what_was_typed_for_the_first(
    desk: Desk, hostile: object
) -> None:
    await desk.choose("HOLIDAY")
    await search(desk, "2026")
    await desk.add(hostile)  # type: ignore[arg-type]
    assert desk.window.toolbar.field.text() == ""
    assert "plain.txt" in desk.names
    await desk.choose("HOLIDAY")
    assert desk.window.toolbar.field.text() == "2026"
