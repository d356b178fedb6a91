"""Small pictures in place of icons: made for what is on screen only, kept while there is room.

Rows ask when they are painted. Whatever has left the screen before its turn comes is forgotten, and asks anew
when it is painted again.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmap

from core.entry import Entry
from core.errors import RumpusError
from core.host.previewing import Picture, Previewer, may_be_picture
from core.host.volume import Volume
from gui.preview.sheet import image_of
from gui.tasks import Tasks

ROOM = 48 * 2**20
"""Bytes of pixels that are kept."""
_AT_ONCE = 2
_SETTLED = 80
"""Milliseconds after a movement of the view by which everything on screen has been painted."""
_EMPTY = 256
"""Bytes that a file without a picture counts as, so that their number is bounded too."""


@dataclass(frozen=True)
class _Wanted:
    node: int
    size: int
    modified: int | None
    side: int


class Thumbnails(QObject):
    """Of one volume at a time."""

    arrived = Signal()
    """At least one that was asked for is there."""
    moved_on = Signal()
    """Whatever is still on screen is to be painted again, so that it asks again."""

    def __init__(self, previewer: Previewer, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._previewer = previewer
        self._tasks = tasks
        self._volume: Volume | None = None
        self._kept: OrderedDict[_Wanted, QPixmap | None] = OrderedDict()
        self._bytes = 0
        self._waiting: OrderedDict[_Wanted, Entry] = OrderedDict()
        self._making: dict[_Wanted, asyncio.Task[None]] = {}
        self._seen: set[_Wanted] = set()
        """Asked for since the view moved: they are kept, or making room for them would never end."""
        self._unseen: set[_Wanted] = set()
        """Of those that are being made, which nobody has asked for since the view moved."""
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLED)
        self._settling.timeout.connect(self._drop_unseen)

    def turn_to(self, volume: Volume | None) -> None:
        if volume is self._volume:
            return
        self.stop()
        self._volume = volume
        self._kept.clear()
        self._bytes = 0

    def stop(self) -> None:
        """Makes no more of those that were asked for."""
        self._seen.clear()
        self._waiting.clear()
        for task in self._making.values():
            task.cancel()

    def find(self, entry: Entry, side: int) -> QPixmap | None:
        """The picture, at most `side` pixels wide and high, or None while there is none. Then it is made."""
        if self._volume is None or not may_be_picture(entry):
            return None
        wanted = _Wanted(entry.node, entry.size, entry.modified, side)
        self._seen.add(wanted)
        if wanted in self._kept:
            self._kept.move_to_end(wanted)
            return self._kept[wanted]
        self._unseen.discard(wanted)
        if wanted not in self._making:
            self._waiting[wanted] = entry
            self._go_on()
        return None

    def view_moved(self) -> None:
        self._seen.clear()
        if self._waiting or self._making:
            self._waiting.clear()
            self._unseen = set(self._making)
            self._settling.start()
            self.moved_on.emit()

    def _drop_unseen(self) -> None:
        for wanted in self._unseen & self._making.keys():
            self._making[wanted].cancel()

    def _go_on(self) -> None:
        while self._waiting and len(self._making) < _AT_ONCE and self._volume is not None:
            wanted, entry = self._waiting.popitem(last=False)
            task = self._tasks.spawn(self._make(self._volume, wanted, entry), self._volume_ended)
            self._making[wanted] = task
            task.add_done_callback(partial(self._made, wanted))

    async def _make(self, volume: Volume, wanted: _Wanted, entry: Entry) -> None:
        picture = await self._previewer.thumbnail(volume, entry, wanted.side)
        if volume is self._volume:
            self._keep(wanted, picture)
            self.arrived.emit()

    def _made(self, wanted: _Wanted, task: asyncio.Task[None]) -> None:
        self._making.pop(wanted, None)
        self._go_on()

    def _volume_ended(self, error: RumpusError) -> None:
        """The page tells of it."""
        self.turn_to(None)

    def _keep(self, wanted: _Wanted, picture: Picture | None) -> None:
        image = image_of(picture) if picture is not None else None
        pixmap = QPixmap.fromImage(image) if image is not None and not image.isNull() else None
        self._kept[wanted] = pixmap
        self._bytes += _cost(pixmap)
        if self._bytes > ROOM:
            for old in [each for each in self._kept if each not in self._seen]:
                self._bytes -= _cost(self._kept.pop(old))
                if self._bytes <= ROOM:
                    break


def _cost(pixmap: QPixmap | None) -> int:
    return 4 * pixmap.width() * pixmap.height() if pixmap is not None else _EMPTY
