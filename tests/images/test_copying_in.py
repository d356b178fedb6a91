"""Copies onto a stick: what is found out before the first byte, what is asked, and copies between sticks."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from core.entry import Attribute, Kind
from core.errors import Cancelled, NameNotAllowed, NoSpace, TooLarge
from core.host.clocks import host_time
from core.host.copying_in import CopyIn
from core.host.crossing import StickOrigin
from core.host.jobs import TransferState
from core.host.landing import Conflict
from core.host.loading import HostOrigin
from core.host.preflight import Preflight, Verdict
from tests.support.changing import opened
from tests.support.exfat import blank_exfat, sleuthkit_reads
from tests.support.fat import blank_fat, mtools

MIB = 1 << 20
CONTENT = random.Random(3).randbytes(70_000)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    image = blank_fat(tmp_path / "stick.img", 40 * MIB, "-F", "32", "-s", "1", "-n", "ONE")
    kept = tmp_path / "kept"
    kept.write_bytes(b"was here before\n")
    mtools("mmd", image, "::/folder")
    mtools("mcopy", image, kept, "::/kept.txt")
    mtools("mcopy", image, kept, "::/folder/inner.txt")
    return image


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    (source / "folder").mkdir(parents=True)
    (source / "Kept.txt").write_bytes(b"new\n")
    (source / "folder/inner.txt").write_bytes(b"new inner\n")
    (source / "folder/other.txt").write_bytes(b"other\n")
    return source


class Person:
    """Notes what is asked, and gives one answer."""

    def __init__(self, verdict: Verdict | None = None) -> None:
        self.asked: list[Preflight] = []
        self.verdict = verdict

    async def consult(self, preflight: Preflight) -> Verdict:
        self.asked.append(preflight)
        if self.verdict is None:
            raise Cancelled
        return self.verdict


async def test_nobody_is_asked_when_everything_fits(image: Path, tmp_path: Path) -> None:
    (tmp_path / "fine.txt").write_bytes(b"x")
    person = Person()
    async with opened(image) as (volume, changes):
        origin = HostOrigin([tmp_path / "fine.txt"])
        job = CopyIn(volume, changes, origin, volume.facts.root, consult=person.consult)
        await job.run()
    assert (job.state, person.asked) == (TransferState.DONE, [])


async def test_what_is_there_already_is_told_with_both_sizes_and_each_is_treated_as_answered(
    image: Path, source: Path
) -> None:
    person = Person(Verdict(conflicts={"Kept.txt": Conflict.REPLACE, "folder/inner.txt": Conflict.SKIP}))
    async with opened(image) as (volume, changes):
        origin = HostOrigin([source / "Kept.txt", source / "folder"])
        job = CopyIn(volume, changes, origin, volume.facts.root, consult=person.consult)
        await job.run()
        assert (job.state, job.problems) == (TransferState.DONE, [])
    (preflight,) = person.asked
    assert [(taken.path, taken.size, taken.there.size) for taken in preflight.taken] == [
        ("Kept.txt", 4, 16),
        ("folder/inner.txt", 10, 16),
    ]
    assert all(taken.modified and taken.there.modified for taken in preflight.taken)
    assert mtools("mtype", image, "::/kept.txt") == b"new\n"
    assert mtools("mtype", image, "::/folder/inner.txt") == b"was here before\n"
    assert mtools("mtype", image, "::/folder/other.txt") == b"other\n"


async def test_names_and_sizes_that_do_not_go_are_told_at_once_and_the_rest_is_copied(
    image: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "what: a folder"
    folder.mkdir()
    (folder / "in it").write_bytes(b"inner")
    (folder / "end.").write_bytes(b"end")
    with (folder / "film.mkv").open("wb") as film:
        film.truncate(1 << 32)
    (Path(os.fsdecode(bytes(folder) + b"/no text \xff"))).write_bytes(b"no text")
    person = Person(Verdict(rename=True))
    async with opened(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([folder]), volume.facts.root, consult=person.consult)
        await job.run()
        assert job.state is TransferState.DONE
    (preflight,) = person.asked
    assert preflight.fits, "what is too large takes no room"
    told = {unfit.path: (type(unfit.error), unfit.instead) for unfit in preflight.unfit}
    assert told == {
        "what: a folder": (NameNotAllowed, "what_ a folder"),
        "what: a folder/end.": (NameNotAllowed, "end"),
        "what: a folder/no text ?": (NameNotAllowed, "no text _"),
        "what_ a folder/film.mkv": (TooLarge, ""),
    }
    assert [problem.path for problem in job.problems] == ["what_ a folder/film.mkv"]
    listed = mtools("mdir", image, "-b", "::/what_ a folder").decode().splitlines()
    assert sorted(listed) == [f"::/what_ a folder/{name}" for name in ("end", "in it", "no text _")]


async def test_what_gets_no_other_name_is_left_out_with_all_that_is_in_it(
    image: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "a:b"
    folder.mkdir()
    (folder / "in it").write_bytes(b"inner")
    (tmp_path / "fine.txt").write_bytes(b"x")
    async with opened(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([folder, tmp_path / "fine.txt"]), volume.facts.root)
        await job.run()
        assert job.state is TransferState.DONE
        assert [problem.path for problem in job.problems] == ["a:b"]
        assert job.whole() == [], "with problems nothing counts as moved"
        assert job.progress.files == job.progress.files_done == 1


async def test_two_that_have_one_name_on_the_stick_are_both_kept(image: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a.txt", "A.TXT", "b"):
        (folder / name).write_bytes(name.encode())
    person = Person(Verdict(rename=True, conflicts={}))
    async with opened(image) as (volume, changes):
        job = CopyIn(
            volume,
            changes,
            HostOrigin([folder]),
            volume.facts.root,
            conflict=Conflict.REPLACE,
            consult=person.consult,
        )
        await job.run()
        assert (job.state, job.problems) == (TransferState.DONE, [])
    (preflight,) = person.asked
    assert [(unfit.path, unfit.instead) for unfit in preflight.unfit] == [("folder/a.txt", "a (2).txt")]
    assert mtools("mtype", image, "::/folder/A.TXT") == b"A.TXT"
    assert mtools("mtype", image, "::/folder/a (2).txt") == b"a.txt"


async def test_too_little_room_is_told_before_and_nothing_is_written(image: Path, tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(60 * MIB)
    before, person = image.read_bytes(), Person(Verdict())
    async with opened(image) as (volume, changes):
        job = CopyIn(
            volume, changes, HostOrigin([tmp_path / "large"]), volume.facts.root, consult=person.consult
        )
        await job.run()
        assert isinstance(job.error, NoSpace)
    assert not person.asked[0].fits
    assert image.read_bytes() == before


async def test_an_answer_that_means_no_leaves_the_stick_alone(image: Path, source: Path) -> None:
    before, person = image.read_bytes(), Person(None)
    async with opened(image) as (volume, changes):
        job = CopyIn(
            volume, changes, HostOrigin([source / "Kept.txt"]), volume.facts.root, consult=person.consult
        )
        await job.run()
        assert isinstance(job.error, Cancelled)
    assert image.read_bytes() == before


async def test_a_source_that_is_not_there_any_more_is_a_problem_of_its_own(image: Path, source: Path) -> None:
    async with opened(image) as (volume, changes):
        origin = HostOrigin([source / "gone", source / "folder/other.txt"])
        job = CopyIn(volume, changes, origin, volume.facts.root)
        await job.run()
        assert [problem.path for problem in job.problems] == ["gone"]
    assert mtools("mtype", image, "::/other.txt") == b"other\n"


async def test_a_tree_goes_from_one_stick_to_another_unchanged(image: Path, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(CONTENT * 480)
    (tmp_path / "small").write_bytes(CONTENT)
    mtools("mcopy", image, tmp_path / "large", tmp_path / "small", "::/folder")
    mtools("mattrib", image, "+h", "::/folder/small")
    target = blank_exfat(tmp_path / "target.img", 80 * MIB)
    async with opened(image) as (volume, _), opened(target, "fsck.exfat") as (other, changes):
        entries = [await volume.resolve("folder"), await volume.resolve("kept.txt")]
        job = CopyIn(other, changes, StickOrigin(volume, entries), other.facts.root)
        await job.run()
        assert (job.state, job.problems) == (TransferState.DONE, [])
        assert [step.source for step in job.whole()] == entries
        small = await other.resolve("folder/small")
        assert small.attributes & Attribute.HIDDEN
        before = await volume.resolve("folder/small")
        times = host_time(small.modified, other.facts.zone), host_time(before.modified, volume.facts.zone)
        assert times[0] == times[1] is not None
    found = sleuthkit_reads(target)
    assert found["folder/large"] == CONTENT * 480
    assert found["kept.txt"] == b"was here before\n"


async def test_a_file_is_copied_beside_itself(image: Path) -> None:
    async with opened(image) as (volume, changes):
        entry = await volume.resolve("kept.txt")
        person = Person(Verdict(conflicts={"kept.txt": Conflict.KEEP_BOTH}))
        origin = StickOrigin(volume, [entry])
        job = CopyIn(volume, changes, origin, volume.facts.root, consult=person.consult)
        await job.run()
        assert (await volume.resolve("kept (2).txt")).kind is Kind.FILE
    assert mtools("mtype", image, "::/kept (2).txt") == b"was here before\n"
