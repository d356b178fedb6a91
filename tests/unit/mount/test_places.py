"""Where bytes lie is what a worker says, and only what lies on its volume is read."""

from __future__ import annotations

import sys
from threading import Event, Thread

import pytest

from core.errors import ProtocolViolation
from core.mount.places import ZEROS, Bounds, Extent, Known, placed
from core.worker.protocol import Piece

VOLUME = Bounds(offset=1 << 20, size=4096)


def test_pieces_are_found_on_the_device_behind_the_start_of_the_volume() -> None:
    assert placed([Piece(0, 512, 512), Piece(512, None, 100)], VOLUME) == [
        Extent(0, (1 << 20) + 512, 512),
        Extent(512, ZEROS, 100),
    ]


def test_a_piece_may_reach_to_the_last_byte_of_the_volume() -> None:
    assert placed([Piece(0, 0, 4096)], VOLUME) == [Extent(0, 1 << 20, 4096)]


@pytest.mark.parametrize(
    "piece",
    [Piece(0, 0, 4097), Piece(0, 4096, 1), Piece(0, 2**62, 512), Piece(0, 1, 4096), Piece(0, -1, 1)],
    ids=["too long", "behind the end", "far away", "across the end", "before the start"],
)
def test_a_piece_outside_the_volume_is_a_breach_of_the_protocol(piece: Piece) -> None:
    with pytest.raises(ProtocolViolation):
        placed([Piece(0, 0, 1), piece], VOLUME)


def test_what_is_known_of_a_file_is_found_by_any_byte_of_it() -> None:
    known = Known()
    known.add([Extent(0, 100, 10), Extent(10, 500, 10)])
    known.add([Extent(40, 900, 5)])
    assert known.at(0) == known.at(9) == Extent(0, 100, 10)
    assert known.at(19) == Extent(10, 500, 10)
    assert known.at(44) == Extent(40, 900, 5)
    assert known.at(20) is known.at(39) is known.at(45) is None


def test_a_stretch_that_comes_twice_is_known_once() -> None:
    known = Known()
    for _ in range(3):
        known.add([Extent(0, 100, 10), Extent(10, 500, 10)])
    known.add([Extent(10, 500, 10), Extent(20, 700, 10)])
    assert [known.at(offset) for offset in (5, 15, 25)] == [
        Extent(0, 100, 10),
        Extent(10, 500, 10),
        Extent(20, 700, 10),
    ]


def test_a_file_in_very_many_pieces_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Known, "MOST", 8)
    known = Known()
    for offset in range(0, 100, 4):
        known.add([Extent(each, each, 1) for each in range(offset, offset + 4)])
        assert known.at(offset) == Extent(offset, offset, 1)
    assert known.at(0) is None


def test_a_file_that_several_threads_read_is_never_read_in_the_wrong_place() -> None:
    """Each byte lies where its offset says, whatever another thread has just learnt."""
    known, every, wrong = Known(), sys.getswitchinterval(), list[Extent]()
    done = Event()

    def read() -> None:
        while not done.is_set():
            for offset in range(4000, 4016):
                found = known.at(offset)
                if found is not None and found.position != 10 * found.offset:
                    wrong.append(found)

    reader = Thread(target=read)
    sys.setswitchinterval(1e-6)
    try:
        known.add([Extent(offset, 10 * offset, 1) for offset in range(4000, 4016)])
        reader.start()
        for offset in range(3999, 0, -1):
            known.add([Extent(offset, 10 * offset, 1)])
    finally:
        done.set()
        reader.join()
        sys.setswitchinterval(every)
    assert wrong == []
