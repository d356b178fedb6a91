"""A partition is a device of its own: its bytes, its bounds, its offsets in errors."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.blockdev.descriptor import DescriptorDevice
from core.blockdev.fault import FaultyDevice
from core.blockdev.window import Window
from core.errors import CorruptStructure, DeviceGone, MediumError
from tests.support.memory import MemoryDevice

CONTENT = bytes(range(256)) * 64


def test_a_partition_shows_its_own_bytes_and_no_others() -> None:
    device = MemoryDevice(CONTENT)
    window = Window(device, 1000, 5000)
    assert window.read(0, 5000) == CONTENT[1000:6000]
    assert window.read(4999, 1) == CONTENT[5999:6000]
    for offset, length in ((4999, 2), (5000, 1), (-1, 1), (-1000, 1000)):
        with pytest.raises(CorruptStructure) as caught:
            window.read(offset, length)
        assert caught.value.structure == "device"
        with pytest.raises(CorruptStructure):
            window.write(offset, bytes(length))
    assert device.content == CONTENT


def test_a_window_is_never_cut_short_silently() -> None:
    device = MemoryDevice(CONTENT)
    for offset, size in ((0, len(CONTENT) + 1), (len(CONTENT), 1), (-512, 512), (2**64, 1)):
        with pytest.raises(CorruptStructure):
            Window(device, offset, size)
    assert Window(device, len(CONTENT), 0).size == 0


def test_a_bad_sector_is_told_where_the_partition_has_it() -> None:
    window = Window(FaultyDevice(MemoryDevice(CONTENT), bad=[(4096, 512)]), 1024, 8192)
    with pytest.raises(MediumError) as caught:
        window.read(0, 8192)
    assert (caught.value.offset, caught.value.length) == (3072, 512)
    with pytest.raises(MediumError) as caught:
        window.write(3000, bytes(1000))
    assert (caught.value.offset, caught.value.length) == (3072, 512)


def test_a_bad_sector_across_the_edge_of_a_partition_is_told_from_the_edge_on() -> None:
    device = FaultyDevice(MemoryDevice(CONTENT, sector_size=4096), bad=[(4096, 1), (8192, 1)])
    window = Window(device, 5120, 4096)
    with pytest.raises(MediumError) as caught:
        window.read(0, 1)
    assert (caught.value.offset, caught.value.length) == (0, 3072)
    with pytest.raises(MediumError) as caught:
        window.read(3500, 1)
    assert (caught.value.offset, caught.value.length) == (3072, 1024)


def test_windows_nest_and_reach_the_descriptor(tmp_path: Path) -> None:
    path = tmp_path / "stick.img"
    path.write_bytes(CONTENT)
    descriptor = os.open(path, os.O_RDWR)
    try:
        device = DescriptorDevice(descriptor, len(CONTENT), writable=True)
        inner = Window(Window(device, 1000, 9000), 200, 300, sector_size=4096)
        assert inner.locate(7) == (descriptor, 1207)
        assert (device.sector_size, inner.sector_size) == (512, 4096)
        inner.write(0, b"hello")
        inner.flush()
        assert device.read(1200, 5) == b"hello"
        with pytest.raises(CorruptStructure):
            inner.locate(301)
    finally:
        os.close(descriptor)


def test_a_pulled_stick_is_gone_for_its_partitions_too() -> None:
    device = FaultyDevice(MemoryDevice(CONTENT))
    window = Window(device, 512, 512)
    device.yank()
    with pytest.raises(DeviceGone):
        window.read(0, 1)
    with pytest.raises(DeviceGone):
        window.flush()
