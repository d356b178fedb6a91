"""New folders, other names and deleting in the window, on real images that mtools and fsck see afterwards."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from core.errors import DeviceGone, ReadOnly
from core.host.access import Medium
from core.host.changes import Changes
from gui.browser.layouts import Mode
from tests.support.disks import run
from tests.support.exfat import blank_exfat
from tests.support.fat import blank_fat, mtools
from tests.support.window import Desk

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A stick with a few files and folders in it."""
    source = tmp_path / "source"
    for name in ("beach.jpg", "letter.txt", "notes.tar.gz", "trip/day 1/a.txt", "trip/day 2/b.txt", "zoo/z"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(name.encode() * 100)
    image = blank_fat(tmp_path / "stick.img", 16 << 20, "-n", "TRAVEL")
    mtools("mcopy", image, "-s", *sorted(source.iterdir()), "::/")
    return image


@pytest_asyncio.fixture
async def travel(desk: Desk, image: Path) -> AsyncIterator[Desk]:
    """The window with that stick on screen; sound to fsck when it is over."""
    await desk.add(image)
    assert desk.names == ["trip", "zoo", "beach.jpg", "letter.txt", "notes.tar.gz"]
    desk.page.browser.view.setFocus()
    yield desk
    for stick in desk.window._sticks.sticks:
        for volume in stick.volumes:
            await volume.close()
    run("fsck.fat", "-n", image)


def line(desk: Desk) -> QLineEdit:
    (editor,) = desk.page.browser.view.findChildren(QLineEdit)
    return editor


async def finish(desk: Desk) -> None:
    """Presses Enter in the name that is being typed."""
    editor = line(desk)
    gone: list[None] = []
    editor.destroyed.connect(lambda: gone.append(None))
    QTest.keyClick(editor, Qt.Key.Key_Return)
    await desk.until(lambda: gone, "the name has been typed")
    await desk.settled()


def selected(desk: Desk) -> list[str]:
    return [entry.name for entry in desk.page.browser.selected]


def on_stick(image: Path, folder: str = "") -> list[str]:
    return mtools("mdir", image, "-b", f"::/{folder}").decode().split()


async def test_a_new_folder_is_made_in_place_and_its_name_can_be_typed_at_once(
    travel: Desk, image: Path
) -> None:
    QTest.keyClick(travel.page.browser.view, Qt.Key.Key_N, CTRL | SHIFT)
    await travel.settled()
    assert travel.names == ["New folder", "trip", "zoo", "beach.jpg", "letter.txt", "notes.tar.gz"]
    editor = line(travel)
    assert editor.selectedText() == "New folder"
    QTest.keyClicks(editor, "Summer")
    await finish(travel)
    assert travel.names == ["Summer", "trip", "zoo", "beach.jpg", "letter.txt", "notes.tar.gz"]
    assert selected(travel) == ["Summer"]
    assert b"Summer" in mtools("mdir", image, "-b"), "on the medium already"


async def test_a_new_folder_beside_another_gets_a_number(travel: Desk) -> None:
    await travel.do("new_folder")
    QTest.keyClick(line(travel), Qt.Key.Key_Escape)
    await travel.do("new_folder")
    assert travel.names[:2] == ["New folder", "New folder 2"]
    assert line(travel).text() == "New folder 2"


@pytest.mark.parametrize(
    ("name", "stem"), [("letter.txt", "letter"), ("notes.tar.gz", "notes.tar"), ("trip", "trip")]
)
async def test_f2_selects_what_comes_before_the_extension(travel: Desk, name: str, stem: str) -> None:
    travel.select(name)
    await travel.settled()
    await travel.until(travel.window.actions_.rename.isEnabled, "it can be renamed")
    QTest.keyClick(travel.page.browser.view, Qt.Key.Key_F2)
    assert line(travel).selectedText() == stem


@pytest.mark.parametrize("mode", Mode)
async def test_a_file_gets_another_name_in_place(travel: Desk, image: Path, mode: Mode) -> None:
    travel.window.navigator.set_mode(mode)
    travel.select("letter.txt")
    travel.window._refresh()
    resets: list[None] = []
    travel.page.browser.model.modelReset.connect(lambda: resets.append(None))
    await travel.do("rename")
    QTest.keyClicks(line(travel), "an")
    await finish(travel)
    assert travel.names == ["trip", "zoo", "an.txt", "beach.jpg", "notes.tar.gz"]
    assert selected(travel) == ["an.txt"]
    assert resets == [], "nothing flashes"
    assert mtools("mtype", image, "::/an.txt") == b"letter.txt" * 100


async def test_a_name_that_is_taken_is_refused_and_can_be_mended(travel: Desk) -> None:
    travel.select("letter.txt")
    travel.window._refresh()
    await travel.do("rename")
    line(travel).setText("BEACH.jpg")
    await finish(travel)
    assert "something named “BEACH.jpg” already" in travel.reads(travel.window.question)
    assert line(travel).text() == "BEACH.jpg", "what was typed is not lost"
    QTest.keyClick(line(travel), Qt.Key.Key_Escape)
    await travel.settled()
    assert "letter.txt" in travel.names


async def test_a_name_that_the_stick_cannot_hold_says_which_signs_it_is_about(travel: Desk) -> None:
    travel.select("letter.txt")
    travel.window._refresh()
    await travel.do("rename")
    line(travel).setText("what?.txt")
    await finish(travel)
    said = travel.reads(travel.window.question)
    assert "“TRAVEL” cannot hold the name “what?.txt”." in said
    assert "? \\ |" in said


async def test_delete_asks_and_the_harmless_answer_has_the_keyboard(travel: Desk, image: Path) -> None:
    travel.select("trip", "letter.txt")
    travel.window._refresh()
    QTest.keyClick(travel.page.browser.view, Qt.Key.Key_Delete)
    choices = travel.window.editing.choices
    await travel.until(lambda: choices.asking, "it asks")
    said = travel.reads(choices)
    assert "Delete 2 items from “TRAVEL”?" in said
    assert "cannot be undone: a stick has no rubbish bin. Everything in the folder goes with it." in said
    assert choices.asking.listed == ("trip (folder)", "letter.txt")
    focus = QApplication.focusWidget()
    assert focus is not None and focus.text() == "Keep them"  # type: ignore[attr-defined]
    QTest.keyClick(focus, Qt.Key.Key_Return)
    await travel.settled()
    assert choices.asking is None and choices.isHidden()
    assert "trip" in travel.names
    assert "::/letter.txt" in on_stick(image)
    assert QApplication.focusWidget() is travel.page.browser.view


async def test_what_is_deleted_is_gone_and_the_next_one_is_selected(travel: Desk, image: Path) -> None:
    free = travel.page.volume.facts.free  # type: ignore[union-attr]
    travel.select("trip")
    travel.window._refresh()
    travel.window.actions_.delete.trigger()
    choices = travel.window.editing.choices
    await travel.until(lambda: choices.asking, "it asks")
    assert "Delete “trip” from “TRAVEL”?" in travel.reads(choices)
    choices.answer("delete")
    await travel.settled()
    assert travel.names == ["zoo", "beach.jpg", "letter.txt", "notes.tar.gz"]
    assert selected(travel) == ["zoo"]
    assert "::/trip/" not in on_stick(image)
    assert travel.page.volume.facts.free > free  # type: ignore[union-attr,operator]
    await travel.until(lambda: not travel.window.transfers.isVisible(), "no row is left of it")


async def test_a_deletion_stays_in_the_history_when_it_is_looked_at(travel: Desk) -> None:
    travel.select("beach.jpg")
    travel.window.editing.changing.delete(travel.page)
    choices = travel.window.editing.choices
    await travel.until(lambda: choices.asking, "it asks")
    choices.answer("delete")
    await travel.until(lambda: travel.window.transfers.past, "it is put away")
    for _ in range(2):
        await travel.do("past")
        QApplication.processEvents()
    assert ["Deleted" in row.accessibleName() for row in travel.window.transfers.past] == [True]


async def test_the_room_that_is_left_is_shown_at_once(travel: Desk) -> None:
    before = travel.reads(travel.window.status)
    for _ in range(30):
        await travel.do("new_folder")
        QTest.keyClick(line(travel), Qt.Key.Key_Escape)
    await travel.until(lambda: travel.reads(travel.window.status) != before, "the status bar agrees")


async def test_other_rows_stay_selected_while_rows_come_and_go(travel: Desk) -> None:
    travel.select("zoo", "notes.tar.gz")
    browser = travel.page.browser
    changes = await travel.page.stick_volume.changes()  # type: ignore[union-attr]
    await changes.remove(travel.entry("beach.jpg").node)
    await changes.create(travel.page.folder.node, "aaa", travel.entry("zoo").kind)
    browser.renew()
    await travel.settled()
    assert travel.names == ["aaa", "trip", "zoo", "letter.txt", "notes.tar.gz"]
    assert selected(travel) == ["zoo", "notes.tar.gz"]


async def test_a_changed_size_moves_the_row_and_its_selection(travel: Desk) -> None:
    from gui.browser.contents import View
    from gui.browser.order import Column

    travel.page.browser.look(View(Column.SIZE))
    await travel.settled()
    travel.select("letter.txt")
    travel.page.browser.selection.select(
        travel.page.browser.model.index(0, 0),
        QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
    )
    changes = await travel.page.stick_volume.changes()  # type: ignore[union-attr]
    await changes.truncate(travel.entry("letter.txt").node, 1)
    before = travel.names.index("letter.txt")
    travel.page.browser.renew()
    await travel.settled()
    assert travel.names.index("letter.txt") < before
    assert set(selected(travel)) == {travel.names[0], "letter.txt"}


async def test_going_back_finds_a_folder_by_its_name_after_others_were_renamed(travel: Desk) -> None:
    await travel.open("zoo")
    await travel.do("up")
    travel.select("trip")
    travel.window._refresh()
    await travel.do("rename")
    line(travel).setText("a journey with a name that is much longer than the one it had before")
    await finish(travel)
    await travel.do("back")
    assert travel.path == ["TRAVEL", "zoo"]
    assert travel.names == ["z"]


async def test_a_write_protected_stick_says_so_and_stays_readable(
    travel: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(self: Medium, *, ask: bool = True) -> int:
        raise ReadOnly("it is write-protected")

    monkeypatch.setattr(Medium, "for_writing", refuse)
    await travel.do("new_folder")
    assert "Nothing can be written to “TRAVEL”." in travel.reads(travel.window.question)
    assert travel.page.shows_files


async def test_a_stick_that_goes_while_it_is_changed_is_told_of_as_gone(
    travel: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object, **__: object) -> None:
        raise DeviceGone

    monkeypatch.setattr(Changes, "create", gone)
    await travel.do("new_folder")
    assert travel.page.currentWidget() is travel.page.pane
    assert travel.page.pane.accessibleName() == "“TRAVEL” was pulled out."


async def test_on_exfat_it_is_the_same(desk: Desk, tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "ex.img", 16 << 20)
    await desk.add(image)
    await desk.do("new_folder")
    editor = line(desk)
    editor.setText("Été")
    await finish(desk)
    assert desk.names == ["Été"]
    for stick in desk.window._sticks.sticks:
        for volume in stick.volumes:
            await volume.close()
    assert "directories 2" in run("fsck.exfat", "-n", image)


pytestmark = pytest.mark.skipif(not shutil.which("mcopy"), reason="needs mtools")
