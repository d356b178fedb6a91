"""The two ways to look at a folder: a table with details, and icons. They share a model and a selection."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QTreeView,
    QWidget,
)

from gui.browser.columns import Columns
from gui.browser.delegate import ROW_ICON, TILE, TILE_ICON, CellDelegate, TileDelegate
from gui.browser.model import FolderModel
from gui.translating import tr

_PATIENCE = 1.0
"""Seconds after which the next letter begins a new search."""
_MOST_DRAWN = 400
"""Icons that are laid out in one turn of the event loop."""


class _FileView:
    """What both views do alike. Mixed into a QAbstractItemView."""

    dragged: Any
    middle_clicked: Any
    _typed = ""
    _typed_at = 0.0

    def _set_up(self: Any) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAccessibleName(tr("Files"))

    def keyboardSearch(self: Any, text: str) -> None:
        """Goes to the next entry that begins with what was typed without a pause."""
        model = self.model()
        if not isinstance(model, FolderModel) or not model.count:
            return
        now = time.monotonic()
        again = now - self._typed_at > _PATIENCE
        self._typed = text if again else self._typed + text
        self._typed_at = now
        current = self.currentIndex().row()
        same_letter = len(self._typed) > 1 and len(set(self._typed)) == 1
        wanted = self._typed[:1] if same_letter else self._typed
        start = current + 1 if again or same_letter else max(current, 0)
        row = model.row_starting(wanted, start % model.count)
        if row is not None:
            self.setCurrentIndex(model.index(row, 0))

    def startDrag(self: Any, actions: Qt.DropAction) -> None:
        """What is dragged is for the window to say: rows know nothing of files of the host."""
        self.dragged.emit()

    def mousePressEvent(self: Any, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.BackButton, Qt.MouseButton.ForwardButton):
            event.ignore()  # the window's
            return
        if event.button() is Qt.MouseButton.MiddleButton:
            self.middle_clicked.emit(self.indexAt(event.position().toPoint()).row())
            return
        super().mousePressEvent(event)  # type: ignore[misc]

    def keyPressEvent(self: Any, event: QKeyEvent) -> None:
        # A space begins no search, and marks the current entry only together with Ctrl.
        searching = self._typed and time.monotonic() - self._typed_at <= _PATIENCE
        if event.key() == Qt.Key.Key_Space and not event.modifiers() and not searching:
            event.ignore()
            return
        super().keyPressEvent(event)  # type: ignore[misc]


class DetailsView(_FileView, QTreeView):
    dragged = Signal()
    middle_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._set_up()
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setIconSize(QSize(ROW_ICON, ROW_ICON))
        metrics = self.fontMetrics()
        self.setItemDelegate(CellDelegate(max(metrics.height() + 12, ROW_ICON + 8), self))
        self.columns = Columns(self)

    def setModel(self, model: Any) -> None:
        super().setModel(model)
        self.columns.lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.columns.make_room(event.size().width())
        super().resizeEvent(event)


class IconsView(_FileView, QListView):
    dragged = Signal()
    middle_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self._set_up()
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_MOST_DRAWN)
        self.setIconSize(QSize(TILE_ICON, TILE_ICON))
        self.setGridSize(TILE)
        self.setItemDelegate(TileDelegate(self))
        self.setViewportMargins(8, 8, 0, 0)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)


def select_rows(model: QItemSelectionModel) -> None:
    """Extends what is selected to whole rows: icons select one column only."""
    model.select(
        model.selection(),
        QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
    )


def spans(selected: QItemSelectionModel) -> list[tuple[int, int]]:
    """First and last rows of what is selected. A range may reach over the row where a folder breaks off."""
    model, selection = selected.model(), selected.selection()
    last = model.count - 1 if isinstance(model, FolderModel) else -1
    ranges = (selection.at(number) for number in range(selection.count()))
    return [(each.top(), min(each.bottom(), last)) for each in ranges if each.top() <= last]


def selected_rows(model: QItemSelectionModel) -> list[int]:
    """From the ranges, for asking about each row takes too long when thousands are selected."""
    rows: list[int] = []
    beyond = 0
    for top, bottom in sorted(spans(model)):
        rows.extend(range(max(top, beyond), bottom + 1))
        beyond = max(beyond, bottom + 1)
    return rows
