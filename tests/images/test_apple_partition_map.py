"""Sticks that were partitioned on a Macintosh: parted makes their map, and libblkid reads it beside us."""

from __future__ import annotations

from pathlib import Path
from struct import pack

import pytest

from core.blockdev.tables import Table, read_table
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.disks import as_partx_reads, run, sparse
from tests.support.hfs import HfsStick
from tests.support.hfsplus import HfsPlusStick
from tests.support.memory import MemoryDevice

MIB = 2**20


def parted(path: Path, *commands: str) -> Path:
    run("parted", "--script", path, "mklabel", "mac", *" ".join(commands).split())
    return path


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Two partitions with volumes in them."""
    path = sparse(tmp_path / "stick.img", 16 * MIB)
    parted(path, "mkpart Music hfs+ 2MiB 6MiB", "mkpart Old hfs 8MiB 12MiB")
    plus, classic = HfsPlusStick("Songs"), HfsStick("Papers")
    plus.add_file("song", b"la")
    classic.add_file("paper", b"words")
    with path.open("r+b") as image:
        for offset, volume in ((2 * MIB, plus.image()), (8 * MIB, classic.image())):
            image.seek(offset)
            image.write(volume)
    return path


def places(table: Table) -> dict[int, tuple[int, int]]:
    return {partition.number: (partition.offset, partition.size) for partition in table.partitions}


def test_partitions_are_those_that_libblkid_sees_with_their_numbers_and_names(stick: Path) -> None:
    table = read_table(MemoryDevice(stick.read_bytes()))
    assert (table.kind, table.sector_size, table.warnings) == ("apm", 512, [])
    found = places(table)
    assert sorted(place for place, _ in found.values()) == [2 * MIB, 8 * MIB]
    by_libblkid = as_partx_reads(stick)
    assert found == {number: place for number, place in by_libblkid.items() if number in found}
    assert {partition.name for partition in table.partitions} == {"Music", "Old"}
    assert {partition.type for partition in table.partitions} == {"Apple HFS or HFS+"}


async def test_the_volumes_on_it_are_opened_through_the_wall(stick: Path) -> None:
    async with Supervisor() as supervisor:
        with await open_medium(stick) as medium:
            survey = await supervisor.survey(medium)
            assert [(part.system, part.label) for part in survey.partitions] == [
                ("HFS+", "Songs"),
                ("HFS", "Papers"),
            ]
            for part, name, content in zip(
                survey.partitions, ("song", "paper"), (b"la", b"words"), strict=True
            ):
                async with await supervisor.open(medium, part.number) as volume:
                    entry = await volume.resolve(name)
                    assert await volume.read(entry.node, 0, 100) == content


def test_a_map_whose_descriptor_was_lost_is_still_one(stick: Path) -> None:
    damaged = bytearray(stick.read_bytes())
    whole = places(read_table(MemoryDevice(bytes(damaged))))
    damaged[:512] = bytes(512)
    table = read_table(MemoryDevice(bytes(damaged)))
    assert (table.kind, places(table)) == ("apm", whole)
    assert [fault.values["structure"] for fault in table.warnings] == ["driver descriptor record"]


def test_a_broken_entry_hides_no_other(stick: Path) -> None:
    damaged = bytearray(stick.read_bytes())
    whole = read_table(MemoryDevice(bytes(damaged))).partitions
    damaged[512 * whole[0].number] ^= 0xFF
    table = read_table(MemoryDevice(bytes(damaged)))
    assert table.partitions == whole[1:]
    assert len(table.warnings) == 1


def test_the_number_of_entries_is_bounded(stick: Path) -> None:
    damaged = bytearray(stick.read_bytes())
    for number in range(1, 64):
        damaged[512 * number + 4 : 512 * number + 8] = pack(">I", 0xFFFFFFFF)
    table = read_table(MemoryDevice(bytes(damaged)))
    assert len(table.partitions) == 2
    assert 0 < len(table.warnings) <= 64


def test_a_map_of_larger_blocks_is_read(tmp_path: Path) -> None:
    """Of discs, which count in 2048 bytes."""
    image = bytearray(8 * MIB)
    image[:8] = pack(">2sHI", b"ER", 2048, 4096)
    for number, (kind, first, blocks) in enumerate(
        (("Apple_partition_map", 1, 63), ("Apple_HFS", 512, 1000)), 1
    ):
        entry = pack(">2sHIII32s32s", b"PM", 0, 2, first, blocks, b"disc", kind.encode())
        image[2048 * number : 2048 * number + len(entry)] = entry
    table = read_table(MemoryDevice(bytes(image)))
    assert (table.kind, table.sector_size) == ("apm", 2048)
    assert places(table) == {2: (MIB, 2048 * 1000)}
