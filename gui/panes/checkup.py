"""The dialog that checks a volume, shows what a repair would change, and repairs it when that is wanted."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.entry import Finding, FindingKind
from core.errors import RumpusError
from core.host.repairing import Repair
from core.host.sticks import Change, Stick, Sticks, StickVolume
from core.host.volume import Volume
from gui import findings, formats
from gui.panes.parts import Text, primary
from gui.tasks import Tasks
from gui.translating import tr
from gui.wording import explain, quoted

_WIDTH, _HEIGHT = 620, 220
_MOST_LISTED = 2000


class CheckupDialog(QDialog):
    """Open it with `open()`. The volume is closed meanwhile, and has a driver of its own for the check."""

    repaired = Signal(object, str)
    """The StickVolume, and how it is now, for people."""

    def __init__(
        self, volume: StickVolume, stick: Stick, sticks: Sticks, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._place, self._stick, self._tasks = volume, stick, tasks
        self._volume: Volume | None = None
        self._repair: Repair | None = None
        self._writing = False
        self.setWindowTitle(tr("Check"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = Text(bold=True, scale=1.25)
        self._advice = Text()
        self._list = QListWidget()
        self._list.setWordWrap(True)
        self._list.setSpacing(3)
        self._list.setMinimumHeight(_HEIGHT)
        self._keep = QCheckBox(tr("Make files of what belongs to no file"))
        self._keep.toggled.connect(lambda _: self._look())
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._mend = QPushButton(tr("Repair"))
        self._mend.setAutoDefault(False)
        self._mend.clicked.connect(self.mend)
        self._close = QPushButton(tr("Close"))
        self._close.setDefault(True)
        primary(self._close)
        self._close.clicked.connect(self.reject)
        self._lay_out()
        self._forget = sticks.observe(self._hear)
        self.finished.connect(self._finished)
        self._looking = self._tasks.spawn(self._plan(), self._failed)

    # looking ------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._looking.cancel()
        self._looking = self._tasks.spawn(self._plan(), self._failed)

    async def _plan(self) -> None:
        self._show_busy(
            tr("Looking at {name}", name=quoted(self._place.name)), tr("Nothing is changed by that.")
        )
        self._list.clear()
        self._mend.hide()
        await self._place.finish()
        if self._volume is None:
            medium = self._stick.medium
            assert medium is not None
            self._volume = await self._stick.supervisor.open(medium, self._place.partition.number)
        repair = self._volume.repair()
        await repair.plan(keep=self._keep.isChecked(), told=self._told)
        self._repair = repair
        self._show(repair)

    def _told(self, finding: Finding, left: bool) -> None:
        if self._list.count() < _MOST_LISTED:
            self._list.addItem(findings.line(finding))
        self._list.show()

    def _show(self, repair: Repair) -> None:
        self._bar.hide()
        total = repair.mended_count + repair.left_count
        lost = any(finding.kind is FindingKind.LOST for finding in repair.mended)
        self._keep.setVisible(lost or self._keep.isChecked())
        self._mend.setVisible(bool(repair.mended_count))
        self._list.setVisible(bool(total))
        if not total:
            self._say(tr("Nothing is wrong with {name}.", name=quoted(self._place.name)), "")
            return
        advice = []
        if repair.mended_count:
            advice.append(tr("A repair writes {size}.", size=formats.size(repair.size)))
        if repair.freed:
            advice.append(tr("Copy out first what you cannot do without."))
        if repair.left_count:
            advice.append(tr("%Ln things are wrong that a repair leaves.", "", repair.left_count))
        self._say(
            tr("%Ln things are wrong with {name}.", "", total, name=quoted(self._place.name)),
            " ".join(advice),
        )

    # repairing ----------------------------------------------------------------------------------------------

    def mend(self) -> None:
        if self._repair is not None and not self._writing:
            self._writing = True
            self._show_busy(tr("Repairing {name}", name=quoted(self._place.name)), tr("Leave it plugged in."))
            for widget in (self._mend, self._keep, self._close):
                widget.setEnabled(False)
            self._tasks.spawn(self._apply(self._repair), self._failed)

    async def _apply(self, repair: Repair) -> None:
        assert self._stick.medium is not None
        descriptor = await self._stick.medium.for_writing()
        try:
            await repair.apply(descriptor)
        finally:
            os.close(descriptor)
        self._writing = False
        left = repair.left_count
        name = quoted(self._place.name)
        self.repaired.emit(
            self._place,
            tr("{name} is repaired, but %Ln things are wrong still.", "", left, name=name)
            if left
            else tr("{name} is repaired, and nothing is wrong with it now.", name=name),
        )
        self.accept()

    def _failed(self, error: RumpusError) -> None:
        self._writing = False
        self._bar.hide()
        for widget in (self._keep, self._close):
            widget.setEnabled(True)
        self._mend.hide()
        told = explain(error, self._place.name)
        self._say(told.title, told.advice)

    # the dialog ---------------------------------------------------------------------------------------------

    def _hear(self, change: Change, stick: Stick) -> None:
        if stick is self._stick and change is Change.REMOVED and not self._writing:
            self.reject()

    def _finished(self, _: int) -> None:
        self._forget()
        self._looking.cancel()
        if self._volume is not None:
            self._tasks.spawn(self._volume.close())

    def reject(self) -> None:
        if not self._writing:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._writing:
            event.ignore()
        else:
            super().closeEvent(event)

    def _say(self, title: str, advice: str) -> None:
        self._title.setText(title[:1].upper() + title[1:])
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.setAccessibleName(self._title.text())

    def _show_busy(self, title: str, advice: str) -> None:
        self._say(title, advice)
        self._bar.show()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._mend)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(24, 22, 24, 20)
        lines.addStrut(_WIDTH - 48)
        lines.setSpacing(14)
        for widget in (self._title, self._advice, self._bar, self._list, self._keep):
            lines.addWidget(widget)
        for hidden in (self._list, self._keep, self._mend):
            hidden.hide()
        lines.addSpacing(6)
        lines.addLayout(buttons)
