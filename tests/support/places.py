"""Tabs and halves of the window, and keys for whoever has the focus."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.mainwindow.half import Half
from gui.mainwindow.tab import Tab
from tests.support.window import Desk

_PLAIN = Qt.KeyboardModifier.NoModifier


async def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = _PLAIN) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifier)
    await desk.settled()


def names(tab: Tab) -> list[str]:
    assert tab.page is not None
    model = tab.page.browser.model
    return [model.index(row, 0).data() for row in range(model.count)]


def halves(desk: Desk) -> tuple[Half, Half]:
    left, right = desk.window.navigator.halves
    return left, right
