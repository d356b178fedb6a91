"""The transfer strip: what it says of a job, and that it is there only while there is something to say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from core.entry import Entry, Kind
from core.errors import DeviceGone, HostWriteFailed, MediumError, RumpusError
from core.host.transfers import Problem, Progress, TransferState
from gui.outgoing import Outbound, Purpose
from gui.pace import Pace, duration
from gui.transfers import TransferRow, TransferStrip

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


class Job:
    """A CopyOut that goes on when the test says so."""

    def __init__(self) -> None:
        self.state = TransferState.PLANNING
        self.progress = Progress()
        self.problems: list[Problem] = []
        self.landed: list[Path] = []
        self.folder = Path("/home/anna/Documents")
        self.error: RumpusError | None = None
        self.cancelled = False
        self.paused = self.away = False
        self.leftover = 0
        self._listeners: list[Callable[[Job], None]] = []

    def observe(self, listener: Callable[[Job], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def cancel(self) -> None:
        self.cancelled = True

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def become(self, state: TransferState, **changed: Any) -> None:
        self.state = state
        for name, value in changed.items():
            setattr(self, name, value)
        for listener in self._listeners.copy():
            listener(self)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock() -> list[float]:
    """What time it is, in seconds: one number, to be changed."""
    return [100.0]


@pytest.fixture
def strip(qtbot: QtBot, source: Source, clock: list[float]) -> TransferStrip:
    strip = TransferStrip(source, clock=lambda: clock[0])  # type: ignore[arg-type]
    qtbot.addWidget(strip)
    strip.resize(700, 60)
    return strip


def start(source: Source, purpose: Purpose = Purpose.KEEP, what: str = "“beach.jpg”") -> Job:
    job = Job()
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


def test_it_is_not_there_while_nothing_leaves(strip: TransferStrip) -> None:
    assert strip.isHidden()


def test_a_copy_is_counted_then_measured_then_told(
    strip: TransferStrip, source: Source, clock: list[float]
) -> None:
    job = start(source)
    strip.show()
    assert "Copying “beach.jpg” to “Documents” | Counting: 0 files so far" in said(strip)
    for step in range(5):
        clock[0] += 1
        progress = Progress(120, 3, 4_000_000_000, step * 40_000_000, "Photos/beach.jpg")
        job.become(TransferState.RUNNING, progress=progress)
    assert "3 of 120 files · 40.0 MB/s · 2 min left" in said(strip)
    done = Progress(120, 120, 4_000_000_000, 4_000_000_000)
    job.become(TransferState.DONE, progress=done, landed=[Path("/home/anna/Documents/beach.jpg")])
    assert "Copied “beach.jpg” to “Documents”. | 120 files, 4.0 GB" in said(strip)


def test_cancel_asks_the_job_and_dismiss_takes_the_row_away(
    strip: TransferStrip, source: Source, qtbot: QtBot
) -> None:
    job = start(source)
    press(qtbot, strip, "Cancel")
    assert job.cancelled
    job.become(TransferState.CANCELLED, progress=Progress(10, 4, 100, 40))
    assert "Stopped, as you asked. | After 4 of 10 files." in said(strip)
    with qtbot.waitSignal(strip.emptied):
        press(qtbot, strip, "Dismiss")
    assert strip.isHidden()
    assert strip.rows == ()


def test_one_button_pauses_a_copy_and_lets_it_go_on_from_the_keyboard_too(
    strip: TransferStrip, source: Source, qtbot: QtBot
) -> None:
    job = start(source)
    assert not any(button.accessibleName() == "Pause" and button.isVisible() for button in buttons(strip))
    job.become(TransferState.RUNNING, progress=Progress(10, 4, 100, 40))
    press(qtbot, strip, "Pause")
    assert job.paused
    assert "Paused · 4 of 10 files · the stick is still in use" in said(strip)
    (button,) = [button for button in buttons(strip) if button.accessibleName() == "Resume"]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert not job.paused
    assert button.accessibleName() == "Pause"
    assert "Paused" not in said(strip)


def test_what_did_not_arrive_can_be_tried_again(strip: TransferStrip, source: Source, qtbot: QtBot) -> None:
    tried: list[None] = []
    job = start(source)
    strip.rows[0].work.again = lambda: tried.append(None)  # type: ignore[union-attr]
    job.become(TransferState.DONE, problems=[Problem("x", MediumError(0, 1))] * 3, leftover=3)
    with qtbot.waitSignal(strip.emptied):
        press(qtbot, strip, "Try the 3 files again")
    assert tried == [None]


def test_a_copy_whose_stick_is_gone_says_what_it_waits_for(strip: TransferStrip, source: Source) -> None:
    job = start(source)
    job.become(TransferState.RUNNING, away=True, progress=Progress(10, 4, 100, 40))
    assert (
        "“HOLIDAY” was pulled out: put it back and the copy goes on."
        " | 4 of 10 files are safe and are not copied again" in said(strip)
    )
    assert [button.accessibleName() for button in buttons(strip) if button.isVisible()] == ["Cancel"]
    job.become(TransferState.RUNNING, away=False)
    assert "Copying “beach.jpg”" in said(strip)


def test_what_failed_is_listed_behind_a_fold(strip: TransferStrip, source: Source, qtbot: QtBot) -> None:
    job = start(source)
    problems = [Problem(f"Photos/{n}.jpg", MediumError(4096 * n, 512)) for n in range(600)]
    job.become(TransferState.DONE, problems=problems, progress=Progress(700, 700, 100, 100))
    assert (
        "Copied “beach.jpg” to “Documents”, but not all of it. | 700 files, 100 bytes · 600 problems"
        in said(strip)
    )
    (listed,) = strip.findChildren(QPlainTextEdit)
    assert not listed.isVisible()
    press(qtbot, strip, "What failed")
    assert listed.isVisible()
    lines = listed.toPlainText().splitlines()
    assert lines[0] == "Photos/0.jpg: A part of this file can no longer be read. (512 bytes)"
    assert lines[-1] == "… and 100 more"


def test_names_from_the_stick_are_shown_and_not_obeyed(
    strip: TransferStrip, source: Source, qtbot: QtBot
) -> None:
    job = start(source, what="“<b>x</b>”")
    hostile = Problem("<img src=x>\u202e\n", MediumError(0, 1))
    job.become(TransferState.DONE, problems=[hostile])
    assert "“<b>x</b>”" in said(strip)
    assert {label.textFormat() for label in strip.findChildren(QLabel) if label.text()} == {
        Qt.TextFormat.PlainText
    }
    press(qtbot, strip, "What failed")
    (listed,) = strip.findChildren(QPlainTextEdit)
    assert listed.toPlainText().startswith("<img src=x>\ufffd\u240a: ")


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (DeviceGone(), "“HOLIDAY” was pulled out."),
        (HostWriteFailed("/home/anna", 28), "There is no room left for “beach.jpg” where it should go."),
    ],
)
def test_a_failure_says_whose_it_is_and_stays(
    strip: TransferStrip, source: Source, error: RumpusError, title: str
) -> None:
    start(source).become(TransferState.FAILED, error=error)
    assert title in said(strip)
    assert not strip.isHidden()


def test_the_folder_is_shown_by_the_desktop(
    strip: TransferStrip, source: Source, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    job = start(source)
    job.become(TransferState.DONE, landed=[Path("/home/anna/Documents/beach.jpg")])
    press(qtbot, strip, "Show in folder")
    assert [url.toLocalFile() for url in opened] == ["/home/anna/Documents"]


def test_a_file_that_opens_quickly_makes_no_row(strip: TransferStrip, source: Source, qtbot: QtBot) -> None:
    job = start(source, Purpose.OPEN)
    assert strip.isHidden()
    with qtbot.waitSignal(strip.emptied):
        job.become(TransferState.DONE, landed=[Path("/run/x")])
    assert strip.isHidden()


def test_a_slow_file_gets_a_row_with_a_way_to_stop(
    strip: TransferStrip, source: Source, qtbot: QtBot
) -> None:
    job = start(source, Purpose.OPEN)
    qtbot.waitUntil(lambda: not strip.isHidden())
    assert "Opening “beach.jpg”" in said(strip)
    press(qtbot, strip, "Cancel")
    assert job.cancelled


def test_a_drag_that_was_let_go_too_early_waits_in_the_strip(
    strip: TransferStrip, source: Source, qtbot: QtBot
) -> None:
    job = start(source, Purpose.DRAG)
    job.become(TransferState.DONE, landed=[Path("/run/x/beach.jpg")], progress=Progress(1, 1, 100, 100))
    source.extracted.emit(strip.rows[0].work)
    assert not strip.isHidden()
    assert "“beach.jpg” can be dragged from here now." in said(strip)
    (row,) = strip.rows
    qtbot.mousePress(row, Qt.MouseButton.LeftButton, pos=QPoint(50, 15))
    qtbot.mouseMove(row, QPoint(90, 15))
    qtbot.mouseRelease(row, Qt.MouseButton.LeftButton, pos=QPoint(90, 15))
    assert len(source.dragged) == 1


def test_a_drag_that_began_by_itself_needs_no_row(strip: TransferStrip, source: Source, qtbot: QtBot) -> None:
    job = Job()
    outbound = Outbound(job, Purpose.DRAG, "“beach.jpg”", "HOLIDAY", (FILE,))  # type: ignore[arg-type]
    source.started.emit(outbound)
    job.become(TransferState.DONE, landed=[Path("/run/x/beach.jpg")])
    outbound.dragged = True
    with qtbot.waitSignal(strip.emptied):
        source.extracted.emit(outbound)
    assert strip.rows == ()


def test_a_row_that_is_gone_hears_nothing_more(strip: TransferStrip, source: Source, qtbot: QtBot) -> None:
    job = start(source)
    job.become(TransferState.CANCELLED)
    press(qtbot, strip, "Dismiss")
    assert job._listeners == []


def test_many_jobs_do_not_push_the_files_away(strip: TransferStrip, source: Source, qtbot: QtBot) -> None:
    for _ in range(30):
        start(source)
    qtbot.waitUntil(lambda: strip.height() > 200)
    assert strip.height() <= 260
    assert len(strip.findChildren(TransferRow)) == 30


def test_speed_is_measured_over_the_last_seconds_only() -> None:
    pace = Pace()
    for second in range(20):
        pace.note(second, 100 * min(second, 10))
    assert pace.speed == pytest.approx(0)
    assert pace.left(100) is None
    fresh = Pace()
    fresh.note(0, 0)
    fresh.note(0.5, 50)
    assert fresh.left(100) is None, "half a second is no ground for a forecast"
    fresh.note(2, 200)
    assert fresh.left(100) == pytest.approx(1)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "a few seconds"), (38, "40 s"), (70, "1 min"), (125, "2 min"), (3600, "1 h"), (4300, "1 h 10 min")],
)
def test_forecasts_are_no_more_exact_than_they_are_good(seconds: float, words: str) -> None:
    assert duration(seconds) == words
