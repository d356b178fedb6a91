"""Partition tables written by the tools that people use: what those tools put there is what is found."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.blockdev.descriptor import DescriptorDevice, measure
from core.blockdev.tables import Partition, Table, read_table
from core.blockdev.window import Window
from tests.support.disks import (
    as_partx_reads,
    as_sfdisk_reads,
    loop_device,
    make_fat,
    partition,
    run,
    sparse,
)

MIB = 2**20
LOGICAL = """
label: dos
start={0}, size={0}, type=c, bootable
start={1}, size={2}, type=f
start={3}, size={0}, type=83
start={4}, size={0}, type=7
start={5}, size={0}, type=82
"""


@contextmanager
def opened(path: Path) -> Iterator[DescriptorDevice]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield DescriptorDevice(descriptor, *measure(descriptor))
    finally:
        os.close(descriptor)


def table_of(path: Path) -> Table:
    with opened(path) as device:
        return read_table(device)


def places(table: Table) -> dict[int, tuple[int, int]]:
    return {partition.number: (partition.offset, partition.size) for partition in table.partitions}


def types(table: Table) -> list[str]:
    return [partition.type for partition in table.partitions]


def test_primary_and_logical_partitions_are_those_that_sfdisk_and_libblkid_see(tmp_path: Path) -> None:
    path = partition(
        sparse(tmp_path / "stick.img", 64 * MIB), LOGICAL.format(2048, 8192, 40960, 12288, 20480, 28672)
    )
    table = table_of(path)
    assert (table.kind, table.sector_size, table.warnings) == ("mbr", 512, [])
    assert types(table) == ["FAT32", "Linux", "NTFS or exFAT", "Linux swap"]
    by_sfdisk = {
        int(entry["node"].removeprefix(str(path))): (entry["start"] * 512, entry["size"] * 512)
        for entry in as_sfdisk_reads(path)["partitions"]
        if entry["type"] != "f"
    }
    by_partx = as_partx_reads(path)
    del by_partx[2]
    assert places(table) == by_sfdisk == by_partx
    assert sorted(places(table)) == [1, 5, 6, 7]


def test_gpt_partitions_are_those_that_sfdisk_and_libblkid_see(tmp_path: Path) -> None:
    script = 'label: gpt\nsize=4096, type=uefi, name="Boot"\nstart=16384, size=2048, name="Übergröße 数据"\n'
    script += "size=2048, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7\n"
    script += "size=2048, type=11111111-2222-3333-4444-555555555555\n"
    path = partition(sparse(tmp_path / "stick.img", 64 * MIB), script)
    table = table_of(path)
    assert (table.kind, table.sector_size, table.warnings) == ("gpt", 512, [])
    found = as_sfdisk_reads(path)["partitions"]
    assert list(places(table).values()) == [(entry["start"] * 512, entry["size"] * 512) for entry in found]
    assert places(table) == as_partx_reads(path)
    assert [partition.name for partition in table.partitions] == ["Boot", "Übergröße 数据", "", ""]
    unknown = "11111111-2222-3333-4444-555555555555"
    assert types(table) == ["EFI system", "Linux", "Microsoft basic data", unknown]


def test_gaps_in_the_numbering_are_kept(tmp_path: Path) -> None:
    path = partition(
        sparse(tmp_path / "stick.img", 16 * MIB), "label: gpt\nsize=2048\nsize=2048\nsize=2048\n"
    )
    run("sfdisk", "--quiet", "--delete", path, "2")
    assert list(places(table_of(path))) == [1, 3]


@pytest.mark.parametrize("label", ["gpt", "dos"])
def test_an_empty_table_is_a_table_without_partitions(tmp_path: Path, label: str) -> None:
    table = table_of(partition(sparse(tmp_path / "stick.img", 4 * MIB), f"label: {label}\n"))
    assert (table.kind, table.partitions, table.warnings) == (label.replace("dos", "mbr"), [], [])


def test_a_gpt_in_4096_byte_sectors_is_found_in_an_image_that_does_not_tell(tmp_path: Path) -> None:
    script = 'label: gpt\nstart=256, size=1024, name="one"\nsize=2048, type=swap\n'
    path = partition(sparse(tmp_path / "stick.img", 64 * MIB), script, sector_size=4096)
    table = table_of(path)
    assert (table.kind, table.sector_size, table.warnings) == ("gpt", 4096, [])
    assert places(table) == {1: (MIB, 4 * MIB), 2: (5 * MIB, 8 * MIB)} == as_partx_reads(path, 4096)


def test_an_mbr_in_4096_byte_sectors_is_told_by_what_its_partitions_hold(tmp_path: Path) -> None:
    script = LOGICAL.format(512, 1024, 8192, 2048, 4096, 6144)
    path = partition(sparse(tmp_path / "stick.img", 64 * MIB), script, sector_size=4096)
    make_fat(path, 2 * MIB, 2 * MIB)
    table = table_of(path)
    assert (table.kind, table.sector_size, table.warnings) == ("mbr", 4096, [])
    by_partx = as_partx_reads(path, 4096)
    del by_partx[2]
    assert places(table) == by_partx
    assert table.partitions[0] == Partition(1, 2 * MIB, 2 * MIB, "FAT32")


def test_logical_partitions_alone_tell_the_sector_size_too(tmp_path: Path) -> None:
    script = LOGICAL.format(512, 1024, 8192, 2048, 4096, 6144)
    path = partition(sparse(tmp_path / "stick.img", 64 * MIB), script, sector_size=4096)
    assert table_of(path).sector_size == 4096


@pytest.mark.parametrize("label", ["gpt", "dos"])
def test_a_disk_partitioned_in_an_enclosure_of_other_sectors_is_still_read(
    tmp_path: Path, label: str
) -> None:
    path = partition(sparse(tmp_path / "stick.img", 64 * MIB), f"label: {label}\nstart=4096, size=8192\n")
    make_fat(path, 2 * MIB, 4 * MIB)
    with loop_device(path, 4096) as descriptor:
        device = DescriptorDevice(descriptor, *measure(descriptor))
        assert device.sector_size == 4096
        table = read_table(device)
    assert (table.sector_size, places(table)) == (512, {1: (2 * MIB, 4 * MIB)})


@pytest.mark.parametrize("width", ["12", "16", "32"])
@pytest.mark.parametrize("options", [(), ("--mbr=y",)], ids=["plain", "with a fake table"])
def test_a_fat_stick_without_a_table_is_one_volume(
    tmp_path: Path, width: str, options: tuple[str, ...]
) -> None:
    path = sparse(tmp_path / "stick.img", 40 * MIB)
    make_fat(path, 0, 40 * MIB, "-F", width, "-s", {"12": "32", "16": "4", "32": "1"}[width], *options)
    assert table_of(path) == Table("none", 512, [Partition(0, 0, 40 * MIB)])


def test_a_fat_stick_without_a_table_but_with_4096_byte_sectors_is_one_volume(tmp_path: Path) -> None:
    path = sparse(tmp_path / "stick.img", 300 * MIB)
    make_fat(path, 0, 300 * MIB, "-F", "32", "-S", "4096")
    assert table_of(path) == Table("none", 512, [Partition(0, 0, 300 * MIB)])


def test_an_ext4_stick_without_a_table_is_one_volume(tmp_path: Path) -> None:
    path = sparse(tmp_path / "stick.img", 4 * MIB)
    run("mkfs.ext4", "-q", "-F", path)
    assert table_of(path) == Table("none", 512, [Partition(0, 0, 4 * MIB)])
    with path.open("r+b") as image:
        image.seek(510)
        image.write(b"\x55\xaa")  # as a boot loader leaves it
    assert table_of(path) == Table("none", 512, [Partition(0, 0, 4 * MIB)])


def test_a_partitioned_stick_made_into_one_volume_forgets_its_old_table(tmp_path: Path) -> None:
    path = partition(sparse(tmp_path / "stick.img", 40 * MIB), "label: gpt\nsize=8192\nsize=8192\n")
    make_fat(path, 0, 40 * MIB, "-F", "32", "-s", "1")
    assert table_of(path) == Table("none", 512, [Partition(0, 0, 40 * MIB)])


def test_an_mbr_over_an_old_gpt_is_an_mbr(tmp_path: Path) -> None:
    path = partition(sparse(tmp_path / "stick.img", 40 * MIB), "label: gpt\nsize=8192\nsize=8192\n")
    gpt = path.read_bytes()[512 : 34 * 512]
    partition(path, "label: dos\nstart=4096, size=2048\n")
    with path.open("r+b") as image:
        image.seek(512)
        image.write(gpt)
    table = table_of(path)
    assert (table.kind, places(table)) == ("mbr", {1: (2 * MIB, MIB)})


def test_a_boot_loader_that_poses_as_fat_does_not_hide_the_table(tmp_path: Path) -> None:
    path = partition(sparse(tmp_path / "stick.img", 64 * MIB), "label: dos\nstart=2048, size=65536, type=c\n")
    volume = sparse(tmp_path / "volume.img", 32 * MIB)
    make_fat(volume, 0, 32 * MIB)
    with path.open("r+b") as image, volume.open("rb") as source:
        image.write(source.read(62))
        image.seek(MIB)
        shutil.copyfileobj(source, image)
    table = table_of(path)
    assert (table.kind, places(table)) == ("mbr", {1: (MIB, 32 * MIB)})


# damage -----------------------------------------------------------------------------------------------------

GPT = 'label: gpt\nfirst-lba: 34\nstart=4096, size=8192, name="photos"\nsize=4096, name="music"\n'
GPT_PLACES = {1: (2 * MIB, 4 * MIB), 2: (6 * MIB, 2 * MIB)}


def overwrite(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as image:
        image.seek(offset, os.SEEK_END if offset < 0 else os.SEEK_SET)
        image.write(data)


@pytest.mark.parametrize(
    ("offset", "data", "structure"),
    [
        (512, bytes(512), "GPT header"),
        (512 + 40, b"\xff", "GPT header"),
        (1024 + 60, b"\xff", "GPT entries"),
        (512, bytes(MIB - 512), "GPT header"),
        (0, bytes(MIB), "MBR"),
    ],
    ids=["header wiped", "header flipped", "entry flipped", "all but the MBR wiped", "first MiB wiped"],
)
def test_a_gpt_with_a_broken_front_is_read_from_its_back(
    tmp_path: Path, offset: int, data: bytes, structure: str
) -> None:
    path = partition(sparse(tmp_path / "stick.img", 16 * MIB), GPT)
    overwrite(path, offset, data)
    table = table_of(path)
    assert (table.kind, places(table)) == ("gpt", GPT_PLACES)
    assert [partition.name for partition in table.partitions] == ["photos", "music"]
    assert structure in [fault.values["structure"] for fault in table.warnings]


def test_a_gpt_in_4096_byte_sectors_with_a_broken_front_is_read_from_its_back(tmp_path: Path) -> None:
    script = "label: gpt\nstart=512, size=1024\nsize=512\n"
    path = partition(sparse(tmp_path / "stick.img", 16 * MIB), script, sector_size=4096)
    overwrite(path, 4096 + 20, b"\xff")
    table = table_of(path)
    assert (table.kind, table.sector_size, places(table)) == ("gpt", 4096, GPT_PLACES)
    assert [fault.values["offset"] for fault in table.warnings] == [4096]


def test_an_image_on_a_larger_stick_is_whole_and_its_second_copy_is_found_where_the_first_says(
    tmp_path: Path,
) -> None:
    path = partition(sparse(tmp_path / "stick.img", 16 * MIB), GPT)
    os.truncate(path, 32 * MIB)
    table = table_of(path)
    assert (table.kind, places(table), table.warnings) == ("gpt", GPT_PLACES, [])
    overwrite(path, 1024 + 60, b"\xff")
    table = table_of(path)
    assert (table.kind, places(table), len(table.warnings)) == ("gpt", GPT_PLACES, 2)


def test_an_image_cut_short_shows_what_is_left(tmp_path: Path) -> None:
    for label, warned in (("gpt", 1), ("dos", 1)):
        script = f"label: {label}\nstart=4096, size=8192\nsize=4096\nsize=4096\n"
        path = partition(sparse(tmp_path / f"{label}.img", 16 * MIB), script)
        os.truncate(path, 7 * MIB)
        table = table_of(path)
        assert places(table) == {1: (2 * MIB, 4 * MIB), 2: (6 * MIB, MIB), 3: (8 * MIB, 0)}
        assert [bool(partition.problem) for partition in table.partitions] == [False, False, True]
        assert [fault.values["structure"] for fault in table.warnings] == ["partition 2"] * warned


def test_a_gpt_without_either_copy_says_so(tmp_path: Path) -> None:
    path = partition(sparse(tmp_path / "stick.img", 16 * MIB), GPT)
    overwrite(path, 512 + 40, b"\xff")
    overwrite(path, -512, b"\xff")
    table = table_of(path)
    assert (table.kind, table.partitions) == ("gpt", [])
    assert [fault.values["offset"] for fault in table.warnings] == [512, 16 * MIB - 512]


def test_a_gpt_whose_entries_are_damaged_in_both_copies_shows_those_that_make_sense(tmp_path: Path) -> None:
    path = partition(sparse(tmp_path / "stick.img", 16 * MIB), GPT)
    for entries in (1024, -33 * 512):
        overwrite(path, entries, b"\x01")
        overwrite(path, entries + 128 + 32, b"\xff" * 8)
    table = table_of(path)
    assert table.kind == "gpt"
    assert places(table) == {1: GPT_PLACES[1]}
    assert {fault.values["structure"] for fault in table.warnings} == {"GPT entries"}


def test_a_hybrid_table_shows_the_gpt_and_warns_of_what_only_the_mbr_has(tmp_path: Path) -> None:
    path = partition(sparse(tmp_path / "stick.img", 16 * MIB), GPT)
    run("sgdisk", "--hybrid=1", path)
    table = table_of(path)
    assert (table.kind, places(table), table.warnings) == ("gpt", GPT_PLACES, [])
    entry = path.read_bytes()[446:462] if path.read_bytes()[450] != 0xEE else path.read_bytes()[462:478]
    overwrite(path, 446 + 48, entry[:8] + (20000).to_bytes(4, "little") + entry[12:])
    table = table_of(path)
    assert places(table) == GPT_PLACES
    assert [fault.values["structure"] for fault in table.warnings] == ["MBR entry"]


def test_the_hybrid_mbr_serves_when_the_gpt_is_lost(tmp_path: Path) -> None:
    path = partition(sparse(tmp_path / "stick.img", 16 * MIB), GPT)
    run("sgdisk", "--hybrid=2", path)
    overwrite(path, 512, bytes(512))
    overwrite(path, -512, bytes(512))
    table = table_of(path)
    assert table.kind == "mbr"
    assert list(places(table).values()) == [GPT_PLACES[2]]
    assert table.warnings


def test_a_partition_beyond_two_tebibytes_is_reached(tmp_path: Path) -> None:
    tib = 2**40
    path = sparse(tmp_path / "huge.img", 3 * tib)
    start = 5 * tib // 2
    partition(path, f'label: gpt\nstart=2048, size=2048\nstart={start // 512}, name="far"\n')
    make_fat(path, start, 8 * MIB, "-F", "12", "-s", "8")
    with opened(path) as device:
        table = read_table(device)
        far = table.partitions[1]
        assert (table.kind, far.name, far.offset) == ("gpt", "far", start)
        assert far.offset + far.size > start + tib // 3
        volume = Window(device, far.offset, far.size)
        assert volume.read(510, 2) == b"\x55\xaa"
        assert volume.locate(510) == (device.locate(0)[0], start + 510)
    assert path.stat().st_blocks * 512 < 64 * MIB
