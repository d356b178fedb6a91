"""Volumes that were pulled out while in use: read as the kernel and e2fsck read them after recovery."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.errors import CorruptStructure, UnsupportedFeature
from tests.support.ext import (
    Seen,
    content_of,
    debugfs,
    ext_image,
    needs_e2fsprogs,
    node_of,
    opened,
    run,
    tree_of_host,
    tree_of_volume,
)

pytestmark = needs_e2fsprogs

MIB = 1 << 20
SIGNATURE = b"\xc0\x3b\x39\x98"
"""What every block of the log begins with; a file's block that does so too is escaped there."""


@contextmanager
def mounted(image: Path, options: str = "loop") -> Iterator[Path]:
    """The image mounted by this machine's kernel, where that is allowed."""
    place = image.with_suffix(".mounted")
    place.mkdir(exist_ok=True)
    try:
        run("mount", "-t", "ext4", "-o", options, image, place)
    except (AssertionError, FileNotFoundError) as error:
        pytest.skip(f"needs root and the kernel's ext4: {error}"[:200])
    try:
        yield place
    finally:
        run("umount", place)


def recovered(image: Path) -> dict[str, Seen]:
    """What the kernel finds after its own recovery, on a copy."""
    copy = image.with_suffix(".recovered")
    shutil.copy(image, copy)
    with mounted(copy) as place:
        return tree_of_host(place)


def synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def pulled_out_while_busy(image: Path, options: str) -> Path:
    """A copy of the image, taken while the kernel had made more changes than it had put in their places."""
    with mounted(image, options) as place:
        for number in range(600):
            (place / f"file number {number:05}").write_bytes(bytes([number & 255]) * (number * 5))
        os.sync()
        with (place / "held").open("wb") as held:
            held.write(b"x" * 100_000)
            held.flush()
            (place / "held").unlink()
            (place / "sub").mkdir()
            for number in range(0, 600, 3):
                (place / f"file number {number:05}").unlink()
                (place / f"file number {number + 1:05}").rename(place / f"sub/{number} renamed")
                (place / f"sub/new {number}").write_bytes(SIGNATURE + b"n" * number * 17)
            (place / "sub/link").symlink_to("t" * 200)
            synced(place / "sub/new 30")
            synced(place / "sub")
            return Path(shutil.copy(image, image.with_suffix(".pulled")))


@pytest.mark.parametrize(
    ("made", "options"),
    [
        (("-t", "ext4"), "loop"),
        (("-t", "ext4", "-b", "4096"), "loop"),
        (("-t", "ext3"), "loop"),
        (("-t", "ext4"), "loop,data=journal"),
        (("-t", "ext4", "-b", "4096", "-O", "^64bit"), "loop,data=journal"),
        (("-t", "ext4", "-O", "^metadata_csum"), "loop,journal_checksum"),
        (("-t", "ext4", "-O", "^metadata_csum,^64bit"), "loop,journal_checksum,data=journal"),
        (("-t", "ext4"), "loop,journal_async_commit,data=writeback"),
        (("-t", "ext4", "-O", "inline_data"), "loop"),
        (("-t", "ext4", "-O", "bigalloc"), "loop"),
        (("-t", "ext4", "-O", "orphan_file"), "loop"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_a_stick_pulled_out_reads_as_after_the_kernel_s_recovery(
    made: tuple[str, ...], options: str, tmp_path: Path
) -> None:
    image = pulled_out_while_busy(ext_image(tmp_path / "stick.img", 64 * MIB, *made), options)
    before = image.read_bytes()
    volume, device = opened(image)
    facts = volume.facts()
    assert facts.dirty and facts.warnings == []
    assert "transactions" in dict(facts.facts)["Journal"]
    assert dict(facts.facts)["Orphaned files"] == "1"
    assert tree_of_volume(volume, device) == recovered(image)
    assert image.read_bytes() == before


def test_fast_commits_are_said_not_to_be_replayed(tmp_path: Path) -> None:
    image = ext_image(tmp_path / "stick.img", 64 * MIB, "-t", "ext4", "-O", "fast_commit")
    with mounted(image) as place:
        (place / "old").write_bytes(b"old")
        os.sync()
        (place / "new").write_bytes(b"new")
        synced(place / "new")
        pulled = Path(shutil.copy(image, image.with_suffix(".pulled")))
    volume, device = opened(pulled)
    assert [(fault.kind, fault.values) for fault in volume.facts().warnings] == [
        ("UnsupportedFeature", {"name": "fast_commit"})
    ]
    assert content_of(volume, device, "old") == b"old"


# journals that debugfs writes: they need no kernel ----------------------------------------------------------


class Logged:
    """A volume whose file `data` has six blocks, the first five of which a journal has newer copies of."""

    def __init__(self, folder: Path, block_size: int, features: str, journal: str) -> None:
        chance = random.Random(2)
        source = folder / "source"
        source.mkdir()
        self.old = chance.randbytes(6 * block_size)
        (source / "data").write_bytes(self.old)
        options = ("-t", "ext4", "-b", block_size, "-O", features)
        self.image = ext_image(folder / "stick.img", 24 * MIB, *options, source=source)
        blocks = run("debugfs", "-R", "blocks /data", self.image).split()
        new = [chance.randbytes(block_size) for _ in range(6)]
        new[1] = SIGNATURE + new[1][4:]
        (folder / "first").write_bytes(b"".join(new[:4]))
        (folder / "second").write_bytes(b"".join(new[4:]))
        debugfs(
            self.image,
            f"jo {journal}",
            f"jw -b {','.join(blocks[:4])} {folder / 'first'}",
            f"jw -b {','.join(blocks[4:])} {folder / 'second'}",
            f"jw -r {blocks[5]}",
            "jc",
            write=True,
        )
        self.new = b"".join(new[:5]) + self.old[5 * block_size :]


@pytest.mark.parametrize("block_size", [1024, 4096])
@pytest.mark.parametrize(
    ("features", "journal"),
    [
        ("^64bit,^metadata_csum", ""),
        ("64bit,^metadata_csum", ""),
        ("^64bit,metadata_csum", "-c -v 2"),
        ("64bit,metadata_csum", "-c -v 2"),
        ("^64bit,metadata_csum", "-c -v 3"),
        ("64bit,metadata_csum", "-c -v 3"),
    ],
)
def test_logged_revoked_and_escaped_blocks_are_what_e2fsck_makes_of_them(
    block_size: int, features: str, journal: str, tmp_path: Path
) -> None:
    logged = Logged(tmp_path, block_size, features, journal)
    repaired = Path(shutil.copy(logged.image, tmp_path / "repaired.img"))
    run("e2fsck", "-fy", repaired, check=False)
    run("debugfs", "-R", f"dump /data {tmp_path / 'by-e2fsck'}", repaired)
    volume, device = opened(logged.image)
    assert content_of(volume, device, "data") == logged.new == (tmp_path / "by-e2fsck").read_bytes()
    facts = volume.facts()
    assert facts.warnings == []
    assert dict(facts.facts)["Journal"] == "3 transactions, 5 blocks, replayed in memory"


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Logged:
    return Logged(tmp_path_factory.mktemp("logged"), 4096, "64bit,metadata_csum", "-c -v 3")


def damaged(logged: Logged, place: int, new: bytes) -> bytes:
    """The volume with these bytes at a place in its journal."""
    image = bytearray(logged.image.read_bytes())
    start = image.find(SIGNATURE + b"\0\0\0\4")
    image[start + place : start + place + len(new)] = new
    return bytes(image)


def test_a_torn_last_transaction_is_left_out_with_a_warning(logged: Logged) -> None:
    image = damaged(logged, 7 * 4096 + 100, b"torn")  # the second transaction's descriptor
    volume, device = opened(image)
    assert content_of(volume, device, "data") == logged.new[: 4 * 4096] + logged.old[4 * 4096 :]
    assert [fault.values["structure"] for fault in volume.facts().warnings] == ["journal"]


def test_a_damaged_copy_in_the_journal_fails_the_file_that_needs_it(logged: Logged) -> None:
    volume, _ = opened(damaged(logged, 3 * 4096 + 100, b"torn"))  # of the file's second block
    with pytest.raises(CorruptStructure) as error:
        list(volume.extents(node_of(volume, "data")))
    assert error.value.structure == "journal"


def test_a_journal_that_makes_no_sense_leaves_the_volume_readable(logged: Logged) -> None:
    volume, device = opened(damaged(logged, 12, b"\xff" * 200))
    facts = volume.facts()
    assert facts.dirty and [fault.kind for fault in facts.warnings] == ["CorruptStructure"]
    assert dict(facts.facts)["Journal"] == "could not be read"
    assert content_of(volume, device, "data") == logged.old


def test_a_journal_of_unknown_features_is_named_and_not_replayed(tmp_path: Path) -> None:
    plain = Logged(tmp_path, 1024, "^64bit,^metadata_csum", "")
    volume, device = opened(damaged(plain, 40, (0x81).to_bytes(4, "big")))
    assert [fault.values for fault in volume.facts().warnings] == [{"name": "a journal with 0x80"}]
    assert content_of(volume, device, "data") == plain.old


def test_the_journal_is_found_through_the_superblock_when_its_inode_is_broken(tmp_path: Path) -> None:
    plain = Logged(tmp_path, 1024, "^64bit,^metadata_csum", "")
    debugfs(plain.image, "clri <8>", write=True)
    volume, device = opened(plain.image)
    assert content_of(volume, device, "data") == plain.new


def test_a_journal_on_another_device_is_noted(tmp_path: Path) -> None:
    image = ext_image(tmp_path / "stick.img", 24 * MIB, "-t", "ext4", "-b", "1024")
    debugfs(image, "ssv journal_inum 0", "feature needs_recovery", write=True)
    facts = opened(image)[0].facts()
    assert [fault.values for fault in facts.warnings] == [{"name": "external journal"}]
    assert dict(facts.facts)["Journal"].startswith("on another device")


def test_a_stick_that_only_holds_a_journal_is_no_volume(tmp_path: Path) -> None:
    image = tmp_path / "journal.img"
    run("truncate", "-s", "16M", image)
    run("mke2fs", "-q", "-F", "-O", "journal_dev", "-b", "4096", image)
    with pytest.raises(UnsupportedFeature) as error:
        opened(image)
    assert error.value.name == "journal_dev"
