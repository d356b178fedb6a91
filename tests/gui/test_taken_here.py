"""Copies out of a stick into a folder of this computer that has the same names: it is asked first."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from core.host.jobs import Fate, TransferState
from core.host.transfers import CopyOut
from tests.support.pasting import answer, asked, titles
from tests.support.window import Desk

pytestmark = pytest.mark.skipif(not shutil.which("mcopy"), reason="needs mtools")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Has a `beach.jpg`, and in `trip/day 1` an `a.txt`, as the stick has."""
    folder = tmp_path / "here"
    (folder / "trip/day 1").mkdir(parents=True)
    (folder / "beach.jpg").write_bytes(b"mine")
    (folder / "trip/day 1/a.txt").write_bytes(b"mine too")
    (folder / "trip/kept.txt").write_bytes(b"kept")
    os.utime(folder / "beach.jpg", (1_700_000_000, 1_700_000_000))
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def begin(desk: Desk, folder: Path, *paths: str) -> CopyOut:
    volume = await desk.volume("TRAVEL").open()
    return desk.window.outgoing.copy_to(volume, [await volume.resolve(path) for path in paths], folder)


async def settled(desk: Desk, job: CopyOut) -> None:
    ended = (TransferState.DONE, TransferState.FAILED, TransferState.CANCELLED)
    await desk.until(lambda: job.state in ended, "it has ended")
    await desk.settled()


MINE = {"beach.jpg": b"mine", "trip/day 1/a.txt": b"mine too", "trip/kept.txt": b"kept"}
THEIRS = {"beach.jpg": b"beach.jpg" * 10, "trip/day 1/a.txt": b"trip/day 1/a.txt" * 10}


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("replace", {**MINE, "beach.jpg": THEIRS["beach.jpg"]}),
        ("skip", MINE),
        ("keep both", {**MINE, "beach (2).jpg": THEIRS["beach.jpg"]}),
    ],
)
async def test_a_file_that_is_here_already_is_asked_about_with_both_shown(
    travel: Desk, here: Path, id: str, expected: dict[str, bytes]
) -> None:
    job = await begin(travel, here, "beach.jpg")
    choices = travel.window.editing.choices
    await travel.until(lambda: choices.asking, "it asks")
    said = asked(travel)
    assert "“beach.jpg” is there already." in said
    assert "In “here”" in said and "On “TRAVEL”" in said
    assert "4 bytes" in said and "90 bytes, the larger one" in said
    assert "14 Nov 2023" in said
    assert travel.window.transfers.pending == [], "what waits for an answer keeps nobody from closing"
    assert tree(here) == MINE, "nothing is written before it is answered"
    await answer(travel, id)
    await settled(travel, job)
    assert tree(here) == expected
    assert job.fate(job.files()[0]) is (Fate.SKIPPED if id == "skip" else Fate.ARRIVED)


async def test_nobody_is_asked_when_no_name_is_taken(travel: Desk, here: Path) -> None:
    job = await begin(travel, here, "letter.txt", "zoo")
    await settled(travel, job)
    assert travel.window.editing.choices.asking is None
    assert set(tree(here)) == {*MINE, "letter.txt", "zoo/z"}


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (("keep both",), {**MINE, "trip (2)/day 1/a.txt": THEIRS["trip/day 1/a.txt"]}),
        (("skip",), MINE),
        (("replace", "replace"), {**MINE, "trip/day 1/a.txt": THEIRS["trip/day 1/a.txt"]}),
        (("replace", "skip"), MINE),
        (("replace", "keep both"), {**MINE, "trip/day 1/a (2).txt": THEIRS["trip/day 1/a.txt"]}),
    ],
)
async def test_a_folder_is_kept_apart_skipped_or_joined_and_then_its_files_are_asked_about(
    travel: Desk, here: Path, ids: tuple[str, ...], expected: dict[str, bytes]
) -> None:
    job = await begin(travel, here, "trip")
    choices = travel.window.editing.choices
    for id, name in zip(ids, ("trip", "a.txt"), strict=False):
        await travel.until(lambda name=name: f"“{name}” is there already." in asked(travel), "it asks")
        choices.answer(id)
    await settled(travel, job)
    assert choices.asking is None
    assert tree(here) == expected
    assert job.progress.files_done == job.progress.files


async def test_one_answer_can_stand_for_all_that_is_here(travel: Desk, here: Path) -> None:
    (here / "letter.txt").write_bytes(b"mine")
    job = await begin(travel, here, "beach.jpg", "letter.txt")
    await answer(travel, "replace", again=True)
    await settled(travel, job)
    assert tree(here)["letter.txt"] == b"letter.txt" * 10


async def test_stopping_leaves_the_folder_and_the_strip_as_they_were(travel: Desk, here: Path) -> None:
    job = await begin(travel, here, "letter.txt", "beach.jpg")
    await answer(travel, "stop")
    await settled(travel, job)
    await travel.until(lambda: not travel.window.transfers.isVisible(), "no row is left")
    assert tree(here) == MINE
    assert travel.window.transfers.past == ()


async def test_a_link_is_asked_about_and_never_followed(travel: Desk, here: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (here / "zoo").symlink_to(tmp_path / "victim")
    job = await begin(travel, here, "zoo")
    await answer(travel, "keep both")
    await settled(travel, job)
    assert list((tmp_path / "victim").iterdir()) == []
    assert (here / "zoo (2)/z").exists()
    assert "Copied “zoo” to “here”." in titles(travel)
