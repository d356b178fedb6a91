"""The strip at the window's bottom: what leaves sticks and comes onto them, and what has."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from core.host.sticks import Stick
from gui import icons, telling
from gui.outgoing import ENDED, Outbound, Outgoing, Purpose
from gui.panes.parts import Text
from gui.proving import Proving
from gui.telling import Work
from gui.transfers.row import TransferRow
from gui.translating import tr
from gui.works import Removal

_TALLEST = 260
"""Logical pixels; more rows than fit are scrolled."""
_TALLEST_PAST = 420
_PATIENCE = 400
"""Milliseconds that opening and dragging may take before they are worth a row."""
_LINGER = 12_000
"""Milliseconds that a row stays that ended well, unless somebody attends to it."""
_SOON = 300
"""Milliseconds."""
_MOST_PAST = 30
_MOST_PAST_FILES = 200_000
"""Works, and files of them, that the session's history keeps."""


class TransferStrip(QWidget):
    """One row for each work of those it follows, the newest on top. Hides itself when there is none."""

    emptied = Signal()

    def __init__(
        self,
        outgoing: Outgoing,
        parent: QWidget | None = None,
        *,
        proving: Proving | None = None,
        clock: Callable[[], float] = time.monotonic,
        linger: int = _LINGER,
    ) -> None:
        super().__init__(parent)
        self._outgoing = outgoing
        self._proving = proving
        self._clock = clock
        self.linger = linger
        self._rows: list[TransferRow] = []
        self._past: list[TransferRow] = []
        """Rows that were put away, the oldest first."""
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(_SOON)
        self._looking.timeout.connect(self._look)
        self._heading = _Heading()
        self._nothing = Text(tr("Nothing was copied yet."), dim=True, selectable=False)
        self._nothing.setContentsMargins(14, 4, 14, 10)
        self._nothing.hide()
        self._inside = QWidget()
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._heading)
        whole.addWidget(self._nothing)
        whole.addWidget(self._area)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Transfers"))
        self._inside.installEventFilter(self)
        self._heading.hide()
        self._heading.cleared.connect(self.clear_past)
        self._heading.left.connect(lambda: self.show_past(False))
        outgoing.started.connect(self.add)
        outgoing.extracted.connect(self._offer)
        if proving is not None:
            proving.begun.connect(self._follow_check)
        self.hide()

    @property
    def rows(self) -> tuple[TransferRow, ...]:
        """Of what is under way, or has ended and was not put away."""
        return tuple(self._rows)

    @property
    def past(self) -> tuple[TransferRow, ...]:
        return tuple(self._past)

    @property
    def pending(self) -> list[Work]:
        """What a person waits for, and would miss if it were ended now: not what waits for the person."""
        return [work for work in self._under_way() if not _needs_nobody(work)]

    def pending_on(self, stick: Stick) -> list[Work]:
        """What is under way on a stick, whether or not it would be missed."""
        open_ = {volume.volume for volume in stick.volumes}
        return [work for work in self._under_way() if not open_.isdisjoint(work.volumes)]

    def _under_way(self) -> list[Work]:
        works = [row.work for row in self._rows]
        return [work for work in works if telling.current(work).state not in ENDED]

    def follow(self, started: SignalInstance) -> None:
        """Adds a row for each `Work` that is sent."""
        started.connect(self.add)

    def add(self, work: Work) -> None:
        row = TransferRow(work, self._clock, self._proving)
        row.dismissed.connect(lambda: self._dismiss(row))
        if isinstance(work, Outbound):
            row.drag_begun.connect(lambda: self._outgoing.drag_again(work, row))
        self._rows.append(row)
        self._list.insertWidget(0, row)
        if isinstance(work, Outbound) and work.purpose is Purpose.KEEP:
            self.show()
        else:
            row.hide()
            QTimer.singleShot(_PATIENCE, row, lambda: self._reveal(row))
        row.due.connect(lambda: self._reveal(row))

    def look_again(self) -> None:
        """A stick has come or gone; soon it is known which volumes have."""
        self._looking.start()

    def _look(self) -> None:
        for row in (*self._rows, *self._past):
            row.look_again()

    def show_past(self, wanted: bool) -> None:
        """The history of this session, or only what is of the present."""
        self._heading.setVisible(wanted)
        for row in self._past:
            row.setVisible(wanted)
            row.look_again()
        self._settle()

    @property
    def shows_past(self) -> bool:
        return not self._heading.isHidden()

    def clear_past(self) -> None:
        for row in self.past:
            self._drop(row)
        self._settle()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            QTimer.singleShot(0, self, self._fit)
        return False

    def _offer(self, outbound: Outbound) -> None:
        """A drag that begins by itself needs no row; one that was let go of too early waits in its row."""
        for row in self.rows:
            if row.work is outbound:
                (self._dismiss if outbound.dragged else self._reveal)(row)

    def _follow_check(self, work: Work) -> None:
        for row in (*self._rows, *self._past):
            if row.work is work:
                if row in self._past:
                    self._past.remove(row)
                    self._rows.append(row)
                row.follow_check()
                self._reveal(row)

    def _reveal(self, row: TransferRow) -> None:
        if row not in self._rows:
            return
        row.show()
        self.show()
        self._fit()
        if row.is_fine:
            QTimer.singleShot(self.linger, row, lambda: self._let_go(row))

    def _let_go(self, row: TransferRow) -> None:
        """A row that says that all is well has been seen."""
        if row not in self._rows or not row.is_fine:
            return
        if row.is_attended or not self.isActiveWindow():
            QTimer.singleShot(self.linger, row, lambda: self._let_go(row))
        else:
            self._put_away(row)

    def _dismiss(self, row: TransferRow) -> None:
        if row in self._rows:
            self._put_away(row)
        elif row in self._past:
            self._drop(row)
            self._settle()

    def _put_away(self, row: TransferRow) -> None:
        self._rows.remove(row)
        if row.is_worth_keeping:
            self._past.append(row)
            row.put_away()
            row.setVisible(self.shows_past)
            self._forget_oldest()
        else:
            self._list.removeWidget(row)
            row.close_row()
        self._settle()

    def _forget_oldest(self) -> None:
        while len(self._past) > _MOST_PAST or (
            len(self._past) > 1 and sum(len(row.work.job.files()) for row in self._past) > _MOST_PAST_FILES
        ):
            self._drop(self._past[0])

    def _drop(self, row: TransferRow) -> None:
        self._past.remove(row)
        self._list.removeWidget(row)
        row.close_row()

    def _settle(self) -> None:
        """There is a strip while there is something in it."""
        self._nothing.setVisible(self.shows_past and not self._past and not self._rows)
        self._heading.show_clear(bool(self._past))
        wanted = self.shows_past or any(not row.isHidden() for row in self._rows)
        if wanted:
            self.show()
        else:
            self.hide()
            self.emptied.emit()
        self._fit()

    def _fit(self) -> None:
        """As tall as its rows, up to a bound."""
        tallest = _TALLEST_PAST if self.shows_past else _TALLEST
        tall = sum(
            part.sizeHint().height()
            for part in (self._heading, self._nothing, self._inside)
            if not part.isHidden()
        )
        self.setFixedHeight(max(1, min(tallest, tall)))


class _Heading(QFrame):
    """Over the session's history."""

    cleared = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("heading")
        self.setStyleSheet("#heading { border: none; border-top: 1px solid palette(mid); }")
        self._clear = QToolButton()
        self._clear.setText(tr("Clear"))
        self._clear.setAccessibleName(tr("Clear the history"))
        self._clear.clicked.connect(self.cleared)
        leave = QToolButton()
        leave.setIcon(icons.icon("cancel"))
        leave.setAccessibleName(tr("Hide the history"))
        leave.setToolTip(tr("Hide the history"))
        leave.clicked.connect(self.left)
        across = QHBoxLayout(self)
        across.setContentsMargins(14, 6, 10, 6)
        across.addWidget(Text(tr("Transfers of this session"), bold=True, selectable=False), 1)
        for button in (self._clear, leave):
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setIconSize(QSize(16, 16))
            across.addWidget(button)

    def show_clear(self, wanted: bool) -> None:
        self._clear.setVisible(wanted)


def _needs_nobody(work: Work) -> bool:
    return _is_passing(work) or (not isinstance(work, Removal) and work.asked)


def _is_passing(work: Work) -> bool:
    return isinstance(work, Outbound) and work.purpose is not Purpose.KEEP
