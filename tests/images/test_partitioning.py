"""A fresh table is read by sfdisk, sgdisk and ourselves as one partition that begins at a whole MiB."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.blockdev.descriptor import DescriptorDevice
from core.blockdev.device import BlockDevice
from core.blockdev.partition import Partition
from core.blockdev.partitioning import retype, single, write_table
from core.blockdev.tables import read_table
from core.errors import SizeNotAllowed
from tests.support.disks import as_partx_reads, as_sfdisk_reads, partition, run, sparse

MIB = 1 << 20
FAT32 = 0x0C


@contextmanager
def writable(path: Path, sector_size: int = 512) -> Iterator[BlockDevice]:
    descriptor = os.open(path, os.O_RDWR)
    try:
        yield DescriptorDevice(descriptor, path.stat().st_size, sector_size, writable=True)
    finally:
        os.close(descriptor)


def tabled(device: BlockDevice, name: str, identity: int) -> Partition:
    place = single(device, name)
    write_table(device, place, FAT32, identity)
    return place


@pytest.mark.parametrize("size", [8 * MIB, 100 * MIB + 512, 2000 << 30])
def test_one_partition_is_what_others_read(size: int, tmp_path: Path) -> None:
    image = sparse(tmp_path / "stick.img", size)
    with writable(image) as device:
        made = tabled(device, "", 0x1234_5678)
        read = read_table(device)
    table = as_sfdisk_reads(image)
    assert (table["label"], table["id"]) == ("dos", "0x12345678")
    assert [(part["start"] * 512, part["size"] * 512, part["type"]) for part in table["partitions"]] == [
        (MIB, made.size, "c")
    ]
    assert (read.kind, [(part.offset, part.size) for part in read.partitions]) == (
        "mbr",
        [(MIB, made.size)],
    )
    assert made.offset + made.size <= size
    assert made.size >= size - 3 * MIB


def test_sectors_of_4096_bytes_are_counted_as_such(tmp_path: Path) -> None:
    image = sparse(tmp_path / "stick.img", 100 * MIB)
    with writable(image, 4096) as device:
        made = tabled(device, "", 1)
    assert as_partx_reads(image, 4096) == {1: (MIB, made.size)}


def test_what_an_mbr_cannot_reach_gets_a_gpt(tmp_path: Path) -> None:
    image = sparse(tmp_path / "stick.img", 3 << 40)
    with writable(image) as device:
        made = tabled(device, "HOLIDAY", 99)
        read = read_table(device)
    assert (read.kind, read.warnings) == ("gpt", [])
    assert [(part.offset, part.size, part.name) for part in read.partitions] == [(MIB, made.size, "HOLIDAY")]
    assert "No problems found" in run("sgdisk", "--verify", image)


def test_a_gpt_that_was_there_before_is_forgotten(tmp_path: Path) -> None:
    image = sparse(tmp_path / "stick.img", 64 * MIB)
    partition(image, "label: gpt\nstart=2048, size=4096\nstart=8192, size=4096\n")
    with writable(image) as device:
        tabled(device, "", 1)
        assert [part.number for part in read_table(device).partitions] == [1]
        assert read_table(device).kind == "mbr"
    assert as_sfdisk_reads(image)["label"] == "dos"


def test_a_partition_formatted_anew_says_in_the_table_what_it_holds(tmp_path: Path) -> None:
    image = sparse(tmp_path / "stick.img", 64 * MIB)
    partition(image, "label: dos\nstart=2048, size=4096, type=83\nstart=8192, size=4096, type=83\n")
    with writable(image) as device:
        retype(device, Partition(2, 8192 * 512, 4096 * 512), 0x07)
    assert [part["type"] for part in as_sfdisk_reads(image)["partitions"]] == ["83", "7"]


def test_too_small_a_stick_is_refused_untouched(tmp_path: Path) -> None:
    image = sparse(tmp_path / "stick.img", MIB)
    with writable(image) as device, pytest.raises(SizeNotAllowed):
        tabled(device, "", 1)
    assert image.read_bytes() == bytes(MIB)
