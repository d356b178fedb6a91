"""Every main state of the window, one after the other.

The same samples, sizes and times each run. What cannot be brought about in a second (a copy of gigabytes,
or a program that holds a stick) stands still as in `gallery`.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QDialog, QLabel

from core.host.holders import Hold, Holder
from core.host.transfers import TransferState
from gui.ejecting import Held
from gui.mainwindow.keys import KeysDialog
from gui.outgoing import Purpose
from gui.panes.checkup import CheckupDialog
from gui.panes.format import FormatDialog
from gui.translating import tr
from tests.gui.gallery import ERRORS, Job, checked, fill
from tests.gui.studio import Studio, dress
from tests.support.fat_damage import DAMAGES, Image
from tests.support.hostile_fat import hostile_stick
from tests.support.pasting import filled, paste, urls
from tests.support.window import Desk

WHEN = 1_794_478_476
"""2026-11-12 10:14:36 UTC, in seconds."""
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


async def scenes(studio: Studio, home: Path) -> None:
    """Every main state, one after the other."""
    await browsing(studio)
    await side_by_side(studio, home, "")
    await asking(studio, home)
    await working(studio)
    await erasing(studio)
    await errors(studio)
    await checking(studio, home)
    await breaking_off(studio, home)


async def dark(studio: Studio, host: Path) -> None:
    desk = studio.desk
    dress(is_dark=True)
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
    damaged = Image(host / "OLD STICK.img", 16)
    for name in ("lost", "shared", "dirty"):
        DAMAGES[name].do(damaged)
    await desk.add(damaged.path)
    window.commands.check(desk.page.key)
    await _dialog(desk, CheckupDialog)
    await desk.settled()
    await studio.take("check")
    await _close(desk, CheckupDialog)


async def breaking_off(studio: Studio, host: Path) -> None:
    """A folder whose end is damaged: at its top, and where it ends."""
    desk = studio.desk
    (host / "hostile").mkdir()
    await desk.add(hostile_stick(host / "hostile"))
    await desk.open("half")
    await studio.take("breaks-off-top")
    for mode in ("icons", "details"):
        await desk.do(mode)
        browser = desk.page.browser
        browser.view.scrollToBottom()
        browser.selection.setCurrentIndex(browser.model.end, browser.selection.SelectionFlag.Clear)
        await desk.until(lambda: not desk.page.browser.notice.text, "the last row says it")
        await studio.take("breaks-off" if mode == "details" else f"breaks-off-{mode}")


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
