"""Has the names on a stick read before somebody looks for one, so that what is typed is found at once."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from PySide6.QtCore import QObject, QTimer

from core.host.sticks import StickState
from core.host.volume import Volume
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.page import Page
from gui.mainwindow.place import Key
from gui.tasks import Tasks

MOST_AHEAD = 250_000
"""Names that are read though nobody may want them: about a second of a processor's time."""


class Gathering(QObject):
    """Reads ahead only what costs nobody anything: of the volume on screen, while its stick has nothing else
    to do; no further where something of it is damaged, since reading wears out a stick that is dying; and
    nothing of what is being changed, for that is written when the driver has nothing else to do."""

    def __init__(self, navigator: Navigator, tasks: Tasks) -> None:
        super().__init__(navigator)
        self.quiet = 500
        """Milliseconds for which nothing was read for the window."""
        self._navigator = navigator
        self._tasks = tasks
        self._asked: asyncio.Task[None] | None = None
        self._asked_of: Volume | None = None
        self._ahead: asyncio.Task[None] | None = None
        self._of: Volume | None = None
        """What is read ahead."""
        self._unwell: set[Key] = set()
        """Where it ended a driver, which is then started anew for the files that one wants to see."""
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self._begin_ahead)
        navigator.page_made.connect(self._look_after)
        navigator.turned.connect(self._wait)
        navigator.changed.connect(self._give_way)

    def begin(self, volume: Volume) -> None:
        """Somebody is about to type what is to be found there."""
        if self._asked_of is not volume or not _under_way(self._asked):
            self._asked_of = volume
            self._asked = self._tasks.spawn(_gather(volume), lambda _: None)

    def _look_after(self, page: Page) -> None:
        page.browser.reader.finished.connect(self._wait)

    def _wait(self) -> None:
        self._quiet.start(self.quiet)

    def _begin_ahead(self) -> None:
        page = self._navigator.page
        if page is None or _under_way(self._ahead) or page.key in self._unwell:
            return
        if page.volume is not None and _is_at_rest(page) and _is_sound(page):
            key, self._of = page.key, page.volume
            self._ahead = self._tasks.spawn(_gather(self._of, MOST_AHEAD), lambda _: self._unwell.add(key))

    def _give_way(self) -> None:
        page = self._navigator.page
        if page is None or page.volume is None:
            self._quiet.stop()
        if self._ahead is not None and (page is None or page.volume is not self._of or not _is_at_rest(page)):
            self._ahead.cancel()
            self._ahead = self._of = None


def _under_way(task: asyncio.Task[None] | None) -> bool:
    return task is not None and not task.done()


def _is_at_rest(page: Page) -> bool:
    return page.stick.state is StickState.OPEN and not page.browser.reader.busy


def _is_sound(page: Page) -> bool:
    """Whether nothing was being changed on it when it was pulled out, nor is now."""
    source, volume = page.stick_volume, page.volume
    return source is not None and source.writing is None and volume is not None and not volume.facts.dirty


async def _gather(volume: Volume, most: int | None = None) -> None:
    """All names of the volume; with `most` about so many, and only up to the first folder that is damaged."""
    async with aclosing(volume.search("")) as found:
        async for piece in found:
            if most is not None and (piece.missed or piece.looked >= most):
                return
