"""Bytes of files come from where the worker says that they lie, and from nowhere else."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.entry import Entry, Kind
from core.mount.bridge import Bridge
from core.mount.places import Bounds
from core.mount.reading import Reading
from core.worker.protocol import Located, Piece

CONTENT = b"the file\nanother \nof another volume"
BOUNDS = Bounds(offset=0, size=18)


class VolumeThatSays:
    """Where every file lies."""

    def __init__(self, position: int) -> None:
        self._position = position

    async def locate(self, node: int, offset: int) -> Located:
        return Located(id=1, size=9, pieces=[Piece(0, self._position, 9)])


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "stick.img").write_bytes(CONTENT)
    descriptor = os.open(tmp_path / "stick.img", os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def reading_of(position: int, descriptor: int) -> Reading:
    bridge = Bridge(asyncio.get_running_loop())
    return Reading(VolumeThatSays(position), descriptor, BOUNDS, bridge, lambda: None)  # type: ignore[arg-type]


async def read(reading: Reading, handle: int) -> bytes:
    buffer = bytearray(9)
    done = await asyncio.to_thread(reading.read, handle, memoryview(buffer), 0)
    return bytes(buffer[:done])


async def test_a_place_outside_of_the_volume_is_an_error_that_the_kernel_knows(descriptor: int) -> None:
    reading = reading_of(18, descriptor)
    with pytest.raises(OSError) as refused:
        await read(reading, reading.open(Entry("a", 5, Kind.FILE, 9), "/a"))
    assert refused.value.errno == errno.EIO


async def test_a_file_that_was_looked_up_before_a_change_is_found_again_after_it(descriptor: int) -> None:
    """Its number may be another file's by then."""
    reading, before = reading_of(0, descriptor), Entry("a", 5, Kind.FILE, 9)
    found: list[str] = []

    def find(path: str, entry: Entry) -> Entry:
        found.append(path)
        return Entry("a", 6, Kind.FILE, 9)

    reading.find = find
    generation = reading.generation
    reading.renew(VolumeThatSays(9))  # type: ignore[arg-type]
    assert await read(reading, reading.open(before, "/a", generation)) == b"another \n"
    assert found == ["/a"]
    assert await read(reading, reading.open(before, "/a", reading.generation)) == b"another \n"
    assert found == ["/a"], "what is looked up now is not what was looked up before"
