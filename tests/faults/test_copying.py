"""What a copy brings home from a medium that fails, is full, or goes away."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.blockdev.device import BlockDevice
from core.blockdev.fault import FaultyDevice
from core.entry import Details, Entry, Kind, VolumeFacts
from core.errors import CorruptStructure, DeviceGone, HostWriteFailed, MediumError
from core.fs.driver import HOLE, Driver, Extent, Probe
from core.worker import rescuing
from core.worker.copying import Copying
from core.worker.protocol import Copied
from tests.support.memory import MemoryDevice

MIB = 1 << 20
CONTENT = random.Random(5).randbytes(3 * MIB)


class OneFile(Driver):
    """A volume with a single file whose extents are given."""

    name = "one-file"

    def __init__(self, extents: list[Extent], broken_after: bool = False) -> None:
        self._extents = extents
        self._broken = broken_after
        self._length = sum(extent.length for extent in extents) + (1000 if broken_after else 0)

    def extents(self, node: int) -> Iterator[Extent]:
        yield from self._extents
        if self._broken:
            raise CorruptStructure("FAT", 512, "a cluster of the file", "0")

    def stat(self, node: int) -> Details:
        return Details(Entry("file", node, Kind.FILE, self._length))

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        raise NotImplementedError

    @classmethod
    def open(cls, device: BlockDevice) -> OneFile:
        raise NotImplementedError

    def facts(self) -> VolumeFacts:
        raise NotImplementedError

    def entries(self, node: int) -> Iterator[list[Entry]]:
        raise NotImplementedError


WHOLE = [Extent(0, 0, len(CONTENT))]


def _copy(driver: OneFile, device: BlockDevice, target: Path) -> tuple[bytes, Copied]:
    with target.open("wb", buffering=0) as file:
        last = None
        for reply in Copying(driver, device, file.fileno()).run(1, 7):
            last = reply or last
    assert isinstance(last, Copied)
    return target.read_bytes(), last


def test_a_whole_file_arrives_byte_for_byte(tmp_path: Path) -> None:
    copied, end = _copy(OneFile(WHOLE), MemoryDevice(CONTENT), tmp_path / "out")
    assert copied == CONTENT
    assert end.size == len(CONTENT)
    assert end.lost == []


def test_holes_stay_holes_and_pieces_come_in_file_order(tmp_path: Path) -> None:
    extents = [Extent(0, MIB, 4096), Extent(4096, HOLE, MIB), Extent(4096 + MIB, 0, 4096)]
    copied, _ = _copy(OneFile(extents), MemoryDevice(CONTENT), tmp_path / "out")
    assert copied == CONTENT[MIB : MIB + 4096] + bytes(MIB) + CONTENT[:4096]
    assert (tmp_path / "out").stat().st_blocks * 512 < MIB


def test_bad_sectors_cost_themselves_and_nothing_else(tmp_path: Path) -> None:
    bad = [(MIB + 512, 512), (2 * MIB, 64 * 1024), (2 * MIB + 200 * 1024, 1024)]
    device = FaultyDevice(MemoryDevice(CONTENT), bad=bad)
    copied, end = _copy(OneFile(WHOLE), device, tmp_path / "out")
    assert [(lost.offset, lost.length) for lost in end.lost] == bad
    expected = bytearray(CONTENT)
    for offset, length in bad:
        expected[offset : offset + length] = bytes(length)
    assert copied == expected


def test_what_was_skipped_is_fetched_from_behind_in_another_place_of_the_stick_too(tmp_path: Path) -> None:
    extents = [Extent(0, 2 * MIB, MIB), Extent(MIB, 100, MIB)]
    device = FaultyDevice(MemoryDevice(CONTENT), bad=[(2 * MIB + 300_000, 40_000), (100, 512)])
    copied, end = _copy(OneFile(extents), device, tmp_path / "out")
    expected = bytearray(CONTENT[2 * MIB :] + CONTENT[100 : MIB + 100])
    for lost in end.lost:
        expected[lost.offset : lost.offset + lost.length] = bytes(lost.length)
    assert copied == expected
    assert sum(lost.length for lost in end.lost) <= 40_000 + 4 * 512
    assert end.lost[-1].offset == MIB


def test_a_stick_that_takes_its_time_to_fail_is_not_asked_for_every_sector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each failure costs it half a minute, by a clock of the test's own."""
    now = [0.0]
    monkeypatch.setattr(rescuing.time, "monotonic", lambda: now[0])
    device = FaultyDevice(MemoryDevice(CONTENT), bad=[(MIB, 256 * 1024)])
    read, failures = device.read, []

    def slowly(offset: int, length: int) -> bytes:
        try:
            return read(offset, length)
        except MediumError:
            now[0] += 30
            failures.append(offset)
            raise

    monkeypatch.setattr(device, "read", slowly)
    copied, end = _copy(OneFile(WHOLE), device, tmp_path / "out")
    assert len(failures) < 12
    (lost,) = end.lost
    assert lost.offset == MIB
    assert 256 * 1024 <= lost.length <= 260 * 1024, "what lies behind was fetched all the same"
    assert copied[lost.offset + lost.length :] == CONTENT[lost.offset + lost.length :]


def test_a_medium_that_is_bad_all_over_ends_soon(tmp_path: Path) -> None:
    device = FaultyDevice(MemoryDevice(CONTENT), bad=[(0, len(CONTENT))])
    copied, end = _copy(OneFile(WHOLE), device, tmp_path / "out")
    assert copied == bytes(len(CONTENT))
    assert [(lost.offset, lost.length) for lost in end.lost] == [(0, len(CONTENT))]
    assert device.operations < 60


def test_a_broken_chain_gives_what_is_before_it(tmp_path: Path) -> None:
    copied, end = _copy(
        OneFile([Extent(0, 0, 4096)], broken_after=True), MemoryDevice(CONTENT), tmp_path / "out"
    )
    assert copied == CONTENT[:4096] + bytes(1000)
    assert [(lost.offset, lost.length, lost.fault.kind) for lost in end.lost] == [
        (4096, 1000, "CorruptStructure")
    ]


def test_a_yank_in_the_middle_ends_the_copy(tmp_path: Path) -> None:
    device = FaultyDevice(MemoryDevice(CONTENT), yank_after=5)
    with pytest.raises(DeviceGone):
        _copy(OneFile(WHOLE), device, tmp_path / "out")


def test_a_full_disk_is_the_hosts_trouble_and_not_the_sticks() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        with pytest.raises(HostWriteFailed) as caught:
            for _ in Copying(OneFile(WHOLE), MemoryDevice(CONTENT), full).run(1, 7):
                pass
        assert caught.value.errno == errno.ENOSPC
    finally:
        os.close(full)
