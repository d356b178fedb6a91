"""Partitions of the BSDs and of SGI: those that libblkid sees are those that are found."""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.blockdev.descriptor import DescriptorDevice, measure
from core.blockdev.tables import Table, read_table
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.disks import as_partx_reads, as_sfdisk_reads, partition, sparse
from tests.support.memory import MemoryDevice
from tests.support.samples import SAMPLES

MIB = 1 << 20
UFS, SWAP, UNUSED = 7, 1, 0
FREEBSD, OPENBSD, NETBSD = "a5", "a6", "a9"


def label(partitions: Sequence[tuple[int, int, int]], mark: str = "<") -> bytes:
    """disklabel(5), of (first sector, sectors, type)."""
    raw = bytearray(148 + 16 * len(partitions))
    struct.pack_into(mark + "I", raw, 0, 0x82564557)
    struct.pack_into(mark + "I", raw, 40, 512)
    struct.pack_into(mark + "IHHII", raw, 132, 0x82564557, 0, len(partitions), 8192, 8192)
    for index, (first, sectors, kind) in enumerate(partitions):
        struct.pack_into(mark + "IIIBBH", raw, 148 + 16 * index, sectors, first, 1024, kind, 8, 0)
    total = 0
    for number in struct.unpack(f"{mark}{len(raw) // 2}H", raw):
        total ^= number
    struct.pack_into(mark + "H", raw, 136, total)
    return bytes(raw)


def put(image: Path, offset: int, content: bytes) -> None:
    with image.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def table_of(path: Path) -> Table:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return read_table(DescriptorDevice(descriptor, *measure(descriptor)))
    finally:
        os.close(descriptor)


def places(table: Table) -> dict[int, tuple[int, int]]:
    return {partition.number: (partition.offset, partition.size) for partition in table.partitions}


@pytest.mark.parametrize(
    ("kind", "base", "whole"),
    [
        (FREEBSD, 0, (0, 40960, UNUSED)),
        (FREEBSD, 8192, (8192, 40960, UNUSED)),
        (NETBSD, 8192, (8192, 40960, UNUSED)),
        (OPENBSD, 8192, (0, 131072, UNUSED)),
    ],
    ids=["FreeBSD", "FreeBSD of before", "NetBSD", "OpenBSD"],
)
def test_a_slice_is_replaced_by_what_its_label_divides_it_into(
    tmp_path: Path, kind: str, base: int, whole: tuple[int, int, int]
) -> None:
    script = f"label: dos\nstart=2048, size=4096, type=c\nstart=8192, size=40960, type={kind}\n"
    path = partition(sparse(tmp_path / "stick.img", 64 * MIB), script)
    parts = [(base + 64, 8192, UFS), (base + 8256, 2048, SWAP), whole, (base + 16384, 1024, UFS)]
    put(path, 8192 * 512 + 512, label(parts))
    table = table_of(path)
    assert (table.kind, table.warnings) == ("mbr", [])
    assert [(part.type, part.name) for part in table.partitions] == [
        ("FAT32", ""),
        ("BSD UFS", "a"),
        ("BSD swap", "b"),
        ("BSD UFS", "d"),
    ]
    by_partx = as_partx_reads(path)
    del by_partx[2]
    assert places(table) == by_partx


@pytest.mark.parametrize(("place", "mark"), [(512, "<"), (64, "<"), (64, ">"), (512, ">")])
def test_a_label_may_stand_alone(place: int, mark: str) -> None:
    image = bytearray(8 * MIB)
    raw = label([(64, 4096, UFS), (4160, 2048, SWAP), (0, 16384, UNUSED)], mark)
    image[place : place + len(raw)] = raw
    table = read_table(MemoryDevice(image))
    assert table.kind == "bsd"
    assert places(table) == {1: (64 * 512, 4096 * 512), 2: (4160 * 512, 2048 * 512)}


def test_a_label_that_only_tells_of_the_whole_is_no_table() -> None:
    image = bytearray(8 * MIB)
    raw = label([(0, 16000, UFS), (0, 0, UNUSED), (0, 16384, UNUSED)])
    image[512 : 512 + len(raw)] = raw
    assert places(read_table(MemoryDevice(image))) == {0: (0, 8 * MIB)}


@pytest.mark.parametrize("at", [0, 132, 136, 150, 138])
def test_a_broken_label_leaves_the_slice_as_it_was(tmp_path: Path, at: int) -> None:
    path = partition(
        sparse(tmp_path / "stick.img", 64 * MIB), "label: dos\nstart=8192, size=40960, type=a9\n"
    )
    raw = bytearray(label([(8256, 8192, UFS), (0, 0, 0), (8192, 40960, UNUSED)]))
    raw[at] ^= 0xFF
    put(path, 8192 * 512 + 512, raw)
    table = table_of(path)
    assert places(table) == {1: (8192 * 512, 40960 * 512)}
    assert [fault.values["structure"] for fault in table.warnings] == ["disklabel"] * (at != 0)


def test_partitions_outside_their_slice_are_left_out(tmp_path: Path) -> None:
    path = partition(
        sparse(tmp_path / "stick.img", 64 * MIB), "label: dos\nstart=8192, size=40960, type=a6\n"
    )
    put(
        path, 8192 * 512 + 512, label([(8256, 8192, UFS), (2**31, 2**31, UFS), (0, 131072, 0), (64, 64, UFS)])
    )
    assert places(table_of(path)) == {5: (8256 * 512, 8192 * 512)}


def test_partitions_of_sgi_are_those_that_sfdisk_and_libblkid_see(tmp_path: Path) -> None:
    script = "label: sgi\nstart=4096, size=8192, type=7\nstart=16384, size=4096, type=a\n"
    path = partition(sparse(tmp_path / "stick.img", 64 * MIB), script)
    table = table_of(path)
    assert (table.kind, table.warnings) == ("sgi", [])
    assert [part.type for part in table.partitions] == ["EFS", "XFS"]
    made = {(entry["start"] * 512, entry["size"] * 512) for entry in as_sfdisk_reads(path)["partitions"]}
    assert set(places(table).values()) <= made
    assert places(table) == as_partx_reads(path)


def test_noise_behind_the_magic_is_no_table() -> None:
    image = bytearray(b"\xff" * MIB)
    image[:4] = (0x0BE5A941).to_bytes(4, "big")
    image[512:516] = (0x82564557).to_bytes(4, "little")
    assert read_table(MemoryDevice(image)).kind == "none"


def test_a_damaged_label_never_leads_outside_the_device() -> None:
    chance = random.Random(4)
    raw = label([(64, 4096, UFS), (4160, 2048, SWAP), (0, 16384, UNUSED), (8192, 100, UFS)])
    met = set()
    for _ in range(300):
        broken = bytearray(raw)
        for _ in range(chance.choice((1, 2, 8))):
            broken[chance.randrange(138, len(raw))] = chance.randrange(256)
        total = 0
        for number in struct.unpack(f"<{len(broken) // 2}H", broken):
            total ^= number
        checksum = struct.unpack_from("<H", broken, 136)[0]
        struct.pack_into("<H", broken, 136, checksum ^ total)
        image = bytearray(8 * MIB)
        image[512 : 512 + len(broken)] = broken
        table = read_table(MemoryDevice(image))
        met.add(table.kind)
        for part in table.partitions:
            assert 0 <= part.offset <= part.offset + part.size <= 8 * MIB or part.problem is not None
    assert met == {"bsd", "none"}


async def test_a_volume_in_a_slice_opens_through_the_wall(tmp_path: Path) -> None:
    path = partition(
        sparse(tmp_path / "stick.img", 64 * MIB), "label: dos\nstart=8192, size=40960, type=a5\n"
    )
    put(path, 8192 * 512 + 512, label([(64, 8192, UFS), (0, 0, 0), (0, 40960, UNUSED)]))
    (tmp_path / "made").mkdir()
    put(path, (8192 + 64) * 512, SAMPLES["UFS2"](tmp_path / "made").image.read_bytes())
    async with Supervisor() as supervisor:
        with await open_medium(path) as medium:
            survey = await supervisor.survey(medium)
            assert [(part.number, part.system, part.name) for part in survey.partitions] == [(5, "UFS2", "a")]
            async with await supervisor.open(medium, partition=5) as volume:
                assert (await volume.resolve("empty")).name == "empty"
