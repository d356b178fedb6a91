"""A window on Qt's own event loop: coroutine tests in this folder run as the window does."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
import pytest_asyncio
import pytestqt.plugin
from PySide6.QtCore import QLocale, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.host.supervisor import Supervisor
from gui.browser.browser import Browser
from gui.garbage import Collector
from gui.start import application, loop_of, open_window
from gui.tasks import Tasks
from gui.transfers import TransferStrip
from gui.translating import speak
from tests.support.disks import run
from tests.support.hostile_fat import hostile_stick
from tests.support.pasting import BIG, filled
from tests.support.strips import Source
from tests.support.window import Desk, NoSticks

# Between a test and the end of its fixtures no event loop of asyncio runs: tasks that Qt's events take
# further there find none, and what they have just begun is lost.
pytestqt.plugin._process_events = lambda: None


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return _instance()


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"qt": lambda: loop_of(_instance())}


def _instance() -> QApplication:
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    subprocess.run([sys.executable, "packaging/translations", "compile"], check=True)
    app = application(["rumpus-gui"])
    speak(app, "en")
    QLocale.setDefault(QLocale.c())  # wherever they run
    return app


@pytest.fixture(autouse=True)
def _own_settings(qapp: QApplication, tmp_path: Path) -> None:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))


@pytest.fixture(autouse=True)
def _no_desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests hears nothing of them."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")


@pytest.fixture
def collector() -> Iterator[None]:
    with Collector():
        yield


@pytest_asyncio.fixture
async def desk(
    qapp: QApplication, collector: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """The window, shown, with the sample stick in its list and no real stick."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    watcher = NoSticks()
    async with Supervisor() as supervisor, open_window(supervisor, watcher) as window:
        window.show()
        window.transfers.linger = 3_600_000  # milliseconds: rows stay, however slow the machine is
        window.sharing.lending.wanted = False  # a mount for each stick takes time that few tests need
        window.finding.gathering.quiet = 3_600_000  # and so do all names
        desk = Desk(window, watcher)
        await desk.until(lambda: desk.item("HOLIDAY") is not None, "the sample stick is listed")
        yield desk
        assert desk.bugs == []
        # Qt would destroy what a test left there after Python has ended, and crash.
        QApplication.clipboard().clear()
        window.leave()


@pytest_asyncio.fixture
async def browser(qapp: QApplication, collector: None) -> AsyncIterator[Browser]:
    """The part of the window that shows a folder, alone."""
    tasks = Tasks()
    bugs: list[Exception] = []
    tasks.bug.connect(bugs.append)
    browser = Browser(tasks)
    browser.resize(800, 600)
    browser.show()
    yield browser
    browser.stop()
    await tasks.close()
    browser.deleteLater()
    assert bugs == []


@pytest.fixture(scope="session")
def _hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_stick(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def hostile(_hostile: Path) -> Path:
    return _hostile


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A stick with a few files and folders in it."""
    return filled(tmp_path, "TRAVEL")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Of the host."""
    folder = tmp_path / "host"
    (folder / "deep/er").mkdir(parents=True)
    (folder / "big.bin").write_bytes(BIG)
    (folder / "deep/er/x.txt").write_bytes(b"x")
    (folder / "letter.txt").write_bytes(b"another letter")
    return folder


@pytest_asyncio.fixture
async def travel(desk: Desk, stick: Path) -> AsyncIterator[Desk]:
    """The window with that stick on screen; the stick is sound to fsck when it is over."""
    await desk.add(stick)
    desk.page.browser.view.setFocus()
    yield desk
    QApplication.clipboard().clear()
    for known in desk.window._sticks.sticks:
        for volume in known.volumes:
            await volume.close()
    run("fsck.fat", "-n", stick)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock() -> list[float]:
    """What time it is, in seconds: one number, to be changed."""
    return [100.0]


@pytest.fixture
def strip(qtbot: QtBot, source: Source, clock: list[float]) -> TransferStrip:
    strip = TransferStrip(source, clock=lambda: clock[0])  # type: ignore[arg-type]
    qtbot.addWidget(strip)
    strip.resize(700, 60)
    return strip
