"""Files of a stick in other programs, by a real mount: dragged, opened, copied, and taken back with it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QObject, QSettings, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDrag, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.errors import DeviceGone, DriverCrashed, NotMounted
from core.mount import host
from core.mount.lending import Loan
from core.mount.runtime import remove_stale
from gui.clipboard import GNOME, KDE, OURS
from gui.panes.question import QuestionBar
from tests.support.mounts import children, is_mounted, need_fuse
from tests.support.pasting import CTRL, read, urls
from tests.support.window import Desk


@pytest_asyncio.fixture
async def lent(travel: Desk) -> AsyncIterator[Desk]:
    """The window with a stick on screen that it may show to other programs."""
    need_fuse()
    travel.window.sharing.lending.wanted = True
    yield travel


class Dragged:
    """Stands for the other program that something is dropped on: another process reads the paths."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paths: list[Path] = []
        self.contents: list[bytes] = []
        monkeypatch.setattr(QDrag, "exec", self._drop)
        monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)
        self._drag: QDrag | None = None
        monkeypatch.setattr(QDrag, "setMimeData", self._take)

    def _take(self, data: object) -> None:
        self.paths = [Path(url.toLocalFile()) for url in data.urls()]  # type: ignore[attr-defined]

    def _drop(self, action: object) -> object:
        self.contents = [by_another_program(path) for path in self.paths if path.is_file()]
        return action


def by_another_program(path: Path) -> bytes:
    return another_program("cat", path)


def another_program(*command: str | Path) -> bytes:
    return subprocess.run([*map(str, command)], check=True, capture_output=True, timeout=30).stdout


async def place(desk: Desk) -> Path:
    """Where the stick on screen is mounted."""
    at = desk.page.stick_volume
    assert at is not None
    return await desk.window.sharing.lending.directory(at)


async def copied(desk: Desk, *names: str) -> list[Path]:
    """The paths that another program finds on the clipboard after these were copied."""
    desk.select(*names)
    desk.window.actions_.copy.setEnabled(True)
    await desk.do("copy")
    return [Path(url.toLocalFile()) for url in QApplication.clipboard().mimeData().urls()]


async def test_what_is_dragged_has_a_path_at_once_and_nothing_is_extracted(
    lent: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = Dragged(monkeypatch)
    lent.select("letter.txt", "trip")
    lent.page.browser.view.startDrag(Qt.DropAction.CopyAction)
    await lent.until(lambda: receiver.contents, "it was dropped")
    assert sorted(path.name for path in receiver.paths) == ["letter.txt", "trip"]
    assert receiver.contents == [b"letter.txt" * 10]
    folder = next(path for path in receiver.paths if path.name == "trip")
    assert by_another_program(folder / "day 1" / "a.txt") == b"trip/day 1/a.txt" * 10
    assert not lent.window.transfers.isVisible()


async def test_what_is_copied_can_be_pasted_into_other_programs(lent: Desk, tmp_path: Path) -> None:
    paths = await copied(lent, "letter.txt", "zoo")
    data = QApplication.clipboard().mimeData()
    assert data.hasFormat(OURS), "and in this window as before"
    verb, *lines = bytes(data.data(GNOME).data()).decode().split("\n")
    assert verb == "copy"
    assert [QUrl(line).toLocalFile() for line in lines] == [str(path) for path in paths]
    assert bytes(data.data(KDE).data()) == b"0"
    out = tmp_path / "out"
    out.mkdir()
    another_program("cp", "-r", *paths, out)
    assert (out / "letter.txt").read_bytes() == b"letter.txt" * 10
    assert (out / "zoo" / "z").read_bytes() == b"zoo/z" * 10


async def test_what_was_cut_is_offered_to_others_as_a_copy(lent: Desk) -> None:
    lent.select("letter.txt")
    lent.window.actions_.cut.setEnabled(True)
    await lent.do("cut")
    data = QApplication.clipboard().mimeData()
    assert bytes(data.data(GNOME).data()).startswith(b"copy\n")
    assert bytes(data.data(KDE).data()) == b"0"
    await lent.open("zoo")
    await lent.do("paste")
    assert "letter.txt" in lent.names, "here it is moved"


class Desktop(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    def open(self, url: QUrl) -> bool:
        self.opened.append(Path(url.toLocalFile()))
        return True


async def test_what_is_opened_is_opened_where_it_is_mounted_and_cannot_be_run(
    lent: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = Desktop()
    monkeypatch.setattr(QDesktopServices, "openUrl", desktop.open)
    await lent.open("letter.txt")
    assert desktop.opened == [await place(lent) / "letter.txt"]
    (line,) = [line for line in Path("/proc/self/mountinfo").read_text().splitlines() if "TRAVEL" in line]
    assert {"ro", "nosuid", "nodev", "noexec"} <= set(line.split(" ")[5].split(","))
    assert "fuse" in line


async def test_the_question_before_a_dangerous_file_stays(
    lent: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = Desktop()
    monkeypatch.setattr(QDesktopServices, "openUrl", desktop.open)
    (tmp_path / "invoice.pdf.exe").write_bytes(b"MZ\x90\x00 what it would do")
    QApplication.clipboard().setMimeData(urls(tmp_path / "invoice.pdf.exe"))
    await lent.do("paste")
    await lent.open("invoice.pdf.exe")
    assert desktop.opened == []
    question: QuestionBar = lent.window.question
    assert "pretends to be a PDF" in lent.reads(question)


async def test_a_mount_is_in_a_directory_that_nobody_else_can_enter(lent: Desk, tmp_path: Path) -> None:
    directory = await place(lent)
    assert directory.name == "TRAVEL"
    assert directory.is_relative_to(tmp_path / "rumpus")
    for folder in (directory.parent, directory.parent.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


async def test_without_fuse_files_are_extracted_as_before_and_pasting_says_so(
    lent: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(**_: object) -> None:
        raise NotMounted("/dev/fuse", "this system has no FUSE")

    monkeypatch.setattr(host, "check_fuse", none)
    assert await copied(lent, "letter.txt") == []
    assert "not in other programs" in lent.reads(lent.window.question)
    assert "this system has no FUSE" in lent.reads(lent.window.question)
    receiver = Dragged(monkeypatch)
    lent.select("letter.txt")
    lent.page.browser.view.startDrag(Qt.DropAction.CopyAction)
    await lent.until(lambda: receiver.contents, "it was dropped")
    assert receiver.contents == [b"letter.txt" * 10]
    assert "rumpus-private" in str(receiver.paths[0])


async def test_a_setting_turns_it_off_for_good(lent: Desk) -> None:
    directory = await place(lent)
    lent.window.actions_.lend.setChecked(True)
    lent.window.actions_.lend.setChecked(False)
    await lent.settled()
    assert not is_mounted(directory)
    assert await copied(lent, "letter.txt") == []
    assert QSettings().value("mount/lend") in (False, "false")


async def test_closing_the_stick_takes_the_mount_away(lent: Desk) -> None:
    directory = await place(lent)
    assert is_mounted(directory)
    await lent.do("close_volume")
    await lent.until(lambda: not directory.exists(), "it is gone")
    assert not is_mounted(directory)


async def test_a_stick_that_is_pulled_out_is_an_error_to_whoever_reads_it_and_unmounted(
    lent: Desk, stick: Path
) -> None:
    directory, whole = await place(lent), stick.read_bytes()
    with (directory / "beach.jpg").open("rb", buffering=0) as file:
        os.truncate(stick, 0)  # which a device does whose stick is gone
        lent.page.stick.lost(DeviceGone())
        with pytest.raises(OSError):
            await asyncio.to_thread(file.read, 10)
    await lent.until(lambda: not is_mounted(directory), "it is unmounted")
    await lent.until(lambda: len(asyncio.all_tasks()) == 1, "all of it has ended")
    stick.write_bytes(whole)


async def test_other_programs_see_what_was_changed_here(lent: Desk, stick: Path, tmp_path: Path) -> None:
    directory = await place(lent)
    with (directory / "beach.jpg").open("rb", buffering=0) as kept:
        assert kept.read(9) == b"beach.jpg"
        (tmp_path / "new.txt").write_bytes(b"new")
        (tmp_path / "letter.txt").write_bytes(b"another letter")
        assert by_another_program(directory / "letter.txt") == b"letter.txt" * 10
        QApplication.clipboard().setMimeData(urls(tmp_path / "new.txt"))
        QTest.keyClick(lent.page.browser.view, Qt.Key.Key_V, CTRL)
        await lent.settled()
        assert read(stick, "new.txt") == b"new"
        (path,) = await copied(lent, "new.txt")
        assert path == directory / "new.txt"
        assert by_another_program(path) == b"new"
        assert kept.read() == b"beach.jpg" * 9, "who had a file open reads on"


async def test_a_file_that_is_gone_is_no_other_file_to_whoever_had_it_open(lent: Desk) -> None:
    directory = await place(lent)
    at = lent.page.stick_volume
    assert at is not None
    changes = await at.changes()
    file = os.open(directory / "beach.jpg", os.O_RDONLY | os.O_DIRECT)
    await changes.remove(lent.entry("beach.jpg").node)
    await changes.flush()
    with pytest.raises(OSError, match=r"Stale file handle|Input/output"):
        os.read(file, 4096)
    os.close(file)
    await lent.until(lambda: not (directory / "beach.jpg").exists(), "it is gone there too")


async def test_a_driver_that_dies_is_replaced_once_and_then_it_is_offered_again(lent: Desk) -> None:
    directory = await place(lent)
    at = lent.page.stick_volume
    assert at is not None

    def kill() -> None:
        assert isinstance(at.lent, Loan)
        for worker in children(at.lent.zygote):
            os.kill(worker, signal.SIGKILL)

    kill()
    sharing = lent.window.sharing
    broke: list[Exception] = []
    sharing.broke.connect(lambda _, error: broke.append(error))
    await lent.until(lambda: _lists(directory), "another driver has taken its place")
    assert broke == []
    kill()
    await lent.until(lambda: broke, "it is told")
    assert isinstance(broke[0], DriverCrashed)
    assert not is_mounted(directory)
    choices = lent.window.editing.choices
    await lent.until(lambda: choices.asking, "it is offered")
    assert "Other programs cannot read “TRAVEL” any more." in lent.reads(choices)
    choices.answer("again")
    await lent.settled()
    assert (await place(lent) / "letter.txt").exists()


def _lists(directory: Path) -> bool:
    try:
        return bool(list((directory / "trip").iterdir()))
    except OSError:
        return False


async def test_mounts_of_a_window_that_was_killed_are_taken_away_by_the_next(
    tmp_path: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_fuse()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    command = [sys.executable, "-c", KILLED, str(stick)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        directory, server = Path(window.stdout.readline().strip()), int(window.stdout.readline())
        assert is_mounted(directory)
        assert await remove_stale() == 0, "of one that lives nothing is taken"
        assert is_mounted(directory)
        os.kill(server, signal.SIGKILL)
        os.kill(window.pid, signal.SIGKILL)
    assert is_mounted(directory), "it is stale"
    assert await remove_stale() == 1
    assert not is_mounted(directory)
    assert not (tmp_path / "rumpus").exists()


KILLED = """
import asyncio, sys
from pathlib import Path
from core.host.sticks import Sticks
from core.host.supervisor import Supervisor
from core.mount.lending import Lending
async def main():
    async with Supervisor() as supervisor, Sticks(supervisor) as sticks:
        stick = await sticks.add_image(Path(sys.argv[1]))
        at = stick.volumes[0]
        await at.open()
        print(await Lending().directory(at), flush=True)
        print(at.lent.process, flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""
