"""What a stick may hold that was pulled out: each prefix of the writes, any part of what was not flushed."""

from __future__ import annotations

from core.blockdev.record import Flush, RecordingDevice, Replay, Write
from tests.support.memory import MemoryDevice


def recorded() -> tuple[bytes, RecordingDevice]:
    before = bytes(4096)
    device = RecordingDevice(MemoryDevice(before))
    device.write(0, b"a" * 512)
    device.write(512, b"b" * 512)
    device.flush()
    device.write(0, b"c" * 1024)
    device.write(2048, b"d" * 512)
    return before, device


def marks(content: bytearray) -> str:
    return "".join(chr(content[at]) if content[at] else "." for at in range(0, 4096, 512))


def test_writes_and_flushes_are_kept_in_order_and_reach_the_device() -> None:
    _, device = recorded()
    assert device.log == [
        Write(0, b"a" * 512),
        Write(512, b"b" * 512),
        Flush(),
        Write(0, b"c" * 1024),
        Write(2048, b"d" * 512),
    ]
    assert device.read(2048, 1) == b"d"
    assert device.locate(0) is None


def test_what_others_wrote_is_recorded_when_it_is_told_of() -> None:
    memory = MemoryDevice(bytes(4096))
    device = RecordingDevice(memory)
    memory.write(100, b"from elsewhere")
    device.written(100, 14)
    assert device.log == [Write(100, b"from elsewhere")]


def test_every_prefix_is_a_cut() -> None:
    before, device = recorded()
    replay = Replay(before, device.log)
    assert (replay.writes, replay.groups) == (4, 2)
    assert [(cut.writes, cut.flushes, marks(cut.content)) for cut in replay.cuts()] == [
        (0, 0, "........"),
        (1, 0, "a......."),
        (2, 0, "ab......"),
        (3, 1, "cc......"),
        (4, 1, "cc..d..."),
    ]
    assert [cut.writes for cut in replay.cuts(every=2)] == [0, 2, 4]


def test_any_sectors_since_the_last_flush_may_be_lost_and_none_before_it() -> None:
    before, device = recorded()
    replay = Replay(before, device.log)
    seen = {(cut.flushes, marks(cut.content)) for cut in replay.losses(each=200, seed=1)}
    assert {state for flushes, state in seen if flushes == 0} == {
        "........",
        "a.......",
        ".b......",
        "ab......",
    }
    assert {state for flushes, state in seen if flushes == 1} == {
        first + second + ".." + third + "..." for first in "ac" for second in "bc" for third in ".d"
    }


def test_losses_are_the_same_for_the_same_seed() -> None:
    before, device = recorded()
    replay = Replay(before, device.log)

    def states(seed: int) -> list[str]:
        return [marks(cut.content) for cut in replay.losses(each=20, seed=seed)]

    assert states(1) == states(1) != states(2)
    assert len([*replay.losses(each=20, seed=1, every=2)]) == 20
