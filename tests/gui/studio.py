"""The real window over the sample stick, with a camera before it, in which `scenes` are played.

Pictures have few colours, so that they take little room in the repository.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QPoint
from PySide6.QtGui import QColor, QCursor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from core.host.devices import Bus, Device, Event, Happening
from core.host.supervisor import Supervisor
from core.resources import resource
from gui.start import open_window
from tests.gui.gallery import palette
from tests.support.window import Desk, NoSticks

FOLDER = Path(os.environ.get("SCREENSHOTS", "resources/screenshots"))
WIDTH, HEIGHT = 1080, 660
COLOURS = 128
_MOST_LOOKS = 8
"""After which a picture is taken though something moves in it."""
Made = TypeVar("Made", bound="Studio")


class Studio:
    """The desk with the sample stick on it, and a camera."""

    prefix = ""
    """Of the pictures' names."""

    def __init__(self, desk: Desk, stick: Path, names: list[str]) -> None:
        self.desk = desk
        self.device = Device(
            stick,
            Path("/sys/block/sdb"),
            1,
            stick.stat().st_size,
            Bus.USB,
            vendor="Acme",
            model="Key",
            serial="0704-1912",
        )
        self._names = names

    async def plug(self) -> None:
        self.desk.watcher.hear(Event(Happening.PLUGGED, self.device))
        await self.desk.until(lambda: self.desk.items[1].name == "HOLIDAY", "the stick is known")
        await self.desk.settled()
        await self.desk.until(lambda: self.desk.window.navigator.page, "the stick is shown")
        await self.desk.settled()

    def pull(self) -> None:
        self.desk.watcher.hear(Event(Happening.PULLED, self.device))

    async def take(self, name: str) -> None:
        """A picture of the window, with the dialog over it where there is one."""
        await self.desk.settled()
        if not self.wants(name):
            return
        window = self.desk.window
        drawn = window.grab()
        for _ in range(_MOST_LOOKS):
            before = drawn.toImage()
            await asyncio.sleep(0.15)
            drawn = window.grab()
            if drawn.toImage() == before:
                break
        if len(self.windows) > 1:
            _lay_over(drawn, window, self.windows[-1])
        ratio = drawn.devicePixelRatio()
        scale = "" if ratio == 1 else f"@{ratio:g}x"
        _save(drawn, FOLDER / f"{self.prefix}{name}{scale}.png")

    @property
    def windows(self) -> list[QWidget]:
        """What is on screen, the dialog in front last."""
        window = self.desk.window
        return [window, *(each for each in window.findChildren(QDialog) if each.isVisible())]

    def wants(self, name: str) -> bool:
        return not self._names or any(word in f"{self.prefix}{name}" for word in self._names)


def _lay_over(drawn: QPixmap, window: QWidget, dialog: QWidget) -> None:
    above = dialog.grab()
    place = QPoint((window.width() - dialog.width()) // 2, (window.height() - dialog.height()) // 2)
    with QPainter(drawn) as painter:
        painter.fillRect(window.rect(), QColor(0, 0, 0, 90))
        painter.drawPixmap(place, above)
        painter.setPen(QColor(0, 0, 0, 120))
        painter.drawRect(place.x(), place.y(), dialog.width(), dialog.height())


def _save(drawn: QPixmap, path: Path) -> None:
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.ReadWrite)
    drawn.save(held, "PNG")
    with Image.open(io.BytesIO(held.data().data())) as picture:
        few = picture.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    few.save(path, optimize=True)


def dress(*, is_dark: bool) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setPalette(palette(dark=is_dark))


@asynccontextmanager
async def studio_in(home: Path, names: list[str], kind: type[Made]) -> AsyncIterator[Made]:
    watcher = NoSticks()
    async with Supervisor() as supervisor, open_window(supervisor, watcher) as window:
        window.resize(WIDTH, HEIGHT)
        window.show()
        QCursor.setPos(4 * WIDTH, 4 * HEIGHT)
        desk = Desk(window, watcher)
        await desk.until(lambda: desk.item("HOLIDAY") is not None, "the sample stick is listed")
        stick = home / "sdb"
        shutil.copy(resource("sample-stick.img"), stick)
        yield kind(desk, stick, names)
        assert desk.bugs == []
        window.leave()
