"""Discs that lead round in circles, under other names."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from core.fs.iso9660.driver import Iso9660
from core.fs.iso9660.structures import ROOT_AT
from tests.support.discs import disc
from tests.support.disguises import SEED
from tests.support.iso9660 import SECTOR, block_of, both, set_block, set_size
from tests.support.memory import MemoryDevice
from tests.support.volumes import listed

_PRIMARY = 16 * SECTOR


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "of").mkdir(parents=True)
    for number in range(20):
        (folder / f"salary of {number}").write_text("much")
    return folder


def opened(image: bytes | bytearray) -> Iso9660:
    return Iso9660.open(MemoryDevice(bytes(image)))


def test_a_folder_that_begins_within_a_sector_is_told_once(source: Path, tmp_path: Path) -> None:
    """Blocks of 512 bytes allow that, and every folder names itself."""
    image = bytearray(disc(tmp_path / "plain.iso", source).read_bytes())
    root, folder = _PRIMARY + ROOT_AT, len(image) + 512
    start = block_of(image, root) * SECTOR
    image += bytes(512) + image[start : start + SECTOR] + bytes(SECTOR - 512)
    image[_PRIMARY + 80 : _PRIMARY + 88] = both(len(image) // 512)
    image[_PRIMARY + 128 : _PRIMARY + 132] = struct.pack("<H", 512) + struct.pack(">H", 512)
    for record in (root, folder, folder + image[folder]):
        set_block(image, record, folder // 512)
        set_size(image, record, SECTOR)
    volume = opened(image)
    scrambled = volume.scrambled(SEED, [])
    assert sum(1 for _ in zip(range(1000), scrambled.gather(), strict=False)) < 1000
    told = opened(scrambled.read(0, len(image)))
    assert [len(name) for name in names(told)] == [len(name) for name in names(volume)]
    assert not set(names(told)) & set(names(volume))


def names(volume: Iso9660) -> list[str]:
    return list(listed(volume, volume.facts().root))
