"""Copying out of real FAT images through the whole wall, compared with what mcopy brings home."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import HostWriteFailed, RumpusError, WrongKind
from core.host.planning import Plan
from core.host.transfers import Conflict, CopyOut, TransferState
from core.host.unloading import Unloading
from core.host.volume import Volume
from tests.support.copying_out import files_in, opened
from tests.support.descriptors import nothing_left
from tests.support.disks import run, small_file_system
from tests.support.fat import blank_fat, mtools

MIB = 1 << 20
RANDOM = random.Random(7)
TREE = {
    "one.txt": b"one\n",
    "empty": b"",
    "Ünïcode näme with blanks.dat": RANDOM.randbytes(70_001),
    "deep/er/still/big.bin": RANDOM.randbytes(3_000_001),
    **{f"many/{number:03}.txt": RANDOM.randbytes(number * 7) for number in range(200)},
}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stick")
    for name, content in TREE.items():
        (folder / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "tree" / name).write_bytes(content)
        os.utime(folder / "tree" / name, (1_700_000_000, 1_700_000_000))
    (folder / "tree" / "hollow").mkdir()
    image = blank_fat(folder / "stick.img", 40 * MIB, "-F", "32")
    mtools("mcopy", image, "-s", "-m", folder / "tree", "::/tree")
    return image


async def copied(volume: Volume, folder: Path, *paths: str, **options: object) -> CopyOut:
    job = CopyOut(volume, [await volume.resolve(path) for path in paths], folder, **options)  # type: ignore[arg-type]
    await job.run()
    return job


async def test_a_tree_arrives_as_mcopy_brings_it(image: Path, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    async with nothing_left(), opened(image) as volume:
        job = await copied(volume, tmp_path / "ours", "/tree")
    assert (job.state, job.error, job.problems) == (TransferState.DONE, None, [])
    assert job.landed == [tmp_path / "ours" / "tree"]
    mtools("mcopy", image, "-s", "::/tree", tmp_path / "theirs")
    assert files_in(tmp_path / "ours" / "tree") == files_in(tmp_path / "theirs") == TREE
    assert (tmp_path / "ours" / "tree" / "hollow").is_dir()
    assert job.missing() == [] and len(job.safe()) == len(TREE)


async def test_progress_is_heard_and_ends_with_everything_done(image: Path, tmp_path: Path) -> None:
    heard = []
    async with opened(image) as volume:
        job = CopyOut(volume, [await volume.resolve("/tree")], tmp_path)
        forget = job.observe(lambda job: heard.append((job.state, job.progress)))
        await job.run()
        forget()
    last = heard[-1]
    assert last[0] is TransferState.DONE
    assert last[1].files == last[1].files_done == len(TREE)
    assert last[1].bytes == last[1].bytes_done == sum(map(len, TREE.values()))
    assert [state for state, _ in heard].count(TransferState.DONE) == 1
    counts = [progress.bytes_done for _, progress in heard]
    assert counts == sorted(counts)


async def test_times_are_those_of_the_users_clock(image: Path, tmp_path: Path) -> None:
    async with opened(image) as volume:
        await copied(volume, tmp_path, "/tree/one.txt")
    run("touch", "-d", "2023-11-14 22:13:20", tmp_path / "wanted")  # what mcopy wrote with TZ=UTC
    assert (tmp_path / "one.txt").stat().st_mtime == (tmp_path / "wanted").stat().st_mtime


async def test_the_root_of_a_stick_is_copied_as_what_is_in_it(image: Path, tmp_path: Path) -> None:
    async with opened(image) as volume:
        job = CopyOut(volume, [volume.root], tmp_path)
        await job.run()
    assert job.landed == [tmp_path / "tree"]
    assert files_in(tmp_path / "tree") == TREE


async def test_a_folder_is_left_out_when_folders_are_not_wanted(image: Path, tmp_path: Path) -> None:
    async with opened(image) as volume:
        job = await copied(volume, tmp_path, "/tree", "/tree/one.txt", recursive=False)
    assert [type(problem.error) for problem in job.problems] == [WrongKind]
    assert files_in(tmp_path) == {"one.txt": b"one\n"}


async def test_a_second_copy_keeps_both_replaces_or_skips(image: Path, tmp_path: Path) -> None:
    async with opened(image) as volume:
        await copied(volume, tmp_path, "/tree")
        await copied(volume, tmp_path, "/tree")
        assert files_in(tmp_path / "tree (2)") == TREE
        (tmp_path / "tree" / "one.txt").write_bytes(b"mine")
        job = await copied(volume, tmp_path, "/tree", conflict=Conflict.SKIP)
        assert job.progress.files_done == len(TREE)
        assert (tmp_path / "tree" / "one.txt").read_bytes() == b"mine"
        await copied(volume, tmp_path, "/tree", conflict=Conflict.REPLACE)
    assert files_in(tmp_path / "tree") == TREE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tree", "tree (2)"]


# names ------------------------------------------------------------------------------------------------------


def renamed_on_disk(image: Path, old: str, new: str) -> None:
    """Gives a file a long name that no tool would write. Both are at most five characters."""
    data = image.read_bytes()
    raw = new.encode("utf-16-le")
    if len(new) < len(old):
        raw = (raw + bytes(2)).ljust(2 * len(old), b"\xff")
    assert data.count(old.encode("utf-16-le")) == 1
    image.write_bytes(data.replace(old.encode("utf-16-le"), raw))


HOSTILE = {
    "aaAAa": "..",
    "bbBBb": ".",
    "ccCCc": "../..",
    "ddDDd": "/etc",
    "eeEEe": "a\nb",
    "ffFFf": "-rf",
    "ggGGg": "a/b/c",
    "hhHHh": "x\u202ey",
    "iiIIi": "\x1b[2J",
}


async def test_no_name_leads_out_of_the_target(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 * MIB)
    (tmp_path / "content").write_bytes(b"content")
    mtools("mmd", image, "::/box")
    for old, new in HOSTILE.items():
        mtools("mcopy", image, tmp_path / "content", f"::/box/{old}")
        renamed_on_disk(image, old, new)
    outside = tmp_path / "outside"
    (outside / "target").mkdir(parents=True)
    async with opened(image) as volume:
        job = await copied(volume, outside / "target", "/box")
    assert job.state is TransferState.DONE
    assert [path.name for path in outside.iterdir()] == ["target"]
    assert [path.name for path in (outside / "target").iterdir()] == ["box"]
    landed = files_in(outside / "target" / "box")
    assert len(landed) + len(job.problems) == len(HOSTILE)
    assert len(landed) >= len(HOSTILE) - 2
    assert set(landed.values()) == {b"content"}
    for name in landed:
        assert "/" not in name and not name.startswith("-") and name.isprintable()


async def test_two_files_of_one_name_both_arrive(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 * MIB)
    for name in ("aaAAa", "bbBBb"):
        (tmp_path / name).write_bytes(name.encode())
        mtools("mcopy", image, tmp_path / name, f"::/{name}")
    renamed_on_disk(image, "bbBBb", "aaAAa")
    (tmp_path / "out").mkdir()
    async with opened(image) as volume:
        job = CopyOut(volume, [volume.root], tmp_path / "out", conflict=Conflict.REPLACE)
        await job.run()
    assert files_in(tmp_path / "out") == {"aaAAa": b"aaAAa", "aaAAa (2)": b"bbBBb"}


async def test_a_name_longer_than_the_host_takes_is_shortened(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 * MIB)
    (tmp_path / "content").write_bytes(b"content")
    mtools("mcopy", image, tmp_path / "content", f"::/{'q' * 200}.txt")
    snow = image.read_bytes().replace("q".encode("utf-16-le"), "\N{SNOWMAN}".encode("utf-16-le"))
    image.write_bytes(snow)  # 604 bytes on the host, which mtools would cut
    (tmp_path / "out").mkdir()
    async with opened(image) as volume:
        job = CopyOut(volume, [volume.root], tmp_path / "out")
        await job.run()
    (landed,) = (tmp_path / "out").iterdir()
    assert landed.suffix == ".txt" and 250 < len(os.fsencode(landed.name)) <= 255
    assert job.problems == []


# the host ---------------------------------------------------------------------------------------------------


async def test_a_target_without_room_is_refused_before_the_first_byte(image: Path, small: Path) -> None:
    (small / "taken").write_bytes(bytes(2 * MIB))
    async with opened(image) as volume:
        job = await copied(volume, small, "/tree")
    assert job.state is TransferState.FAILED
    assert isinstance(job.error, HostWriteFailed) and job.error.errno == errno.ENOSPC
    assert job.error.path == str(small)
    assert [path.name for path in small.iterdir()] == ["taken"]


async def test_a_target_that_fills_up_meanwhile_ends_the_job_and_keeps_what_is_whole(
    image: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = Unloading.prepare

    def prepare_and_fill(unloading: Unloading, plan: Plan) -> None:
        prepare(unloading, plan)
        (small / "taken").write_bytes(bytes(3 * MIB // 2))

    monkeypatch.setattr(Unloading, "prepare", prepare_and_fill)
    async with opened(image) as volume:
        asked_for = [await volume.resolve(path) for path in ("/tree/many", "/tree/deep")]
        job = CopyOut(volume, asked_for, small)
        await job.run()
    assert job.state is TransferState.FAILED
    assert isinstance(job.error, HostWriteFailed) and job.error.errno == errno.ENOSPC
    assert "deep/er/still/big.bin" in job.missing()
    arrived = files_in(small)
    arrived.pop("taken")
    assert arrived == {name: TREE[name] for name in job.safe()}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    with small_file_system(tmp_path / "small") as folder:
        yield folder


async def test_a_target_that_may_not_be_written_to_is_refused(image: Path, small: Path) -> None:
    run("mount", "-o", "remount,ro", small)
    async with opened(image) as volume:
        job = await copied(volume, small, "/tree/one.txt")
    assert job.state is TransferState.FAILED
    assert isinstance(job.error, HostWriteFailed) and job.error.errno == errno.EROFS


async def test_a_link_planted_during_a_copy_leads_nowhere(image: Path, tmp_path: Path) -> None:
    elsewhere, target = tmp_path / "elsewhere", tmp_path / "target"
    elsewhere.mkdir()
    target.mkdir()
    async with opened(image) as volume:
        job = CopyOut(volume, [await volume.resolve("/tree")], target)

        def plant(job: CopyOut) -> None:
            if (target / "tree").is_dir() and not (target / "tree").is_symlink():
                (target / "tree").rename(target / "moved")
                (target / "tree").symlink_to(elsewhere)

        job.observe(plant)
        await job.run()
    assert (target / "tree").is_symlink(), "the link was planted while the copy ran"
    assert files_in(elsewhere) == {}
    assert files_in(target / "moved") == TREE


# the stick and the user -------------------------------------------------------------------------------------


async def test_what_lands_while_a_copy_is_cancelled_is_told(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    arrived: list[str] = []
    async with opened(image) as volume:
        loop, settle, cancelled = asyncio.get_running_loop(), Unloading.settle, threading.Event()

        def cancel(turns: int) -> None:
            """Cancels, and lets that reach whoever waits for the thread."""
            job.cancel()
            if turns:
                loop.call_soon(cancel, turns - 1)
            else:
                cancelled.set()

        def settle_late(*arguments: Any) -> Any:
            loop.call_soon_threadsafe(cancel, 5)
            assert cancelled.wait(20)
            return settle(*arguments)

        monkeypatch.setattr(Unloading, "settle", settle_late)
        job = CopyOut(
            volume,
            [await volume.resolve("/tree/many")],
            tmp_path / "out",
            arrived=lambda arrival: arrived.append(arrival.path),
        )
        await job.run()
    assert job.state is TransferState.CANCELLED
    landed = files_in(tmp_path / "out").keys()
    assert landed and landed == set(arrived) == set(job.safe()) == {pair.path for pair in job.pairs()}


async def test_a_copy_cancelled_before_it_began_does_nothing(image: Path, tmp_path: Path) -> None:
    async with opened(image) as volume:
        job = CopyOut(volume, [await volume.resolve("/tree")], tmp_path)
        job.cancel()
        await job.run()
    assert job.state is TransferState.CANCELLED
    assert list(tmp_path.iterdir()) == []


async def test_a_broken_entry_costs_that_file_only(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 * MIB)
    (tmp_path / "content").write_bytes(bytes(5000))
    for name in ("GOOD1", "BROKEN", "GOOD2"):
        mtools("mcopy", image, tmp_path / "content", f"::/{name}")
    data = bytearray(image.read_bytes())
    at = data.find(b"BROKEN     ")
    data[at + 26 : at + 28] = b"\xf0\xff"  # a first cluster far beyond the volume
    image.write_bytes(data)
    (tmp_path / "out").mkdir()
    async with opened(image) as volume:
        job = CopyOut(volume, [volume.root], tmp_path / "out")
        await job.run()
    assert job.state is TransferState.DONE
    assert [problem.path for problem in job.problems] == ["BROKEN"]
    assert isinstance(job.problems[0].error, RumpusError)
    assert files_in(tmp_path / "out").keys() == {"GOOD1", "GOOD2"}


async def test_folders_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 * MIB)
    (tmp_path / "content").write_bytes(b"content")
    for path in ("::/A", "::/A/B", "::/A/C"):
        mtools("mmd", image, path)
    mtools("mcopy", image, tmp_path / "content", "::/A/B/FILE")
    data = bytearray(image.read_bytes())
    b, c = data.find(b"B          \x10"), data.find(b"C          \x10")
    data[c + 26 : c + 28] = data[b + 26 : b + 28]  # two folders are one
    image.write_bytes(data)
    (tmp_path / "out").mkdir()
    async with opened(image) as volume:
        job = CopyOut(volume, [volume.root], tmp_path / "out")
        await job.run()
    assert job.state is TransferState.DONE
    assert (tmp_path / "out" / "A" / "B" / "FILE").read_bytes() == b"content"
