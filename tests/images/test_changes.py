"""A stick is changed through the whole wall: the host hands over the means, the worker writes."""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

import pytest

from core.entry import Attribute, Kind
from core.errors import (
    AlreadyExists,
    DeviceGone,
    HostReadFailed,
    MediumError,
    NoSpace,
    NotFound,
    ReadOnly,
    TooLarge,
    WrongKind,
)
from core.host.access import open_medium
from core.host.accounts import Account, Doing
from core.host.changes import Changes
from core.host.copying_in import CopyIn
from core.host.jobs import TransferState
from core.host.landing import Conflict
from core.host.loading import HostOrigin
from core.host.removing import Remove
from core.host.supervisor import Supervisor
from tests.support.changing import opened, writable
from tests.support.exfat import blank_exfat, sleuthkit_reads
from tests.support.fat import blank_fat, mtools

BIG = random.Random(7).randbytes(9_000_001)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    image = blank_fat(tmp_path / "stick.img", 40 << 20, "-F", "32", "-s", "1")
    kept = tmp_path / "kept"
    kept.write_bytes(b"was here before\n")
    mtools("mmd", image, "::/folder")
    mtools("mcopy", image, kept, "::/kept.txt")
    mtools("mcopy", image, kept, "::/folder/old name.txt")
    return image


async def test_a_volume_is_read_only_until_it_is_given_a_descriptor_that_writes(image: Path) -> None:
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            async with await supervisor.open(medium) as volume:
                with pytest.raises(ReadOnly):
                    await Changes(volume._worker).create(volume.facts.root, "new", Kind.DIRECTORY)


async def test_every_kind_of_change_is_what_mtools_reads(image: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(BIG)
    moved: list[int] = []
    async with opened(image) as (volume, changes):
        root = volume.facts.root
        folder = await changes.create(root, "Neuer Ordner", Kind.DIRECTORY)
        with source.open("rb") as file:
            big = await changes.store(
                folder.node, "big.bin", file.fileno(), len(BIG), moved=moved.append, modified=10**18
            )
        assert (big.name, big.size, big.modified) == ("big.bin", len(BIG), 10**18)
        small = await changes.create(folder.node, "small.txt", Kind.FILE)
        await changes.write(small.node, 0, b"hello world")
        await changes.write(small.node, 6, b"there")
        await changes.truncate(small.node, 9)
        old = await volume.resolve("/folder/old name.txt")
        renamed = await changes.rename(old.node, folder.node, "new name.txt")
        await changes.set_attributes(renamed.node, Attribute.HIDDEN)
        await changes.remove((await volume.resolve("/folder")).node)
        await changes.set_label("AFTER")
        assert changes.staged > changes.settled or changes.staged > 0
        await changes.flush()
        assert changes.staged == changes.settled
    assert moved[-1] == len(BIG)
    assert mtools("mtype", image, "::/Neuer Ordner/big.bin") == BIG
    assert mtools("mtype", image, "::/Neuer Ordner/small.txt") == b"hello the"
    assert mtools("mtype", image, "::/Neuer Ordner/new name.txt") == b"was here before\n"
    assert mtools("mtype", image, "::/kept.txt") == b"was here before\n"
    assert b"AFTER" in mtools("mlabel", image, "-s")
    assert b"folder" not in mtools("mdir", image, "-b", "::/")


async def test_every_kind_of_change_to_exfat_is_what_sleuthkit_reads(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 40 << 20)
    source = tmp_path / "source"
    source.write_bytes(BIG)
    async with opened(image, "fsck.exfat") as (volume, changes):
        root = volume.facts.root
        folder = await changes.create(root, "Neuer Ördner 数据", Kind.DIRECTORY)
        with source.open("rb") as file:
            big = await changes.store(folder.node, "big.bin", file.fileno(), len(BIG), modified=10**18)
        assert (big.name, big.size, big.modified) == ("big.bin", len(BIG), 10**18)
        small = await changes.create(folder.node, "small.txt", Kind.FILE)
        await changes.write(small.node, 5000, b"hello world")
        await changes.truncate(small.node, 6000)
        renamed = await changes.rename(small.node, root, "ümbenannt")
        await changes.set_attributes(renamed.node, Attribute.HIDDEN)
        for number in range(300):
            await changes.create(folder.node, f"{number} " + "n" * (number % 90 + 1), Kind.FILE)
        await changes.remove((await volume.resolve("/Neuer Ördner 数据/7 " + "n" * 8)).node)
        await changes.set_label("Nachhér")
        await changes.flush()
        assert changes.staged == changes.settled
        assert (await volume.describe()).label == "Nachhér"
    found = sleuthkit_reads(image)
    assert found["Neuer Ördner 数据/big.bin"] == BIG
    assert found["ümbenannt"] == bytes(5000) + b"hello world" + bytes(989)
    assert len(found) == 301


async def test_what_was_changed_and_then_left_alone_comes_to_the_medium_by_itself(image: Path) -> None:
    async with opened(image) as (volume, changes):
        await changes.create(volume.facts.root, "left alone", Kind.DIRECTORY)
        while b"left alone" not in mtools("mdir", image, "-b", "::/"):  # noqa: ASYNC110 - tells nobody
            await asyncio.sleep(0.1)


async def test_a_store_that_is_cancelled_leaves_nothing_and_gives_its_room_back(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "large.img", 2100 << 20, "-F", "32")
    with (tmp_path / "source").open("wb") as file:
        file.truncate(2000 << 20)
    begun = asyncio.Event()
    async with opened(image) as (volume, changes):
        free = (await volume.describe()).free
        root = volume.facts.root
        with (tmp_path / "source").open("rb") as file:
            storing = changes.store(root, "big", file.fileno(), 2000 << 20, moved=lambda _: begun.set())
            store = asyncio.create_task(storing)
            await begun.wait()
            store.cancel()
            with pytest.raises(asyncio.CancelledError):
                await store
        assert (await volume.describe()).free == free
        with pytest.raises(NotFound):
            await volume.resolve("/big")


async def test_refusals_are_told_apart_and_change_nothing(image: Path, tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.write_bytes(b"x" * 100)
    async with opened(image) as (volume, changes):
        root = volume.facts.root
        kept = await volume.resolve("/kept.txt")
        with short.open("rb") as file:
            with pytest.raises(AlreadyExists):
                await changes.store(root, "KEPT.TXT", file.fileno(), 100)
            with pytest.raises(NoSpace):
                await changes.store(root, "vast", file.fileno(), 1 << 30)
            with pytest.raises(TooLarge):
                await changes.store(root, "vaster", file.fileno(), 1 << 32)
            with pytest.raises(HostReadFailed):
                await changes.store(root, "grown", file.fileno(), 5_000_000)
            with pytest.raises(WrongKind):
                await changes.store(kept.node, "below a file", file.fileno(), 100)
        with pytest.raises(NotFound):
            await changes.remove(2**40)
        assert (await volume.read(kept.node, 0, 100)) == b"was here before\n"
    assert len(mtools("mdir", image, "-b", "::/").split()) == 2


async def test_a_tree_is_copied_in_and_out_again_unchanged(image: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    contents = {"a.txt": b"a", "deep/er/Ünïcode näme.bin": BIG[:100_000], "deep/empty": b""}
    for name, content in contents.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    (tree / "link").symlink_to("/etc/passwd")
    os.mkfifo(tree / "fifo")
    async with opened(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([tree]), volume.facts.root)
        await job.run()
        assert (job.state, job.error) == (TransferState.DONE, None)
        assert sorted(problem.path for problem in job.problems) == ["tree/fifo", "tree/link"]
        assert (job.progress.files_done, job.progress.bytes_done) == (3, 100_001)
        assert sorted(job.safe()) == sorted(f"tree/{name}" for name in contents)
    for name, content in contents.items():
        assert mtools("mtype", image, f"::/tree/{name}") == content


@pytest.mark.parametrize(
    ("conflict", "kept", "beside"),
    [
        (Conflict.KEEP_BOTH, b"was here before\n", b"new\n"),
        (Conflict.REPLACE, b"new\n", None),
        (Conflict.SKIP, b"was here before\n", None),
        (Conflict.REFUSE, b"was here before\n", None),
    ],
)
async def test_a_name_that_is_taken_is_treated_as_was_asked(
    conflict: Conflict, kept: bytes, beside: bytes | None, image: Path, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new/Kept.txt").write_bytes(b"new\n")
    async with opened(image) as (volume, changes):
        job = CopyIn(
            volume, changes, HostOrigin([tmp_path / "new/Kept.txt"]), volume.facts.root, conflict=conflict
        )
        await job.run()
        assert len(job.problems) == (conflict is Conflict.REFUSE)
    assert mtools("mtype", image, "::/kept.txt") == kept
    if beside is not None:
        assert mtools("mtype", image, "::/Kept (2).txt") == beside


async def test_what_does_not_fit_is_known_before_the_first_byte(image: Path, tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / "many").mkdir(exist_ok=True)
        with (tmp_path / "many" / str(number)).open("wb") as file:
            file.truncate(1 << 20)
    before = image.read_bytes()
    async with writable(image) as (volume, changes):
        job = CopyIn(volume, changes, HostOrigin([tmp_path / "many"]), volume.facts.root)
        await job.run()
        assert isinstance(job.error, NoSpace)
        assert (len(job.safe()), len(job.missing())) == (0, 60)
    assert image.read_bytes() == before


async def test_names_that_the_volume_cannot_hold_are_told_before(image: Path) -> None:
    long = "x" * 1024
    names = ["fine.txt", "a:b", "end.", "", *[long] * 600, "Grüße 你好 📷"]
    async with opened(image) as (_, changes):
        reasons = await changes.vet(names)
        assert reasons[:4] == [
            "",
            "a character in it is not allowed",
            "it ends with a dot or a space",
            "it has no characters",
        ]
        assert set(reasons[4:604]) == {"it is too long"}
        assert reasons[604:] == [""]


async def test_a_folder_that_was_half_deleted_is_not_said_to_be_as_it_was(
    image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stick is pulled out while the next one is deleted."""
    for name in ("half", "next", "last"):
        mtools("mmd", image, f"::/{name}")
    errors = iter((MediumError(0, 512), DeviceGone()))

    async def refused(self: Changes, *arguments: object, **more: object) -> None:
        raise next(errors)

    monkeypatch.setattr(Changes, "remove", refused)
    async with opened(image) as (volume, changes):
        entries = [await volume.lookup(volume.facts.root, name) for name in ("half", "next", "last")]
        job = Remove(volume, changes, entries)
        await job.run()
    assert job.account() == Account(Doing.REMOVING, "next", ("last",), 1, ("half", "next"), 2)
