"""Every file of a work with what has become of it: read from the job for the rows on screen only."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon, QPalette, QPixmap, QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from core.host.jobs import Fate, Problem, Tracked
from core.host.names import shown
from gui import colours, formats, icons, telling
from gui.outgoing import ENDED
from gui.panes.parts import tint
from gui.telling import Work
from gui.translating import later, tr
from gui.wording import Tone

_FEWEST, _LINES = 2, 7
_MARGIN = 24
_OUTCOME_SHARE = 0.42
"""Of the width, for what became of a file."""
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_DECORATION = int(Qt.ItemDataRole.DecorationRole)
_FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_DESCRIPTION = int(Qt.ItemDataRole.AccessibleDescriptionRole)
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_DRAWINGS: dict[Fate, tuple[str, Tone | None]] = {
    Fate.UNDER_WAY: ("resume", Tone.CALM),
    Fate.ARRIVED: ("check", None),
    Fate.SKIPPED: ("skip", Tone.CALM),
    Fate.FAILED: ("warning", Tone.CARE),
}

Row = Tracked | Problem
"""A planned file, or what was wrong with something that never came to be one."""


class Show(enum.Enum):
    ALL = enum.auto()
    FAILED = enum.auto()
    SKIPPED = enum.auto()


_WORDS = {
    Show.ALL: later("All {number}"),
    Show.FAILED: later("Failed {number}"),
    Show.SKIPPED: later("Skipped {number}"),
}


class FilesModel(QStandardItemModel):
    """Rows are counted by Qt, and hold nothing (see `FolderModel`)."""

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(0, 3, parent)
        self._work = work
        self._show = Show.ALL
        self._first: Sequence[Row] = ()
        self._files: Sequence[Row] = ()
        self._passed: Sequence[Row] | None = None

    @property
    def current(self) -> int:
        """The row of the file that is copied now, or a little before it."""
        done = (self._work.check or self._work.job).progress.files_done
        return min(len(self._first) + done, max(0, self.rowCount() - 1))

    def show_only(self, show: Show) -> None:
        self._show = show
        self.refresh()

    def refresh(self) -> None:
        """All rows may have changed: those on screen are asked for anew."""
        match self._show:
            case Show.ALL:
                self._first = telling.strangers(self._work)
                self._files = self._work.job.files()
            case Show.FAILED:
                self._first, self._files = telling.strangers(self._work), telling.failed(self._work)
            case Show.SKIPPED:
                self._first, self._files = (), self._skipped()
        count = len(self._first) + len(self._files)
        if count != self.rowCount():
            self.setRowCount(count)
        if count:
            self.dataChanged.emit(self.index(0, 0), self.index(count - 1, 2))

    def _skipped(self) -> Sequence[Row]:
        """Looked for once, when nothing changes any more: it means to look at all of them."""
        job = self._work.job
        if self._passed is None and job.state in ENDED:
            self._passed = [file for file in job.files() if job.fate(file) is Fate.SKIPPED]
        return self._passed or ()

    @property
    def counts(self) -> dict[Show, int]:
        """Rows of each kind; how many were skipped is known at the end."""
        failed = len(telling.strangers(self._work)) + len(telling.failed(self._work))
        return {
            Show.ALL: len(telling.strangers(self._work)) + len(self._work.job.files()),
            Show.FAILED: failed,
            Show.SKIPPED: len(self._skipped()),
        }

    def row(self, number: int) -> Row:
        first = len(self._first)
        return self._first[number] if number < first else self._files[number - first]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = _DISPLAY) -> object:
        row, column = self.row(index.row()), index.column()
        if role == _DISPLAY:
            return self._text(row, column)
        if role == _DECORATION and column == 0:
            drawing = _DRAWINGS.get(telling.fate(self._work, row), ("", None))
            return _icon(*drawing, colours.is_dark(QPalette()))
        if role == _FOREGROUND and column:
            failed = column == 1 and telling.fate(self._work, row) is Fate.FAILED
            return tint(Tone.CARE, QPalette()) if failed else colours.quiet(QPalette())
        if role == _ALIGNMENT and column == 2:
            return _RIGHT
        if role == _TIP:
            return f"{self._text(row, 0)}\n{telling.outcome(self._work, row)}"
        return telling.outcome(self._work, row) if role == _DESCRIPTION else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def _text(self, row: Row, column: int) -> str:
        if column == 0:
            return shown(row.path)
        if column == 1:
            return telling.outcome(self._work, row)
        return "" if isinstance(row, Problem) else formats.size(row.size)


class FilesPanel(QWidget):
    """The list, and buttons for what of it is to be seen. Refresh it when the work says something new."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work = work
        self.model = FilesModel(work, self)
        self.view = QTreeView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(tr("Files"))
        self.view.setRootIsDecorated(False)
        self.view.setUniformRowHeights(True)
        self.view.setHeaderHidden(True)
        self.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.view.setFrameShape(QFrame.Shape.StyledPanel)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setTabKeyNavigation(False)
        self.view.header().setStretchLastSection(False)
        self._choice = QButtonGroup(self)
        self._buttons = {show: self._button(show) for show in Show}
        across = QHBoxLayout()
        across.setSpacing(4)
        for button in self._buttons.values():
            across.addWidget(button)
        across.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 4, 0, 2)
        column.setSpacing(4)
        column.addLayout(across)
        column.addWidget(self.view)

    def unfold(self) -> None:
        """Shows what failed, where something did, else how far it is."""
        self.show()
        self.show_only(Show.FAILED if self.model.counts[Show.FAILED] else Show.ALL)
        row = self.model.index(self.model.current, 0)
        self.view.scrollTo(row, QAbstractItemView.ScrollHint.PositionAtCenter)

    def show_only(self, show: Show) -> None:
        self._buttons[show].setChecked(True)
        self.model.show_only(show)
        self.refresh()

    def refresh(self) -> None:
        if self.isHidden():
            return
        self.model.refresh()
        lines = max(_FEWEST, min(_LINES, self.model.rowCount()))
        self.view.setFixedHeight(lines * self.view.sizeHintForRow(0) + 2 * self.view.frameWidth() + 2)
        counts = self.model.counts
        for show, button in self._buttons.items():
            button.setText(_WORDS[show](number=formats.number(counts[show])))
            button.setVisible(show is Show.ALL or bool(counts[show]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.view.viewport().width() or self.view.width()
        outcome = round(room * _OUTCOME_SHARE)
        size = self.fontMetrics().horizontalAdvance(formats.size(999_900_000)) + _MARGIN
        self.view.setColumnWidth(1, outcome)
        self.view.setColumnWidth(2, size)
        self.view.setColumnWidth(0, max(80, room - outcome - size))

    def _button(self, show: Show) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.show_only(show))
        self._choice.addButton(button)
        return button


@lru_cache(maxsize=32)
def _icon(name: str, tone: Tone | None, dark: bool) -> QIcon:
    """Of the same size where there is none, so that names stand below each other."""
    if not name:
        blank = QPixmap(16, 16)
        blank.fill(Qt.GlobalColor.transparent)
        return QIcon(blank)
    return QIcon(icons.pixmap(name, 16, tint(tone, QPalette()), 2.0))
