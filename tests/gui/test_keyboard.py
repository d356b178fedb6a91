"""The window without a mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.window import Desk

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


async def press(
    desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(focused(), key, modifier)
    await desk.settled()


async def test_after_a_click_the_keyboard_is_among_the_files(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    assert focused() is desk.page.browser.view
    await press(desk, Qt.Key.Key_Down)
    await press(desk, Qt.Key.Key_Return)
    assert desk.path == ["HOLIDAY", "Letters"]
    assert focused() is desk.page.browser.view


async def test_backspace_and_alt_up_lead_up_and_alt_left_back(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.open("Letters")
    await desk.open("2026")
    await press(desk, Qt.Key.Key_Backspace)
    assert desk.path == ["HOLIDAY", "Letters"]
    await press(desk, Qt.Key.Key_Up, ALT)
    assert desk.path == ["HOLIDAY"]
    await press(desk, Qt.Key.Key_Left, ALT)
    assert desk.path == ["HOLIDAY", "Letters"]
    await press(desk, Qt.Key.Key_Right, ALT)
    assert desk.path == ["HOLIDAY"]


async def test_ctrl_l_lets_a_path_be_typed_and_escape_takes_it_back(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await press(desk, Qt.Key.Key_L, CTRL)
    QTest.keyClicks(focused(), "/music")
    await press(desk, Qt.Key.Key_Return)
    assert desk.path == ["HOLIDAY", "Music"]
    assert focused() is desk.page.browser.view
    await press(desk, Qt.Key.Key_L, CTRL)
    await press(desk, Qt.Key.Key_Escape)
    assert desk.window.toolbar.breadcrumb.currentWidget() is desk.window.toolbar.breadcrumb._trail


async def test_backspace_in_the_path_deletes_a_letter_and_goes_nowhere(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.open("Letters")
    await press(desk, Qt.Key.Key_L, CTRL)
    QTest.keyClicks(focused(), "/ab")
    await press(desk, Qt.Key.Key_Backspace)
    assert desk.window.toolbar.breadcrumb._line.text() == "/a"
    assert desk.path == ["HOLIDAY", "Letters"]


async def test_views_and_hidden_files_have_keys(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await press(desk, Qt.Key.Key_2, CTRL)
    assert desk.page.browser.view is desk.page.browser.tiles
    assert focused() is desk.page.browser.tiles, "the keyboard goes along"
    await press(desk, Qt.Key.Key_1, CTRL)
    assert desk.page.browser.view is desk.page.browser.details
    await press(desk, Qt.Key.Key_H, CTRL)
    assert desk.window.navigator.view.with_hidden


async def test_walking_along_the_sidebar_shows_each_place_and_enter_goes_into_it(desk: Desk) -> None:
    desk.window.sidebar.setFocus()
    await press(desk, Qt.Key.Key_End)
    await desk.until(lambda: desk.window.navigator.page is not None, "the place is shown")
    await desk.settled()
    assert desk.path == ["HOLIDAY"]
    assert focused() is desk.window.sidebar
    await press(desk, Qt.Key.Key_Return)
    assert focused() is desk.page.browser.view


async def test_f5_reads_the_folder_again_and_one_stays_where_one_was(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.select("Photos")
    await press(desk, Qt.Key.Key_F5)
    assert [entry.name for entry in desk.page.browser.selected] == ["Photos"]
