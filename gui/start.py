"""Makes the application object, its event loop and its window. Apart, for Qt is loaded after the fork."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import PySide6.QtCore  # first: qasync takes the toolkit that is loaded already
import qasync
from PySide6.QtWidgets import QApplication

from core.host.devices import Watcher
from core.host.sticks import Sticks
from core.host.supervisor import Supervisor
from core.host.watcher import UdevWatcher
from core.resources import resource
from gui.background import Background
from gui.icons import icon
from gui.mainwindow.commands import SAMPLE
from gui.mainwindow.window import MainWindow
from gui.notices import Notices
from gui.tasks import Tasks


def application(arguments: list[str]) -> QApplication:
    app = QApplication(arguments)
    app.setApplicationName("rumpus")
    app.setApplicationDisplayName("Rumpus")
    app.setOrganizationName("rumpus")
    app.setDesktopFileName("org.rumpus.Rumpus")
    app.setWindowIcon(icon("rumpus"))
    # The window's owner ends the program, after what reads the sticks has ended.
    app.setQuitOnLastWindowClosed(False)
    return app


class Loop(qasync.QEventLoop):  # type: ignore[misc]
    """Qt's event loop as asyncio's."""

    _lost = False
    """Whether Qt has ended it by itself. Without its display it does so after every round."""

    def run_until_complete(self, future: Any) -> Any:
        """Without a last round of events after the end, in which tasks would run and find no running loop.

        What it runs for is cancelled when Qt ends the loop, and has all the time that it needs for its end.
        """
        task = asyncio.ensure_future(future, loop=self)
        task.add_done_callback(self._ended)
        try:
            self.run_forever()
            if not task.done() and not self._lost:
                self._lost = True
                # Qt has said why, and would say it again in every round.
                PySide6.QtCore.QLoggingCategory.setFilterRules("*.warning=false")
                task.cancel()
            while not task.done():
                self.run_forever()
        finally:
            task.remove_done_callback(self._ended)
        return task.result()

    def _ended(self, _: asyncio.Future[Any]) -> None:
        self.stop()


def loop_of(app: QApplication) -> asyncio.AbstractEventLoop:
    loop: asyncio.AbstractEventLoop = Loop(app)
    return loop


@asynccontextmanager
async def open_window(supervisor: Supervisor, watcher: Watcher | None = None) -> AsyncIterator[MainWindow]:
    """The window with all it needs. When this is left, nothing of it is under way or open any more."""
    tasks = Tasks()
    sticks = Sticks(supervisor, watcher if watcher is not None else UdevWatcher())
    window = MainWindow(sticks, supervisor, tasks)
    started = window.outgoing.started, window.editing.started, window.proving.begun
    notices = Notices(sticks, started, window.commands.ejecting, window.sees)
    notices.wanted.connect(window.show_stick)
    background = Background(window, sticks)
    window.sharing.broke.connect(notices.lending_broke)
    tasks.spawn(_begin(sticks, notices))
    tasks.spawn(window.sharing.lending.begin())
    tasks.spawn(window.commands.open_image(resource(SAMPLE), show=False))
    try:
        yield window
    finally:
        await tasks.close()
        background.close()
        await notices.close()
        window.outgoing.close()
        window.editing.clipboard.close()
        await window.sharing.lending.close()
        await sticks.close()
        window.deleteLater()


async def _begin(sticks: Sticks, notices: Notices) -> None:
    await sticks.start()
    notices.begin()
