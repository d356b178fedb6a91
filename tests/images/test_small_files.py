"""Small files travel together: all the same each of them arrives, or fails, as if it had come alone."""

from __future__ import annotations

import os
import random
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from core.errors import HostReadFailed, NameNotAllowed, NotFound, ProtocolViolation
from core.host.access import open_medium
from core.host.copying_in import CopyIn
from core.host.jobs import TransferState
from core.host.landing import Conflict
from core.host.loading import HostOrigin
from core.host.supervisor import Supervisor
from core.host.transfers import CopyOut
from core.host.volume import Volume
from core.worker import protocol
from core.worker.protocol import TOGETHER, NewFile, Reply, Request
from tests.images.test_changes import opened
from tests.support.fat import blank_fat, mtools


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return blank_fat(tmp_path / "stick.img", 40 << 20, "-F", "32", "-s", "1")


def tree(folder: Path) -> dict[str, bytes]:
    """Many small files, some large ones between them, in folders of different sizes."""
    chance = random.Random(3)
    files: dict[str, bytes] = {}
    for number in range(100):
        size = 400_000 if number % 30 == 7 else chance.choice((0, 1, 511, 3000))
        above = ("", "a/", "b/", "b/inner/")[chance.randrange(4)]
        files[f"{above}file number {number:03}.txt"] = chance.randbytes(size)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return files


def found_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_a_tree_of_many_small_files_goes_in_and_out_unchanged(image: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    out.mkdir()
    files = tree(source)
    async with opened(image) as (volume, changes):
        arrived: list[str] = []
        inward = CopyIn(
            volume,
            changes,
            HostOrigin([source]),
            volume.facts.root,
            arrived=lambda step, _: arrived.append(step.path),
        )
        await inward.run()
        assert (inward.state, inward.problems) == (TransferState.DONE, [])
        assert sorted(path for path in arrived if path.endswith(".txt")) == sorted(
            f"source/{path}" for path in files
        )
        assert inward.progress.files_done == len(files)
        assert inward.progress.bytes_done == inward.progress.bytes == sum(map(len, files.values()))
        assert len(inward.safe()) == len(files)
        outward = CopyOut(volume, [await volume.resolve("/source")], out)
        await outward.run()
        assert (outward.state, outward.problems, outward.missing()) == (TransferState.DONE, [], [])
        assert outward.progress.bytes_done == outward.progress.bytes
    assert found_in(out / "source") == files


async def test_from_a_slow_stick_tiny_files_arrive_a_few_at_a_time(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather, arrived, before = Volume.gather, list[str](), list[int]()

    async def few(self: Volume, files: Sequence[tuple[int, int]]) -> list[bytes | None]:
        before.append(len(arrived))
        return (await gather(self, files))[:3]

    monkeypatch.setattr(Volume, "gather", few)
    for name in ("source", "out"):
        (tmp_path / name).mkdir()
    files = tree(tmp_path / "source")
    mtools("mcopy", image, "-s", tmp_path / "source", "::/source")
    async with opened(image) as (volume, _):
        job = CopyOut(
            volume,
            [await volume.resolve("/source")],
            tmp_path / "out",
            arrived=lambda arrival: arrived.append(arrival.path),
        )
        await job.run()
    assert (job.state, job.problems, job.missing()) == (TransferState.DONE, [], [])
    assert (job.progress.files_done, job.progress.bytes_done) == (len(files), sum(map(len, files.values())))
    assert found_in(tmp_path / "out" / "source") == files
    assert len(before) > 20 and before[-1] > before[len(before) // 2] > before[4] > 0


async def test_one_of_many_that_cannot_be_read_or_has_no_name_there_fails_alone(
    image: Path, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    files = {f"{number}": b"content" for number in range(40)}
    for name, content in {**files, "what?": b"no such name on FAT"}.items():
        (source / name).write_bytes(content)
    (source / "9 is a link").symlink_to("0")
    async with opened(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([source]), volume.facts.root)
        await job.run()
        assert job.state is TransferState.DONE
        problems = {problem.path: type(problem.error) for problem in job.problems}
        assert problems["source/what?"] is NameNotAllowed
        assert set(problems) == {"source/what?", "source/9 is a link"}
        assert job.missing() == []
    for name, content in files.items():
        assert mtools("mtype", image, f"::/source/{name}") == content


@pytest.mark.parametrize(
    ("conflict", "expected"),
    [
        (Conflict.REPLACE, {"taken": b"new", "free": b"new"}),
        (Conflict.SKIP, {"taken": b"old", "free": b"new"}),
        (Conflict.KEEP_BOTH, {"taken": b"old", "taken (2)": b"new", "free": b"new"}),
    ],
)
async def test_names_that_are_taken_are_treated_as_was_asked(
    image: Path, tmp_path: Path, conflict: Conflict, expected: dict[str, bytes]
) -> None:
    (tmp_path / "old").write_bytes(b"old")
    mtools("mcopy", image, tmp_path / "old", "::/taken")
    for name in ("taken", "free"):
        (tmp_path / name).write_bytes(b"new")
    async with opened(image) as (volume, changes):
        sources = [tmp_path / "taken", tmp_path / "free"]
        job = CopyIn(volume, changes, HostOrigin(sources), volume.facts.root, conflict=conflict)
        await job.run()
        assert (job.state, job.problems) == (TransferState.DONE, [])
    assert {name: mtools("mtype", image, f"::/{name}") for name in expected} == expected


async def test_a_file_that_became_shorter_is_not_stored_and_the_others_are(
    image: Path, tmp_path: Path
) -> None:
    descriptors = []
    for name, content in (("one", b"1"), ("short", b"2"), ("three", b"333")):
        (tmp_path / name).write_bytes(content)
        descriptors.append(os.open(tmp_path / name, os.O_RDONLY))
    async with opened(image) as (volume, changes):
        files = [NewFile("one", 1), NewFile("short", 10), NewFile("three", 3)]
        entries = await changes.store_all(volume.facts.root, files, descriptors)
        assert [entry and entry.name for entry in entries] == ["one", None, "three"]
        with pytest.raises(HostReadFailed):
            await changes.store(volume.facts.root, "short", descriptors[1], 10)
        with pytest.raises(NotFound):
            await volume.lookup(volume.facts.root, "short")
    for descriptor in descriptors:
        os.close(descriptor)
    assert mtools("mtype", image, "::/three") == b"333"


async def test_a_damaged_file_among_sound_ones_says_why_and_they_arrive(image: Path, tmp_path: Path) -> None:
    (tmp_path / "content").write_bytes(b"c" * 2000)
    for number in range(20):
        mtools("mcopy", image, tmp_path / "content", f"::/{number}")
    data = bytearray(image.read_bytes())
    for table in (32 * 512, 32 * 512 + int.from_bytes(data[36:40], "little") * 512):
        data[table + 4 * 16 : table + 4 * 17] = bytes(4)  # the chain of one of them is broken
    image.write_bytes(data)
    out = tmp_path / "out"
    out.mkdir()
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            async with await supervisor.open(medium) as volume:
                job = CopyOut(volume, [volume.root], out)
                await job.run()
                assert job.state is TransferState.DONE
                assert len(job.problems) == 1
    whole = [path for path in out.iterdir() if path.read_bytes() == b"c" * 2000]
    assert len(whole) == 19


async def test_what_has_another_size_than_was_listed_or_is_no_file_does_not_come_with_the_others(
    image: Path, tmp_path: Path
) -> None:
    (tmp_path / "content").write_bytes(b"c" * 2000)
    mtools("mmd", image, "::/folder")
    for name in ("a", "b"):
        mtools("mcopy", image, tmp_path / "content", f"::/{name}")
    async with opened(image) as (volume, _):
        a, b, folder = [(await volume.resolve(name)).node for name in ("a", "b", "folder")]
        wanted = [(a, 2000), (b, 1999), (folder, 0), (12345, 1), (b, 2000)]
        assert await volume.gather(wanted) == [b"c" * 2000, None, None, None, b"c" * 2000]


async def test_no_more_comes_at_once_than_a_message_holds(image: Path, tmp_path: Path) -> None:
    (tmp_path / "content").write_bytes(b"c" * 100_000)
    for name in ("a", "b"):
        mtools("mcopy", image, tmp_path / "content", f"::/{name}")
    async with opened(image) as (volume, _):
        a, b = [(await volume.resolve(name)).node for name in ("a", "b")]
        assert await volume.gather([(a, 100_000), (b, 100_000)]) == [b"c" * 100_000, None]


class Lying:
    """A worker that answers with fewer outcomes than it was asked for, or with none or more."""

    def __init__(self, *, more: bool) -> None:
        self.more = more

    async def ask(self, request: Request, *_: int) -> Reply:
        if isinstance(request, protocol.CopyAll):
            return protocol.CopiedAll(id=1, sizes=[5])
        if isinstance(request, protocol.Gather):
            return protocol.Gathered(id=1, contents=[b"one"] * (len(request.nodes) + 1 if self.more else 0))
        return protocol.StoredAll(id=1, staged=1, settled=0, entries=[])


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("number", [2, TOGETHER])
async def test_outcomes_that_do_not_match_are_a_breach(
    number: int, more: bool, monkeypatch: pytest.MonkeyPatch, image: Path
) -> None:
    async with opened(image) as (volume, changes):
        worker = volume._worker
        asks: list[Callable[[], Awaitable[object]]] = [
            lambda: volume.copy_all([(1, 0)] * number),
            lambda: volume.gather([(1, 3)] * number),
            lambda: changes.store_all(0, [NewFile("x", 0)] * number, [0] * number),
        ]
        for owner in (volume, changes):
            monkeypatch.setattr(owner, "_worker", Lying(more=more))
        for ask in asks:
            with pytest.raises(ProtocolViolation):
                await ask()
        for owner in (volume, changes):
            monkeypatch.setattr(owner, "_worker", worker)
