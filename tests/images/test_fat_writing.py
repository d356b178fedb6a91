"""What our FAT driver writes, mtools reads back and fsck.fat finds nothing wrong with."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from core.blockdev.device import BlockDevice
from core.blockdev.fault import FaultyDevice
from core.entry import Attribute, Kind
from core.errors import (
    AlreadyExists,
    DirectoryFull,
    InsideItself,
    MediumError,
    NameNotAllowed,
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
from core.fs.writable import Reason, Times, removal
from tests.support.fat import blank_fat, mtools, volume_of, writer_of
from tests.support.fsck import complaints
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, device_of, listed, put_in, walked

CLUSTERS = {12: 2000, 16: 5000, 32: 70_000}
NAMES = (
    "short.txt",
    "UPPER.TXT",
    "Mixed.Case",
    "lower.TXT",
    "a much longer name than 8.3 allows.jpeg",
    "a much longer name than 8.3 allows too.jpeg",
    "ünïcödé 数据 ☃.txt",
    ".hidden file",
    "two..dots.tar.gz",
    "with+plus,comma;semi=[x].txt",
    "x" * 255,
    "thirteen char",
)
MOMENT = 1_700_000_001_230_000_000


def written(writer: FatWriter, device: BlockDevice, cluster_size: int, seed: int) -> dict[str, bytes]:
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
    sizes = (0, 1, cluster_size - 1, cluster_size, cluster_size + 1, 3 * cluster_size + 5)
    for number, size in enumerate(sizes):
        name = f"{number} bytes around a cluster"
        entry = writer.create(folder.node, name, Kind.FILE)
        made[f"folder/{name}"] = chance.randbytes(size)
        for start in range(0, size, 777):
            writer.write(entry.node, start, made[f"folder/{name}"][start : start + 777])
    for number in range(12):
        put_in(writer, device, 0, f"gap{number}", bytes(cluster_size))
    for number in range(0, 12, 2):
        writer.remove(listed(writer)[f"gap{number}"].node)
        made[f"gap{number + 1}"] = bytes(cluster_size)
    grown = writer.create(0, "grown", Kind.FILE)
    writer.write(grown.node, 2 * cluster_size, b"end")
    writer.write(grown.node, 5, b"start")
    made["grown"] = bytes(5) + b"start" + bytes(2 * cluster_size - 10) + b"end"
    cut = writer.create(0, "cut", Kind.FILE)
    writer.write(cut.node, 0, chance.randbytes(4 * cluster_size))
    writer.truncate(cut.node, cluster_size + 1)
    writer.truncate(cut.node, 1)
    writer.truncate(cut.node, cluster_size * 2)
    made["cut"] = content_of(writer, device, cut.node)[:1] + bytes(cluster_size * 2 - 1)
    return made


def same_by_mtools(image: Path, made: dict[str, bytes], folder: Path) -> None:
    out = folder / "out"
    out.mkdir()
    mtools("mcopy", image, "-s", "-n", "-m", "::/", out)
    found = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert found == made


@pytest.mark.parametrize("cluster_size", [512, 2048, 8192, 65536])
@pytest.mark.parametrize("width", CLUSTERS)
def test_what_is_written_is_read_back_by_mtools_and_passes_fsck(
    tmp_path: Path, width: int, cluster_size: int
) -> None:
    options = ("-F", str(width), "-s", str(cluster_size // 512), "-n", "HOLIDAY")
    image = blank_fat(tmp_path / "stick.img", CLUSTERS[width] * cluster_size + (1 << 18), *options)
    with writer_of(image) as (writer, device):
        made = written(writer, device, cluster_size, seed=width * cluster_size)
        assert {
            path: content_of(writer, device, entry.node)
            for path, entry in walked(writer)
            if entry.kind is Kind.FILE
        } == made
        free = writer.facts().free
        writer.flush()
    assert complaints(image) == []
    same_by_mtools(image, made, tmp_path)
    with volume_of(image) as volume:
        assert volume.facts().free == free
        assert (volume.facts().dirty, volume.facts().warnings) == (False, [])


@pytest.mark.parametrize("sector_size", [1024, 2048, 4096])
def test_volumes_of_other_sector_sizes_are_written(tmp_path: Path, sector_size: int) -> None:
    image = blank_fat(tmp_path / "stick.img", 400 << 20, "-F", "32", "-S", str(sector_size), "-s", "1")
    with writer_of(image) as (writer, device):
        made = written(writer, device, sector_size, seed=sector_size)
        writer.flush()
    assert complaints(image) == []
    with volume_of(image) as volume, device_of(image) as device:
        found = {path: entry for path, entry in walked(volume) if entry.kind is Kind.FILE}
        assert {path: content_of(volume, device, entry.node) for path, entry in found.items()} == made


def test_everything_that_was_written_can_be_removed_again(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 16 << 20, "-F", "16", "-s", "4")
    with writer_of(image) as (writer, device):
        empty = writer.facts().free
        written(writer, device, 2048, seed=1)
        for entry in listed(writer).values():
            for _ in removal(writer, entry):
                pass
        assert listed(writer) == {}
        assert writer.facts().free == empty
        writer.flush()
    assert complaints(image) == []


def test_files_are_renamed_moved_and_put_in_the_place_of_others(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 8 << 20, "-F", "16", "-s", "1")
    with writer_of(image) as (writer, device):
        made = written(writer, device, 512, seed=2)
        writer.flush()
        folder, inner = listed(writer)["folder"], "folder/inner folder/"
        moves = [
            ("short.txt", 0, "SHORT.TXT"),  # its case alone
            ("SHORT.TXT", 0, "a long name for what was short.text"),
            ("grown", folder.node, "moved"),
            ("folder/moved", 0, "cut"),
        ]
        for path, parent, name in moves:
            moved = writer.rename(node_of(writer, path), parent, name, replace=True)
            assert moved.name in (name, "cut")
            target = ("folder/" if parent else "") + name
            made[target] = made.pop(path)
        writer.rename(node_of(writer, "folder/inner folder"), 0, "now outer")
        for path in [path for path in made if path.startswith(inner)]:
            made["now outer/" + path.removeprefix(inner)] = made.pop(path)
        writer.flush()
        with pytest.raises(InsideItself):
            writer.rename(folder.node, folder.node, "inside itself")
        with pytest.raises(AlreadyExists):
            writer.rename(folder.node, 0, "NOW OUTER")
    assert complaints(image) == []
    same_by_mtools(image, made, tmp_path)


def node_of(writer: FatWriter, path: str) -> int:
    node = 0
    for name in path.split("/"):
        node = writer.lookup(node, name).node
    return node


def test_times_and_attributes_are_kept_as_fat_can_tell_them(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20)
    with writer_of(image) as (writer, _):
        node = writer.create(0, "dated", Kind.FILE).node
        writer.set_times(node, Times(MOMENT, MOMENT, MOMENT))
        writer.set_attributes(node, Attribute.READ_ONLY | Attribute.HIDDEN)
        early = writer.create(0, "early", Kind.DIRECTORY, Times(0, 0, 0)).node
        late = writer.create(0, "late", Kind.FILE, Times(2**62, 2**62, 2**62)).node
        writer.flush()
    with volume_of(image) as volume:
        dated = volume.stat(node)
        assert dated.entry.modified == 1_700_000_000_000_000_000
        assert dated.created == MOMENT
        assert dated.accessed == MOMENT // 86_400_000_000_000 * 86_400_000_000_000
        assert dated.entry.attributes == Attribute.READ_ONLY | Attribute.HIDDEN
        assert volume.stat(early).entry.kind is Kind.DIRECTORY
        assert volume.stat(early).entry.modified == 315_532_800_000_000_000
        assert volume.stat(late).entry.modified == 4_354_819_198_000_000_000
    assert complaints(image) == []


@pytest.mark.parametrize("width", [12, 32])
def test_a_label_is_given_changed_and_taken_away(tmp_path: Path, width: int) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20 if width == 12 else 40 << 20, "-F", str(width))
    for label in ("holiday", "BACKUP 2", ""):
        with writer_of(image) as (writer, _):
            writer.set_label(label)
            writer.flush()
        assert complaints(image) == []
        with volume_of(image) as volume:
            assert volume.facts().label == label.upper()
    with writer_of(image) as (writer, _):
        for wrong in ("twelve chars", "a/b", "数据"):
            with pytest.raises(NameNotAllowed):
                writer.set_label(wrong)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", Reason.EMPTY),
        ("a/b", Reason.CHARACTER),
        ("tab\t", Reason.CHARACTER),
        ("\udc80", Reason.CHARACTER),
        ("dot.", Reason.END),
        ("space ", Reason.END),
        ("..", Reason.RESERVED),
        ("x" * 256, Reason.LENGTH),
        ("😀" * 128, Reason.LENGTH),
    ],
)
def test_names_that_fat_cannot_hold_are_refused_with_the_reason(
    tmp_path: Path, name: str, reason: Reason
) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20)
    with writer_of(image) as (writer, _):
        with pytest.raises(NameNotAllowed) as caught:
            writer.create(0, name, Kind.FILE)
        assert caught.value.reason == reason
        assert listed(writer) == {}
    assert complaints(image) == []


def test_names_that_differ_in_case_alone_are_the_same_name(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20)
    with writer_of(image) as (writer, _):
        writer.create(0, "Ünïcode name of a file", Kind.FILE)
        for again in ("ÜNÏCODE NAME OF A FILE", "ün_cod~1"):
            with pytest.raises(AlreadyExists):
                writer.create(0, again, Kind.DIRECTORY)


def test_short_names_are_those_that_windows_gives(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20)
    wanted = {
        "TEXTFILE.TXT": "TEXTFILE.TXT",
        "TextFile.Doc": "TEXTFILE.DOC",
        "The quick brown fox.text": "THEQUI~1.TEX",
        "The quick brown dog.text": "THEQUI~2.TEX",
        "a.b.c.d": "ABC~1.D",
        ".bashrc": "BASHRC~1",
        "a+b.txt": "A_B~1.TXT",
        "naïve été.txt": "NA_VEÉ~1.TXT",
    }
    with writer_of(image) as (writer, _):
        for name, short in wanted.items():
            entry = writer.create(0, name, Kind.FILE)
            found = dict(writer.stat(entry.node).facts)["Short name"]
            assert found == short
        shorts, folder = set(), writer.create(0, "folder", Kind.DIRECTORY).node
        for number in range(300):
            entry = writer.create(folder, f"photograph number {number}.jpeg", Kind.FILE)
            shorts.add(dict(writer.stat(entry.node).facts)["Short name"])
        assert len(shorts) == 300
        assert {f"PHOTOG~{number}.JPE" for number in range(1, 5)} < shorts
        writer.flush()
    assert complaints(image) == []


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


@pytest.mark.parametrize("width", CLUSTERS)
def test_the_volume_says_that_it_is_being_changed_until_it_is_flushed(tmp_path: Path, width: int) -> None:
    image = blank_fat(tmp_path / "stick.img", CLUSTERS[width] * 512 + (1 << 18), "-F", str(width), "-s", "1")
    with writer_of(image) as (writer, _):
        writer.create(0, "file", Kind.FILE)
        assert any("Dirty bit is set" in line for line in complaints(image))
        assert not writer.facts().dirty
        writer.flush()
        assert complaints(image) == []
        writer.create(0, "file 2", Kind.FILE)
        assert complaints(image) != []
        assert writer.settled < writer.staged
        writer.flush()
        assert writer.settled == writer.staged
    assert complaints(image) == []


def test_a_volume_that_was_dirty_stays_so(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20, "-F", "12")
    content = bytearray(image.read_bytes())
    content[37] |= 1
    image.write_bytes(content)
    with writer_of(image) as (writer, _):
        writer.create(0, "file", Kind.FILE)
        writer.flush()
    with volume_of(image) as volume:
        assert volume.facts().dirty


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


def test_what_was_staged_is_written_after_a_stick_recovers_from_an_error(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20, "-F", "12")
    memory = MemoryDevice(image.read_bytes())
    failing = False

    def before(operation: str, offset: int, length: int) -> None:
        if failing and operation == "write":
            raise MediumError(offset, length)

    writer = FatWriter.open(FaultyDevice(memory, before=before))
    writer.create(0, "first", Kind.FILE)
    writer.create(0, "folder", Kind.DIRECTORY)
    failing = True
    with pytest.raises(MediumError):
        writer.flush()
    failing = False
    writer.flush()
    image.write_bytes(memory.content)
    assert complaints(image) == []
    assert list(listed(Fat.open(memory))) == ["first", "folder"]


def test_directories_of_other_systems_are_read_and_extended(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20, "-F", "16", "-s", "1")
    source = tmp_path / "source"
    source.write_bytes(b"from mtools")
    mtools("mmd", image, "::/folder")
    made = {}
    for number in range(40):
        mtools("mcopy", image, source, f"::/folder/{number} copied by mtools")
        made[f"folder/{number} copied by mtools"] = b"from mtools"
    for number in range(0, 40, 5):
        mtools("mdel", image, f"::/folder/{number} copied by mtools")
        del made[f"folder/{number} copied by mtools"]
    with writer_of(image) as (writer, device):
        folder = listed(writer)["folder"]
        with pytest.raises(AlreadyExists):
            writer.create(folder.node, "1 COPIED BY MTOOLS", Kind.FILE)
        for number in range(60):
            put_in(writer, device, folder.node, f"{number} copied by us", b"from us")
            made[f"folder/{number} copied by us"] = b"from us"
        for number in range(1, 40, 5):
            writer.remove(node_of(writer, f"folder/{number} copied by mtools"))
            del made[f"folder/{number} copied by mtools"]
        writer.flush()
    assert complaints(image) == []
    same_by_mtools(image, made, tmp_path)


def test_no_entry_waits_behind_an_end_mark_when_a_directory_grows(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20, "-F", "16", "-s", "1")
    names = [f"{number} " + "x" * 140 for number in range(3)]  # twelve slots each, of sixteen in a cluster
    with writer_of(image) as (writer, _):
        folder = writer.create(0, "folder", Kind.DIRECTORY)
        for name in names:
            writer.create(folder.node, name, Kind.FILE)
            writer.flush()
        assert list(listed(writer, folder.node)) == names
    assert complaints(image) == []
    with volume_of(image) as volume:
        assert list(listed(volume, folder.node)) == names


def test_what_another_system_left_behind_the_end_mark_never_shows(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 16 << 20, "-F", "16", "-s", "4")
    with writer_of(image) as (writer, device):
        folder = writer.create(0, "folder", Kind.DIRECTORY)
        for number in range(20):
            put_in(writer, device, folder.node, f"STALE{number}", b"x")
        writer.flush()
        start = image.read_bytes().index(b"STALE0 ")
        with image.open("r+b") as file:
            file.seek(start)
            file.write(b"\0")
    with writer_of(image) as (writer, _):
        folder = listed(writer)["folder"]
        assert listed(writer, folder.node) == {}
        for number in range(40):
            writer.create(folder.node, f"new {number}", Kind.FILE)
            assert len(listed(writer, folder.node)) == number + 1


@pytest.mark.parametrize("cluster_size", [512, 8192])
def test_old_bytes_of_the_stick_never_show_in_a_file_that_grew(tmp_path: Path, cluster_size: int) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20, "-F", "12", "-s", str(cluster_size // 512))
    with writer_of(image) as (writer, device):
        full = put_in(writer, device, 0, "full", b"\xff" * (writer.facts().free or 0))
        writer.remove(full.node)
        node = writer.create(0, "file", Kind.FILE).node
        writer.write(node, 3 * cluster_size, b"end")
        writer.truncate(node, 10 * cluster_size + 5)
        writer.truncate(node, cluster_size // 2)
        writer.write(node, 7 * cluster_size, b"end")
        assert content_of(writer, device, node) == bytes(7 * cluster_size) + b"end"
        writer.flush()
    assert complaints(image) == []


def test_short_names_are_cut_between_characters_of_two_bytes(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20)
    with writer_of(image, Options("cp932")) as (writer, _):
        entry = writer.create(0, "a日本語テキスト文書.テキスト", Kind.FILE)
        assert dict(writer.stat(entry.node).facts)["Short name"] == "A日本~1.テ"
        writer.flush()
    with volume_of(image, Options("cp932")) as volume:
        assert volume.lookup(0, "a日本~1.テ").name == "a日本語テキスト文書.テキスト"
        assert listed(volume)["a日本語テキスト文書.テキスト"].problem is None
    assert complaints(image) == []
