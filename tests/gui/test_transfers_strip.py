"""The transfer strip: what it says of a job, and that it is there only while there is something to say."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QCursor, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from core.entry import Entry, Kind
from core.errors import DeviceGone, HostWriteFailed, MediumError, RumpusError
from core.host.jobs import Fate
from core.host.transfers import Problem, Progress, TransferState
from gui import telling
from gui.outgoing import Outbound, Purpose
from gui.pace import Pace, duration
from gui.transfers import TransferRow, TransferStrip
from gui.transfers.plot import SpeedPlot
from gui.works import Inbound
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


def listed(strip: TransferStrip) -> list[tuple[str, str]]:
    """Rows of the files of the newest work: names and outcomes."""
    model = strip.rows[-1].panel.model
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def folder_of(count: int, fate: Fate = Fate.WAITING) -> list[File]:
    return [File(f"Photos/{number}.jpg", fate=fate) for number in range(count)]


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


def button(strip: TransferStrip, text: str) -> QToolButton:
    (found,) = [each for each in buttons(strip) if each.isVisible() and each.text() == text]
    return found


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


def test_the_last_bytes_on_their_way_to_the_stick_are_said_as_such(
    strip: TransferStrip, qtbot: QtBot
) -> None:
    job = FakeJob()
    strip.add(Inbound(job, "3 items", "HOLIDAY", "Photos", ()))  # type: ignore[arg-type]
    job.become(TransferState.RUNNING, progress=Progress(3, 2, 100_000_000, 50_000_000))
    strip.rows[0].show()
    strip.show()
    job.become(TransferState.FLUSHING, progress=Progress(3, 2, 100_000_000, 52_000_000))
    assert "Writing the last 48.0 MB to “HOLIDAY”…" in said(strip)
    assert not any(each.accessibleName() == "Pause" and each.isVisible() for each in buttons(strip))


def test_a_copy_tells_in_the_end_how_long_it_took(
    strip: TransferStrip, source: Source, clock: list[float]
) -> None:
    job = start(source)
    for second in range(101):
        clock[0] = 200.0 + second
        job.become(TransferState.RUNNING, progress=Progress(2, 0, 400_000_000, second * 4_000_000))
    job.become(TransferState.DONE, progress=Progress(2, 2, 400_000_000, 400_000_000))
    assert "2 files, 400.0 MB in 1 min 40 s, 4.0 MB/s" in said(strip)


def test_speed_is_drawn_and_told_to_those_who_do_not_see_it(
    strip: TransferStrip, source: Source, clock: list[float]
) -> None:
    job = start(source)
    done = 0
    for second in range(30):
        clock[0] = 200.0 + second
        done += 1_000_000 if second < 20 else 5_000_000
        job.become(TransferState.RUNNING, progress=Progress(2, 0, 400_000_000, done))
    (plot,) = strip.findChildren(SpeedPlot)
    assert plot.isVisible()
    assert plot.accessibleDescription() == "5.0 MB/s now, 5.0 MB/s at most"
    image = plot.grab().toImage()
    ratio = image.height() / plot.height()
    tops = [
        next(y for y in range(image.height()) if image.pixelColor(x, y) != image.pixelColor(x, 0))
        for x in (4, image.width() - 4)
    ]
    assert tops[0] - tops[1] > 15 * ratio, "slow at first, fast in the end"


def test_a_row_that_ended_well_goes_when_it_has_been_seen(
    qtbot: QtBot, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip = lingering(qtbot, source)
    attended = [True]
    monkeypatch.setattr(TransferRow, "is_attended", property(lambda self: attended[0]))
    job = start(source)
    job.become(TransferState.DONE, progress=Progress(1, 1, 100, 100))
    qtbot.wait(60)
    assert len(strip.rows) == 1, "not while somebody looks at it"
    attended[0] = False
    with qtbot.waitSignal(strip.emptied):
        pass
    assert (strip.rows, len(strip.past)) == ((), 1)


def lingering(qtbot: QtBot, source: Source) -> TransferStrip:
    strip = TransferStrip(source, linger=10)  # type: ignore[arg-type]
    qtbot.addWidget(strip)
    strip.isActiveWindow = lambda: True  # type: ignore[method-assign]
    QCursor.setPos(4000, 4000)
    return strip


@pytest.mark.parametrize(
    ("state", "problems"),
    [
        (TransferState.DONE, [Problem("x", MediumError(0, 1))]),
        (TransferState.CANCELLED, []),
        (TransferState.FAILED, []),
    ],
)
def test_a_row_that_did_not_end_well_stays(
    qtbot: QtBot, source: Source, state: TransferState, problems: list[Problem]
) -> None:
    strip = lingering(qtbot, source)
    start(source).become(state, problems=problems, error=DeviceGone())
    good = start(source)
    with qtbot.waitSignal(strip.rows[1].dismissed, raising=False, timeout=1):
        good.become(TransferState.DONE)
    qtbot.waitUntil(lambda: len(strip.rows) == 1)
    assert strip.rows[0].work.job.state is state


def test_the_history_of_the_session_brings_back_what_was_put_away(
    strip: TransferStrip, source: Source, qtbot: QtBot
) -> None:
    strip.show_past(True)
    assert [label.text() for label in strip.findChildren(QLabel) if label.isVisible()] == [
        "Transfers of this session",
        "Nothing was copied yet.",
    ]
    strip.show_past(False)
    assert strip.isHidden()
    for what in ("“a”", "“b”"):
        start(source, what=what).become(TransferState.DONE, progress=Progress(1, 1, 100, 100))
    while strip.rows:
        strip.rows[0].dismissed.emit()
    assert strip.isHidden()
    strip.show_past(True)
    assert "Copied “a”" in said(strip) and "Copied “b”" in said(strip)
    press(qtbot, strip, "Clear the history")
    assert strip.past == ()
    press(qtbot, strip, "Hide the history")
    assert strip.isHidden()


@pytest.mark.parametrize("width", [560, 700, 1400])
def test_words_of_buttons_never_crowd_out_what_is_said(
    strip: TransferStrip, source: Source, qtbot: QtBot, width: int
) -> None:
    job = start(source)
    strip.resize(width, 60)
    files = folder_of(9, Fate.ARRIVED)
    strip.rows[0].work.again = lambda: None  # type: ignore[union-attr]
    job.become(
        TransferState.DONE,
        tracked=files,
        problems=[Problem("x", MediumError(0, 1))],
        leftover=1,
        landed=[Path("/home/anna/Documents/Photos")],
        progress=Progress(9, 9, 9000, 9000),
    )
    QGuiApplication.processEvents()
    (row,) = strip.rows
    assert row._title.width() >= min(row._title.whole_width, 0.4 * width)
    seen = [each for each in buttons(strip) if each.isVisible()]
    assert {each.accessibleName() for each in seen} >= {"Try the file again", "What failed", "Dismiss"}
    assert all(each.toolTip() for each in seen)
    assert all(each.mapTo(strip, each.rect().topRight()).x() <= width for each in seen)


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
    job = FakeJob()
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
    assert job.listeners == []


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
