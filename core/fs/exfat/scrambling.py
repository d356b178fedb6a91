"""exFAT under other names: with their hashes, the checksums of the sets they are in, and the label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError
from core.fs.aliases import Aliases
from core.fs.exfat import names
from core.fs.exfat.checksums import of_sets
from core.fs.exfat.directory import USUAL_MOST, place_of
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.structures import (
    BITMAP,
    CONTIGUOUS,
    DIRECTORY,
    END,
    FILE,
    FILE_NAME,
    GUID,
    IN_USE,
    LABEL,
    MOST_DIRECTORY,
    MOST_LABEL,
    REGION_SECTORS,
    SECONDARY,
    STREAM,
    UPCASE,
    FileEntry,
    StreamEntry,
)
from core.fs.exfat.system import Metadata
from core.fs.exfat.table import AllocationTable
from core.fs.scrambling import MOST, SECTOR, Piece, Rename, Rewritten
from core.fs.slots import SLOT_LENGTH

_AROUND_A_NODE = 2
"""Clusters that a set of entries may lie in, and more."""
_ALLOCATION = 20
"""Where every secondary entry has its first cluster and size (section 6.4)."""

_IN_USE = bytes(value | IN_USE for value in range(256))
_STREAM, _FILE_NAME = bytes([STREAM]), bytes([FILE_NAME])


class _Folder(NamedTuple):
    first: int
    clusters: int
    contiguous: bool


class ExFatScrambled(Rewritten):
    """Directories are known by their first cluster."""

    def __init__(
        self,
        device: BlockDevice,
        geometry: Geometry,
        table: AllocationTable,
        metadata: Metadata,
        seed: bytes,
        nodes: Sequence[int],
    ) -> None:
        self._upcase = metadata.upcase()
        super().__init__(device, Aliases(seed, lambda name: name.translate(self._upcase)))
        self._geometry = geometry
        self._table = table
        self._metadata = metadata
        self._read_before: set[int] = set()
        """Clusters."""
        self._waiting = [
            _Folder(geometry.cluster_at(place), _AROUND_A_NODE, contiguous)
            for place, contiguous in map(place_of, filter(None, nodes))
        ]
        root = max(1, MOST_DIRECTORY // geometry.cluster_size)
        self._waiting.append(_Folder(geometry.root_cluster, root, contiguous=False))

    def gather(self) -> Iterator[None]:
        geometry = self._geometry
        self._keep(0, 2 * REGION_SECTORS * geometry.sector_size)
        self._keep(geometry.table_offset, 4 * (geometry.clusters + 2))
        for pieces in (self._metadata.bitmap, self._metadata.upcase_pieces):
            with suppress(CorruptStructure, MediumError):
                for position, length in pieces():
                    self._keep(position, length)
        directories: list[list[Piece]] = []
        while self._waiting:
            folder = self._waiting.pop()
            if not 2 <= folder.first <= geometry.last_cluster:
                continue
            content = self._read(folder)
            if content:
                directories.append(content)
                self._rename(content, self._noted)
            yield
        yield from self._replace(directories)

    def _has_names(self, sector: bytes | bytearray) -> bool:
        """A file name entry behind another or its stream extension, or a label, in use or not."""
        heads = bytes(sector[::SLOT_LENGTH]).translate(_IN_USE)
        return any(
            (heads[at - 1 : at] in (_STREAM, _FILE_NAME) and heads[at] == FILE_NAME and not second)
            or (sector[at * SLOT_LENGTH] == LABEL and _is_label(sector[at * SLOT_LENGTH :]))
            for at, second in enumerate(sector[1::SLOT_LENGTH])
        )

    def _read(self, folder: _Folder) -> list[Piece]:
        """(place, bytes) of what is known of a folder, and in no other that was read before."""
        geometry = self._geometry
        first, _, contiguous = folder
        clusters = min(folder.clusters, MOST // geometry.cluster_size + 1)  # which is too much already
        found: list[Piece] = []
        with suppress(CorruptStructure, MediumError):
            runs = (
                iter([(first, min(clusters, geometry.last_cluster - first + 1))])
                if contiguous
                else self._table.runs(first, clusters)
            )
            for cluster in chain.from_iterable(range(start, start + count) for start, count in runs):
                if cluster in self._read_before:
                    break
                self._read_before.add(cluster)
                position = geometry.position(cluster)
                found.append((position, self._device.read(position, geometry.cluster_size)))
        return self._worth(found)

    def _rename(self, pieces: list[Piece], rename: Rename) -> bytearray:
        data = bytearray().join(content for _, content in pieces)
        at = 0
        while at < len(data):
            if at % SECTOR == 0 and not any(data[at : at + SECTOR]):
                at += SECTOR
                continue
            head = data[at]
            if head == END:
                data[at:] = bytes(len(data) - at)
                break
            if head == FILE:
                at += self._set(data, at, rename)
                continue
            if head == LABEL:
                length = 2 * min(data[at + 1], MOST_LABEL)
                data[at + 2 : at + 2 + length] = _renamed(bytes(data[at + 2 : at + 2 + length]), rename)
                data[at + 2 + length : at + SLOT_LENGTH] = bytes(SLOT_LENGTH - 2 - length)
            elif head == FILE_NAME:
                data[at + 2 : at + SLOT_LENGTH] = _renamed(bytes(data[at + 2 : at + SLOT_LENGTH]), rename)
            elif head < IN_USE:
                data[at + 1 : at + SLOT_LENGTH] = bytes(SLOT_LENGTH - 1)
            elif head not in (BITMAP, UPCASE, GUID, STREAM):
                data[at + 2 : at + SLOT_LENGTH] = bytes(SLOT_LENGTH - 2)
            at += SLOT_LENGTH
        return data

    def _set(self, data: bytearray, at: int, rename: Rename) -> int:
        """Renames the file whose set of entries begins there, and gives the bytes of the set."""
        declared = data[at + 1]
        most = declared if declared > 1 else USUAL_MOST
        heads = bytes(data[at + SLOT_LENGTH : at + (1 + most) * SLOT_LENGTH : SLOT_LENGTH])
        count = next((number for number, head in enumerate(heads) if head < IN_USE | SECONDARY), len(heads))
        length = (1 + count) * SLOT_LENGTH
        old = bytes(data[at : at + length])
        new = bytearray(old)
        others = 1
        if count and heads[0] == STREAM:
            others = 2
            while others <= count and heads[others - 1] == FILE_NAME:
                others += 1
            self._name(new, others - 2, rename)
        for start in range(others * SLOT_LENGTH, length, SLOT_LENGTH):
            body = slice(start + 2, start + (SLOT_LENGTH if new[start] == FILE_NAME else _ALLOCATION))
            if new[start] == FILE_NAME:
                new[body] = _renamed(bytes(new[body]), rename)
            elif new[start] != STREAM:
                new[body] = bytes(_ALLOCATION - 2)
        if count == declared:
            before, after = (of_sets(bytes(content), [0], 1 + count)[0] for content in (old, new))
            recorded = int.from_bytes(new[2:4], "little")
            # What did not agree does not agree afterwards.
            new[2:4] = (recorded ^ before ^ after).to_bytes(2, "little")
        data[at : at + length] = new
        return length

    def _name(self, new: bytearray, pieces: int, rename: Rename) -> None:
        stream = StreamEntry.parse(bytes(new[SLOT_LENGTH:]))
        file = FileEntry.parse(bytes(new))
        spots = [
            slice(start + 2, start + SLOT_LENGTH)
            for start in range(2 * SLOT_LENGTH, (2 + pieces) * SLOT_LENGTH, SLOT_LENGTH)
        ]
        raw = b"".join(bytes(new[spot]) for spot in spots)
        name = raw[: 2 * stream.name_length]
        alias = _renamed(name, rename)
        filled = alias.ljust(len(raw), b"\0")
        for number, spot in enumerate(spots):
            new[spot] = filled[30 * number : 30 * (number + 1)]
        off = stream.name_hash ^ names.hashed(name, self._upcase)
        hashed = (names.hashed(alias, self._upcase) ^ off).to_bytes(2, "little")
        new[SLOT_LENGTH + 4 : SLOT_LENGTH + 6] = hashed
        if file.attributes & DIRECTORY:
            clusters = self._geometry.needed(min(stream.size, MOST_DIRECTORY))
            self._waiting.append(_Folder(stream.first_cluster, clusters, bool(stream.flags & CONTIGUOUS)))


def _renamed(raw: bytes, rename: Rename) -> bytes:
    """UTF-16."""
    text = raw.decode("utf-16-le", "surrogatepass")
    name, end, rest = text.partition("\0")
    return (rename(name) + end + "\0" * len(rest)).encode("utf-16-le", "surrogatepass")[: len(raw)]


def _is_label(slot: bytes | bytearray) -> bool:
    length = slot[1]
    return 1 <= length <= MOST_LABEL and not any(slot[2 + 2 * length : SLOT_LENGTH])
