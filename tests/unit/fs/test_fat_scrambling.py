"""Another name that begins with the byte which marks deleted files is kept as FAT keeps such names."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.fs.driver import Options
from core.fs.fat.driver import Fat
from core.fs.scrambling import Scrambled
from tests.support.fat import blank_fat
from tests.support.memory import MemoryDevice
from tests.support.volumes import listed

SIZE = 1 << 20
PAGE = Options("cp850")
MARK = b"\xe5".decode("cp850")


def opened(folder: Path, slot: bytes) -> Fat:
    """A volume with this slot in its root directory."""
    content = bytearray(blank_fat(folder / "stick.img", SIZE, "-F", "12").read_bytes())
    root = Fat.open(MemoryDevice(bytes(content)), PAGE)._geometry.root_offset
    content[root : root + 32] = slot.ljust(32, b"\0")
    return Fat.open(MemoryDevice(bytes(content)), PAGE)


def begun(volume: Fat, name: str) -> Scrambled:
    """With a seed by which the name comes to begin with the mark."""
    for number in range(256):
        scrambled = volume.scrambled(bytes([number]) * 32, [])
        for _ in scrambled.gather():
            pass
        if scrambled.alias(name).startswith(MARK):
            return scrambled
    raise AssertionError("no such seed")


@pytest.mark.parametrize("first", [b"\x90", b"\x05"], ids=["another letter", "the mark itself"])
def test_a_file_is_called_as_it_is_told_of(first: bytes, tmp_path: Path) -> None:
    volume = opened(tmp_path, first + b"A      TXT")
    (name,) = listed(volume)
    scrambled = begun(volume, name)
    shown = Fat.open(MemoryDevice(scrambled.read(0, SIZE)), PAGE)
    assert list(listed(shown)) == [scrambled.alias(name)]


def test_a_label_is_none_that_was_deleted(tmp_path: Path) -> None:
    volume = opened(tmp_path, b"\x90A         \x08")
    scrambled = begun(volume, volume.facts().label)
    shown = Fat.open(MemoryDevice(scrambled.read(0, SIZE)), PAGE)
    assert shown.facts().label == scrambled.alias(volume.facts().label)
