"""What the root directory says of the volume itself: label, GUID, allocation bitmap and up-case table."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterable
from typing import Any

import msgspec

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError
from core.fs.clusters import extents
from core.fs.driver import Warnings
from core.fs.exfat import names
from core.fs.exfat.checksums import of_sets, rolling_32
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.structures import (
    BITMAP,
    END,
    GUID,
    GUID_ENTRY,
    IN_USE,
    LABEL,
    LABEL_ENTRY,
    MOST_LABEL,
    MOST_UPCASE,
    SYSTEM_ENTRY,
    UPCASE,
)
from core.fs.exfat.table import AllocationTable, free_clusters
from core.fs.slots import SLOT_LENGTH, Chunk


class System(msgspec.Struct):
    """The entries met, None where there is none. `bitmap` and `upcase` as their structure has them."""

    label: str = ""
    guid: str = ""
    bitmap: Any = None
    upcase: Any = None
    upcase_at: int = 0
    """Where the entry for the up-case table lies, or could: the first that is not in use. 0 for nowhere."""


def read_system(system: System, chunks: Iterable[Chunk], warnings: Warnings) -> None:
    """Fills in what the chunks of the root directory have. Raises what reading them raises."""
    reader = _Reader(system, warnings)
    for chunk in chunks:
        heads = chunk.data[::SLOT_LENGTH]
        end = heads.find(END)
        known = heads if end < 0 else heads[:end]
        if system.upcase is None and not system.upcase_at:
            system.upcase_at = _vacant(chunk, heads, end)
        for kind, take in reader.takers.items():
            at = known.find(kind)
            while at >= 0:
                start = at * SLOT_LENGTH
                take(chunk.data[start : start + SLOT_LENGTH], chunk.position + start)
                at = known.find(kind, at + 1)
        if end >= 0:
            break


def _vacant(chunk: Chunk, heads: bytes, end: int) -> int:
    """Where an entry is not in use: one that was deleted, or else the end if the end then comes next."""
    for slot, head in enumerate(heads):
        if head < IN_USE and (slot != end or heads[slot + 1 : slot + 2] == bytes([END])):
            return chunk.position + slot * SLOT_LENGTH
        if slot == end:
            break
    return 0


class _Reader:
    """Takes the entries of a kind as they come; the first of each counts."""

    def __init__(self, system: System, warnings: Warnings) -> None:
        self._system = system
        self.takers = {LABEL: self._label, GUID: self._guid, BITMAP: self._bitmap, UPCASE: self._upcase}
        self._warnings = warnings
        self._seen: set[int] = set()

    def _label(self, slot: bytes, place: int) -> None:
        """Section 7.3."""
        if not self._first(slot, place):
            return
        entry = LABEL_ENTRY.parse(slot)
        if entry.length > MOST_LABEL:
            self._warn("volume label", place, f"at most {MOST_LABEL} characters", str(entry.length))
        self._system.label = names.decoded(entry.text[: 2 * entry.length])

    def _guid(self, slot: bytes, place: int) -> None:
        """Section 7.5."""
        if not self._first(slot, place):
            return
        entry = GUID_ENTRY.parse(slot)
        expected = of_sets(slot, [0], 1)[0]
        if entry.secondaries or entry.checksum != expected:
            self._warn("volume GUID", place, f"checksum {expected:#06x}", f"{entry.checksum:#06x}")
        else:
            self._system.guid = str(uuid.UUID(bytes_le=entry.guid))

    def _bitmap(self, slot: bytes, place: int) -> None:
        """Section 7.1."""
        entry = SYSTEM_ENTRY.parse(slot)
        if entry.flags & 1:
            self._warn("allocation bitmap", place, "the first bitmap", "the second one")
        elif self._first(slot, place):
            self._system.bitmap = entry

    def _upcase(self, slot: bytes, place: int) -> None:
        """Section 7.2."""
        if self._first(slot, place):
            self._system.upcase, self._system.upcase_at = SYSTEM_ENTRY.parse(slot), place

    def _first(self, slot: bytes, place: int) -> bool:
        if slot[0] in self._seen:
            self._warn("root directory", place, f"one entry of type {slot[0]:#04x}", "another one")
            return False
        self._seen.add(slot[0])
        return True

    def _warn(self, structure: str, place: int, expected: str, found: str) -> None:
        self._warnings.note(Fault.of(CorruptStructure(structure, place, expected, found)))


class Metadata:
    """The bitmap and the up-case table of a volume. What is wrong with them is warned about."""

    def __init__(
        self,
        device: BlockDevice,
        geometry: Geometry,
        table: AllocationTable,
        system: System,
        warnings: Warnings,
    ) -> None:
        self._device = device
        self._geometry = geometry
        self._table = table
        self._system = system
        self._warnings = warnings
        self._root = geometry.position(geometry.root_cluster)

    def free(self) -> int | None:
        """Free clusters, None when the bitmap does not tell or is too large to be counted."""
        try:
            return free_clusters(self._device, self.bitmap(), self._geometry.clusters)
        except (CorruptStructure, MediumError) as error:
            self._warnings.note(Fault.of(error))
            return None

    def bitmap(self) -> list[tuple[int, int]]:
        """(position, length) of the bitmap. Raises CorruptStructure, MediumError."""
        needed = -(-self._geometry.clusters // 8)
        entry = self._entry(self._system.bitmap, "allocation bitmap", needed, 2**63)
        return self._pieces(entry, needed)

    def upcase_table(self) -> names.Upcase:
        """Raises CorruptStructure, MediumError."""
        pieces = self.upcase_pieces()
        data = b"".join([self._device.read(position, length) for position, length in pieces])
        return _upcase(data, pieces[0][0], self._system.upcase.checksum)

    def upcase_pieces(self) -> list[tuple[int, int]]:
        """(position, length) of the up-case table. Raises CorruptStructure, MediumError."""
        entry = self._entry(self._system.upcase, "up-case table", 2, MOST_UPCASE)
        return self._pieces(entry, entry.size)

    def upcase(self) -> names.Upcase:
        """The up-case table, or what every such table must have (section 7.2.5)."""
        try:
            return self.upcase_table()
        except (CorruptStructure, MediumError) as error:
            self._warnings.note(Fault.of(error))
            return names.MANDATORY

    def _entry(self, entry: Any, structure: str, least: int, most: int) -> Any:
        """The entry itself. Raises CorruptStructure when there is none or its size cannot be."""
        if entry is None:
            raise CorruptStructure("root directory", self._root, f"an entry for the {structure}", "none")
        if not least <= entry.size <= most:
            raise CorruptStructure(structure, self._root, f"{least} to {most} bytes", str(entry.size))
        return entry

    def _pieces(self, entry: Any, size: int) -> list[tuple[int, int]]:
        """(position, length) of the first `size` bytes. Both are chains: sections 7.1.3 and 7.2.3."""
        geometry = self._geometry
        runs = self._table.runs(entry.first_cluster, geometry.needed(size))
        found = extents(runs, size, geometry.cluster_size, geometry.position, self._table.offset)
        return [(extent.position, extent.length) for extent in found]


def _upcase(data: bytes, place: int, checksum: int) -> names.Upcase:
    """The mapping in an up-case table at `place` (section 7.2.5). Raises CorruptStructure."""
    found = rolling_32(data)
    if found != checksum:
        raise CorruptStructure("up-case table", place, f"checksum {checksum:#010x}", f"{found:#010x}")
    characters = len(data) // 2
    mapping = names.read_upcase(struct.unpack_from(f"<{characters}H", data))
    if mapping is None:
        raise CorruptStructure("up-case table", place, "the upper case of ASCII letters", "something else")
    return mapping
