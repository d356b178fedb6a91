"""LFS damaged in its log, and its checksums mended half of the time: so that the damage is looked at."""

from __future__ import annotations

import random
import struct

import pytest

from core.errors import RumpusError
from core.fs.lfs.driver import Lfs
from tests.fuzz.test_damaged_volumes import read_all, soon
from tests.support.lfs import LfsStick, checksum, lfs_stick
from tests.support.memory import MemoryDevice
from tests.support.pulling import DEEP
from tests.support.samples import MOMENT, SMALL

MUTANTS = 2000 if DEEP else 300
_EXTREMES = (0, 1, 2, 3, 4, 0x10, 0x40, 0x7F, 0x80, 0xFE, 0xFF)


@pytest.fixture(scope="module", params=[(1, "<"), (1, ">"), (2, "<"), (2, ">")])
def stick(request: pytest.FixtureRequest) -> LfsStick:
    """Half of the files are in the log only, and some of them in operations of several parts."""
    version, mark = request.param
    files = list(SMALL.files.items())
    made = lfs_stick(SMALL.folders, dict(files[::2]), MOMENT, version, mark)
    made.checkpoint(clean=False)
    made.partials.clear()
    for number, (path, content) in enumerate(files[1::2]):
        made.put(path, content)
        if number % 7 == 0:
            made.flush(operation=number % 2 == 0, pieces=number % 3 == 0)
    made.flush()
    return made


def damaged(stick: LfsStick, chance: random.Random) -> tuple[str, bytes]:
    copy, told = bytearray(stick.image), []
    length = 512 if stick.version == 1 else 1024
    for partial in chance.choices(stick.partials, k=chance.choice((1, 1, 2, 4))):
        start = partial.start
        places = [start + chance.choice((chance.randrange(length), chance.randrange(80), length - 4))]
        places += [chance.choice(partial.blocks) + chance.randrange(stick.inode_block)] * chance.randrange(2)
        for place in places:
            width = chance.choice((1, 1, 2, 4))
            value = chance.choice(_EXTREMES) if chance.random() < 0.6 else chance.randrange(256)
            copy[place : place + width] = bytes([value]) * width
            told.append(f"{width} x {value:#x} at {place}")
        if chance.random() < 0.2:
            other = chance.choice(stick.partials).start
            copy[start : start + length] = stick.image[other : other + length]
            told.append(f"{other} at {start}")
        if chance.random() < 0.6:
            words = b"".join(copy[place : place + 4] for place in partial.blocks)
            struct.pack_into(stick.mark + "I", copy, start + 4, checksum(words, stick.mark))
            summed = checksum(copy[start + 4 : start + length], stick.mark)
            struct.pack_into(stick.mark + "I", copy, start, summed)
            told.append("mended")
    return ", ".join(told), bytes(copy)


def test_damage_in_the_log_is_answered_or_named(stick: LfsStick) -> None:
    chance = random.Random(6)
    applied = 0
    for _ in range(MUTANTS):
        what, content = damaged(stick, chance)
        device = MemoryDevice(content)
        with soon(what):
            try:
                volume = Lfs.open(device)
                applied += dict(volume.facts().facts)["Roll-forward"] != "clean"
            except RumpusError:
                continue
            read_all(volume, device)
    assert applied > MUTANTS // 2
