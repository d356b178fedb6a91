"""exFAT volumes that we format are sound to fsck.exfat and others, and laid out as Windows does."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from core.blockdev.descriptor import DescriptorDevice
from core.errors import NameNotAllowed, SizeNotAllowed
from core.fs.exfat import formatting, upcase
from core.fs.exfat.checksums import rolling_32
from core.fs.exfat.driver import ExFat
from core.fs.formatting import Request
from tests.support.disks import run, sparse
from tests.support.memory import MemoryDevice
from tests.support.volumes import listed, volume_of

MIB, GIB = 1 << 20, 1 << 30


def formatted(path: Path, size: int, sector_size: int = 512, label: str = "Ferien 🏖") -> Path:
    sparse(path, size)
    descriptor = os.open(path, os.O_RDWR)
    try:
        device = DescriptorDevice(descriptor, size, sector_size, writable=True)
        for _ in formatting.write(device, Request(label, 0x2026_1112, 0, 2048)):
            pass
    finally:
        os.close(descriptor)
    return path


@pytest.mark.parametrize(
    ("size", "cluster_size"),
    [(MIB, 4096), (7 * MIB, 4096), (200 * MIB, 4096), (GIB, 32768), (32 * GIB, 32768), (2 << 40, 131072)],
)
def test_fsck_finds_nothing_and_clusters_are_as_large_as_windows_makes_them(
    size: int, cluster_size: int, tmp_path: Path
) -> None:
    image = formatted(tmp_path / "stick.img", size)
    assert "clean" in run("fsck.exfat", "-n", image)
    sectors = re.search(r"Sector per Cluster bits:\s+(\d+)", run("dump.exfat", image))
    assert sectors is not None
    assert 512 << int(sectors[1]) == cluster_size
    assert "Ferien 🏖" in run("exfatlabel", image)


def test_our_own_reader_finds_it_as_it_was_made(tmp_path: Path) -> None:
    with volume_of(ExFat, formatted(tmp_path / "stick.img", 64 * MIB)) as volume:
        facts = volume.facts()
        assert (facts.label, facts.uuid, facts.dirty, facts.warnings) == ("Ferien 🏖", "2026-1112", False, [])
        assert facts.free is not None
        assert facts.free > facts.size * 0.9
        assert listed(volume, facts.root) == {}


def test_sectors_of_4096_bytes(tmp_path: Path) -> None:
    image = formatted(tmp_path / "stick.img", 64 * MIB, sector_size=4096)
    assert "clean" in run("fsck.exfat", "-n", image)


def test_tables_and_files_begin_at_a_whole_mebibyte() -> None:
    for size in (100 * MIB, 64 * GIB):
        layout = formatting.plan(size, 512)
        assert (layout.table * 512 % MIB, layout.heap * 512 % MIB) == (0, 0)


def test_the_upcase_table_is_the_one_that_the_specification_recommends() -> None:
    table = upcase.recommended()
    assert (len(table), rolling_32(table)) == (5836, upcase.CHECKSUM)


@pytest.mark.parametrize("label", ["twelve chars", "new\nline", "\ud800"])
def test_labels_that_exfat_cannot_hold_are_refused_before_a_byte_is_written(label: str) -> None:
    device = MemoryDevice(b"x" * MIB)
    with pytest.raises(NameNotAllowed):
        list(formatting.write(device, Request(label, 1, 0)))
    assert device.content.count(b"x") == MIB


@pytest.mark.parametrize("size", [0, MIB - 512, 1 << 50])
def test_sizes_that_are_none_of_exfat_are_refused(size: int) -> None:
    with pytest.raises(SizeNotAllowed):
        formatting.plan(size, 512)
