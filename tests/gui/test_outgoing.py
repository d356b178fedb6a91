"""What leaves a stick, through a real worker on a real image."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget

from core.entry import Entry
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from core.host.transfers import Progress, TransferState
from core.host.volume import Volume
from gui.outgoing import MOST_DRAGGED, Outbound, Outgoing, Purpose, Question
from gui.tasks import Tasks
from tests.support.qt_loop import run
from tests.support.stick import blank_image

pytestmark = pytest.mark.skipif(
    not (shutil.which("mkfs.fat") and shutil.which("mcopy")), reason="needs dosfstools and mtools"
)

BIG = random.Random(1).randbytes(4_000_001)
FILES = {
    "letter.txt": b"Dear Anna\n",
    "big.bin": BIG,
    "deep/er/picture.jpg": b"\xff\xd8\xff" + b"x" * 70_000,
    "invoice.pdf.exe": b"MZ\x90\x00 what it would do",
    "holiday.jpg": b"MZ\x90\x00 pretends to be a picture",
}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stick")
    source = folder / "source"
    for name, content in FILES.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    image = blank_image(folder / "stick.img", 40 << 20)
    environment = {**os.environ, "MTOOLS_SKIP_CHECK": "1", "LC_ALL": "C.UTF-8"}
    subprocess.run(["mkfs.fat", "-F", "32", "-n", "HOLIDAY", image], check=True, capture_output=True)
    for path in sorted(source.iterdir()):
        subprocess.run(["mcopy", "-s", "-i", image, path, "::/"], check=True, env=environment)
    return image


class Desktop(QObject):
    """Stands for the programs of the desktop: notes what it was asked to open."""

    def __init__(self, answer: bool = True) -> None:
        super().__init__()
        self.opened: list[Path] = []
        self.answer = answer

    def open(self, url: QUrl) -> bool:
        self.opened.append(Path(url.toLocalFile()))
        return self.answer


@dataclass
class World:
    volume: Volume
    outgoing: Outgoing
    tasks: Tasks
    desktop: Desktop
    started: list[Outbound]
    questions: list[Question]
    told: list[str]

    async def entry(self, path: str) -> Entry:
        return await self.volume.resolve(path)


@pytest.fixture
def world(
    qapp: QApplication, image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[World], Awaitable[None]]], None]:
    """Runs a story on Qt's loop with a volume open; afterwards nothing private may be left."""
    (tmp_path / "runtime").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))
    desktop = Desktop()
    monkeypatch.setattr(QDesktopServices, "openUrl", desktop.open)

    @asynccontextmanager
    async def opened() -> AsyncIterator[World]:
        tasks = Tasks()
        outgoing = Outgoing(tasks)
        world = World(None, outgoing, tasks, desktop, [], [], [])  # type: ignore[arg-type]
        outgoing.started.connect(world.started.append)
        outgoing.questioned.connect(world.questions.append)
        outgoing.told.connect(world.told.append)
        async with Supervisor() as supervisor:
            with await open_medium(image) as medium:
                async with await supervisor.open(medium) as world.volume:
                    yield world
                    await tasks.close()
                    outgoing.close()

    def tell(story: Callable[[World], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with opened() as world:
                await story(world)

        run(qapp, whole())
        assert list((tmp_path / "runtime").iterdir()) == [], "private files are left"

    return tell


Tell = Callable[[Callable[[World], Awaitable[None]]], None]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_copied_is_byte_identical(world: Tell, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()

    async def story(world: World) -> None:
        entries = [entry async for batch in world.volume.entries(world.volume.facts.root) for entry in batch]
        job = world.outgoing.copy_to(world.volume, entries, target)
        await world.tasks.settled()
        assert job.state is TransferState.DONE
        assert world.started[0].purpose is Purpose.KEEP

    world(story)
    assert tree(target) == FILES
    assert not any(path.stat().st_mode & 0o111 for path in target.rglob("*") if path.is_file())


def test_a_copy_that_is_cancelled_leaves_nothing(world: Tell, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()

    async def story(world: World) -> None:
        job = world.outgoing.copy_to(world.volume, [await world.entry("big.bin")], target)
        job.cancel()
        await world.tasks.settled()
        assert job.state is TransferState.CANCELLED

    world(story)
    assert list(target.iterdir()) == []


def test_closing_in_the_middle_leaves_nothing(world: Tell, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()

    async def story(world: World) -> None:
        job = world.outgoing.copy_to(world.volume, [await world.entry("big.bin")], target)
        under_way = asyncio.Event()
        job.observe(lambda _: under_way.set())
        await under_way.wait()

    world(story)
    assert tree(target) in ({}, {"big.bin": BIG})


def test_an_opened_file_is_private_read_only_and_never_executable(world: Tell, tmp_path: Path) -> None:
    async def story(world: World) -> None:
        world.outgoing.open(world.volume, await world.entry("letter.txt"))
        await world.tasks.settled()
        (path,) = world.desktop.opened
        assert path.read_bytes() == FILES["letter.txt"]
        assert path.name == "letter.txt"
        assert path.stat().st_mode & 0o777 == 0o400
        assert path.is_relative_to(tmp_path / "runtime")
        assert {folder.stat().st_mode & 0o777 for folder in (path.parent, path.parent.parent)} == {0o700}

    world(story)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("invoice.pdf.exe", "A Windows program that pretends to be a PDF."),
        ("holiday.jpg", "A Windows program that pretends to be a picture."),
    ],
)
def test_a_dangerous_file_is_asked_about_and_not_opened(world: Tell, name: str, sentence: str) -> None:
    async def story(world: World) -> None:
        world.outgoing.open(world.volume, await world.entry(name))
        await world.tasks.settled()
        assert world.desktop.opened == []
        assert world.started == []
        assert [question.sentence for question in world.questions] == [sentence]

    world(story)


def test_a_folder_is_not_handed_to_the_desktop(world: Tell) -> None:
    async def story(world: World) -> None:
        world.outgoing.open(world.volume, await world.entry("deep"))
        await world.tasks.settled()
        assert world.desktop.opened == []

    world(story)


def test_a_file_that_no_program_opens_can_still_be_seen(world: Tell) -> None:
    async def story(world: World) -> None:
        world.desktop.answer = False
        world.outgoing.open(world.volume, await world.entry("big.bin"))
        await world.tasks.settled()
        assert ["No program" in question.sentence for question in world.questions] == [True]

    world(story)


def test_a_drag_offers_only_paths_that_exist(world: Tell) -> None:
    async def story(world: World) -> None:
        entries = [await world.entry("letter.txt"), await world.entry("deep")]
        world.outgoing.drag(world.volume, entries, QWidget())
        await world.tasks.settled()
        paths = world.started[0].job.landed
        assert sorted(path.name for path in paths) == ["deep", "letter.txt"]
        assert (paths[0].parent / "deep/er/picture.jpg").read_bytes() == FILES["deep/er/picture.jpg"]
        assert not world.started[0].dragged, "no button is held, so the files wait in the strip"

    world(story)


def test_the_same_drag_again_extracts_nothing_anew(world: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(world: World) -> None:
        entries = [await world.entry("letter.txt")]
        world.outgoing.drag(world.volume, entries, QWidget())
        await world.tasks.settled()
        begun: list[Outbound] = []
        monkeypatch.setattr(world.outgoing, "drag_again", lambda outbound, source: begun.append(outbound))
        world.outgoing.drag(world.volume, entries, QWidget())
        assert len(world.started) == 1
        assert begun == world.started

    world(story)


def test_too_much_for_a_drag_is_said_at_once(world: Tell) -> None:
    async def story(world: World) -> None:
        vast = Entry("vast.bin", 1, (await world.entry("letter.txt")).kind, size=MOST_DRAGGED + 1)
        world.outgoing.drag(world.volume, [vast], QWidget())
        assert world.started == []
        assert world.told == ["2.0 GB are too much to drag. Copy them to a folder instead."]

    world(story)


class Endless:
    """A copy of folders that turn out to hold more and more; ends only when it is cancelled."""

    def __init__(self, *_: object, **__: object) -> None:
        self.state = TransferState.PLANNING
        self.progress = Progress()
        self.landed: list[Path] = []
        self.problems: list[object] = []
        self._listeners: list[Callable[[Endless], None]] = []
        self._cancelled = asyncio.Event()

    def observe(self, listener: Callable[[Endless], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def cancel(self) -> None:
        self._cancelled.set()

    async def run(self) -> None:
        for size in (10, MOST_DRAGGED, MOST_DRAGGED + 1, MOST_DRAGGED + 2):
            self.progress = Progress(bytes=size)
            for listener in self._listeners.copy():
                listener(self)
        await self._cancelled.wait()
        self.state = TransferState.CANCELLED


def test_a_folder_that_turns_out_too_big_for_a_drag_stops_it(
    world: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.outgoing.CopyOut", Endless)

    async def story(world: World) -> None:
        entries = [await world.entry("deep")]
        world.outgoing.drag(world.volume, entries, QWidget())
        await world.tasks.settled()
        assert world.started[0].job.state is TransferState.CANCELLED
        assert world.told == ["This is too much to drag. Copy it to a folder instead."]
        assert not world.started[0].dragged

    world(story)
