"""A volume that calls clusters free although files lie in them: nothing is written over those files."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from core.entry import Kind, Remedy
from core.errors import ReadOnly
from core.fs import owned
from core.fs.driver import Options
from core.fs.exfat.driver import ExFat
from core.fs.exfat.writing.owned import unowned
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.fat.driver import Fat
from core.fs.fat.writing.writer import FatWriter
from core.fs.writable import WritableDriver
from tests.support.exfat import Stick
from tests.support.fat import blank_fat, mtools
from tests.support.fsck import complaints, exfat_complaints
from tests.support.memory import MemoryDevice
from tests.support.repairs import applied, files, repaired
from tests.support.volumes import listed, put_in

WIDTHS = {12: 2 << 20, 16: 4 << 20, 32: 35 << 20}
VICTIMS = ("small", "folder/small", "folder/large", "folder/inner/deep")


def fat(tmp_path: Path, width: int, path: str, which: int) -> MemoryDevice:
    """A volume whose table has cluster number `which` of the file at that path as free."""
    image = blank_fat(tmp_path / "stick.img", WIDTHS[width], "-F", str(width), "-s", "1")
    mtools("mmd", image, "::/folder", "::/folder/inner")
    source = tmp_path / "source"
    for victim in VICTIMS:
        source.write_bytes(b"v" * (2000 if "large" in victim else 100))
        mtools("mcopy", image, source, f"::/{victim}")
    device = MemoryDevice(image.read_bytes())
    volume = FatWriter.open(device, Options())
    node = 0
    for name in path.split("/"):
        node = listed(volume, node)[name].node
    cluster = int(dict(volume.stat(node).facts)["First cluster"]) + which
    for table in volume._geometry.tables:
        at = table + cluster * width // 8
        value = struct.unpack_from("<I", device.content, at)[0]
        value &= ~((1 << width) - 1 << (4 if width == 12 and cluster & 1 else 0))
        struct.pack_into("<I", device.content, at, value)
    return device


def exfat(path: str, which: int, *, contiguous: bool) -> MemoryDevice:
    stick = Stick(cluster_size=512, clusters=400)
    stick.add_folder("folder", 2)
    stick.add_folder("folder/inner")
    firsts = {}
    for victim in VICTIMS:
        firsts[victim] = stick._free
        stick.add_file(victim, b"v" * (2000 if "large" in victim else 100), contiguous=contiguous)
    firsts["folder/inner"] = stick.folders["folder/inner"][0]
    cluster = firsts[path] + which
    at, bit = divmod(cluster - 2, 8)
    stick.data[stick.position(stick.bitmap[0]) + at] &= ~(1 << bit)
    return MemoryDevice(bytes(stick.data))


def nothing_is_written(writer: WritableDriver, device: MemoryDevice) -> None:
    before = bytes(device.content)
    acts: list[Callable[[], object]] = [
        lambda: put_in(writer, device, 0, "new", b"n" * 100),
        lambda: writer.create(0, "new", Kind.DIRECTORY),
    ]
    for act in acts:
        with pytest.raises(ReadOnly, match="rumpus check --repair"):
            act()
    writer.flush()
    marked = sum(one != other for one, other in zip(before, device.content, strict=True))
    assert marked <= 2, "only that it was in use, for a moment"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("path", "which"),
    [("folder/inner/deep", 0), ("folder/large", 0), ("folder/large", 2), ("folder/large", 3)],
)
def test_fat_whose_table_calls_a_files_clusters_free_is_only_read(
    tmp_path: Path, width: int, path: str, which: int
) -> None:
    device = fat(tmp_path, width, path, which)
    nothing_is_written(FatWriter.open(device, Options()), device)


@pytest.mark.parametrize("contiguous", [False, True])
@pytest.mark.parametrize(
    ("path", "which"), [("folder/inner/deep", 0), ("folder/inner", 0), ("folder/large", 3)]
)
def test_exfat_whose_bitmap_calls_a_files_clusters_free_is_only_read(
    path: str, which: int, contiguous: bool
) -> None:
    device = exfat(path, which, contiguous=contiguous)
    nothing_is_written(ExFatWriter.open(device), device)


def test_a_volume_with_more_files_than_there_is_time_for_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owned, "_SECONDS", 0.0)
    monkeypatch.setattr(owned, "_UNTIMED", 1)
    device = exfat("folder/inner/deep", 0, contiguous=True)
    put_in(ExFatWriter.open(device), device, 0, "new", b"n")


def test_sets_that_lie_across_chunks_are_looked_at_too() -> None:
    stick = Stick(cluster_size=512, clusters=2000)
    stick.add_folder("folder", 64)
    for number in range(300):
        stick.add_file(f"folder/{number}", b"v" * 100)
    writer = ExFatWriter.open(MemoryDevice(bytes(stick.data)))
    space = writer._clusters.space
    found = list(unowned(space, writer._geometry, writer._root, writer._walk, writer._bytes_of))
    assert found == [False] * 301


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("which", [0, 2, 3])
def test_fat_takes_changes_again_once_it_is_repaired(tmp_path: Path, width: int, which: int) -> None:
    """What fsck.fat would cut away with the cluster stays: the cluster is the file's."""
    device = fat(tmp_path, width, "folder/large", which)
    content = bytes(device.content)
    result = repaired(Fat, device)
    assert result.left == []
    after = MemoryDevice(applied(result.draft, content))
    writer = FatWriter.open(after, Options())
    put_in(writer, after, 0, "new", b"n" * 100)
    writer.flush()
    image = tmp_path / "judged.img"
    image.write_bytes(after.content)
    assert complaints(image) == []
    found = files(Fat, bytes(after.content))
    kept = 2000 if which == 3 else 512 * (which + 1)
    assert {path: len(found.pop(path)) for path in ("new", "folder/large")} == {
        "new": 100,
        "folder/large": kept,
    }
    assert set(found.values()) == {b"v" * 100}


@pytest.mark.parametrize("contiguous", [True, False])
@pytest.mark.parametrize("path", ["folder/inner/deep", "folder/large", "folder/inner"])
def test_exfat_takes_changes_again_once_it_is_repaired(path: str, contiguous: bool, tmp_path: Path) -> None:
    device = exfat(path, 0, contiguous=contiguous)
    content = bytes(device.content)
    result = repaired(ExFat, device)
    assert [finding.remedy for finding in result.mended] == [Remedy.MARK_TAKEN] and result.left == []
    after = MemoryDevice(applied(result.draft, content))
    writer = ExFatWriter.open(after)
    put_in(writer, after, 0, "new", b"n" * 100)
    writer.flush()
    image = tmp_path / "judged.img"
    image.write_bytes(after.content)
    assert exfat_complaints(image) == []
    found = files(ExFat, bytes(after.content))
    assert found == {victim: b"v" * (2000 if "large" in victim else 100) for victim in VICTIMS} | {
        "new": b"n" * 100
    }
