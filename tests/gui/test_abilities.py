"""What is offered for a volume is what can be done with it, and else it is said why not before one types."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit, QMenu

from core.errors import DeviceGone, UnsupportedFeature
from core.fs.registry import MENDERS, WRITERS
from gui.abilities import CHANGED
from gui.mainwindow.sidebar_model import briefly
from gui.wording import Ask, explain
from tests.support.ext import ext_image
from tests.support.fat import blank_fat
from tests.support.window import Desk


def test_the_window_knows_which_file_systems_are_written() -> None:
    assert {driver.name for driver in WRITERS} == {driver.name for driver in MENDERS} == CHANGED


@pytest.fixture
def linux(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    (tmp_path / "source/letter.txt").write_text("x")
    return ext_image(tmp_path / "linux.img", 8 << 20, "-L", "LINUX", source=tmp_path / "source")


def _offered(desk: Desk) -> list[str]:
    desk.window.menus.of_place(desk.page.key, QPoint(0, 0))
    (menu,) = (each for each in desk.window.findChildren(QMenu) if each.isVisible())
    words = [action.text() for action in menu.actions()]
    menu.close()
    return words


async def test_a_volume_that_is_only_read_says_so_and_is_offered_no_repair(desk: Desk, linux: Path) -> None:
    await desk.add(linux)
    assert "read-only" in desk.reads(desk.window.status)
    assert not {"Check…", "Deleted files…"} & set(_offered(desk))
    await desk.choose("HOLIDAY")
    assert "read-only" not in desk.reads(desk.window.status)
    assert {"Check…", "Deleted files…"} <= set(_offered(desk))


async def test_an_empty_folder_says_how_files_come_into_it_where_they_can(desk: Desk, tmp_path: Path) -> None:
    await desk.add(blank_fat(tmp_path / "empty.img", 8 << 20))
    assert desk.reads(desk.page.browser) == "This folder is empty.\nDrop files here, or paste them."
    (tmp_path / "source/inner").mkdir(parents=True)
    await desk.add(ext_image(tmp_path / "linux.img", 8 << 20, source=tmp_path / "source"))
    await desk.open("inner")
    assert desk.reads(desk.page.browser) == "This folder is empty."


async def test_no_name_can_be_typed_where_none_can_be_kept(desk: Desk, linux: Path) -> None:
    await desk.add(linux)
    desk.select("letter.txt")
    await desk.until(desk.window.actions_.rename.isEnabled, "one is selected")
    await desk.do("rename")
    assert not desk.page.browser.view.findChildren(QLineEdit)
    assert desk.window.question.accessibleName() == "Nothing can be written to “LINUX”."


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("a Linux volume encrypted with LUKS", "“WORK” is encrypted with LUKS."),
        ("a Windows volume encrypted with BitLocker", "“WORK” is encrypted with BitLocker."),
    ],
)
def test_an_encrypted_stick_is_called_so_and_it_is_said_where_it_opens(name: str, title: str) -> None:
    error = UnsupportedFeature(name)
    told = explain(error, "WORK")
    assert told.title == title
    assert "password" in told.advice
    assert [action.id for action in told.actions] == [Ask.FORGET, Ask.RETRY]
    assert briefly(error) == "Encrypted"


def test_a_stick_that_was_pulled_out_at_rest_alarms_nobody() -> None:
    assert explain(DeviceGone(), "HOLIDAY").unsafe.endswith("if anything was.")


async def test_a_stick_without_a_label_has_the_name_of_its_file_and_not_of_a_file_system(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.add(ext_image(tmp_path / "backup.img", 8 << 20))
    assert desk.page.name == "backup.img"
