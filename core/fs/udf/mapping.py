"""The partition maps of a logical volume, each made into what finds its blocks."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, UnsupportedFeature
from core.fs.driver import Warnings
from core.fs.udf import files, tags
from core.fs.udf.files import File, Files, Place
from core.fs.udf.partitions import Metadata, Partition, Plain, Sparable, Virtual
from core.fs.udf.recognition import Descriptors
from core.fs.udf.structures import (
    DUPLICATED,
    ENTITY,
    LOGICAL_VOLUME_DESCRIPTOR,
    METADATA_MAP,
    SPARABLE_MAP,
    SPARING,
    SPARING_TABLE,
    TYPE_UNSPECIFIED,
    TYPE_VAT,
    VAT_HEADER,
    VAT_NAME,
    VAT_TRAILER,
)

_MOST_MAPS = 64
_PLAIN_LENGTH, _OTHER_LENGTH = 6, 64
_MOST_SPARED = 1 << 16
_NOT_SPARED = 0xFFFFFFF0
_LARGEST_TABLE = 64 << 20
_MOST_METADATA = 1 << 16
_SEARCHED, _STEP = 64 << 20, 1 << 18
_MOST_CANDIDATES = 512
"""Bytes from the end of the device, and blocks that are not empty, in which a table is sought."""
_SHOWN = {
    "*UDF Virtual Partition": "virtual",
    "*UDF Sparable Partition": "sparable",
    "*UDF Metadata Partition": "metadata",
}


class Mapping:
    """`partitions` in the order of the maps; `mirrors` for those that are kept twice."""

    def __init__(self, device: BlockDevice, block_size: int, found: Descriptors, warnings: Warnings) -> None:
        """Raises CorruptStructure, MediumError, UnsupportedFeature."""
        self._device = device
        self._block_size = block_size
        self._found = found
        self._warnings = warnings
        self.partitions: list[Partition] = []
        self.mirrors: dict[int, Partition] = {}
        self.kinds: list[str] = []
        self.files = Files(device, block_size, self.partitions, self.mirrors)
        maps = list(self._maps())
        # What a virtual or metadata partition lies in comes first, whichever order they are listed in.
        for _, number, _ in maps:
            self.partitions.append(self._plain(number))
        for index, (name, number, raw) in enumerate(maps):
            self.kinds.append(_SHOWN.get(name, "plain"))
            if name == "*UDF Sparable Partition":
                self.partitions[index] = self._sparable(number, raw)
        for index, (name, number, raw) in enumerate(maps):
            if name == "*UDF Virtual Partition":
                self.partitions[index] = self._virtual(number, self._below(maps, number))
            elif name == "*UDF Metadata Partition":
                self._metadata(index, self._below(maps, number), raw)

    def _maps(self) -> Iterator[tuple[str, int, bytes]]:
        """(name, "" for a plain one, partition number, map): ECMA-167, 3/10.7, and UDF, 2.2.8 to 2.2.10."""
        logical, raw = self._found.logical, self._found.logical_raw
        start = LOGICAL_VOLUME_DESCRIPTOR.sizeof()
        at, end = start, min(start + logical.maps_length, len(raw))
        for _ in range(min(logical.maps, _MOST_MAPS)):
            length = raw[at + 1] if at + 2 <= end else 0
            if length < 2 or at + length > end:
                raise self._corrupt("partition maps inside it", f"{length} bytes at {at}")
            one = raw[at : at + length]
            if one[0] == 1 and length == _PLAIN_LENGTH:
                yield "", int.from_bytes(one[4:6], "little"), one
            elif one[0] == 2 and length == _OTHER_LENGTH:
                name = ENTITY.parse(one[4:36]).name.rstrip(b"\0").decode("ascii", "backslashreplace")
                if name not in _SHOWN:
                    raise UnsupportedFeature(f"partition map {name}")
                yield name, int.from_bytes(one[38:40], "little"), one
            else:
                raise UnsupportedFeature(f"partition map of type {one[0]}")
            at += length

    def _plain(self, number: int) -> Plain:
        descriptor = self._found.partitions.get(number)
        if descriptor is None:
            raise self._corrupt("a partition for each map", f"none of number {number}")
        return Plain(descriptor.start, descriptor.blocks, self._block_size)

    def _below(self, maps: list[tuple[str, int, bytes]], number: int) -> int:
        """Which of the partitions a partition of the same number lies in."""
        for index, (name, other, _) in enumerate(maps):
            if other == number and name in ("", "*UDF Sparable Partition"):
                return index
        self.partitions.append(self._plain(number))
        return len(self.partitions) - 1

    # sparable -----------------------------------------------------------------------------------------------

    def _sparable(self, number: int, raw: bytes) -> Partition:
        head = SPARABLE_MAP.parse(raw[40:48])
        packet = head.packet
        if not packet:
            raise self._corrupt("packets of at least a block", "0")
        newest, spared = -1, dict[int, int]()
        for index in range(min(head.tables, 4)):
            sector = int.from_bytes(raw[48 + 4 * index : 52 + 4 * index], "little")
            try:
                sequence, entries = self._sparing(sector, head.table_size)
            except (CorruptStructure, MediumError) as error:
                self._warnings.note(Fault.of(error))
                continue
            if sequence > newest:
                newest, spared = sequence, entries
        return Sparable(self._plain(number), packet, spared, self._block_size)

    def _sparing(self, sector: int, size: int) -> tuple[int, dict[int, int]]:
        position = sector * self._block_size
        raw = self._device.read(position, min(size, SPARING.sizeof() + 8 * _MOST_SPARED))
        tags.verify(raw, "sparing table", position, None, SPARING_TABLE)
        table = SPARING.parse(raw)
        if not table.name.name.startswith(b"*UDF Sparing Table"):
            raise CorruptStructure(
                "sparing table", position + 16, "*UDF Sparing Table", table.name.name.hex()
            )
        start = SPARING.sizeof()
        if start + 8 * table.entries > len(raw):
            raise CorruptStructure(
                "sparing table", position + 48, f"entries in {len(raw)} bytes", str(table.entries)
            )
        words = [
            int.from_bytes(raw[at : at + 4], "little") for at in range(start, start + 8 * table.entries, 4)
        ]
        pairs = zip(words[::2], words[1::2], strict=True)
        return table.sequence, {packet: sector for packet, sector in pairs if packet < _NOT_SPARED}

    # metadata -----------------------------------------------------------------------------------------------

    def _metadata(self, index: int, below: int, raw: bytes) -> None:
        head = METADATA_MAP.parse(raw[40:])
        pieces: list[list[tuple[int, int, int]]] = []
        for block in (head.file, head.mirror):
            try:
                file = self.files.get(Place(below, block))
                pieces.append(self._pieces(file, below))
            except (CorruptStructure, MediumError) as error:
                self._warnings.note(Fault.of(error))
        if not pieces:
            raise self._corrupt("a metadata file", "neither it nor its mirror")
        self.partitions[index] = Metadata(self.partitions[below], pieces[0])
        if len(pieces) > 1 and head.flags & DUPLICATED:
            self.mirrors[index] = Metadata(self.partitions[below], pieces[1])

    def _pieces(self, file: File, below: int) -> list[tuple[int, int, int]]:
        """(block in the file, block below, blocks) of what there is of it."""
        found: list[tuple[int, int, int]] = []
        first = 0
        for piece in self.files.pieces(file):
            blocks = -(-piece.length // self._block_size)
            if piece.block >= 0 and piece.partition == below:
                found.append((first, piece.block, blocks))
            first += blocks
            if len(found) > _MOST_METADATA:
                raise self.files.broken(file, f"at most {_MOST_METADATA} pieces", "more")
        if not found:
            raise self.files.broken(file, "a metadata file with blocks", "none")
        return found

    # virtual ------------------------------------------------------------------------------------------------

    def _virtual(self, number: int, below: int) -> Partition:
        plain = self._plain(number)
        for file in self._tables(plain, below):
            try:
                table = self._table(file)
            except (CorruptStructure, MediumError, UnsupportedFeature) as error:
                self._warnings.note(Fault.of(error))
                continue
            if table is not None:
                return Virtual(plain, table)
        raise CorruptStructure(
            "virtual allocation table", self._device.size, "one at the end of what was written", "none"
        )

    def _tables(self, plain: Plain, below: int) -> Iterator[File]:
        """Files that may be the table: the last block that was written is its entry. UDF, 2.2.11."""
        size = self._block_size
        end, least, candidates = self._device.size // size, plain.start, 0
        least = max(least, end - _SEARCHED // size)
        while end > least:
            start = max(least, end - _STEP // size)
            try:
                raw = self._device.read(start * size, (end - start) * size)
            except MediumError:
                raw = b""
            if raw.count(0) == len(raw):
                end = start
                continue
            for sector in range(end - 1, start - 1, -1):
                block = raw[(sector - start) * size : (sector - start + 1) * size]
                if block.count(0) == size:
                    continue
                candidates += 1
                try:
                    file, _ = files.parsed(block, Place(below, sector - plain.start), sector * size)
                except CorruptStructure:
                    if candidates > _MOST_CANDIDATES:
                        return
                    continue
                if file.type in (TYPE_VAT, TYPE_UNSPECIFIED):
                    yield file
            end = start

    def _table(self, file: File) -> array[int] | None:
        if file.size > _LARGEST_TABLE:
            raise UnsupportedFeature(f"a virtual allocation table of {file.size} bytes")
        raw = self.files.content(file, _LARGEST_TABLE)
        if file.type == TYPE_VAT:
            if len(raw) < VAT_HEADER.sizeof():
                raise self.files.broken(file, "a virtual allocation table", f"{len(raw)} bytes")
            raw = raw[VAT_HEADER.parse(raw).header :]
        else:
            trailer = raw[-VAT_TRAILER:]
            if trailer[1 : 1 + len(VAT_NAME)] != VAT_NAME:
                return None
            raw = raw[:-VAT_TRAILER]
        table = array("I")
        table.frombytes(raw[: len(raw) & ~3])
        return table

    def _corrupt(self, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure("logical volume descriptor", self._found.logical_at, expected, found)
