"""A draft reads as the device will be, and says how to get there."""

from __future__ import annotations

import pytest

from core.blockdev.draft import DraftDevice
from core.blockdev.record import Flush, RecordingDevice, Write
from core.errors import CorruptStructure, HostWriteFailed
from tests.support.memory import MemoryDevice

CONTENT = bytes(range(256)) * 64


def replayed(draft: DraftDevice) -> bytes:
    device = MemoryDevice(CONTENT)
    for _ in draft.replay(device):
        pass
    return bytes(device.content)


def test_nothing_below_changes_before_it_is_wanted() -> None:
    below = MemoryDevice(CONTENT)
    draft = DraftDevice(below)
    draft.write(100, b"new")
    draft.move(8192, 0, 512)
    assert draft.read(99, 5) == CONTENT[99:100] + b"new" + CONTENT[103:104]
    assert below.content == CONTENT


def test_what_is_read_is_what_will_be_written() -> None:
    draft = DraftDevice(MemoryDevice(CONTENT))
    draft.write(0, b"first")
    draft.move(4096, 0, 1024)
    draft.write(4100, b"over the copy")
    draft.write(0, b"later")
    draft.move(9000, 4096, 100)
    draft.flush()
    assert draft.read(0, draft.size) == replayed(draft)
    assert replayed(draft)[4096:4113] == b"firs" + b"over the copy"


def test_writes_and_barriers_come_in_their_order() -> None:
    draft = DraftDevice(MemoryDevice(CONTENT))
    draft.write(0, b"one")
    draft.flush()
    draft.write(512, b"two")
    device = RecordingDevice(MemoryDevice(CONTENT))
    assert list(draft.replay(device))[-1] == draft.amount == 6
    assert device.log == [Write(0, b"one"), Flush(), Write(512, b"two"), Flush()]
    assert draft.sectors == 2


def test_what_does_not_fit_in_the_memory_is_refused_and_moves_take_none() -> None:
    draft = DraftDevice(MemoryDevice(bytes(1 << 20)), limit=8192)
    draft.move(1 << 19, 0, 1 << 18)
    draft.write(3 << 17, bytes(4096))
    with pytest.raises(HostWriteFailed):
        draft.write(3 << 17, bytes(8192))
    with pytest.raises(CorruptStructure):
        draft.move(0, 1 << 20, 1)
