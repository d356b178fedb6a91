"""How the window feels: time until it is shown, until a click shows rows, and how late its event loop runs.

    .venv/bin/python tests/bench/window.py [ENTRIES …]     (12,000 and 100,000 when none are named)

Prints one JSON object a line; times in milliseconds. The lag is how much later than due a timer of 4 ms fires
while a folder is read and drawn: what a person would feel as a hitch. A driver's share is left out: the
100,000 entries of a folder are made here and come in the batches that a worker sends.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

_BATCH = 512
_CROWD = 100_000
_BIG = 1 << 30


def say(**figures: object) -> None:
    print(
        json.dumps(
            {name: round(each, 1) if isinstance(each, float) else each for name, each in figures.items()}
        ),
        flush=True,
    )


def run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def starting() -> None:
    """From the start of a process to a window that has been drawn, which the process says."""
    for what in ("cold", "warm", "warm"):
        began, used = time.perf_counter(), _children()
        with subprocess.Popen([sys.executable, __file__, "--shown"], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            drawn = (time.perf_counter() - began) * 1000
        busy = (_children() - used) * 1000
        say(what=f"process started to window drawn, {what}", ms=drawn, busy_until_closed=busy)


def _children() -> float:
    """Seconds of processor time that processes started here have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def shown() -> None:
    """Draws the window, says so, and goes."""

    async def story(window: Any) -> None:
        window.show()
        window.grab()
        print("drawn", flush=True)

    within(story)


def within(story: Callable[[Any], Awaitable[None]]) -> None:
    from core.host.supervisor import Supervisor

    supervisor = Supervisor()
    supervisor.start()
    from PySide6.QtCore import QSettings

    from gui.garbage import Collector
    from gui.start import application, loop_of, open_window

    app = application(["rumpus-gui"])
    settings = tempfile.mkdtemp(prefix="bench-settings-")
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, settings)

    async def whole() -> None:
        async with supervisor, open_window(supervisor) as window:
            await story(window)
            window.close()
        shutil.rmtree(settings)

    with Collector(), asyncio.Runner(loop_factory=lambda: loop_of(app)) as runner:
        runner.run(whole())


async def drawn(window: Any, until: Callable[[], bool]) -> None:
    end = time.perf_counter() + 60
    while not until():
        assert time.perf_counter() < end, window.accessibleDescription() or "it never comes"
        await asyncio.sleep(0.001)
    window.repaint()


async def clicking(window: Any, image: Path) -> None:
    """An image of a FAT with 12,000 long-named files, through a real worker."""
    window.show()
    stick = await window._sticks.add_image(image)
    from gui.mainwindow.place import Place
    from gui.mainwindow.tab import first_key
    from tests.support.lag import Lag

    for what in ("first opening", "again"):
        began = time.perf_counter()
        window.navigator.go(Place(first_key(stick)))
        await drawn(window, lambda: window.navigator.page.browser.model.rowCount() > 0)
        say(what=f"click on a stick to its files drawn, {what}", ms=(time.perf_counter() - began) * 1000)
    browser = window.navigator.page.browser
    for mode in ("details", "icons"):
        getattr(window.actions_, mode).trigger()
        lag = Lag()
        with lag.watched():
            began = time.perf_counter()
            window.navigator.page.go_to("/many")
            await drawn(window, lambda: browser.model.rowCount() > 2)
            first = time.perf_counter() - began
            await drawn(window, lambda: not browser.reader.busy and browser.model.rowCount() > 11_000)
            whole = time.perf_counter() - began
            await asyncio.sleep(0.3)
        say(
            what=f"folder of {browser.model.rowCount()} files on a FAT stick, {mode}",
            first_rows=first * 1000,
            complete=whole * 1000,
            **lag.figures(),
        )
        window.navigator.back()
        await drawn(window, lambda: browser.model.rowCount() == 2 and not browser.reader.busy)


async def searching(window: Any) -> None:
    """Names on the stick that `clicking` has opened: first while nothing is known of it, then from memory."""
    from PySide6.QtTest import QTest

    from tests.support.lag import Lag

    browser, field = window.navigator.page.browser, window.toolbar.field
    for what in ("the first time", "again"):
        lag = Lag()
        with lag.watched():
            began = time.perf_counter()
            QTest.keyClicks(field, "photograph 7")
            await drawn(window, lambda: browser.results is not None and browser.model.rowCount() > 0)
            first = time.perf_counter() - began
            await drawn(window, lambda: not browser.reader.busy)
            whole = time.perf_counter() - began
        found = browser.model.rowCount()
        say(
            what=f"letter typed to names found, {what}",
            found=found,
            first_rows=first * 1000,
            complete=whole * 1000,
            **lag.figures(),
        )
        field.clear()
        field.asked.emit("")
        await drawn(window, lambda: browser.results is None and not browser.reader.busy)


async def previewing(window: Any, folder: Path) -> None:
    """Twenty photographs of 12 million pixels, each as soon as the one before is seen."""
    from gui.mainwindow.place import Place
    from gui.mainwindow.tab import first_key
    from tests.support.fat import blank_fat, mtools
    from tests.support.lag import Lag
    from tests.support.pictures import noise

    image = blank_fat(folder / "photos.img", 128 << 20, "-F", "32")
    photo = folder / "photo.jpg"
    photo.write_bytes(noise(4000, 3000))
    for number in range(20):
        mtools("mcopy", image, photo, f"::/photo {number:02}.jpg")
    stick = await window._sticks.add_image(image)
    window.navigator.go(Place(first_key(stick)))
    await drawn(window, lambda: window.navigator.page.browser.model.rowCount() == 20)
    browser, pane = window.navigator.page.browser, window.previewing.pane
    window.resize(1040, 680)
    window.actions_.preview.setChecked(True)
    seen: list[float] = []
    pane.viewing.shown.connect(lambda: seen.append(time.perf_counter()))
    lag, took = Lag(), []
    with lag.watched():
        for row in range(20):
            began, count = time.perf_counter(), len(seen)
            browser.select(browser.model.entry_at(row).node)
            await drawn(window, lambda count=count: len(seen) > count)
            took.append((seen[-1] - began) * 1000)
    took.sort()
    say(
        what="click on a photograph to its preview",
        first=took[-1],
        median=took[len(took) // 2],
        size=photo.stat().st_size,
        **lag.figures(),
    )
    window.actions_.preview.setChecked(False)


def crowded_image(folder: Path) -> Path:
    """/many holds 100,000 long-named empty files, and /big is a file of 1 GiB."""
    many = folder / "crowd" / "many"
    many.mkdir(parents=True)
    for number in range(_CROWD):
        (many / f"{number * 7919 % _CROWD:06} photograph of the harbour.jpeg").touch()
    big = folder / "crowd" / "big"
    with big.open("wb") as file:
        file.truncate(_BIG)
    image = folder / "crowded.img"
    with image.open("wb") as file:
        file.truncate(_BIG + (256 << 20))
    run("mkfs.exfat", "-L", "CROWD", image)
    run(sys.executable, "-m", "core.cli.main", "cp", "-r", many, big, f"{image}:/")
    return image


async def crowding(window: Any, image: Path, out: Path) -> None:
    """A folder of 100,000 entries, through a real worker: alone, and while 1 GiB is copied off its stick."""
    from core.host.jobs import TransferState
    from gui.mainwindow.place import Place
    from gui.mainwindow.tab import first_key
    from gui.outgoing import ENDED
    from tests.support.lag import Lag

    stick = await window._sticks.add_image(image)
    window.navigator.go(Place(first_key(stick)))
    browser = window.navigator.page.browser
    await drawn(window, lambda: browser.model.rowCount() == 2 and not browser.reader.busy)
    before = _memory()
    for mode, what in (("icons", "alone"), ("details", "alone"), ("details", "while 1 GiB is copied out")):
        getattr(window.actions_, mode).trigger()
        job = None
        lag = Lag()
        with lag.watched():
            if what != "alone":
                big = next(e for e in browser.model.contents.entries if e.name == "big")
                job = window.outgoing.copy_to(window.navigator.page.volume, [big], out)
            began = time.perf_counter()
            window.navigator.page.go_to("/many")
            await drawn(window, lambda: browser.model.rowCount() > 2)
            first = time.perf_counter() - began
            await drawn(window, lambda: not browser.reader.busy and browser.model.rowCount() == _CROWD)
            whole = time.perf_counter() - began
            if job is not None:
                await drawn(window, lambda job=job: job.state in ENDED)
            await asyncio.sleep(0.3)
        assert job is None or job.state is TransferState.DONE
        say(
            what=f"folder of {_CROWD} files on an exFAT stick, {mode}, {what}",
            first_rows=first * 1000,
            complete=whole * 1000,
            memory_mb=(_memory() - before) / 1e6,
            **lag.figures(),
        )
        window.navigator.back()
        await drawn(window, lambda: browser.model.rowCount() == 2 and not browser.reader.busy)
    say(what="memory of the window's process", before_mb=before / 1e6, after_mb=_memory() / 1e6)


def _memory() -> int:
    """Bytes of this process that no other shares."""
    rollup = Path("/proc/self/smaps_rollup").read_text()
    private = [line.split()[1] for line in rollup.splitlines() if line.startswith("Private")]
    return 1024 * sum(map(int, private))


class Made:
    """Stands for a volume: its entries come as a worker sends them, in no order."""

    def __init__(self, count: int) -> None:
        from core.entry import Entry, Kind, VolumeFacts

        self.facts = VolumeFacts("made", "made", 0)
        self.layers: dict[str, str] = {}
        self.pid = 0
        self._entries = [
            Entry(
                f"{number * 7919 % count:06} photograph of the harbour.jpeg",
                number,
                Kind.DIRECTORY if number % 50 == 0 else Kind.FILE,
                number * 977,
                1_700_000_000_000_000_000 + number * 1_000_000_000,
            )
            for number in range(count)
        ]

    async def entries(self, node: int) -> AsyncGenerator[list[Any], None]:
        for start in range(0, len(self._entries), _BATCH):
            await asyncio.sleep(0)
            yield self._entries[start : start + _BATCH]


async def browsing(window: Any, count: int) -> None:
    from gui.browser.browser import Browser
    from gui.browser.contents import View
    from gui.browser.layouts import Mode
    from gui.browser.order import Column
    from tests.support.lag import Lag

    browser = Browser(window._tasks)
    browser.resize(800, 600)
    browser.show()
    volume: Any = Made(count)

    async def measured(what: str, do: Callable[[], object], done: Callable[[], bool]) -> None:
        lag = Lag()
        with lag.watched():
            began = time.perf_counter()
            do()
            await drawn(browser, done)
            whole = time.perf_counter() - began
            await asyncio.sleep(0.3)
        say(what=f"{count} entries: {what}", ms=whole * 1000, **lag.figures())

    def complete() -> bool:
        return not browser.reader.busy and browser.model.rowCount() == count

    def arranged() -> bool:
        task = browser.reader._arranging
        return task is None or task.done()

    for mode in (Mode.DETAILS, Mode.ICONS):
        browser.set_mode(mode)
        await measured(f"read, {mode}", lambda: browser.read(volume, 0), complete)
    browser.set_mode(Mode.DETAILS)
    await measured("sort by size", lambda: browser.look(View(Column.SIZE, descending=True)), arranged)
    await measured("sort by type", lambda: browser.look(View(Column.TYPE)), arranged)
    await measured("select all", browser.view.selectAll, lambda: True)
    await measured(
        "sort with all selected", lambda: browser.look(View(Column.NAME, descending=True)), arranged
    )
    browser.selection.clear()
    await measured("type a name", lambda: browser.view.keyboardSearch(f"{count - 1:06}"), lambda: True)
    await measured("scroll to the end", browser.view.scrollToBottom, lambda: True)
    browser.stop()
    browser.close()


def main() -> None:
    if "--shown" in sys.argv:
        shown()
        return
    counts = [int(word) for word in sys.argv[1:]] or [12_000, 100_000]
    starting()
    with tempfile.TemporaryDirectory(prefix="bench-window-") as folder:
        sys.path.insert(0, str(Path(__file__).parent))
        from compare import image_with_many_files

        image = image_with_many_files(Path(folder))

        async def story(window: Any) -> None:
            await clicking(window, image)
            await searching(window)
            await previewing(window, Path(folder))
            await crowding(window, crowded_image(Path(folder)), Path(folder))
            for count in counts:
                await browsing(window, count)

        within(story)


if __name__ == "__main__":
    main()
