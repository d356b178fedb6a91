"""What FAT has no room for is refused, with the reason, before anything changes."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import (
    AlreadyExists,
    DirectoryFull,
    NoSpace,
    NotEmpty,
    NotFound,
    ReadOnly,
    RumpusError,
    TooLarge,
    WrongKind,
)
from core.fs.driver import Options
from core.fs.fat.driver import Fat
from core.fs.fat.writing.writer import FatWriter
from core.fs.writable import Times
from tests.support.fat import blank_fat, volume_of, writer_of
from tests.support.fsck import complaints
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, device_of, listed, node_of, put_in

Act = Callable[[FatWriter], object]


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda writer: writer.reserve(0, "huge", 2**32), TooLarge),
        (lambda writer: writer.write(node_of(writer, "file"), 2**32 - 1, b"x"), TooLarge),
        (lambda writer: writer.truncate(node_of(writer, "file"), 2**32), TooLarge),
        (lambda writer: writer.reserve(0, "too much", 3 << 20), NoSpace),
        (lambda writer: writer.truncate(node_of(writer, "file"), 3 << 20), NoSpace),
        (lambda writer: writer.remove(node_of(writer, "folder")), NotEmpty),
        (lambda writer: writer.remove(0), WrongKind),
        (lambda writer: writer.write(node_of(writer, "folder"), 0, b"x"), WrongKind),
        (lambda writer: writer.create(node_of(writer, "file"), "x", Kind.FILE), WrongKind),
        (lambda writer: writer.create(0, "link", Kind.SYMLINK), WrongKind),
        (lambda writer: writer.reserve(0, "FOLDER", 1, replace=True), AlreadyExists),
        (lambda writer: writer.remove(12345), NotFound),
        (lambda writer: writer.set_times(0, Times(0)), WrongKind),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_changes(
    tmp_path: Path, act: Act, error: type[RumpusError]
) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20)
    with writer_of(image) as (writer, device):
        put_in(writer, device, 0, "file", b"content" * 1000)
        folder = writer.create(0, "folder", Kind.DIRECTORY)
        writer.create(folder.node, "inner", Kind.FILE)
        writer.flush()
        before = image.read_bytes()
        free = writer.facts().free
        with pytest.raises(error):
            act(writer)
        assert writer.facts().free == free
        writer.flush()
    assert image.read_bytes() == before


@pytest.mark.parametrize("name", ["F{:04}.TXT", "file with a long name {:04}"])
def test_a_full_root_directory_refuses_one_more_and_loses_nothing(tmp_path: Path, name: str) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20, "-F", "12", "-r", "112")
    made = 0
    with writer_of(image) as (writer, _):
        with pytest.raises(DirectoryFull) as caught:
            while True:
                writer.create(0, name.format(made), Kind.FILE)
                made += 1
        assert caught.value.limit == 112
        writer.flush()
    assert made == (112 if name.startswith("F") else 35)  # of three slots, five in a sector of sixteen
    assert complaints(image) == []
    with volume_of(image) as volume:
        assert list(listed(volume)) == [name.format(number) for number in range(made)]


def test_a_directory_takes_65536_slots_and_no_more(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 64 << 20, "-F", "32", "-s", "1")
    with writer_of(image) as (writer, _):
        folder = writer.create(0, "full", Kind.DIRECTORY)
        made = 0
        with pytest.raises(DirectoryFull) as caught:
            while True:
                writer.create(folder.node, f"{made:05}" + "x" * 180, Kind.FILE)
                made += 1
        assert (caught.value.what, caught.value.limit) == ("full", 65536)
        writer.flush()
        assert sum(len(batch) for batch in writer.entries(folder.node)) == made
    assert made >= 4095
    assert complaints(image) == []


def test_a_full_volume_refuses_one_more_byte_and_takes_it_again_after_a_removal(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20)
    with writer_of(image) as (writer, device):
        free = writer.facts().free or 0
        put_in(writer, device, 0, "all", bytes(free))
        with pytest.raises(NoSpace) as caught:
            put_in(writer, device, 0, "more", b"x")
        assert caught.value.free == 0
        writer.remove(listed(writer)["all"].node)
        put_in(writer, device, 0, "again", b"y" * free)
        writer.flush()
    assert complaints(image) == []


def test_scattered_free_clusters_are_all_used(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20, "-F", "12", "-s", "1")
    with writer_of(image) as (writer, device):
        free = writer.facts().free or 0
        for number in range(300):
            put_in(writer, device, 0, f"{number}", bytes(512))
        left = writer.facts().free or 0
        put_in(writer, device, 0, "rest", bytes(left))
        for number in range(0, 300, 2):
            writer.remove(writer.lookup(0, f"{number}").node)
        content = random.Random(1).randbytes(150 * 512)
        node = put_in(writer, device, 0, "scattered", content).node
        assert free > left
        assert len(list(writer.extents(node))) > 100
        assert content_of(writer, device, node) == content
        writer.flush()
    assert complaints(image) == []


def test_an_abandoned_copy_leaves_no_trace(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20)
    with writer_of(image) as (writer, _):
        free = writer.facts().free
        reservation = writer.reserve(0, "never", 100_000)
        assert writer.facts().free != free
        writer.abandon(reservation)
        writer.abandon(reservation)
        assert (writer.facts().free, listed(writer)) == (free, {})
        writer.flush()
    assert complaints(image) == []


def test_a_device_that_cannot_be_written_is_named_so(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20)
    with device_of(image) as device:
        writer = FatWriter.open(device)
        with pytest.raises(ReadOnly):
            writer.create(0, "file", Kind.FILE)
    content = bytearray(blank_fat(tmp_path / "broken.img", 40 << 20, "-F", "32").read_bytes())
    content[:512] = os.urandom(512)
    with pytest.raises(ReadOnly):
        FatWriter.open(MemoryDevice(bytes(content)))
    assert Fat.open(MemoryDevice(bytes(content)), Options())
