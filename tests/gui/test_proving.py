"""Copies in the window that are read back: on wish, always, and what comes of one that is not the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QToolButton

from core.host.checking import Check
from core.host.jobs import TransferState
from gui.transfers import TransferRow
from tests.support.pasting import BIG, filled, paste, read, titles, urls
from tests.support.window import Desk

pytestmark = pytest.mark.skipif(not shutil.which("mcopy"), reason="needs mtools")


def the_row(desk: Desk) -> TransferRow:
    (row,) = desk.window.transfers.rows
    return row


async def press(desk: Desk, label: str) -> None:
    def found() -> list[QToolButton]:
        buttons = the_row(desk).findChildren(QToolButton)
        return [each for each in buttons if each.accessibleName() == label and each.isVisible()]

    await desk.until(found, f"there is {label}")
    QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)
    await desk.settled()


def names(row: TransferRow) -> set[str]:
    return {each.accessibleName() for each in row.findChildren(QToolButton) if each.isVisible()}


def spoil(stick: Path, content: bytes) -> None:
    """One bit of what lies on the stick."""
    place = stick.read_bytes().rindex(content)
    with stick.open("r+b") as file:
        file.seek(place)
        file.write(bytes([content[0] ^ 1]))


async def copied_out(desk: Desk, folder: Path, *paths: str) -> None:
    volume = await desk.volume("TRAVEL").open()
    folder.mkdir()
    desk.window.outgoing.copy_to(volume, [await volume.resolve(path) for path in paths], folder)
    await desk.settled()


async def test_files_on_a_stick_are_read_back_on_wish(travel: Desk, files: Path) -> None:
    await paste(travel, urls(files / "big.bin", files / "deep"))
    assert "Verify" in names(the_row(travel))
    assert "Save receipt…" not in names(the_row(travel)), "nothing is proved yet"
    await press(travel, "Verify")
    assert "2 files read back from “TRAVEL”: all the same." in titles(travel)
    assert {"Verify again", "Save receipt…"} <= names(the_row(travel))


async def test_files_from_a_stick_are_read_back_on_both_sides(travel: Desk, tmp_path: Path) -> None:
    await copied_out(travel, tmp_path / "out", "trip", "beach.jpg")
    await press(travel, "Verify")
    assert "2 files read back from “TRAVEL”: all the same." in titles(travel)
    (tmp_path / "out/beach.jpg").write_bytes(b"beach.jpg" * 9 + b"beach.jpX")
    await press(travel, "Verify again")
    assert "1 file is not the same on both sides." in titles(travel)


async def test_what_is_not_the_same_is_listed_at_once(travel: Desk, stick: Path, files: Path) -> None:
    await paste(travel, urls(files / "big.bin", files / "deep"))
    spoil(stick, BIG[1_000_000:1_000_100])
    await press(travel, "Verify")
    row = the_row(travel)
    assert "1 file is not the same on both sides." in titles(travel)
    assert "big.bin. Copy again; if that does not help, do not trust this stick." in titles(travel)
    assert row.panel.isVisible()
    assert row.panel.model.index(0, 0).data() == "big.bin"
    assert row.panel.model.index(0, 1).data().startswith("Not the same from byte ")
    assert not row.is_fine, "it stays"


async def test_every_copy_is_read_back_when_that_is_set_and_the_setting_is_kept(
    travel: Desk, files: Path
) -> None:
    travel.window.actions_.verify.trigger()
    await paste(travel, urls(files / "big.bin"))
    assert "1 file read back from “TRAVEL”: the same." in titles(travel)
    assert QSettings().value("copy/verify") in (True, "true")


@pytest.mark.parametrize("same", [True, False])
async def test_what_was_cut_is_removed_only_when_the_copy_is_the_same(
    travel: Desk, tmp_path: Path, same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = filled(tmp_path, "OTHER")
    travel.window.actions_.verify.trigger()
    check = Check.run

    async def spoilt(self: Check) -> None:
        if not same:
            spoil(other, b"beach.jpg" * 10)
        await check(self)

    travel.select("beach.jpg")
    travel.window.actions_.cut.setEnabled(True)
    await travel.do("cut")
    await travel.add(other)
    await travel.open("zoo")
    monkeypatch.setattr(Check, "run", spoilt)
    await travel.do("paste")
    told = titles(travel)
    volume = await travel.volume("TRAVEL").open()
    left = [entry.name async for batch in volume.entries(volume.facts.root) for entry in batch]
    assert ("beach.jpg" in left) is not same
    assert ("1 file read back from “OTHER”: the same." in told) is same
    assert ("The two are not the same." in told) is not same


async def test_a_receipt_is_saved_where_its_person_wants_it(
    travel: Desk, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def opened(dialog: QFileDialog) -> None:
        asked.append(Path(dialog.selectedFiles()[0]).name)
        dialog.fileSelected.emit(str(tmp_path / "receipt.json"))

    monkeypatch.setattr(QFileDialog, "open", opened)
    await paste(travel, urls(files / "big.bin"))
    await press(travel, "Verify")
    await press(travel, "Save receipt…")
    assert asked[0].startswith("Receipt TRAVEL ") and asked[0].endswith(".json")
    receipt = json.loads((tmp_path / "receipt.json").read_text())
    assert receipt["verified"] is True
    assert receipt["source"] == str(files / "big.bin")
    assert receipt["target"] == "TRAVEL"
    assert [each["blake2b"] for each in receipt["files"]] == [blake2b(BIG).hexdigest()]
    assert "receipt.json" in travel.reads(travel.window.question)


async def test_reading_back_can_be_paused_and_stopped_and_keeps_the_window_open(
    travel: Desk, stick: Path, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await paste(travel, urls(files / "big.bin", files / "deep"))
    take: Callable[..., object] = Check._take
    row = the_row(travel)

    async def resting(self: Check, pair: object) -> None:
        self.pause()
        await self._turn()
        await take(self, pair)  # type: ignore[misc]

    monkeypatch.setattr(Check, "_take", resting)
    (verify,) = [each for each in row.findChildren(QToolButton) if each.accessibleName() == "Verify"]
    QTest.mouseClick(verify, Qt.MouseButton.LeftButton)
    await travel.until(lambda: row.work.check is not None and row.work.check.paused, "it rests")
    await travel.until(lambda: "Resume" in names(row), "it can go on")
    assert travel.window.transfers.pending == [row.work]
    assert row.work.check is not None
    row.work.check.cancel()
    await travel.settled()
    assert "Reading back was stopped, as you asked." in titles(travel)
    assert row.work.check.state is TransferState.CANCELLED
    assert read(stick, "big.bin") == BIG


async def test_a_copy_of_nothing_offers_no_verification(travel: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    await paste(travel, urls(tmp_path / "empty"))
    assert "Verify" not in names(the_row(travel))
