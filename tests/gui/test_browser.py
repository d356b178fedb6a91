"""Large, slow and endless folders, from a volume that is made for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from core.entry import Entry, Kind, VolumeFacts
from core.errors import MediumError
from gui.browser import reading
from gui.browser.browser import Browser
from gui.browser.contents import View
from gui.browser.layouts import Mode
from gui.browser.order import Column
from gui.tasks import Tasks


class Folder:
    """A volume with one folder, whose batches come when the test lets them."""

    def __init__(self, names: Sequence[str], batch: int = 512) -> None:
        self.facts = VolumeFacts("made", "made", 0)
        self.left = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked = asyncio.Event()
        """Set when the first batch has been taken."""
        self.error: MediumError | None = None
        self._entries = [Entry(name, number, Kind.FILE, number) for number, name in enumerate(names)]
        self._batch = batch

    async def entries(self, node: int) -> AsyncGenerator[list[Entry], None]:
        try:
            for start in range(0, len(self._entries), self._batch):
                yield self._entries[start : start + self._batch]
                self.asked.set()
                await self.gate.wait()
            if self.error is not None:
                raise self.error
        finally:
            self.left = True


@pytest_asyncio.fixture
async def browser(qapp: QApplication, collector: None) -> AsyncIterator[Browser]:
    tasks = Tasks()
    bugs: list[Exception] = []
    tasks.bug.connect(bugs.append)
    browser = Browser(tasks)
    browser.resize(800, 600)
    browser.show()
    yield browser
    browser.stop()
    await tasks.close()
    browser.deleteLater()
    assert bugs == []


def names_of(browser: Browser) -> list[str]:
    model = browser.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


async def finished(browser: Browser) -> Any:
    outcome = asyncio.get_running_loop().create_future()
    browser.reader.finished.connect(outcome.set_result)
    try:
        return await outcome
    finally:
        browser.reader.finished.disconnect(outcome.set_result)


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
    outcome = await finished(browser)
    assert outcome.cut
    assert browser.model.rowCount() == 1000
    assert browser.notice.text.startswith("Only the first")
    assert folder.left


async def test_a_folder_that_gives_nothing_but_an_error_hands_it_on(browser: Browser) -> None:
    folder = Folder([])
    folder.error = MediumError(4096, 512)
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
