"""The side panel's facts: what is known of an entry or of a volume."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.entry import Attribute, Details, Entry, Kind, VolumeFacts, Zone
from core.errors import Fault, RumpusError
from core.host import danger
from core.host.measuring import Measure, measure, measure_entries
from core.host.names import shown
from core.host.volume import Volume
from gui import dangers, formats, icons
from gui.panes.parts import Facts, Text
from gui.prose import said
from gui.tasks import Tasks
from gui.translating import later, tr
from gui.wording import error_of, explain

_ICON = QSize(48, 48)
_RHYTHM = 0.1
"""Seconds between two numbers that are shown while a folder is counted."""
_KINDS = {
    Kind.FILE: later("File"),
    Kind.DIRECTORY: later("Folder"),
    Kind.SYMLINK: later("Link"),
    Kind.OTHER: later("Device or pipe"),
}
_ATTRIBUTES = {
    Attribute.READ_ONLY: later("read-only"),
    Attribute.HIDDEN: later("hidden"),
    Attribute.SYSTEM: later("system"),
    Attribute.ARCHIVE: later("changed since the last backup"),
    Attribute.COMPRESSED: later("compressed"),
    Attribute.ENCRYPTED: later("encrypted"),
}
_ZONES = {
    Zone.LOCAL: later("as the clock of whoever wrote them showed it"),
    Zone.UTC: later("in the time of this computer"),
}


class PropertiesPanel(QWidget):
    """Shows one thing at a time; a late answer about another one is dropped."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._asking: asyncio.Task[Any] | None = None
        self._icon = QLabel()
        self._title = Text(bold=True, scale=1.15)
        self._warning = Text()
        self._facts = Facts(stacked=True)
        self._content = Text(dim=True)
        self._measuring: asyncio.Task[Any] | None = None
        self._lay_out()

    def show_entry(self, volume: Volume, entry: Entry) -> None:
        """What the listing knows at once, and the rest when the driver has told it."""
        found = danger.judge(entry.name) if entry.kind is Kind.FILE else None
        said = [explain(error_of(entry.problem), entry.name).title] if entry.problem is not None else []
        if found is not None:
            said.append(dangers.sentence(found))
        name = shown(entry.name) or shown(volume.facts.label) or tr("The whole stick")
        self._begin(icons.icon_for(entry).pixmap(_ICON, self.devicePixelRatio()), name, said)
        self._facts.show_rows(entry_rows(Details(entry), volume.facts.zone, known=False))
        self._asking = self._tasks.spawn(self._stat(volume, entry), self._unknown)
        if entry.kind is Kind.DIRECTORY and entry.problem is None:
            self._measuring = self._tasks.spawn(self._measure(measure(volume, entry.node)), self._unknown)

    def show_several(self, volume: Volume, entries: Sequence[Entry]) -> None:
        """What these come to, with all that is in them."""
        picture = icons.icon("copy").pixmap(_ICON, self.devicePixelRatio())
        self._begin(picture, tr("%Ln items", "", len(entries)), [])
        self._facts.show_rows([])
        self._measuring = self._tasks.spawn(self._measure(measure_entries(volume, entries)), self._unknown)

    def show_volume(self, volume: Volume) -> None:
        facts = volume.facts
        picture = icons.icon("drive-removable-media-usb").pixmap(_ICON, self.devicePixelRatio())
        self._begin(picture, shown(facts.label) or tr("No label"), _warnings(facts))
        self._facts.show_rows(volume_rows(facts))
        self._asking = self._tasks.spawn(self._describe(volume), self._unknown)

    async def _stat(self, volume: Volume, entry: Entry) -> None:
        details = await volume.stat(entry.node)
        self._facts.show_rows(entry_rows(details, volume.facts.zone, known=True))

    async def _measure(self, counting: AsyncGenerator[Measure, None]) -> None:
        """What is in folders, counted for as long as one looks at it."""
        self._content.show()
        said = 0.0
        found = Measure()
        async with aclosing(counting) as measures:
            async for found in measures:
                if time.monotonic() - said > _RHYTHM:
                    said = time.monotonic()
                    self._content.setText(f"{content_of(found)}…")
                    await asyncio.sleep(0)
        self._content.setText(content_of(found))

    async def _describe(self, volume: Volume) -> None:
        facts = await volume.describe()
        self._facts.show_rows(volume_rows(facts))
        self._warn(_warnings(facts))

    def _begin(self, picture: Any, title: str, said: list[str]) -> None:
        self._stop()
        self._content.hide()
        self._icon.setPixmap(picture)
        self._title.setText(title)
        self.setAccessibleName(tr("Properties of {title}", title=title))
        self._warn(said)

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees is not counted on."""
        self._stop()
        super().hideEvent(event)

    def _stop(self) -> None:
        for task in (self._asking, self._measuring):
            if task is not None:
                task.cancel()

    def _warn(self, said: list[str]) -> None:
        self._warning.setText("\n".join(said))
        self._warning.setVisible(bool(said))

    def _unknown(self, error: RumpusError) -> None:
        self._warn([explain(error, self._title.text()).title])

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setMinimumSize(1, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 20, 16, 16)
        column.setSpacing(10)
        for widget in (self._icon, self._title, self._warning, self._content):
            column.addWidget(widget)
        column.addSpacing(6)
        column.addWidget(self._facts)
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(tr("Properties"))  # it scrolls by the keyboard
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)


def content_of(found: Measure) -> str:
    """For people: "12 files, 3 folders, 4.1 MB"."""
    parts = [tr("%Ln files", "", found.files)] if found.files or not found.folders else []
    if found.folders:
        parts.append(tr("%Ln folders", "", found.folders))
    text = f"{', '.join(parts)}, {formats.size(found.bytes)}"
    if not found.whole:
        text = tr("More than {text}", text=text)
    if found.missed:
        text += ". " + tr("%Ln parts of it could not be read", "", found.missed)
    return text


def entry_rows(details: Details, zone: Zone, *, known: bool) -> list[tuple[str, str]]:
    """`known`: whether `details` came from the driver, or hold no more than the listing had."""
    entry = details.entry
    rows = [(tr("Kind"), _KINDS[entry.kind]())]
    if entry.kind is Kind.FILE:
        rows.append((tr("Size"), _size(entry.size)))
    if details.allocated is not None:
        rows.append((tr("On the stick"), formats.size(details.allocated)))
    times = (
        (tr("Modified"), entry.modified),
        (tr("Created"), details.created),
        (tr("Accessed"), details.accessed),
        (tr("Changed"), details.changed),
    )
    rows += [(label, formats.moment(time, zone)) for label, time in times if time is not None]
    if any(time is not None for _, time in times):
        rows.append((tr("Times are"), _ZONES[zone]()))
    flags = [word() for flag, word in _ATTRIBUTES.items() if entry.attributes & flag]
    if flags:
        rows.append((tr("Attributes"), ", ".join(flags)))
    if entry.mode is not None:
        rows.append((tr("Permissions"), _permissions(entry.mode)))
    if known and details.uid is not None:
        rows.append((tr("Owner, group"), f"{details.uid}, {'?' if details.gid is None else details.gid}"))
    if known and details.links > 1 and entry.kind is not Kind.DIRECTORY:  # folders in it name it too
        rows.append((tr("Names"), tr("%Ln names for the same file", "", details.links)))
    return [*rows, *((said(label), said(value)) for label, value in details.facts)]


def volume_rows(facts: VolumeFacts) -> list[tuple[str, str]]:
    rows = [(tr("File system"), shown(facts.system)), (tr("Size"), _size(facts.size))]
    if facts.free is not None:
        rows.append((tr("Free"), formats.size(facts.free)))
    if facts.block_size:
        rows.append((tr("Unit"), _size(facts.block_size)))
    if facts.uuid:
        rows.append((tr("Serial number"), shown(facts.uuid)))
    rows.append(
        (tr("State"), tr("was not ejected properly last time") if facts.dirty else tr("was ejected properly"))
    )
    rows += [(said(label), said(value)) for label, value in facts.facts]
    rows.append((tr("Driver"), shown(facts.driver)))
    if facts.limits:
        rows.append((tr("Limits"), said(facts.limits)))
    return rows


def _warnings(facts: VolumeFacts) -> list[str]:
    return [_sentence(fault, facts.label) for fault in facts.warnings[:8]]


def _sentence(fault: Fault, label: str) -> str:
    error = error_of(fault)
    told = explain(error, label)
    facts = "; ".join(f"{name}: {value}" for name, value in told.details[:4])
    return f"{told.title} ({facts})"


def _size(size: int) -> str:
    return (
        tr("{size} ({bytes} bytes)", size=formats.size(size), bytes=formats.number(size))
        if size >= 1000
        else formats.size(size)
    )


def _permissions(mode: int) -> str:
    return "".join(name if mode >> (8 - place) & 1 else "-" for place, name in enumerate("rwxrwxrwx"))
