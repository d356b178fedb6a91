"""A stick with a bad sector at its start, where most systems keep what tells of them: whoever can goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.blockdev.fault import FaultyDevice
from core.errors import MediumError
from core.fs.registry import recognise
from tests.support.ext import ext_image, needs_e2fsprogs
from tests.support.memory import MemoryDevice
from tests.support.samples import SAMPLES
from tests.support.volumes import content_of, walked

SECTOR = (0, 512)
NEEDED = ("FAT12", "FAT16", "SysVBFS", "SysVBFS of big-endian machines")
"""Kinds that have what is in the first sector nowhere else."""
COPIED = ("FAT32", "exFAT", "exFAT by exfat-fuse", "NTFS", "NTFS of large clusters")


@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind not in NEEDED])
def test_a_bad_first_sector_costs_nothing_where_it_has_a_copy_or_is_not_needed(
    kind: str, tmp_path: Path
) -> None:
    sample = SAMPLES[kind](tmp_path)
    device = FaultyDevice(MemoryDevice(sample.image.read_bytes()), bad=[SECTOR])
    driver, probe = recognise(device)[0]
    assert (driver, probe.system, probe.label) == (sample.driver, sample.system, sample.label)
    volume = driver.open(device)
    found = dict(walked(volume, volume.facts().root))
    assert found.keys() == {*sample.tree.folders, *sample.tree.files}
    name = sample.tree.largest
    assert content_of(volume, device, found[name].node) == sample.tree.files[name]
    bad = [fault.values for fault in volume.facts().warnings]
    assert bad == ([{"offset": 0, "length": 512}] if kind in COPIED else [])


@pytest.mark.parametrize("kind", NEEDED)
def test_where_it_is_needed_the_stick_is_told_to_be_unreadable_and_not_empty(
    kind: str, tmp_path: Path
) -> None:
    sample = SAMPLES[kind](tmp_path)
    with pytest.raises(MediumError) as error:
        recognise(FaultyDevice(MemoryDevice(sample.image.read_bytes()), bad=[SECTOR]))
    assert error.value.offset == 0


@needs_e2fsprogs
def test_a_bad_superblock_of_ext_is_replaced_by_its_backup(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "file").write_bytes(b"content")
    image = ext_image(tmp_path / "stick.img", 12 << 20, "-b", "1024", "-L", "HOLIDAY", source=source)
    device = FaultyDevice(MemoryDevice(image.read_bytes()), bad=[(1024, 1024)])
    driver, probe = recognise(device)[0]
    assert (driver.name, probe.label) == ("ext", "HOLIDAY")
    volume = driver.open(device)
    assert "file" in dict(walked(volume, volume.facts().root))
