"""What somebody who cannot see the window, or has no mouse, gets of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QDialog, QWidget

from gui.panes.checkup import CheckupDialog
from gui.panes.deleted import DeletedDialog
from gui.panes.format import FormatDialog
from tests.gui.gallery import ERRORS
from tests.support.window import Desk

Role = QAccessible.Role


def parts(widget: QWidget) -> Iterator[QAccessibleInterface]:
    """Everything that a screen reader finds below a widget, but for the rows of lists."""

    def walk(part: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
        yield part
        if isinstance(part.object(), QAbstractItemView):
            return
        for number in range(part.childCount()):
            child = part.child(number)
            if child is not None and child.isValid() and not child.state().invisible:
                yield from walk(child)

    return walk(QAccessible.queryAccessibleInterface(widget))


def name_of(part: QAccessibleInterface) -> str:
    return part.text(QAccessible.Text.Name)


def nameless(widget: QWidget) -> list[str]:
    """What can have the keyboard and does not say what it is."""
    return [
        f"{part.role()} {part.object()}"
        for part in parts(widget)
        if (part.state().focusable or part.role() is Role.Button) and not name_of(part).strip()
    ]


def buttons_alike(widget: QWidget) -> list[str]:
    found = Counter(
        name_of(part)
        for part in parts(widget)
        if part.role() in (Role.Button, Role.ButtonMenu) and part.state().focusable
    )
    return [name for name, times in found.items() if times > 1]


def by_tab(window: QWidget) -> list[QWidget]:
    """Where the keyboard goes when Tab is pressed until it is where it was."""
    visited: list[QWidget] = []
    while (widget := QApplication.focusWidget()) is not None and widget not in visited:
        visited.append(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    return visited


def reachable(window: QWidget) -> list[QWidget]:
    """What must be visited so: all that takes the keyboard and is to be seen."""
    wanted = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.window() is window
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
    ]
    return [widget for widget in wanted if isinstance(widget, QAbstractButton | QAbstractItemView)]


async def browsing(desk: Desk) -> QWidget:
    await desk.choose("HOLIDAY")
    return desk.window


async def icons(desk: Desk) -> QWidget:
    await desk.choose("HOLIDAY")
    await desk.do("icons")
    return desk.window


async def preview_and_properties(desk: Desk) -> QWidget:
    await desk.choose("HOLIDAY")
    desk.window.actions_.preview.setChecked(True)
    desk.window.actions_.properties.setChecked(True)
    desk.select("README.txt")
    await desk.settled()
    return desk.window


async def danger(desk: Desk) -> QWidget:
    await desk.choose("HOLIDAY")
    await desk.open("invoice.pdf.exe")
    await desk.press("Show it as text", desk.window.question)
    return desk.window


async def walls(desk: Desk) -> QWidget:
    await desk.choose("HOLIDAY")
    await desk.do("walls")
    return desk.window


async def welcome(desk: Desk) -> QWidget:
    return desk.window


async def broken(desk: Desk) -> QWidget:
    await desk.choose("HOLIDAY")
    desk.page.show_bug(ERRORS["crashed"][0])
    desk.page.pane._fold.unfold(True)
    return desk.window


async def searching(desk: Desk) -> QWidget:
    await desk.choose("HOLIDAY")
    desk.window.toolbar.field.asked.emit("pier")
    await desk.settled()
    return desk.window


async def side_by_side(desk: Desk) -> QWidget:
    await desk.choose("HOLIDAY")
    await desk.do("new_tab")
    await desk.open("Photos")
    await desk.do("split")
    await desk.do("up")
    return desk.window


State = Callable[[Desk], Awaitable[QWidget]]
STATES: list[State] = [
    welcome,
    browsing,
    icons,
    preview_and_properties,
    danger,
    walls,
    broken,
    searching,
    side_by_side,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_everything_that_takes_the_keyboard_says_what_it_is(desk: Desk, state: State) -> None:
    window = await state(desk)
    assert nameless(window) == []
    assert buttons_alike(window) == []


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_tab_leads_everywhere_and_back(desk: Desk, state: State) -> None:
    window = await state(desk)
    window.activateWindow()
    await desk.until(window.isActiveWindow, "it is active")
    desk.window.sidebar.setFocus()
    visited = by_tab(window)
    missed = [f"{each} {each.accessibleName()}" for each in reachable(window) if each not in visited]
    assert missed == []


@pytest.mark.parametrize("kind", [FormatDialog, CheckupDialog, DeletedDialog])
async def test_dialogs_say_what_they_ask(desk: Desk, kind: type[QDialog]) -> None:
    await desk.choose("HOLIDAY")
    if kind is FormatDialog:
        desk.window.commands.format()
    elif kind is CheckupDialog:
        desk.window.commands.check(desk.page.key)
    else:
        desk.window.commands.deleted(desk.page.key)
    await desk.until(lambda: any(each.isVisible() for each in desk.window.findChildren(kind)), "the dialog")
    await desk.settled()
    (dialog,) = desk.window.findChildren(kind)
    assert "HOLIDAY" in dialog.accessibleName()
    assert nameless(dialog) == []
    assert buttons_alike(dialog) == []
    dialog.reject()
    await desk.settled()


async def test_each_half_and_each_tab_says_where_it_is(desk: Desk) -> None:
    window = await side_by_side(desk)
    said = {name_of(part) for part in parts(window)}
    assert {"HOLIDAY", "Photos on HOLIDAY"} <= said
    for half in desk.window.navigator.halves:
        assert half.tab.accessibleName() in ("HOLIDAY", "Photos on HOLIDAY")


async def test_questions_say_what_they_ask(travel: Desk) -> None:
    desk = travel
    desk.select("letter.txt")
    delete = desk.window.actions_.delete
    await desk.until(delete.isEnabled, "it can be deleted")
    delete.trigger()
    choices = desk.window.editing.choices
    await desk.until(lambda: choices.asking, "it asks")
    assert "letter.txt" in choices.accessibleName()
    assert nameless(desk.window) == []
    assert buttons_alike(choices) == []
    choices.answer("keep")
    await desk.settled()
