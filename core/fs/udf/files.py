"""File entries: what each file is, and where its bytes lie. ECMA-167, 4/14.6 to 4/14.17."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from core.blockdev.device import BlockDevice
from core.entry import Kind
from core.errors import CorruptStructure, MediumError, UnsupportedFeature
from core.fs.driver import HOLE, Extent
from core.fs.udf import tags
from core.fs.udf.partitions import Partition
from core.fs.udf.structures import (
    CONTINUED,
    EXTENDED_ADS,
    EXTENDED_ENTRY_LENGTH,
    EXTENDED_ENTRY_PACKED,
    EXTENDED_FILE,
    FILE,
    FILE_ENTRY_LENGTH,
    FILE_ENTRY_PACKED,
    FLAG_TRANSFORMED,
    INDIRECT,
    INLINE,
    LONG_ADS,
    SHORT_ADS,
    TAG_LENGTH,
    TYPE_DIRECTORY,
    TYPE_FILE,
    TYPE_LINK,
    TYPE_REAL_TIME,
    TYPE_STREAMS,
    TYPE_UNSPECIFIED,
)

_KINDS = {
    TYPE_DIRECTORY: Kind.DIRECTORY,
    TYPE_STREAMS: Kind.DIRECTORY,
    TYPE_LINK: Kind.SYMLINK,
    **dict.fromkeys((TYPE_UNSPECIFIED, TYPE_FILE, TYPE_REAL_TIME), Kind.FILE),
}
_STEPS = {SHORT_ADS: 8, LONG_ADS: 16, EXTENDED_ADS: 20}
_LENGTH = (1 << 30) - 1
_RECORDED, _CONTINUES = 0, 3
_MOST_CONTINUATIONS = 1 << 16
_MOST_INDIRECT = 256
_DIRECT, _INDIRECT = 4, 4096
"""How changed entries are told from old ones: UDF, 2.3.5.1."""
_LARGEST = 2**63 - 1


class Place(NamedTuple):
    """Where a file entry lies."""

    partition: int
    block: int


class Piece(NamedTuple):
    """A part of a file: `block` in `partition`, or a hole where `block` is HOLE. `length` in bytes."""

    partition: int
    block: int
    length: int


class File(msgspec.Struct):
    place: Place
    position: int
    """Byte on the volume."""
    type: int
    flags: int
    size: int
    blocks: int
    links: int
    uid: int
    gid: int
    permissions: int
    modified: bytes
    accessed: bytes
    changed: bytes
    created: bytes | None
    unique: int
    attributes: Place | None
    """An entry of its own for extended attributes."""
    streams: Place | None
    inside: bytes
    """Extended attributes in the entry."""
    allocation: bytes
    allocation_at: int

    @property
    def kind(self) -> Kind:
        return _KINDS.get(self.type, Kind.OTHER)


class Files:
    """Reads file entries of the partitions. `mirrors` stand in for partitions whose block is broken."""

    def __init__(
        self, device: BlockDevice, block_size: int, partitions: list[Partition], mirrors: dict[int, Partition]
    ) -> None:
        self._device = device
        self._block_size = block_size
        self._partitions = partitions
        self._mirrors = mirrors

    def get(self, place: Place) -> File:
        """Raises CorruptStructure, MediumError, UnsupportedFeature."""
        try:
            return self._get(place, self.partition(place.partition))
        except (CorruptStructure, MediumError):
            mirror = self._mirrors.get(place.partition)
            if mirror is None:
                raise
            return self._get(place, mirror)

    def partition(self, number: int) -> Partition:
        if number >= len(self._partitions):
            found = f"partition {number}"
            raise CorruptStructure("allocation", 0, f"one of {len(self._partitions)} partitions", found)
        return self._partitions[number]

    def _get(self, place: Place, partition: Partition) -> File:
        file = self._parsed(place, partition)
        for _ in range(_MOST_INDIRECT):
            if file[1] != _INDIRECT:
                return file[0]
            following = self._following(file[0].place)
            if following is None:
                return file[0]
            file = self._parsed(following, self.partition(following.partition))
        raise CorruptStructure(
            "file entry", file[0].position, "a short way to the newest entry", "a long one"
        )

    def _parsed(self, place: Place, partition: Partition) -> tuple[File, int]:
        """The entry at a place, and by which strategy it is changed."""
        position, _ = next(partition.runs(place.block, 1))
        raw = self._device.read(position, self._block_size)
        file, strategy = parsed(raw, place, position)
        if strategy not in (_DIRECT, _INDIRECT):
            raise UnsupportedFeature(f"ICB strategy {strategy}")
        return file, strategy

    def _following(self, place: Place) -> Place | None:
        """Where the entry behind one says that a newer one lies: ECMA-167, 4/14.7."""
        try:
            position, _ = next(self.partition(place.partition).runs(place.block + 1, 1))
            raw = self._device.read(position, self._block_size)
            tags.verify(raw, "indirect entry", position, None, INDIRECT)
        except (CorruptStructure, MediumError):
            return None
        return long_place(raw, TAG_LENGTH + 20)

    def pieces(self, file: File) -> Iterator[Piece]:
        """The parts of a file that is not in its entry, in order. Raises CorruptStructure, MediumError."""
        form = file.flags & 7
        step = _STEPS.get(form)
        if step is None:
            raise UnsupportedFeature(f"allocation descriptors of form {form}")
        raw, at, continuations = file.allocation, 0, 0
        while at + step <= len(raw):
            word = int.from_bytes(raw[at : at + 4], "little")
            length, kind = word & _LENGTH, word >> 30
            partition = file.place.partition
            if form == EXTENDED_ADS:
                block = int.from_bytes(raw[at + 12 : at + 16], "little")
                partition = int.from_bytes(raw[at + 16 : at + 18], "little")
                if kind == _RECORDED and raw[at + 4 : at + 8] != raw[at + 8 : at + 12]:
                    raise UnsupportedFeature("compressed extents")
            else:
                block = int.from_bytes(raw[at + 4 : at + 8], "little")
                if form == LONG_ADS:
                    partition = int.from_bytes(raw[at + 8 : at + 10], "little")
            at += step
            if kind == _CONTINUES:
                continuations += 1
                if continuations > _MOST_CONTINUATIONS:
                    raise self.broken(file, "a list of pieces that ends", f"{continuations} continuations")
                raw, at = self._continued(partition, block), 0
            elif not length:
                return
            elif kind == _RECORDED:
                yield Piece(partition, block, length)
            else:
                yield Piece(partition, HOLE, length)

    def _continued(self, partition: int, block: int) -> bytes:
        """ECMA-167, 4/14.5."""
        position, _ = next(self.partition(partition).runs(block, 1))
        raw = self._device.read(position, self._block_size)
        tags.verify(raw, "allocation extent", position, None, CONTINUED)
        length = int.from_bytes(raw[20:24], "little")
        return raw[24 : 24 + length]

    def extents(self, file: File, mirrored: bool = False) -> Iterator[Extent]:
        """Covering exactly its size. What is sound comes first. Raises CorruptStructure, MediumError."""
        if file.flags & FLAG_TRANSFORMED:
            raise UnsupportedFeature("transformed files")
        if file.flags & 7 == INLINE:
            if len(file.allocation) < file.size:
                raise self.broken(file, f"{file.size} bytes in it", str(len(file.allocation)))
            if file.size:
                yield Extent(0, file.allocation_at, file.size)
            return
        last: Extent | None = None
        reached = 0
        try:
            for position, length in self._placed(file, mirrored):
                length = min(length, file.size - reached)
                if length <= 0:
                    break
                if last is not None and _joins(last, position):
                    last = Extent(last.offset, last.position, last.length + length)
                else:
                    if last is not None:
                        yield last
                    last = Extent(reached, position, length)
                reached += length
        except (CorruptStructure, MediumError, UnsupportedFeature):
            if last is not None:
                yield last
            raise
        if last is not None:
            yield last
        if reached < file.size:
            raise self.broken(file, f"pieces for {file.size} bytes", f"for {reached}")

    def _placed(self, file: File, mirrored: bool) -> Iterator[tuple[int, int]]:
        """(byte on the volume or HOLE, length) of each piece."""
        size, end = self._block_size, self._device.size
        for piece in self.pieces(file):
            if piece.block == HOLE:
                yield HOLE, piece.length
                continue
            left = piece.length
            partition = self.partition(piece.partition)
            if mirrored:
                partition = self._mirrors.get(piece.partition, partition)
            for position, count in partition.runs(piece.block, -(-left // size)):
                length = min(left, count * size)
                sound = max(0, min(length, end - position))
                if sound:
                    yield position, sound
                if sound < length:
                    raise self.broken(file, "a file on the volume", f"{length} bytes at {position}")
                left -= length

    def content(self, file: File, most: int, mirrored: bool = False) -> bytes:
        """Its bytes, or as many as `most`. Raises CorruptStructure, MediumError."""
        pieces, left = [], min(most, file.size)
        for extent in self.extents(file, mirrored):
            if not left:
                break
            length = min(left, extent.length)
            pieces.append(
                bytes(length) if extent.position == HOLE else self._device.read(extent.position, length)
            )
            left -= length
        return b"".join(pieces)

    @staticmethod
    def broken(file: File, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure("file entry", file.position, expected, found)


def parsed(raw: bytes, place: Place, position: int) -> tuple[File, int]:
    """The entry in a block, and its strategy. Raises CorruptStructure."""
    found = tags.verify(raw, "file entry", position, place.block, FILE, EXTENDED_FILE)
    if found == FILE:
        fields = FILE_ENTRY_PACKED.unpack_from(raw, TAG_LENGTH)
        _, strategy, _, _, type, flags, uid, gid, permissions, links, _, _, _, size, blocks = fields[:15]
        accessed, modified, changed, _, attributes_length, attributes_block = fields[15:21]
        attributes_partition, _, unique, inside, allocated = fields[21:]
        created, streams, head = None, None, FILE_ENTRY_LENGTH
    else:
        fields = EXTENDED_ENTRY_PACKED.unpack_from(raw, TAG_LENGTH)
        _, strategy, _, _, type, flags, uid, gid, permissions, links, _, _, _, size, _, blocks = fields[:16]
        accessed, modified, created, changed, _, attributes_length, attributes_block = fields[16:23]
        attributes_partition, streams_length, streams_block, streams_partition = fields[23:27]
        _, unique, inside, allocated = fields[27:]
        streams = Place(streams_partition, streams_block) if streams_length & _LENGTH else None
        head = EXTENDED_ENTRY_LENGTH
    if head + inside + allocated > len(raw) or size > _LARGEST:
        sizes = f"{inside} and {allocated} bytes, for {size}"
        raise CorruptStructure("file entry", position + head - 8, f"at most {len(raw) - head} bytes", sizes)
    at = head + inside
    file = File(
        place,
        position,
        type,
        flags,
        size,
        blocks,
        links,
        uid,
        gid,
        permissions,
        modified,
        accessed,
        changed,
        created,
        unique,
        Place(attributes_partition, attributes_block) if attributes_length & _LENGTH else None,
        streams,
        raw[head:at],
        raw[at : at + allocated],
        position + at,
    )
    return file, strategy


def long_place(raw: bytes, at: int) -> Place | None:
    """Where a long allocation descriptor points; None where it points nowhere."""
    if not int.from_bytes(raw[at : at + 4], "little") & _LENGTH:
        return None
    block, partition = raw[at + 4 : at + 8], raw[at + 8 : at + 10]
    return Place(int.from_bytes(partition, "little"), int.from_bytes(block, "little"))


def _joins(last: Extent, position: int) -> bool:
    if last.position == HOLE or position == HOLE:
        return last.position == position
    return last.position + last.length == position
