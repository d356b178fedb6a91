"""A folder that breaks off: the rows that came stay, and the row below them says why it ends there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QTest

from core.errors import MediumError
from gui.browser.browser import Browser
from gui.browser.contents import View
from gui.browser.layouts import Mode
from gui.browser.order import Column
from tests.support.folder import Folder, finished
from tests.support.window import Desk

_DAMAGED = "The rest of this folder is damaged."
_UNREADABLE = "The rest of this folder can no longer be read."
_PART = "Only a part of this folder is shown. The rest of it can no longer be read."
_ERROR = MediumError(4096, 512)

both_modes = pytest.mark.parametrize("mode", list(Mode))


async def read(browser: Browser, count: int) -> Folder:
    folder = Folder([f"{number}.txt" for number in range(count)], error=_ERROR)
    browser.read(folder, 0)  # type: ignore[arg-type]
    await finished(browser)
    return folder


async def look(browser: Browser, view: View) -> None:
    browser.reader.look(view)
    assert browser.reader._arranging is not None
    await browser.reader._arranging


def rows(browser: Browser) -> list[str]:
    model = browser.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def stand_on_the_end(browser: Browser) -> QModelIndex:
    browser.view.setFocus()
    browser.selection.setCurrentIndex(browser.model.end, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    return browser.model.end


@both_modes
async def test_what_is_missing_is_said_in_a_row_below_those_that_came(browser: Browser, mode: Mode) -> None:
    browser.set_mode(mode)
    await read(browser, 3)
    assert rows(browser) == ["0.txt", "1.txt", "2.txt", _UNREADABLE]
    assert browser.notice.text == "", "which need not be said twice"


async def test_a_screen_reader_is_told_what_is_missing_and_what_to_do(browser: Browser) -> None:
    await read(browser, 3)
    end = browser.model.end
    assert end.data(Qt.ItemDataRole.AccessibleTextRole) == _UNREADABLE
    hint = end.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert hint == "Double-click, or press Enter, to try again."
    assert hint in end.data(Qt.ItemDataRole.ToolTipRole)
    assert "First byte: 4096" in end.data(Qt.ItemDataRole.ToolTipRole), "and where it is"


async def test_it_stays_below_all_others_in_any_order_and_among_any_that_are_looked_for(
    browser: Browser,
) -> None:
    await read(browser, 12)
    stand_on_the_end(browser)
    await look(browser, View(Column.NAME, descending=True))
    assert (rows(browser)[0], rows(browser)[-1]) == ("11.txt", _UNREADABLE)
    await look(browser, View(Column.SIZE))
    assert (rows(browser)[0], rows(browser)[-1]) == ("0.txt", _UNREADABLE)
    assert browser.selection.currentIndex() == browser.model.end, "and so does who stands on it"
    await look(browser, View(only="11"))
    assert rows(browser) == ["11.txt", _UNREADABLE]
    await look(browser, View(only="nothing"))
    assert rows(browser) == [_UNREADABLE]
    await look(browser, View())
    assert (len(rows(browser)), rows(browser)[-1]) == (13, _UNREADABLE)


@both_modes
async def test_it_is_no_file_to_whoever_selects_or_counts(browser: Browser, mode: Mode) -> None:
    browser.set_mode(mode)
    await read(browser, 3)
    assert (browser.summary().shown.files, browser.summary().selected.files) == (3, 0)
    browser.view.selectAll()
    assert [entry.name for entry in browser.selected] == ["0.txt", "1.txt", "2.txt"]
    assert browser.selected_count == browser.summary().selected.files == 3
    stand_on_the_end(browser)
    assert (browser.selected, browser.selected_count, browser.current) == ([], 0, None)
    assert browser.summary().selected.files == 0
    await look(browser, View(only="0"))
    assert browser.summary().shown.files == 1


async def test_keys_that_select_on_to_the_end_select_the_files(browser: Browser) -> None:
    await read(browser, 3)
    browser.view.setFocus()
    browser.select(1)
    QTest.keyClick(browser.view, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert browser.selection.currentIndex() == browser.model.end
    assert [entry.name for entry in browser.selected] == ["1.txt", "2.txt"]


@both_modes
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, None], ids=["Enter", "double-click"])
async def test_it_lists_the_folder_again(browser: Browser, mode: Mode, key: Qt.Key | None) -> None:
    browser.set_mode(mode)
    folder = await read(browser, 3)
    opened: list[object] = []
    browser.activated.connect(opened.append)

    async def again() -> None:
        end = stand_on_the_end(browser)
        if key is not None:
            QTest.keyClick(browser.view, key)
        else:
            port, place = browser.view.viewport(), browser.view.visualRect(end).center()
            QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=place)
            QTest.mouseDClick(port, Qt.MouseButton.LeftButton, pos=place)
        await finished(browser)

    await again()
    assert folder.listed == 2
    assert browser.selection.currentIndex() == browser.model.end, "one more try is one more Enter"
    folder.error = None
    folder.add("3.txt")
    await again()
    assert rows(browser) == ["0.txt", "1.txt", "2.txt", "3.txt"]
    assert opened == []


@both_modes
async def test_while_it_is_out_of_sight_a_line_below_the_files_says_it(browser: Browser, mode: Mode) -> None:
    browser.set_mode(mode)
    folder = await read(browser, 300)
    assert browser.notice.text == _PART
    browser.view.scrollToBottom()
    assert browser.notice.text == ""
    browser.view.scrollToTop()
    assert browser.notice.text == _PART
    browser.notice._retry.click()
    await finished(browser)
    assert folder.listed == 2
    assert browser.notice.text == _PART


async def test_another_way_to_look_says_it_once_as_well(browser: Browser) -> None:
    await read(browser, 300)
    browser.view.scrollToBottom()
    for mode in (Mode.ICONS, Mode.DETAILS):
        browser.set_mode(mode)
        seen = browser.view.viewport().rect().contains(browser.view.visualRect(browser.model.end).center())
        assert browser.notice.text == ("" if seen else _PART)


async def test_it_comes_and_goes_when_the_folder_is_read_anew_and_the_selection_stays(
    browser: Browser,
) -> None:
    folder = await read(browser, 3)
    browser.select(1)
    renewed = asyncio.Event()
    browser.reader.renewed.connect(renewed.set)
    for error in (None, _ERROR, _ERROR, None):
        folder.error = error
        folder.add(f"0 {folder.listed}.txt")
        renewed.clear()
        browser.renew()
        await renewed.wait()
        assert browser.model.end.isValid() is (error is not None)
        assert browser.summary().shown.files == 2 + folder.listed
        assert [entry.name for entry in browser.selected] == ["1.txt"]
    assert browser.notice.text == ""


async def test_nothing_can_be_done_to_it_in_the_window(desk: Desk, hostile: Path) -> None:
    await desk.add(hostile)
    await desk.open("half")
    browser = desk.page.browser
    assert browser.model.end.data() == _DAMAGED
    assert f"{len(desk.names)} files" in desk.window.status.text
    stand_on_the_end(browser)
    await desk.settled()
    for action in ("open", "copy", "delete", "rename", "quick_look"):
        assert not getattr(desk.window.actions_, action).isEnabled(), action
    await desk.do("up")
    assert not browser.model.end.isValid()
