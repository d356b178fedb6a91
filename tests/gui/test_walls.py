"""The shield's page: every wall in words, and a test that a person can run."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.host.supervisor import ATTEMPTS, LayerReport, Supervisor
from gui.tasks import Tasks
from gui.walls import WALLS, WallsPage
from tests.support.qt_loop import run


def volume(layers: Iterable[str]) -> Any:
    return SimpleNamespace(layers=dict.fromkeys(layers, "as it stands"), pid=4711)


def said(page: WallsPage) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]


@pytest.fixture
def page(qtbot: QtBot) -> WallsPage:
    page = WallsPage(Supervisor(), Tasks())
    qtbot.addWidget(page)
    page.resize(700, 1000)
    page.show()
    return page


def test_each_wall_is_one_line_that_a_person_understands(page: WallsPage) -> None:
    page.show_volume(volume(WALLS), "HOLIDAY")
    shown = said(page)
    assert f"“HOLIDAY” is read behind {len(WALLS)} walls." in shown
    assert {wall.title() for wall in WALLS.values()} <= set(shown)
    assert {wall.meaning() for wall in WALLS.values()} <= set(shown)


def test_a_missing_wall_is_named_before_those_that_stand(page: WallsPage) -> None:
    page.show_volume(volume(set(WALLS) - {"Landlock", "unprivileged user"}), "HOLIDAY")
    shown = said(page)
    missing = [line for line in shown if line.startswith("Not in force")]
    assert missing == ["Not in force: “No file is within its reach”"]
    assert shown.index(missing[0]) < shown.index(WALLS["seccomp"].title())


def test_a_wall_that_the_page_does_not_know_is_shown_all_the_same(page: WallsPage) -> None:
    page.show_volume(volume(["seccomp", "moat\u202e"]), "HOLIDAY")
    assert "moat\ufffd" in said(page)


def test_a_hole_is_not_talked_down(page: WallsPage) -> None:
    page.show_volume(volume(WALLS), "HOLIDAY")
    page.show_test([LayerReport("open a file", False, "it went through", proved=False)])
    assert any(line.startswith("The attempt to break out went through.") for line in said(page))


def test_the_walls_of_this_machine_hold(qapp: QApplication, qtbot: QtBot) -> None:
    async def story() -> None:
        tasks = Tasks()
        async with Supervisor() as supervisor:
            page = WallsPage(supervisor, tasks)
            qtbot.addWidget(page)
            page.show()
            page.show_volume(volume(WALLS), "HOLIDAY")
            (button,) = page.findChildren(QPushButton)
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
            assert not button.isEnabled()
            await tasks.settled()
            assert button.isEnabled()
            pages.append(page)

    pages: list[WallsPage] = []
    run(qapp, story())
    shown = said(pages[0])
    assert f"All {len(ATTEMPTS)} attempts to break out were refused." in shown
    assert "It tried to open a file" in shown


def test_every_layer_that_a_worker_reports_has_words(qapp: QApplication) -> None:
    async def story() -> None:
        async with Supervisor() as supervisor:
            layers = [report.name for report in await supervisor.inspect() if report.proved is None]
        assert set(layers) <= set(WALLS)

    run(qapp, story())
