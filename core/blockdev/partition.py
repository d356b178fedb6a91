"""What a partition table yields: partitions that fit the device, and what was wrong with the table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from core.errors import CorruptStructure, Fault, RumpusError

_FARTHEST = 2**63 - 1
"""Offsets in faults and partitions carry 63 bits."""
_MOST_WARNINGS = 64


class Slice(NamedTuple):
    """A partition as its table has it, in bytes, not yet measured against the device."""

    number: int
    offset: int
    size: int
    type: str
    name: str = ""


class Partition(msgspec.Struct, frozen=True):
    """A place on the device where a file system may be, wholly inside it. Sizes and offsets in bytes.

    `number` is the one that Linux gives it; 0 is the whole device. With a `problem` the table makes no sense
    here: `size` is then 0 and nothing can be opened.
    """

    number: int
    offset: int
    size: int
    type: str = ""
    name: str = ""
    problem: Fault | None = None


class Table(msgspec.Struct):
    """`kind` is "gpt", "mbr", "apm", "bsd", "sgi" or "none"; `sector_size` the one that it counts in."""

    kind: str
    sector_size: int
    partitions: list[Partition] = msgspec.field(default_factory=list)
    warnings: list[Fault] = msgspec.field(default_factory=list)

    def warn(self, *errors: RumpusError) -> None:
        """Notes what is wrong with the table as a whole, up to a limit."""
        for error in errors:
            if len(self.warnings) < _MOST_WARNINGS:
                self.warnings.append(Fault.of(error))

    def place(self, slices: Iterable[Slice], size: int) -> None:
        """Takes over partitions, measured against a device of `size` bytes.

        One that reaches past the end is cut short with a warning, one that begins there or ends before it
        begins is kept as a problem, and overlaps are warned of.
        """
        for piece in sorted(slices):
            self.partitions.append(self._placed(piece, size))
        inside = sorted((partition for partition in self.partitions if partition.size), key=_offset)
        reach = None
        for partition in inside:
            if reach is not None and partition.offset < _end(reach):
                self.warn(
                    CorruptStructure(
                        f"partition {partition.number}",
                        partition.offset,
                        "partitions that do not overlap",
                        f"a start inside partition {reach.number}",
                    )
                )
            if reach is None or _end(partition) > _end(reach):
                reach = partition

    def _placed(self, piece: Slice, size: int) -> Partition:
        structure = f"partition {piece.number}"
        offset = min(piece.offset, _FARTHEST)
        if piece.size <= 0:
            problem = CorruptStructure(structure, offset, "an end after the start", "an end before it")
        elif piece.offset >= size:
            problem = CorruptStructure(
                structure, offset, f"a start before the device's end at {size}", f"a start at {piece.offset}"
            )
        else:
            end = piece.offset + piece.size
            if end > size:
                self.warn(
                    CorruptStructure(
                        structure, offset, f"an end inside the device of {size} bytes", f"an end at {end}"
                    )
                )
            return Partition(piece.number, offset, min(end, size) - offset, piece.type, piece.name)
        return Partition(piece.number, offset, 0, piece.type, piece.name, Fault.of(problem))


def _offset(partition: Partition) -> int:
    return partition.offset


def _end(partition: Partition) -> int:
    return partition.offset + partition.size
