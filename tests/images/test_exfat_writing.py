"""What our exFAT driver writes, exfat-fuse and The Sleuth Kit read back, and fsck.exfat finds sound."""

from __future__ import annotations

import random
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.blockdev.device import BlockDevice
from core.blockdev.fault import FaultyDevice
from core.entry import Attribute, Kind
from core.errors import (
    AlreadyExists,
    CorruptStructure,
    InsideItself,
    MediumError,
    NameNotAllowed,
    NoSpace,
    NotEmpty,
    NotFound,
    ReadOnly,
    RumpusError,
    WrongKind,
)
from core.fs.exfat.driver import ExFat
from core.fs.exfat.writing import ground
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.writable import Reason, Times, removal
from tests.support.exfat import (
    Stick,
    blank_exfat,
    file_set,
    mounted,
    sleuthkit_reads,
)
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


def written(writer: ExFatWriter, device: BlockDevice, cluster_size: int, seed: int) -> dict[str, bytes]:
    """Fills a volume in every way there is, and returns what should be in it."""
    chance = random.Random(seed)
    made: dict[str, bytes] = {}
    folder = writer.create(0, "folder", Kind.DIRECTORY)
    inner = writer.create(folder.node, "inner folder", Kind.DIRECTORY)
    writer.create(0, "empty folder", Kind.DIRECTORY)
    for number, name in enumerate(NAMES):
        above, node = ("folder/inner folder/", inner.node) if number % 2 else ("", 0)
        made[above + name] = chance.randbytes(chance.randrange(5000))
        put_in(writer, device, node, name, made[above + name])
    for number, size in enumerate((0, 1, cluster_size - 1, cluster_size, cluster_size + 1, 3 * cluster_size)):
        name = f"{number} bytes around a cluster"
        entry = writer.create(folder.node, name, Kind.FILE)
        made[f"folder/{name}"] = chance.randbytes(size)
        for start in range(0, size, 7777):
            writer.write(entry.node, start, made[f"folder/{name}"][start : start + 7777])
    for number in range(12):
        put_in(writer, device, 0, f"gap{number}", bytes(cluster_size))
    for number in range(0, 12, 2):
        writer.remove(writer.lookup(0, f"gap{number}").node)
        made[f"gap{number + 1}"] = bytes(cluster_size)
    grown = writer.create(0, "grown", Kind.FILE)
    writer.write(grown.node, 2 * cluster_size, b"end")
    writer.write(grown.node, 5, b"start")
    made["grown"] = bytes(5) + b"start" + bytes(2 * cluster_size - 10) + b"end"
    cut = writer.create(0, "cut", Kind.FILE)
    content = chance.randbytes(4 * cluster_size)
    writer.write(cut.node, 0, content)
    writer.truncate(cut.node, cluster_size + 1)
    writer.truncate(cut.node, 1)
    writer.truncate(cut.node, cluster_size * 2)
    writer.write(cut.node, cluster_size + 3, b"middle")
    made["cut"] = content[:1] + bytes(cluster_size + 2) + b"middle" + bytes(cluster_size - 9)
    return made


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
        made = written(writer, device, cluster_size, seed=cluster_size)
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
        written(writer, device, 512, seed=1)
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


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", Reason.EMPTY),
        (".", Reason.RESERVED),
        ("..", Reason.RESERVED),
        *((f"a{character}b", Reason.CHARACTER) for character in '"*/:<>?\\|\0\x1f\ud800'),
        ("end.", Reason.END),
        ("end ", Reason.END),
        ("x" * 256, Reason.LENGTH),
        ("𝄞" * 128, Reason.LENGTH),
    ],
)
def test_names_that_exfat_cannot_hold_are_refused_with_the_reason(
    tmp_path: Path, name: str, reason: Reason
) -> None:
    writer = ExFatWriter.open(MemoryDevice(bytes(Stick().data)))
    for act in (
        lambda: writer.create(0, name, Kind.FILE),
        lambda: writer.reserve(0, name, 5),
    ):
        with pytest.raises(NameNotAllowed) as caught:
            act()
        assert caught.value.reason == reason
    assert writer.staged == 0


def test_names_are_compared_by_the_table_of_the_volume_itself(tmp_path: Path) -> None:
    small = ExFatWriter.open(MemoryDevice(bytes(Stick().data)))  # its table has the letters of ASCII alone
    for name in ("größe", "grÖße", "grÖßE2"):
        small.create(0, name, Kind.FILE)
    with pytest.raises(AlreadyExists):
        small.create(0, "GRößE", Kind.FILE)
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    with writer_of(ExFatWriter, image) as (writer, _):
        writer.create(0, "größe", Kind.FILE)
        with pytest.raises(AlreadyExists):
            writer.create(0, "GRÖßE", Kind.FILE)
        writer.flush()
    assert exfat_complaints(image) == []


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


def node_of(writer: ExFatWriter, path: str) -> int:
    node = 0
    for name in path.split("/"):
        node = writer.lookup(node, name).node
    return node


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


def test_directories_turn_into_chains_and_their_files_keep_their_nodes(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20, "-c", "512")
    with writer_of(ExFatWriter, image) as (writer, device):
        folder = writer.create(0, "folder", Kind.DIRECTORY)
        nodes = {}
        for number in range(200):
            name = f"{number}" + "x" * (number % 220)
            nodes[name] = writer.create(folder.node, name, Kind.FILE).node
            put_in(writer, device, 0, f"beside {number}", bytes(512))
        assert allocation(writer, folder.node) == "cluster chain"
        assert {name: entry.node for name, entry in listed(writer, folder.node).items()} == nodes
        for number, node in enumerate(nodes.values()):
            writer.write(node, 0, str(number).encode())
        writer.flush()
    assert exfat_complaints(image) == []
    with volume_of(ExFat, image) as volume:
        found = listed(volume, volume.lookup(0, "folder").node)
        contents = [content_of(volume, volume._device, entry.node) for entry in found.values()]
        assert sorted(contents) == sorted(str(number).encode() for number in range(200))


def test_a_directory_reuses_the_slots_of_what_was_removed(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20, "-c", "512")
    with writer_of(ExFatWriter, image) as (writer, _):
        folder = writer.create(0, "folder", Kind.DIRECTORY)
        for number in range(2000):
            entry = writer.create(folder.node, f"{number}" + "x" * (number % 250), Kind.FILE)
            writer.remove(entry.node)
        assert writer._folder(folder.node).chain.count <= 4
        writer.flush()
    assert exfat_complaints(image) == []


def test_a_directory_whose_size_lies_in_another_sector_than_its_checksum_grows_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stick = Stick(cluster_size=512, root_clusters=2)
    while stick.used("") % 512 != 480:
        stick.add_slots("", b"\x05".ljust(32, b"\0"))
    stick.add_folder("folder", 1)
    device = MemoryDevice(bytes(stick.data))
    writer = ExFatWriter.open(device)
    folder = writer.lookup(0, "folder")
    real, unlucky = ground.balanced, 3

    def balanced(primary: bytes, secondaries: bytes) -> bytes | None:
        nonlocal unlucky
        unlucky -= 1
        return None if unlucky >= 0 else real(primary, secondaries)

    monkeypatch.setattr(ground, "balanced", balanced)
    for number in range(8):
        writer.create(folder.node, f"{number}", Kind.FILE)
    assert unlucky < 0
    assert writer._folder(folder.node).chain.count >= 5
    assert not writer._bared
    writer.flush()
    image = tmp_path / "stick.img"
    image.write_bytes(device.content)
    assert exfat_complaints(image) == []


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


def test_what_another_system_left_behind_the_end_mark_never_shows(tmp_path: Path) -> None:
    stick = Stick(cluster_size=512, root_clusters=8)
    stick.add_folder("folder", 4)
    stick.add_slots("folder", file_set("first") + bytes(32 * 13) + file_set("left behind") * 10)
    device = MemoryDevice(bytes(stick.data))
    writer = ExFatWriter.open(device)
    folder = writer.lookup(0, "folder").node
    names = ["first"]
    for number in range(30):
        names.append(writer.create(folder, f"{number}" + "y" * (number * 7), Kind.FILE).name)
        writer.flush()
        assert list(listed(ExFat.open(device), folder)) == list(listed(writer, folder))
    assert sorted(listed(ExFat.open(device), folder)) == sorted(names)


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


def test_what_was_staged_is_written_after_a_stick_recovers_from_an_error(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20)
    memory = MemoryDevice(image.read_bytes())
    failing = False

    def before(operation: str, offset: int, length: int) -> None:
        if failing and operation == "write":
            raise MediumError(offset, length)

    writer = ExFatWriter.open(FaultyDevice(memory, before=before))
    writer.create(0, "first", Kind.FILE)
    writer.create(0, "folder", Kind.DIRECTORY)
    failing = True
    with pytest.raises(MediumError):
        writer.flush()
    failing = False
    writer.flush()
    image.write_bytes(memory.content)
    assert exfat_complaints(image) == []
    assert list(listed(ExFat.open(memory))) == ["first", "folder"]


def test_directories_of_other_systems_are_read_and_extended(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20, "-c", "512")
    made = {}
    with mounted(image) as folder:
        (folder / "folder").mkdir()
        for number in range(60):
            made[f"folder/{number} copied by fuse"] = b"from fuse"
            (folder / f"folder/{number} copied by fuse").write_bytes(b"from fuse")
        for number in range(0, 60, 5):
            (folder / f"folder/{number} copied by fuse").unlink()
            del made[f"folder/{number} copied by fuse"]
    with writer_of(ExFatWriter, image) as (writer, device):
        node = writer.lookup(0, "folder").node
        with pytest.raises(AlreadyExists):
            writer.create(node, "1 COPIED BY FUSE", Kind.FILE)
        for number in range(60):
            put_in(writer, device, node, f"{number} copied by us", b"from us")
            made[f"folder/{number} copied by us"] = b"from us"
        for number in range(1, 60, 5):
            writer.remove(node_of(writer, f"folder/{number} copied by fuse"))
            del made[f"folder/{number} copied by fuse"]
        for number in range(2, 60, 5):
            path = f"folder/{number} copied by fuse"
            writer.write(node_of(writer, path), 9, b", more by us")
            made[path] += b", more by us"
        writer.flush()
    assert exfat_complaints(image) == []
    with mounted(image) as folder:
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert {str(path.relative_to(folder)): path.read_bytes() for path in files} == made
