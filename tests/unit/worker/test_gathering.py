"""Many tiny files for one reply: read at once where they lie together, and each alone where one is bad."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, DeviceGone, MediumError
from core.fs.driver import HOLE, REUSED, Extent
from core.worker import gathering
from core.worker.protocol import MAX_GATHERED, Gather

SIZE = 4 << 20
MEDIUM = bytes(range(1, 252)) * (SIZE // 251 + 1)


class Medium(BlockDevice):
    """Remembers what was read. One sector of it may be bad, or all of it gone."""

    size = SIZE

    def __init__(self, bad: int | None = None) -> None:
        self.reads: list[tuple[int, int]] = []
        self.bad = bad
        self.gone = False

    def locate(self, offset: int) -> None:
        return None

    def read(self, offset: int, length: int) -> bytes:
        self.reads.append((offset, length))
        if self.gone:
            raise DeviceGone
        if self.bad is not None and offset < self.bad + 512 and self.bad < offset + length:
            raise MediumError(self.bad, 512)
        return MEDIUM[offset : offset + length]


class Files:
    """A driver that knows nothing but where files lie."""

    def __init__(self, *files: list[tuple[int, int]] | bytes | Exception) -> None:
        self.files = files

    def data(self, node: int) -> Iterator[bytes] | None:
        file = self.files[node]
        return iter([file[:2], file[2:]]) if isinstance(file, bytes) else None

    def extents(self, node: int) -> Iterator[Extent]:
        file = self.files[node]
        if isinstance(file, Exception):
            raise file
        assert not isinstance(file, bytes)
        offset = 0
        for position, length in file:
            yield Extent(offset, position, length)
            offset += length


def gathered(medium: Medium, *files: list[tuple[int, int]] | bytes | Exception) -> list[bytes | None]:
    driver = Files(*files)
    request = Gather(id=1, nodes=list(range(len(files))))
    *_, reply = gathering.gather(request, lambda _: driver, medium)  # type: ignore[arg-type, return-value]
    assert reply is not None
    return reply.contents


def at(position: int, length: int) -> bytes:
    return MEDIUM[position : position + length]


def test_files_that_lie_together_are_read_at_once() -> None:
    medium = Medium()
    files = [[(8192 + 4096 * number, 3000 + number)] for number in range(40)]
    assert gathered(medium, *files) == [at(*file[0]) for file in files]
    assert medium.reads == [(8192, 39 * 4096 + 3039)]


def test_what_lies_between_files_that_are_apart_is_not_read() -> None:
    medium = Medium()
    files = [[(65536 * number, 300)] for number in (1, 2, 9, 3)]
    assert gathered(medium, *files) == [at(*file[0]) for file in files]
    assert medium.reads == [file[0] for file in files]


def test_files_in_pieces_and_holes_and_nothing_and_what_was_computed_come_in_their_order() -> None:
    medium = Medium()
    contents = gathered(
        medium,
        [(4096, 4096), (20480, 10)],
        b"computed",
        [],
        [(24576, 5), (HOLE, 7), (28672, 1)],
        [(28673, 3)],
    )
    pieces = [at(4096, 4096) + at(20480, 10), at(24576, 5) + bytes(7) + at(28672, 1)]
    assert contents == [pieces[0], b"computed", b"", pieces[1], at(28673, 3)]


def test_one_that_cannot_be_found_or_belongs_to_another_now_costs_itself() -> None:
    broken = CorruptStructure("entry", 0, "a file", "none")
    contents = gathered(Medium(), [(0, 5)], broken, [(4096, 5)], [(REUSED, 5)], [(8192, 5)])
    assert contents == [at(0, 5), None, at(4096, 5), None, at(8192, 5)]


@pytest.mark.parametrize("bad", range(0, 8 * 4096, 2048))
def test_files_before_a_bad_sector_come_and_it_is_not_tried_more_than_twice(bad: int) -> None:
    medium = Medium(bad)
    files = [[(4096 * number, 2000)] for number in range(8)]
    sound = bad // 4096 if bad % 4096 < 2000 else 8
    contents = gathered(medium, *files)
    assert contents == [at(*file[0]) if number < sound else None for number, file in enumerate(files)]
    tried = [start for start, length in medium.reads if start < bad + 512 and bad < start + length]
    assert len(tried) <= 2


def test_a_bad_sector_where_files_are_looked_for_leaves_those_before() -> None:
    assert gathered(Medium(), [(0, 5)], MediumError(99, 512), [(4096, 5)]) == [at(0, 5), None, None]


def test_a_stick_that_is_gone_is_told() -> None:
    medium = Medium()
    medium.gone = True
    with pytest.raises(DeviceGone):
        gathered(medium, [(0, 5)])


def test_what_is_too_much_for_a_message_is_left_for_later() -> None:
    half = MAX_GATHERED // 2 + 1
    endless = [(HOLE, 1 << 40)]
    assert gathered(
        Medium(), [(0, half)], endless, [(1 << 20, half)], [(4096, 9)], b"1" * (MAX_GATHERED + 1)
    ) == [
        at(0, half),
        None,
        None,
        at(4096, 9),
        None,
    ]


def test_what_takes_long_is_said_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "_SLICE_SECONDS", -1.0)
    monkeypatch.setattr(gathering, "_ENOUGH_SECONDS", -1.0)
    assert gathered(Medium(), [(0, 5)], [(4096, 5)]) == [at(0, 5)]


def test_others_are_served_between_and_places_are_looked_up_anew_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gathering, "_SLICE_SECONDS", -1.0)
    driver = Files([(0, 5)], [(4096, 5)])
    steps = gathering.gather(Gather(id=1, nodes=[0, 1]), lambda _: driver, Medium())  # type: ignore[arg-type, return-value]
    assert next(steps) is None
    driver.files = ([(0, 5)], [(8192, 6)])  # what was written meanwhile
    reply = next(steps)
    assert reply is not None and reply.contents == [at(0, 5), at(8192, 6)]
