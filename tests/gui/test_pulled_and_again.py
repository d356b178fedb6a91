"""A copy in the window whose stick is pulled out and put back, and one whose failures are tried again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from core.errors import MediumError
from core.host.devices import Device, Event, Happening
from core.host.jobs import TransferState
from core.host.volume import Volume
from tests.support.fat import blank_fat, mtools
from tests.support.halting import halt
from tests.support.pasting import titles, urls
from tests.support.plugging import device_of
from tests.support.window import Desk

pytestmark = pytest.mark.skipif(not shutil.which("mcopy"), reason="needs mtools")

LARGE = os.urandom(1 << 20) * 50


@pytest.fixture
def device(tmp_path: Path) -> Device:
    image = blank_fat(tmp_path / "sdz", 200 << 20, "-F", "32", "-i", "CAFE0001", "-n", "CAMERA")
    (tmp_path / "film").write_bytes(LARGE)
    mtools("mcopy", image, tmp_path / "film", "::/film.mov")
    return device_of(image, model="Key", serial="007")


async def plug(desk: Desk, device: Device) -> None:
    desk.watcher.hear(Event(Happening.PLUGGED, device))
    await desk.until(lambda: desk.item("CAMERA") is not None, "the stick is listed")
    await desk.settled()


async def pull_in_mid_file(desk: Desk, device: Device) -> None:
    (row,) = desk.window.transfers.rows
    await desk.until(lambda: row.work.job.progress.bytes_done > 1 << 20, "it is copied")
    desk.watcher.hear(Event(Happening.PULLED, device))
    await desk.until(lambda: row.work.job.away, "it waits")
    waits = "“CAMERA” was pulled out: put it back and the copy goes on."
    await desk.until(lambda: waits in titles(desk), "it says so")
    assert not row._pause.isVisible()
    desk.watcher.hear(Event(Happening.PLUGGED, replace(device, sequence=device.sequence + 1000)))
    await desk.until(lambda: row.work.job.state is TransferState.DONE, "it went on")
    assert row.work.volumes == (desk.volume("CAMERA").volume,)


async def test_a_copy_out_goes_on_when_the_stick_is_put_back(
    desk: Desk, device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    halt(monkeypatch, "film.mov")
    await plug(desk, device)
    volume = await desk.volume("CAMERA").open()
    desk.window.outgoing.copy_to(volume, [await volume.resolve("film.mov")], tmp_path / "out")
    await pull_in_mid_file(desk, device)
    assert (tmp_path / "out/film.mov").read_bytes() == LARGE
    assert len(list((tmp_path / "out").iterdir())) == 1
    await desk.settled()


async def test_a_copy_in_goes_on_when_the_stick_is_put_back(
    desk: Desk, device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    halt(monkeypatch, "other.mov")
    (tmp_path / "other.mov").write_bytes(LARGE)
    await plug(desk, device)
    await desk.choose("CAMERA")
    QApplication.clipboard().setMimeData(urls(tmp_path / "other.mov"))
    desk.page.browser.view.setFocus()
    QTest.keyClick(desk.page.browser.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    await desk.until(lambda: desk.window.transfers.rows, "it begins")
    await pull_in_mid_file(desk, device)
    await desk.volume("CAMERA").close()
    assert mtools("mtype", device.node, "::/other.mov") == LARGE
    await desk.settled()


async def test_the_pane_names_what_arrived_and_what_did_not(
    desk: Desk, device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"a letter")
        mtools("mcopy", device.node, tmp_path / name, f"::/{name}")
    halt(monkeypatch, "film.mov")
    await plug(desk, device)
    await desk.choose("CAMERA")
    volume = await desk.volume("CAMERA").open()
    entries = [await volume.resolve(name) for name in ("a.txt", "b.txt", "film.mov")]
    desk.window.outgoing.copy_to(volume, entries, tmp_path / "out")
    (row,) = desk.window.transfers.rows
    await desk.until(lambda: (tmp_path / "out/b.txt").exists(), "the letters are there")
    await desk.until(lambda: row.work.job.progress.bytes_done > 1 << 20, "the film is copied")
    desk.watcher.hear(Event(Happening.PULLED, device))
    await desk.until(lambda: desk.page.currentWidget() is desk.page.pane, "it is said")
    said = desk.reads(desk.page.pane)
    assert "“CAMERA” was pulled out while files were being copied from it." in said
    assert "2 files are on this computer, whole." in said
    assert "1 file did not arrive: “film.mov”. No half file was left on this computer." in said
    report = desk.page.pane.details()
    assert report.index("Did not arrive:\n    film.mov") < report.index(
        "On this computer, whole:\n    a.txt\n    b.txt"
    )
    row.work.job.cancel()
    await desk.settled()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.txt", "b.txt"]


async def test_the_pane_names_what_is_on_the_stick_and_what_is_not(
    desk: Desk, device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    halt(monkeypatch, "other.mov")
    (tmp_path / "new").mkdir()
    (tmp_path / "new/a.txt").write_bytes(b"a letter")
    (tmp_path / "other.mov").write_bytes(LARGE)
    await plug(desk, device)
    await desk.choose("CAMERA")
    QApplication.clipboard().setMimeData(urls(tmp_path / "other.mov", tmp_path / "new"))
    desk.page.browser.view.setFocus()
    QTest.keyClick(desk.page.browser.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    await desk.until(lambda: desk.window.transfers.rows, "it begins")
    (row,) = desk.window.transfers.rows
    await desk.until(lambda: row.work.job.progress.bytes_done > 1 << 20, "it is copied")
    desk.watcher.hear(Event(Happening.PULLED, device))
    await desk.until(lambda: desk.page.currentWidget() is desk.page.pane, "it is said")
    said = desk.reads(desk.page.pane)
    assert "“CAMERA” was pulled out while files were being copied to it." in said
    assert "What was on it before." in said
    assert "did not get there whole: “other.mov”" in said
    row.work.job.cancel()
    await desk.settled()


async def test_only_the_files_that_failed_are_tried_again(
    desk: Desk, device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    mtools("mmd", device.node, "::/trip")
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_bytes(name.encode())
        mtools("mcopy", device.node, tmp_path / name, f"::/trip/{name}")
    await plug(desk, device)
    volume = await desk.volume("CAMERA").open()
    node = (await volume.resolve("trip/b.txt")).node
    copy = Volume.copy
    asked: list[int] = []
    healed: list[None] = []

    async def bad(self: Volume, what: int, *arguments: Any) -> Any:
        asked.append(what)
        if what == node and not healed:
            raise MediumError(0, 512)
        return await copy(self, what, *arguments)

    async def together(self: Volume, files: list[tuple[int, int]]) -> list[bool]:
        raise MediumError(0, 512)

    monkeypatch.setattr(Volume, "copy", bad)
    monkeypatch.setattr(Volume, "copy_all", together)
    monkeypatch.setattr(Volume, "gather", together)
    desk.window.outgoing.copy_to(volume, [await volume.resolve("trip")], tmp_path / "out")
    (row,) = desk.window.transfers.rows
    await desk.until(lambda: row.work.job.state is TransferState.DONE, "it is over")
    await desk.settled()
    assert [problem.path for problem in row.work.job.problems] == ["trip/b.txt"]
    (button,) = [each for each in row.findChildren(QToolButton) if each.text() == "Try the file again"]
    asked.clear()
    healed.append(None)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    await desk.until(lambda: (tmp_path / "out/trip/b.txt").exists(), "it came")
    await desk.settled()
    assert asked == [node]
    assert sorted(path.name for path in (tmp_path / "out").rglob("*")) == ["a.txt", "b.txt", "c.txt", "trip"]


async def test_a_stick_that_was_put_back_meanwhile_is_read_back_as_well(
    desk: Desk, device: Device, tmp_path: Path
) -> None:
    """Then nothing of it can be in anybody's memory."""
    (tmp_path / "out").mkdir()
    await plug(desk, device)
    volume = await desk.volume("CAMERA").open()
    desk.window.outgoing.copy_to(volume, [await volume.resolve("film.mov")], tmp_path / "out")
    await desk.settled()
    (row,) = desk.window.transfers.rows
    desk.watcher.hear(Event(Happening.PULLED, device))
    await desk.until(lambda: volume.ended.done(), "it is gone")
    await desk.until(lambda: not row._verify.isVisible(), "nothing is there to be read")
    desk.watcher.hear(Event(Happening.PLUGGED, replace(device, sequence=device.sequence + 1000)))
    await desk.until(lambda: row._verify.isVisible(), "it can be read again")
    QTest.mouseClick(row._verify, Qt.MouseButton.LeftButton)
    await desk.settled()
    assert "1 file read back from “CAMERA”: the same." in titles(desk)
    assert row.work.volumes == (desk.volume("CAMERA").volume,)
