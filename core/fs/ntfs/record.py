"""File records: decoded and checked, with the attributes in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.errors import CorruptStructure
from core.fs.ntfs.fixups import mended
from core.fs.ntfs.structures import (
    ATTRIBUTE_PACKED,
    END,
    IN_USE,
    IS_DIRECTORY,
    NON_RESIDENT_PACKED,
    RECORD_MAGIC,
    RECORD_NUMBER,
    RECORD_PACKED,
    REFERENCE,
    STRIDE,
)

_NEVER_WRITTEN = b"\0\0\0\0"
_FIRST_OF_RESIDENT, _FIRST_OF_NON_RESIDENT = 24, 64
"""Bytes that an attribute of each kind has at least."""


class Place(NamedTuple):
    """`length` bytes of a record from `start` on lie at `position` on the volume."""

    start: int
    position: int
    length: int


class Attribute(NamedTuple):
    """One attribute of a record, or one piece of an attribute. Places count from the start of the record."""

    type: int
    name: str
    flags: int
    identifier: int
    resident: bool
    at: int
    end: int
    value: int
    """Where a resident value begins, else the packed runs."""
    size: int
    """Bytes of a resident value."""
    first: int
    """The cluster of a non-resident value that this piece begins with."""


class Record:
    """One record of the master file table. Raises CorruptStructure unless it is one and in use."""

    __slots__ = ("attributes", "base", "flags", "number", "places", "problem", "raw", "sequence")

    def __init__(self, number: int, raw: bytes, places: tuple[Place, ...]) -> None:
        position = places[0].position
        if raw[:4] != RECORD_MAGIC:
            expected = f"the magic {RECORD_MAGIC.hex(' ')}"
            raise CorruptStructure("file record", position, expected, raw[:4].hex(" "))
        if not raw[22] & IN_USE:
            raise CorruptStructure("file record", position + 22, "a record in use", raw[22:24].hex(" "))
        self.number = number
        self.places = places
        self.raw = mended(raw, "file record", position)
        _, fixups, _, _, sequence, _, start, flags, used, _, base, _ = RECORD_PACKED.unpack_from(self.raw)
        self.sequence: int = sequence
        self.flags: int = flags
        self.base: int = base & REFERENCE
        """The number of the record that this one continues, 0 when it continues none."""
        self.attributes: list[Attribute] = []
        self.problem: CorruptStructure | None = None
        """What is wrong with it behind the attributes that were found."""
        if fixups > RECORD_NUMBER:
            own = int.from_bytes(self.raw[RECORD_NUMBER : RECORD_NUMBER + 4], "little")
            if own != number & 0xFFFFFFFF:
                expected = f"number {number} in the record of that number"
                raise CorruptStructure("file record", position + RECORD_NUMBER, expected, str(own))
        if not start <= used <= len(raw):
            found = f"{used} bytes in use"
            raise CorruptStructure("file record", position + 24, f"from {start} to {len(raw)} bytes", found)
        try:
            self._parse(start, used)
        except CorruptStructure as error:
            self.problem = error

    @property
    def is_directory(self) -> bool:
        return bool(self.flags & IS_DIRECTORY)

    @property
    def position(self) -> int:
        return self.places[0].position

    def find(self, type: int, name: str = "") -> Attribute | None:
        for attribute in self.attributes:
            if attribute[0] == type and attribute[1] == name:
                return attribute
        return None

    def value(self, attribute: Attribute) -> bytes:
        """The bytes of a resident attribute."""
        return self.raw[attribute.value : attribute.value + attribute.size]

    def pieces(self, start: int, length: int) -> Iterator[tuple[int, int]]:
        """(position, length) of bytes of the record on the volume; two of each stride are elsewhere."""
        fixups = int.from_bytes(self.raw[4:6], "little")
        end = start + length
        while start < end:
            stride = start // STRIDE
            guard = (stride + 1) * STRIDE - 2
            if start < guard:
                at, size = start, min(end, guard) - start
            else:
                at, size = fixups + 2 * (stride + 1) + start - guard, min(end, guard + 2) - start
            yield from self._on_volume(at, size)
            start += size

    def corrupt(self, at: int, expected: str, found: str) -> CorruptStructure:
        position = next(self._on_volume(at, 1), (self.position, 0))[0]
        return CorruptStructure("file record", position, expected, found)

    def _on_volume(self, at: int, length: int) -> Iterator[tuple[int, int]]:
        for start, position, size in self.places:
            if start <= at < start + size:
                piece = min(length, start + size - at)
                yield position + at - start, piece
                at += piece
                length -= piece
                if not length:
                    return

    def _parse(self, at: int, used: int) -> None:
        raw, attributes, unpack = self.raw, self.attributes, ATTRIBUTE_PACKED.unpack_from
        while at + _FIRST_OF_RESIDENT <= used:
            type, length, far, name_length, name_at, flags, identifier, size, value = unpack(raw, at)
            if type == END:
                return
            least = _FIRST_OF_NON_RESIDENT if far else _FIRST_OF_RESIDENT
            if length < least or length & 7 or at + length > used or name_at + 2 * name_length > length:
                raise self.corrupt(at + 4, "an attribute inside the record", f"{length} bytes")
            name, first = "", 0
            if name_length:
                text = raw[at + name_at : at + name_at + 2 * name_length]
                name = text.decode("utf-16-le", "backslashreplace")
            if far:
                size, (first, _, value) = 0, NON_RESIDENT_PACKED.unpack_from(raw, at + 16)[:3]
            if value + size > length:
                raise self.corrupt(at + 16, "a value inside its attribute", f"{size} bytes at {value}")
            end = at + length
            attributes.append(
                Attribute(type, name, flags, identifier, not far, at, end, at + value, size, first)
            )
            at = end
        if at + 4 > used or int.from_bytes(raw[at : at + 4], "little") != END:
            raise self.corrupt(at, "the end of the attributes", f"{used} bytes in use")


def is_unused(raw: bytes) -> bool:
    """Whether a record was never written, or its file is deleted."""
    return raw[:4] == _NEVER_WRITTEN or (raw[:4] == RECORD_MAGIC and not raw[22] & IN_USE)
