"""Directories: file identifier descriptors one behind the other. ECMA-167, 4/14.4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError, RumpusError, UnsupportedFeature
from core.fs.driver import HOLE
from core.fs.udf import tags
from core.fs.udf.files import File, Files, Place
from core.fs.udf.structures import (
    IS_DELETED,
    IS_HIDDEN,
    IS_PARENT,
    NAMED,
    NAMED_LENGTH,
    NAMED_PACKED,
    TAG_LENGTH,
)

_PIECE = 64 * 1024
_LARGEST = 256 << 20
_SKIPPED = 16 * 1024
"""Bytes without a sound entry behind a damaged one, after which the rest is given up."""
_SECTOR, _MOST_BAD = 2048, 16
"""Sectors that cannot be read; each may take a stick seconds."""
_MOST = 4096
"""The longest entry, whatever it says."""


class Named(NamedTuple):
    """A name, where its file is, and the byte on the volume where that is said, if it lies in one piece."""

    name: bytes
    characteristics: int
    place: Place | None
    position: int

    @property
    def is_hidden(self) -> bool:
        return bool(self.characteristics & IS_HIDDEN)


class Directory:
    """What is wrong with it is in `damage` once it has been read."""

    def __init__(self, device: BlockDevice, files: Files, file: File) -> None:
        self._device = device
        self._files = files
        self._file = file
        self.damage: list[RumpusError] = []
        self._bad = 0

    def named(self) -> Iterator[Named]:
        buffer, at, skipped = b"", 0, 0
        where = 0
        """The byte on the volume that `buffer` begins at, if it is in one piece."""
        for position, piece in self._pieces():
            if buffer[at:]:
                buffer, where = buffer[at:] + piece, position - len(buffer) + at
            else:
                buffer, where = piece, position
            at = 0
            while len(buffer) - at >= NAMED_LENGTH:
                length = _length(buffer, at)
                if length > _MOST:
                    length = 0
                elif length and at + length > len(buffer):
                    break
                try:
                    if not length:
                        raise self._corrupt(where + at, "a file identifier", buffer[at : at + 2].hex())
                    whole = buffer[at : at + length]
                    tags.verify(whole, "file identifier", where + at, None, NAMED)
                except CorruptStructure as error:
                    if not skipped:
                        self.damage.append(error)
                    skipped += 4
                    if skipped > _SKIPPED:
                        return
                    at += 4
                    continue
                skipped = 0
                found = _named(whole, where + at)
                if not found.characteristics & (IS_DELETED | IS_PARENT):
                    yield found
                at += length
        if len(buffer) - at > 0 and any(buffer[at:]) and not self.damage:
            self.damage.append(
                self._corrupt(where + at, "a whole file identifier", f"{len(buffer) - at} bytes")
            )

    def _pieces(self) -> Iterator[tuple[int, bytes]]:
        """(byte on the volume, bytes) of the directory's own content."""
        if self._file.size > _LARGEST:
            self.damage.append(self._files.broken(self._file, "a directory", f"{self._file.size} bytes"))
            return
        try:
            for extent in self._files.extents(self._file):
                if extent.position == HOLE:
                    raise self._files.broken(
                        self._file, "a directory without holes", f"one at {extent.offset}"
                    )
                for start in range(0, extent.length, _PIECE):
                    length = min(_PIECE, extent.length - start)
                    yield from self._read(extent.position + start, length)
        except (CorruptStructure, MediumError, UnsupportedFeature) as error:
            self.damage.append(error)

    def _read(self, position: int, length: int) -> Iterator[tuple[int, bytes]]:
        """A piece, or of one with bad sectors what is sound. Raises MediumError when there are too many."""
        try:
            yield position, self._device.read(position, length)
            return
        except MediumError as error:
            self.damage.append(error)
        for start in range(0, length, _SECTOR):
            try:
                yield position + start, self._device.read(position + start, min(_SECTOR, length - start))
            except MediumError:
                self._bad += 1
                if self._bad > _MOST_BAD:
                    raise

    def _corrupt(self, at: int, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure("file identifier", max(at, 0), expected, found)


def _length(buffer: bytes, at: int) -> int:
    """How long the entry says it is, 0 where there is none."""
    if tags.identifier(buffer, at) != NAMED:
        return 0
    use = int.from_bytes(buffer[at + 36 : at + 38], "little")
    return (NAMED_LENGTH + use + buffer[at + 19] + 3) & ~3


def _named(raw: bytes, position: int) -> Named:
    fields = NAMED_PACKED.unpack_from(raw, TAG_LENGTH)
    _, characteristics, name_length, length, block, partition, _, _, use = fields
    start = NAMED_LENGTH + use
    place = Place(partition, block) if length & 0x3FFFFFFF else None
    return Named(raw[start : start + name_length], characteristics, place, max(position, 0))
