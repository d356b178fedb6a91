"""The bar that asks before a dangerous file is opened."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from core.entry import Entry, Kind
from core.errors import MediumError
from gui.outgoing import Question
from gui.panes.question import QuestionBar, as_text
from gui.tasks import Tasks
from tests.support.qt_loop import run


class Source(QObject):
    questioned = Signal(object)
    told = Signal(str)


class Stick:
    """A volume with one file."""

    def __init__(self, content: bytes, error: MediumError | None = None) -> None:
        self.content, self.error = content, error

    async def read(self, node: int, offset: int, length: int) -> bytes:
        if self.error is not None:
            raise self.error
        return self.content[offset : offset + min(length, 1000)]


def ask(bar_source: Source, content: bytes, error: MediumError | None = None) -> None:
    volume: Any = Stick(content, error)
    entry = Entry("invoice.pdf.exe", 3, Kind.FILE, size=len(content))
    bar_source.questioned.emit(Question(volume, entry, "A Windows program that pretends to be a PDF."))


@pytest.fixture
def world(qtbot: QtBot) -> SimpleNamespace:
    source, tasks = Source(), Tasks()
    bar = QuestionBar(source, tasks)  # type: ignore[arg-type]
    qtbot.addWidget(bar)
    return SimpleNamespace(source=source, tasks=tasks, bar=bar)


def said(bar: QuestionBar) -> str:
    QApplication.processEvents()
    return " ".join(label.text() for label in bar.findChildren(QLabel) if label.isVisible())


def button(bar: QuestionBar, text: str) -> QPushButton:
    (found,) = [button for button in bar.findChildren(QPushButton) if button.text() == text]
    return found


def test_it_is_not_there_until_there_is_a_question(world: SimpleNamespace, qtbot: QtBot) -> None:
    assert world.bar.isHidden()
    ask(world.source, b"MZ")
    assert "“invoice.pdf.exe” stays closed. A Windows program that pretends to be a PDF." in said(world.bar)
    with qtbot.waitSignal(world.bar.answered):
        qtbot.mouseClick(button(world.bar, "Keep it closed"), Qt.MouseButton.LeftButton)
    assert world.bar.isHidden()


def test_the_text_can_be_seen_and_can_do_nothing(
    world: SimpleNamespace, qtbot: QtBot, qapp: QApplication
) -> None:
    async def story() -> None:
        ask(world.source, "<script>\u202egnp.exe\x1b[2J</script>\n".encode() * 200)
        qtbot.mouseClick(button(world.bar, "Show it as text"), Qt.MouseButton.LeftButton)
        await world.tasks.settled()

    run(qapp, story())
    shown = world.bar.findChild(QPlainTextEdit)
    assert shown.isVisible()
    assert shown.isReadOnly()
    lines = shown.toPlainText().splitlines()
    assert len(lines) == 200
    assert lines[0] == "<script>\ufffdgnp.exe\u241b[2J</script>"


def test_a_file_that_cannot_be_read_says_so(world: SimpleNamespace, qtbot: QtBot, qapp: QApplication) -> None:
    async def story() -> None:
        ask(world.source, b"x", MediumError(0, 512))
        qtbot.mouseClick(button(world.bar, "Show it as text"), Qt.MouseButton.LeftButton)
        await world.tasks.settled()

    run(qapp, story())
    assert "A part of “invoice.pdf.exe” can no longer be read." in said(world.bar)


def test_a_late_text_does_not_appear_under_another_question(
    world: SimpleNamespace, qtbot: QtBot, qapp: QApplication
) -> None:
    async def story() -> None:
        ask(world.source, b"the first")
        qtbot.mouseClick(button(world.bar, "Show it as text"), Qt.MouseButton.LeftButton)
        ask(world.source, b"the second")
        await world.tasks.settled()

    run(qapp, story())
    assert not world.bar.findChild(QPlainTextEdit).isVisible()


def test_what_is_no_text_is_shown_as_numbers() -> None:
    dump = as_text(b"MZ\x90\0" + b"a" * 5000, 5004)
    assert (
        dump.splitlines()[0] == "00000000  4d 5a 90 00 61 61 61 61 61 61 61 61 61 61 61 61  MZ..aaaaaaaaaaaa"
    )
    assert dump.endswith("(the first 4096 of 5004 bytes)")
    assert as_text("Grüße".encode("utf-16"), 12) == "Grüße"
    assert as_text(b"\tone\n" + b"x" * 1000, 1005) == "    one\n" + "x" * 1000
