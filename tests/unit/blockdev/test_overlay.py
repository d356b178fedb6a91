"""Changes that stay in memory: seen through the overlay, never below it, and bounded."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.blockdev.descriptor import DescriptorDevice
from core.blockdev.overlay import OverlayDevice
from core.errors import CorruptStructure, HostWriteFailed
from tests.support.memory import MemoryDevice


def test_what_is_written_is_read_back_and_the_device_below_stays_as_it_was() -> None:
    content = random.Random(1).randbytes(50_000)
    below = MemoryDevice(content)
    overlay = OverlayDevice(below)
    model = bytearray(content)
    chance = random.Random(2)
    for _ in range(300):
        offset = chance.randrange(len(content))
        data = chance.randbytes(min(chance.randrange(9000), len(content) - offset))
        overlay.write(offset, data)
        model[offset : offset + len(data)] = data
        start = chance.randrange(len(content))
        length = min(chance.randrange(20_000), len(content) - start)
        assert overlay.read(start, length) == model[start : start + length]
    overlay.flush()
    assert below.content == content


def test_a_write_beyond_the_limit_is_refused_and_changes_nothing() -> None:
    overlay = OverlayDevice(MemoryDevice(bytes(100_000)), limit=8192)
    overlay.write(0, b"x" * 5000)
    assert overlay.kept == 8192
    with pytest.raises(HostWriteFailed):
        overlay.write(8000, b"y" * 1000)
    assert overlay.read(8000, 1000) == bytes(1000)
    overlay.write(100, b"z" * 8000)
    assert overlay.read(100, 8000) == b"z" * 8000
    assert overlay.kept == 8192


def test_an_overlay_has_the_bounds_of_its_device() -> None:
    overlay = OverlayDevice(MemoryDevice(bytes(1000)))
    for offset, length in ((1000, 1), (-1, 1), (0, 1001)):
        with pytest.raises(CorruptStructure):
            overlay.write(offset, bytes(length))
        with pytest.raises(CorruptStructure):
            overlay.read(offset, length)


def test_bulk_copies_pass_it_by_until_it_was_written_to(tmp_path: Path) -> None:
    path = tmp_path / "image"
    path.write_bytes(bytes(8192))
    with path.open("rb") as file:
        overlay = OverlayDevice(DescriptorDevice(file.fileno(), 8192))
        assert overlay.locate(10) == (file.fileno(), 10)
        overlay.write(0, b"x")
        assert overlay.locate(10) is None
