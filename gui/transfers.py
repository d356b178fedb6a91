"""The strip at the window's bottom: what leaves the sticks, how fast, and what did not arrive."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import HostWriteFailed, MediumError, RumpusError
from core.host.names import shown
from core.host.transfers import CopyOut, TransferState
from gui import formats, icons
from gui.outgoing import ENDED, Outbound, Outgoing, Purpose
from gui.pace import Pace, sentence
from gui.panes.parts import Drawing, Line
from gui.wording import Explanation, Tone, explain, quoted

_TALLEST = 260
"""Logical pixels; more rows than fit are scrolled."""
_PATIENCE = 400
"""Milliseconds that opening and dragging may take before they are worth a row."""
_MOST_LISTED = 500
"""Problems that are listed one by one."""
_TURN = 0.5
"""Seconds between two changes of the figures."""
_STEPS = 1000


class TransferStrip(QWidget):
    """One row for each job of `outgoing`, the newest on top. Hides itself when there is none."""

    emptied = Signal()

    def __init__(
        self,
        outgoing: Outgoing,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._outgoing = outgoing
        self._clock = clock
        self._rows: list[TransferRow] = []
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
        whole.addWidget(self._area)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Transfers")
        self._inside.installEventFilter(self)
        outgoing.started.connect(self.add)
        outgoing.extracted.connect(self._offer)
        self.hide()

    @property
    def rows(self) -> tuple[TransferRow, ...]:
        return tuple(self._rows)

    def add(self, outbound: Outbound) -> None:
        row = TransferRow(outbound, self._clock)
        row.dismissed.connect(lambda: self._remove(row))
        row.drag_begun.connect(lambda: self._outgoing.drag_again(outbound, row))
        self._rows.append(row)
        self._list.insertWidget(0, row)
        if outbound.purpose is Purpose.KEEP:
            self.show()
        else:
            row.hide()
            QTimer.singleShot(_PATIENCE, row, lambda: self._reveal(row))
        row.due.connect(lambda: self._reveal(row))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            QTimer.singleShot(0, self, self._fit)
        return False

    def _offer(self, outbound: Outbound) -> None:
        """A drag that begins by itself needs no row; one that was let go of too early waits in its row."""
        for row in self.rows:
            if row.outbound is outbound:
                (self._remove if outbound.dragged else self._reveal)(row)

    def _reveal(self, row: TransferRow) -> None:
        if row in self._rows:
            row.show()
            self.show()
            self._fit()

    def _remove(self, row: TransferRow) -> None:
        if row not in self._rows:
            return
        self._rows.remove(row)
        self._list.removeWidget(row)
        row.close_row()
        self._fit()
        if not any(not row.isHidden() for row in self._rows):
            self.hide()
            self.emptied.emit()

    def _fit(self) -> None:
        """As tall as its rows, up to a bound."""
        self.setFixedHeight(max(1, min(_TALLEST, self._inside.sizeHint().height())))


class TransferRow(QFrame):
    """One job, from its first byte until it is dismissed."""

    dismissed = Signal()
    due = Signal()
    """It has something to say that must be seen."""
    drag_begun = Signal()

    def __init__(self, outbound: Outbound, clock: Callable[[], float]) -> None:
        super().__init__()
        self.outbound = outbound
        self._job = outbound.job
        self._clock = clock
        self._pace = Pace()
        self._turned = (clock() - _TURN, self._job.state)
        self._pressed: QPoint | None = None
        self._drawing = Drawing("copy", 20)
        self._title = Line(bold=True)
        self._figures = Line(dim=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._spark = Sparkline()
        self._failures = QPlainTextEdit()
        self._failures.setReadOnly(True)
        self._failures.setTabChangesFocus(True)
        self._failures.setAccessibleName("What failed")
        self._failures.setFixedHeight(110)
        self._failures.hide()
        self._what_failed = self._button("unfold", "What failed", self._turn_failures)
        self._show_folder = self._button("folder", "Show in folder", self._open_folder)
        self._cancel = self._button("cancel", "Cancel", self._job.cancel, labelled=False)
        self._dismiss = self._button("cancel", "Dismiss", self.dismissed.emit, labelled=False)
        self._lay_out()
        self._forget = self._job.observe(lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Shows what the job says of itself now."""
        job, progress = self._job, self._job.progress
        ended = job.state in ENDED
        now = self._clock()
        if job.state is TransferState.RUNNING:
            self._pace.note(now, progress.bytes_done)
        since, state = self._turned
        if ended or state is not job.state or now - since >= _TURN:
            self._turned = (now, job.state)
            self._title.setText(self._headline())
            self._figures.setText(self._line())
            self._spark.show_values(list(self._pace.history))
            self.setAccessibleName(f"{self._headline()} {self._line()}")
        whole = progress.bytes or progress.files
        done = progress.bytes_done if progress.bytes else progress.files_done
        self._bar.setRange(0, 0 if job.state is TransferState.PLANNING else _STEPS)
        self._bar.setValue(min(_STEPS, done * _STEPS // whole) if whole else 0)
        self._bar.setVisible(not ended)
        self._spark.setVisible(job.state is TransferState.RUNNING)
        self._cancel.setVisible(not ended)
        self._dismiss.setVisible(ended)
        self._what_failed.setVisible(bool(job.problems))
        self._show_folder.setVisible(ended and bool(job.landed) and self.outbound.purpose is Purpose.KEEP)
        if ended:
            self._end()

    def close_row(self) -> None:
        self._forget()
        self.hide()
        self.deleteLater()

    # what is said -------------------------------------------------------------------------------------------

    def _headline(self) -> str:
        what, to = self.outbound.what, quoted(self._job.folder.name, "/")
        match self.outbound.purpose, self._job.state:
            case _, TransferState.FAILED:
                return self._failure().title
            case _, TransferState.CANCELLED:
                return "Stopped, as you asked."
            case Purpose.KEEP, TransferState.DONE if self._job.problems:
                return f"Copied {what} to {to}, but not all of it."
            case Purpose.KEEP, TransferState.DONE:
                return f"Copied {what} to {to}."
            case Purpose.KEEP, _:
                return f"Copying {what} to {to}"
            case Purpose.OPEN, TransferState.DONE:
                return f"{what} was opened, with gaps." if self._job.problems else f"{what} was opened."
            case Purpose.OPEN, _:
                return f"Opening {what}"
            case Purpose.DRAG, TransferState.DONE if self._job.landed:
                return f"{_capital(what)} can be dragged from here now."
            case Purpose.DRAG, TransferState.DONE:
                return f"Nothing of {what} could be read."
            case _:
                return f"Getting {what} ready to be dragged"

    def _line(self) -> str:
        progress, problems = self._job.progress, len(self._job.problems)
        match self._job.state:
            case TransferState.PLANNING:
                return f"Counting: {formats.count(progress.files, 'file', 'files')} so far"
            case TransferState.RUNNING:
                left = self._pace.left(progress.bytes - progress.bytes_done)
                text = sentence(progress.files_done, progress.files, self._pace.speed, left)
                return f"{text} · {formats.count(problems, 'problem', 'problems')}" if problems else text
            case TransferState.CANCELLED:
                files = formats.count(progress.files, "file", "files")
                return f"After {progress.files_done} of {files}. Whole files stay, no half file was left."
            case TransferState.FAILED:
                return self._failure().safe
            case _:
                amount = f"{formats.count(progress.files, 'file', 'files')}, {formats.size(progress.bytes)}"
                return f"{amount} · {formats.count(problems, 'problem', 'problems')}" if problems else amount

    def _failure(self) -> Explanation:
        error = self._job.error
        assert error is not None
        if not isinstance(error, HostWriteFailed):
            return explain(error, self.outbound.stick, unnamed="The stick")
        entries = self.outbound.entries
        return explain(error, entries[0].name if len(entries) == 1 else "", unnamed=self.outbound.what)

    def _end(self) -> None:
        job = self._job
        fine = job.state is TransferState.DONE and not job.problems
        tone = Tone.CARE if job.state is TransferState.FAILED or job.problems else Tone.CALM
        waits = self.outbound.purpose is Purpose.DRAG and fine and bool(job.landed)
        self._drawing.draw(
            *(("check", None) if fine else ("warning", tone) if tone is Tone.CARE else ("cancel", tone))
        )
        self._failures.setPlainText(_listed(job))
        if waits:
            self._drawing.draw("copy", None)
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        if self.outbound.purpose is Purpose.OPEN and fine:
            QTimer.singleShot(0, self, self.dismissed.emit)
        elif not waits:
            self.due.emit()

    # what is done -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        ready = self.outbound.purpose is Purpose.DRAG and self._job.state is TransferState.DONE
        if ready and self._job.landed and event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        if (event.position().toPoint() - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self.drag_begun.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def _turn_failures(self) -> None:
        unfolded = self._failures.isHidden()
        self._failures.setPlainText(_listed(self._job))
        self._failures.setVisible(unfolded)
        self._what_failed.setIcon(icons.icon("fold" if unfolded else "unfold"))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._job.folder)))

    def _lay_out(self) -> None:
        self.setObjectName("row")
        self.setStyleSheet("#row { border: none; border-top: 1px solid palette(mid); }")
        lines = QVBoxLayout()
        lines.setSpacing(3)
        for widget in (self._title, self._figures, self._bar):
            lines.addWidget(widget)
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(self._drawing)
        across.addLayout(lines, 1)
        across.addWidget(self._spark)
        for button in (self._what_failed, self._show_folder, self._cancel, self._dismiss):
            across.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 9, 10, 9)
        whole.addLayout(across)
        whole.addWidget(self._failures)

    def _button(
        self, drawing: str, label: str, pressed: Callable[[], object], *, labelled: bool = True
    ) -> QToolButton:
        button = QToolButton()
        button.setIcon(icons.icon(drawing))
        button.setAutoRaise(True)
        button.setAccessibleName(label)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolTip(label)
        if labelled:
            button.setText(label)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(lambda: pressed())
        return button


class Sparkline(QLabel):
    """The speeds of the last seconds as small bars."""

    _BAR = 3

    def __init__(self) -> None:
        super().__init__()
        self._values: list[float] = []
        self.setFixedSize(QSize(120, 26))
        self.setAccessibleName("Speed over the last seconds")

    def show_values(self, values: list[float]) -> None:
        self._values = values[-self.width() // self._BAR :]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        highest = max(self._values, default=0.0)
        if highest <= 0:
            return
        painter = QPainter(self)
        colour = self.palette().color(QPalette.ColorRole.Highlight)
        left = self.width() - len(self._values) * self._BAR
        for place, value in enumerate(self._values):
            tall = max(1, round((self.height() - 2) * value / highest))
            painter.fillRect(left + place * self._BAR, self.height() - tall, self._BAR - 1, tall, colour)
        painter.end()


def _listed(job: CopyOut) -> str:
    lines = [f"{shown(problem.path)}: {_short(problem.error)}" for problem in job.problems[:_MOST_LISTED]]
    more = len(job.problems) - len(lines)
    return "\n".join([*lines, *([f"… and {more} more"] if more > 0 else [])])


def _short(error: RumpusError) -> str:
    title = explain(error, "", unnamed="this file").title
    size = error.length if isinstance(error, MediumError) else 0
    return f"{title} ({formats.size(size)})" if size else title


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
