"""The window goes on looking at its events, however much there is to show."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from core.cli.main import main
from tests.support.fat import blank_fat
from tests.support.lag import INTERVAL, Lag
from tests.support.window import Desk

ENTRIES = 12_000
_SHARE = 1 / 2
"""Of the computing that a whole folder costs, what may come at once."""
_NAPS = 25
"""Intervals of the probe: the window may wait a little for other threads, and never for a stick."""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    many = folder / "source" / "many"
    many.mkdir(parents=True)
    for number in range(ENTRIES):
        (many / f"{number * 7919 % ENTRIES:05} photograph of the harbour.jpeg").touch()
    image = blank_fat(folder / "many.img", 64 << 20, "-F", "32", "-s", "1")
    # mtools looks for each short name in all the others, and takes a minute.
    assert main(["cp", "-r", str(many), f"{image}:/"]) == 0
    return image


@pytest.mark.parametrize("mode", ["details", "icons"])
async def test_the_window_stays_awake_while_a_folder_of_12000_entries_loads(
    desk: Desk, image: Path, mode: str
) -> None:
    await desk.add(image)
    await desk.do(mode)
    browser = desk.page.browser
    lag = Lag()
    with lag.watched():
        desk.page.go_to("/many")
        await desk.until(
            lambda: browser.model.rowCount() == ENTRIES and not browser.reader.busy, "all of the folder"
        )
    await desk.settled()
    computed = sum(stretch.busy for stretch in lag.stretches)
    assert max(stretch.busy for stretch in lag.stretches) <= _SHARE * computed, lag.figures()
    assert max(stretch.asleep for stretch in lag.stretches) <= _NAPS * INTERVAL, lag.figures()


async def test_the_probe_notices_who_waits_and_who_computes(desk: Desk) -> None:
    lag = Lag()
    with lag.watched():
        await desk.until(lambda: len(lag.stretches) > 5, "the probe runs")
        time.sleep(2 * _NAPS * INTERVAL / 1000)  # noqa: ASYNC251 - what must not happen
        seen = len(lag.stretches)
        await desk.until(lambda: len(lag.stretches) > seen, "the probe runs again")
        assert max(stretch.asleep for stretch in lag.stretches) > _NAPS * INTERVAL
        end = time.thread_time() + 0.1
        while time.thread_time() < end:
            pass
        seen = len(lag.stretches)
        await desk.until(lambda: len(lag.stretches) > seen, "the probe runs once more")
    assert max(stretch.busy for stretch in lag.stretches) >= 100
