"""Damaged volumes under other names: whatever lies on them, there is an end, and no name comes through."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import RumpusError
from core.fs.driver import Driver
from core.fs.exfat.driver import ExFat
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.fat.driver import Fat
from core.fs.fat.writing.writer import FatWriter
from core.fs.scrambling import Scramblable
from tests.support import exfat, fat, volumes
from tests.support.memory import MemoryDevice
from tests.support.mutations import REACH, mutants

EACH = 400
NAMES = ("Letters to Anna", "SALARY2026.ODS", "medical history of mine.pdf")
SEED = bytes(range(32))


def a_fat(path: Path) -> bytes:
    image = fat.blank_fat(path, 8 << 20, "-F", "16", "-s", "2")
    with volumes.writer_of(FatWriter, image) as (volume, _):
        fill(volume)
    return image.read_bytes()


def an_exfat(path: Path) -> bytes:
    image = exfat.blank_exfat(path, 4 << 20, "-c", "4K", "-b", "64K")
    with volumes.writer_of(ExFatWriter, image) as (volume, _):
        fill(volume)
    return image.read_bytes()


def fill(volume: FatWriter | ExFatWriter) -> None:
    folder = volume.create(0, NAMES[0], Kind.DIRECTORY)
    for name in NAMES[1:]:
        volume.create(0, name, Kind.FILE)
        volume.create(folder.node, name, Kind.DIRECTORY)
    volume.flush()


@pytest.mark.parametrize(("driver", "make"), [(Fat, a_fat), (ExFat, an_exfat)])
def test_no_name_of_a_damaged_volume_comes_through(
    tmp_path: Path, driver: type[Driver], make: Callable[[Path], bytes]
) -> None:
    chance = random.Random(11)
    opened = 0
    spelt = [name[:5].encode("utf-16-le") for name in NAMES] + [b"LETTER", b"SALARY", b"MEDICA"]
    sound = make(tmp_path / "stick.img")
    assert all(raw in sound for raw in spelt if driver is Fat or len(raw) > 6)
    for what, content in mutants(sound, EACH, seed=5):
        with suppress(RumpusError):
            volume = driver.open(MemoryDevice(content))
            assert isinstance(volume, Scramblable)
            scrambled = volume.scrambled(SEED, [chance.randrange(2**32) for _ in range(8)])
            for _ in scrambled.gather():
                pass
            opened += 1
            shown = scrambled.read(0, min(REACH, len(content)))
            assert not [raw for raw in spelt if raw in shown], what
    assert opened > EACH / 4
