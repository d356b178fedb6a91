"""Volumes that we format are sound to fsck.fat, mtools and our own reader, and laid out as Windows does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.blockdev.descriptor import DescriptorDevice
from core.errors import NameNotAllowed, SizeNotAllowed
from core.fs.driver import Probe
from core.fs.fat import formatting
from core.fs.fat.driver import Fat
from core.fs.formatting import Request
from tests.support.disks import run, sparse
from tests.support.fat import mtools
from tests.support.memory import MemoryDevice
from tests.support.volumes import listed, volume_of

WHEN = 1_794_480_276_000_000_000  # 2026-11-12 10:44:36, as a clock on the wall shows it
MIB, GIB = 1 << 20, 1 << 30


def formatted(path: Path, size: int, width: int, sector_size: int = 512, label: str = "HOLIDAY") -> Path:
    sparse(path, size)
    descriptor = os.open(path, os.O_RDWR)
    try:
        device = DescriptorDevice(descriptor, size, sector_size, writable=True)
        for _ in formatting.write(device, Request(label, 0x2026_1112, WHEN, 2048), width):
            pass
    finally:
        os.close(descriptor)
    return path


@pytest.mark.parametrize(
    ("width", "size", "cluster_size"),
    [
        *((12, MIB, 512), (12, 3 * MIB, 1024), (12, 15 * MIB, 4096)),
        *((16, 5 * MIB, 512), (16, 100 * MIB, 2048), (16, 1000 * MIB, 16384), (16, 4000 * MIB, 65536)),
        *((32, 40 * MIB, 512), (32, 200 * MIB, 2048), (32, 4 * GIB, 4096), (32, 14 * GIB, 8192)),
        *((32, 31 * GIB, 16384), (32, 64 * GIB, 32768), (32, 2000 * GIB, 32768)),
    ],
)
def test_fsck_finds_nothing_and_clusters_are_as_large_as_windows_makes_them(
    width: int, size: int, cluster_size: int, tmp_path: Path
) -> None:
    image = formatted(tmp_path / "stick.img", size, width)
    checked = run("fsck.fat", "-n", "-v", image)
    assert f"{cluster_size} bytes per cluster" in checked
    assert "differences" not in checked
    with volume_of(Fat, image) as volume:
        facts = volume.facts()
        assert (facts.system, facts.label, facts.uuid) == (f"FAT{width}", "HOLIDAY", "2026-1112")
        assert (facts.block_size, facts.dirty, facts.warnings) == (cluster_size, False, [])
        assert facts.free is not None
        assert facts.size >= facts.free > facts.size * 0.9
        assert listed(volume) == {}


def test_mtools_writes_into_it_and_reads_back(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(200_000))
    for width, size in ((12, 2 * MIB), (16, 20 * MIB), (32, 60 * MIB)):
        image = formatted(tmp_path / f"{width}.img", size, width)
        mtools("mcopy", image, source, "::/a long name for it.data")
        assert mtools("mtype", image, "::/a long name for it.data") == source.read_bytes()
        run("fsck.fat", "-n", image)
        assert b"HOLIDAY" in mtools("mlabel", image, "-s")


def test_sectors_of_4096_bytes(tmp_path: Path) -> None:
    image = formatted(tmp_path / "stick.img", 600 * MIB, 32, sector_size=4096)
    assert "4096 bytes per logical sector" in run("fsck.fat", "-n", "-v", image)


def test_files_begin_at_a_whole_mebibyte(tmp_path: Path) -> None:
    for width, size in ((16, 100 * MIB), (32, 300 * MIB), (32, 16 * GIB)):
        assert formatting.plan(size, 512, width).data * 512 % MIB == 0


def test_a_volume_without_a_label_says_so_as_others_do(tmp_path: Path) -> None:
    image = formatted(tmp_path / "stick.img", 40 * MIB, 32, label="")
    assert b"has no label" in mtools("mlabel", image, "-s")


@pytest.mark.parametrize(
    ("label", "expected"),
    [("holiday", b"HOLIDAY    "), ("Füße", b"F\x9aSSE      "), ("A B", b"A B        ")],
)
def test_labels_are_kept_as_fat_keeps_them(label: str, expected: bytes) -> None:
    assert formatting.label_bytes(label) == expected


@pytest.mark.parametrize("label", ["much too long for it", "a:b", "new\nline", "日本", "a.b", "   "])
def test_labels_that_fat_cannot_hold_are_refused_before_a_byte_is_written(label: str) -> None:
    device = MemoryDevice(b"x" * 40 * MIB)
    with pytest.raises(NameNotAllowed):
        list(formatting.write(device, Request(label, 1, WHEN), 32))
    assert device.content.count(b"x") == 40 * MIB


@pytest.mark.parametrize(
    ("width", "size"), [(32, 16 * MIB), (16, MIB), (16, 5 * GIB), (12, 60 * MIB), (12, 4096), (32, 3 << 41)]
)
def test_sizes_that_are_none_of_that_system_are_refused(width: int, size: int) -> None:
    with pytest.raises(SizeNotAllowed):
        formatting.plan(size, 512, width)


def test_a_stick_pulled_out_while_it_is_formatted_is_never_taken_for_a_sound_one(tmp_path: Path) -> None:
    image = formatted(tmp_path / "before.img", 40 * MIB, 32, label="BEFORE")
    device = _Probed(image.read_bytes())
    for _ in formatting.write(device, Request("AFTER", 1, WHEN), 32):
        pass
    assert Fat.probe(device) == ("FAT32", "AFTER", 80)
    assert device.before_each_write[0] == ("FAT32", "BEFORE", 80)
    for probed in device.before_each_write[1:]:
        assert probed is None or probed.confidence < 80  # by its backup alone


class _Probed(MemoryDevice):
    """Notes what it would be taken for before each write."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.before_each_write: list[Probe | None] = []

    def write(self, offset: int, data: bytes) -> None:
        self.before_each_write.append(Fat.probe(self))
        super().write(offset, data)
