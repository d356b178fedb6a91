"""What was deleted on a FAT volume: entries whose first byte is 0xE5, and what they still tell.

Deleting zeros a file's chain, so that of its clusters only the first is known; and of its short name all but
the first character, which its long name gives back where that is still there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from core import signatures
from core.blockdev.device import BlockDevice
from core.entry import Deleted, Details, Entry, Kind, Sureness
from core.errors import CorruptStructure, MediumError, NotFound, WrongKind
from core.fs import deleted
from core.fs.deleted import DELETED as DELETED_NODE
from core.fs.deleted import FreeMap, Remains
from core.fs.dostimes import nanoseconds
from core.fs.driver import Extent
from core.fs.fat import names
from core.fs.fat.directory import SLOT_BITS, node_of
from core.fs.fat.geometry import Geometry
from core.fs.fat.structures import (
    DELETED,
    DIRECTORY,
    END,
    KEPT_ATTRIBUTES,
    LISTED_PACKED,
    LONG_ATTRIBUTES,
    LONG_MASK,
    MOST_PIECES,
    MOST_SLOTS,
    VOLUME_LABEL,
    Short,
)
from core.fs.fat.table import AllocationTable
from core.fs.slots import SLOT_LENGTH, chunks

_UNKNOWN = b"_"
"""For the first character of a name, as other tools have it."""
_SELF = b".          "
_DOTS = 2
_NEVER_SET = 0xC0
"""Bits of the attributes that no entry has."""
_UNREAD = bytes([DELETED]) + bytes(SLOT_LENGTH - 1)
"""Stands for a slot that cannot be read: it is no entry of anything."""
_MOST_STARTS = 64
"""Places that are looked at for where a file may begin."""
_UNROTATED = bytes((value << 1 & 0xFF) | value >> 7 for value in range(256))


class _Folder(NamedTuple):
    """A directory: where its pieces lie, what it holds, and what kept it from being read whole."""

    first: int
    pieces: list[tuple[int, int]]
    data: bytes
    damage: CorruptStructure | MediumError | None
    is_deleted: bool
    keeps_high: bool
    """Whether the upper half of a first cluster can be believed: some systems zero it when they delete."""

    def position(self, slot: int) -> int:
        at = slot * SLOT_LENGTH
        for start, length in self.pieces:
            if at < length:
                return start + at
            at -= length
        raise NotFound(f"slot {slot}")


class FatRemains(Remains):
    def __init__(
        self,
        device: BlockDevice,
        geometry: Geometry,
        table: AllocationTable,
        code_page: str,
        directory: Callable[[int], int],
        pieces: Callable[[int], Iterator[tuple[int, int]]],
    ) -> None:
        """`directory` tells the first cluster of a folder that is there, 0 for the root, and `pieces` the
        (position, length) of the one at a cluster; both raise as the driver does."""
        self._device = device
        self._geometry = geometry
        self._table = table
        self._code_page = code_page
        self._directory = directory
        self._pieces_of = pieces
        self._free = FreeMap(2, geometry.clusters + 2, table.free_map)
        self._last: _Folder | None = None

    def found(self, node: int) -> Iterator[list[Deleted]]:
        folder = self._folder(self._first_of(node) if node & DELETED_NODE else self._directory(node))
        yield from deleted.batched(self._in(folder))
        if folder.damage is not None:
            raise folder.damage

    def stat(self, node: int) -> Details:
        folder, slot = self._slot(node)
        found = self._entry(folder, slot)
        if found is None:
            raise NotFound(f"node {node}")
        short = Short.parse(folder.data[slot * SLOT_LENGTH :])
        start, _ = self._start(folder, slot, found.entry)
        return Details(
            found.entry,
            created=nanoseconds(short.created_date, short.created_time, short.created_hundredths),
            accessed=nanoseconds(short.accessed_date),
            facts=[("First cluster", str(start)), ("Deleted", found.sureness.value)],
        )

    def extents(self, node: int) -> Iterator[Extent]:
        entry = self.stat(node).entry
        if entry.kind is not Kind.FILE:
            raise WrongKind(entry.name, "file")
        folder, slot = self._slot(node)
        start, _ = self._start(folder, slot, entry)
        geometry = self._geometry
        count = -(-entry.size // geometry.cluster_size)
        if count and not (start and count <= geometry.clusters):
            raise self._nowhere(folder, slot)
        runs = deleted.guessed(self._free, start, count)
        return deleted.extents(self._free, runs, entry.size, geometry.cluster_size, geometry.position)

    # folders ------------------------------------------------------------------------------------------------

    def _first_of(self, node: int) -> int:
        """The first cluster of a deleted folder. Raises WrongKind, NotFound, CorruptStructure."""
        entry = self.stat(node).entry
        if entry.kind is not Kind.DIRECTORY:
            raise WrongKind(entry.name, "directory")
        folder, slot = self._slot(node)
        start, _ = self._start(folder, slot, entry)
        if not self._is_folder(start):
            raise self._nowhere(folder, slot)
        return start

    def _folder(self, first: int) -> _Folder:
        """The directory that begins at a cluster, deleted or not."""
        if self._last is not None and self._last.first == first:
            return self._last
        is_deleted = bool(first) and self._free.is_free(first)
        pieces: list[tuple[int, int]] = []
        damage: CorruptStructure | MediumError | None = None
        lost: list[MediumError] = []
        data = bytearray()
        try:
            for piece in self._left_of(first) if is_deleted else self._pieces_of(first):
                pieces.append(piece)
            for chunk in chunks(self._device, pieces, lost):
                data += _UNREAD * (chunk.slot - len(data) // SLOT_LENGTH) + chunk.data
        except (CorruptStructure, MediumError) as error:
            damage = error
        damage = damage or (lost[0] if lost else None)
        end = data[::SLOT_LENGTH].find(END)
        content = bytes(data if end < 0 else data[: end * SLOT_LENGTH])
        self._last = _Folder(first, pieces, content, damage, is_deleted, self._keeps_high(content))
        return self._last

    def _left_of(self, first: int) -> Iterator[tuple[int, int]]:
        """The pieces of a deleted directory: its first cluster, and those behind it that look like more."""
        geometry = self._geometry
        most = max(1, MOST_SLOTS * SLOT_LENGTH // geometry.cluster_size)
        for cluster in range(first, min(first + most, geometry.clusters + 2)):
            position = geometry.position(cluster)
            if cluster != first and not self._free.is_free(cluster):
                return
            data = self._device.read(position, geometry.cluster_size)
            heads = data[::SLOT_LENGTH]
            if cluster != first and not self._looks_like_slots(data):
                return
            yield position, geometry.cluster_size
            if END in heads:
                return

    def _is_folder(self, first: int) -> bool:
        """Whether a deleted directory still begins there: with an entry for itself."""
        if not self._free.is_free(first):
            return False
        raw = self._device.read(self._geometry.position(first), SLOT_LENGTH)
        return raw.startswith(_SELF) and self._cluster(raw) in (first, first & 0xFFFF)

    def _looks_like_slots(self, data: bytes) -> bool:
        for raw, attributes, _, _, _, _, _, _ in LISTED_PACKED.iter_unpack(data):
            if raw[0] == END:
                break
            if attributes & _NEVER_SET or raw == _SELF:
                return False
            if attributes & LONG_MASK != LONG_ATTRIBUTES and not names.well_formed(_UNKNOWN + raw[1:]):
                return False
        return True

    def _keeps_high(self, data: bytes) -> bool:
        """True when a deleted entry has an upper half, or no other entry has one that it could have had."""
        if self._geometry.width != 32:
            return True
        there = False
        for raw, attributes, _, high, _, _, _, _ in LISTED_PACKED.iter_unpack(data):
            if high and not attributes & VOLUME_LABEL:
                if raw[0] == DELETED:
                    return True
                there = True
        return not there

    # entries ------------------------------------------------------------------------------------------------

    def _in(self, folder: _Folder) -> Iterator[Deleted]:
        heads = folder.data[::SLOT_LENGTH]
        slots: Iterator[int] = iter(range(len(heads))) if folder.is_deleted else _all(heads, DELETED)
        for slot in slots:
            found = self._entry(folder, slot)
            if found is not None:
                yield found

    def _slot(self, node: int) -> tuple[_Folder, int]:
        """Raises NotFound."""
        first, slot = divmod((node & ~DELETED_NODE) - 1, 1 << SLOT_BITS)
        if not node & DELETED_NODE or not (first == 0 or 2 <= first <= self._geometry.clusters + 1):
            raise NotFound(f"node {node}")
        folder = self._folder(first)
        if folder.is_deleted and not self._is_folder(first):
            raise NotFound(f"node {node}")
        if slot >= len(folder.data) // SLOT_LENGTH:
            raise NotFound(f"node {node}")
        return folder, slot

    def _entry(self, folder: _Folder, slot: int) -> Deleted | None:
        """What was deleted in a slot; None when that has none, or nothing that makes sense."""
        data = folder.data
        raw, attributes, case, _, time, day, _, size = LISTED_PACKED.unpack_from(data, slot * SLOT_LENGTH)
        if raw[0] != DELETED and not folder.is_deleted:
            return None
        if attributes & (VOLUME_LABEL | _NEVER_SET) or (folder.first and slot < _DOTS):
            return None
        if not names.well_formed(_UNKNOWN + raw[1:]):
            return None
        name, whole = self._long_name(folder, slot, raw)
        if not name:
            whole = raw[0] != DELETED
            name = names.short_name(raw if whole else _UNKNOWN + raw[1:], case, self._code_page)
        kind = Kind.DIRECTORY if attributes & DIRECTORY else Kind.FILE
        entry = Entry(
            name,
            DELETED_NODE | node_of(folder.first, slot),
            kind,
            0 if kind is Kind.DIRECTORY else size,
            nanoseconds(day, time),
            attributes & KEPT_ATTRIBUTES,
        )
        return Deleted(entry, self._sureness(folder, slot, entry), whole)

    def _long_name(self, folder: _Folder, slot: int, raw: bytes) -> tuple[str, bool]:
        """(the long name before a short one, "" without; whether all of it is there).

        The pieces lie in reverse order and have lost their numbers, but not their checksum, which tells the
        first character of the short name that they go with.
        """
        data = folder.data
        count, mark, ended = 0, -1, False
        while count < min(MOST_PIECES, slot) and not ended:
            at = (slot - 1 - count) * SLOT_LENGTH
            piece = data[at : at + SLOT_LENGTH]
            if piece[11] & LONG_MASK != LONG_ATTRIBUTES or mark not in (-1, piece[13]):
                break
            if piece[0] != DELETED and not folder.is_deleted:
                break
            mark = piece[13]
            count += 1
            ended = piece[30:32] in (b"\0\0", b"\xff\xff")
        if not count:
            return "", False
        name = names.long_name(data, (slot - count) * SLOT_LENGTH, count)
        first = _first_of_short(raw, mark)
        if raw[0] not in (DELETED, first) or not _fits(name, first):
            return "", False
        before = slot - count - 1
        # A name of a multiple of 13 characters has no end mark; who came later may have taken its last piece.
        return name, ended or before < 0 or data[before * SLOT_LENGTH] == DELETED

    # clusters -----------------------------------------------------------------------------------------------

    def _sureness(self, folder: _Folder, slot: int, entry: Entry) -> Sureness:
        if entry.kind is Kind.FILE and not entry.size:
            return Sureness.GOOD
        start, sure = self._start(folder, slot, entry)
        count = -(-entry.size // self._geometry.cluster_size)
        if not start or count > self._geometry.clusters:
            return Sureness.GONE
        if entry.kind is Kind.DIRECTORY:
            return Sureness.LIKELY if self._is_folder(start) else Sureness.GONE
        found = deleted.judged_by_start(self._free, start, count)
        return Sureness.DOUBTFUL if not sure and found in (Sureness.GOOD, Sureness.LIKELY) else found

    def _start(self, folder: _Folder, slot: int, entry: Entry) -> tuple[int, bool]:
        """(the first cluster, 0 when it cannot be any; whether that is sure)."""
        first = self._cluster(folder.data[slot * SLOT_LENGTH : (slot + 1) * SLOT_LENGTH])
        last = self._geometry.clusters + 1
        if folder.keeps_high or first >> 16 or last < 1 << 16:
            return (first if 2 <= first <= last else 0), True
        starts = list(islice(self._starts(first), _MOST_STARTS))
        likely = [start for start in starts if self._looks_like(start, entry)]
        if len(likely) == 1:
            return likely[0], True
        return (likely or starts or [0])[0], False

    def _starts(self, low: int) -> Iterator[int]:
        """Free clusters whose lower half is that."""
        last = self._geometry.clusters + 1
        return (start for start in range(low, last + 1, 1 << 16) if self._free.is_free(start))

    def _looks_like(self, start: int, entry: Entry) -> bool:
        """Whether what begins at a cluster is what an entry says it is."""
        if entry.kind is Kind.DIRECTORY:
            return self._is_folder(start)
        length = min(signatures.HEAD, self._geometry.cluster_size)
        return bool(signatures.begins(entry.name, self._device.read(self._geometry.position(start), length)))

    def _cluster(self, raw: bytes) -> int:
        high = raw[20:22] if self._geometry.width == 32 else b""
        return int.from_bytes(raw[26:28] + high, "little")

    def _nowhere(self, folder: _Folder, slot: int) -> CorruptStructure:
        start = self._cluster(folder.data[slot * SLOT_LENGTH :])
        return CorruptStructure(
            "deleted entry", folder.position(slot), "a place where it still lies", f"cluster {start}"
        )


def _all(data: bytes, value: int) -> Iterator[int]:
    at = data.find(value)
    while at >= 0:
        yield at
        at = data.find(value, at + 1)


def _first_of_short(raw: bytes, mark: int) -> int:
    """The first byte of the short name that has this checksum: FAT 1.03, page 28, backwards."""
    total = mark
    for byte in reversed(raw[1:]):
        total = _UNROTATED[total - byte & 0xFF]
    return total


def _fits(name: str, first: int) -> bool:
    """Whether a short name that begins with this byte can have been made for a long one."""
    if not name or not names.well_formed(bytes([first]) + bytes(10).replace(b"\0", b"A")) or first == DELETED:
        return False
    begins = name.lstrip(" .")[:1]
    return not (begins.isascii() and begins.isalnum()) or chr(first) == begins.upper()
