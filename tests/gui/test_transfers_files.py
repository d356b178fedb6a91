"""The list of files in the transfer strip: what became of each."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from core.errors import MediumError
from core.host.jobs import Fate
from core.host.transfers import Problem, Progress, TransferState
from gui import telling
from gui.transfers import TransferStrip
from tests.support.strips import Source, buttons, folder_of, press, said, start
from tests.support.works import File


def listed(strip: TransferStrip) -> list[tuple[str, str]]:
    """Rows of the files of the newest work: names and outcomes."""
    model = strip.rows[-1].panel.model
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def button(strip: TransferStrip, text: str) -> QToolButton:
    (found,) = [each for each in buttons(strip) if each.isVisible() and each.text() == text]
    return found


def test_what_failed_is_listed_behind_a_fold(strip: TransferStrip, source: Source, qtbot: QtBot) -> None:
    job = start(source)
    problems = [Problem(f"Photos/{n}.jpg", MediumError(4096 * n, 512)) for n in range(600)]
    job.become(TransferState.DONE, problems=problems, progress=Progress(700, 700, 100, 100))
    assert (
        "Copied “beach.jpg” to “Documents”, but not all of it. | 700 files, 100 bytes · 600 problems"
        in said(strip)
    )
    (row,) = strip.rows
    assert not row.panel.isVisible()
    press(qtbot, strip, "What failed")
    assert row.panel.isVisible()
    found = listed(strip)
    assert found[0] == ("Photos/0.jpg", "A part of this file can no longer be read. (512 bytes)")
    assert len(found) == 600


def test_each_file_has_its_tick_or_the_reason_why_not(
    strip: TransferStrip, source: Source, qtbot: QtBot
) -> None:
    job = start(source)
    files = folder_of(5)
    job.become(TransferState.RUNNING, tracked=files, progress=Progress(5, 2, 5000, 2000))
    files[0].fate, files[1].fate, files[2].fate = Fate.ARRIVED, Fate.SKIPPED, Fate.UNDER_WAY
    files[3].fate, files[3].error = Fate.FAILED, MediumError(0, 512)
    job.problems.append(Problem(files[3].path, MediumError(0, 512), files[3]))
    job.become(TransferState.RUNNING)
    press(qtbot, strip, "What failed")
    assert listed(strip) == [("Photos/3.jpg", "A part of this file can no longer be read. (512 bytes)")], (
        "where something failed, that is seen first"
    )
    qtbot.mouseClick(button(strip, "All 5"), Qt.MouseButton.LeftButton)
    assert listed(strip) == [
        ("Photos/0.jpg", "Copied"),
        ("Photos/1.jpg", "Skipped: one of that name was there"),
        ("Photos/2.jpg", "Being copied"),
        ("Photos/3.jpg", "A part of this file can no longer be read. (512 bytes)"),
        ("Photos/4.jpg", ""),
    ]
    job.become(TransferState.CANCELLED)
    assert listed(strip)[4] == ("Photos/4.jpg", "Not copied")
    qtbot.mouseClick(button(strip, "Skipped 1"), Qt.MouseButton.LeftButton)
    assert listed(strip) == [("Photos/1.jpg", "Skipped: one of that name was there")]


def test_of_many_thousands_of_files_only_those_on_screen_are_asked_for(
    strip: TransferStrip, source: Source, qtbot: QtBot, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start(source)
    progress = Progress(300_000, 150_000, 3_000_000, 1_500_000)
    job.become(TransferState.RUNNING, tracked=folder_of(300_000), progress=progress)
    press(qtbot, strip, "Files")
    (row,) = strip.rows
    row.panel.view.viewport().repaint()
    asked: list[object] = []
    fate = telling.fate
    monkeypatch.setattr(telling, "fate", lambda work, file: asked.append(file) or fate(work, file))
    clock[0] += 1
    job.become(TransferState.RUNNING)
    QGuiApplication.processEvents()
    assert 0 < len(asked) < 200
    top = row.panel.view.indexAt(row.panel.view.rect().center()).row()
    assert abs(top - 150_000) < 10, "it opens where the copy is"


def test_names_from_the_stick_are_shown_and_not_obeyed(
    strip: TransferStrip, source: Source, qtbot: QtBot
) -> None:
    job = start(source, what="“<b>x</b>”")
    hostile = File("<img src=x>\u202e\n", fate=Fate.FAILED, error=MediumError(0, 1))
    job.become(TransferState.DONE, tracked=[hostile], problems=[Problem("x", MediumError(0, 1), hostile)])
    assert "“<b>x</b>”" in said(strip)
    assert {label.textFormat() for label in strip.findChildren(QLabel) if label.text()} == {
        Qt.TextFormat.PlainText
    }
    press(qtbot, strip, "What failed")
    assert listed(strip)[0][0] == "<img src=x>\ufffd\u240a"
