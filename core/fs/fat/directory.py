"""Entries of a directory from its bytes: the loop that thousands of names go through."""

from __future__ import annotations

from collections.abc import Iterator

from core.entry import Entry, Kind
from core.errors import CorruptStructure, Fault
from core.fs.dostimes import nanoseconds
from core.fs.driver import Warnings
from core.fs.fat import names
from core.fs.fat.geometry import Geometry
from core.fs.fat.structures import (
    DELETED,
    DIRECTORY,
    DOTS,
    END,
    KEPT_ATTRIBUTES,
    LAST_PIECE,
    LISTED_PACKED,
    LONG_ATTRIBUTES,
    LONG_MASK,
    MOST_PIECES,
    VOLUME_LABEL,
)
from core.fs.slots import SLOT_LENGTH, Chunk, beginning_at, place

SLOT_BITS = 16
"""A directory has at most 65,536 slots, so a node is its directory's first cluster and its slot, plus one."""

_DESCENDING = [bytes(range(count - 1, 0, -1)) for count in range(MOST_PIECES + 1)]
"""The orders of the pieces of a long name after the first of them, which has its own mark."""
_WHOLE = [
    bytes((head, *_DESCENDING[head & ~LAST_PIECE]))
    if head & LAST_PIECE and 1 <= head & ~LAST_PIECE <= MOST_PIECES
    else None
    for head in range(256)
]
"""The orders of all pieces of a long name by that of the first, None where it begins no name."""
_ALL_LONG = [bytes((LONG_ATTRIBUTES,)) * count for count in range(LAST_PIECE * 4)]
_NO_OWNER = (DELETED, END)
_LONG_MASKED = bytes(
    LONG_ATTRIBUTES if value & LONG_MASK == LONG_ATTRIBUTES else value for value in range(256)
)
_FEW = 8
"""Slots up to which looking at each costs less than looking at all of them at once."""
_FILE, _FOLDER = Kind.FILE, Kind.DIRECTORY


def node_of(directory: int, slot: int) -> int:
    """The node of a slot in the directory that begins at that cluster (0: the root)."""
    return ((directory << SLOT_BITS) | slot) + 1


class Parser:
    """Turns the chunks of one directory, in order, into entries. `ended` once the end mark was met."""

    def __init__(self, directory: int, geometry: Geometry, code_page: str, warnings: Warnings) -> None:
        self.ended = False
        self._directory = directory
        self._last_cluster = geometry.clusters + 1
        self._cluster_bits = 0xFFFF_FFFF if geometry.width == 32 else 0xFFFF
        self._code_page = code_page
        self._warnings = warnings
        self._carried: tuple[Chunk, ...] = ()
        """Pieces of a long name whose rest is in the next chunk."""

    def entries(self, chunk: Chunk) -> list[Entry]:
        chunks = (*self._carried, chunk)
        self._carried = ()
        data = chunk.data if len(chunks) == 1 else b"".join(piece.data for piece in chunks)
        return self._parse(data, chunks)

    def rest(self) -> None:
        """The directory is over, and what was carried has no owner."""
        if self._carried:
            self._orphan(self._carried[0].position, "no entry after it")

    def _parse(self, data: bytes, chunks: tuple[Chunk, ...]) -> list[Entry]:
        found: list[Entry] = []
        heads = data[0::SLOT_LENGTH]
        kinds = data[11::SLOT_LENGTH].translate(_LONG_MASKED)
        slots = len(kinds)
        told = data[13::SLOT_LENGTH]
        sums, text = b"", None
        if LONG_ATTRIBUTES in kinds:
            if slots > _FEW:
                sums, text = names.checksums(data), names.texts(data, kinds)
            else:
                sums = bytes(
                    [names.checksum(data[start : start + 11]) for start in range(0, len(data), SLOT_LENGTH)]
                )
        base = node_of(self._directory, chunks[0].slot)
        last, cluster_bits, unpack = self._last_cluster, self._cluster_bits, LISTED_PACKED.unpack_from
        units = names.UNITS
        at = 0
        while at < slots:
            head = heads[at]
            if head == DELETED:
                at += 1
                continue
            if head == END:
                self.ended = True
                break
            owner, name, problem = at, "", None
            if kinds[at] == LONG_ATTRIBUTES:
                owner = at + (head & ~LAST_PIECE)
                pieces = owner - at
                if (
                    owner < slots
                    and heads[at:owner] == _WHOLE[head]
                    and kinds[at:owner] == _ALL_LONG[pieces]
                    and told.count(sums[owner], at, owner) == pieces
                    and heads[owner] not in _NO_OWNER
                    and kinds[owner] != LONG_ATTRIBUTES
                ):
                    if text is None:
                        name = names.long_name(data, at * SLOT_LENGTH, pieces)
                    else:
                        start, stop = (slots - owner) * units, (slots - at) * units
                        end = text.find("\0", start, stop)
                        name = text[start : stop if end < 0 else end]
                elif not head & LAST_PIECE or not 1 <= pieces <= MOST_PIECES:
                    self._orphan(place(at, chunks), f"a piece numbered {head:#04x} without its first")
                    at = _behind(kinds, heads, at)
                    continue
                elif owner >= slots and _intact(told, heads, kinds, at, slots - at):
                    self._carried = beginning_at(at, chunks)
                    break
                elif not _intact(told, heads, kinds, at, pieces):
                    self._orphan(place(at, chunks), f"not all of its {pieces} pieces")
                    at = _behind(kinds, heads, at)
                    continue
                elif heads[owner] in _NO_OWNER or kinds[owner] == LONG_ATTRIBUTES:
                    self._orphan(place(at, chunks), "no entry after it")
                    at = owner
                    continue
                else:
                    problem = self._wrong_checksum(place(at, chunks), sums[owner], told[at])
            at = owner + 1
            if kinds[owner] & VOLUME_LABEL:
                continue
            raw, attributes, case, high, time, day, low, size = unpack(data, owner * SLOT_LENGTH)
            if not name:
                if raw in DOTS:
                    continue
                name = names.short_name(raw, case, self._code_page)
                if problem is None and not names.well_formed(raw):
                    problem = self._garbage(place(owner, chunks), raw)
            cluster = (low | high << 16) & cluster_bits
            if attributes & DIRECTORY:
                kind, size = _FOLDER, 0
                sound = 2 <= cluster <= last
            else:
                kind = _FILE
                sound = 2 <= cluster <= last if size else cluster <= last
            if not sound and problem is None:
                problem = self._outside(place(owner, chunks), cluster, last)
            modified, kept = nanoseconds(day, time), attributes & KEPT_ATTRIBUTES
            found.append(Entry(name, base + owner, kind, size, modified, kept, None, problem))
        return found

    def _orphan(self, place: int, found: str) -> None:
        self._warnings.note(Fault.of(CorruptStructure("long name", place, "the entry it belongs to", found)))

    def _wrong_checksum(self, place: int, expected: int, found: int) -> Fault:
        """The name belongs to another entry: something renamed this one that knows no long names."""
        fault = Fault.of(CorruptStructure("long name", place, f"checksum {expected:#04x}", f"{found:#04x}"))
        self._warnings.note(fault)
        return fault

    def _garbage(self, place: int, raw: bytes) -> Fault:
        return Fault.of(CorruptStructure("directory entry", place, "a name", raw.hex(" ")))

    def _outside(self, place: int, cluster: int, last: int) -> Fault:
        return Fault.of(
            CorruptStructure(
                "directory entry", place, f"a first cluster from 2 to {last}", f"cluster {cluster}"
            )
        )


def _intact(told: bytes, heads: bytes, kinds: bytes, at: int, pieces: int) -> bool:
    """Whether the next `pieces` from `at` are there, numbered downwards, and agree in their checksum."""
    end = at + pieces
    return (
        heads[at + 1 : end] == _DESCENDING[heads[at] & ~LAST_PIECE][: pieces - 1]
        and kinds.count(LONG_ATTRIBUTES, at, end) == pieces
        and told.count(told[at], at, end) == pieces
    )


def _behind(kinds: bytes, heads: bytes, at: int) -> int:
    """The slot behind the pieces that go with the broken one at `at`."""
    at += 1
    while at < len(kinds) and kinds[at] == LONG_ATTRIBUTES and not heads[at] & LAST_PIECE:
        at += 1
    return at


def own_slots(chunks: list[Chunk]) -> tuple[Chunk, ...]:
    """Of the slots up to an entry, that entry's and those that may be its long name."""
    kinds = b"".join(chunk.data[11::SLOT_LENGTH] for chunk in chunks).translate(_LONG_MASKED)
    first = len(kinds) - 1
    while first > 0 and kinds[first - 1] == LONG_ATTRIBUTES:
        first -= 1
    return beginning_at(first, tuple(chunks))


def volume_label(chunks: Iterator[Chunk]) -> bytes | None:
    """The 11 bytes of the label in a root directory: FAT 1.03, page 24."""
    for chunk in chunks:
        heads = chunk.data[0::SLOT_LENGTH]
        kinds = chunk.data[11::SLOT_LENGTH].translate(_LONG_MASKED)
        for at, kind in enumerate(kinds):
            if heads[at] == END:
                return None
            if kind & VOLUME_LABEL and kind != LONG_ATTRIBUTES and heads[at] != DELETED:
                return chunk.data[at * SLOT_LENGTH : at * SLOT_LENGTH + 11]
    return None
