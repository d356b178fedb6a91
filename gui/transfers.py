"""The strip at the window's bottom: what leaves sticks and comes onto them, and how fast."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, QUrl, Signal, SignalInstance
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

from core.host.jobs import Job, TransferState
from core.host.sticks import Stick
from gui import icons, telling
from gui.outgoing import ENDED, Outbound, Outgoing, Purpose
from gui.pace import Pace
from gui.panes.parts import Drawing, Line
from gui.telling import Work
from gui.translating import tr
from gui.wording import Tone
from gui.works import Inbound, Removal

_TALLEST = 260
"""Logical pixels; more rows than fit are scrolled."""
_PATIENCE = 400
"""Milliseconds that opening and dragging may take before they are worth a row."""
_TURN = 0.5
"""Seconds between two changes of the figures."""
_STEPS = 1000


class TransferStrip(QWidget):
    """One row for each work of those it follows, the newest on top. Hides itself when there is none."""

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
        self.setAccessibleName(tr("Transfers"))
        self._inside.installEventFilter(self)
        outgoing.started.connect(self.add)
        outgoing.extracted.connect(self._offer)
        self.hide()

    @property
    def rows(self) -> tuple[TransferRow, ...]:
        return tuple(self._rows)

    @property
    def pending(self) -> list[Work]:
        """What a person waits for, and would miss if it were ended now: not what waits for the person."""
        works = [row.work for row in self._rows if row.work.job.state not in ENDED]
        return [work for work in works if not _needs_nobody(work)]

    def pending_on(self, stick: Stick) -> list[Work]:
        """What is under way on a stick, whether or not it would be missed."""
        open_ = {volume.volume for volume in stick.volumes}
        works = [row.work for row in self._rows if row.work.job.state not in ENDED]
        return [work for work in works if not open_.isdisjoint(work.volumes)]

    def follow(self, started: SignalInstance) -> None:
        """Adds a row for each `Work` that is sent."""
        started.connect(self.add)

    def add(self, work: Work) -> None:
        row = TransferRow(work, self._clock)
        row.dismissed.connect(lambda: self._remove(row))
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

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            QTimer.singleShot(0, self, self._fit)
        return False

    def _offer(self, outbound: Outbound) -> None:
        """A drag that begins by itself needs no row; one that was let go of too early waits in its row."""
        for row in self.rows:
            if row.work is outbound:
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

    def __init__(self, work: Work, clock: Callable[[], float]) -> None:
        super().__init__()
        self.work = work
        self._job: Job = work.job
        self._clock = clock
        self._pace = Pace()
        self._turned = (clock() - _TURN, self._job.state)
        self._rested = False, False
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
        self._failures.setAccessibleName(tr("What failed"))
        self._failures.setFixedHeight(110)
        self._failures.hide()
        self._what_failed = self._button("unfold", tr("What failed"), self._turn_failures)
        self._again = self._button("refresh", tr("Try again"), self._try_again)
        self._show_folder = self._button("folder", tr("Show in folder"), self._open_folder)
        self._pause = self._button("pause", tr("Pause"), self._turn_pause, labelled=False)
        self._cancel = self._button("cancel", tr("Cancel"), self._job.cancel, labelled=False)
        self._dismiss = self._button("cancel", tr("Dismiss"), self.dismissed.emit, labelled=False)
        self._lay_out()
        self._forget = self._job.observe(lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Shows what the job says of itself now."""
        job, progress = self._job, self._job.progress
        ended = job.state in ENDED
        now = self._clock()
        if job.state is TransferState.RUNNING and not (job.paused or job.away):
            self._pace.note(now, progress.bytes_done)
        since, state = self._turned
        still = job.state is TransferState.PLANNING
        self._show_pause()
        another_try = telling.another_try(self.work) if ended else ""
        self._again.setVisible(bool(another_try))
        self._again.setText(another_try)
        self._again.setAccessibleName(another_try)
        if (
            ended
            or still
            or self._rested != (job.paused, job.away)
            or state is not job.state
            or now - since >= _TURN
        ):
            self._rested = job.paused, job.away
            self._turned = (now, job.state)
            title, line = telling.headline(self.work), telling.line(self.work, self._pace)
            self._title.setText(title)
            self._figures.setText(line)
            self._spark.show_values(list(self._pace.history))
            self.setAccessibleName(f"{title} {line}")
        whole = progress.bytes or progress.files
        done = progress.bytes_done if progress.bytes else progress.files_done
        self._bar.setRange(0, _STEPS if whole and not still else 0)
        self._bar.setValue(min(_STEPS, done * _STEPS // whole) if whole else 0)
        self._bar.setVisible(not ended and not (isinstance(self.work, Inbound) and self.work.asked))
        self._spark.setVisible(job.state is TransferState.RUNNING and bool(progress.bytes))
        self._cancel.setVisible(not ended)
        self._dismiss.setVisible(ended)
        self._what_failed.setVisible(bool(job.problems))
        self._show_folder.setVisible(ended and _landed_to_keep(self.work))
        if ended:
            self._end()

    @property
    def _can_be_dragged(self) -> bool:
        work = self.work
        if not isinstance(work, Outbound) or work.purpose is not Purpose.DRAG:
            return False
        return work.job.state is TransferState.DONE and bool(work.job.landed)

    def close_row(self) -> None:
        self._forget()
        self.hide()
        self.deleteLater()

    def _end(self) -> None:
        job = self._job
        fine = job.state is TransferState.DONE and not job.problems
        tone = Tone.CARE if job.state is TransferState.FAILED or job.problems else Tone.CALM
        waits = self._can_be_dragged and fine
        self._drawing.draw(
            *(("check", None) if fine else ("warning", tone) if tone is Tone.CARE else ("cancel", tone))
        )
        self._failures.setPlainText(telling.problems(job))
        if waits:
            self._drawing.draw("copy", None)
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        dropped = isinstance(self.work, Inbound) and self.work.dropped
        if dropped or (fine and _goes_by_itself(self.work)):
            QTimer.singleShot(0, self, self.dismissed.emit)
        elif not waits:
            self.due.emit()

    # what is done -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._can_be_dragged and event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        if (event.position().toPoint() - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self.drag_begun.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def _try_again(self) -> None:
        if not isinstance(self.work, Removal) and self.work.again is not None:
            self.work.again()
        self.dismissed.emit()

    def _turn_pause(self) -> None:
        if self._job.paused:
            self._pace = Pace()
            self._job.resume()
        else:
            self._job.pause()
        self.refresh()

    def _show_pause(self) -> None:
        """One button for both, which keeps the focus when it is pressed."""
        self._pause.setVisible(self._job.state is TransferState.RUNNING and not self._job.away)
        label, drawing = (tr("Resume"), "resume") if self._job.paused else (tr("Pause"), "pause")
        if self._pause.accessibleName() != label:
            self._pause.setIcon(icons.icon(drawing))
            self._pause.setAccessibleName(label)
            self._pause.setToolTip(label)

    def _turn_failures(self) -> None:
        unfolded = self._failures.isHidden()
        self._failures.setPlainText(telling.problems(self._job))
        self._failures.setVisible(unfolded)
        self._what_failed.setIcon(icons.icon("fold" if unfolded else "unfold"))

    def _open_folder(self) -> None:
        if isinstance(self.work, Outbound):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.work.job.folder)))

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
        for button in (
            self._what_failed,
            self._again,
            self._show_folder,
            self._pause,
            self._cancel,
            self._dismiss,
        ):
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
        self.setAccessibleName(tr("Speed over the last seconds"))

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


def _landed_to_keep(work: Work) -> bool:
    return isinstance(work, Outbound) and bool(work.job.landed) and work.purpose is Purpose.KEEP


def _needs_nobody(work: Work) -> bool:
    return work.asked if isinstance(work, Inbound) else _is_passing(work)


def _is_passing(work: Work) -> bool:
    return isinstance(work, Outbound) and work.purpose is not Purpose.KEEP


def _goes_by_itself(work: Work) -> bool:
    """Whether nothing needs to be said of it when it went well: what came of it is seen elsewhere."""
    return isinstance(work, Removal) or (isinstance(work, Outbound) and work.purpose is Purpose.OPEN)
