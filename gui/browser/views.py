"""The two ways to look at a folder: a table with details, and icons. They share a model and a selection."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QItemSelectionRange, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QListView,
    QTreeView,
    QWidget,
)

from core.entry import Entry, Kind, Zone
from gui import formats
from gui.browser.delegate import ROW_ICON, TILE, TILE_ICON, CellDelegate, TileDelegate
from gui.browser.model import FolderModel, kind_name
from gui.browser.order import Column
from gui.translating import tr

_NARROW = {Column.TYPE: 680, Column.MODIFIED: 420}
"""Logical pixels below which a column makes room for the names."""
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
        if not isinstance(model, FolderModel) or not model.rowCount():
            return
        now = time.monotonic()
        again = now - self._typed_at > _PATIENCE
        self._typed = text if again else self._typed + text
        self._typed_at = now
        current = self.currentIndex().row()
        same_letter = len(self._typed) > 1 and len(set(self._typed)) == 1
        wanted = self._typed[:1] if same_letter else self._typed
        start = current + 1 if again or same_letter else max(current, 0)
        row = model.row_starting(wanted, start % model.rowCount())
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
    sorted_by = Signal(int, bool)
    """Column, and whether from large to small."""

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
        self._with_folders = False
        self.header().setStyleSheet(_STYLE)
        header = self.header()
        header.setSectionsClickable(True)
        header.setSectionsMovable(False)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(Column.NAME, Qt.SortOrder.AscendingOrder)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(60)
        header.sectionClicked.connect(self._sort)

    def setModel(self, model: Any) -> None:
        super().setModel(model)
        if model is None:
            return
        header, metrics = self.header(), self.fontMetrics()
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        for column, widest in _WIDEST.items():
            header.resizeSection(column, _width(metrics, widest()))
        header.moveSection(header.visualIndex(Column.FOLDER), 1)
        self._make_room(self.viewport().width())

    def show_order(self, column: Column, descending: bool) -> None:
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.header().setSortIndicator(column, order)

    def show_folders(self, wanted: bool) -> None:
        """Whether there is a column that says where each one lies."""
        self._with_folders = wanted
        self._make_room(self.viewport().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._make_room(event.size().width())
        super().resizeEvent(event)

    def _make_room(self, width: int) -> None:
        self.setColumnHidden(Column.FOLDER, not self._with_folders)
        if self._with_folders:
            self.header().resizeSection(Column.FOLDER, max(120, width * 3 // 10))
            width -= self.header().sectionSize(Column.FOLDER) // 2
        for column, least in _NARROW.items():
            self.setColumnHidden(column, width < least)

    def _sort(self, section: int) -> None:
        if section == Column.FOLDER:
            return
        order = self.header().sortIndicatorOrder()
        self.sorted_by.emit(section, order is Qt.SortOrder.DescendingOrder)


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


def spans(model: QItemSelectionModel) -> list[QItemSelectionRange]:
    selection = model.selection()
    return [selection.at(number) for number in range(selection.count())]


def selected_rows(model: QItemSelectionModel) -> list[int]:
    """From the ranges, for asking about each row takes too long when thousands are selected."""
    rows: list[int] = []
    beyond = 0
    for top, bottom in sorted((span.top(), span.bottom()) for span in spans(model)):
        rows.extend(range(max(top, beyond), bottom + 1))
        beyond = max(beyond, bottom + 1)
    return rows


_WIDEST: dict[Column, Callable[[], str]] = {
    Column.SIZE: lambda: formats.size(999_900_000),
    Column.TYPE: lambda: kind_name(Entry("x.exe", 0, Kind.FILE)),
    Column.MODIFIED: lambda: formats.moment(1_795_996_800_000_000_000, Zone.LOCAL),
}
"""What a column has room for. The date is the 30th of November 2026."""
_MARGIN = 32
_STYLE = """
    QHeaderView { background: palette(base); }
    QHeaderView::section {
        background: palette(base); padding: 7px 8px; border: none; border-bottom: 1px solid palette(mid);
    }
"""


def _width(metrics: QFontMetrics, text: str) -> int:
    return metrics.horizontalAdvance(text) + _MARGIN
