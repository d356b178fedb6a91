"""The dialog that makes a stick empty. It names what will be lost, and nothing is done by chance."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import DeviceGone, RumpusError
from core.host import formatting
from core.host.names import shown
from core.host.sticks import Change, Stick, Sticks, StickVolume
from gui import formats
from gui.panes.parts import Card, Drawing, Facts, Text, primary, tint
from gui.tasks import Tasks
from gui.translating import Later, later, tr
from gui.wording import Tone, explain, quoted

_LONGEST_LABEL = 11
"""Characters; both FAT and exFAT have labels of that length."""
_WIDTH = 580
_GOOD_FOR: dict[formatting.System, Later] = {
    "fat32": later("every computer and camera; files up to 4.3 GB"),
    "exfat": later("newer devices; files of any size"),
    "fat16": later("old devices"),
    "fat12": later("very old devices"),
}


class FormatDialog(QDialog):
    """Open it with `open()`. `volume`: the one that was pointed at, where the stick has several."""

    formatted = Signal(object, str)
    """The Stick, looked at anew, and what it is now, for people."""

    def __init__(
        self,
        stick: Stick,
        volume: StickVolume | None,
        sticks: Sticks,
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._stick, self._volume, self._tasks = stick, volume, tasks
        self._writing = False
        self.setWindowTitle(tr("Format"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = Text(bold=True, scale=1.25)
        self._advice = Text(
            tr(
                "Everything on it will be lost, and nothing brings it back. "
                "Look at what it is before you go on."
            )
        )
        self._facts = Facts()
        self._facts.show_rows(_rows(stick))
        self._extent = QComboBox()
        self._system = QComboBox()
        for combo in (self._extent, self._system):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._label = QLineEdit()
        self._label.setMaxLength(_LONGEST_LABEL)
        self._label.setPlaceholderText(tr("No name"))
        self._problem = Text()
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._written = Text(dim=True, selectable=False)
        self._erase = QPushButton()
        self._cancel = QPushButton(tr("Cancel"))
        self._lay_out()
        self._fill()
        self._fit()
        self._cancel.setFocus()
        self._forget = sticks.observe(self._hear)
        self.finished.connect(lambda _: self._forget())

    # what it says -------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        if self._volume is not None and len(self._stick.volumes) > 1:
            self._extent.addItem(tr("Only the volume {name}", name=quoted(self._volume.name)), self._volume)
        self._extent.addItem(tr("The whole stick, as one volume"), None)
        self._extent.currentIndexChanged.connect(lambda _: self._choose())
        self._choose()

    def _choose(self) -> None:
        """What can be made of the chosen part of the stick."""
        size = self._size()
        self._system.clear()
        for system in formatting.possible(size):
            self._system.addItem(f"{formatting.SYSTEMS[system]}: {_GOOD_FOR[system]()}", system)
        volume = self._extent.currentData()
        name = quoted(volume.name if volume is not None else self._stick.name)
        self._title.setText(tr("Erase {name}?", name=name))
        self._erase.setText(tr("Erase {name}, {size}", name=name, size=formats.size(size)).replace("&", "&&"))
        self.setAccessibleName(self._title.text())

    def _size(self) -> int:
        volume = self._extent.currentData()
        return volume.partition.size if volume is not None else self._stick.size

    # what it does -------------------------------------------------------------------------------------------

    def erase(self) -> None:
        if self._writing:
            return
        volume = self._extent.currentData()
        wish = formatting.wish(
            self._system.currentData(),
            self._label.text().strip(),
            partition=volume.partition.number if volume is not None else 0,
            table=volume is None,
        )
        said = f"{formatting.SYSTEMS[self._system.currentData()]}, {formats.size(self._size())}"
        self._show_writing(True)
        self._tasks.spawn(self._format(wish, said), self._failed)

    async def _format(self, wish: formatting.Wish, said: str) -> None:
        await self._stick.format(wish, self._moved)
        self._writing = False
        self.formatted.emit(self._stick, said)
        self.accept()

    def _moved(self, written: int) -> None:
        self._written.setText(tr("{size} written. Leave it plugged in.", size=formats.size(written)))

    def _failed(self, error: RumpusError) -> None:
        self._show_writing(False)
        told = explain(error, self._stick.name)
        self._problem.setText(" ".join(filter(None, (told.title, told.advice))))
        self._problem.show()
        self._fit()
        if isinstance(error, DeviceGone) or not self._stick.usable:
            self._erase.setEnabled(False)
        self._cancel.setFocus()

    def _hear(self, change: Change, stick: Stick) -> None:
        if stick is self._stick and change is Change.REMOVED and not self._writing:
            self.reject()

    def _show_writing(self, writing: bool) -> None:
        """It cannot be stopped: what was there is gone with the first write, and it takes seconds."""
        self._writing = writing
        self._problem.hide()
        self._written.setText(tr("Writing. Leave it plugged in."))
        self._bar.setVisible(writing)
        self._written.setVisible(writing)
        for widget in (self._extent, self._system, self._label, self._erase, self._cancel):
            widget.setEnabled(not writing)
        self._fit()

    def _fit(self) -> None:
        """As tall as its texts are at its width."""
        layout = self.layout()
        if layout is not None:
            width = max(_WIDTH, layout.totalMinimumSize().width())
            self.setFixedSize(width, layout.totalHeightForWidth(width))

    def reject(self) -> None:
        if not self._writing:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._writing:
            event.ignore()
        else:
            super().closeEvent(event)

    def _lay_out(self) -> None:
        card = Card()
        within = QVBoxLayout(card)
        within.setContentsMargins(16, 12, 16, 12)
        within.addWidget(self._facts)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(8)
        if self._volume is not None and len(self._stick.volumes) > 1:
            form.addRow(tr("&What"), self._extent)
        form.addRow(tr("&File system"), self._system)
        form.addRow(tr("&Name"), self._label)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.ButtonText, tint(Tone.GRAVE, QPalette()))
        self._erase.setPalette(palette)
        self._erase.setAutoDefault(False)
        self._erase.clicked.connect(self.erase)
        self._cancel.setDefault(True)
        primary(self._cancel)
        self._cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self._erase)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        lines = QVBoxLayout()
        lines.setSpacing(14)
        for widget in (self._title, self._advice, card):
            lines.addWidget(widget)
        lines.addLayout(form)
        for hidden in (self._problem, self._bar, self._written):
            hidden.hide()
            lines.addWidget(hidden)
        lines.addSpacing(6)
        lines.addLayout(buttons)
        across = QHBoxLayout(self)
        across.setContentsMargins(24, 22, 24, 20)
        across.setSpacing(16)
        across.addWidget(Drawing("warning", 40, Tone.GRAVE), 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(lines, 1)


def _rows(stick: Stick) -> list[tuple[str, str]]:
    """What tells this stick from any other, and what is on it now."""
    device = stick.device
    rows = []
    if device is not None:
        rows.append((tr("Stick"), shown(f"{device.vendor} {device.model}".strip()) or tr("not said")))
    rows.append((tr("Size"), formats.size(stick.size)))
    if device is not None:
        rows.append((tr("Serial number"), shown(device.serial) or tr("not said")))
    rows.append((tr("Image") if stick.image else tr("Device"), shown(str(stick.path))))
    for number, volume in enumerate(stick.volumes):
        rows.append((tr("On it now") if not number else tr("and"), _content(volume)))
    return rows


def _content(volume: StickVolume) -> str:
    partition = volume.partition
    text = shown(partition.system) or tr("nothing that Rumpus knows")
    if partition.label:
        text += f" {quoted(partition.label)}"
    facts = volume.volume.facts if volume.volume is not None else None
    if facts is not None and facts.free is not None and facts.size >= facts.free:
        return tr(
            "{text}, {used} of {size} in use",
            text=text,
            used=formats.size(facts.size - facts.free),
            size=formats.size(facts.size),
        )
    return f"{text}, {formats.size(partition.size)}"
