"""What is said above the files stays until it is old, and the keyboard is where it is of use."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton

from tests.support.ext import ext_image
from tests.support.window import Desk


def _line(desk: Desk) -> QLineEdit:
    """The one in which a name is typed."""
    return desk.page.browser.view.findChildren(QLineEdit)[0]


async def _type(desk: Desk, name: str) -> None:
    line, gone = _line(desk), list[None]()
    line.setText(name)
    line.destroyed.connect(lambda: gone.append(None))
    QTest.keyClick(line, Qt.Key.Key_Return)
    await desk.until(lambda: gone, "it was typed")
    await desk.settled()


async def _refused(desk: Desk) -> None:
    """A name that is taken was given to a file, and the place to type one is open once more."""
    browser = desk.page.browser
    browser.view.setFocus()
    browser.edit(desk.entry("letter.txt").node)
    await _type(desk, "beach.jpg")
    assert _line(desk).text() == "beach.jpg"
    assert "beach.jpg" in desk.window.question.accessibleName()
    assert desk.window.question.isVisible()


async def test_whoever_clicks_elsewhere_after_a_refusal_is_not_asked_for_a_name_again(travel: Desk) -> None:
    await _refused(travel)
    line, gone = _line(travel), list[None]()
    line.destroyed.connect(lambda: gone.append(None))
    travel.window.sidebar.setFocus()
    await travel.until(lambda: gone, "it is closed")
    await travel.settled()
    assert not travel.page.browser.view.findChildren(QLineEdit)
    assert "letter.txt" in travel.names


async def test_the_same_name_can_be_tried_again(travel: Desk) -> None:
    await _refused(travel)
    await _type(travel, "beach.jpg")
    assert _line(travel).text() == "beach.jpg"


async def test_a_refusal_goes_once_one_goes_into_a_folder(travel: Desk) -> None:
    await _refused(travel)
    await travel.open("trip")
    assert not travel.window.question.isVisible()


async def test_a_refusal_goes_once_one_goes_to_another_stick(travel: Desk) -> None:
    await _refused(travel)
    await travel.choose("HOLIDAY")
    assert not travel.window.question.isVisible()


async def test_a_refusal_goes_once_what_was_refused_was_done_otherwise(travel: Desk) -> None:
    await _refused(travel)
    await _type(travel, "other.txt")
    assert "other.txt" in travel.names
    assert not travel.window.question.isVisible()


async def test_what_is_done_next_has_its_own_say(travel: Desk) -> None:
    QApplication.clipboard().clear()
    await _refused(travel)
    await travel.do("paste")
    assert travel.window.question.accessibleName() == "There are no files on the clipboard."
    assert travel.window.question.isVisible()


async def test_escape_takes_it_away_from_among_the_files(travel: Desk) -> None:
    await _refused(travel)
    view = travel.page.browser.view
    QTest.keyClick(_line(travel), Qt.Key.Key_Escape)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not travel.window.question.isVisible()
    assert QApplication.focusWidget() is view


async def test_at_first_enter_opens_a_disk_image(desk: Desk) -> None:
    focus = desk.window.focusWidget()
    assert isinstance(focus, QPushButton)
    assert focus.text() == "Open a disk image…"


async def test_the_menu_fits_on_a_small_screen_and_lacks_nothing(desk: Desk) -> None:
    menu = desk.window.toolbar.menu.menu()
    assert menu.sizeHint().height() < 600
    within = {
        action for each in (menu, *menu.findChildren(QMenu)) for action in each.actions() if action.text()
    }
    actions = desk.window.actions_
    by_mouse_elsewhere = {
        actions.back,
        actions.forward,
        actions.up,
        actions.close_tab,
        actions.next_tab,
        actions.previous_tab,
        actions.other_half,
        actions.open,
        actions.open_tab,
        actions.open_beside,
        actions.reveal,
    }
    assert {action for action in desk.window.actions() if action not in within} <= by_mouse_elsewhere


async def test_a_mistyped_path_leaves_one_where_one_is(travel: Desk) -> None:
    await travel.open("trip")
    names = travel.names
    travel.window.toolbar.breadcrumb.typed.emit("/tirp")
    await travel.settled()
    assert travel.page.shows_files
    assert (travel.path, travel.names) == (["TRAVEL", "trip"], names)
    assert travel.window.question.accessibleName() == "There is no “/tirp” on “TRAVEL”."
    travel.window.toolbar.breadcrumb.typed.emit("/zoo")
    await travel.settled()
    assert travel.path == ["TRAVEL", "zoo"]
    assert not travel.window.question.isVisible()


async def test_a_link_to_nowhere_leaves_one_where_one_is(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source/report").symlink_to("/gone/away")
    await desk.add(ext_image(tmp_path / "linux.img", 8 << 20, "-L", "LINUX", source=tmp_path / "source"))
    await desk.open("report")
    assert desk.page.shows_files
    assert "report" in desk.names
    assert desk.window.question.accessibleName() == "What the link “report” leads to is not there."
