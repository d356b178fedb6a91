"""What goes wrong around a window that is worth keeping: it says so, loses nothing, and goes on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

from core.host.jobs import TransferState
from gui import formats
from tests.support import ext
from tests.support.disks import run, small_file_system
from tests.support.fat import blank_fat
from tests.support.lag import INTERVAL, Lag
from tests.support.pasting import read, titles, urls
from tests.support.window import Desk

pytestmark = pytest.mark.skipif(not shutil.which("mcopy"), reason="needs mtools")

MANY = 10_000


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    with small_file_system(tmp_path / "small") as folder:
        yield folder


async def copy_out(desk: Desk, folder: Path, *names: str) -> str:
    """What the strip says of it in the end."""
    assert desk.page.volume is not None
    job = desk.window.outgoing.copy_to(desk.page.volume, [desk.entry(name) for name in names], folder)
    await desk.settled()
    assert job.state is TransferState.FAILED
    return " ".join(titles(desk))


async def test_a_full_disk_of_the_host_is_told_before_the_first_byte(travel: Desk, small: Path) -> None:
    (small / "taken").write_bytes(bytes(4 << 20))
    said = await copy_out(travel, small, "trip", "letter.txt")
    assert "room" in said or "full" in said
    assert [path.name for path in small.iterdir()] == ["taken"]
    assert travel.page.shows_files, "the stick is as it was"


async def test_a_folder_of_the_host_that_may_not_be_written_to_is_told(travel: Desk, small: Path) -> None:
    run("mount", "-o", "remount,ro", small)
    said = await copy_out(travel, small, "letter.txt")
    assert "You may not write where “letter.txt” should go." in said
    assert travel.page.shows_files


async def test_a_stick_whose_folders_are_written_over_behind_its_back_says_so(
    travel: Desk, stick: Path
) -> None:
    await travel.open("trip")
    await travel.do("up")
    content = stick.read_bytes()
    place = content.index(b"LETTER  TXT")
    with stick.open("r+b") as file:
        file.seek(place - place % 512)
        file.write(bytes([0xFF]) * 4096)
    await travel.page.stick_volume.close()  # type: ignore[union-attr]
    await travel.do("reload")
    assert not travel.page.shows_files or travel.page.browser.notice.text or "letter.txt" not in travel.names
    with stick.open("r+b") as file:
        file.write(content)
    await travel.page.stick_volume.close()  # type: ignore[union-attr]
    await travel.do("reload")
    assert travel.names == ["trip", "zoo", "beach.jpg", "letter.txt"], "and goes on when it is sound again"


async def test_a_folder_that_goes_while_one_is_in_it_leads_to_the_one_above(travel: Desk) -> None:
    await travel.open("trip")
    await travel.open("day 1")
    at = travel.page.stick_volume
    assert at is not None
    changes, volume = await at.changes(), await at.open()
    await changes.remove((await volume.resolve("trip")).node, recursive=True)
    travel.page.hear_of_uprooting()
    await travel.settled()
    assert travel.path == ["TRAVEL"]
    assert "trip" not in travel.names


@ext.needs_e2fsprogs
async def test_a_name_that_is_no_text_is_shown_and_leaves_the_stick_under_one_that_is(
    desk: Desk, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "plain.txt").write_bytes(b"plain")
    Path(os.fsdecode(bytes(source) + b"/caf\xe9 \xff.txt")).write_bytes(b"coffee")
    image = ext.ext_image(tmp_path / "odd.img", 8 << 20, source=source)
    await desk.add(image)
    odd = next(name for name in desk.names if name != "plain.txt" and name.startswith("caf"))
    assert odd.endswith(".txt") and odd.isprintable()
    out = tmp_path / "out"
    out.mkdir()
    assert desk.page.volume is not None
    entry = next(entry for entry in desk.page.browser.model.contents.entries if entry.name.startswith("caf"))
    desk.window.outgoing.copy_to(desk.page.volume, [entry], out)
    await desk.settled()
    (arrived,) = out.iterdir()
    assert arrived.read_bytes() == b"coffee"
    arrived.name.encode()


async def test_ten_thousand_files_are_dropped_at_once(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "many"
    source.mkdir()
    for number in range(MANY):
        (source / f"{number:05}.txt").touch()
    stick = blank_fat(tmp_path / "big.img", 64 << 20, "-F", "32", "-s", "1", "-n", "BIG")
    await desk.add(stick)
    lag = Lag()
    with lag.watched():
        desk.page.browser.dropped.emit(urls(*source.iterdir()), None, False)
        browser = desk.page.browser
        await desk.until(lambda: browser.model.rowCount() == MANY, "all of them are there")
        await desk.settled()
    assert f"Copied {formats.number(MANY)} items to “BIG”." in titles(desk)
    computed = sum(stretch.busy for stretch in lag.stretches)
    assert max(stretch.busy for stretch in lag.stretches) <= computed / 4, lag.figures()
    assert max(stretch.asleep for stretch in lag.stretches) <= 50 * INTERVAL, lag.figures()


async def test_a_folder_that_is_dropped_onto_itself_stays_what_it_is(travel: Desk, stick: Path) -> None:
    travel.select("trip")
    travel.window.editing._note_drag(travel.page)
    travel.page.browser.dropped.emit(QMimeData(), travel.entry("trip"), True)
    await travel.settled()
    assert not travel.window.question.isVisible(), "a hand that slips needs no lecture"
    assert read(stick, "trip/day 1/a.txt") == b"trip/day 1/a.txt" * 10
    assert travel.names == ["trip", "zoo", "beach.jpg", "letter.txt"]


async def test_a_folder_that_is_moved_into_one_below_it_is_refused(travel: Desk, stick: Path) -> None:
    await travel.do("split")
    left, right = travel.window.navigator.halves
    await travel.open("trip")
    await travel.open("day 1")
    await travel.do("other_half")
    travel.select("trip")
    travel.window.editing._note_drag(left.tab.page)  # type: ignore[arg-type]
    right.tab.page.browser.dropped.emit(QMimeData(), None, True)  # type: ignore[union-attr]
    await travel.settled()
    assert "cannot be moved into itself" in travel.reads(travel.window.question)
    assert read(stick, "trip/day 1/a.txt") == b"trip/day 1/a.txt" * 10


async def test_a_folder_that_is_copied_into_itself_comes_there_once(travel: Desk, stick: Path) -> None:
    travel.select("trip")
    await travel.until(travel.window.actions_.copy.isEnabled, "it can be copied")
    await travel.do("copy")
    await travel.open("trip")
    await travel.do("paste")
    assert travel.names == ["day 1", "trip"]
    await travel.open("trip")
    assert travel.names == ["day 1"], "not itself again, and again"
    assert read(stick, "trip/trip/day 1/a.txt") == b"trip/day 1/a.txt" * 10
    QApplication.clipboard().clear()
