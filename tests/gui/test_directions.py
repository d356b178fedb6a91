"""The window in languages that are written from right to left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from gui import icons
from gui.actions import Actions
from gui.browser.delegate import _PAD, ROW_ICON
from gui.mainwindow.sidebar_delegate import button_rect
from tests.support.window import Desk


@pytest.fixture
def from_the_right(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


async def test_icons_stand_at_the_side_where_lines_begin(qapp: QApplication, travel: Desk) -> None:
    view, model = travel.page.browser.view, travel.page.browser.model
    index = model.index(travel.names.index("beach.jpg"), 0)

    def icon(direction: Qt.LayoutDirection) -> QImage:
        travel.window.setLayoutDirection(direction)
        qapp.processEvents()
        row = view.visualRect(index)
        begin = QRect(row.left() + _PAD, row.top(), ROW_ICON, row.height())
        return view.viewport().grab(QStyle.visualRect(direction, row, begin)).toImage()

    left, right = icon(Qt.LayoutDirection.LeftToRight), icon(Qt.LayoutDirection.RightToLeft)
    assert len({left.pixel(x, y) for x in range(left.width()) for y in range(left.height())}) > 2
    assert left == right


def test_the_eject_mark_is_clicked_where_it_is_seen() -> None:
    row = QRect(10, 0, 200, 40)
    left = button_rect(row, Qt.LayoutDirection.RightToLeft)
    right = button_rect(row, Qt.LayoutDirection.LeftToRight)
    assert left.left() - row.left() == row.right() - right.right()


def test_back_points_to_where_one_came_from(from_the_right: None, qapp: QApplication) -> None:
    window = QWidget()
    actions = Actions(window)
    size = 24
    back = actions.back.icon().pixmap(size).toImage()
    forward = actions.forward.icon().pixmap(size).toImage()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert back == icons.icon("go-next").pixmap(size).toImage()
    assert forward == icons.icon("go-previous").pixmap(size).toImage()
