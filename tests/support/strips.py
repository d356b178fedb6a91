"""The transfer strip without a window: what works it is told of, and what a person sees of them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from core.entry import Entry, Kind
from core.host.jobs import Fate
from gui.outgoing import Outbound, Purpose
from gui.transfers import TransferStrip
from tests.support.works import FakeJob, File

FILE = Entry("beach.jpg", 3, Kind.FILE, size=100)


class Source(QObject):
    """An Outgoing that starts nothing."""

    started = Signal(object)
    extracted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.dragged: list[Outbound] = []

    def drag_again(self, outbound: Outbound, source: QObject) -> None:
        self.dragged.append(outbound)


def start(source: Source, purpose: Purpose = Purpose.KEEP, what: str = "“beach.jpg”") -> FakeJob:
    job = FakeJob()
    source.started.emit(Outbound(job, purpose, what, "HOLIDAY", (FILE,)))  # type: ignore[arg-type]
    return job


def said(strip: TransferStrip) -> str:
    QGuiApplication.processEvents()
    labels = [label for label in strip.findChildren(QLabel) if label.isVisible()]
    return " | ".join(label.accessibleName() for label in labels if label.accessibleName())


def buttons(strip: TransferStrip) -> list[QToolButton]:
    return strip.findChildren(QToolButton)


def press(qtbot: QtBot, strip: TransferStrip, name: str) -> None:
    QGuiApplication.processEvents()
    (button,) = [b for b in strip.findChildren(QToolButton) if b.isVisible() and b.accessibleName() == name]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def folder_of(count: int, fate: Fate = Fate.WAITING) -> list[File]:
    return [File(f"Photos/{number}.jpg", fate=fate) for number in range(count)]
