"""What exFAT has no room for, and damage that makes writing unsafe, is refused before anything changes."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import (
    AlreadyExists,
    CorruptStructure,
    NoSpace,
    NotEmpty,
    NotFound,
    ReadOnly,
    RumpusError,
    WrongKind,
)
from core.fs.exfat.driver import ExFat
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.writable import Times
from tests.support.exfat import (
    Stick,
    blank_exfat,
)
from tests.support.fsck import exfat_complaints
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed, node_of, put_in, writer_of

Act = Callable[[ExFatWriter], object]


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda writer: writer.write(node_of(writer, "file"), 2**62, b"x"), NoSpace),
        (lambda writer: writer.reserve(0, "too much", 3 << 20), NoSpace),
        (lambda writer: writer.truncate(node_of(writer, "file"), 3 << 20), NoSpace),
        (lambda writer: writer.remove(node_of(writer, "folder")), NotEmpty),
        (lambda writer: writer.remove(0), WrongKind),
        (lambda writer: writer.write(node_of(writer, "folder"), 0, b"x"), WrongKind),
        (lambda writer: writer.create(node_of(writer, "file"), "x", Kind.FILE), WrongKind),
        (lambda writer: writer.create(0, "link", Kind.SYMLINK), WrongKind),
        (lambda writer: writer.create(0, "FILE", Kind.FILE), AlreadyExists),
        (lambda writer: writer.reserve(0, "FOLDER", 1, replace=True), AlreadyExists),
        (lambda writer: writer.remove(12345), NotFound),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_changes(
    tmp_path: Path, act: Act, error: type[RumpusError]
) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    with writer_of(ExFatWriter, image) as (writer, device):
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


def test_a_full_volume_refuses_one_more_byte_and_takes_it_again_after_a_removal(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    with writer_of(ExFatWriter, image) as (writer, device):
        free = writer.facts().free or 0
        put_in(writer, device, 0, "all", bytes(free))
        with pytest.raises(NoSpace) as caught:
            put_in(writer, device, 0, "more", b"x")
        assert caught.value.free == 0
        writer.remove(writer.lookup(0, "all").node)
        put_in(writer, device, 0, "again", b"y" * free)
        writer.flush()
    assert exfat_complaints(image) == []


def test_scattered_free_clusters_are_all_used(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20, "-c", "512")
    with writer_of(ExFatWriter, image) as (writer, device):
        folder = writer.create(0, "folder", Kind.DIRECTORY)
        for number in range(300):
            put_in(writer, device, folder.node, f"{number}", bytes(512))
        put_in(writer, device, 0, "rest", bytes((writer.facts().free or 0) - 4096))
        put_in(writer, device, 0, "more rest", bytes(writer.facts().free or 0))
        for number in range(0, 300, 2):
            writer.remove(writer.lookup(folder.node, f"{number}").node)
        content = random.Random(1).randbytes(150 * 512)
        node = put_in(writer, device, 0, "scattered", content).node
        assert len(list(writer.extents(node))) > 100
        assert content_of(writer, device, node) == content
        writer.flush()
    assert exfat_complaints(image) == []


def test_an_abandoned_copy_leaves_no_trace(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    with writer_of(ExFatWriter, image) as (writer, _):
        free = writer.facts().free
        reservation = writer.reserve(0, "never", 100_000)
        assert writer.facts().free != free
        writer.abandon(reservation)
        writer.abandon(reservation)
        assert (writer.facts().free, listed(writer)) == (free, {})
        writer.flush()
    assert exfat_complaints(image) == []


def with_byte(at: Callable[[Stick], int], value: int) -> Callable[[Stick], None]:
    def change(stick: Stick) -> None:
        stick.data[at(stick)] = value

    return change


ROOT = [
    lambda stick: stick.position(stick.folders[""][0]),  # the bitmap's entry
    lambda stick: stick.position(stick.folders[""][0]) + 32,  # the up-case table's
]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda stick: stick.set_boot(108, b"\x0b"), "its boot sector is damaged"),
        (lambda stick: stick.set_boot(106, b"\x01"), "its boot sector is damaged"),
        (with_byte(lambda stick: ROOT[0](stick), 0x01), "its allocation bitmap is damaged"),
        (with_byte(lambda stick: ROOT[0](stick) + 24, 1), "its allocation bitmap is damaged"),
        (with_byte(lambda stick: ROOT[0](stick) + 20, 0), "its allocation bitmap is damaged"),
        (with_byte(lambda stick: stick.position(stick.bitmap[0]), 0xFE), "its allocation bitmap is damaged"),
        (with_byte(lambda stick: stick.position(stick.bitmap[0]), 0xFB), "its allocation bitmap is damaged"),
        (with_byte(lambda stick: ROOT[1](stick) + 4, 0), "its up-case table is damaged"),
        (with_byte(lambda stick: stick.position(stick.upcase[0]) + 8, 9), "its up-case table is damaged"),
        (
            lambda stick: stick.add_slots("", struct.pack("<BB18xIQ", 0x81, 1, 9, 38)),
            "its root directory is damaged",
        ),
    ],
)
def test_a_volume_whose_damage_makes_writing_unsafe_is_only_read(
    damage: Callable[[Stick], None], reason: str
) -> None:
    stick = Stick()
    damage(stick)
    with pytest.raises(ReadOnly) as caught:
        ExFatWriter.open(MemoryDevice(bytes(stick.data)))
    assert caught.value.reason == reason
    assert ExFat.open(MemoryDevice(bytes(stick.data)))


def test_nothing_is_written_in_a_directory_whose_files_have_clusters_that_are_marked_free() -> None:
    stick = Stick()
    stick.add_file("victim", b"v" * 100)
    bitmap = stick.position(stick.bitmap[0])
    stick.data[bitmap] = 0x07  # bitmap, table and root
    device = MemoryDevice(bytes(stick.data))
    writer = ExFatWriter.open(device)
    with pytest.raises(CorruptStructure):
        writer.create(0, "file", Kind.FILE)
    assert device.content == stick.data


def test_a_damaged_file_is_neither_changed_nor_removed() -> None:
    stick = Stick()
    place = stick.add_file("broken", b"v" * 100)
    stick.data[place + 2] ^= 1
    device = MemoryDevice(bytes(stick.data))
    writer = ExFatWriter.open(device)
    node = writer.lookup(0, "broken").node
    acts: list[Callable[[], object]] = [
        lambda: writer.remove(node),
        lambda: writer.write(node, 0, b"x"),
        lambda: writer.rename(node, 0, "other"),
        lambda: writer.set_times(node, Times(0)),
    ]
    for act in acts:
        with pytest.raises(CorruptStructure):
            act()
    assert device.content == stick.data
