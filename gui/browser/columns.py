"""The columns of the table: which are shown, in which order and how wide, as somebody has put them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QTreeView

from core.entry import Entry, Kind, Zone
from gui import formats
from gui.browser.layouts import USUAL_COLUMNS
from gui.browser.model import kind_name
from gui.browser.order import Column
from gui.translating import tr

_NARROW = {Column.TYPE: 48, Column.MODIFIED: 30, Column.SIZE: 15}
"""Lines of text, as wide as they are high, below which a column makes room for the names."""
_WIDEST: dict[Column, Callable[[], str]] = {
    Column.SIZE: lambda: formats.size(999_900_000),
    Column.TYPE: lambda: kind_name(Entry("x.exe", 0, Kind.FILE)),
    Column.MODIFIED: lambda: formats.moment(1_795_996_800_000_000_000, Zone.LOCAL),
}
"""What a column has room for. The date is the 30th of November 2026."""
_MARGIN = 32
_NARROWEST = 60
_STYLE = """
    QHeaderView { background: palette(base); }
    QHeaderView::section {
        background: palette(base); padding: 7px 8px; border: none; border-bottom: 1px solid palette(mid);
    }
"""


class Columns(QObject):
    """Of one header. The name is always there, takes what room is left, and stays at the left."""

    sorted_by = Signal(int, bool)
    """Column, and whether from large to small."""
    changed = Signal()
    """The user has put them otherwise."""
    menu_wanted = Signal(QPoint)
    """A place on the screen."""

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view
        self._header = header = view.header()
        self.shown: tuple[Column, ...] = USUAL_COLUMNS
        """From the left, also those that make room now."""
        self.widths: dict[Column, int] = {}
        self._with_folders = False
        self._ours = False
        """Whether it is not the user who changes something now."""
        header.setStyleSheet(_STYLE)
        header.setSectionsClickable(True)
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(Column.NAME, Qt.SortOrder.AscendingOrder)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_NARROWEST)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.menu_wanted.emit(header.mapToGlobal(at)))
        header.sectionClicked.connect(self._sort)
        header.sectionMoved.connect(lambda *_: self._moved())
        header.sectionResized.connect(self._resized)

    def put(self, shown: Sequence[Column], widths: Mapping[Column, int]) -> None:
        self.shown = (Column.NAME, *(each for each in dict.fromkeys(shown) if each in _WIDEST))
        self.widths = dict(widths)
        self.lay_out()

    def turn(self, column: Column) -> None:
        """Shows a column, or hides it."""
        if column in self.shown:
            self.shown = tuple(each for each in self.shown if each is not column)
        else:
            self.shown = (*self.shown, column)
        self.lay_out()
        self.changed.emit()

    def reset(self) -> None:
        self.put(USUAL_COLUMNS, {})
        self.changed.emit()

    def lay_out(self) -> None:
        """When the header has sections, or has them anew."""
        header = self._header
        if not header.count():
            return
        with self._by_us():
            header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
            for column, widest in _WIDEST.items():
                usual = _width(self._view.fontMetrics(), widest())
                header.resizeSection(column, self.widths.get(column, usual))
            for place, column in enumerate((Column.NAME, Column.FOLDER, *self.shown[1:])):
                header.moveSection(header.visualIndex(column), place)
        self.make_room(self._view.viewport().width())

    def show_order(self, column: Column, descending: bool) -> None:
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self._header.setSortIndicator(column, order)

    def show_folders(self, wanted: bool) -> None:
        """Whether there is a column that says where each one lies."""
        self._with_folders = wanted
        self.make_room(self._view.viewport().width())

    def make_room(self, width: int) -> None:
        view, header = self._view, self._header
        with self._by_us():
            view.setColumnHidden(Column.FOLDER, not self._with_folders)
            if self._with_folders:
                header.resizeSection(Column.FOLDER, max(120, width * 3 // 10))
                width -= header.sectionSize(Column.FOLDER) // 2
            for column in _WIDEST:
                narrow = _NARROW[column] * view.fontMetrics().height()
                view.setColumnHidden(column, column not in self.shown or width < narrow)

    def _sort(self, section: int) -> None:
        if section == Column.FOLDER:
            return
        order = self._header.sortIndicatorOrder()
        self.sorted_by.emit(section, order is Qt.SortOrder.DescendingOrder)

    def _moved(self) -> None:
        if self._ours:
            return
        order = [self._header.logicalIndex(place) for place in range(self._header.count())]
        self.put([Column(section) for section in order if section in self.shown], self.widths)
        self.changed.emit()

    def _resized(self, section: int, _: int, width: int) -> None:
        if not self._ours and section in _WIDEST and width:
            self.widths[Column(section)] = width
            self.changed.emit()

    @contextmanager
    def _by_us(self) -> Iterator[None]:
        before, self._ours = self._ours, True
        try:
            yield
        finally:
            self._ours = before


def titles() -> dict[Column, str]:
    """Of those that can be hidden, for people."""
    return {Column.SIZE: tr("Size"), Column.TYPE: tr("Type"), Column.MODIFIED: tr("Modified")}


def _width(metrics: QFontMetrics, text: str) -> int:
    return metrics.horizontalAdvance(text) + _MARGIN
