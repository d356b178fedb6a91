"""Files go from one folder of a stick to another, and from stick to stick: real images, read by mtools."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

from core.host.changes import Changes
from core.host.supervisor import Supervisor
from gui.clipboard import KDE, OURS
from gui.garbage import Collector
from gui.start import open_window
from tests.support.fat import blank_fat, mtools
from tests.support.pasting import answer, read, selected, titles
from tests.support.window import Desk, NoSticks

pytestmark = pytest.mark.skipif(not shutil.which("mcopy"), reason="needs mtools")


async def test_cut_and_paste_on_one_stick_moves_by_name_alone(
    travel: Desk, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **__: object) -> None:
        raise AssertionError("bytes were copied")

    monkeypatch.setattr(Changes, "store", never)
    travel.select("trip", "letter.txt")
    travel.window.actions_.cut.setEnabled(True)
    await travel.do("cut")
    assert set(QApplication.clipboard().mimeData().formats()) >= {OURS, KDE}
    await travel.open("zoo")
    await travel.do("paste")
    assert travel.names == ["trip", "letter.txt", "z"]
    assert selected(travel) == ["trip", "letter.txt"]
    assert read(stick, "zoo/trip/day 1/a.txt") == b"trip/day 1/a.txt" * 10
    await travel.do("up")
    assert travel.names == ["zoo", "beach.jpg"]
    await travel.do("paste")
    assert "no files on the clipboard" in travel.reads(travel.window.question), "it can be pasted only once"


async def test_a_move_onto_a_name_that_is_taken_asks(travel: Desk, stick: Path) -> None:
    await travel.open("zoo")
    travel.select("z")
    travel.window.actions_.copy.setEnabled(True)
    await travel.do("copy")
    await travel.do("up")
    await travel.do("paste")
    assert "z" in travel.names
    travel.select("z")
    travel.window.actions_.cut.setEnabled(True)
    await travel.do("cut")
    await travel.open("zoo")
    travel.window.actions_.paste.trigger()
    await answer(travel, "keep both")
    await travel.settled()
    assert travel.names == ["z", "z (2)"]


async def test_a_folder_is_not_moved_into_itself(travel: Desk) -> None:
    travel.select("trip")
    travel.window.actions_.cut.setEnabled(True)
    await travel.do("cut")
    await travel.open("trip")
    await travel.do("paste")
    assert "cannot be moved into itself" in travel.reads(travel.window.question)


async def test_what_was_copied_and_then_deleted_is_missed_by_name(travel: Desk) -> None:
    travel.select("letter.txt")
    travel.window.actions_.copy.setEnabled(True)
    await travel.do("copy")
    changes = await travel.page.stick_volume.changes()  # type: ignore[union-attr]
    await changes.remove(travel.entry("letter.txt").node)
    await travel.open("zoo")
    await travel.do("paste")
    assert "“letter.txt” is not there any more." in travel.reads(travel.window.question)


@pytest.mark.parametrize("cut", [False, True])
async def test_files_go_from_one_stick_to_another(
    travel: Desk, stick: Path, tmp_path: Path, cut: bool
) -> None:
    other = blank_fat(tmp_path / "other.img", 16 << 20, "-n", "OTHER")
    travel.select("trip", "letter.txt")
    action = "cut" if cut else "copy"
    getattr(travel.window.actions_, action).setEnabled(True)
    await travel.do(action)
    await travel.add(other)
    assert travel.path == ["OTHER"]
    await travel.do("paste")
    assert travel.names == ["trip", "letter.txt"]
    assert read(other, "trip/day 1/a.txt") == b"trip/day 1/a.txt" * 10
    await travel.choose("TRAVEL")
    left = ["zoo", "beach.jpg"] if cut else ["trip", "zoo", "beach.jpg", "letter.txt"]
    assert travel.names == left
    verb = "Moved" if cut else "Copied"
    assert f"{verb} 2 items to “OTHER”." in titles(travel)


async def test_a_move_that_was_not_whole_leaves_everything_where_it_was(travel: Desk, tmp_path: Path) -> None:
    changes = await travel.page.stick_volume.changes()  # type: ignore[union-attr]
    other = blank_fat(tmp_path / "other.img", 16 << 20, "-n", "OTHER")
    (tmp_path / "letter.txt").write_bytes(b"there already")
    mtools("mcopy", other, tmp_path / "letter.txt", "::/")
    travel.select("beach.jpg", "letter.txt")
    travel.window.actions_.cut.setEnabled(True)
    await travel.do("cut")
    await travel.add(other)
    travel.window.actions_.paste.trigger()
    await answer(travel, "skip")
    await travel.settled()
    assert travel.names == ["beach.jpg", "letter.txt"]
    await travel.choose("TRAVEL")
    assert travel.names == ["trip", "zoo", "letter.txt"], "what was skipped stays, what arrived has moved"
    assert changes.settled == changes.staged


async def test_files_dragged_within_the_window_onto_a_folder_are_moved_into_it(
    travel: Desk, stick: Path
) -> None:
    travel.select("letter.txt")
    travel.window.editing._note_drag(travel.page)
    travel.page.browser.dropped.emit(QMimeData(), travel.entry("zoo"), True)
    await travel.settled()
    assert travel.names == ["trip", "zoo", "beach.jpg"]
    assert read(stick, "zoo/letter.txt") == b"letter.txt" * 10
    travel.select("beach.jpg")
    travel.window.editing._note_drag(travel.page)
    travel.page.browser.dropped.emit(QMimeData(), None, True)
    await travel.settled()
    assert "beach.jpg" in travel.names, "where it is already, nothing is done"


async def test_what_was_copied_is_taken_back_when_the_window_goes(qapp: QApplication, stick: Path) -> None:
    with Collector():
        async with Supervisor() as supervisor, open_window(supervisor, NoSticks()) as window:
            window.show()
            desk = Desk(window)
            await desk.add(stick)
            desk.select("letter.txt")
            await desk.until(window.actions_.copy.isEnabled, "it can be copied")
            await desk.do("copy")
            assert QApplication.clipboard().mimeData().hasFormat(OURS)
            window.close()
    left = QApplication.clipboard().mimeData()
    assert left is None or not left.hasFormat(OURS), "Qt would destroy it after Python has ended"


async def search(desk: Desk, text: str) -> None:
    desk.page.search(text)
    await desk.until(lambda: desk.page.browser.results is not None, "the results are shown")
    await desk.settled()


async def test_what_a_search_found_is_renamed_where_it_lies(travel: Desk, stick: Path) -> None:
    await search(travel, "a.txt")
    assert travel.names == ["a.txt"]
    travel.window.editing.changing.rename(travel.page, travel.entry("a.txt"), "was a.txt")
    await travel.until(lambda: travel.names == ["was a.txt"], "it is searched anew")
    assert read(stick, "trip/day 1/was a.txt") == b"trip/day 1/a.txt" * 10


async def test_what_a_search_found_is_cut_with_the_folder_it_lies_in(travel: Desk, stick: Path) -> None:
    await search(travel, "a.txt")
    travel.select("a.txt")
    travel.window.actions_.cut.setEnabled(True)
    await travel.do("cut")
    assert not travel.window.actions_.paste.isEnabled(), "results are no folder"
    travel.page.search("")
    await travel.settled()
    await travel.open("zoo")
    await travel.do("paste")
    assert travel.names == ["a.txt", "z"]
    assert read(stick, "zoo/a.txt") == b"trip/day 1/a.txt" * 10


async def test_of_results_that_are_searched_anew_nothing_is_renamed(travel: Desk, stick: Path) -> None:
    await search(travel, "a.txt")
    entry, results = travel.entry("a.txt"), travel.page.browser.results
    assert results is not None
    results._folders.clear()
    travel.window.editing.changing.rename(travel.page, entry, "elsewhere")
    await travel.settled()
    assert "“a.txt” is not there any more." in travel.reads(travel.window.question)
    assert read(stick, "trip/day 1/a.txt") == b"trip/day 1/a.txt" * 10
