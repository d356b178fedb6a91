"""Directories as the FAT family keeps them: slots of 32 bytes, read in chunks around what is broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import MediumError

SLOT_LENGTH = 32
_FIRST_CHUNK, _CHUNK = 8 * 1024, 64 * 1024
"""Bytes of a directory read at once: little at first, so that the first names show early."""
_MOST_BAD = 16
"""Unreadable places in one directory after which the rest of it is given up."""


class Chunk(NamedTuple):
    """A piece of a directory: its bytes, the number of its first slot, and where it lies on the volume."""

    data: bytes
    slot: int
    position: int


def chunks(
    device: BlockDevice, pieces: Iterable[tuple[int, int]], lost: list[MediumError]
) -> Iterator[Chunk]:
    """A directory's bytes in order, from its (position, length) on the volume.

    What cannot be read is left out, and is in `lost` once the next chunk is asked for. Raises MediumError
    when there is too much of it.
    """
    slot, size = 0, _FIRST_CHUNK
    for start, length in pieces:
        position, end = start, start + length
        while position < end:
            piece = min(size, end - position)
            failed: MediumError | None = None
            skip = 0
            try:
                data = device.read(position, piece)
            except MediumError as error:
                failed = error
                good = max(0, error.offset - position) // SLOT_LENGTH * SLOT_LENGTH
                bad_end = -(-(error.offset + max(error.length, 1)) // SLOT_LENGTH) * SLOT_LENGTH
                skip = min(max(bad_end - position - good, SLOT_LENGTH), piece - good)
                data = device.read(position, good) if good else b""
            if data:
                yield Chunk(data, slot, position)
            if failed is not None:
                lost.append(failed)
                if len(lost) == _MOST_BAD:
                    raise failed
            moved = len(data) + skip
            slot += moved // SLOT_LENGTH
            position += moved
            size = _CHUNK


def place(at: int, chunks: tuple[Chunk, ...]) -> int:
    """Where slot `at` of the joined chunks lies on the volume."""
    for chunk in chunks:
        slots = len(chunk.data) // SLOT_LENGTH
        if at < slots:
            return chunk.position + at * SLOT_LENGTH
        at -= slots
    raise AssertionError("a slot beyond its chunks")


def beginning_at(at: int, chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """What of the joined chunks begins with slot `at`."""
    kept: list[Chunk] = []
    for data, slot, position in chunks:
        slots = len(data) // SLOT_LENGTH
        skip = min(max(at, 0), slots)
        if skip < slots:
            start = skip * SLOT_LENGTH
            kept.append(Chunk(data[start:], slot + skip, position + start))
        at -= slots
    return tuple(kept)
