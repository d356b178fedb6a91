"""Directory records: ECMA-119, 6.8 and 9.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError, RumpusError
from core.fs.iso9660.structures import DIRECTORY, MULTI_EXTENT, RECORD_LENGTH, RECORD_PACKED, SECTOR

_PIECE = 16 * SECTOR
_LARGEST_DIRECTORY = 128 << 20
_MOST_EMPTY = 512
"""Sectors without a record in a row; a directory that has more is none."""
_MOST_BAD = 16
"""Sectors that cannot be read; each may take a stick seconds."""
_MOST_SECTIONS = 1 << 16
_SELF, _PARENT = b"\0", b"\1"


Damage = CorruptStructure | MediumError


class Section(NamedTuple):
    """Where a part of a file lies. Interleaved where `unit` is not 0: so many blocks, then `gap` others."""

    block: int
    size: int
    unit: int
    gap: int


class Record(NamedTuple):
    """A file or folder as its directory has it. `area` is what systems use for themselves, at `area_at`."""

    position: int
    sections: list[Section]
    recorded: bytes
    flags: int
    name: bytes
    area: bytes
    area_at: int

    @property
    def is_directory(self) -> bool:
        return bool(self.flags & DIRECTORY)

    @property
    def is_itself(self) -> bool:
        return self.name == _SELF

    @property
    def is_special(self) -> bool:
        """The directory itself, or the one above it."""
        return self.name in (_SELF, _PARENT)

    @property
    def block(self) -> int:
        return self.sections[0].block

    @property
    def size(self) -> int:
        return sum(section.size for section in self.sections)


def parse(raw: bytes, at: int, position: int) -> Record:
    """The record at `at` in `raw`, whose byte 0 lies at `position`. Raises CorruptStructure."""
    if at + RECORD_LENGTH > len(raw):
        raise _corrupt(position + at, "a record in one sector", f"{len(raw) - at} bytes")
    fields = RECORD_PACKED.unpack_from(raw, at)
    length, attributes, block, block_big, size, size_big, recorded, flags, unit, gap, _, _, name_length = (
        fields
    )
    end = at + length
    name_end = at + RECORD_LENGTH + name_length
    if end > len(raw) or name_end > end or not name_length:
        raise _corrupt(position + at, "a name inside its record", f"{length} bytes, {name_length} of name")
    if block != int.from_bytes(block_big, "big") and size != int.from_bytes(size_big, "big"):
        raise _corrupt(
            position + at, "numbers that agree in both byte orders", fields[3].hex() + fields[5].hex()
        )
    area_at = name_end + (1 - (name_length & 1))
    return Record(
        position + at,
        [Section(block + attributes, size, unit, gap)],
        recorded,
        flags,
        raw[at + RECORD_LENGTH : name_end],
        raw[area_at:end],
        position + area_at,
    )


def single(device: BlockDevice, position: int) -> Record:
    """The record at `position`, with all its sections. Raises CorruptStructure, MediumError."""
    for found in read(device, position, position + _LARGEST_DIRECTORY):
        if isinstance(found, RumpusError):
            raise found
        if found.position != position:
            break
        return found
    raise _corrupt(position, "a directory record", "none")


def read(device: BlockDevice, start: int, end: int) -> Iterator[Record | Damage]:
    """The records between two places, the parts of one file joined, and what is damaged in its place.

    Raises CorruptStructure, MediumError where the directory cannot be followed.
    """
    unfinished: Record | None = None
    for found in _raw_records(device, start, end):
        if isinstance(found, RumpusError):
            yield found
            continue
        if unfinished is not None:
            if found.name != unfinished.name or len(unfinished.sections) >= _MOST_SECTIONS:
                yield _corrupt(unfinished.position, "the last part of a file", "another file")
                unfinished = None
            else:
                unfinished.sections.extend(found.sections)
                if not found.flags & MULTI_EXTENT:
                    yield unfinished
                    unfinished = None
                continue
        if found.flags & MULTI_EXTENT:
            unfinished = found
        else:
            yield found
    if unfinished is not None:
        yield _corrupt(unfinished.position, "the last part of a file", "the end")


def _raw_records(device: BlockDevice, start: int, end: int) -> Iterator[Record | Damage]:
    if end - start > _LARGEST_DIRECTORY:
        yield from _raw_records(device, start, start + _LARGEST_DIRECTORY)
        raise _corrupt(start, f"a directory of at most {_LARGEST_DIRECTORY} bytes", str(end - start))
    empty, bad = 0, 0
    piece = _PIECE
    while start < end:
        within = start % SECTOR
        length = min(SECTOR - within if within else piece, end - start, device.size - start)
        if length <= 0:
            raise _corrupt(start, "the rest of a directory", "the end of the device")
        try:
            raw = device.read(start, length)
        except MediumError as error:
            if piece > SECTOR:
                piece = SECTOR  # the others of these sectors may be sound
                continue
            bad += 1
            if bad > _MOST_BAD:
                raise
            yield error
            raw = b""
        for sector in range(0, len(raw), SECTOR):
            content = raw[sector : sector + SECTOR]
            if not content[0]:
                empty += 1
                if empty > _MOST_EMPTY:
                    raise _corrupt(start + sector, "a directory with records in it", f"{empty} empty sectors")
                continue
            empty = 0
            yield from _in_sector(content, start + sector)
        start += length


def _in_sector(content: bytes, position: int) -> Iterator[Record | Damage]:
    at = 0
    while at < len(content) and content[at]:
        try:
            record = parse(content, at, position)
        except CorruptStructure as error:
            yield error
            length = content[at]
            if length < RECORD_LENGTH or length & 1:
                return  # where the next one begins is not known
        else:
            yield record
        at += content[at]


def _corrupt(at: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("directory record", at, expected, found)
