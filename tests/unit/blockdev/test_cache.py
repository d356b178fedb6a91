"""The cache in front of a stick: the same bytes, fewer reads, never more errors, never more memory."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.blockdev.cache import BLOCK, BYPASS, LIMIT, CachedDevice
from core.blockdev.fault import FaultyDevice
from core.errors import CorruptStructure, DeviceGone, MediumError
from tests.support.memory import MemoryDevice

CONTENT = bytes(n % 251 for n in range(3 * 2**20 + 777))


def test_what_was_read_once_is_not_read_again() -> None:
    device = MemoryDevice(CONTENT)
    cache = CachedDevice(device)
    assert cache.read(5000, 100) == CONTENT[5000:5100]
    assert cache.read(4096, 4096) == CONTENT[4096:8192]
    assert cache.read(8000, 192) == CONTENT[8000:8192]
    assert device.reads == [(4096, 4096)]


def test_reading_on_and_on_takes_few_large_reads() -> None:
    device = MemoryDevice(CONTENT)
    cache = CachedDevice(device)
    for offset in range(0, 2**20, 512):
        assert cache.read(offset, 512) == CONTENT[offset : offset + 512]
    assert len(device.reads) < 12
    assert max(length for _, length in device.reads) == 256 * 1024 + BLOCK


def test_two_readers_in_turn_are_both_read_ahead() -> None:
    device = MemoryDevice(CONTENT)
    cache = CachedDevice(device)
    for offset in range(0, 2**20, 4096):
        cache.read(offset, 4096)
        cache.read(2 * 2**20 + offset, 32)
    assert len(device.reads) < 24


def test_jumping_about_reads_nothing_ahead() -> None:
    device = MemoryDevice(CONTENT)
    cache = CachedDevice(device)
    for offset in range(0, 2**20, 3 * BLOCK):
        cache.read(offset, 8)
    assert {length for _, length in device.reads} == {BLOCK}


def test_a_large_read_passes_by_and_leaves_the_cache_alone() -> None:
    device = MemoryDevice(CONTENT)
    cache = CachedDevice(device)
    cache.read(0, 8)
    assert cache.read(100, BYPASS) == CONTENT[100 : 100 + BYPASS]
    device.reads.clear()
    cache.read(0, 8)
    assert device.reads == []
    cache.read(BLOCK, 8)
    assert len(device.reads) == 1


def test_the_end_of_an_odd_sized_stick_is_read_exactly() -> None:
    cache = CachedDevice(MemoryDevice(CONTENT))
    end = len(CONTENT)
    assert cache.read(end - 10, 10) == CONTENT[-10:]
    assert cache.read(end - 10, 10) == CONTENT[-10:]
    assert cache.read(end, 0) == b""
    for offset, length in ((end - 10, 11), (end, 1), (end + 1, 0), (-1, 1), (0, -1), (2**70, 1)):
        with pytest.raises(CorruptStructure):
            cache.read(offset, length)


def test_memory_stays_bounded_however_much_is_read() -> None:
    device = MemoryDevice(bytes(4 * LIMIT))
    cache = CachedDevice(device)
    tracemalloc.start()
    try:
        for offset in range(0, device.size - 600, 600):
            cache.read(offset, 600)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < LIMIT * 1.1
    assert peak < LIMIT * 1.1 + 2**20


def test_the_least_recently_used_goes_first() -> None:
    device = MemoryDevice(CONTENT)
    cache = CachedDevice(device, limit=4 * BLOCK)
    for block in (0, 10, 20, 30, 0, 40):
        cache.read(block * BLOCK, 8)
    device.reads.clear()
    cache.read(0, 8)
    assert device.reads == []
    cache.read(10 * BLOCK, 8)
    assert device.reads == [(10 * BLOCK, BLOCK)]


# bad sectors ------------------------------------------------------------------------------------------------


def test_a_bad_sector_ahead_never_fails_what_was_asked_for() -> None:
    for sector in range(0, 80 * 1024, 512):
        cache = CachedDevice(FaultyDevice(MemoryDevice(CONTENT), bad=[(sector, 512)]))
        for offset in range(0, 80 * 1024, 256):
            if sector <= offset < sector + 512:
                with pytest.raises(MediumError) as caught:
                    cache.read(offset, 256)
                assert (caught.value.offset, caught.value.length) == (sector, 512)
            else:
                assert cache.read(offset, 256) == CONTENT[offset : offset + 256]


def test_a_bad_sector_is_tried_once_for_all_the_reads_around_it() -> None:
    tries = []
    sector = 20 * BLOCK + 1024

    def before(_operation: str, offset: int, length: int) -> None:
        if offset < sector + 512 and sector < offset + length:
            tries.append((offset, length))

    faulty = FaultyDevice(MemoryDevice(CONTENT), bad=[(sector, 512)], before=before)
    cache = CachedDevice(faulty)
    for _ in range(3):
        for offset in range(0, 40 * BLOCK, 512):
            if offset != sector:
                assert cache.read(offset, 512) == CONTENT[offset : offset + 512]
    assert len(tries) <= 2


def test_a_bad_sector_that_was_written_anew_is_read_again() -> None:
    device = MemoryDevice(CONTENT)
    faulty = FaultyDevice(device, bad=[(4096, 512)])
    cache = CachedDevice(faulty)
    with pytest.raises(MediumError):
        cache.read(4096, 512)
    faulty.mend()
    cache.write(4096, b"new" * 170)
    assert cache.read(4096, 510) == b"new" * 170
    faulty.operations = 0
    cache.read(4096, 510)
    assert faulty.operations == 0


def test_a_pulled_stick_is_gone_for_what_was_not_read_yet() -> None:
    faulty = FaultyDevice(MemoryDevice(CONTENT))
    cache = CachedDevice(faulty)
    cache.read(0, 512)
    faulty.yank()
    assert cache.read(0, 512) == CONTENT[:512]
    with pytest.raises(DeviceGone):
        cache.read(2**20, 512)
    with pytest.raises(DeviceGone):
        cache.flush()


# writing ----------------------------------------------------------------------------------------------------


def test_a_write_that_fails_half_way_is_never_papered_over_by_the_cache() -> None:
    device = MemoryDevice(CONTENT)
    cache = CachedDevice(FaultyDevice(device, yank_after=1, tear=True, seed=3))
    before = cache.read(0, 8192)
    with pytest.raises(DeviceGone):
        cache.write(0, bytes(8192))
    assert device.content[:8192] != before, "the seed tears this write"
    with pytest.raises(DeviceGone):
        cache.read(0, 16)


OFFSETS = st.integers(0, 70_000)
LENGTHS = st.one_of(st.integers(0, 2000), st.integers(0, 40_000))
READS = st.tuples(st.just("read"), OFFSETS, LENGTHS)
WRITES = st.tuples(st.just("write"), OFFSETS, st.one_of(st.integers(0, 200), st.integers(0, 20_000)))
BAD = st.lists(st.tuples(st.integers(0, 69_000), st.integers(1, 3000)), max_size=3)


@settings(max_examples=150, deadline=None)
@given(
    operations=st.lists(st.one_of(READS, WRITES), max_size=40),
    size=st.integers(60_000, 70_000),
    limit=st.integers(0, 20) | st.just(1024),
    bad=BAD,
)
def test_any_sequence_of_reads_and_writes_gives_what_the_plain_stick_gives(
    operations: list[tuple[str, int, int]], size: int, limit: int, bad: list[tuple[int, int]]
) -> None:
    plain = FaultyDevice(MemoryDevice(CONTENT[:size]), bad=bad)
    cache = CachedDevice(FaultyDevice(MemoryDevice(CONTENT[:size]), bad=bad), limit * BLOCK)
    for step, (operation, offset, length) in enumerate(operations):
        outcomes = []
        for device in (plain, cache):
            try:
                if operation == "read":
                    outcomes.append(device.read(offset, length))
                else:
                    device.write(offset, bytes([step % 256]) * length)
                    outcomes.append(b"written")
            except CorruptStructure:
                outcomes.append(b"outside")
            except MediumError as error:
                outcomes.append((error.offset, error.length))
        assert outcomes[0] == outcomes[1], (operation, offset, length)


def test_what_others_wrote_below_is_read_anew_once_it_is_told_of() -> None:
    memory = MemoryDevice(bytes(20_000))
    device = CachedDevice(memory)
    device.read(0, 20_000)
    memory.write(5000, b"from elsewhere")
    assert device.read(5000, 14) == bytes(14)
    device.written(5000, 14)
    assert device.read(5000, 14) == b"from elsewhere"
