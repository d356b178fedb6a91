"""From the pane of an error a person saves what lets somebody else see it too."""

from __future__ import annotations

import zipfile
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from core.errors import CorruptStructure
from core.host import capsule
from core.host.supervisor import Supervisor
from tests.support.fat import blank_fat, mtools
from tests.support.window import Desk


async def test_a_damaged_folder_is_saved_and_is_damaged_elsewhere_too(desk: Desk, tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 8 << 20, "-F", "16", "-s", "1", "-n", "BACKUP")
    mtools("mmd", image, "::/LOST")
    data = bytearray(image.read_bytes())
    at = data.find(b"LOST       ")
    data[at + 26 : at + 28] = b"\xf0\xff"
    image.write_bytes(data)
    await desk.add(image)
    await desk.open("LOST")
    assert desk.page.currentWidget() is desk.page.pane
    place = tmp_path / "report.zip"
    desk.page.pane._chosen(str(place))
    await desk.settled()
    assert "Saved as report.zip." in desk.reads(desk.page.pane)
    async with Supervisor() as supervisor:
        came = await capsule.load(place).replay(supervisor)
    assert isinstance(came[-1], CorruptStructure)


async def test_an_image_that_is_gone_is_saved_as_far_as_it_is_known(desk: Desk, tmp_path: Path) -> None:
    await desk.add(tmp_path / "none.img")
    assert desk.page.currentWidget() is desk.page.pane
    desk.page.pane._chosen(str(tmp_path / "report.zip"))
    await desk.settled()
    assert capsule.load(tmp_path / "report.zip").story.error.kind == "NotFound"


async def test_a_place_that_cannot_be_written_is_said(desk: Desk, tmp_path: Path) -> None:
    await desk.add(tmp_path / "none.img")
    desk.page.pane._chosen(str(tmp_path / "no folder" / "report.zip"))
    await desk.settled()
    assert "Not saved" in desk.reads(desk.page.pane)


async def test_a_capsule_for_strangers_tells_no_name(desk: Desk, tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 8 << 20, "-F", "16", "-s", "1", "-n", "BACKUP")
    mtools("mmd", image, "::/LOST", "::/DIVORCE")
    data = bytearray(image.read_bytes())
    at = data.find(b"LOST       ")
    data[at + 26 : at + 28] = b"\xf0\xff"
    image.write_bytes(data)
    await desk.add(image)
    await desk.open("LOST")
    pane = desk.page.pane
    pane._choose_file()
    (dialog,) = pane.findChildren(QFileDialog)
    (scrambled,) = (kind for kind in dialog.nameFilters() if "scrambled" in kind)
    dialog.selectNameFilter(scrambled)
    dialog.fileSelected.emit(str(tmp_path / "report.zip"))
    dialog.close()
    await desk.settled()
    assert "Saved as report.zip." in desk.reads(pane)
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        content = b"".join(map(archive.read, archive.namelist()))
    assert not any(name in content for name in (b"LOST", b"DIVORCE", b"BACKUP"))
    async with Supervisor() as supervisor:
        came = await capsule.load(tmp_path / "report.zip").replay(supervisor)
    assert isinstance(came[-1], CorruptStructure)


async def test_where_names_cannot_be_scrambled_that_is_not_offered(desk: Desk, tmp_path: Path) -> None:
    await desk.add(tmp_path / "none.img")
    pane = desk.page.pane
    pane._choose_file()
    (dialog,) = pane.findChildren(QFileDialog)
    assert len(dialog.nameFilters()) == 2
    dialog.close()


async def test_it_is_saved_though_its_tab_is_closed_meanwhile(desk: Desk, tmp_path: Path) -> None:
    await desk.choose("HOLIDAY")
    await desk.do("new_tab")
    await desk.add(tmp_path / "none.img")
    gone: list[bool] = []
    desk.page.destroyed.connect(lambda: gone.append(True))
    desk.page.pane._chosen(str(tmp_path / "report.zip"))
    desk.window.actions_.close_tab.trigger()
    await desk.until(lambda: gone, "Qt has destroyed the page")
    await desk.settled()
    assert (tmp_path / "report.zip").exists()
    assert "Saved as report.zip." in desk.reads(desk.window.question)
