"""The dialog that lists deleted files: what it says of each, and what arrives of those that were chosen."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QMenu

from core.host.transfers import TransferState
from gui.panes.deleted import DeletedDialog
from tests.support.disks import run
from tests.support.exfat import blank_exfat
from tests.support.fat import blank_fat, mtools
from tests.support.window import Desk

CONTENT = random.Random(2).randbytes(5000)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Files that were deleted: one that is whole, one in a folder, and one that another lies on now."""
    image = blank_fat(tmp_path / "stick.img", 12 << 20, "-F", "16")
    source = tmp_path / "source"
    mtools("mmd", image, "::/folder")
    for path, content in (("one.bin", CONTENT), ("folder/two.txt", b"two"), ("folder/gone.txt", b"gone")):
        source.write_bytes(content)
        mtools("mcopy", image, source, f"::/{path}")
    mtools("mdel", image, "::/folder/gone.txt")
    source.write_bytes(b"x" * free_bytes(image))
    mtools("mcopy", image, source, "::/later.bin")
    mtools("mdel", image, "::/one.bin", "::/folder/two.txt")
    return image


def free_bytes(image: Path) -> int:
    return int(re.sub(r"\D", "", mtools("mdir", image, "::/").decode().splitlines()[-2]))


async def looked(desk: Desk, image: Path) -> DeletedDialog:
    """The dialog once it has looked."""
    await desk.add(image)
    desk.window.commands.deleted(desk.page.key)

    def found() -> list[DeletedDialog]:
        return [each for each in desk.window.findChildren(DeletedDialog) if each.isVisible()]

    await desk.until(found, "the dialog")
    (dialog,) = found()
    await desk.until(lambda: dialog._bar.isHidden(), "it has looked")
    return dialog


def rows(dialog: DeletedDialog) -> dict[str, str]:
    items = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    return {item.text(0).casefold(): item.text(2) for item in items if item is not None}


async def test_it_says_of_each_deleted_file_how_much_is_left(desk: Desk, image: Path) -> None:
    before = image.read_bytes()
    dialog = await looked(desk, image)
    assert rows(dialog) == {
        "/_ne.bin": "Whole, most likely",
        "/folder/_wo.txt": "Whole",
        "/folder/_one.txt": "Overwritten",
    }
    await desk.press("Close", dialog)
    await desk.settled()
    assert image.read_bytes() == before


async def test_what_is_chosen_arrives_in_a_folder(desk: Desk, tmp_path: Path, image: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    dialog = await looked(desk, image)
    assert not dialog._recover.isEnabled()
    await desk.press("Choose all", dialog)
    assert dialog._recover.isEnabled()
    await desk.press("Recover to…", dialog)
    (chooser,) = desk.window.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(out))
    chooser.close()
    (row,) = desk.window.transfers.rows
    await desk.until(lambda: row.work.job.state is TransferState.DONE, "it is over")
    assert row.work.job.problems == []
    assert sorted(path.read_bytes() for path in out.iterdir()) == sorted([CONTENT, b"two"])


async def test_a_volume_on_which_nothing_was_deleted_says_so(desk: Desk, tmp_path: Path) -> None:
    dialog = await looked(desk, blank_exfat(tmp_path / "stick.img", 8 << 20))
    assert dialog._title.text().startswith("No deleted file is known")
    assert not dialog._all.isEnabled()


async def test_the_menu_of_a_place_offers_it_where_deleted_files_can_be_found(
    desk: Desk, image: Path, tmp_path: Path
) -> None:
    await desk.add(image)
    assert "Deleted files…" in menu(desk)
    disc = tmp_path / "disc.iso"
    (tmp_path / "content").mkdir()
    run("genisoimage", "-quiet", "-o", disc, tmp_path / "content")
    await desk.add(disc)
    assert "Deleted files…" not in menu(desk)


def menu(desk: Desk) -> list[str]:
    desk.window.menus.of_place(desk.page.key, QPoint(0, 0))
    (shown,) = [each for each in desk.window.findChildren(QMenu) if each.isVisible()]
    texts = [action.text() for action in shown.actions()]
    shown.close()
    return texts
