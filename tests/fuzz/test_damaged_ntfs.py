"""NTFS damaged where its structures lie, and its fix-ups mended: so that the damage is looked at."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from core.errors import RumpusError
from core.fs.ntfs.driver import Ntfs
from tests.fuzz.test_damaged_volumes import read_all, soon
from tests.support.memory import MemoryDevice
from tests.support.ntfs import blank_ntfs, fill_packed, link_data, mounted, set_reparse
from tests.support.ntfs_patching import Patched
from tests.support.pulling import DEEP

MUTANTS = 1000 if DEEP else 150
_EXTREMES = (0, 1, 2, 3, 4, 0x10, 0x40, 0x7F, 0x80, 0xFE, 0xFF)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of attribute: in records and in clusters, compressed, in pieces, listed, linked."""
    image = blank_ntfs(tmp_path_factory.mktemp("rich") / "stick.img", 10 << 20)
    chance = random.Random(2)
    with mounted(image) as folder:
        fill_packed(folder / "packed", chance)
        (folder / "many").mkdir()
        for number in range(150):
            (folder / "many" / f"{number} has a long name").write_bytes(b"x" * number * 5)
        (folder / "link").touch()
        set_reparse(folder / "link", 0xA000000C, link_data("many", "many", True))
        with (folder / "one").open("wb", 0) as one, (folder / "other").open("wb", 0) as other:
            for _ in range(60):
                for file in (one, other):
                    file.write(chance.randbytes(4096))
                    os.fsync(file.fileno())
    return image


def damaged(patched: Patched, chance: random.Random, places: list[tuple[int, int]]) -> str:
    """Fields of one to four records and index blocks at extremes or at random."""
    told = []
    for place, size in chance.choices(places, k=chance.choice((1, 1, 2, 4))):
        raw = patched.unfixed(place, size)
        used = min(size, max(64, int.from_bytes(raw[24:28], "little"))) if size == 1024 else size
        for _ in range(chance.choice((1, 1, 2, 8))):
            at, width = chance.randrange(8, used), chance.choice((1, 1, 2, 4, 8))
            value = chance.choice(_EXTREMES) if chance.random() < 0.6 else chance.randrange(256)
            raw[at : at + width] = bytes([value]) * min(width, size - at)
            told.append(f"{width} x {value:#x} at {place}+{at}")
        patched.fix(place, raw)
    return ", ".join(told)


def test_damage_behind_sound_fix_ups_is_answered_or_named(rich: Path) -> None:
    patched = Patched(rich)
    clean = bytes(patched.image)
    patched.split(patched.number("one"), 20)
    table = sum(count for _, count in patched.table) * patched.cluster // patched.record_size
    records = [patched.place(number) for number in range(table)]
    used = [place for place in records if clean[place + 22] & 1]
    blocks = patched.blocks(patched.number("many"))
    places = [*((place, 1024) for place in used), *((place, 4096) for place in blocks * 4)]
    split = bytes(patched.image)
    chance = random.Random(6)
    opened = 0
    for _ in range(MUTANTS):
        patched.image = bytearray(split)
        what = damaged(patched, chance, places)
        device = MemoryDevice(bytes(patched.image))
        with soon(what):
            try:
                Ntfs.probe(device)
                volume = Ntfs.open(device)
                volume.facts()
            except RumpusError:
                continue
            opened += 1
            read_all(volume, device)
    assert opened > MUTANTS // 2
