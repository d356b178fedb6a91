"""The files of one volume, a folder at a time: views, selection, and what to say where files are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from core.entry import Entry, Kind
from core.host.volume import Volume
from gui.browser.contents import View
from gui.browser.delegate import THUMBNAIL_SIDE
from gui.browser.dropping import DropArea
from gui.browser.layouts import Layout, Mode
from gui.browser.missing import MissingNotice
from gui.browser.model import FolderModel
from gui.browser.naming import NameEditing, stem_length
from gui.browser.notice import Notice
from gui.browser.order import Column
from gui.browser.reading import GRACE, Reader
from gui.browser.results import Results
from gui.browser.summary import Summary, hidden_in, summary_of
from gui.browser.views import DetailsView, IconsView, select_rows, selected_rows, spans
from gui.panes.parts import Text
from gui.preview.thumbnails import Thumbnails
from gui.tasks import Tasks
from gui.translating import tr

_SEARCH_GRACE = 0.03
"""Seconds for which the rows before stay on screen when one types on."""
_COALESCED = 30
"""Milliseconds in which changes of the selection count as one."""


class Browser(DropArea):
    activated = Signal(object)
    """The Entry that was double-clicked, or Enter pressed on."""
    tab_wanted = Signal(object)
    """The Entry that was clicked with the middle button."""
    selection_changed = Signal()
    changed = Signal()
    """Rows came, went or moved, or the reading of the folder ended."""
    failed = Signal(object)
    """A RumpusError: nothing of the folder could be read."""
    dragged = Signal()
    sorted_by = Signal(object)
    """The `View` that a click on a column's title asks for."""
    laid_out = Signal()
    """The user has put the columns otherwise."""
    columns_wanted = Signal(QPoint)
    """A menu of the columns, at a place on the screen."""
    renamed = Signal(object, str)
    """An Entry, and the name that was typed for it."""
    menu_wanted = Signal(QPoint)
    """A place on the screen."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = FolderModel(self)
        self.reader = Reader(tasks, self.model, self)
        self.selection = QItemSelectionModel(self.model, self)
        self.details = DetailsView()
        self.tiles = IconsView()
        self.notice = MissingNotice(self.model, (self.details, self.tiles))
        self.unclean = Notice(tr("Close"), above=True)
        """Says that the stick was not ejected properly, until the user has seen it."""
        self._thumbnails: Thumbnails | None = None
        self.mode = Mode.DETAILS
        self.invitation = ""
        """What can be done with a folder that is empty."""
        self._empty = Text(dim=True, selectable=False)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setBackgroundRole(QPalette.ColorRole.Base)
        self._empty.setAutoFillBackground(True)
        self._empty.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._stack = QStackedWidget()
        self._place: tuple[Volume | Results, int] | None = None
        self._focus: int | None = None
        self._at_end = False
        """Whether to stand where the folder breaks off, if it does so again."""
        self._picked: tuple[int, ...] = ()
        """Nodes of entries to select once the folder has been read anew."""
        self._edited: int | None = None
        """The node of the one whose name is to be typed then."""
        self._stood = -1
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_COALESCED)
        self._lay_out()
        self._connect()
        self.set_mode(self.mode)

    # what the page asks for ---------------------------------------------------------------------------------

    @property
    def view(self) -> QAbstractItemView:
        return self.details if self.mode is Mode.DETAILS else self.tiles

    def read(self, volume: Volume | Results, node: int, focus: int | None = None) -> None:
        """Shows a folder, or all that is found below it. `focus` is the node of the entry to stand on once it
        has been read."""
        self._place, self._focus, self._at_end = (volume, node), focus, False
        self.filter("")
        if self._thumbnails is not None:
            self._thumbnails.stop()
            if not isinstance(volume, Results):
                self._thumbnails.turn_to(volume)
        self.reader.grace = _SEARCH_GRACE if isinstance(volume, Results) else GRACE
        self.reader.start(volume, node)
        self._show_rows()
        self.changed.emit()

    def use_thumbnails(self, thumbnails: Thumbnails) -> None:
        """On the icons, of what is read from now on. The table has none: as small as its rows are, they tell
        less than the icon of a kind does, and each costs a process."""
        self._thumbnails = thumbnails
        self.model.thumbnail = lambda entry: thumbnails.find(
            entry, round(THUMBNAIL_SIDE * self.tiles.devicePixelRatio())
        )
        self.tiles.verticalScrollBar().valueChanged.connect(thumbnails.view_moved)
        thumbnails.moved_on.connect(self.tiles.viewport().update)
        thumbnails.arrived.connect(self.tiles.viewport().update)

    def reload(self) -> None:
        if self._place is not None:
            current = self.current
            at_end = self._is_end(self.selection.currentIndex().row())
            self.read(*self._place, focus=current.node if current else None)
            self._at_end = at_end

    def renew(self, pick: Sequence[int] = (), *, edit: int | None = None) -> None:
        """The folder has changed: shows what it holds now, and leaves the rest as it is on screen.

        Then the entries with the nodes `pick` are selected, and the name of the one with `edit` can be typed.
        """
        if self._place is None:
            return
        self._picked, self._edited = tuple(pick) or self._picked, edit or self._edited
        self._stood = self.selection.currentIndex().row() if self.selected_count else -1
        self.reader.renew(*self._place)

    def renew_at(self, node: int) -> None:
        """As `renew`, of the folder that is shown when its node may be another one now."""
        if self._place is not None:
            self._place = self._place[0], node
            self.renew()

    def edit(self, node: int, text: str = "") -> None:
        """Lets a name be typed in its place, beginning with `text` where that is not the name it has."""
        row = self.model.row_of(node)
        if row is None:
            return
        self.select(node)
        delegate = self.view.itemDelegate()
        if isinstance(delegate, NameEditing):
            delegate.suggestion = text
        self.view.setFocus()
        self.view.edit(self.model.index(row, 0))
        line = self.view.indexWidget(self.model.index(row, 0))
        if isinstance(line, QLineEdit):
            folder = self.model.entries_at([row])[0].kind is Kind.DIRECTORY
            line.setSelection(0, stem_length(line.text(), folder=folder))

    def stop(self) -> None:
        """Reads no further, and holds on to no volume."""
        self.reader.stop()
        self._place = None
        if self._thumbnails is not None:
            self._thumbnails.turn_to(None)

    def set_mode(self, mode: Mode) -> None:
        old = self.view
        self.mode = mode
        if self.view.model() is self.model:
            return
        current = self.selection.currentIndex()
        old.setModel(None)
        self.view.setModel(self.model)
        self.view.setSelectionModel(self.selection)
        if mode is Mode.DETAILS:
            select_rows(self.selection)
        self.setFocusProxy(self.view)
        self._show_rows()
        if current.isValid():
            self.view.scrollTo(current)

    @property
    def layout_(self) -> Layout:
        """How it is looked at."""
        view, columns = self.reader.view, self.details.columns
        return Layout(self.mode, view.column, view.descending, columns.shown, dict(columns.widths))

    def lay_out(self, layout: Layout) -> None:
        """Looks at it in such a way from now on."""
        self.details.columns.put(layout.columns, layout.widths)
        self.set_mode(layout.mode)
        self.look(replace(self.reader.view, column=layout.column, descending=layout.descending))

    def look(self, view: View) -> None:
        """In which order, and whether with hidden files."""
        current = self.current
        self._focus = current.node if current and view.with_hidden != self.reader.view.with_hidden else None
        self.details.columns.show_order(view.column, view.descending)
        self.reader.look(replace(view, only=self.reader.view.only))

    def filter(self, text: str) -> None:
        """Shows only what has these words in its name."""
        if text != self.reader.view.only:
            current = self.current
            self._focus = current.node if current is not None else self._focus
            self.reader.look(replace(self.reader.view, only=text))

    @property
    def results(self) -> Results | None:
        """What the rows are, where they are not those of one folder."""
        return self.model.results

    @property
    def current(self) -> Entry | None:
        """Where the keyboard stands."""
        return self.model.entry_at(self.selection.currentIndex().row())

    @property
    def selected(self) -> list[Entry]:
        """In the order of their rows."""
        return self.model.entries_at(selected_rows(self.selection))

    @property
    def selected_count(self) -> int:
        return sum(last - first + 1 for first, last in spans(self.selection))

    def select(self, node: int) -> None:
        """Stands on the entry of that node, and selects it alone."""
        row = self.model.row_of(node)
        if row is not None:
            self._stand_on([row])
            self.view.scrollTo(self.model.index(row, 0), QAbstractItemView.ScrollHint.PositionAtCenter)

    def _stand_on(self, rows: Sequence[int]) -> None:
        """Selects these alone, and stands on the first of them."""
        flags = QItemSelectionModel.SelectionFlag
        chosen = QItemSelection()
        for row in rows:
            chosen.select(self.model.index(row, 0), self.model.index(row, len(Column) - 1))
        self.selection.setCurrentIndex(self.model.index(rows[0], 0), flags.NoUpdate)
        self.selection.select(chosen, flags.ClearAndSelect)

    def folder_at(self, place: QPoint) -> tuple[Entry | None, QRect]:
        shown = self._stack.currentWidget() or self._stack
        if shown is self.view:
            port = self.view.viewport()
            index = self.view.indexAt(port.mapFrom(self, place))
            entry = self.model.entry_at(index.row())
            if entry is not None and entry.kind is Kind.DIRECTORY:
                area = self.view.visualRect(index)
                if self.mode is Mode.DETAILS:
                    area.setLeft(0)
                    area.setWidth(port.width())
                return entry, QRect(port.mapTo(self, area.topLeft()), area.size())
        return None, QRect(shown.mapTo(self, QPoint(0, 0)), shown.size())

    def stand_first(self) -> None:
        """On the first row."""
        entry = self.model.entry_at(0)
        if entry is not None:
            self.select(entry.node)

    def summary(self) -> Summary:
        return summary_of(self.model, self.reader, selected_rows(self.selection))

    # what happens -------------------------------------------------------------------------------------------

    def _landed(self) -> None:
        source = self._place[0] if self._place is not None else None
        self.model.results = source if isinstance(source, Results) else None
        self.details.columns.show_folders(self.model.results is not None)
        self.notice.say("")
        self.selection.clear()
        self.view.scrollToTop()
        self._show_rows()
        self.changed.emit()

    def _finished(self) -> None:
        self._look_at_the_end()
        self._stand()
        self.changed.emit()

    def _renewed(self) -> None:
        self._look_at_the_end()
        (picked, edited), self._picked, self._edited = (self._picked, self._edited), (), None
        nodes = set(picked)
        rows = [row for row, entry in enumerate(self.model.shown) if entry.node in nodes] if nodes else []
        if rows:
            self._stand_on(rows)
            self.view.scrollTo(self.model.index(rows[0], 0))
        elif not self.selected_count and self._stood >= 0 and self.model.count:
            self._stand_on([min(self._stood, self.model.count - 1)])
        self._stood = -1
        self.changed.emit()
        if edited is not None:
            self.edit(edited)

    def _look_at_the_end(self) -> None:
        contents = self.model.contents
        if contents.error is not None and not contents.entries:
            self.failed.emit(contents.error)
        self._show_rows()
        self.notice.tell()

    def _is_end(self, row: int) -> bool:
        return row >= 0 and row == self.model.end.row()

    def _arranged(self) -> None:
        self._show_rows()
        self._stand()
        self.changed.emit()

    def _stand(self) -> None:
        if self._focus is not None:
            self.select(self._focus)
            self._focus = None
        elif self._at_end and (end := self.model.end).isValid():
            self.selection.setCurrentIndex(end, QItemSelectionModel.SelectionFlag.Clear)
            self.view.scrollTo(end)
        self._at_end = False

    def _show_rows(self) -> None:
        hidden = hidden_in(self.model, self.reader)
        if self.model.rowCount() or self.reader.busy:
            self._stack.setCurrentWidget(self.view)
            return
        note = "\n" + tr("%Ln hidden items", "", hidden) if hidden else ""
        if self.results is not None:
            what = tr("Nothing on this stick is called “{text}”.", text=self.results.text)
        elif self.reader.view.only:
            what = tr("Nothing in this folder is called “{text}”.", text=self.reader.view.only)
        else:
            what = tr("This folder is empty.")
            what = f"{what}\n{self.invitation}".rstrip()
        self._empty.setText(f"{what}{note}")
        self._stack.setCurrentWidget(self._empty)

    def _activated(self, row: int) -> None:
        entry = self.model.entry_at(row)
        if entry is not None:
            self.activated.emit(entry)
        elif self._is_end(row):
            self.reload()

    def _middle_clicked(self, row: int) -> None:
        entry = self.model.entry_at(row)
        if entry is not None:
            self.tab_wanted.emit(entry)

    def _sort(self, column: int, descending: bool) -> None:
        self.sorted_by.emit(replace(self.reader.view, column=Column(column), descending=descending, only=""))

    def _connect(self) -> None:
        for view in (self.details, self.tiles):
            view.activated.connect(lambda index: self._activated(index.row()))
            view.middle_clicked.connect(self._middle_clicked)
            view.dragged.connect(self.dragged)
            delegate = view.itemDelegate()
            assert isinstance(delegate, NameEditing)
            delegate.renamed.connect(self.renamed)
        for widget in (self.details, self.tiles, self._empty):
            widget.customContextMenuRequested.connect(self._ask_menu)
        self.details.columns.sorted_by.connect(self._sort)
        self.details.columns.changed.connect(self.laid_out)
        self.details.columns.menu_wanted.connect(self.columns_wanted)
        self.selection.selectionChanged.connect(lambda *_: self._wait.start())
        self._wait.timeout.connect(self.selection_changed)
        self.reader.landed.connect(self._landed)
        self.reader.grew.connect(self.changed)
        self.reader.finished.connect(self._finished)
        self.reader.arranged.connect(self._arranged)
        self.reader.renewed.connect(self._renewed)
        self.notice.retried.connect(self.reload)
        self.unclean.retried.connect(lambda: self.unclean.say(""))

    def _ask_menu(self, place: QPoint) -> None:
        shown = self._stack.currentWidget() or self._empty
        area = shown.viewport() if isinstance(shown, QAbstractItemView) else shown
        self.menu_wanted.emit(area.mapToGlobal(place))

    def _lay_out(self) -> None:
        for widget in (self.details, self.tiles, self._empty):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.unclean)
        column.addWidget(self._stack, 1)
        column.addWidget(self.notice)
