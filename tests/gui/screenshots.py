"""Takes a picture of every main state of the real window, over a real worker that reads the sample stick.

    make screenshots

The same samples, sizes, fonts and times each run. What cannot be brought about in a second (a copy of
gigabytes, or a program that holds a stick) stands still as in `gallery`. Pictures have few colours, so
that they take little room in the repository.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QLocale, QPoint, QSettings
from PySide6.QtGui import QColor, QCursor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from core.host.devices import Bus, Device, Event, Happening
from core.host.holders import Hold, Holder
from core.host.supervisor import Supervisor
from core.host.transfers import TransferState
from core.resources import resource
from gui.ejecting import Held
from gui.garbage import Collector
from gui.mainwindow.keys import KeysDialog
from gui.outgoing import Purpose
from gui.panes.checkup import CheckupDialog
from gui.panes.format import FormatDialog
from gui.start import application, loop_of, open_window
from gui.translating import speak, tr
from tests.gui.gallery import ERRORS, Job, checked, fill, palette
from tests.support.fat_damage import DAMAGES
from tests.support.fat_damage import Image as Damaged
from tests.support.languages import speaking
from tests.support.pasting import filled, paste, urls
from tests.support.window import Desk, NoSticks

FOLDER = Path(os.environ.get("SCREENSHOTS", "resources/screenshots"))
WIDTH, HEIGHT = 1080, 660
COLOURS = 128
_MOST_LOOKS = 8
"""After which a picture is taken though something moves in it."""
WHEN = 1_794_478_476
"""2026-11-12 10:14:36 UTC, in seconds."""
Made = TypeVar("Made", bound="Studio")
SHOWN_ERRORS = (
    "medium",
    "not-written",
    "corrupt-folder",
    "unsupported",
    "nothing",
    "denied",
    "mounted",
    "crashed",
    "hung",
    "attack",
    "no-wall",
    "ejected",
)


GERMAN = (
    "welcome",
    "files",
    "properties",
    "keys",
    "walls",
    "split",
    "danger",
    "delete",
    "conflict",
    "copying",
    "eject-held",
    "format",
    "check",
    "error-medium",
    "pulled-out",
)


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


class GermanStudio(Studio):
    """Few pictures: enough to see whether the words have room."""

    prefix = "de-"

    def wants(self, name: str) -> bool:
        return name in GERMAN and super().wants(name)


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


# the scenes -------------------------------------------------------------------------------------------------


async def browsing(studio: Studio) -> None:
    desk, window = studio.desk, studio.desk.window
    await studio.take("welcome")
    await studio.plug()
    await desk.choose("HOLIDAY")
    desk.select("README.txt")
    await studio.take("files")
    window.actions_.properties.setChecked(True)
    await studio.take("properties")
    window.actions_.properties.setChecked(False)
    await desk.do("keys")
    await studio.take("keys")
    await _close(desk, KeysDialog)
    await _show_walls(desk)
    await studio.take("walls")
    desk.page.hide_walls()
    await desk.open("Photos")
    await desk.open("Harbour")
    await desk.do("icons")
    desk.select("pier 2.jpg")
    await studio.take("icons")
    window.actions_.preview.setChecked(True)
    await studio.take("preview")
    window.actions_.preview.setChecked(False)
    window.previewing.look()
    await studio.take("quick-look")
    window.previewing.quick.leave()
    await desk.do("details")
    window.toolbar.field.setText("pier")
    window.toolbar.field.asked.emit("pier")
    await studio.take("search")
    window.toolbar.field.clear()
    window.toolbar.field.asked.emit("")
    await desk.settled()


async def side_by_side(studio: Studio, host: Path, name: str) -> None:
    """Two sticks, one of them with several tabs."""
    desk = studio.desk
    await desk.do("details")
    desk.page.enter_folder(())
    await desk.settled()
    await desk.do("new_tab")
    await desk.open("Photos")
    await desk.open("Harbour")
    await studio.take(f"{name}tabs")
    await desk.do("split")
    await desk.add(filled(host, "TRAVEL"))
    desk.select("trip")
    await desk.settled()
    await studio.take(f"{name}split")
    await desk.do("other_half")
    await desk.do("split")
    await desk.do("close_tab")
    await desk.choose("HOLIDAY")


async def _show_walls(desk: Desk) -> None:
    await desk.do("walls")
    for text in desk.page.walls.findChildren(QLabel):
        text.setText(re.sub(r"(process|Prozess) \d+", r"\1 4711", text.text()))


async def asking(studio: Studio, host: Path) -> None:
    desk, window = studio.desk, studio.desk.window
    desk.page.enter_folder(())
    await desk.settled()
    await desk.open("invoice.pdf.exe")
    await studio.take("danger")
    await desk.press(tr("Show it as text"), window.question)
    await studio.take("danger-as-text")
    window.question.close_bar()
    desk.select("Photos", "README.txt")
    await desk.until(window.actions_.delete.isEnabled, "it can be deleted")
    await _ask(desk, window.actions_.delete.trigger)
    await _still(studio, "delete")
    new = host / "README.txt"
    new.write_text("Another text with the same name.\n" * 12)
    os.utime(new, (WHEN, WHEN))
    pasting = asyncio.ensure_future(paste(desk, urls(new)))
    await desk.until(lambda: window.editing.choices.asking, "it asks")
    await _looked(desk)
    await _still(studio, "conflict-of-texts")
    await pasting
    await _of_pictures(studio, host, "conflict")


async def _of_pictures(studio: Studio, host: Path, name: str) -> None:
    """Two photographs compete for one name."""
    desk, window = studio.desk, studio.desk.window
    await desk.choose("HOLIDAY")
    desk.page.enter_folder(())
    await desk.settled()
    await desk.open("Photos")
    await desk.open("Harbour")
    volume = desk.page.volume
    assert volume is not None
    other = host / "pier 2.jpg"
    with other.open("wb") as file:
        await volume.copy((await volume.resolve("Photos/Harbour/pier 3.jpg")).node, file.fileno())
    os.utime(other, (WHEN, WHEN))
    pasting = asyncio.ensure_future(paste(desk, urls(other)))
    await desk.until(lambda: window.editing.choices.asking, "it asks")
    await _looked(desk)
    await _still(studio, name)
    await pasting


async def _looked(desk: Desk) -> None:
    choice = desk.window.editing.choices.asking
    assert choice is not None
    await asyncio.wait([side.look for side in choice.sides if side.look is not None])


async def _ask(desk: Desk, do: Callable[[], None]) -> None:
    do()
    await desk.until(lambda: desk.window.editing.choices.asking, "it asks")


async def _still(studio: Studio, name: str) -> None:
    """A picture while it waits for an answer, which is then that nothing is to happen."""
    desk, choices = studio.desk, studio.desk.window.editing.choices
    window = desk.window
    settled, desk.settled = desk.settled, lambda: desk.until(lambda: not window._calm.isActive(), "calm")  # type: ignore[method-assign]
    await studio.take(name)
    desk.settled = settled  # type: ignore[method-assign]
    assert choices.asking is not None
    choices.answer(choices.asking.answers[-1].id)
    await desk.settled()
    window.question.close_bar()


async def working(studio: Studio) -> None:
    window = studio.desk.window
    await transfers(studio, "")
    holders = (Holder(Hold.MOUNT, "/media/anna/HOLIDAY"), Holder(Hold.PROGRAM, "gedit (process 4711)"))
    window.held.ask(Held(SimpleNamespace(name="HOLIDAY"), holders))  # type: ignore[arg-type]
    await studio.take("eject-held")
    window.held.hide()


async def transfers(studio: Studio, before: str) -> None:
    """What the strip shows of a copy, each state for itself."""
    strip = studio.desk.window.transfers
    paused, done = Job(TransferState.RUNNING, 43), Job(TransferState.DONE, 120)
    paused.paused = True
    scenes: list[tuple[str, Job, dict[str, Any]]] = [
        ("copying", Job(TransferState.RUNNING, 43), {}),
        ("copying-files", Job(TransferState.RUNNING, 43), {"unfold": True}),
        ("copy-paused", paused, {}),
        ("copy-failed", Job(TransferState.DONE, 120, 7, 3), {"unfold": True}),
        ("copy-verified", done, {"check": checked(done)}),
        ("copy-differs", done, {"check": checked(done, 2)}),
    ]
    for name, job, more in scenes:
        fill(strip, (job, Purpose.KEEP), **more)
        await studio.take(before + name)
        for row in strip.rows:
            row.dismissed.emit()
        strip.clear_past()


async def erasing(studio: Studio) -> None:
    desk, window = studio.desk, studio.desk.window
    stick = desk.page.stick
    node, stick.path = stick.path, Path("/dev/sdb")
    window.commands.format()
    await _dialog(desk, FormatDialog)
    await studio.take("format")
    await _close(desk, FormatDialog)
    stick.path = node


async def checking(studio: Studio, host: Path) -> None:
    desk, window = studio.desk, studio.desk.window
    damaged = Damaged(host / "OLD STICK.img", 16)
    for name in ("lost", "shared", "dirty"):
        DAMAGES[name].do(damaged)
    await desk.add(damaged.path)
    window.commands.check(desk.page.key)
    await _dialog(desk, CheckupDialog)
    await desk.settled()
    await studio.take("check")
    await _close(desk, CheckupDialog)


async def _dialog(desk: Desk, kind: type[QDialog]) -> None:
    await desk.until(lambda: any(each.isVisible() for each in desk.window.findChildren(kind)), "the dialog")


async def _close(desk: Desk, kind: type[QDialog]) -> None:
    for each in desk.window.findChildren(kind):
        each.reject()
    desk.window.activateWindow()
    await desk.settled()


async def errors(studio: Studio) -> None:
    desk = studio.desk
    await desk.choose("HOLIDAY")
    await desk.open("Photos")
    page = desk.page
    for name in SHOWN_ERRORS:
        error, _, place = ERRORS[name]
        crumbs = page.crumbs
        page.crumbs = crumbs if place else ()
        page.show_bug(error)
        await studio.take("safe-to-remove" if name == "ejected" else f"error-{name}")
        page.crumbs, page._folder_error = crumbs, None
        page.refresh()
    studio.pull()
    await studio.take("pulled-out")


async def dark(studio: Studio, host: Path) -> None:
    desk = studio.desk
    _dress(is_dark=True)
    await studio.plug()
    await desk.choose("HOLIDAY")
    desk.select("README.txt")
    await studio.take("dark-files")
    await desk.open("invoice.pdf.exe")
    await studio.take("dark-danger")
    desk.window.question.close_bar()
    await desk.open("Photos")
    await desk.open("Harbour")
    await desk.do("icons")
    desk.window.actions_.preview.setChecked(True)
    desk.select("pier 3.jpg")
    await studio.take("dark-preview")
    desk.window.actions_.preview.setChecked(False)
    await desk.do("details")
    await desk.do("keys")
    await studio.take("dark-keys")
    await _close(desk, KeysDialog)
    await _show_walls(desk)
    await studio.take("dark-walls")
    desk.page.hide_walls()
    await transfers(studio, "dark-")
    await _of_pictures(studio, host, "dark-conflict")
    await side_by_side(studio, host, "dark-")
    studio.pull()
    await studio.take("dark-pulled-out")


def _dress(*, is_dark: bool) -> None:
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


async def scenes(studio: Studio, home: Path) -> None:
    """Every main state, one after the other."""
    await browsing(studio)
    await side_by_side(studio, home, "")
    await asking(studio, home)
    await working(studio)
    await erasing(studio)
    await errors(studio)
    await checking(studio, home)


async def _all(app: QApplication, home: Path, names: list[str]) -> None:
    async with studio_in(home, names, Studio) as studio:
        await scenes(studio, home)
    (home / "dark").mkdir()
    async with studio_in(home, names, Studio) as studio:
        await dark(studio, home / "dark")
    _dress(is_dark=False)
    (home / "german").mkdir()
    with speaking(app, "de"):
        async with studio_in(home / "german", names, GermanStudio) as studio:
            await scenes(studio, home / "german")


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="screenshots") as folder:
        os.environ |= {"XDG_RUNTIME_DIR": folder, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/no-bus"}
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        app = application(["rumpus-gui"])
        speak(app, "en")
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
        app.setStyle("Fusion")
        app.setCursorFlashTime(0)
        _dress(is_dark=False)
        FOLDER.mkdir(parents=True, exist_ok=True)
        with Collector(), asyncio.Runner(loop_factory=lambda: loop_of(app)) as runner:
            runner.run(_all(app, Path(folder), names))


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # two windows were closed; Qt need not be taken down in any order
