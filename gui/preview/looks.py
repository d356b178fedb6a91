"""A first look at each of two files that are compared, while a question about them is on screen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import TracebackType

from PySide6.QtGui import QImage

from core.entry import Entry, Kind
from core.errors import RumpusError
from core.host.previewing import HostFile, Picture, Previewer, Shelf, Words
from core.host.volume import Volume
from gui.plain import harmless
from gui.preview.sheet import image_of
from gui.tasks import Tasks

SIDE = 192
"""Pixels: enough for a screen with two of them to a logical one."""
_LINES = 6

Look = QImage | str | None
"""A picture, the first lines of a text, or nothing that could be shown."""


class Looks:
    """Made by decoders behind walls, of both sides alike. With its end, none is made any more."""

    def __init__(
        self, previewer: Previewer | None, tasks: Tasks, target: Volume | None, source: Volume | None = None
    ) -> None:
        """The volumes that files go to and come from; None is this computer."""
        self._previewer = previewer
        self._tasks = tasks
        self._target = target
        self._source = source
        self._making: list[asyncio.Task[Look]] = []

    def __enter__(self) -> Looks:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """What was asked about is answered."""
        for task in self._making:
            task.cancel()
        self._making.clear()

    def at_target(self, file: Path | Entry) -> asyncio.Task[Look] | None:
        return self._at(self._target, file)

    def at_source(self, file: Path | Entry | None) -> asyncio.Task[Look] | None:
        return self._at(self._source, file)

    def _at(self, volume: Volume | None, file: Path | Entry | None) -> asyncio.Task[Look] | None:
        if isinstance(file, Path):
            return self._begin(file, None)
        if file is None or volume is None or file.kind is not Kind.FILE:
            return None
        return self._begin(volume, file)

    def _begin(self, where: Volume | Path, entry: Entry | None) -> asyncio.Task[Look] | None:
        if self._previewer is None:
            return None
        task = self._tasks.spawn(self._look(self._previewer, where, entry))
        self._making.append(task)
        return task

    async def _look(self, previewer: Previewer, where: Volume | Path, entry: Entry | None) -> Look:
        try:
            shelf: Shelf
            if isinstance(where, Path):
                shelf = file = await HostFile.of(where)
                entry = file.entry
            else:
                shelf = where
            assert entry is not None
            preview = await previewer.preview(shelf, entry, SIDE, SIDE)
        except RumpusError:
            return None  # the copy tells of what ends a volume
        match preview:
            case Picture():
                image = image_of(preview)
                return None if image.isNull() else image
            case Words():
                return "\n".join(harmless(preview.text[:2000]).splitlines()[:_LINES])
        return None
