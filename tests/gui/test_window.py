"""What a person gets of the window: real workers read real images."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.browser.contents import View
from gui.browser.layouts import Mode
from gui.browser.order import Column
from gui.mainwindow.sidebar_model import Sort
from tests.support.disks import make_fat, partition, sparse
from tests.support.hostile_fat import MANY
from tests.support.window import Desk

pytestmark = pytest.mark.skipif(not shutil.which("mkfs.fat"), reason="needs dosfstools")


async def test_the_window_begins_with_a_welcome_and_the_sample_stick(desk: Desk) -> None:
    assert desk.window.stack.currentWidget() is desk.window.welcome
    assert [item.name for item in desk.items] == [
        "Sticks",
        "Plug one in, and it shows up here.",
        "Images",
        "HOLIDAY",
    ]


async def test_a_click_opens_the_stick_behind_its_walls(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    assert desk.names == ["Letters", "Music", "Photos", "invoice.pdf.exe", "README.txt"]
    assert desk.window.status.isolated
    assert desk.window.status.text == "3 folders, 2 files (369 bytes)"
    item = desk.item("HOLIDAY")
    assert item is not None
    assert item.used is not None
    assert item.facts.endswith("free of 4.2 MB")


async def test_folders_are_walked_down_back_forward_and_up(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.open("Letters")
    await desk.open("2026")
    assert desk.path == ["HOLIDAY", "Letters", "2026"]
    assert "figures.csv" in desk.names
    await desk.do("back")
    assert desk.path == ["HOLIDAY", "Letters"]
    await desk.do("back")
    assert desk.path == ["HOLIDAY"]
    await desk.do("forward")
    await desk.do("forward")
    assert desk.path == ["HOLIDAY", "Letters", "2026"]
    await desk.do("up")
    assert desk.path == ["HOLIDAY", "Letters"]
    assert [entry.name for entry in desk.page.browser.selected] == ["2026"], "one stands where one came from"


async def test_a_step_of_the_path_leads_there(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.open("Photos")
    await desk.open("Harbour")
    desk.window.toolbar.breadcrumb.went.emit(0)
    await desk.settled()
    assert desk.path == ["HOLIDAY"]
    assert [entry.name for entry in desk.page.browser.selected] == ["Photos"]


async def test_a_typed_path_leads_there_and_a_wrong_one_says_so(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.do("location")
    line = desk.window.toolbar.breadcrumb._line
    line.setText("/letters/2026")
    QTest.keyClick(line, Qt.Key.Key_Return)
    await desk.settled()
    assert desk.path == ["HOLIDAY", "Letters", "2026"], "with the names as the stick has them"
    desk.window.toolbar.breadcrumb.typed.emit("/Letters/2031")
    await desk.settled()
    assert desk.path == ["HOLIDAY", "Letters", "2026"]
    assert "2031" in desk.window.question.accessibleName()


async def test_coming_back_to_a_folder_one_stands_where_one_was(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.select("README.txt")
    desk.window.navigator.page.go_to("/Music")  # type: ignore[union-attr]
    await desk.settled()
    await desk.do("back")
    assert [entry.name for entry in desk.page.browser.selected] == ["README.txt"]


async def test_rows_are_sorted_by_any_column_folders_first(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    browser = desk.page.browser
    for column, descending, files in (
        (Column.SIZE, False, ["invoice.pdf.exe", "README.txt"]),
        (Column.SIZE, True, ["README.txt", "invoice.pdf.exe"]),
        (Column.TYPE, True, ["README.txt", "invoice.pdf.exe"]),
        (Column.NAME, True, ["README.txt", "invoice.pdf.exe"]),
    ):
        browser.look(View(column, descending))
        await browser.reader._arranging  # type: ignore[misc]
        assert desk.names[3:] == files
        assert set(desk.names[:3]) == {"Letters", "Music", "Photos"}


async def test_icons_show_the_same_files_and_the_same_selection(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.select("Photos", "README.txt")
    await desk.do("icons")
    browser = desk.page.browser
    assert browser.mode is Mode.ICONS
    assert browser.view.model().rowCount() == 5
    assert [entry.name for entry in browser.selected] == ["Photos", "README.txt"]
    view = browser.view
    place = view.visualRect(browser.model.index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    await desk.do("details")
    assert [entry.name for entry in browser.selected] == ["Music", "Photos", "README.txt"]
    assert all(browser.selection.isRowSelected(row) for row in (1, 2, 4)), "whole rows"


async def test_typing_goes_to_the_name_that_begins_so(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    view = desk.page.browser.view
    view.setFocus()
    QTest.keyClicks(view, "read")
    assert desk.page.browser.current == desk.entry("README.txt")


async def test_an_image_that_is_dropped_is_opened(desk: Desk, hostile: Path) -> None:
    await desk.add(hostile)
    assert desk.path == ["STRANGE"]
    assert desk.item("STRANGE") is not None


async def test_hidden_files_show_when_they_are_asked_for(desk: Desk, hostile: Path) -> None:
    await desk.add(hostile)
    assert {".hidden", "secret.txt"}.isdisjoint(desk.names)
    assert "2 hidden" in desk.window.status.text
    desk.window.actions_.hidden.trigger()
    await desk.until(lambda: {".hidden", "secret.txt"} <= set(desk.names), "hidden files are shown")
    desk.window.actions_.hidden.trigger()
    await desk.until(lambda: {".hidden", "secret.txt"}.isdisjoint(desk.names), "hidden files are gone")


async def test_a_damaged_entry_keeps_its_row_and_says_why(desk: Desk, hostile: Path) -> None:
    await desk.add(hostile)
    row = desk.names.index("broken.txt")
    model = desk.page.browser.model
    assert model.index(row, Column.SIZE).data() == "?"
    assert model.index(row, Column.TYPE).data() == "Damaged"
    assert "broken.txt" in model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "damaged" in model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)


async def test_a_folder_that_breaks_off_keeps_its_rows_and_says_why(desk: Desk, hostile: Path) -> None:
    await desk.add(hostile)
    await desk.open("half")
    assert 50 < len(desk.names) < MANY
    numbers = [int(name.removeprefix("file ").removesuffix(".txt")) for name in desk.names]
    assert numbers == sorted(numbers), "in the order in which people count"
    assert desk.page.browser.notice.text == "Only a part of this folder is shown. The rest of it is damaged."
    await desk.do("up")
    assert desk.page.browser.notice.text == ""


async def test_names_that_mislead_are_shown_harmless_and_marked(desk: Desk, hostile: Path) -> None:
    await desk.add(hostile)
    assert "harm\ufffdgpj.exe" in desk.names
    model = desk.page.browser.model
    tips = {
        name: model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row, name in enumerate(desk.names)
    }
    assert tips["plain.txt"] is None
    assert "pretends to be a PDF" in tips["invoice.pdf.exe"]
    assert tips["harm\ufffdgpj.exe"]
    desk.window.toolbar.breadcrumb.show_path("<b>x</b>", "drive-image", ["<b>y</b> & z"])
    assert desk.path == ["<b>x</b>", "<b>y</b> & z"]


async def test_markup_in_a_name_stays_text_in_its_tooltip(desk: Desk, hostile: Path) -> None:
    await desk.add(hostile)
    name = next(name for name in desk.names if "loud" in name)
    assert name == "<b> loud.txt"
    model = desk.page.browser.model
    entry = desk.entry(name)
    model._marks[desk.page.browser.model.contents.entries.index(entry)] = model.mark_at(
        desk.names.index("invoice.pdf.exe")
    )
    assert "&lt;b&gt; loud.txt" in model.index(desk.names.index(name), 0).data(Qt.ItemDataRole.ToolTipRole)


async def test_what_is_no_file_system_gets_a_page_that_says_so(desk: Desk, tmp_path: Path) -> None:
    blank = tmp_path / "blank.img"
    blank.write_bytes(bytes(1 << 20))
    await desk.add(blank)
    assert desk.page.currentWidget() is desk.page.pane
    assert "recognises nothing" in desk.page.pane.accessibleName()
    assert not desk.window.status.isolated
    await desk.press("Take it off the list")
    await desk.until(lambda: desk.item("blank.img") is None, "the image is off the list")
    assert desk.window.stack.currentWidget() is desk.window.welcome


async def test_an_image_that_is_not_there_gets_a_page_too(desk: Desk, tmp_path: Path) -> None:
    await desk.add(tmp_path / "gone.img")
    assert "is not there" in desk.page.pane.accessibleName()
    shutil.copy("resources/sample-stick.img", tmp_path / "gone.img")
    await desk.press("Try again")
    assert "README.txt" in desk.names


async def test_a_worker_that_dies_is_explained_and_replaced(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.open("Letters")
    assert desk.page.volume is not None
    os.kill(desk.page.volume.pid, signal.SIGKILL)
    await desk.until(lambda: desk.page.currentWidget() is desk.page.pane, "the error pane")
    assert "made a mistake" in desk.page.pane.accessibleName()
    item = desk.item("HOLIDAY")
    assert item is not None
    assert item.facts == "Something is wrong"
    await desk.press("Open it again")
    assert desk.path == ["HOLIDAY", "Letters"], "where one was"
    assert "2026" in desk.names


async def test_closing_a_volume_ends_its_worker_and_keeps_it_in_the_list(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    assert desk.page.volume is not None
    process = desk.page.volume.pid
    desk.window.actions_.close_volume.trigger()
    await desk.until(lambda: not Path(f"/proc/{process}").exists(), "the worker is gone")
    assert desk.window.stack.currentWidget() is desk.window.welcome
    await desk.choose("HOLIDAY")
    assert "README.txt" in desk.names


async def test_the_shield_shows_the_walls(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.window.status.walls_wanted.emit()
    assert desk.page.currentWidget() is desk.page.walls
    desk.page.walls.closed.emit()
    assert desk.page.shows_files


async def test_the_panel_tells_of_what_is_selected(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.window.actions_.properties.setChecked(True)
    desk.select("README.txt")
    await desk.until(lambda: "README.txt" in desk.reads(desk.window.properties), "the file's facts")
    assert desk.window.properties.isVisible()


async def test_the_window_comes_back_as_it_was_left(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    await desk.do("hidden")
    desk.window._save()
    await desk.do("hidden")
    desk.window._restore()
    assert desk.window.navigator.view.with_hidden
    assert desk.window.actions_.hidden.isChecked()


async def test_a_stick_with_several_volumes_names_them_below_it(desk: Desk, tmp_path: Path) -> None:
    image = sparse(tmp_path / "three.img", 64 << 20)
    partition(image, "label: dos\nstart=2048, size=32768, type=e\nstart=34816, size=32768, type=e\n")
    for place, label in ((2048, "WORK"), (34816, "PLAY")):
        make_fat(image, place * 512, 32768 * 512, "-n", label)
    await desk.add(image)
    assert [(item.sort, item.name, item.inner) for item in desk.items[-3:]] == [
        (Sort.STICK, "three.img", False),
        (Sort.PLACE, "WORK", True),
        (Sort.PLACE, "PLAY", True),
    ]
    assert desk.path == ["WORK"], "the first one is opened"
    await desk.choose("PLAY")
    assert desk.path == ["PLAY"]
    await desk.do("back")
    assert desk.path == ["WORK"]
