"""Asks for the preview of one entry at a time, and for the one that is likely to be wanted next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from core.entry import Entry, Kind
from core.errors import RumpusError
from core.host.previewing import Nothing, Preview, Previewer, Reason
from core.host.volume import Volume
from gui.preview.sheet import Sheet, kind_of
from gui.tasks import Tasks

_PATIENCE = 200
"""Milliseconds for which the preview before stays: most are there by then, and nothing flickers."""
_SMALLEST = 256
"""Pixels; a picture asked for at the size of a pane that is just being opened would be of no use."""


@dataclass(frozen=True)
class _Wish:
    """What is to be seen, and how large."""

    volume: Volume
    entry: Entry
    width: int
    height: int


class Viewing(QObject):
    """Fills one sheet. Another entry ends what is under way for the one before."""

    shown = Signal()
    """The sheet shows what was asked for."""

    def __init__(self, previewer: Previewer, sheet: Sheet, tasks: Tasks) -> None:
        super().__init__(sheet)
        self.entry: Entry | None = None
        self._volume: Volume | None = None
        self._following: Entry | None = None
        self._previewer = previewer
        self._sheet = sheet
        self._tasks = tasks
        self._asking: asyncio.Task[None] | None = None
        self._ahead: tuple[_Wish, asyncio.Task[Preview]] | None = None
        """The one that is made, or ready, before it is wanted."""
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_PATIENCE)
        self._late.timeout.connect(self._say_it_takes_time)
        sheet.outgrown.connect(self._ask)

    def view(self, volume: Volume, entry: Entry, following: Entry | None = None) -> None:
        """`following` is the one that will probably be looked at next."""
        self._following = following
        if volume is not self._volume or entry != self.entry:
            self._volume, self.entry = volume, entry
            self._ask()

    def stop(self) -> None:
        """Shows nothing, and holds on to no volume."""
        self._end()
        self._drop_ahead()
        self.entry = self._volume = self._following = None
        self._sheet.hint()

    def _end(self) -> None:
        self._late.stop()
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _drop_ahead(self) -> None:
        if self._ahead is not None:
            self._ahead[1].cancel()
            self._ahead = None

    def _wish(self, volume: Volume, entry: Entry) -> _Wish:
        room = self._sheet.room
        return _Wish(volume, entry, max(room.width(), _SMALLEST), max(room.height(), _SMALLEST))

    def _ask(self) -> None:
        self._end()
        if self._volume is None or self.entry is None:
            return
        wish = self._wish(self._volume, self.entry)
        if self._ahead is None or self._ahead[0] != wish:
            self._drop_ahead()
        self._late.start()
        self._asking = self._tasks.spawn(self._bring(wish), lambda _: self.stop())

    async def _bring(self, wish: _Wish) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            try:
                preview = await ahead[1]
            finally:
                ahead[1].cancel()
        else:
            preview = await self._preview(wish)
        self._late.stop()
        if isinstance(preview, Nothing) and preview.reason is Reason.NOT_A_FILE:
            self._sheet.show_nothing(wish.entry, kind_of(wish.entry))
        else:
            self._sheet.show_preview(wish.entry, preview)
        self.shown.emit()
        following = self._following
        if following is not None and following.kind is Kind.FILE and following != wish.entry:
            next_wish = self._wish(wish.volume, following)
            task = self._tasks.spawn(self._preview(next_wish), self._not_ahead)
            self._ahead = next_wish, task

    async def _preview(self, wish: _Wish) -> Preview:
        return await self._previewer.preview(wish.volume, wish.entry, wish.width, wish.height)

    def _not_ahead(self, error: RumpusError) -> None:
        """The page tells of what ends a volume."""
        self._ahead = None

    def _say_it_takes_time(self) -> None:
        if self.entry is not None:
            self._sheet.show_nothing(self.entry, "…")
