"""Changes wait in memory, are seen at once, and reach the medium phase by phase."""

from __future__ import annotations

import random

import pytest

from core.blockdev.fault import FaultyDevice
from core.blockdev.record import Flush, RecordingDevice, Write
from core.errors import CorruptStructure, MediumError
from core.fs.staging import Mirror, Phase, Staging
from tests.support.memory import MemoryDevice


def test_what_is_staged_is_seen_and_not_written() -> None:
    memory = MemoryDevice(bytes(4096))
    staging = Staging(memory, 512)
    staging.stage(Phase.ENTRY, 500, b"across a border")
    assert staging.read(490, 40) == bytes(10) + b"across a border" + bytes(15)
    assert staging.read(505, 3) == b"s a"
    assert staging.on_medium(500, 15) == bytes(15)
    assert staging.held == 2
    assert memory.content == bytes(4096)


def test_phases_are_written_in_their_order_with_a_flush_between_them() -> None:
    device = RecordingDevice(MemoryDevice(bytes(8192)))
    staging = Staging(device, 512)
    for phase, place in ((Phase.FREE, 1024), (Phase.ENTRY, 4096), (Phase.PREPARE, 2048)):
        staging.stage(phase, place, phase.name.encode())
    staging.settle()
    assert [event[:1] for event in device.log] == [(2048,), (), (4096,), (), (1024,)]
    staging.stage(Phase.ENTRY, 0, b"x")
    staging.settle()
    assert [event[:1] for event in device.log[5:]] == [(), (0,), ()]


def test_a_sector_shows_each_phase_only_what_belongs_before_it() -> None:
    device = RecordingDevice(MemoryDevice(b"." * 512))
    staging = Staging(device, 512)
    staging.stage(Phase.ENTRY, 1, b"E")
    staging.stage(Phase.PREPARE, 0, b"PP")
    staging.stage(Phase.FREE, 2, b"F")
    assert staging.read(0, 4) == b"PEF."
    staging.settle()
    assert [event.data[:4] for event in device.log if isinstance(event, Write)] == [b"PP..", b"PE..", b"PEF."]
    assert staging.held == 0


def test_a_mask_leaves_the_other_bits_to_their_phase() -> None:
    memory = MemoryDevice(b"\xab" * 512)
    staging = Staging(memory, 512)
    staging.stage(Phase.PREPARE, 0, b"\x0c", b"\x0f")
    assert staging.read(0, 1) == b"\xac"
    staging.stage(Phase.FREE, 0, b"\x00", b"\xf0")
    assert staging.read(0, 1) == b"\x0c"
    staging.settle()
    assert memory.content[:1] == b"\x0c"


def test_adjacent_sectors_are_one_write_and_go_to_every_mirror() -> None:
    device = RecordingDevice(MemoryDevice(bytes(8192)))
    staging = Staging(device, 512, (Mirror(512, 1024, 2048),))
    staging.stage(Phase.PREPARE, 0, b"x" * 2048)
    staging.settle()
    assert [(event.offset, len(event.data)) for event in device.log if isinstance(event, Write)] == [
        (0, 2048),
        (2560, 1024),
    ]


def test_contents_written_before_are_flushed_before_an_entry_refers_to_them() -> None:
    device = RecordingDevice(MemoryDevice(bytes(4096)))
    staging = Staging(device, 512)
    staging.write(1024, b"content")
    staging.stage(Phase.ENTRY, 0, b"entry")
    staging.settle()
    assert [type(event) for event in device.log] == [Write, Flush, Write, Flush]


def test_after_an_error_everything_not_known_to_be_written_is_written_again() -> None:
    memory = MemoryDevice(bytes(4096))
    calls = 0

    def before(operation: str, offset: int, length: int) -> None:
        nonlocal calls
        calls += operation == "flush"
        if operation == "flush" and calls == 1:
            raise MediumError(0, 4096)

    device = RecordingDevice(FaultyDevice(memory, before=before))
    staging = Staging(device, 512)
    staging.stage(Phase.PREPARE, 0, b"a")
    staging.stage(Phase.ENTRY, 512, b"b")
    with pytest.raises(MediumError):
        staging.settle()
    assert staging.read(0, 1) + staging.read(512, 1) == b"ab"
    staging.settle()
    assert [event.offset for event in device.log if isinstance(event, Write)] == [0, 0, 512]


def test_many_changes_read_back_as_in_a_plain_array() -> None:
    chance = random.Random(3)
    content = chance.randbytes(20_000 // 512 * 512)
    memory = MemoryDevice(content)
    staging = Staging(memory, 512)
    model = bytearray(content)
    for _ in range(400):
        offset = chance.randrange(len(content))
        data = chance.randbytes(min(chance.randrange(1500), len(content) - offset))
        staging.stage(Phase.ENTRY, offset, data)
        model[offset : offset + len(data)] = data
        start = chance.randrange(len(content))
        assert staging.read(start, min(3000, len(content) - start)) == model[start : start + 3000]
        if chance.random() < 0.05:
            staging.settle()
            assert memory.content == model
    with pytest.raises(CorruptStructure):
        staging.stage(Phase.ENTRY, len(content), b"x")
