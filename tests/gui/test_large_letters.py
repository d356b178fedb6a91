"""Somebody who needs large letters, in a small window: names are there to be read, and no sentence is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from core.errors import DeviceGone, MediumError
from gui.browser.order import Column
from gui.mainwindow.welcome import Welcome
from gui.panes.deleted import DeletedDialog
from gui.panes.error import ErrorPane
from gui.panes.flow import Flow
from tests.gui import gallery
from tests.gui.studio import Studio, studio_in
from tests.support.languages import speaking
from tests.support.window import Desk
from tests.support.words import clipped


@pytest.fixture
def large(qapp: QApplication) -> Iterator[None]:
    before = qapp.font()
    font = qapp.font()
    font.setPointSize(18)
    qapp.setFont(font)
    yield
    qapp.setFont(before)


def _error(error: MediumError | DeviceGone) -> ErrorPane:
    pane = ErrorPane()
    pane.show_error(error, "HOLIDAY")
    return pane


@pytest.mark.parametrize(
    "make",
    [Welcome, lambda: _error(MediumError(4096, 512)), lambda: _error(DeviceGone())],
    ids=["welcome", "medium", "gone"],
)
def test_no_sentence_of_a_page_is_cut(qapp: QApplication, large: None, make: Callable[[], QWidget]) -> None:
    with speaking(qapp, "de"):
        page = make()
        page.resize(460, 400)
        page.show()
        qapp.processEvents()
        found = list(clipped(page))
        page.hide()
        page.deleteLater()
    assert found == []


@pytest.mark.parametrize("name", ["question-700", "held-ours-700", "held-others-700", "walls"])
def test_no_sentence_of_a_bar_is_cut(qapp: QApplication, large: None, name: str) -> None:
    make, width = next((make, width) for known, make, width, _ in gallery.pictures() if known == name)
    with speaking(qapp, "de"):
        pane = make()
        pane.resize(width, 900)
        pane.show()
        qapp.processEvents()
        found = list(clipped(pane))
        pane.hide()
        pane.deleteLater()
    assert found == []


async def test_dialogs_are_as_wide_as_their_words(
    qapp: QApplication, collector: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: None
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    found: list[str] = []
    with speaking(qapp, "de"):
        async with studio_in(tmp_path, [], Studio) as studio:
            desk, commands = studio.desk, studio.desk.window.commands
            await studio.plug()
            for ask in (
                commands.format,
                partial(commands.deleted, desk.page.key),
                desk.window.actions_.keys.trigger,
            ):
                ask()
                await desk.settled()
                (dialog,) = (each for each in desk.window.findChildren(QDialog) if each.isVisible())
                found += clipped(dialog)
                dialog.reject()
                await desk.settled()
    assert found == []


async def test_where_nothing_was_deleted_no_empty_list_is_shown(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.window.commands.deleted(desk.page.key)
    await desk.settled()
    (dialog,) = desk.window.findChildren(DeletedDialog)
    assert not dialog.list.isVisible()
    dialog.reject()


async def test_the_walls_can_be_read(desk: Desk, large: None) -> None:
    desk.window.resize(700, 480)
    await desk.choose("HOLIDAY")
    await desk.do("walls")
    await desk.settled()
    assert list(clipped(desk.page.walls)) == []


async def test_names_keep_their_room_and_the_date_goes_first(desk: Desk, large: None) -> None:
    desk.window.resize(700, 480)
    await desk.choose("HOLIDAY")
    view = desk.page.browser.details
    letters = view.columnWidth(Column.NAME) / view.fontMetrics().averageCharWidth()
    assert letters > 20
    assert view.isColumnHidden(Column.MODIFIED)
    assert desk.window.toolbar.breadcrumb.width() > desk.window.toolbar.field.width()


def test_a_row_goes_on_below_where_it_finds_no_room(qapp: QApplication) -> None:
    ground = QWidget()
    row = Flow(10, right=1)
    ground.setLayout(row)
    boxes = [QWidget() for _ in range(3)]
    for box in boxes:
        box.setFixedSize(100, 20)
        row.addWidget(box)
    ground.resize(400, 100)
    ground.show()
    qapp.processEvents()
    assert [(box.x(), box.y()) for box in boxes] == [(0, 0), (190, 0), (300, 0)]
    ground.resize(215, 100)
    qapp.processEvents()
    assert [(box.x(), box.y()) for box in boxes] == [(0, 0), (115, 0), (115, 30)]
    assert row.heightForWidth(215) == 50
    ground.deleteLater()
