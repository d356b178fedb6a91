"""What our FAT driver writes, mtools reads back and fsck.fat finds nothing wrong with."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.entry import Attribute, Kind
from core.errors import AlreadyExists, InsideItself, NameNotAllowed
from core.fs.fat.writing.writer import FatWriter
from core.fs.writable import Times, removal
from tests.support.fat import blank_fat, same_by_mtools, volume_of, writer_of
from tests.support.filling import fill, flush_twice
from tests.support.fsck import complaints
from tests.support.volumes import content_of, device_of, listed, node_of, put_in, walked

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


@pytest.mark.parametrize("cluster_size", [512, 2048, 8192, 65536])
@pytest.mark.parametrize("width", CLUSTERS)
def test_what_is_written_is_read_back_by_mtools_and_passes_fsck(
    tmp_path: Path, width: int, cluster_size: int
) -> None:
    options = ("-F", str(width), "-s", str(cluster_size // 512), "-n", "HOLIDAY")
    image = blank_fat(tmp_path / "stick.img", CLUSTERS[width] * cluster_size + (1 << 18), *options)
    with writer_of(image) as (writer, device):
        made = fill(writer, device, cluster_size, NAMES, seed=width * cluster_size)
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
        made = fill(writer, device, sector_size, NAMES, seed=sector_size)
        writer.flush()
    assert complaints(image) == []
    with volume_of(image) as volume, device_of(image) as device:
        found = {path: entry for path, entry in walked(volume) if entry.kind is Kind.FILE}
        assert {path: content_of(volume, device, entry.node) for path, entry in found.items()} == made


def test_everything_that_was_written_can_be_removed_again(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 16 << 20, "-F", "16", "-s", "4")
    with writer_of(image) as (writer, device):
        empty = writer.facts().free
        fill(writer, device, 2048, NAMES, seed=1)
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
        made = fill(writer, device, 512, NAMES, seed=2)
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


def test_what_was_staged_is_written_after_a_stick_recovers_from_an_error(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20, "-F", "12")
    flush_twice(FatWriter, image)
    assert complaints(image) == []
    with volume_of(image) as volume:
        assert list(listed(volume)) == ["first", "folder"]


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
