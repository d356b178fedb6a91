"""Asks for the preview of one entry at a time, and shows it with its name and what is known of it."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer, Signal

from core.entry import Entry
from core.host.previewing import Nothing, Previewer, Reason
from core.host.volume import Volume
from gui.preview.sheet import Sheet, kind_of
from gui.tasks import Tasks

_PATIENCE = 200
"""Milliseconds for which the preview before stays: most are there by then, and nothing flickers."""
_SMALLEST = 256
"""Pixels; a picture asked for at the size of a pane that is just being opened would be of no use."""


class Viewing(QObject):
    """Fills one sheet. Another entry ends what is under way for the one before."""

    shown = Signal()
    """The sheet shows what was asked for."""

    def __init__(self, previewer: Previewer, sheet: Sheet, tasks: Tasks) -> None:
        super().__init__(sheet)
        self.entry: Entry | None = None
        self._volume: Volume | None = None
        self._previewer = previewer
        self._sheet = sheet
        self._tasks = tasks
        self._asking: asyncio.Task[None] | None = None
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_PATIENCE)
        self._late.timeout.connect(self._say_it_takes_time)
        sheet.outgrown.connect(self._ask)

    def view(self, volume: Volume, entry: Entry) -> None:
        if volume is self._volume and entry == self.entry:
            return
        self._volume, self.entry = volume, entry
        self._ask()

    def stop(self) -> None:
        """Shows nothing, and holds on to no volume."""
        self._end()
        self.entry = self._volume = None
        self._sheet.hint()

    def _end(self) -> None:
        self._late.stop()
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _ask(self) -> None:
        self._end()
        if self._volume is not None and self.entry is not None:
            self._late.start()
            self._asking = self._tasks.spawn(self._bring(self._volume, self.entry), lambda _: self.stop())

    async def _bring(self, volume: Volume, entry: Entry) -> None:
        room = self._sheet.room
        width, height = max(room.width(), _SMALLEST), max(room.height(), _SMALLEST)
        preview = await self._previewer.preview(volume, entry, width, height)
        self._late.stop()
        if isinstance(preview, Nothing) and preview.reason is Reason.NOT_A_FILE:
            self._sheet.show_nothing(entry, kind_of(entry))
        else:
            self._sheet.show_preview(entry, preview)
        self.shown.emit()

    def _say_it_takes_time(self) -> None:
        if self.entry is not None:
            self._sheet.show_nothing(self.entry, "…")
