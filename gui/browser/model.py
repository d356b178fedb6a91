"""One folder as a Qt model: rows are numbers, and text is made for the rows on screen only.

The rows themselves are counted by `QStandardItemModel`, which holds no item here. A view lays out every row
whenever some are added, and asks the model two questions about each; answered in C++ that takes 7 ms for
100,000 rows, answered in Python 120 ms.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from html import escape

from PySide6.QtCore import QMimeDatabase, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette, QPixmap, QStandardItemModel

from core.entry import Entry, Kind
from core.host.names import shown
from gui import formats, icons
from gui.browser.contents import Contents, is_hidden
from gui.browser.ending import last_row
from gui.browser.marks import Concern, Mark, mark_of
from gui.browser.order import Column, name_key, suffix
from gui.browser.results import Results
from gui.colours import amber, quiet
from gui.translating import later, tr

Index = QModelIndex | QPersistentModelIndex

MARK = int(Qt.ItemDataRole.UserRole) + 1
"""The `Mark` of a row, or None."""
THUMBNAIL = int(Qt.ItemDataRole.UserRole) + 2
"""A QPixmap of what a file holds, or None."""
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_DECORATION = int(Qt.ItemDataRole.DecorationRole)
_FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_DESCRIPTION = int(Qt.ItemDataRole.AccessibleDescriptionRole)
"""As numbers, for Qt asks with numbers, and often."""
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight

_MOST_CELLS = 4096
_FEW = 30
"""Rows that are sooner looked for one by one than all numbered."""
_TITLES = {
    Column.NAME: later("Name"),
    Column.SIZE: later("Size"),
    Column.TYPE: later("Type"),
    Column.MODIFIED: later("Modified"),
    Column.FOLDER: later("Folder"),
}
_KINDS = {Kind.DIRECTORY: later("Folder"), Kind.SYMLINK: later("Link"), Kind.OTHER: later("Special file")}


class Ink(enum.Enum):
    """What a text is written in."""

    PLAIN = enum.auto()
    QUIET = enum.auto()
    """For what stands back."""
    CARE = enum.auto()
    """For a name that is not what it seems."""


_COLOURS: dict[Ink, Callable[[QPalette], QColor | None]] = {
    Ink.PLAIN: lambda palette: None,
    Ink.QUIET: quiet,
    Ink.CARE: amber,
}


class FolderModel(QStandardItemModel):
    """Some numbers of a `Contents`, one a row; below them a row that says so where the folder breaks off.

    That one is the only row with items, and no entry: whatever is done to entries passes it by.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(0, len(Column), parent)
        self.contents = Contents()
        self.results: Results | None = None
        """Set while the rows are not of one folder, but what a search has found."""
        self.thumbnail: Callable[[Entry], QPixmap | None] = lambda entry: None
        self._order: list[int] = []
        self._marks: dict[int, Mark | None] = {}
        self._cells: dict[tuple[int, int], tuple[str, Ink]] = {}
        """By number of an entry and column: those that were drawn lately."""

    @property
    def count(self) -> int:
        """Rows that are entries."""
        return len(self._order)

    @property
    def end(self) -> QModelIndex:
        """Of the row where the folder breaks off; not valid where it does not."""
        return self.index(self.count, 0)

    def entry_at(self, row: int) -> Entry | None:
        return self.contents.entries[self._order[row]] if 0 <= row < len(self._order) else None

    def entries_at(self, rows: Iterable[int]) -> list[Entry]:
        entries, order = self.contents.entries, self._order
        return [entries[order[row]] for row in rows]

    @property
    def shown(self) -> Iterator[Entry]:
        """From the top."""
        entries = self.contents.entries
        return (entries[number] for number in self._order)

    def row_of(self, node: int) -> int | None:
        entries = self.contents.entries
        return next((row for row, number in enumerate(self._order) if entries[number].node == node), None)

    def row_starting(self, text: str, after: int) -> int | None:
        """The first row, from `after` on and then from the top, whose name begins so as people compare."""
        wanted, rows = name_key(text), len(self._order)
        turn = (*range(after, rows), *range(min(after, rows)))
        return next((row for row in turn if self.contents.begins(self._order[row], wanted)), None)

    def mark_at(self, row: int) -> Mark | None:
        number = self._order[row]
        if number not in self._marks:
            self._marks[number] = mark_of(self.contents.entries[number])
        return self._marks[number]

    def cell(self, row: int, column: int) -> tuple[str, Ink]:
        """What is to be drawn there. It is asked for each cell whenever a view is painted, and remembered."""
        key = self._order[row], column
        known = self._cells.get(key)
        if known is None:
            if len(self._cells) >= _MOST_CELLS:
                self._cells.clear()
            entry = self.contents.entries[key[0]]
            known = self._cells[key] = self._text(entry, column), self._ink(row, column)
        return known

    def _forget_looks(self) -> None:
        self._marks, self._cells = {}, {}

    # filling ------------------------------------------------------------------------------------------------

    def show(self, contents: Contents, order: list[int]) -> None:
        """Another folder, or the same one with other rows."""
        if contents is not self.contents:
            self._forget_looks()
        self.setRowCount(0)
        self.contents, self._order = contents, list(order)
        self.insertRows(0, len(order))
        self._end()

    def append(self, order: list[int]) -> None:
        """More rows, below the others."""
        if order:
            row = self.count
            self._order += order
            self.insertRows(row, len(order))

    def arrange(self, order: list[int]) -> None:
        """The same folder in another order; what is selected stays so, where no row comes or goes."""
        if len(order) != len(self._order):
            self.show(self.contents, order)
            return
        if order != self._order:
            self._reorder(order)
        self._end()

    def _reorder(self, order: list[int]) -> None:
        self.layoutAboutToBeChanged.emit()
        old = [index for index in self.persistentIndexList() if index.row() < self.count]
        row_of: Callable[[int], int] = order.index
        if len(old) > _FEW:
            row_of = {number: row for row, number in enumerate(order)}.__getitem__
        new = [self.index(row_of(self._order[index.row()]), index.column()) for index in old]
        self._order = list(order)
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def amend(self, contents: Contents, order: list[int]) -> None:
        """The same folder, read anew: rows come and go by themselves, and what is selected stays so."""
        before, after = _identities(self.contents, self._order), _identities(contents, order)
        staying = before.keys() & after.keys()
        for first, length in reversed(_runs(before, staying)):
            self.removeRows(first, length)
            del self._order[first : first + length]
        kept = [number for identity, number in zip(after, order, strict=True) if identity in staying]
        places = {identity: row for row, identity in enumerate(one for one in after if one in staying)}
        moves = [places[one] for one in before if one in staying]
        self._swap(contents, kept, moves)
        for first, length in _runs(after, staying):
            self._order[first:first] = order[first : first + length]
            self.insertRows(first, length)
        self._end()

    def _end(self) -> None:
        """The last row, where the contents say that something is missing."""
        error = self.contents.error
        self.setRowCount(self.count + (error is not None))
        for column, cell in enumerate(last_row(error) if error is not None else ()):
            self.setItem(self.count, column, cell)

    def _swap(self, contents: Contents, order: list[int], moves: list[int]) -> None:
        """Other entries in as many rows; `moves` has for each row the one that it is then."""
        self._forget_looks()
        if moves == list(range(len(moves))):
            self.contents, self._order = contents, order
            if order:
                self.dataChanged.emit(self.index(0, 0), self.index(len(order) - 1, len(Column) - 1))
            return
        self.layoutAboutToBeChanged.emit()
        old = [index for index in self.persistentIndexList() if index.row() < len(moves)]
        new = [self.index(moves[index.row()], index.column()) for index in old]
        self.contents, self._order = contents, order
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    # Qt asks ------------------------------------------------------------------------------------------------

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        entry = self.entry_at(row)
        if entry is None:
            return super().data(index, role)
        if role == _DISPLAY:
            return self.cell(row, column)[0]
        if role == _FOREGROUND:
            return _COLOURS[self.cell(row, column)[1]](QGuiApplication.palette())
        if role == MARK:
            return self.mark_at(row) if column == Column.NAME else None
        if role == THUMBNAIL:
            return self.thumbnail(entry)
        if role == _DECORATION:
            return icons.icon_for(entry) if column == Column.NAME else None
        if role == _TIP:
            return self._tip(row, entry)
        if role == _DESCRIPTION:
            mark = self.mark_at(row)
            return mark.why if mark else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == _DISPLAY:
            return _TITLES[Column(section)]()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section == Column.SIZE else _LEFT
        return None

    def _text(self, entry: Entry, column: int) -> str:
        match column:
            case Column.NAME:
                return shown(entry.name)
            case Column.SIZE:
                if entry.kind is not Kind.FILE:
                    return formats.NOTHING
                return "?" if entry.problem is not None else formats.size(entry.size)
            case Column.TYPE:
                return tr("Damaged") if entry.problem is not None else kind_name(entry)
            case Column.FOLDER:
                return self.results.place_of(entry) if self.results is not None else ""
            case _:
                return formats.moment(entry.modified, self.contents.zone)

    def _ink(self, row: int, column: int) -> Ink:
        mark = self.mark_at(row)
        if column != Column.NAME or (mark and mark.concern is Concern.DAMAGED):
            return Ink.QUIET
        if mark is None:
            return Ink.QUIET if is_hidden(self.contents.entries[self._order[row]]) else Ink.PLAIN
        return Ink.CARE

    def _tip(self, row: int, entry: Entry) -> str | None:
        mark = self.mark_at(row)
        place = tr("In {folder}", folder=self.results.place_of(entry)) if self.results is not None else ""
        if not mark and not place:
            return None
        # Escaped, for Qt takes a text that looks like markup for markup.
        lines = (escape(line) for line in (mark.why if mark else "", place) if line)
        return f"<p><b>{escape(shown(entry.name))}</b></p>" + "".join(f"<p>{line}</p>" for line in lines)


def _identities(contents: Contents, order: list[int]) -> dict[tuple[str, int], None]:
    """By what an entry is known again: its name, and its number among those that share it on a sick stick."""
    seen: dict[str, int] = {}
    result: dict[tuple[str, int], None] = {}
    for number in order:
        name = contents.entries[number].name
        seen[name] = count = seen.get(name, 0) + 1
        result[name, count] = None
    return result


def _runs(rows: Iterable[tuple[str, int]], staying: AbstractSet[tuple[str, int]]) -> list[tuple[int, int]]:
    """(first row, rows) of those in a row that do not stay."""
    runs: list[tuple[int, int]] = []
    for row, identity in enumerate(rows):
        if identity in staying:
            continue
        if runs and sum(runs[-1]) == row:
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        else:
            runs.append((row, 1))
    return runs


def kind_name(entry: Entry) -> str:
    """What an entry is, in the words of the desktop; nothing of a file is read."""
    return _KINDS[entry.kind]() if entry.kind in _KINDS else _file_kind(suffix(entry.name))


@lru_cache(maxsize=1024)
def _file_kind(extension: str) -> str:
    if not extension.isalnum() or len(extension) > 12:
        return tr("File")
    kind = QMimeDatabase().mimeTypeForFile(f"x.{extension}", QMimeDatabase.MatchMode.MatchExtension)
    if kind.isDefault() or not kind.comment():
        return tr("{extension} file", extension=extension.upper())
    return kind.comment()[:1].upper() + kind.comment()[1:]
