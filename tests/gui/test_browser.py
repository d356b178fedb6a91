"""Large, slow and endless folders, from a volume that is made for it."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QTimer

from core.errors import MediumError
from gui.browser import reading
from gui.browser.browser import Browser
from gui.browser.contents import View
from gui.browser.layouts import Mode
from gui.browser.order import Column
from tests.support.folder import Folder, finished


def names_of(browser: Browser) -> list[str]:
    model = browser.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


async def test_a_folder_that_is_read_at_once_appears_at_once_and_in_order(browser: Browser) -> None:
    seen: list[int] = []
    browser.model.rowsInserted.connect(lambda *_: seen.append(browser.model.rowCount()))
    browser.read(Folder(["c", "a", "b"]), 0)  # type: ignore[arg-type]
    await finished(browser)
    assert names_of(browser) == ["a", "b", "c"]
    assert seen == [3], "all of it in one step"


async def test_a_slow_folder_shows_what_has_come_and_is_put_in_order_at_the_end(browser: Browser) -> None:
    folder = Folder([f"{number}" for number in range(99, -1, -1)], batch=10)
    folder.gate.clear()
    landed = asyncio.Event()
    browser.reader.landed.connect(landed.set)
    browser.read(folder, 0)  # type: ignore[arg-type]
    await landed.wait()
    assert names_of(browser) == [str(number) for number in range(90, 100)]
    assert browser.summary().reading
    browser.select(4)
    chosen = browser.selected[0].name
    folder.gate.set()
    await finished(browser)
    assert names_of(browser) == [str(number) for number in range(100)]
    assert [entry.name for entry in browser.selected] == [chosen], "what was selected stays so"


async def test_going_elsewhere_ends_the_reading_and_drops_what_still_comes(browser: Browser) -> None:
    slow = Folder([f"slow {number}" for number in range(50)], batch=10)
    slow.gate.clear()
    browser.read(slow, 0)  # type: ignore[arg-type]
    await slow.asked.wait()
    browser.read(Folder(["quick"]), 0)  # type: ignore[arg-type]
    await finished(browser)
    slow.gate.set()
    await asyncio.sleep(0)
    assert names_of(browser) == ["quick"]
    assert slow.left


async def test_a_folder_without_end_is_cut_off_and_says_so(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ENTRIES", 1000)
    folder = Folder([str(number) for number in range(5000)])
    browser.read(folder, 0)  # type: ignore[arg-type]
    await finished(browser)
    assert browser.model.rowCount() == 1000
    assert browser.notice.text.startswith("Only the first")
    assert folder.left


async def test_a_folder_that_gives_nothing_but_an_error_hands_it_on(browser: Browser) -> None:
    folder = Folder([], error=MediumError(4096, 512))
    failed: list[object] = []
    browser.failed.connect(failed.append)
    browser.read(folder, 0)  # type: ignore[arg-type]
    await finished(browser)
    assert failed == [folder.error]


async def test_an_empty_folder_says_so(browser: Browser) -> None:
    browser.read(Folder([]), 0)  # type: ignore[arg-type]
    await finished(browser)
    assert browser._empty.isVisible()
    assert browser._empty.text() == "This folder is empty."


@pytest.mark.parametrize("mode", list(Mode))
async def test_the_event_loop_goes_on_while_a_large_folder_is_read_and_sorted(
    browser: Browser, mode: Mode
) -> None:
    """Counts turns of the loop, not seconds: between two of them only a part of the work is done."""
    count = 30_000
    browser.set_mode(mode)
    turns = 0

    def turn() -> None:
        nonlocal turns
        turns += 1

    timer = QTimer()
    timer.setInterval(0)
    timer.timeout.connect(turn)
    timer.start()
    browser.read(Folder([f"{number * 7919 % count} photo.jpg" for number in range(count)]), 0)  # type: ignore[arg-type]
    await finished(browser)
    read = turns
    browser.look(View(Column.SIZE, descending=True))
    assert browser.reader._arranging is not None
    await browser.reader._arranging
    timer.stop()
    assert browser.model.rowCount() == count
    assert browser.model.index(0, 0).data() == f"{(count - 1) * 7919 % count} photo.jpg"
    assert read > 2
    assert turns - read > 2
