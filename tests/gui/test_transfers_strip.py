"""The transfer strip: what it says of a job and offers for it, and that it is not there without one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from core.errors import DeviceGone, HostWriteFailed, MediumError, RumpusError
from core.host.jobs import Fate
from core.host.transfers import Problem, Progress, TransferState
from gui.transfers import TransferRow, TransferStrip
from gui.works import Inbound
from tests.support.strips import Source, buttons, folder_of, press, said, start
from tests.support.works import FakeJob


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


def test_many_jobs_do_not_push_the_files_away(strip: TransferStrip, source: Source, qtbot: QtBot) -> None:
    for _ in range(30):
        start(source)
    qtbot.waitUntil(lambda: strip.height() > 200)
    assert strip.height() <= 260
    assert len(strip.findChildren(TransferRow)) == 30
