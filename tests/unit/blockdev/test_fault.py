"""The stick that misbehaves to order does exactly that, and the same again for the same seed."""

from __future__ import annotations

import pytest

from core.blockdev.fault import FaultyDevice, bit_flips
from core.errors import CorruptStructure, DeviceGone, MediumError
from tests.support.memory import MemoryDevice

CONTENT = bytes(range(256)) * 64


def test_the_stick_is_pulled_after_so_many_operations_and_stays_out() -> None:
    device = FaultyDevice(MemoryDevice(CONTENT), yank_after=3)
    device.read(0, 10)
    device.write(0, b"x")
    device.flush()
    for _ in range(2):
        with pytest.raises(DeviceGone):
            device.read(0, 10)
        with pytest.raises(DeviceGone):
            device.write(0, b"x")
        with pytest.raises(DeviceGone):
            device.flush()


def test_a_torn_write_lands_as_some_whole_sectors_from_its_start() -> None:
    landed = set()
    for seed in range(40):
        below = [MemoryDevice(bytes(8192)), MemoryDevice(bytes(8192))]
        for memory in below:
            device = FaultyDevice(memory, yank_after=0, tear=True, seed=seed)
            for _ in range(2):
                with pytest.raises(DeviceGone):
                    device.write(1024, b"\xff" * 4096)
        assert below[0].content == below[1].content
        written = below[0].content.count(0xFF)
        assert below[0].content == bytes(1024) + b"\xff" * written + bytes(8192 - 1024 - written)
        assert written % 512 == 0
        landed.add(written)
    assert landed == set(range(0, 4097, 512))


def test_a_pull_without_tearing_leaves_the_write_undone() -> None:
    memory = MemoryDevice(bytes(4096))
    with pytest.raises(DeviceGone):
        FaultyDevice(memory, yank_after=0).write(0, b"x" * 4096)
    assert memory.content == bytes(4096)


def test_bad_sectors_fail_as_a_drive_fails_them() -> None:
    device = FaultyDevice(MemoryDevice(CONTENT), bad=[(5000, 10), (1030, 1000)])
    assert device.read(0, 1024) == CONTENT[:1024]
    for offset, length, sector in ((0, 2048, 1024), (1600, 10, 1536), (4000, 8000, 4608), (5119, 1, 4608)):
        with pytest.raises(MediumError) as caught:
            device.read(offset, length)
        assert (caught.value.offset, caught.value.length) == (sector, 512)
    with pytest.raises(MediumError):
        device.write(1500, b"x" * 100)
    assert device.read(5120, 100) == CONTENT[5120:5220]
    device.mend()
    assert device.read(0, len(CONTENT)) == CONTENT


def test_flipped_bits_are_the_same_in_every_read_and_for_the_same_seed() -> None:
    flips = bit_flips(100, 4096, seed=7, start=1000)
    assert flips == bit_flips(100, 4096, seed=7, start=1000) != bit_flips(100, 4096, seed=8, start=1000)
    device = FaultyDevice(MemoryDevice(CONTENT), flips=flips)
    whole = device.read(0, len(CONTENT))
    different = [n for n in range(len(CONTENT)) if whole[n] != CONTENT[n]]
    assert different == sorted(flips)
    assert min(different) >= 1000
    assert max(different) < 5096
    assert sum((whole[n] ^ CONTENT[n]).bit_count() for n in different) == 100
    assert b"".join(device.read(n, 64) for n in range(0, len(CONTENT), 64)) == whole


def test_a_hook_sees_each_operation_before_it_happens_and_may_refuse_it() -> None:
    seen: list[tuple[str, int, int]] = []

    def before(operation: str, offset: int, length: int) -> None:
        seen.append((operation, offset, length))
        if operation == "write":
            raise MediumError(offset, length)

    memory = MemoryDevice(CONTENT)
    device = FaultyDevice(memory, before=before)
    device.read(10, 20)
    with pytest.raises(MediumError):
        device.write(30, b"xy")
    device.flush()
    assert seen == [("read", 10, 20), ("write", 30, 2), ("flush", 0, 0)]
    assert memory.content == CONTENT


def test_a_faulty_device_still_has_bounds_and_is_in_no_file() -> None:
    device = FaultyDevice(MemoryDevice(CONTENT))
    with pytest.raises(CorruptStructure):
        device.read(len(CONTENT), 1)
    with pytest.raises(CorruptStructure):
        device.write(len(CONTENT), b"x")
    assert device.locate(0) is None
