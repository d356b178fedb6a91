"""A file's attributes, wherever they stand: in its own record, or in others that its attribute list names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError, NotFound, RumpusError
from core.fs.driver import HOLE
from core.fs.ntfs.geometry import Geometry
from core.fs.ntfs.record import Attribute, Record
from core.fs.ntfs.runs import Run, unpacked
from core.fs.ntfs.structures import (
    ATTRIBUTE_LIST,
    COMPRESSED,
    COMPRESSED_SIZE,
    LIST_ENTRY_LENGTH,
    LIST_ENTRY_PACKED,
    NON_RESIDENT_PACKED,
    REFERENCE,
    SPARSE,
)

_LONGEST_LIST = 256 * 1024
"""What Windows lets an attribute list grow to."""
_MOST_KEPT = 64
"""Records of one file that are kept while it is looked at."""
_LARGEST = 2**63 - 1


class Records(Protocol):
    """Where other records come from: the master file table."""

    def get(self, number: int) -> Record: ...

    @property
    def device(self) -> BlockDevice: ...

    @property
    def geometry(self) -> Geometry: ...


class Listed(NamedTuple):
    """An entry of an attribute list: which record has the piece from cluster `first` on."""

    type: int
    name: str
    first: int
    record: int
    identifier: int


class Value:
    """One attribute of a file, all pieces of it."""

    def __init__(self, file: File, pieces: list[Listed], record: Record, attribute: Attribute) -> None:
        """`record` and `attribute` are the first piece. Raises CorruptStructure."""
        self.record = record
        self.attribute = attribute
        self.flags = attribute.flags
        self.resident: Attribute | None = attribute if attribute.resident else None
        self._file = file
        self._pieces = pieces
        if attribute.resident:
            self.size = self.valid = attribute.size
            self.allocated = self.unit = 0
            return
        fields = NON_RESIDENT_PACKED.unpack_from(record.raw, attribute.at + 16)
        first, _, _, self.unit, self.allocated, self.size, self.valid = fields
        if first:
            raise record.corrupt(attribute.at + 16, "the first piece of an attribute", f"cluster {first}")
        if self.size > _LARGEST:
            raise record.corrupt(attribute.at + 48, "a size of less than 2**63", str(self.size))
        self.valid = min(self.valid, self.size)
        if self.flags & (COMPRESSED | SPARSE) and attribute.end - attribute.at >= COMPRESSED_SIZE + 8:
            at = attribute.at + COMPRESSED_SIZE
            self.allocated = int.from_bytes(record.raw[at : at + 8], "little")
        self.allocated = min(self.allocated, _LARGEST)

    def runs(self) -> Iterator[Run]:
        """Its clusters in order, without a gap. What is sound comes first; raises CorruptStructure,
        MediumError, NotFound."""
        clusters = self._file.records.geometry.clusters
        reached = 0
        for record, attribute in self._parts():
            if attribute.resident or attribute.first != reached:
                raise record.corrupt(
                    attribute.at + 16, f"the piece from cluster {reached} on", f"from {attribute.first} on"
                )
            packed = record.raw[attribute.value : attribute.end]
            position = next(record.pieces(attribute.value, 1), (record.position, 0))[0]
            for run in unpacked(packed, reached, clusters, position):
                yield run
                reached = run.first + run.length

    def read(self, limit: int) -> bytes:
        """All of it, up to `limit` bytes. Raises as `runs`."""
        if self.resident is not None:
            return self.record.value(self.resident)[:limit]
        device, cluster_size = self._file.records.device, self._file.records.geometry.cluster_size
        wanted = min(self.size, limit)
        pieces: list[bytes] = []
        done = 0
        for run in self.runs():
            if done >= wanted:
                break
            length = min(run.length * cluster_size, wanted - done)
            if run.cluster == HOLE:
                pieces.append(bytes(length))
            else:
                pieces.append(device.read(run.cluster * cluster_size, length))
            done += length
        if done < wanted:
            raise self.record.corrupt(
                self.attribute.at + 48, f"clusters for {self.size} bytes", f"for {done}"
            )
        valid = min(self.valid, wanted)
        return b"".join(pieces)[:valid] + bytes(wanted - valid)

    def _parts(self) -> Iterator[tuple[Record, Attribute]]:
        yield self.record, self.attribute
        for piece in self._pieces:
            yield self._file.piece(piece)


class File:
    """A record and what belongs to it."""

    def __init__(self, records: Records, record: Record) -> None:
        self.records = records
        self.record = record
        self.number = record.number
        self.problem: RumpusError | None = record.problem
        self._list: list[Listed] | None = None
        self._others: dict[int, Record] = {}
        if record.base:
            found = f"a continuation of {record.base}"
            self.problem = record.corrupt(32, "a record that continues no other", found)
            return
        attribute = record.find(ATTRIBUTE_LIST)
        if attribute is not None:
            try:
                self._list = self._read_list(attribute)
            except (CorruptStructure, MediumError, NotFound) as error:
                self.problem = self.problem or error

    @property
    def listed(self) -> int:
        """Entries of its attribute list, which make it the slower to read."""
        return len(self._list or ())

    def value(self, type: int, name: str = "") -> Value | None:
        """The attribute of that type and name, None when there is none. Raises CorruptStructure,
        MediumError, NotFound."""
        if self._list is None:
            attribute = self.record.find(type, name)
            return None if attribute is None else Value(self, [], self.record, attribute)
        pieces = [listed for listed in self._list if listed.type == type and listed.name == name]
        if not pieces:
            return None
        pieces.sort(key=lambda listed: listed.first)
        record, attribute = self.piece(pieces[0])
        return Value(self, pieces[1:], record, attribute)

    def all_of(self, type: int) -> Iterator[tuple[Record, Attribute]]:
        """Every attribute of a type, the first piece of each. Raises as `value`."""
        if self._list is None:
            for attribute in self.record.attributes:
                if attribute.type == type and not attribute.first:
                    yield self.record, attribute
            return
        for listed in self._list:
            if listed.type == type and not listed.first:
                yield self.piece(listed)

    def piece(self, listed: Listed) -> tuple[Record, Attribute]:
        record = self.record
        if listed.record != self.number:
            known = self._others.get(listed.record)
            record = known or self.records.get(listed.record)
            if known is None and len(self._others) < _MOST_KEPT:
                self._others[listed.record] = record
            if record.base != self.number:
                found = f"a part of {record.base or record.number}"
                raise record.corrupt(32, f"a part of file record {self.number}", found)
        for attribute in record.attributes:
            if attribute[:2] == listed[:2] and attribute.identifier == listed.identifier:
                return record, attribute
        expected = f"attribute {listed.type:#x} with identifier {listed.identifier}"
        raise record.problem or record.corrupt(0, expected, "none")

    def _read_list(self, attribute: Attribute) -> list[Listed]:
        value = Value(self, [], self.record, attribute)
        if value.size > _LONGEST_LIST:
            expected = f"an attribute list of at most {_LONGEST_LIST} bytes"
            raise self.record.corrupt(attribute.at, expected, str(value.size))
        raw = value.read(_LONGEST_LIST)
        found: list[Listed] = []
        at = 0
        while at + LIST_ENTRY_LENGTH <= len(raw):
            fields = LIST_ENTRY_PACKED.unpack_from(raw, at)
            type, length, name_length, name_at, first, reference, identifier = fields
            if length < LIST_ENTRY_LENGTH or at + length > len(raw) or name_at + 2 * name_length > length:
                expected = "an entry inside the attribute list"
                raise self.record.corrupt(attribute.at, expected, f"{length} bytes at {at}")
            text = raw[at + name_at : at + name_at + 2 * name_length]
            name = text.decode("utf-16-le", "backslashreplace")
            found.append(Listed(type, name, first, reference & REFERENCE, identifier))
            at += length
        return found
