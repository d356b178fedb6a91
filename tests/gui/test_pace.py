"""How fast a copy goes and how long it takes, as the transfer strip tells it."""

from __future__ import annotations

import pytest

from core.host.transfers import Progress, TransferState
from gui.pace import Pace, duration
from gui.transfers import TransferStrip
from gui.transfers.plot import SpeedPlot
from tests.support.strips import Source, said, start


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


def test_a_copy_tells_in_the_end_how_long_it_took(
    strip: TransferStrip, source: Source, clock: list[float]
) -> None:
    job = start(source)
    for second in range(101):
        clock[0] = 200.0 + second
        job.become(TransferState.RUNNING, progress=Progress(2, 0, 400_000_000, second * 4_000_000))
    job.become(TransferState.DONE, progress=Progress(2, 2, 400_000_000, 400_000_000))
    assert "2 files, 400.0 MB in 1 min 40 s, 4.0 MB/s" in said(strip)
