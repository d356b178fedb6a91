"""Files come onto a stick by paste and drop, and go from stick to stick: real images, read back by mtools."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from core.errors import DeviceGone
from core.host.changes import Changes
from core.host.previewing import Previewer
from gui.browser.order import name_key
from gui.clipboard import GNOME, KDE, offered
from gui.panes.parts import Card
from tests.support.fat import blank_fat, mtools
from tests.support.pasting import BIG, answer, asked, paste, read, selected, titles, urls
from tests.support.window import Desk

pytestmark = pytest.mark.skipif(not shutil.which("mcopy"), reason="needs mtools")


async def test_files_of_the_host_are_pasted_and_selected_and_the_strip_says_where_they_are(
    travel: Desk, stick: Path, files: Path
) -> None:
    await paste(travel, urls(files / "big.bin", files / "deep"))
    assert travel.names == ["deep", "trip", "zoo", "beach.jpg", "big.bin", "letter.txt"]
    assert selected(travel) == ["deep", "big.bin"]
    assert "Copied 2 items to “TRAVEL”." in titles(travel)
    assert "2 files, 3.0 MB, all of it on the stick" in titles(travel)
    assert read(stick, "big.bin") == BIG, "before the volume is closed"
    assert read(stick, "deep/er/x.txt") == b"x"


async def test_what_comes_into_a_folder_far_behind_on_a_large_stick_is_shown_there(
    desk: Desk, files: Path, tmp_path: Path
) -> None:
    image = blank_fat(tmp_path / "large.img", 64 << 20, "-F", "32", "-s", "1", "-n", "LARGE")
    filler = tmp_path / "filler.bin"
    filler.write_bytes(bytes(20 << 20))
    mtools("mcopy", image, filler, "::/")
    mtools("mmd", image, "::/far", "::/far/away")
    await desk.add(image)
    await desk.open("far")
    await desk.open("away")
    assert desk.page.folder.node >= 1 << 31
    await paste(desk, urls(files / "letter.txt"))
    assert desk.names == ["letter.txt"]


@pytest.mark.parametrize("format", [GNOME, KDE])
async def test_what_was_cut_elsewhere_is_copied_and_the_originals_stay(
    travel: Desk, files: Path, format: str
) -> None:
    url = QUrl.fromLocalFile(str(files / "big.bin")).toString()
    data = QMimeData()
    if format == GNOME:
        data.setData(GNOME, f"cut\n{url}".encode())
    else:
        data = urls(files / "big.bin")
        data.setData(KDE, b"1")
    await paste(travel, data)
    assert "big.bin" in travel.names
    assert (files / "big.bin").exists()
    assert "The originals stay where they are." in travel.reads(travel.window.question)


async def test_places_on_the_network_and_texts_are_not_pasted(travel: Desk) -> None:
    data = QMimeData()
    data.setUrls([QUrl("smb://server/share/file")])
    await paste(travel, data)
    assert "Only files that are on this computer" in travel.reads(travel.window.question)
    text = QMimeData()
    text.setText("just words")
    await paste(travel, text)
    assert "There are no files on the clipboard." in travel.reads(travel.window.question)
    assert not travel.window.transfers.isVisible()


async def test_a_name_that_is_taken_is_asked_about_with_both_sizes_and_dates(
    travel: Desk, stick: Path, files: Path
) -> None:
    os.utime(files / "letter.txt", (1_700_000_000, 1_700_000_000))
    QApplication.clipboard().setMimeData(urls(files / "letter.txt"))
    travel.window.actions_.paste.trigger()
    choices = travel.window.editing.choices
    await travel.until(lambda: choices.asking, "it asks")
    said = asked(travel)
    assert "“letter.txt” is there already." in said
    assert "100 bytes" in said and "14 bytes" in said
    assert "14 Nov 2023" in said
    await travel.until(lambda: "Waiting for your answer above." in titles(travel), "the strip says so")
    await answer(travel, "keep both")
    await travel.settled()
    assert read(stick, "letter.txt") == b"letter.txt" * 10
    assert read(stick, "letter (2).txt") == b"another letter"


async def test_one_answer_can_stand_for_all(travel: Desk, stick: Path, files: Path, tmp_path: Path) -> None:
    for name in ("beach.jpg", "zoo"):
        (tmp_path / "more").mkdir(exist_ok=True)
        (tmp_path / "more" / name).write_bytes(b"new")
    chosen = (files / "letter.txt", tmp_path / "more/beach.jpg", tmp_path / "more/zoo")
    QApplication.clipboard().setMimeData(urls(*chosen))
    travel.window.actions_.paste.trigger()
    await travel.until(lambda: travel.window.editing.choices.asking, "it asks")
    assert "The same for 2 other files that are there already" in asked(travel)
    await answer(travel, "replace", again=True)
    await travel.settled()
    assert read(stick, "letter.txt") == b"another letter"
    assert read(stick, "beach.jpg") == b"new"
    assert read(stick, "zoo (2)") == b"new", "a folder is not replaced by a file"


async def test_stopping_at_a_question_leaves_the_stick_and_the_strip_as_they_were(
    travel: Desk, stick: Path, files: Path
) -> None:
    before = stick.read_bytes()
    QApplication.clipboard().setMimeData(urls(files / "letter.txt", files / "big.bin"))
    travel.window.actions_.paste.trigger()
    choices = travel.window.editing.choices
    await travel.until(lambda: choices.asking, "it asks")
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    await travel.settled()
    assert "big.bin" not in travel.names
    await travel.until(lambda: not travel.window.transfers.isVisible(), "no row is left")
    assert stick.read_bytes() == before


async def test_what_does_not_fit_is_one_refusal_with_figures(travel: Desk, files: Path) -> None:
    with (files / "film.mkv").open("wb") as film:
        film.truncate(40 << 20)
    QApplication.clipboard().setMimeData(urls(files / "film.mkv"))
    travel.window.actions_.paste.trigger()
    await travel.until(lambda: travel.window.editing.choices.asking, "it says so")
    said = asked(travel)
    assert "There is not enough room on “TRAVEL”." in said
    assert "1 file needs 41.9 MB" in said
    await answer(travel, "stop")
    await travel.settled()
    assert "film.mkv" not in travel.names


async def test_names_that_cannot_be_are_one_list_with_what_they_would_become(
    travel: Desk, files: Path
) -> None:
    for name in ("what?.txt", "a:b", "fine.txt"):
        (files / "deep" / name).write_bytes(b"x")
    QApplication.clipboard().setMimeData(urls(files / "deep"))
    travel.window.actions_.paste.trigger()
    choices = travel.window.editing.choices
    await travel.until(lambda: choices.asking, "it asks")
    assert "2 items cannot be on “TRAVEL” as they are." in asked(travel)
    assert choices.asking.listed == (
        "deep/a:b: a character in it is not allowed; would be “a_b”",
        "deep/what?.txt: a character in it is not allowed; would be “what_.txt”",
    )
    await answer(travel, "renamed")
    await travel.settled()
    await travel.open("deep")
    assert travel.names == ["er", "a_b", "fine.txt", "what_.txt"]


async def test_files_are_dropped_onto_a_folder_or_between_the_files(
    travel: Desk, stick: Path, files: Path
) -> None:
    browser = travel.page.browser
    row = browser.details.visualRect(browser.model.index(travel.names.index("zoo"), 0)).center()
    on_zoo = browser.details.viewport().mapTo(browser, row)
    beside = QPoint(browser.width() // 2, browser.height() - 20)
    for place, name in ((on_zoo, "big.bin"), (beside, "deep")):
        data = urls(files / name)
        actions = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        enter = QDragEnterEvent(place, *actions)
        QApplication.sendEvent(browser, enter)
        assert enter.isAccepted()
        assert browser._mark.isVisible()
        QApplication.sendEvent(browser, QDropEvent(QPointF(place), *actions))
        assert not browser._mark.isVisible()
        await travel.settled()
    assert travel.names == ["deep", "trip", "zoo", "beach.jpg", "letter.txt"]
    assert read(stick, "zoo/big.bin") == BIG
    assert read(stick, "deep/er/x.txt") == b"x"


async def test_a_text_that_is_dragged_is_not_accepted(travel: Desk) -> None:
    data = QMimeData()
    data.setText("/etc/passwd")
    enter = QDragEnterEvent(
        QPoint(50, 50),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(travel.page.browser, enter)
    assert not enter.isAccepted()


def test_an_address_with_a_nul_in_it_is_no_path() -> None:
    data = QMimeData()
    data.setData(GNOME, b"copy\nfile:///tmp/a%00b\nfile:///tmp/fine%20name\n")
    assert offered(data).paths == (Path("/tmp/fine name"),)


async def test_closing_the_window_while_a_copy_runs_asks_first(
    travel: Desk, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = asyncio.Event()
    real = Changes.store

    async def slow(self: Changes, *arguments: Any, **options: Any) -> Any:
        await going.wait()
        return await real(self, *arguments, **options)

    monkeypatch.setattr(Changes, "store", slow)
    left: list[None] = []
    travel.window.left.connect(lambda: left.append(None))
    QApplication.clipboard().setMimeData(urls(files / "big.bin"))
    travel.window.actions_.paste.trigger()
    await travel.until(lambda: travel.window.transfers.pending, "the copy is under way")
    assert not travel.window.close()
    choices = travel.window.editing.choices
    await travel.until(lambda: choices.asking, "it asks")
    assert "Something is still under way." in asked(travel)
    assert choices.asking.listed == ("Copying “big.bin” to “TRAVEL”",)
    choices.answer("stay")
    travel.window.actions_.close_volume.trigger()
    assert "is being read or written" in travel.reads(travel.window.question)
    going.set()
    await travel.settled()
    assert left == [] and "big.bin" in travel.names
    assert travel.window.close()
    assert left == [None]


async def test_closing_all_the_same_stops_the_copy_and_leaves_no_half_file(
    travel: Desk, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stuck(self: Changes, *arguments: Any, **options: Any) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(Changes, "store", stuck)
    left: list[None] = []
    travel.window.left.connect(lambda: left.append(None))
    QApplication.clipboard().setMimeData(urls(files / "big.bin"))
    travel.window.actions_.paste.trigger()
    await travel.until(lambda: travel.window.transfers.pending, "the copy is under way")
    travel.window.close()
    choices = travel.window.editing.choices
    await travel.until(lambda: choices.asking, "it asks")
    choices.answer("leave")
    await travel.until(lambda: left, "the window is left")
    travel.window.transfers.pending[0].job.cancel()
    await travel.settled()


async def test_a_stick_that_was_not_ejected_says_so_quietly(desk: Desk, stick: Path) -> None:
    with stick.open("r+b") as raw:
        raw.seek(0x25)  # FAT12 and FAT16: the byte whose lowest bit says that the volume is in use
        raw.write(b"\x01")
    await desk.add(stick)
    notice = desk.page.browser.unclean
    assert "not ejected properly" in notice.text
    notice._retry.click()
    assert notice.text == ""


async def test_cancelling_in_the_strip_takes_the_question_away(
    travel: Desk, stick: Path, files: Path
) -> None:
    before = stick.read_bytes()
    QApplication.clipboard().setMimeData(urls(files / "letter.txt"))
    travel.window.actions_.paste.trigger()
    choices = travel.window.editing.choices
    await travel.until(lambda: choices.asking, "it asks")
    assert travel.window.transfers.pending == [], "what waits for an answer keeps nobody from closing"
    travel.window.transfers.rows[0].work.job.cancel()
    await travel.settled()
    assert choices.asking is None and choices.isHidden()
    assert stick.read_bytes() == before


async def test_a_stick_pulled_while_it_is_written_shows_what_is_safe_and_what_is_not(
    travel: Desk, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(self: Changes, *arguments: Any, **options: Any) -> Any:
        raise DeviceGone

    monkeypatch.setattr(Changes, "store", gone)
    await paste(travel, urls(files / "big.bin"))
    assert travel.page.currentWidget() is travel.page.pane
    assert travel.page.pane.accessibleName() == "“TRAVEL” was pulled out while files were being copied to it."
    assert "“TRAVEL” was pulled out." in titles(travel), "the copy says so too"


async def test_a_folder_of_thousands_is_copied_in_while_it_is_looked_at(
    travel: Desk, stick: Path, tmp_path: Path
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(1500):
        (many / f"photograph {number}.txt").write_bytes(b"%d" % number)
    await travel.open("zoo")
    resets: list[None] = []
    travel.page.browser.model.modelReset.connect(lambda: resets.append(None))
    await paste(travel, urls(*many.iterdir()))
    assert len(travel.names) == 1501
    assert travel.names == sorted(travel.names, key=name_key)
    assert resets == [], "nothing flashes"
    assert read(stick, "zoo/photograph 77.txt") == b"77"


async def test_two_files_that_compete_for_a_name_are_shown_side_by_side(
    travel: Desk, files: Path, tmp_path: Path
) -> None:
    """Both through decoders behind walls: the one on the stick, and the one of the host."""
    picture = tmp_path / "pier.png"
    Image.new("RGB", (400, 200), "red").save(picture)
    await paste(travel, urls(picture))
    Image.new("RGB", (200, 400), "blue").save(picture)
    os.utime(picture, (1_700_000_000, 1_700_000_000))
    QApplication.clipboard().setMimeData(urls(picture, files / "letter.txt"))
    travel.window.actions_.paste.trigger()
    choices = travel.window.editing.choices
    await travel.until(lambda: choices.asking, "it asks")

    def looks() -> list[QLabel]:
        cards = [card for card in choices.findChildren(Card) if card.isVisible()]
        return [card.findChildren(QLabel)[0] for card in cards]

    def colours() -> list[str]:
        seen = [look.pixmap().toImage() for look in looks()]
        return [image.pixelColor(image.rect().center()).name() for image in seen if not image.isNull()]

    await travel.until(lambda: colours() == ["#ff0000", "#0000ff"], "both are shown")
    said = asked(travel)
    assert "the newer one" in said and "the larger one" in said
    choices.answer("skip")
    await travel.until(lambda: "“letter.txt” is there already." in asked(travel), "the next one")
    await travel.until(lambda: [look.text()[:8] for look in looks()] == ["letter.t", "another "], "texts")
    choices.answer("stop")
    await travel.settled()


async def test_a_question_can_be_answered_before_anything_is_to_be_seen(
    travel: Desk, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Previewer, "preview", never)
    QApplication.clipboard().setMimeData(urls(files / "letter.txt"))
    travel.window.actions_.paste.trigger()
    await answer(travel, "replace")
    await travel.settled()
    await travel.until(lambda: "Copied “letter.txt” to “TRAVEL”." in titles(travel), "it is copied")
