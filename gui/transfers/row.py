"""One work in the strip, from its first byte until it is dismissed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from core.host.jobs import Job, TransferState
from gui import icons, telling
from gui.outgoing import ENDED, Outbound, Purpose
from gui.pace import Pace
from gui.panes.parts import Drawing, Line
from gui.proving import Proving
from gui.telling import Work
from gui.transfers import buttons
from gui.transfers.buttons import Buttons
from gui.transfers.files import FilesPanel
from gui.transfers.plot import SpeedPlot
from gui.translating import tr
from gui.wording import Tone
from gui.works import Removal

_TURN = 0.5
"""Seconds between two changes of the figures."""
_STEPS = 1000
_LEAST_WORDS = 200
_WORDS_MOVING = 300
_WORDS_SHARE = 0.55
"""Of a row's width, for its words at the most, before its buttons lose theirs."""
_SPACE = 12
_ROOMY = 720
"""From this width on the plot is wide."""


class TransferRow(QFrame):
    dismissed = Signal()
    due = Signal()
    """It has something to say that must be seen."""
    drag_begun = Signal()

    def __init__(self, work: Work, clock: Callable[[], float], proving: Proving | None = None) -> None:
        super().__init__()
        self.work = work
        self._job: Job = work.job
        self._clock = clock
        self._proving = proving
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
        self._bar.setAccessibleName(tr("Progress"))
        self._plot = SpeedPlot()
        self.panel = FilesPanel(work)
        self.panel.hide()
        self._make_buttons()
        self._lay_out()
        self._forget = self._job.observe(lambda _: self.refresh())
        self.refresh()

    @property
    def is_fine(self) -> bool:
        """Whether it has ended well, and waits for nobody."""
        fine = _went_well(self.work.job) and (self.work.check is None or _went_well(self.work.check))
        return fine and not self._waits and not self._is_to_be_proved

    @property
    def is_attended(self) -> bool:
        """Whether somebody has the pointer or the keyboard on it, or looks at its files."""
        focus = QApplication.focusWidget()
        here = focus is not None and self.isAncestorOf(focus)
        return self.underMouse() or here or not self.panel.isHidden()

    @property
    def is_worth_keeping(self) -> bool:
        """Whether it is a part of the session's history: not what only passed through, or was not wanted."""
        work = self.work
        if isinstance(work, Removal):
            return True
        return not work.dropped and not (isinstance(work, Outbound) and work.purpose is not Purpose.KEEP)

    def follow_check(self) -> None:
        """What was copied is being read back: from now on the row is about that."""
        if self.work.check is not None:
            self._stop_hearing()
            self._job = self.work.check
            self._pace = Pace()
            self._turned = (self._clock() - _TURN, self._job.state)
            self._drawing.draw("copy")
            self._forget = self._job.observe(lambda _: self.refresh())
            self.refresh()

    def refresh(self) -> None:
        """Shows what the job says of itself now."""
        job, progress = self._job, self._job.progress
        ended = job.state in ENDED
        now = self._clock()
        moves = job.state in (TransferState.RUNNING, TransferState.FLUSHING)
        if moves and not (job.paused or job.away):
            self._pace.note(now, progress.bytes_done)
        else:
            self._pace.rest()
        since, state = self._turned
        turned = (
            ended
            or job.state is TransferState.PLANNING
            or self._rested != (job.paused, job.away)
            or state is not job.state
            or now - since >= _TURN
        )
        if turned:
            self._rested = job.paused, job.away
            self._turned = (now, job.state)
            self._say()
        self._show_bar()
        self._show_buttons(ended=ended)
        if ended:
            self._end()

    def look_again(self) -> None:
        """A stick has come or gone: what can be done now?"""
        if self._job.state in ENDED:
            self._show_buttons(ended=True)

    def put_away(self) -> None:
        """Its work has ended, and has been seen."""
        self._stop_hearing()
        if not self.panel.isHidden():
            self._turn_fold()

    def close_row(self) -> None:
        self._stop_hearing()
        self.hide()
        self.deleteLater()

    def _stop_hearing(self) -> None:
        forget, self._forget = self._forget, lambda: None
        forget()

    # what is shown ------------------------------------------------------------------------------------------

    def _say(self) -> None:
        job = self._job
        title, line = telling.headline(self.work), telling.line(self.work, self._pace)
        self._title.setText(title)
        self._figures.setText(line)
        self._plot.show_speeds(self._pace.history, rests=job.paused or job.away)
        self.setAccessibleName(f"{title} {line}")
        self.panel.refresh()

    def _show_bar(self) -> None:
        job, progress = self._job, self._job.progress
        whole = progress.bytes or progress.files
        done = progress.bytes_done if progress.bytes else progress.files_done
        counted = job.state is not TransferState.PLANNING
        waits_for_disk = job.state is TransferState.FLUSHING and isinstance(self.work, Outbound)
        self._bar.setRange(0, _STEPS if whole and counted and not waits_for_disk else 0)
        self._bar.setValue(min(_STEPS, done * _STEPS // whole) if whole else 0)
        asked = not isinstance(self.work, Removal) and self.work.asked
        self._bar.setVisible(job.state not in ENDED and not asked)
        self._plot.setVisible(counted and job.state not in ENDED and bool(progress.bytes))

    def _show_buttons(self, *, ended: bool) -> None:
        work, job = self.work, self._job
        self._show_pause()
        another_try = telling.another_try(work) if ended else ""
        self._again.setVisible(bool(another_try))
        if another_try:
            buttons.name(self._again, another_try)
        self._cancel.setVisible(not ended)
        self._dismiss.setVisible(ended)
        troubled = bool(telling.strangers(work) or telling.failed(work))
        buttons.name(self._fold, tr("What failed") if troubled else tr("Files"))
        self._fold.setVisible(troubled or len(work.job.files()) > 1)
        self._show_folder.setVisible(ended and _landed_to_keep(work))
        proving = self._proving
        provable = ended and proving is not None and not isinstance(work, Removal)
        self._verify.setVisible(provable and proving is not None and proving.can_verify(work))  # type: ignore[arg-type]
        buttons.name(self._verify, tr("Verify again") if work.check is not None else tr("Verify"))
        self._receipt.setVisible(ended and work.check is not None and job.state is TransferState.DONE)
        self._fit()

    def _show_pause(self) -> None:
        """One button for both, which keeps the focus when it is pressed."""
        self._pause.setVisible(self._job.state is TransferState.RUNNING and not self._job.away)
        label, drawing = (tr("Resume"), "resume") if self._job.paused else (tr("Pause"), "pause")
        if self._pause.accessibleName() != label:
            self._pause.setIcon(icons.icon(drawing))
            buttons.name(self._pause, label)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._plot.show_wide(self.width() >= _ROOMY)
        plot = 0 if self._plot.isHidden() else self._plot.width() + _SPACE
        wanted = _WORDS_MOVING  # figures that change must not make buttons jump
        if self._job.state in ENDED:
            wanted = max(self._title.whole_width, self._figures.whole_width)
        words = max(_LEAST_WORDS, min(wanted, round(self.width() * _WORDS_SHARE)))
        around = self._drawing.width() + 4 * _SPACE
        self._buttons.fit(self.width() - words - plot - around)

    # how it ends --------------------------------------------------------------------------------------------

    @property
    def _waits(self) -> bool:
        """Whether it waits to be dragged from here."""
        work = self.work
        if not isinstance(work, Outbound) or work.purpose is not Purpose.DRAG:
            return False
        return work.job.state is TransferState.DONE and bool(work.job.landed)

    @property
    def _is_to_be_proved(self) -> bool:
        work = self.work
        proves = not isinstance(work, Removal) and work.proves
        return proves and work.check is None and bool(work.job.files()) and _went_well(work.job)

    def _end(self) -> None:
        fine = _went_well(self._job) and not self.work.job.problems
        care = self._job.state is TransferState.FAILED or self._job.problems or self.work.job.problems
        tone = Tone.CARE if care else Tone.CALM
        if self._waits and fine:
            self._drawing.draw("copy", None)
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif fine:
            self._drawing.draw("check" if self.work.check is None else "shield", None)
        else:
            self._drawing.draw("warning" if care else "cancel", tone)
        if self.work.check is not None and self.work.check.problems and self.panel.isHidden():
            self._turn_fold()
        dropped = not isinstance(self.work, Removal) and self.work.dropped
        if dropped or (fine and _goes_by_itself(self.work)):
            QTimer.singleShot(0, self, self.dismissed.emit)
        elif not (self._waits and fine):
            self.due.emit()

    # what is done -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._waits and event.button() is Qt.MouseButton.LeftButton:
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
            self._job.resume()
        else:
            self._job.pause()
        self.refresh()

    def _turn_fold(self) -> None:
        unfolded = self.panel.isHidden()
        if unfolded:
            self.panel.unfold()
        else:
            self.panel.hide()
        self._fold.setIcon(icons.icon("fold" if unfolded else "unfold"))
        self._fold.setAccessibleDescription(tr("unfolded") if unfolded else tr("folded"))

    def _open_folder(self) -> None:
        if isinstance(self.work, Outbound):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.work.job.folder)))

    def _read_back(self) -> None:
        if self._proving is not None and not isinstance(self.work, Removal):
            self._proving.verify(self.work)

    def _save_receipt(self) -> None:
        if self._proving is not None and not isinstance(self.work, Removal):
            self._proving.save_receipt(self.work, self.window())

    # building -----------------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        """Those whose words are left out first come first."""
        self._buttons = Buttons()
        add = self._buttons.add
        self._show_folder = add("folder", tr("Show in folder"), self._open_folder, worded=True)
        self._fold = add("unfold", tr("Files"), self._turn_fold, worded=True)
        self._verify = add("verify", tr("Verify"), self._read_back, worded=True)
        self._receipt = add("receipt", tr("Save receipt…"), self._save_receipt, worded=True)
        self._again = add("refresh", tr("Try again"), self._try_again, worded=True)
        self._pause = add("pause", tr("Pause"), self._turn_pause)
        self._cancel = add("cancel", tr("Cancel"), lambda: self._job.cancel())
        self._dismiss = add("cancel", tr("Dismiss"), self.dismissed.emit)

    def _lay_out(self) -> None:
        self.setObjectName("row")
        self.setStyleSheet("#row { border: none; border-top: 1px solid palette(mid); }")
        lines = QVBoxLayout()
        lines.setSpacing(3)
        for widget in (self._title, self._figures, self._bar):
            lines.addWidget(widget)
        across = QHBoxLayout()
        across.setSpacing(_SPACE)
        across.addWidget(self._drawing)
        across.addLayout(lines, 1)
        across.addWidget(self._plot)
        across.addWidget(self._buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 9, 10, 9)
        whole.addLayout(across)
        whole.addWidget(self.panel)


def _went_well(job: Job) -> bool:
    return job.state is TransferState.DONE and not job.problems


def _landed_to_keep(work: Work) -> bool:
    return isinstance(work, Outbound) and bool(work.job.landed) and work.purpose is Purpose.KEEP


def _goes_by_itself(work: Work) -> bool:
    """Whether nothing needs to be said of it when it went well: what came of it is seen elsewhere."""
    return isinstance(work, Removal) or (isinstance(work, Outbound) and work.purpose is Purpose.OPEN)
