"""The dialog that makes a stick empty: real images, looked at afterwards by fsck and blkid's own eyes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from core.blockdev.partitioning import single
from core.entry import Kind
from core.errors import MediumError
from core.fs.formatting import Request
from core.fs.registry import FORMATTERS
from core.host import formatting
from core.host.devices import Bus, Device, Event, Happening
from core.host.stick import Stick
from gui.panes.format import FormatDialog
from tests.support.disks import as_sfdisk_reads, make_fat, partition, run, sparse
from tests.support.fat import blank_fat, mtools
from tests.support.memory import MemoryDevice
from tests.support.window import Desk

pytestmark = pytest.mark.skipif(not shutil.which("mkfs.fat"), reason="needs dosfstools")

MIB = 1 << 20


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return blank_fat(tmp_path / "stick.img", 96 * MIB, "-n", "OLD")


async def dialog_of(desk: Desk) -> FormatDialog:
    def found() -> list[FormatDialog]:
        return [each for each in desk.window.findChildren(FormatDialog) if each.isVisible()]

    await desk.until(found, "the dialog")
    (dialog,) = found()
    await desk.until(dialog.isActiveWindow, "the keyboard is there")
    return dialog


async def test_it_names_the_stick_and_what_is_on_it_and_enter_does_no_harm(desk: Desk, image: Path) -> None:
    device = Device(
        image, Path("/sys/block/sdz"), 1, 96 * MIB, Bus.USB, vendor="Kingston", model="DT 101", serial="0071"
    )
    desk.watcher.hear(Event(Happening.PLUGGED, device))
    await desk.until(lambda: desk.item("OLD"), "the stick is listed")
    await desk.choose("OLD")
    before = image.read_bytes()
    desk.window.actions_.format.trigger()
    dialog = await dialog_of(desk)
    said = desk.reads(dialog)
    assert "Erase “OLD”?" in said
    for fact in ("Kingston DT 101", "100.7 MB", "0071", "Device", "FAT16 “OLD”"):
        assert fact in said, fact
    assert dialog._erase.text() == "Erase “OLD”, 100.7 MB"
    focus = QApplication.focusWidget()
    assert isinstance(focus, QPushButton) and focus.text() == "Cancel", (focus, desk.reads(dialog))
    assert not dialog._erase.isDefault() and not dialog._erase.autoDefault()
    QTest.keyClick(focus, Qt.Key.Key_Return)
    await desk.settled()
    assert not dialog.isVisible()
    assert image.read_bytes() == before


async def test_a_stick_becomes_what_was_chosen_and_the_window_shows_it(desk: Desk, image: Path) -> None:
    await desk.add(image)
    desk.window.actions_.format.trigger()
    dialog = await dialog_of(desk)
    assert dialog._system.currentData() == "fat32"
    dialog._system.setCurrentIndex(dialog._system.findData("exfat"))
    dialog._label.setText("NEW")
    gone: list[None] = []
    dialog.destroyed.connect(lambda: gone.append(None))
    dialog._erase.click()
    await desk.until(lambda: gone, "it is done")
    await desk.until(lambda: desk.window.navigator.page and desk.page.shows_files, "the files are shown")
    await desk.settled()
    assert desk.path == ["NEW"]
    assert desk.names == []
    assert not desk.window.navigator.history.can_go_back, "what was there before is not there to go back to"
    assert len(desk.window.navigator.pages) == 1
    assert "is empty now: exFAT, 100.7 MB." in desk.reads(desk.window.question)
    (entry,) = as_sfdisk_reads(image)["partitions"]
    assert entry["type"] == "7"
    volume = image.with_name("volume")
    volume.write_bytes(image.read_bytes()[entry["start"] * 512 :][: entry["size"] * 512])
    assert "clean" in run("fsck.exfat", "-n", volume)


async def test_one_volume_of_several_can_be_erased_and_the_others_stay(desk: Desk, tmp_path: Path) -> None:
    image = sparse(tmp_path / "two.img", 64 * MIB)
    partition(image, "label: dos\nstart=2048, size=32768, type=e\nstart=34816, size=32768, type=e\n")
    for place, label in ((2048, "WORK"), (34816, "PLAY")):
        make_fat(image, place * 512, 32768 * 512, "-n", label)
    kept = image.read_bytes()[2048 * 512 : 34816 * 512]
    await desk.add(image)
    await desk.choose("PLAY")
    desk.window.actions_.format.trigger()
    dialog = await dialog_of(desk)
    assert [dialog._extent.itemText(row) for row in range(2)] == [
        "Only the volume “PLAY”",
        "The whole stick, as one volume",
    ]
    assert dialog._erase.text() == "Erase “PLAY”, 16.8 MB"
    dialog._erase.click()
    await desk.until(lambda: desk.item("PLAY") is None, "it has no name any more")
    await desk.settled()
    content = image.read_bytes()
    assert content[2048 * 512 : 34816 * 512] == kept
    assert len(as_sfdisk_reads(image)["partitions"]) == 2


async def test_an_error_is_told_in_the_dialog_and_it_can_be_closed(
    desk: Desk, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise MediumError(512, 512)

    await desk.add(image)
    monkeypatch.setattr(Stick, "format", fail)
    desk.window.actions_.format.trigger()
    dialog = await dialog_of(desk)
    dialog._erase.click()
    assert not dialog.close(), "not while it is written"
    await desk.until(lambda: dialog._problem.isVisible(), "the error")
    assert "can no longer be read" in dialog._problem.text()
    assert dialog.close()


async def test_a_name_that_cannot_be_changes_nothing(desk: Desk, image: Path) -> None:
    await desk.add(image)
    before = image.read_bytes()
    desk.window.actions_.format.trigger()
    dialog = await dialog_of(desk)
    dialog._label.setText("a*b")
    dialog._erase.click()
    await desk.until(lambda: dialog._problem.isVisible(), "the error")
    assert "cannot hold the name “a*b”" in dialog._problem.text()
    assert image.read_bytes() == before
    dialog.close()
    await desk.until(lambda: desk.page.shows_files, "it is shown again")
    await desk.settled()
    assert desk.path == ["OLD"]


async def test_a_disk_that_the_system_runs_from_gets_no_dialog(
    desk: Desk, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def always(self: Stick) -> bool:
        return True

    monkeypatch.setattr(Stick, "is_of_the_system", always)
    await desk.add(image)
    await desk.do("format")
    assert desk.window.findChildren(FormatDialog) == []
    assert "this computer runs from it" in desk.reads(desk.window.question)


async def test_what_was_changed_last_does_not_come_back_after_it(desk: Desk, image: Path) -> None:
    await desk.add(image)
    changes = await desk.page.stick_volume.changes()  # type: ignore[union-attr]
    await changes.create(desk.page.folder.node, "late", Kind.DIRECTORY)
    desk.window.actions_.format.trigger()
    dialog = await dialog_of(desk)
    gone: list[None] = []
    dialog.destroyed.connect(lambda: gone.append(None))
    dialog._erase.click()
    await desk.until(lambda: gone, "it is done")
    await desk.settled()
    assert desk.names == []
    start = as_sfdisk_reads(image)["partitions"][0]["start"] * 512
    inner = image.with_name("inner.img")
    inner.write_bytes(image.read_bytes()[start:])
    assert b"late" not in mtools("mdir", inner, "-b", "::/")


@pytest.mark.parametrize(
    "size", [4 * MIB, 8 * MIB, 32 * MIB, 64 * MIB, 2048 * MIB, 33 << 30, 1 << 40, 3 << 40]
)
def test_what_is_offered_can_be_made(size: int) -> None:
    class Blank(MemoryDevice):
        def __init__(self) -> None:
            super().__init__(b"")
            self.size = size

    for system in formatting.possible(size):
        place = single(Blank(), "") if size < 2 << 40 else None
        FORMATTERS[system].check(place.size if place else size, 512, Request("", 1, 0, 2048))
