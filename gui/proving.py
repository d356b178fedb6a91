"""Reads back what was copied, on wish or always, and saves receipts of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from core.errors import DeviceGone, HostWriteFailed
from core.host.devices import Device
from core.host.jobs import Fate
from core.host.names import shown
from core.host.offloop import off_loop
from core.host.proving import check_of
from core.host.receipts import Receipt, StickFacts, sources_in_words
from core.host.volume import Volume
from gui import telling
from gui.outgoing import ENDED, Outbound, Purpose
from gui.tasks import Tasks
from gui.translating import tr
from gui.wording import explain
from gui.works import Inbound

_ALWAYS = "copy/verify"
_NO_FILE_NAME = re.compile(r"[^\w .,()-]")

Copied = Outbound | Inbound


class Proving(QObject):
    begun = Signal(object)
    """A work whose `check` begins."""
    told = Signal(str)
    """A sentence that needs no answer."""

    def __init__(self, tasks: Tasks, always: QAction, parent: QObject | None = None) -> None:
        """`always`: whether every copy is read back; it is kept between two runs."""
        super().__init__(parent)
        self.device_of: Callable[[Volume], Device | None] = lambda volume: None
        """What the host says of the stick that a volume is on."""
        self._tasks = tasks
        self._always = always
        always.setChecked(QSettings().value(_ALWAYS) in (True, "true"))
        always.toggled.connect(lambda on: QSettings().setValue(_ALWAYS, on))

    @property
    def always(self) -> bool:
        return self._always.isChecked()

    def can_verify(self, work: Copied) -> bool:
        """Whether there is something to read back, and its stick is there."""
        job = work.job
        if isinstance(work, Outbound):
            kept = work.purpose is Purpose.KEEP
        else:
            kept = not work.moves and not work.asked
        busy = work.check is not None and work.check.state not in ENDED
        near = not job.volume.ended.done() or (job.comeback is not None and job.comeback.near)
        if not kept or busy or not near or job.state not in ENDED:
            return False
        return any(job.fate(file) is Fate.ARRIVED for file in job.files())

    def verify(self, work: Copied) -> None:
        """As a person asks for it, once more if it was read back before."""
        self._tasks.spawn(self.prove(work))

    async def prove(self, work: Copied) -> bool:
        """Whether everything that arrived is the same on both sides; that of nothing is."""
        job = work.job
        if not job.pairs():
            return True
        volume = job.volume
        if volume.ended.done():
            there = await job.comeback.here() if job.comeback is not None else None
            if there is None:
                raise DeviceGone
            volume = there
        receipt = Receipt(
            StickFacts.of(volume, self.device_of(volume)), isinstance(work, Inbound), *_places(work)
        )
        work.check = check_of(job, receipt, volume=volume, word=telling.in_short)
        work.volumes = (volume, *work.volumes[1:])
        self.begun.emit(work)
        await work.check.run()
        return receipt.verified

    def save_receipt(self, work: Copied, above: QWidget) -> None:
        """Asks where, and saves it there."""
        if work.check is None:
            return
        receipt = work.check.receipt
        settings = QSettings()
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = Path(str(settings.value("receipt/folder", documents)))
        dialog = QFileDialog(above, tr("Save the receipt"), str(folder / _file_name(receipt)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.setNameFilters([tr("Receipts (*.json)"), tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._tasks.spawn(self._save(receipt, Path(name))))
        dialog.open()

    async def _save(self, receipt: Receipt, path: Path) -> None:
        QSettings().setValue("receipt/folder", str(path.parent))
        try:
            await off_loop(receipt.save, path, undo=lambda _: None)
        except HostWriteFailed as error:
            why = explain(error, path.name).title
            self.told.emit(tr("The receipt was not saved. {why}", why=why))
        else:
            self.told.emit(tr("The receipt was saved as {path}.", path=shown(str(path))))


def _places(work: Copied) -> tuple[str, str]:
    """Where was copied from and to."""
    stick = shown(work.stick)
    if isinstance(work, Outbound):
        inside = ", ".join(shown(entry.name) for entry in work.entries[:3] if entry.name)
        more = ", …" if len(work.entries) > 3 else ""
        return f"{stick}: {inside}{more}" if inside else stick, shown(str(work.job.folder))
    paths = [pair.other for pair in work.job.pairs() if isinstance(pair.other, Path)]
    came_from = sources_in_words(paths) or shown(work.volumes[-1].facts.label)
    return came_from, stick if work.to == work.stick else f"{stick}: {shown(work.to)}"


def _file_name(receipt: Receipt) -> str:
    """For a file of the host: a stick's name has no say in where it lies."""
    stick = _NO_FILE_NAME.sub("", receipt.stick.name).strip(" .")[:40]
    word = tr("Receipt", "the beginning of a file name")
    return " ".join(filter(None, (word, stick, f"{datetime.now():%Y-%m-%d %H.%M}"))) + ".json"
