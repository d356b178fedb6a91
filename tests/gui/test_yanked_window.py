"""A stick is pulled out of the window 200 times, whatever is being done with it: it says what was lost, and
nothing of it is left in the window's process."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from shiboken6 import isValid

from core.errors import RumpusError
from core.host.devices import Device, Event, Happening
from core.host.removing import Remove
from core.host.stick import Stick
from core.host.volume import Volume
from gui.outgoing import ENDED
from gui.panes.checkup import CheckupDialog
from gui.panes.format import FormatDialog
from tests.support.any_order import Others, made_up_devices
from tests.support.descriptors import descriptors
from tests.support.fat import mtools
from tests.support.fat_damage import DAMAGES, Image
from tests.support.pasting import urls
from tests.support.pictures import photograph
from tests.support.plugging import device_of
from tests.support.pulling import DEEP
from tests.support.window import Desk
from tests.support.yanking import Words

POINTS = tuple(range(1, 221, 1 if DEEP else 10))
"""The words of its driver at which it is pulled out; with nine things to do, 198 times (DEEP: 1,980)."""


_D = TypeVar("_D", bound=QDialog)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stick with photographs and other files, and damage that can be repaired."""
    folder = tmp_path_factory.mktemp("stick")
    image = Image(folder / "stick.img", 16)
    for name in ("lost", "dirty"):
        DAMAGES[name].do(image)
    (folder / "file").write_bytes(os.urandom(20_000))
    for number in range(30):
        mtools("mcopy", image.path, folder / "file", f"::/file {number}")
    for number in range(6):
        (folder / "photo.jpg").write_bytes(photograph())
        mtools("mcopy", image.path, folder / "photo.jpg", f"::/photo {number}.jpg")
    return image.path


@dataclass
class Yank:
    """One plugging and pulling."""

    desk: Desk
    device: Device
    folder: Path
    """Of this machine, for what comes and goes."""

    @property
    def stick(self) -> Stick:
        return self.desk.window._sticks.sticks[-1]

    async def volume(self) -> Volume:
        return await self.stick.volumes[0].open()


async def looking(yank: Yank) -> None:
    yank.desk.page.reload()


async def searching(yank: Yank) -> None:
    yank.desk.page.search("file 2")


async def previewing(yank: Yank) -> None:
    yank.desk.window.actions_.preview.setChecked(True)
    yank.desk.window.actions_.icons.trigger()
    for number in range(6):
        if f"photo {number}.jpg" in yank.desk.names:
            yank.desk.select(f"photo {number}.jpg")
            await asyncio.sleep(0)


async def copying_out(yank: Yank) -> None:
    volume = await yank.volume()
    (yank.folder / "out").mkdir()
    yank.desk.window.outgoing.copy_to(volume, [volume.root], yank.folder / "out")


async def copying_in(yank: Yank) -> None:
    for number in range(40):
        (yank.folder / f"new {number}").write_bytes(bytes(5000))
    QApplication.clipboard().setMimeData(urls(*yank.folder.iterdir()))
    yank.desk.window.actions_.paste.trigger()


async def deleting(yank: Yank) -> None:
    volume = await yank.volume()
    changes = await yank.stick.volumes[0].changes()
    entries = [entry async for batch in volume.entries(volume.facts.root) for entry in batch]
    await Remove(volume, changes, entries).run()


async def formatting(yank: Yank) -> None:
    yank.desk.window.commands.format()
    dialog = await shown(yank, FormatDialog)
    if dialog is not None:
        dialog.erase()


async def repairing(yank: Yank) -> None:
    yank.desk.window.commands.check(yank.desk.page.key)
    dialog = await shown(yank, CheckupDialog)
    if dialog is not None:
        await yank.desk.until(lambda: not isValid(dialog) or dialog._bar.isHidden(), "it has looked")
        if isValid(dialog):
            dialog.mend()


async def ejecting(yank: Yank) -> None:
    await (await yank.stick.volumes[0].changes()).set_label("NEW")
    yank.desk.window.commands.ejecting.eject(yank.stick)


DOING = (looking, searching, previewing, copying_out, copying_in, deleting, formatting, repairing, ejecting)


async def shown(yank: Yank, kind: type[_D]) -> _D | None:
    """A dialog; None when the stick is gone before it comes."""
    window = yank.desk.window

    def found() -> list[_D]:
        return [each for each in window.findChildren(kind) if each.isVisible()]

    await yank.desk.until(lambda: found() or not yank.stick.usable, "the dialog")
    return next(iter(found()), None)


def counted(desk: Desk) -> dict[str, Any]:
    """What a yank may leave behind."""
    gc.collect()
    window = desk.window
    # A label makes what lays its text out when it is first drawn, and keeps it.
    laid_out = sum(len(label.findChildren(QObject)) for label in window.findChildren(QLabel))
    waiting = asyncio.get_running_loop()._timer._SimpleTimer__callbacks  # type: ignore[attr-defined]
    return {
        "descriptors": len(descriptors()),
        "processes": len(descendants(os.getpid())),
        "temporary files": sorted(path.name for path in Path(tempfile.gettempdir()).rglob("*")),
        "timers of Qt": ticking(desk),
        "timers of asyncio": sum(not handle.cancelled() for handle in waiting.values()),
        "tasks": len(asyncio.all_tasks()),
        "objects of Qt": len(window.findChildren(QObject)) - laid_out,
    }


def grown(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Of what there is more than before."""
    return {what: (before[what], after[what]) for what in before if after[what] > before[what]}


def ticking(desk: Desk) -> int:
    return sum(timer.isActive() for timer in desk.window.findChildren(QTimer))


def descendants(process: int) -> list[int]:
    children: list[int] = []
    with suppress(OSError):
        for listed in Path(f"/proc/{process}/task").glob("*/children"):
            children += map(int, listed.read_text().split())
    return [*children, *(each for child in children for each in descendants(child))]


def says_so(desk: Desk) -> bool:
    page = desk.window.navigator.page
    return page is not None and page.currentWidget() is page.pane and "pulled out" in desk.reads(page.pane)


def close_dialogs(desk: Desk) -> None:
    for dialog in desk.window.findChildren(QDialog):
        dialog.close()


async def one(
    desk: Desk,
    device: Device,
    folder: Path,
    doing: Callable[[Yank], Awaitable[None]],
    words: Words,
    point: int,
) -> float:
    """Plugs in, does that, pulls out, looks, and takes it off the list. Seconds until it was said."""
    desk.watcher.hear(Event(Happening.PLUGGED, device))
    yank = Yank(desk, device, folder)
    stick = yank.stick
    await desk.until(lambda: stick.usable, "it is known what it is")
    desk.window.show_stick(stick)
    await desk.settled()
    went: list[float] = []

    def pull() -> None:
        words.left = -1
        went.append(time.perf_counter())
        desk.watcher.hear(Event(Happening.PULLED, device))

    words.left, words.pull = point, pull
    with suppress(RumpusError):
        await doing(yank)
    await desk.until(lambda: went or not desk.window._tasks.busy, "the pull, or the end of it")
    if not went:
        pull()
    await desk.until(lambda: says_so(desk), "it is said")
    took = time.perf_counter() - went[0]
    close_dialogs(desk)
    for row in desk.window.transfers.rows:
        row.work.job.cancel()
    await desk.until(
        lambda: all(row.work.job.state in ENDED for row in desk.window.transfers.rows), "what waits ends"
    )
    await desk.settled()
    close_dialogs(desk)
    for row in desk.window.transfers.rows:
        row.dismissed.emit()
    desk.window.transfers.clear_past()
    desk.window.commands.forget(stick)
    await stick.ended()
    QApplication.clipboard().clear()
    return took


@pytest.mark.timeout(900 if DEEP else 120)
@pytest.mark.parametrize("doing", DOING)
async def test_it_is_said_at_once_and_nothing_of_it_is_left(
    desk: Desk,
    image: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
    doing: Callable[[Yank], Awaitable[None]],
) -> None:
    private = tmp_path / "temporary"
    private.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    words = Words(monkeypatch)
    times: list[float] = []
    # Started once, and some yanks come too early for it.
    desk.window.editing.incoming.previewer._decoders.warm()
    with made_up_devices() as worlds:
        worlds.append(Others())
        before: dict[str, Any] = {}
        for number, point in enumerate((1, 10**9, *POINTS)):
            folder = tmp_path / f"{number}"
            folder.mkdir()
            device = device_of(Path(shutil.copy(image, tmp_path / "sdz")))
            times.append(await one(desk, device, folder, doing, words, point))
            assert not [left for left in folder.rglob("*") if left.suffix == ".rumpus-part"]
            shutil.rmtree(folder)
            if number == 1:  # by then all is started that is started once
                await desk.until(
                    lambda: len(asyncio.all_tasks()) == 1 and not ticking(desk), "all of it has ended"
                )
                before = counted(desk)
        with suppress(AssertionError):
            await desk.until(lambda: not grown(before, counted(desk)), "nothing is left of it")
        assert grown(before, counted(desk)) == {}
    told = sorted(1000 * each for each in times)
    figures = f"median {told[len(told) // 2]:.1f} ms, worst {told[-1]:.1f} ms"
    record_property("from the pull to the pane", figures)
    print(f"{doing.__name__}: {figures}")
