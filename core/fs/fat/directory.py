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
    END,
    KEPT_ATTRIBUTES,
    LAST_PIECE,
    LONG_ATTRIBUTES,
    LONG_MASK,
    MOST_PIECES,
    SHORT_PACKED,
    VOLUME_LABEL,
)
from core.fs.slots import SLOT_LENGTH, Chunk, beginning_at, place

SLOT_BITS = 16
"""A directory has at most 65,536 slots, so a node is its directory's first cluster and its slot, plus one."""

_DESCENDING = [bytes(range(count - 1, 0, -1)) for count in range(MOST_PIECES + 1)]
"""The orders of the pieces of a long name after the first of them, which has its own mark."""
_LONG_MASKED = bytes(
    LONG_ATTRIBUTES if value & LONG_MASK == LONG_ATTRIBUTES else value for value in range(256)
)
_DOTS = (b".          ", b"..         ")


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
                pieces = head & ~LAST_PIECE
                owner = at + pieces
                if not head & LAST_PIECE or not 1 <= pieces <= MOST_PIECES:
                    self._orphan(place(at, chunks), f"a piece numbered {head:#04x} without its first")
                    at = _behind(kinds, heads, at)
                    continue
                if owner >= slots and _intact(data, heads, kinds, at, slots - at):
                    self._carried = beginning_at(at, chunks)
                    break
                if not _intact(data, heads, kinds, at, pieces):
                    self._orphan(place(at, chunks), f"not all of its {pieces} pieces")
                    at = _behind(kinds, heads, at)
                    continue
                if heads[owner] in (DELETED, END) or kinds[owner] == LONG_ATTRIBUTES:
                    self._orphan(place(at, chunks), "no entry after it")
                    at = owner
                    continue
                start = at * SLOT_LENGTH
                expected = names.checksum(data[owner * SLOT_LENGTH : owner * SLOT_LENGTH + 11])
                if data[start + 13] == expected:
                    name = names.long_name(data, start, pieces)
                else:
                    problem = self._wrong_checksum(place(at, chunks), expected, data[start + 13])
            at = owner + 1
            if kinds[owner] & VOLUME_LABEL:
                continue
            entry = self._entry(data, owner, chunks, name, problem)
            if entry is not None:
                found.append(entry)
        return found

    def _entry(
        self, data: bytes, at: int, chunks: tuple[Chunk, ...], name: str, problem: Fault | None
    ) -> Entry | None:
        """The entry in slot `at`; None for the two that every directory has."""
        raw, attributes, case, _, _, _, _, high, time, day, low, size = SHORT_PACKED.unpack_from(
            data, at * SLOT_LENGTH
        )
        if not name:
            if raw in _DOTS:
                return None
            name = names.short_name(raw, case, self._code_page)
            if problem is None and not names.well_formed(raw):
                problem = self._garbage(place(at, chunks), raw)
        cluster = (low | high << 16) & self._cluster_bits
        last = self._last_cluster
        if attributes & DIRECTORY:
            kind, size = Kind.DIRECTORY, 0
            sound = 2 <= cluster <= last
        else:
            kind = Kind.FILE
            sound = 2 <= cluster <= last if size else cluster <= last
        if not sound and problem is None:
            problem = self._outside(place(at, chunks), cluster, last)
        return Entry(
            name,
            node_of(self._directory, chunks[0].slot + at),
            kind,
            size,
            nanoseconds(day, time),
            attributes & KEPT_ATTRIBUTES,
            None,
            problem,
        )

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


def _intact(data: bytes, heads: bytes, kinds: bytes, at: int, pieces: int) -> bool:
    """Whether the next `pieces` from `at` are there, numbered downwards, and agree in their checksum."""
    end = at + pieces
    start = at * SLOT_LENGTH + 13
    checksums = data[start : start + pieces * SLOT_LENGTH : SLOT_LENGTH]
    return (
        heads[at + 1 : end] == _DESCENDING[heads[at] & ~LAST_PIECE][: pieces - 1]
        and kinds.count(LONG_ATTRIBUTES, at, end) == pieces
        and checksums.count(checksums[0]) == pieces
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
