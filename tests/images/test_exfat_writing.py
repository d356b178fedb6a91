"""What our exFAT driver writes, exfat-fuse and The Sleuth Kit read back, and fsck.exfat finds sound."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.entry import Attribute, Kind
from core.errors import AlreadyExists, InsideItself, NameNotAllowed, WrongKind
from core.fs.exfat.driver import ExFat
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.writable import Times, removal
from tests.support.exfat import Stick, blank_exfat, file_set, mounted, sleuthkit_reads
from tests.support.filling import fill, flush_twice
from tests.support.fsck import exfat_complaints
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed, put_in, volume_of, walked, writer_of

NAMES = (
    "short.txt",
    "Mixed.Case",
    "fifteen letters",
    "sixteen letters!",
    "ünïcödé 数据 😀.txt",
    ".hidden file",
    "two..dots.tar.gz",
    "with+plus,comma;semi=[x].txt",
    "n" * 210,
    "n" * 211,
    "数" * 255,
    "𝄞" * 127,
)


MOMENT = 1_700_000_001_230_000_000


@pytest.mark.parametrize(
    ("sector_size", "cluster_size"), [(512, 512), (512, 4096), (512, 65536), (4096, 4096)]
)
def test_what_is_written_is_read_back_by_peers_and_passes_fsck(
    tmp_path: Path, sector_size: int, cluster_size: int
) -> None:
    size = max(3 << 20, 150 * cluster_size)
    options = ("-c", str(cluster_size), "-b", str(cluster_size))
    image = blank_exfat(tmp_path / "stick.img", size, *options, sector_size=sector_size)
    with writer_of(ExFatWriter, image) as (writer, device):
        made = fill(writer, device, cluster_size, NAMES, seed=cluster_size)
        writer.flush()
        free = writer.facts().free
    assert sector_size != 512 or exfat_complaints(image) == []
    with volume_of(ExFat, image) as volume:
        found = {path: entry for path, entry in walked(volume) if entry.kind is Kind.FILE}
        assert {path: content_of(volume, volume._device, entry.node) for path, entry in found.items()} == made
        facts = volume.facts()
        assert (facts.warnings, facts.free, facts.dirty) == ([], free, False)
    if sector_size == 512:
        assert sleuthkit_reads(image) == made
    with mounted(image, sector_size) as folder:
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert {str(path.relative_to(folder)): path.read_bytes() for path in files} == made


def test_everything_that_was_written_can_be_removed_again(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20, "-c", "512")
    with writer_of(ExFatWriter, image) as (writer, device):
        free = writer.facts().free
        fill(writer, device, 512, NAMES, seed=1)
        for entry in list(listed(writer).values()):
            list(removal(writer, entry))
        writer.flush()
        assert listed(writer) == {}
        root = writer._folder(0).chain.count  # it keeps what it grew by
        assert writer.facts().free == (free or 0) - (root - 1) * 512
    assert exfat_complaints(image) == []


def test_files_are_renamed_moved_and_put_in_the_place_of_others(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    with writer_of(ExFatWriter, image) as (writer, device):
        folder = writer.create(0, "folder", Kind.DIRECTORY)
        inner = writer.create(folder.node, "inner", Kind.DIRECTORY)
        for name in ("one", "two", "three", "four"):
            put_in(writer, device, 0, name, name.encode() * 1000)
        writer.flush()
        assert writer.rename(writer.lookup(0, "one").node, 0, "ONE").name == "ONE"
        writer.rename(writer.lookup(0, "two").node, inner.node, "zwei mit einem langen Namen")
        with pytest.raises(AlreadyExists):
            writer.rename(writer.lookup(0, "three").node, 0, "Four")
        with pytest.raises(AlreadyExists):
            writer.rename(writer.lookup(0, "three").node, 0, "FOLDER", replace=True)
        assert writer.rename(writer.lookup(0, "three").node, 0, "FOUR", replace=True).name == "four"
        with pytest.raises(InsideItself):
            writer.rename(folder.node, inner.node, "loop")
        with pytest.raises(InsideItself):
            writer.rename(folder.node, folder.node, "loop")
        moved = writer.rename(inner.node, 0, "inner")
        put_in(writer, device, moved.node, "new", b"new")
        writer.rename(folder.node, moved.node, "folder")
        writer.flush()
        assert {path: entry.size for path, entry in walked(writer)} == {
            "ONE": 3000,
            "four": 5000,
            "inner": 0,
            "inner/zwei mit einem langen Namen": 3000,
            "inner/new": 3,
            "inner/folder": 0,
        }
        assert content_of(writer, device, writer.lookup(0, "four").node) == b"three" * 1000
    assert exfat_complaints(image) == []


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def change(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield change
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("name", "offset"), [("UTC", 0x80), ("NPT-5:45", 0x97), ("EST5", 0xEC)])
def test_times_keep_their_moment_to_ten_milliseconds_and_tell_the_zone(
    tmp_path: Path, zone: Callable[[str], None], name: str, offset: int
) -> None:
    zone(name)
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    with writer_of(ExFatWriter, image) as (writer, _):
        before = time.time_ns()
        node = writer.create(0, "file", Kind.FILE).node
        created = writer.stat(node).created or 0
        assert before - 10_000_000 < created <= time.time_ns()
        writer.set_times(node, Times(MOMENT + 9_999_999, MOMENT - 10_000_000, MOMENT))
        writer.flush()
        details = writer.stat(node)
        assert (details.entry.modified, details.created) == (MOMENT, MOMENT - 10_000_000)
        assert details.accessed == MOMENT // 2_000_000_000 * 2_000_000_000
        raw = writer._device.read((node >> 1) * 32, 32)
        assert raw[22:25] == bytes([offset] * 3)
        for far in (-(2**62), 2**62):
            writer.set_times(node, Times(far, far, far))
        writer.flush()
    assert exfat_complaints(image) == []


def test_attributes_are_set_and_the_kind_of_entry_stays(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    with writer_of(ExFatWriter, image) as (writer, _):
        folder = writer.create(0, "folder", Kind.DIRECTORY, attributes=Attribute.HIDDEN)
        file = writer.create(0, "file", Kind.FILE)
        assert (folder.attributes, file.attributes) == (Attribute.HIDDEN, Attribute.ARCHIVE)
        for node in (folder.node, file.node):
            writer.set_attributes(node, 0xFFFF)
        writer.flush()
        entries = listed(writer)
        assert [entry.attributes for entry in entries.values()] == [0x27, 0x27]
        assert [entry.kind for entry in entries.values()] == [Kind.DIRECTORY, Kind.FILE]
        with pytest.raises(WrongKind):
            writer.set_times(0, Times(0))


def test_a_label_is_given_changed_and_taken_away(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    for label in ("Hälló 数据", "OTHER", "", "AGAIN"):
        with writer_of(ExFatWriter, image) as (writer, _):
            writer.set_label(label)
            writer.flush()
            assert writer.facts().label == label
        with volume_of(ExFat, image) as volume:
            assert volume.facts().label == label
        assert exfat_complaints(image) == []
    with writer_of(ExFatWriter, image) as (writer, _), pytest.raises(NameNotAllowed):
        writer.set_label("twelve chars")


def allocation(writer: ExFatWriter, node: int) -> str:
    return dict(writer.stat(node).facts)["Allocation"]


def test_a_file_is_contiguous_until_another_is_in_its_way(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20, "-c", "4096")
    with writer_of(ExFatWriter, image) as (writer, device):
        node = put_in(writer, device, 0, "file", b"a" * 20_000).node
        writer.write(node, 20_000, b"b" * 20_000)
        assert allocation(writer, node) == "contiguous"
        writer.flush()
        put_in(writer, device, 0, "in its way", b"c")
        writer.write(node, 40_000, b"d" * 20_000)
        assert allocation(writer, node) == "cluster chain"
        writer.truncate(node, 10_000)
        writer.write(node, 10_000, b"e" * 30_000)
        writer.flush()
        assert content_of(writer, device, node) == b"a" * 10_000 + b"e" * 30_000
        writer.truncate(node, 0)
        writer.write(node, 0, b"again")
        assert allocation(writer, node) == "contiguous"
        writer.flush()
    assert exfat_complaints(image) == []


def test_what_was_never_written_of_a_file_is_zeros_whatever_the_medium_has(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20, "-c", "4096")
    with writer_of(ExFatWriter, image) as (writer, device):
        free = writer.facts().free or 0
        put_in(writer, device, 0, "garbage", b"\xee" * (free - 8192))
        writer.remove(writer.lookup(0, "garbage").node)
        writer.flush()
        node = writer.create(0, "file", Kind.FILE).node
        writer.truncate(node, 1_000_000)
        assert content_of(writer, device, node) == bytes(1_000_000)
        assert dict(writer.stat(node).facts)["Bytes written"] == "0"
        writer.write(node, 500_000, b"middle")
        writer.write(node, 10, b"start")
        expected = bytearray(1_000_000)
        expected[500_000:500_006], expected[10:15] = b"middle", b"start"
        assert content_of(writer, device, node) == expected
        assert dict(writer.stat(node).facts)["Bytes written"] == "500006"
        writer.truncate(node, 400_000)
        writer.truncate(node, 600_000)
        assert content_of(writer, device, node) == bytes(10) + b"start" + bytes(599_985)
        writer.flush()
    assert exfat_complaints(image) == []


def test_growing_a_file_writes_no_zeros(tmp_path: Path) -> None:
    with writer_of(ExFatWriter, blank_exfat(tmp_path / "stick.img", 600 << 20)) as (writer, _):
        node = writer.create(0, "file", Kind.FILE).node
        writer.truncate(node, 500 << 20)
        writer.flush()
    assert (tmp_path / "stick.img").stat().st_blocks * 512 < 4 << 20


def test_benign_entries_move_with_their_file_and_go_with_it(tmp_path: Path) -> None:
    stick = Stick(clusters=300)
    vendor = stick.allocate(5000)
    extra = struct.pack("<BB16s2xIQ", 0xE1, 0x01, b"G" * 16, vendor[0], 5000)
    stick.add_slots("", file_set("file", extra=extra))
    stick.add_folder("folder", 1)
    device = MemoryDevice(bytes(stick.data))
    writer = ExFatWriter.open(device)
    free = writer.facts().free or 0
    moved = writer.rename(writer.lookup(0, "file").node, writer.lookup(0, "folder").node, "x" * 30)
    writer.flush()
    assert extra in device.read((moved.node >> 1) * 32, 32 * 5)
    writer.remove(moved.node)
    writer.flush()
    assert writer.facts().free == free + 8192
    image = tmp_path / "stick.img"
    image.write_bytes(device.content)
    assert exfat_complaints(image) == []


def test_the_volume_says_that_it_is_being_changed_until_it_is_flushed(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    region = image.read_bytes()[: 12 * 512]
    with writer_of(ExFatWriter, image) as (writer, device):
        put_in(writer, device, 0, "file", bytes(1 << 19))
        assert image.read_bytes()[106] == 2
        assert not writer.facts().dirty
        assert writer.settled < writer.staged
        writer.flush()
        assert writer.settled == writer.staged
        used = 100 - (writer.facts().free or 0) * 100 // (int(dict(writer.facts().facts)["Clusters"]) * 4096)
    now = image.read_bytes()[: 12 * 512]
    assert now[106] == 0
    assert abs(now[112] - used) <= 1
    assert [at for at in range(12 * 512) if now[at] != region[at]] == [112]
    assert exfat_complaints(image) == []


def test_a_volume_that_was_dirty_stays_so() -> None:
    stick = Stick()
    stick.set_boot(106, b"\x02")
    device = MemoryDevice(bytes(stick.data))
    writer = ExFatWriter.open(device)
    writer.create(0, "file", Kind.FILE)
    writer.flush()
    assert ExFat.open(device).facts().dirty


def test_what_was_staged_is_written_after_a_stick_recovers_from_an_error(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    flush_twice(ExFatWriter, image)
    assert exfat_complaints(image) == []
    with volume_of(ExFat, image) as volume:
        assert list(listed(volume)) == ["first", "folder"]
