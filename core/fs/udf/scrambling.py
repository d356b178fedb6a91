"""UDF under other names: descriptors, file entries, directories and links, with the sums of their tags."""

from __future__ import annotations

from binascii import crc_hqx
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

from core.errors import CorruptStructure
from core.fs.driver import HOLE, Warnings
from core.fs.retelling import DAMAGE, Retold, Span, masked, numbers
from core.fs.udf import files, tags
from core.fs.udf.files import Place
from core.fs.udf.structures import (
    CONTINUED,
    EXTENDED_FILE,
    FILE,
    FILE_SET,
    INLINE,
    IS_PARENT,
    LOGICAL_VOLUME,
    NAMED,
    NAMED_LENGTH,
    NAMED_PACKED,
    SPARING_TABLE,
    TAG_LENGTH,
    TAG_PACKED,
    TYPE_DIRECTORY,
    TYPE_LINK,
    TYPE_STREAMS,
    TYPE_VAT,
    VOLUME,
)
from core.fs.udf.volume import Volume

_FIELDS = {
    VOLUME: ((24, 32), (72, 128)),
    LOGICAL_VOLUME: ((84, 128),),
    FILE_SET: ((112, 128), (304, 32), (336, 32), (368, 32)),
}
"""Where texts of a fixed length are."""
_UNTOLD = {VOLUME: (200, 344), LOGICAL_VOLUME: (304, 432)}
_ENTITIES = (
    b"*UDF Virtual Partition",
    b"*UDF Sparable Partition",
    b"*UDF Metadata Partition",
    b"*UDF Sparing Table",
    b"*UDF Virtual Alloc Tbl",
    b"*OSTA UDF Compliant",
)
_SIGNS = (b"NSR02", b"NSR03", b"BEA01", b"BOOT2", b"TEA01", b"CDW02", b"CD001")
_AREA, _STEPS, _MOST_AREA = 32768, (2048, 4096), 64
_WIDE = (16, 255)
_COMPONENT_NAME = 5
_PARTITION_SHIFT = 32
_LARGEST, _LONGEST_ENTRY = 64 << 20, 4096
_FOLDERS = (TYPE_DIRECTORY, TYPE_STREAMS)

Told = tuple[bytearray, list[Span], list[slice]]
"""What is understood, the names in it, and where in it are descriptors with sums of their own."""


class UdfScrambled(Retold):
    """Nodes are places of file entries."""

    def __init__(self, volume: Volume, seed: bytes, nodes: Sequence[int]) -> None:
        super().__init__(volume.device, seed, "latin-1")
        self._size = volume.block_size
        self._volume = volume
        self._waiting = [
            Place(node >> _PARTITION_SHIFT, node & (1 << _PARTITION_SHIFT) - 1) for node in nodes
        ]

    def _walk(self) -> Iterator[None]:
        self._signs()
        volume: list[Volume] = []
        self._noting(lambda: volume.append(Volume.open(self._device, Warnings())))
        yield
        opened = volume[0] if volume else self._volume
        self._waiting.append(opened.root)
        streams = opened.file_set.streams
        if streams.length:
            self._waiting.append(Place(streams.partition, streams.block))
        seen: set[Place] = set()
        while self._waiting:
            place = self._waiting.pop()
            if place not in seen:
                seen.add(place)
                self._noting(lambda place=place: self._file(opened, place))  # type: ignore[misc]
                yield

    def _noting(self, look: Callable[[], None]) -> None:
        """Tells every descriptor that is read meanwhile."""
        reads = self._watched.reads = []
        try:
            with suppress(*DAMAGE):
                look()
        finally:
            self._watched.reads = None
        for offset, length in reads:
            step = min(self._size, length)
            for start in range(offset, offset + length - step + 1, step or 1):
                with suppress(*DAMAGE):
                    self._block(start, self._device.read(start, step), offset + length - start)

    def _signs(self) -> None:
        for step in _STEPS:
            for place in range(_AREA, _AREA + _MOST_AREA * step, step):
                with suppress(*DAMAGE):
                    raw = self._device.read(place, 8)
                    if raw[1:6] not in _SIGNS:
                        break
                    self._told(place, raw[:7], raw[:7])

    # descriptors --------------------------------------------------------------------------------------------

    def _block(self, position: int, old: bytes, length: int) -> None:
        kind = tags.identifier(old)
        if kind == NAMED:
            return  # with its directory
        fields = _FIELDS.get(kind, ())
        if any(at + most > len(old) for at, most in fields):
            return
        try:
            if kind == SPARING_TABLE and length > len(old):
                old = self._device.read(position, length)
            tags.verify(old, "", position, None)
        except CorruptStructure:
            if kind in (*range(10), *range(256, 267)):
                self._told(
                    position, old, bytearray(masked(old[:TAG_LENGTH])).ljust(len(old), b"\0"), (), seal
                )
            return
        if kind in (FILE, EXTENDED_FILE):
            new, spans, inner = self._entry(position, old)
        else:
            new, spans, inner = self._descriptor(kind, old), [], []
            for at, most in fields:
                spans += _text(old, new, at, most)
        new[:TAG_LENGTH] = old[:TAG_LENGTH]

        def sealed(old: bytes, new: bytearray) -> None:
            for part in inner:
                again = bytearray(new[part])
                seal(old[part], again)
                new[part] = again
            seal(old, new)

        self._told(position, old, new, spans, sealed)

    @staticmethod
    def _descriptor(kind: int, old: bytes) -> bytearray:
        new = numbers(old, *_FIELDS.get(kind, ()))
        if kind == CONTINUED:
            end = 24 + int.from_bytes(old[20:24], "little")
            new[end:] = bytes(max(0, len(old) - end))
        if kind in _UNTOLD:
            start, end = _UNTOLD[kind]
            new[start:end] = bytes(end - start)
        for name in _ENTITIES:
            at = old.find(name)
            while at >= 0:
                new[at : at + len(name)] = name
                at = old.find(name, at + 1)
        return new

    def _entry(self, position: int, old: bytes) -> Told:
        """A file entry, with the directory or the link that it holds itself."""
        new = bytearray(len(old))
        try:
            tag_block = int.from_bytes(old[12:16], "little")
            file, _ = files.parsed(old, Place(0, tag_block), position)
        except CorruptStructure:
            new[:216] = masked(old[:216])
            return new, [], []
        at = file.allocation_at - position
        head = at - len(file.inside)
        new[:head] = masked(old[:head])
        if file.flags & 7 != INLINE or file.type == TYPE_VAT:
            new[at : at + len(file.allocation)] = masked(file.allocation)
            return new, [], []
        size = min(file.size, len(file.allocation))
        told, spans, inner = self._content(file.type, file.allocation[:size])
        new[at : at + size] = told
        return (
            new,
            [span._replace(start=at + span.start) for span in spans],
            [slice(at + part.start, at + part.stop) for part in inner],
        )

    # files --------------------------------------------------------------------------------------------------

    def _file(self, volume: Volume, place: Place) -> None:
        """Looks at a file, for its descriptors to be told, and tells what lies outside of its entry."""
        file = volume.files.get(place)
        if file.streams is not None:
            self._waiting.append(file.streams)
        is_told = file.type in (*_FOLDERS, TYPE_LINK)
        if is_told and file.size > _LARGEST:
            return
        places = [
            (extent.position, extent.length)
            for extent in volume.files.extents(file)
            if extent.position != HOLE
        ]
        if file.flags & 7 == INLINE or not is_told:
            return
        reads, self._watched.reads = self._watched.reads, None
        raw = b"".join(self._device.read(*piece) for piece in places)
        self._watched.reads = reads
        told, spans, inner = self._content(file.type, raw)

        def sealed(old: bytes, new: bytearray) -> None:
            for part in inner:
                again = bytearray(new[part])
                seal(old[part], again)
                new[part] = again

        self._told(places, raw, told, spans, sealed)

    def _content(self, type: int, raw: bytes) -> Told:
        if type in _FOLDERS:
            return self._identifiers(raw)
        return _components(raw) if type == TYPE_LINK else (bytearray(len(raw)), [], [])

    def _identifiers(self, raw: bytes) -> Told:
        new = bytearray(len(raw))
        spans: list[Span] = []
        inner: list[slice] = []
        at = 0
        while at + NAMED_LENGTH <= len(raw):
            use = int.from_bytes(raw[at + 36 : at + 38], "little")
            length = (NAMED_LENGTH + use + raw[at + 19] + 3) & ~3
            whole = raw[at : at + length]
            try:
                if length > min(_LONGEST_ENTRY, len(raw) - at):
                    raise CorruptStructure("file identifier", at, "", "")
                tags.verify(whole, "file identifier", at, None, NAMED)
            except CorruptStructure:
                at += 4
                continue
            new[at : at + NAMED_LENGTH] = raw[at : at + NAMED_LENGTH]
            fields = NAMED_PACKED.unpack_from(whole, TAG_LENGTH)
            _, characteristics, name_length, size, block, partition, *_ = fields
            if size & 0x3FFFFFFF:
                self._waiting.append(Place(partition, block))
            if not characteristics & IS_PARENT:
                spans += _name(raw, new, at + NAMED_LENGTH + use, name_length)
            inner.append(slice(at, at + length))
            at += length
        return new, spans, inner


def _components(raw: bytes) -> Told:
    new = bytearray(len(raw))
    spans: list[Span] = []
    at = 0
    while at + 4 <= len(raw):
        new[at : at + 4] = raw[at : at + 4]
        if raw[at] == _COMPONENT_NAME:
            spans += _name(raw, new, at + 4, min(raw[at + 1], len(raw) - at - 4))
        at += 4 + raw[at + 1]
    return new, spans, []


def _name(raw: bytes, new: bytearray, at: int, length: int) -> Iterable[Span]:
    """A name, the first byte of which says how it is written."""
    new[at : at + length] = raw[at : at + length]
    if length < 2:
        return ()
    return (Span(at + 1, length - 1, "utf-16-be" if raw[at] in _WIDE else "latin-1"),)


def _text(raw: bytes, new: bytearray, at: int, most: int) -> Iterable[Span]:
    """A text in a field of so many bytes, the last of which says how many are used."""
    used = min(raw[at + most - 1], most - 1)
    new[at : at + most - 1] = bytes(most - 1)
    new[at + most - 1] = raw[at + most - 1]
    spans = _name(raw, new, at, used)
    end = len(raw[at : at + used].rstrip(b" \0"))
    return (span._replace(length=min(span.length, max(0, end - 1 + (end - 1) % 2))) for span in spans)


def seal(old: bytes, new: bytearray) -> None:
    """Both sums of a tag: what did not agree does not agree afterwards. ECMA-167, 3/7.2."""
    length = TAG_PACKED.unpack_from(old)[5]
    covered = slice(TAG_LENGTH, TAG_LENGTH + length)
    off = crc_hqx(old[covered], 0) ^ crc_hqx(bytes(new[covered]), 0)
    new[8:10] = (int.from_bytes(new[8:10], "little") ^ off).to_bytes(2, "little")
    sums = (sum(tag[:TAG_LENGTH]) - tag[4] for tag in (old, new))
    new[4] = (old[4] - next(sums) + next(sums)) & 0xFF
