"""Reads a folder into the model: at once when that is quick, else as it comes, and in order at the end."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

from PySide6.QtCore import QObject, Signal

from core.errors import RumpusError
from core.host.volume import Volume
from gui.browser.contents import Contents, View
from gui.browser.model import FolderModel
from gui.browser.order import Pause
from gui.browser.results import Results
from gui.tasks import Tasks

GRACE = 0.1
"""Seconds for which the folder before stays on screen: most are read by then, and nothing flickers."""
RHYTHM = 0.05
"""Seconds between two additions of rows."""
GROWTH = 1.4
"""By which a folder has to have grown for that: a view lays out all of its rows when a few are added."""
REST = 8
"""After an addition that took long, the window is left alone for so many times as long."""
MOST_ENTRIES = 500_000
"""More are not shown: a stick may claim any number of files, and each takes memory here."""


class Reader(QObject):
    """Fills one model with one folder at a time. Starting another ends the one before, answers and all."""

    landed = Signal()
    """The model shows the folder that was asked for, or the beginning of it."""
    grew = Signal()
    finished = Signal()
    """The model shows what there is, and its contents say whether that is all."""
    arranged = Signal()
    """The rows may have moved."""
    renewed = Signal()
    """The rows agree with the folder again, as far as it could be read."""

    def __init__(self, tasks: Tasks, model: FolderModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = View()
        self.grace = GRACE
        self.model = model
        self._tasks = tasks
        self._reading: asyncio.Task[None] | None = None
        self._arranging: asyncio.Task[None] | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._stale = False
        """Whether the folder has changed since it was read, or since the reading of it began."""
        self._contents = Contents()
        self._rowed = 0
        """Entries that have been given to the model."""

    @property
    def busy(self) -> bool:
        return self._reading is not None and not self._reading.done()

    @property
    def count(self) -> int:
        """Entries that have come so far."""
        return len(self._contents.entries)

    def start(self, volume: Volume | Results, node: int) -> None:
        self.stop()
        self._contents, self._rowed = Contents(volume.facts.zone), 0
        self._reading = self._tasks.spawn(self._read(volume, node, self._contents))

    def stop(self) -> None:
        for task in (self._reading, self._arranging, self._renewing):
            if task is not None:
                task.cancel()
        self._reading = self._arranging = self._renewing = None
        self._stale = False

    def renew(self, volume: Volume | Results, node: int) -> None:
        """Reads the folder that is shown once more, unseen, and changes only the rows that differ."""
        self._stale = True
        if not self.busy and (self._renewing is None or self._renewing.done()):
            self._renewing = self._tasks.spawn(self._renew(volume, node))

    def look(self, view: View) -> None:
        """In which order, and whether with hidden files: at once, or once the folder has been read."""
        if view == self.view:
            return
        self.view = view
        if self._arranging is not None:
            self._arranging.cancel()
        if not self.busy:
            self._arranging = self._tasks.spawn(self._arrange())

    async def _arrange(self) -> None:
        contents = None
        while contents is not self._contents:  # which may have been read anew meanwhile
            contents = self._contents
            order = await contents.arranged(self.view)
        self.model.arrange(order)
        self.arranged.emit()

    async def _renew(self, volume: Volume | Results, node: int) -> None:
        while self._stale:
            self._stale = False
            began = time.perf_counter()
            contents = Contents(volume.facts.zone)
            await self._take_all(volume, node, contents)
            _, order = await self._in_order(contents)
            self._contents, self._rowed = contents, len(contents.entries)
            self.model.amend(contents, order)
            self.renewed.emit()
            # Even when nothing is known of another change yet: while a copy runs there will be many.
            await asyncio.sleep(max(RHYTHM, REST * (time.perf_counter() - began)))

    async def _read(self, volume: Volume | Results, node: int, contents: Contents) -> None:
        revealing = self._tasks.spawn(self._reveal(contents))
        try:
            await self._take_all(volume, node, contents)
        finally:
            revealing.cancel()
        view, order = await self._in_order(contents)
        if self.model.contents is contents:
            self.model.append(contents.arranged_now(self._rowed, view))
            self.model.arrange(order)
        else:
            self.model.show(contents, order)
            self.landed.emit()
        self._reading = None
        self.finished.emit()
        if self._stale:
            self.renew(volume, node)

    async def _take_all(self, volume: Volume | Results, node: int, contents: Contents) -> None:
        pause = Pause()
        try:
            async with aclosing(volume.entries(node)) as batches:
                async for batch in batches:
                    contents.take(batch[: MOST_ENTRIES - len(contents.entries)])
                    contents.cut = len(contents.entries) >= MOST_ENTRIES
                    if contents.cut:
                        return
                    await pause.if_due()
        except RumpusError as error:
            contents.error = error

    async def _in_order(self, contents: Contents) -> tuple[View, list[int]]:
        """As it is to be seen, which the user may change while a large folder is being sorted."""
        while True:
            view = self.view
            order = await contents.arranged(view)
            if view is self.view:
                return view, order

    async def _reveal(self, contents: Contents) -> None:
        """Rows for what has come, now and then, while a folder takes its time."""
        await asyncio.sleep(self.grace)
        self._rowed = len(contents.entries)
        order = await contents.arranged(self.view)
        self.model.show(contents, order)
        self.landed.emit()
        while True:
            began = time.perf_counter()
            if len(contents.entries) >= GROWTH * self._rowed:
                first, self._rowed = self._rowed, len(contents.entries)
                self.model.append(contents.arranged_now(first, self.view))
            self.grew.emit()
            await asyncio.sleep(max(RHYTHM, REST * (time.perf_counter() - began)))
