"""A volume that is made for a test, with one folder, and a wait for the browser that reads it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from core.entry import Entry, Kind, VolumeFacts
from core.errors import RumpusError
from gui.browser.browser import Browser


class Folder:
    """Its batches come when the test lets them."""

    def __init__(self, names: Sequence[str], batch: int = 512, error: RumpusError | None = None) -> None:
        self.facts = VolumeFacts("made", "made", 0)
        self.left = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked = asyncio.Event()
        """Set when the first batch has been taken."""
        self.listed = 0
        """How often."""
        self.error = error
        """In which it ends."""
        self._batch = batch
        self._entries: list[Entry] = []
        self.add(*names)

    def add(self, *names: str) -> None:
        first = len(self._entries)
        self._entries += [Entry(name, number, Kind.FILE, number) for number, name in enumerate(names, first)]

    async def entries(self, node: int) -> AsyncGenerator[list[Entry], None]:
        self.listed += 1
        try:
            for start in range(0, len(self._entries), self._batch):
                yield self._entries[start : start + self._batch]
                self.asked.set()
                await self.gate.wait()
            if self.error is not None:
                raise self.error
        finally:
            self.left = True


async def finished(browser: Browser) -> None:
    done = asyncio.Event()
    browser.reader.finished.connect(done.set)
    await done.wait()
    browser.reader.finished.disconnect(done.set)
