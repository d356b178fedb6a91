"""Every word of a window that a person can see, hear or point at, and whether it has room."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from gui.panes.choice import _Glance as Glance
from gui.panes.parts import Line

_MOST_CELLS = 400
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
_MARKUP = re.compile("<[^>]*>")


def words(window: QWidget) -> Iterator[tuple[str, str]]:
    """(whose it is, what it says) of all that is visible in a window, and of its menus and actions."""
    for action in _actions(window):
        for text in (action.text(), action.toolTip()):
            yield f"action {action.text()!r}", text
    for widget in [window, *window.findChildren(QWidget)]:
        if not widget.isVisible() or isinstance(widget, Glance):
            continue  # a Glance shows what is in a file
        who = f"{type(widget).__name__} {widget.objectName()}"
        for text in (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()):
            yield who, _MARKUP.sub("", text)
        if widget.isWindow():
            yield who, widget.windowTitle()
        if isinstance(widget, Line):
            continue  # its accessible name is the whole of it
        if isinstance(widget, QLabel | QAbstractButton):
            yield who, widget.text()
        elif isinstance(widget, QLineEdit):
            yield who, widget.placeholderText()
        elif isinstance(widget, QComboBox):
            yield from ((who, widget.itemText(number)) for number in range(widget.count()))
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from ((who, text) for text in _cells(widget.model()))


def _actions(window: QWidget) -> Iterator[QAction]:
    for menu in [window, *window.findChildren(QMenu)]:
        yield from menu.actions()


def _cells(model: QAbstractItemModel) -> Iterator[str]:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) or "")
        for row in range(min(_MOST_CELLS, model.rowCount(QModelIndex()))):
            for role in _ROLES:
                yield _MARKUP.sub("", str(model.index(row, column).data(role) or ""))


def clipped(window: QWidget) -> Iterator[str]:
    """Labels and buttons whose words do not fit into them."""
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, Line | Glance):  # both may lose some by design
            continue
        if isinstance(widget, QScrollArea) and (beyond := widget.horizontalScrollBar().maximum()):
            yield f"{type(widget.window()).__name__} must be scrolled sideways by {beyond}"
        text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
        if not text:
            continue
        if isinstance(widget, QPushButton | QCheckBox) or (
            isinstance(widget, QToolButton)
            and widget.toolButtonStyle() is not Qt.ToolButtonStyle.ToolButtonIconOnly
        ):
            if widget.width() < widget.sizeHint().width():
                yield f"{text!r} has {widget.width()} of {widget.sizeHint().width()}"
        elif isinstance(widget, QLabel):
            if widget.wordWrap():
                wanted = widget.heightForWidth(widget.width())
                if widget.height() < wanted:
                    yield f"{text!r} is {widget.height()} of {wanted} high"
            elif widget.width() < widget.sizeHint().width():
                yield f"{text!r} has {widget.width()} of {widget.sizeHint().width()}"
