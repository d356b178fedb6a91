"""Which works have a row in the transfer strip, and for how long."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.errors import DeviceGone, MediumError
from core.host.transfers import Problem, Progress, TransferState
from gui.outgoing import Outbound, Purpose
from gui.transfers import TransferRow, TransferStrip
from tests.support.strips import FILE, Source, press, said, start
from tests.support.works import FakeJob


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


def lingering(qtbot: QtBot, source: Source) -> TransferStrip:
    strip = TransferStrip(source, linger=10)  # type: ignore[arg-type]
    qtbot.addWidget(strip)
    strip.isActiveWindow = lambda: True  # type: ignore[method-assign]
    QCursor.setPos(4000, 4000)
    return strip


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


def test_a_row_that_is_gone_hears_nothing_more(strip: TransferStrip, source: Source, qtbot: QtBot) -> None:
    job = start(source)
    job.become(TransferState.CANCELLED)
    press(qtbot, strip, "Dismiss")
    assert job.listeners == []


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
