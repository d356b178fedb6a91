"""What a file holds, seen beside the list, over it, and on the icons."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.entry import Entry
from core.host.previewing import Preview, Previewer
from core.host.volume import Volume
from gui.browser.delegate import THUMBNAIL_SIDE
from gui.preview.quick import QuickLook
from gui.preview.sheet import Sheet
from gui.preview.thumbnails import Thumbnails
from tests.support.fat import blank_fat, mtools
from tests.support.pictures import hostile, photograph
from tests.support.window import Desk

MANY = 60
FILES = {
    "empty.txt": b"",
    "bomb.png": hostile()["a_png_of_100000_by_100000"],
    "greeting.txt": "Grüße aus Kiel, schön hier und übrigens äußerst windig.\n".encode("cp1252") * 40,
    "harm.txt": "first\u202eline\x07\n".encode() + b"second line\n",
    "numbers.bin": bytes(range(256)) * 20,
    "photo.jpg": photograph(),
    "wrong.jpg": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9,
}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("preview")
    image = blank_fat(folder / "pictures.img", 40 << 20, "-F", "32", "-s", "1", "-n", "PICTURES")
    source = folder / "source"
    (source / "many").mkdir(parents=True)
    for name, content in FILES.items():
        (source / name).write_bytes(content)
    for number in range(MANY):
        (source / "many" / f"photo {number:02}.jpg").write_bytes(photograph(64 + number, 64))
    for path in sorted(source.iterdir()):
        mtools("mcopy", image, "-s", path, "::/")
    return image


async def press(desk: Desk, key: Qt.Key) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key)
    await desk.settled()


async def stand_on(desk: Desk, name: str) -> None:
    desk.select(name)
    desk.page.browser.view.setFocus()
    chosen = desk.window.previewing
    await desk.until(lambda: desk.window.actions_.quick_look.isEnabled(), "it is selected")
    await desk.until(
        lambda: not desk.window._calm.isActive() and not desk.page.browser._wait.isActive(), "it is noticed"
    )
    assert chosen is not None
    await desk.settled()


def sheet_of(desk: Desk) -> Sheet:
    return desk.window.previewing.pane.sheet


def quick_of(desk: Desk) -> QuickLook:
    return desk.window.previewing.quick


def shows_picture(sheet: Sheet) -> bool:
    return sheet.currentWidget() is sheet._picture and not sheet._picture._pixmap.isNull()


async def beside(desk: Desk, image: Path, name: str) -> Sheet:
    await desk.add(image)
    desk.window.actions_.preview.setChecked(True)
    await stand_on(desk, name)
    return sheet_of(desk)


async def test_f9_shows_the_picture_that_is_selected_beside_the_list(desk: Desk, image: Path) -> None:
    await desk.add(image)
    await stand_on(desk, "photo.jpg")
    assert desk.window.previewing.side.isHidden()
    await press(desk, Qt.Key.Key_F9)
    sheet = sheet_of(desk)
    assert shows_picture(sheet)
    drawn = sheet._picture._pixmap.toImage()
    assert drawn.pixelColor(5, 5).red() > 150 and drawn.pixelColor(drawn.width() - 5, 5).blue() > 150
    assert "640 × 480" in sheet.facts  # noqa: RUF001
    await press(desk, Qt.Key.Key_F9)
    assert desk.window.previewing.side.isHidden()


SAID = {
    "empty.txt": "This file is empty.",
    "bomb.png": "This picture is too large for a preview.",
    "wrong.jpg": "This picture is damaged.",
    "many": "A folder",
}


@pytest.mark.parametrize("name", SAID)
async def test_where_there_is_nothing_to_be_seen_the_reason_is_said(
    desk: Desk, image: Path, name: str
) -> None:
    sheet = await beside(desk, image, name)
    assert sheet.text == SAID[name]


async def test_a_text_is_shown_in_the_encoding_that_was_found(desk: Desk, image: Path) -> None:
    sheet = await beside(desk, image, "greeting.txt")
    assert sheet.text.startswith("Grüße aus Kiel")


async def test_nothing_in_a_text_turns_it_around_or_rings_a_bell(desk: Desk, image: Path) -> None:
    sheet = await beside(desk, image, "harm.txt")
    assert sheet.text == "first\N{REPLACEMENT CHARACTER}line\u2407\nsecond line"


async def test_other_files_are_shown_as_bytes(desk: Desk, image: Path) -> None:
    sheet = await beside(desk, image, "numbers.bin")
    assert sheet.text.startswith("00000000  00 01 02 03")
    assert "the first 4.1 kB" in sheet.facts


async def test_what_was_not_selected_in_time_is_never_shown(desk: Desk, image: Path) -> None:
    sheet = await beside(desk, image, "photo.jpg")
    for name in ("bomb.png", "greeting.txt", "empty.txt"):
        desk.select(name)
    await stand_on(desk, "greeting.txt")
    assert sheet.text.startswith("Grüße")


async def test_space_looks_into_a_file_and_the_arrows_into_the_next(desk: Desk, image: Path) -> None:
    await desk.add(image)
    await stand_on(desk, "numbers.bin")
    await press(desk, Qt.Key.Key_Space)
    quick = quick_of(desk)
    assert quick.looking and quick.sheet.text.startswith("00000000")
    assert QApplication.focusWidget() is quick
    QTest.keyClick(quick, Qt.Key.Key_Down)
    await desk.until(lambda: shows_picture(quick.sheet), "the next one")
    assert [entry.name for entry in desk.page.browser.selected] == ["photo.jpg"]
    await press(desk, Qt.Key.Key_Space)
    assert not quick.looking
    assert QApplication.focusWidget() is desk.page.browser.view


async def test_escape_ends_the_look_and_enter_opens_what_is_looked_at(desk: Desk, image: Path) -> None:
    await desk.add(image)
    await stand_on(desk, "many")
    await press(desk, Qt.Key.Key_Space)
    await press(desk, Qt.Key.Key_Escape)
    assert not quick_of(desk).looking and desk.path == ["PICTURES"]
    await press(desk, Qt.Key.Key_Space)
    await press(desk, Qt.Key.Key_Return)
    assert not quick_of(desk).looking and desk.path == ["PICTURES", "many"]


async def test_space_looks_again_after_a_name_was_typed_ahead(desk: Desk, image: Path) -> None:
    await desk.add(image)
    await stand_on(desk, "empty.txt")
    QTest.keyClicks(desk.page.browser.view, "ph")
    desk.page.browser.details._typed_at -= 10
    await desk.settled()
    await press(desk, Qt.Key.Key_Space)
    assert quick_of(desk).looking


async def test_the_look_ends_with_the_files_it_looks_into(desk: Desk, image: Path) -> None:
    await desk.add(image)
    await stand_on(desk, "photo.jpg")
    await press(desk, Qt.Key.Key_Space)
    await desk.do("close_volume")
    assert not quick_of(desk).looking


async def test_icons_of_pictures_are_the_pictures_of_those_on_screen(desk: Desk, image: Path) -> None:
    await desk.add(image)
    await desk.do("icons")
    await desk.open("many")
    thumbnails = desk.page.findChild(Thumbnails)
    assert thumbnails is not None
    first, last = desk.entry("photo 00.jpg"), desk.entry(f"photo {MANY - 1}.jpg")
    await desk.until(lambda: thumbnails.find(first, THUMBNAIL_SIDE), "the first has its picture")
    await desk.settled()
    kept = len(thumbnails._kept)
    assert 0 < kept < MANY, "those below the edge of the view wait until they are seen"
    assert last.node not in {wanted.node for wanted in thumbnails._kept}
    desk.page.browser.tiles.scrollToBottom()
    await desk.until(
        lambda: last.node in {wanted.node for wanted in thumbnails._kept}, "the last has its picture"
    )


async def test_a_file_that_gives_no_picture_is_tried_once_and_keeps_its_icon(desk: Desk, image: Path) -> None:
    await desk.add(image)
    await desk.do("icons")
    thumbnails = desk.page.findChild(Thumbnails)
    assert thumbnails is not None
    wrong = desk.entry("wrong.jpg")
    await desk.until(lambda: wrong.node in {wanted.node for wanted in thumbnails._kept}, "it was tried")
    assert thumbnails.find(wrong, THUMBNAIL_SIDE) is None
    asked = {wanted.node for wanted in (*thumbnails._waiting, *thumbnails._making)}
    assert wrong.node not in asked


async def test_thumbnails_are_kept_within_their_room(
    desk: Desk, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.preview.thumbnails.ROOM", 100_000)
    await desk.add(image)
    await desk.do("icons")
    await desk.open("many")
    thumbnails = desk.page.findChild(Thumbnails)
    assert thumbnails is not None
    first, last = desk.entry("photo 00.jpg").node, desk.entry(f"photo {MANY - 1}.jpg").node
    assert first in {wanted.node for wanted in thumbnails._kept}
    desk.page.browser.tiles.scrollToBottom()
    await desk.until(lambda: last in {wanted.node for wanted in thumbnails._kept}, "the last is there")
    await desk.settled()
    assert first not in {wanted.node for wanted in thumbnails._kept}


async def test_the_next_file_in_the_direction_of_travel_is_looked_into_before_it_is_wanted(
    desk: Desk, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    original = Previewer.preview

    async def noted(self: Previewer, volume: Volume, entry: Entry, width: int, height: int) -> Preview:
        asked.append(entry.name)
        return await original(self, volume, entry, width, height)

    monkeypatch.setattr(Previewer, "preview", noted)
    sheet = await beside(desk, image, "greeting.txt")
    assert asked == ["greeting.txt", "harm.txt"]
    QTest.keyClick(desk.page.browser.view, Qt.Key.Key_Down)
    await desk.until(lambda: sheet.text.startswith("first"), "the next one")
    await desk.settled()
    assert asked == ["greeting.txt", "harm.txt", "numbers.bin"], "each once"
    QTest.keyClick(desk.page.browser.view, Qt.Key.Key_Up)
    await desk.until(lambda: sheet.text.startswith("Grüße"), "the one before")
    await desk.settled()
    assert asked[3:] == ["greeting.txt", "empty.txt"]
