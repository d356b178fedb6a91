"""What a person does with the window, and what they see of it, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from core.entry import Entry
from core.host.devices import Event
from core.host.sticks import Stick, StickVolume
from gui.mainwindow.page import Page
from gui.mainwindow.sidebar_model import ITEM, Item
from gui.mainwindow.window import MainWindow

_SECONDS = 20.0


class NoSticks:
    """A watcher of a machine into which nothing is plugged, until a test plugs it."""

    degraded = ""

    def __init__(self) -> None:
        self.hear: Callable[[Event], None] = lambda event: None

    def start(self, hear: Callable[[Event], None]) -> None:
        self.hear = hear

    def close(self) -> None:
        pass


class Desk:
    """A window and somebody who sits before it."""

    def __init__(self, window: MainWindow, watcher: NoSticks | None = None) -> None:
        self.window = window
        self.watcher = watcher or NoSticks()
        self.bugs: list[Exception] = []
        window._tasks.bug.connect(self.bugs.append)

    # waiting ------------------------------------------------------------------------------------------------

    async def until(self, seen: Callable[[], object], what: str) -> None:
        """Lets the window work until something is to be seen."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _SECONDS
        while not seen():
            assert self.bugs == [], self.bugs
            assert loop.time() < end, f"never: {what}"
            await asyncio.sleep(0.002)

    async def settled(self) -> None:
        """Until a folder, or an error in its place, is on screen and nothing more is on its way."""
        await self.until(self._is_settled, "settled")

    def _is_settled(self) -> bool:
        return not self.window._tasks.busy and not self.window._calm.isActive()

    # seeing -------------------------------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        assert self.window.navigator.page is not None, "there is no page"
        return self.window.navigator.page

    @property
    def names(self) -> list[str]:
        """What the rows of files say, from the top."""
        model = self.page.browser.model
        return [model.index(row, 0).data() for row in range(model.count)]

    @property
    def path(self) -> list[str]:
        return self.window.toolbar.breadcrumb.names

    @property
    def items(self) -> list[Item]:
        places = self.window.places
        return [places.index(row).data(ITEM) for row in range(places.rowCount())]

    def item(self, name: str) -> Item | None:
        return next((item for item in self.items if item.name == name and item.key is not None), None)

    def entry(self, name: str) -> Entry:
        return next(entry for entry in self.page.browser.model.contents.entries if entry.name == name)

    def stick(self, name: str) -> Stick:
        return next(stick for stick in self.window._sticks.sticks if stick.name == name)

    def volume(self, name: str) -> StickVolume:
        return next(
            volume for stick in self.window._sticks.sticks for volume in stick.volumes if volume.name == name
        )

    def reads(self, widget: QWidget) -> str:
        """Every word in a part of the window."""
        return " ".join(
            text
            for child in widget.findChildren(QWidget)
            if child.isVisibleTo(widget) and (text := getattr(child, "text", lambda: "")())
        )

    # doing --------------------------------------------------------------------------------------------------

    async def choose(self, name: str, *, last: bool = False) -> None:
        """Clicks a place in the sidebar."""
        places, sidebar = self.window.places, self.window.sidebar
        rows = [row for row, item in enumerate(self.items) if item.name == name and item.key is not None]
        assert rows, f"{name} is not in the sidebar: {[item.name for item in self.items]}"
        row = rows[-1 if last else 0]
        rect = sidebar.visualRect(places.index(row))
        QTest.mouseClick(
            sidebar.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 60, rect.center().y())
        )
        await self.settled()

    async def open(self, name: str) -> None:
        """Stands on a row and presses Enter."""
        self.select(name)
        self.page.browser.view.setFocus()
        QTest.keyClick(self.page.browser.view, Qt.Key.Key_Return)
        await self.settled()

    def select(self, *names: str) -> None:
        browser = self.page.browser
        browser.selection.clear()
        for name in names:
            row = self.names.index(name)
            flags = browser.selection.SelectionFlag.Select | browser.selection.SelectionFlag.Rows
            browser.selection.setCurrentIndex(browser.model.index(row, 0), flags)

    async def press(self, button: str, within: QWidget | None = None) -> None:
        """Clicks a button of the page, or of another part of the window, by its words."""
        part = within or self.page
        found = [
            each for each in part.findChildren(QPushButton) if each.text() == button and each.isVisible()
        ]
        assert found, f"there is no button {button!r}"
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
        await self.settled()

    async def do(self, action: str) -> None:
        """Triggers an action of the window by its name in `Actions`."""
        getattr(self.window.actions_, action).trigger()
        await self.settled()

    async def add(self, image: Path, *, show: bool = True) -> None:
        await self.window.commands.open_image(image, show=show)
        await self.settled()
