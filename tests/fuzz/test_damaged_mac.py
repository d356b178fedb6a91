"""HFS+ and HFS damaged where their trees lie, with everything on them that they can have."""

from __future__ import annotations

import random
from collections.abc import Callable
from struct import unpack_from

import pytest

from core.entry import Kind
from core.errors import RumpusError
from core.fs.driver import Driver
from core.fs.hfs.driver import Hfs
from core.fs.hfsplus.driver import HfsPlus
from tests.fuzz.test_damaged_volumes import read_all, soon
from tests.support.hfs import HfsStick
from tests.support.hfsplus import HfsPlusStick
from tests.support.hfsplus_journal import journal
from tests.support.memory import MemoryDevice
from tests.support.pulling import DEEP
from tests.support.volumes import walked

MUTANTS = 2000 if DEEP else 300
_EXTREMES = (0, 1, 2, 3, 4, 0x10, 0x40, 0x7F, 0x80, 0xFE, 0xFF)
Region = tuple[int, int]
"""(start, size) of bytes that are worth damaging."""


def rich_hfsplus() -> tuple[bytes, list[Region]]:
    """Links of files and folders, packed files, attributes, pieces beyond the record, a journal."""
    chance = random.Random(4)
    stick = HfsPlusStick(block_size=512, node_size=1024, blocks=6000, attributes=0x2100)
    stick.journal = journal([], 16 * 1024)
    for number in range(4):
        stick.add_folder(f"folder {number}")
        for index in range(40):
            content = chance.randbytes(chance.randrange(3000))
            stick.add_file(f"folder {number}/file {index}", content, pieces=chance.choice((1, 3, 20)))
    file, folder = stick.add_inode(b"shared"), stick.add_inode(folder=True)
    stick.add_file(f".HFS+ Private Directory Data\r/{folder.name}/inside", b"content")
    for number in range(3):
        stick.add_hard_link(f"folder {number}/link", file)
        stick.add_hard_link(f"folder {number}/linked folder", folder)
        stick.add_link(f"folder {number}/symbolic", "../target")
    text = b"a line of text\n" * 9000
    for method in (3, 4, 8):
        stick.add_compressed(f"packed {method}", text[: 60_000 if method == 3 else None], method=method)
    for index in range(60):
        stick.extended.append(
            (stick.number(f"folder 1/file {index % 40}"), f"user.{index}", b"value" * index)
        )
    image = stick.image()
    regions = [(1024, 512)]
    for at in (192, 272, 352):  # extents, catalog, attributes
        size, _, _, first, _ = unpack_from(">QIIII", image, 1024 + at)
        regions.append((first * 512, size))
    return image, regions + [regions[2]] * 2


def rich_hfs() -> tuple[bytes, list[Region]]:
    chance = random.Random(4)
    stick = HfsStick(blocks=3000, block_size=512)
    for number in range(4):
        stick.add_folder(f"folder {number}")
        for index in range(40):
            content, resource = chance.randbytes(chance.randrange(3000)), b"resource" * index
            path = f"folder {number}/file {index}"
            stick.add_file(path, content, resource=resource, pieces=chance.choice((1, 3, 5)))
    image = stick.image()
    regions = [(1024, 162)]
    for at in (130, 146):
        size, first, _ = unpack_from(">IHH", image, 1024 + at)
        regions.append((16 * 512 + first * 512, size))
    return image, regions + [regions[2]] * 2


def damaged(image: bytes, chance: random.Random, regions: list[Region]) -> tuple[str, bytes]:
    """Fields at extremes or at random, and nodes in the place of others."""
    copy, told = bytearray(image), []
    start, size = chance.choice(regions)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        at, width = start + chance.randrange(size), chance.choice((1, 1, 2, 4, 8))
        value = chance.choice(_EXTREMES) if chance.random() < 0.6 else chance.randrange(256)
        copy[at : at + width] = bytes([value]) * width
        told.append(f"{width} x {value:#x} at {at}")
    if size > 1024 and chance.random() < 0.2:
        source, target = (start + chance.randrange(size // 512) * 512 for _ in range(2))
        copy[target : target + 512] = image[source : source + 512]
        told.append(f"{source} at {target}")
    return ", ".join(told), bytes(copy)


def links(volume: Driver) -> None:
    try:
        for _, entry in walked(volume, volume.facts().root):
            if entry.kind is Kind.SYMLINK:
                volume.read_link(entry.node)
    except RumpusError:
        return


@pytest.mark.parametrize(("driver", "make"), [(HfsPlus, rich_hfsplus), (Hfs, rich_hfs)])
def test_damage_in_the_trees_is_answered_or_named(
    driver: type[Driver], make: Callable[[], tuple[bytes, list[Region]]]
) -> None:
    image, regions = make()
    chance = random.Random(6)
    opened = 0
    for _ in range(MUTANTS):
        what, content = damaged(image, chance, regions)
        device = MemoryDevice(content)
        with soon(what):
            try:
                driver.probe(device)
                volume = driver.open(device)
                volume.facts()
            except RumpusError:
                continue
            opened += 1
            read_all(volume, device)
            links(volume)
    assert opened > MUTANTS // 2
