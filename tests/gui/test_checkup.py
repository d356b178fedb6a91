"""The dialog that checks a volume: what it says of real images, and what a repair leaves for fsck to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from gui.panes.checkup import CheckupDialog
from tests.support.exfat_damage import DAMAGES as EXFAT_DAMAGES
from tests.support.exfat_damage import Victim
from tests.support.fat_damage import DAMAGES, Image
from tests.support.fsck import complaints, exfat_complaints
from tests.support.window import Desk


async def checkup(desk: Desk, image: Path) -> CheckupDialog:
    """The dialog once it has looked."""
    await desk.add(image)
    desk.window.commands.check(desk.page.key)

    def found() -> list[CheckupDialog]:
        return [each for each in desk.window.findChildren(CheckupDialog) if each.isVisible()]

    await desk.until(found, "the dialog")
    (dialog,) = found()
    await desk.until(lambda: dialog._bar.isHidden(), "it has looked")
    return dialog


@pytest.fixture
def image(tmp_path: Path) -> Image:
    image = Image(tmp_path / "stick.img", 16)
    for name in ("lost", "shared", "dirty"):
        DAMAGES[name].do(image)
    return image


def lines(dialog: CheckupDialog) -> list[str]:
    return [dialog._list.item(row).text() for row in range(dialog._list.count())]


async def test_it_says_what_is_wrong_and_what_becomes_of_it_and_changes_nothing(
    desk: Desk, image: Image
) -> None:
    before = image.path.read_bytes()
    dialog = await checkup(desk, image.path)
    shared = "A part of it belongs to another file too. Will get a copy of that part for itself."
    assert f"/folder/three.txt: {shared}" in [
        line.replace("THREE.TXT", "three.txt") for line in lines(dialog)
    ]
    assert dialog._mend.isVisible() and dialog._keep.isVisible()
    await desk.press("Close", dialog)
    await desk.settled()
    assert image.path.read_bytes() == before
    assert "one.txt" in [name.casefold() for name in desk.names]


async def test_a_repair_satisfies_fsck_and_the_files_are_shown_again(desk: Desk, image: Image) -> None:
    dialog = await checkup(desk, image.path)
    dialog._keep.setChecked(True)
    await desk.until(lambda: any("FILE0000.CHK" in line for line in lines(dialog)), "lost clusters are kept")
    await desk.until(lambda: dialog._bar.isHidden(), "it has looked again")
    gone: list[None] = []
    dialog.destroyed.connect(lambda: gone.append(None))
    await desk.press("Repair", dialog)
    await desk.until(lambda: gone, "it is done")
    await desk.settled()
    assert complaints(image.path) == []
    assert "FILE0000.CHK" in desk.names
    assert "is repaired, and nothing is wrong with it now." in desk.reads(desk.window.question)


async def test_exfat_is_checked_and_repaired_too(desk: Desk, tmp_path: Path) -> None:
    victim = Victim()
    EXFAT_DAMAGES["many"].do(victim)
    image = victim.stick.write(tmp_path / "stick.img")
    dialog = await checkup(desk, image)
    gone: list[None] = []
    dialog.destroyed.connect(lambda: gone.append(None))
    await desk.press("Repair", dialog)
    await desk.until(lambda: gone, "it is done")
    await desk.settled()
    assert exfat_complaints(image) == []


async def test_a_sound_volume_has_nothing_to_repair(desk: Desk, tmp_path: Path) -> None:
    dialog = await checkup(desk, Image(tmp_path / "stick.img", 12).path)
    assert "Nothing is wrong with" in dialog._title.text()
    assert dialog._mend.isHidden() and dialog._list.isHidden()
    await desk.press("Close", dialog)
    await desk.settled()
