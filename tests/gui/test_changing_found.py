"""What a search has found lies in many folders, and is changed where it lies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from tests.support.disks import run
from tests.support.fat import blank_fat, mtools
from tests.support.window import Desk

FILES = ("same.txt", "deep/er/same.txt", "deep/other.txt", "deep/er/mail.txt")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Two files of the same name, one of them in the root."""
    source = tmp_path / "source"
    for name in FILES:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(name)
    image = blank_fat(tmp_path / "stick.img", 16 << 20, "-n", "TRAVEL")
    mtools("mcopy", image, "-s", *sorted(source.iterdir()), "::/")
    return image


@pytest_asyncio.fixture
async def travel(desk: Desk, image: Path) -> AsyncIterator[Desk]:
    """The window with that stick on screen; sound to fsck when it is over."""
    await desk.add(image)
    yield desk
    for stick in desk.window._sticks.sticks:
        for volume in stick.volumes:
            await volume.close()
    run("fsck.fat", "-n", image)


async def search(desk: Desk, text: str) -> None:
    desk.page.search(text)
    await desk.settled()


async def stand_on(desk: Desk, place: str) -> None:
    """The match of that path."""
    results, browser = desk.page.browser.results, desk.page.browser
    assert results is not None
    entries = browser.model.contents.entries
    wanted = next(
        entry for entry in entries if f"{results.place_of(entry).rstrip('/')}/{entry.name}" == place
    )
    browser.select(wanted.node)
    desk.window._refresh()


async def renewed(desk: Desk) -> None:
    await desk.until(lambda: not desk.page._search_again.isActive(), "it is looked for anew")
    await desk.settled()


async def test_a_match_gets_another_name_and_stays_where_it_lies(travel: Desk, image: Path) -> None:
    await search(travel, "mail")
    await stand_on(travel, "/deep/er/mail.txt")
    await travel.do("rename")
    (editor,) = travel.page.browser.view.findChildren(QLineEdit)
    editor.setText("mail of Anna.txt")
    gone: list[None] = []
    editor.destroyed.connect(lambda: gone.append(None))
    QTest.keyClick(editor, Qt.Key.Key_Return)
    await travel.until(lambda: gone, "the name has been typed")
    await travel.settled()
    assert mtools("mtype", image, "::/deep/er/mail of Anna.txt") == b"deep/er/mail.txt"
    await renewed(travel)
    assert travel.names == ["mail of Anna.txt"]


async def test_a_match_that_is_deleted_is_the_one_that_was_selected(travel: Desk, image: Path) -> None:
    await search(travel, "same")
    await stand_on(travel, "/deep/er/same.txt")
    travel.window.actions_.delete.trigger()
    choices = travel.window.editing.choices
    await travel.until(choices.isVisible, "the question is there")
    button = next(each for each in choices.findChildren(QPushButton) if each.text().startswith("Delete"))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    await travel.settled()
    await renewed(travel)
    assert travel.names == ["same.txt"]
    assert mtools("mtype", image, "::/same.txt") == b"same.txt"
    assert mtools("mdir", image, "-b", "::/deep/er").decode().split() == ["::/deep/er/mail.txt"]


async def test_a_match_that_is_cut_and_pasted_is_not_another_file_of_its_name(
    travel: Desk, image: Path
) -> None:
    await search(travel, "same")
    await stand_on(travel, "/deep/er/same.txt")
    await travel.do("cut")
    await search(travel, "")
    travel.page.go_to("/deep")
    await travel.settled()
    await travel.do("paste")
    assert mtools("mtype", image, "::/deep/same.txt") == b"deep/er/same.txt"
    assert mtools("mtype", image, "::/same.txt") == b"same.txt"


async def test_nothing_is_put_among_matches_for_they_are_no_folder(travel: Desk) -> None:
    await search(travel, "same")
    await stand_on(travel, "/same.txt")
    actions = travel.window.actions_
    assert actions.copy.isEnabled()
    assert not actions.paste.isEnabled() and not actions.new_folder.isEnabled()
    travel.page.browser.view.selectAll()
    travel.window._refresh()
    assert actions.copy_to.isEnabled() and actions.copy.isEnabled(), "they go from wherever they lie"
