"""The error pane: every row of the taxonomy in one design, and text that can do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from core.errors import CorruptStructure, DeviceGone, DriverCrashed, NotFound, RumpusError
from gui.panes.error import ErrorPane
from gui.wording import explain
from tests.gui.test_wording import KINDS, sample

MARKUP = "<b>bold</b> <img src='/dev/zero'> &amp; <a href='http://example.org'>here</a>"


@pytest.fixture
def pane(qtbot: QtBot) -> ErrorPane:
    pane = ErrorPane()
    qtbot.addWidget(pane)
    pane.resize(700, 560)
    pane.show()
    return pane


def texts(pane: ErrorPane) -> list[str]:
    QGuiApplication.processEvents()  # what was added to a layout appears with the next events
    return [label.text() for label in pane.findChildren(QLabel) if label.isVisible() and label.text()]


def tool(pane: ErrorPane, name: str) -> QToolButton:
    (found,) = [button for button in pane.findChildren(QToolButton) if button.accessibleName() == name]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_shows_its_sentence_what_is_safe_and_what_can_be_done(
    pane: ErrorPane, kind: type[RumpusError]
) -> None:
    error = sample(kind)
    told = explain(error, "HOLIDAY")
    pane.show_error(error, "HOLIDAY")
    shown = texts(pane)
    assert {told.title, told.safe} <= set(shown)
    assert [button.text() for button in pane.findChildren(QPushButton)] == [a.label() for a in told.actions]
    assert pane.accessibleName() == told.title


def test_buttons_send_the_ids_of_their_actions(pane: ErrorPane, qtbot: QtBot) -> None:
    pane.show_error(CorruptStructure("directory", 7, "a", "b"), "HOLIDAY", place="/Photos")
    asked: list[str] = []
    pane.asked.connect(asked.append)
    for button in pane.findChildren(QPushButton):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["go-up", "retry"]


def test_the_next_error_leaves_nothing_of_the_last_one(pane: ErrorPane) -> None:
    pane.show_error(DriverCrashed("ValueError", "Saved as /x\nwhat happened"), "FIRST")
    pane.show_error(DeviceGone(), "SECOND")
    assert not any("FIRST" in text or "ValueError" in text for text in texts(pane))
    assert "what happened" not in pane.details()


def test_markup_in_a_label_is_shown_and_not_obeyed(pane: ErrorPane, qtbot: QtBot) -> None:
    pane.show_error(CorruptStructure(MARKUP, 7, MARKUP, MARKUP), MARKUP, place="/" + MARKUP)
    qtbot.mouseClick(tool(pane, "Technical details"), Qt.MouseButton.LeftButton)
    labels = [label for label in pane.findChildren(QLabel) if label.text()]
    assert labels
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert not any(label.openExternalLinks() for label in labels)
    assert any("<b>bold</b>" in text for text in texts(pane))


def test_details_are_folded_away_until_they_are_wanted(pane: ErrorPane, qtbot: QtBot) -> None:
    pane.show_error(CorruptStructure("boot sector", 4096, "512", "77"), "HOLIDAY")
    assert not any("boot sector" in text for text in texts(pane))
    qtbot.mouseClick(tool(pane, "Technical details"), Qt.MouseButton.LeftButton)
    assert any("boot sector" in text for text in texts(pane))
    assert any("0x1000" in text for text in texts(pane))
    qtbot.keyClick(tool(pane, "Technical details"), Qt.Key.Key_Space)
    assert not any("boot sector" in text for text in texts(pane))


def test_a_report_is_shown_copied_and_saved_as_it_stands(
    pane: ErrorPane, qtbot: QtBot, tmp_path: Path
) -> None:
    pane.show_error(DriverCrashed("ValueError", "Saved as /x\n  in entries\n\x1b[2J"), "HOLIDAY")
    qtbot.mouseClick(tool(pane, "Technical details"), Qt.MouseButton.LeftButton)
    report = pane.findChild(QPlainTextEdit)
    assert report.isVisible()
    assert report.isReadOnly()
    assert "  in entries" in report.toPlainText()
    qtbot.mouseClick(tool(pane, "Copy the technical details"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == pane.details()
    pane._chosen(str(tmp_path / "report.txt"))
    assert (tmp_path / "report.txt").read_text() == pane.details()
    assert "\x1b" not in pane.details()
    pane._chosen(str(tmp_path / "missing" / "report.txt"))
    assert any(text.startswith("Not saved: ") for text in texts(pane))


def test_the_keyboard_reaches_everything_in_reading_order(pane: ErrorPane, qtbot: QtBot) -> None:
    pane.show_error(DriverCrashed("ValueError", "Saved as /x"), "HOLIDAY")
    pane.setFocus()
    reached = []
    for _ in range(5):
        focus = pane.focusWidget()
        assert isinstance(focus, QPushButton | QToolButton)
        reached.append(focus.text())
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert reached == ["Open it again", "Take it off the list", "Technical details", "Copy", "Save report…"]


@pytest.mark.parametrize("width", [420, 700, 1400])
def test_the_longest_names_never_widen_the_pane(pane: ErrorPane, qtbot: QtBot, width: int) -> None:
    pane.show_error(
        CorruptStructure("x" * 4000, 7, "y" * 4000, "z" * 4000), "L" * 4000, place="/" + "p" * 4000
    )
    qtbot.mouseClick(tool(pane, "Technical details"), Qt.MouseButton.LeftButton)
    pane.resize(width, 560)
    QGuiApplication.processEvents()
    assert pane.width() == width
    for label in pane.findChildren(QLabel):
        right = label.mapTo(pane, label.rect().topRight()).x()
        assert not label.isVisible() or right <= width, label.text()[:40]


def test_an_error_of_a_single_file_names_it(pane: ErrorPane) -> None:
    pane.show_error(NotFound("Photos/beach.jpg"), "HOLIDAY")
    assert "“Photos/beach.jpg” is not there any more." in texts(pane)
