"""A set of directory entries as it lies on the volume."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.entry import Entry
from core.fs.exfat.sets import Found
from core.fs.slots import SLOT_LENGTH, Chunk


class Member(NamedTuple):
    """A sound set of entries as it lies on the volume."""

    node: int
    found: Found
    pieces: tuple[Chunk, ...]
    raw: bytes

    @property
    def position(self) -> int:
        """Of its file entry."""
        return self.pieces[0].position

    @property
    def stream(self) -> int:
        """Of its stream extension."""
        return stream_of(self.pieces)

    @property
    def entry(self) -> Entry:
        return self.found.entry

    def places(self) -> Iterator[int]:
        """The positions of its slots."""
        for data, _, position in self.pieces:
            yield from range(position, position + len(data), SLOT_LENGTH)


def stream_of(pieces: tuple[Chunk, ...]) -> int:
    """Where the second entry of a set lies."""
    if len(pieces[0].data) > SLOT_LENGTH:
        return pieces[0].position + SLOT_LENGTH
    return pieces[1].position
