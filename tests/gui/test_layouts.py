"""Each volume is looked at as it was the last time: view, order, columns and their widths."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QMenu

from core.entry import VolumeFacts
from gui.browser.layouts import MOST, Layout, Layouts, Mode
from gui.browser.order import Column
from tests.support.pasting import filled
from tests.support.window import Desk

needs_mtools = pytest.mark.skipif(not shutil.which("mcopy"), reason="needs mtools")


def shown(desk: Desk) -> list[str]:
    """The titles, from the left."""
    header = desk.page.browser.details.header()
    sections = [header.logicalIndex(place) for place in range(header.count())]
    model = desk.page.browser.model
    return [
        str(model.headerData(section, Qt.Orientation.Horizontal))
        for section in sections
        if not header.isSectionHidden(section)
    ]


def menu(desk: Desk) -> QMenu:
    return next(menu for menu in desk.window.findChildren(QMenu) if menu.isVisible())


async def again(desk: Desk, name: str) -> None:
    """Closes a volume, and comes back to it in a tab that knows nothing of it, as the next run would."""
    desk.window.navigator._layouts = Layouts()
    await desk.do("close_volume")
    await desk.choose(name)
    await desk.do("new_tab")
    await desk.choose(name)


@needs_mtools
async def test_the_view_of_one_stick_is_not_that_of_another(desk: Desk, tmp_path: Path) -> None:
    travel = filled(tmp_path, "TRAVEL")
    await desk.choose("HOLIDAY")
    await desk.do("icons")
    await desk.add(travel)
    assert desk.page.browser.mode is Mode.ICONS, "a stick never seen begins as the last one was left"
    await desk.do("details")
    desk.window.actions_.columns[Column.SIZE].trigger()
    desk.window.actions_.reversed.trigger()
    await desk.settled()
    await again(desk, "HOLIDAY")
    assert desk.page.browser.mode is Mode.ICONS
    assert desk.window.actions_.icons.isChecked()
    assert desk.window.actions_.columns[Column.NAME].isChecked()
    await again(desk, "TRAVEL")
    assert desk.page.browser.mode is Mode.DETAILS
    assert desk.names == ["trip", "zoo", "letter.txt", "beach.jpg"]
    assert desk.window.actions_.columns[Column.SIZE].isChecked()
    assert desk.window.actions_.reversed.isChecked()


async def test_columns_are_hidden_moved_and_widened_and_stay_so(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    assert shown(desk) == ["Name", "Size", "Type", "Modified"]
    header = desk.page.browser.details.header()
    place = QPoint(header.sectionPosition(0) + 20, header.height() // 2)
    header.customContextMenuRequested.emit(place)
    names = [action.text() for action in menu(desk).actions() if action.text()]
    assert names == ["Size", "Type", "Modified", "The usual columns"]
    next(action for action in menu(desk).actions() if action.text() == "Type").trigger()
    menu(desk).close()
    header.moveSection(header.visualIndex(Column.MODIFIED), header.visualIndex(Column.SIZE))
    header.resizeSection(Column.SIZE, 222)
    assert shown(desk) == ["Name", "Modified", "Size"]
    await desk.do("icons")
    await desk.do("details")
    assert shown(desk) == ["Name", "Modified", "Size"]
    await again(desk, "HOLIDAY")
    assert shown(desk) == ["Name", "Modified", "Size"]
    header = desk.page.browser.details.header()
    assert header.sectionSize(Column.SIZE) == 222
    desk.page.browser.details.columns.reset()
    assert shown(desk) == ["Name", "Size", "Type", "Modified"]
    assert header.sectionSize(Column.SIZE) < 222


async def test_a_column_that_makes_room_in_a_narrow_window_is_not_hidden_for_good(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.window.resize(580, 500)
    await desk.settled()
    assert shown(desk) == ["Name", "Size"]
    assert desk.page.browser.layout_.columns == (Column.NAME, Column.SIZE, Column.TYPE, Column.MODIFIED)
    desk.window.resize(1200, 500)
    await desk.settled()
    assert shown(desk) == ["Name", "Size", "Type", "Modified"]


async def test_the_columns_are_in_the_menu_of_the_folder_for_the_keyboard(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.page.browser.selection.clear()
    desk.window.menus.of_files(QPoint(50, 50))
    inner = next(action.menu() for action in menu(desk).actions() if action.text() == "Columns")
    assert isinstance(inner, QMenu)
    next(action for action in inner.actions() if action.text() == "Modified").trigger()
    menu(desk).close()
    assert shown(desk) == ["Name", "Size", "Type"]


def facts(label: str, uuid: str = "1234-ABCD") -> VolumeFacts:
    return VolumeFacts("fat", "FAT16", 0, label, uuid)


def test_only_so_many_volumes_are_remembered_and_the_one_longest_unseen_is_forgotten() -> None:
    layouts = Layouts()
    layouts.keep(facts("first"), Layout(descending=True))
    for number in range(MOST - 1):
        layouts.keep(facts(str(number)), Layout())
    assert layouts.of(facts("first")).descending, "and seen again, it is not the next to be forgotten"
    layouts.keep(facts("one more"), Layout())
    kept = Layouts()
    assert kept.of(facts("first")).descending
    assert len(kept._known) == MOST
    assert kept.of(facts("first", "other")) == Layout(), "the label alone says nothing"


def test_names_of_sticks_are_not_kept_where_anybody_reads_them() -> None:
    Layouts().keep(facts("MY SECRET\ud800", "1234-ABCD"), Layout())
    settings = QSettings()
    written = " ".join(str(settings.value(key)) for key in settings.allKeys())
    assert "SECRET" not in written and "1234" not in written


def test_a_volume_that_says_nothing_of_itself_is_looked_at_as_usual() -> None:
    layouts = Layouts()
    layouts.keep(facts("", ""), Layout(mode=Mode.ICONS))
    assert layouts._known == {}
    assert layouts.of(facts("", "")).mode is Mode.ICONS


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '[{"volume": 1}]', '[{"volume": "x", "layout": {"mode": 7}}]']
)
def test_settings_that_make_no_sense_are_no_settings(text: str) -> None:
    QSettings().setValue("view/volumes", text)
    QSettings().setValue("view/usual", text)
    assert Layouts().usual == Layout()
    assert Layouts()._known == {}


def test_a_layout_is_the_same_after_it_was_written_and_read() -> None:
    layout = Layout(Mode.ICONS, Column.SIZE, True, (Column.NAME, Column.SIZE), {Column.SIZE: 200})
    assert msgspec.json.decode(msgspec.json.encode(layout), type=Layout) == layout
