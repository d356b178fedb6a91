"""The window without a mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from gui.mainwindow.keys import KeysDialog
from gui.ring import Ring
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


async def test_space_looks_into_a_file_and_escape_goes_on_in_the_list(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.select("README.txt")
    await press(desk, Qt.Key.Key_Space)
    assert desk.window.previewing.quick.looking
    await press(desk, Qt.Key.Key_Escape)
    assert not desk.window.previewing.quick.looking
    assert focused() is desk.page.browser.view


async def test_ctrl_a_selects_all_and_the_status_says_how_much_that_is(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await press(desk, Qt.Key.Key_A, CTRL)
    await desk.until(lambda: "selected" in desk.window.status.text, "it is told")
    assert desk.window.status.text == "3 folders, 2 files selected (369 bytes)"
    desk.select("Photos", "README.txt")
    await desk.until(lambda: desk.window.status.text == "1 folder, 1 file selected (297 bytes)", "less")


async def test_f2_types_a_name_and_escape_leaves_it(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.select("README.txt")
    await desk.until(desk.window.actions_.rename.isEnabled, "one is selected")
    await press(desk, Qt.Key.Key_F2)
    line = focused()
    assert isinstance(line, QLineEdit)
    assert (line.text(), line.selectedText()) == ("README.txt", "README")
    await press(desk, Qt.Key.Key_Escape)
    assert "README.txt" in desk.names


async def test_del_asks_first_and_escape_keeps_everything(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.select("README.txt")
    await desk.until(desk.window.actions_.delete.isEnabled, "one is selected")
    QTest.keyClick(focused(), Qt.Key.Key_Delete)
    choices = desk.window.editing.choices
    await desk.until(lambda: choices.asking, "it asks")
    assert "README.txt" in desk.reads(choices)
    await press(desk, Qt.Key.Key_Escape)
    assert "README.txt" in desk.names


async def test_ctrl_f_searches_and_down_leads_to_what_was_found(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await press(desk, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(focused(), "pier 2")
    await desk.until(lambda: desk.names == ["pier 2.jpg"], "it is found")
    await press(desk, Qt.Key.Key_Down)
    assert focused() is desk.page.browser.view
    assert desk.page.browser.current == desk.entry("pier 2.jpg")
    await press(desk, Qt.Key.Key_Escape)
    assert "README.txt" in desk.names


async def test_all_keys_are_on_one_page(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await press(desk, Qt.Key.Key_Question, CTRL)
    page = desk.window.findChild(KeysDialog)
    assert page is not None and page.isVisible()
    said = {label.text() for label in page.findChildren(QLabel)}
    for action in desk.window.actions():
        for key in action.shortcuts()[:1]:
            assert key.toString(QKeySequence.SequenceFormat.NativeText) in said, action.text()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()


async def test_no_key_means_two_things(desk: Desk) -> None:
    keys = [key.toString() for action in desk.window.actions() for key in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))
    assert "F10" not in keys, "that one is the menu's"


async def test_the_button_on_which_the_keyboard_stands_has_a_ring_and_a_clicked_one_has_none(
    desk: Desk,
) -> None:
    await desk.choose("HOLIDAY")
    toolbar, rings = desk.window.toolbar, desk.window.rings
    toolbar.field.setFocus()
    QTest.keyClick(toolbar.field, Qt.Key.Key_Tab)
    button = focused()
    assert rings.ring is not None
    assert rings.ring.parent() is button
    edge = button.grab().toImage().pixelColor(button.width() // 2, 0)
    accent = QPalette().color(QPalette.ColorRole.Highlight)
    distance = sum(abs(one - other) for one, other in zip(edge.getRgb(), accent.getRgb(), strict=True))
    assert distance < 60, "in the colour of the desktop"
    QTest.mouseClick(desk.page.browser.view.viewport(), Qt.MouseButton.LeftButton)
    assert rings.ring is None
    assert not button.findChildren(Ring) or not button.findChildren(Ring)[0].isVisible()
    button.setFocus(Qt.FocusReason.MouseFocusReason)
    assert rings.ring is None
