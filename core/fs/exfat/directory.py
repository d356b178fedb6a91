"""Entries of a directory from its bytes: the loop that thousands of names go through."""

from __future__ import annotations

from core.entry import Entry, Kind
from core.errors import CorruptStructure, Fault, UnsupportedFeature
from core.fs.driver import Warnings
from core.fs.exfat import checksums, names
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.structures import (
    ALLOCATION_POSSIBLE,
    BENIGN,
    BITMAP,
    CONTIGUOUS,
    DIRECTORY,
    END,
    FILE,
    FILE_NAME,
    FILE_PACKED,
    IN_USE,
    KEPT_ATTRIBUTES,
    LABEL,
    MOST_DIRECTORY,
    MOST_NAMES,
    MOST_SECONDARIES,
    NAME_PIECE,
    SECONDARY,
    STREAM,
    STREAM_PACKED,
    UPCASE,
)
from core.fs.exfat.times import utc
from core.fs.slots import SLOT_LENGTH, Chunk, beginning_at, place

USUAL_MOST = 1 + MOST_NAMES
"""Secondary entries of a file that has nothing but its stream extension and its name."""
_USUAL = {count: bytes([STREAM]) + bytes([FILE_NAME]) * (count - 1) for count in range(2, USUAL_MOST + 1)}
_LARGEST_SIZE = 2**63 - 1
_FILE, _FOLDER = Kind.FILE, Kind.DIRECTORY
_NAMELESS = "\N{REPLACEMENT CHARACTER}"


def node_of(position: int, contiguous: bool) -> int:
    """The node of the file entry at a place on the volume, in a directory that is contiguous or a chain."""
    return position // SLOT_LENGTH << 1 | contiguous


def place_of(node: int) -> tuple[int, bool]:
    """(position, contiguous) of a node."""
    return (node >> 1) * SLOT_LENGTH, bool(node & 1)


def is_usual(secondaries: bytes) -> bool:
    """Whether entries of these types are a stream extension and a name, and nothing else."""
    return secondaries == _USUAL.get(len(secondaries))


class Parser:
    """Turns the chunks of one directory, in order, into entries. `ended` once the end mark was met."""

    def __init__(self, geometry: Geometry, warnings: Warnings, contiguous: bool, root: bool) -> None:
        self.ended = False
        self._geometry = geometry
        self._capacity = geometry.clusters * geometry.cluster_size
        self._warnings = warnings
        self._contiguous = contiguous
        self._root = root
        self._carried: tuple[Chunk, ...] = ()
        """A set of entries whose rest is in the next chunk."""

    def entries(self, chunk: Chunk) -> list[Entry]:
        found: list[Entry] = []
        if self._carried:
            _, slot, _ = self._carried[-1]
            if chunk.slot != slot + len(self._carried[-1].data) // SLOT_LENGTH:  # what lies between is lost
                found = self.rest()
        chunks = (*self._carried, chunk)
        self._carried = ()
        return found + self._parse(chunks, last=False)

    def rest(self) -> list[Entry]:
        """The directory is over: what was carried, without its rest."""
        chunks, self._carried = self._carried, ()
        return self._parse(chunks, last=True) if chunks else []

    def first(self, chunks: tuple[Chunk, ...]) -> Entry:
        """The entry whose set begins the chunks, whatever follows it."""
        return self._parse(chunks, last=True)[0]

    def _parse(self, chunks: tuple[Chunk, ...], last: bool) -> list[Entry]:
        data = chunks[0].data if len(chunks) == 1 else b"".join([chunk.data for chunk in chunks])
        heads = data[::SLOT_LENGTH]
        slots = len(heads)
        sets: list[tuple[int, int]] = []
        at = 0
        while at < slots:
            head = heads[at]
            if head < IN_USE:
                if head == END:
                    self.ended = True
                    break
                at += 1
                continue
            if head != FILE:
                at = self._other(data, heads, at, chunks)
                continue
            declared = data[at * SLOT_LENGTH + 1]
            count = declared if declared > 1 else USUAL_MOST
            behind = at + 1 + count
            if behind > slots and not last and _secondaries(heads, at + 1, slots) == slots - at - 1:
                self._carried = beginning_at(at, chunks)
                break
            if heads[at + 1 : behind] != _USUAL.get(declared):
                count = _secondaries(heads, at + 1, behind)
            sets.append((at, count))
            at += 1 + count
        sums = _sums(data, sets)
        base, here = chunks[0].position, len(chunks[0].data) // SLOT_LENGTH
        return [
            self._entry(
                data,
                heads,
                at,
                count,
                sums.get(at, -1),
                base + at * SLOT_LENGTH if at < here else place(at, chunks),
            )
            for at, count in sets
        ]

    def _entry(self, data: bytes, heads: bytes, at: int, count: int, expected: int, position: int) -> Entry:
        """The entry of the set of `count` secondary entries behind slot `at`, which lies at `position`."""
        start = at * SLOT_LENGTH
        checksum, attributes, stamp, hundredths, offset = FILE_PACKED.unpack_from(data, start)
        kind = _FOLDER if attributes & DIRECTORY else _FILE
        behind = heads[at + 1 : at + 1 + count]
        problem, pieces = None, count - 1
        if behind != _USUAL.get(count):
            problem, pieces = self._unusual(behind, position)
        if checksum != expected:
            problem = self._wrong_checksum(data[start + 1], count, checksum, expected, position)
        name, size = "", 0
        if pieces >= 0:
            flags, length, _, valid, first, size = STREAM_PACKED.unpack_from(data, start + SLOT_LENGTH)
            name = names.decoded(names.raw_name(data, start + 2 * SLOT_LENGTH, pieces, length))
            if problem is None and not (1 <= length <= pieces * NAME_PIECE and names.well_formed(name)):
                problem = self._wrong_name(name, length, pieces, position)
            if problem is None and (size or first):
                problem = self._wrong_allocation(kind, flags, first, valid, size, position)
        return Entry(
            name or _NAMELESS,
            node_of(position, self._contiguous),
            kind,
            0 if kind is _FOLDER else min(size, _LARGEST_SIZE),
            utc(stamp, hundredths, offset),
            attributes & KEPT_ATTRIBUTES,
            None,
            problem,
        )

    def _unusual(self, behind: bytes, position: int) -> tuple[Fault | None, int]:
        """(what is wrong with a set of these secondary entries, the number of those that have the name).

        Benign ones may follow (sections 7.8 and 7.9); critical ones that are unknown make the whole set
        unknown (section 8.2). The number is -1 when there is not even a stream extension.
        """
        if not behind or behind[0] != STREAM:
            found = f"{behind[0]:#04x}" if behind else "none"
            return _corrupt(position, "a stream extension next", found), -1
        pieces = 0
        while pieces < MOST_NAMES and behind[1 + pieces : 2 + pieces] == bytes([FILE_NAME]):
            pieces += 1
        if pieces == 0:
            return _corrupt(position, "a file name", "none"), 0
        for head in behind[1 + pieces :]:
            if head in (STREAM, FILE_NAME):
                return _corrupt(position, "one stream extension, then the name", f"{head:#04x} later"), pieces
            if not head & BENIGN:
                return Fault.of(UnsupportedFeature(f"critical secondary entry {head:#04x}")), pieces
        return None, pieces

    def _wrong_checksum(
        self, declared: int, count: int, checksum: int, expected: int, position: int
    ) -> Fault:
        """Section 6.3.3. The set may also be too short for its checksum to be known."""
        if declared < 2:
            return _corrupt(position, "at least 2 secondary entries", str(declared))
        if expected < 0:
            return _corrupt(position, f"{declared} secondary entries", str(count))
        return _corrupt(position, f"checksum {expected:#06x}", f"{checksum:#06x}")

    def _wrong_name(self, name: str, length: int, pieces: int, position: int) -> Fault:
        """Section 7.7."""
        most = pieces * NAME_PIECE
        if not 1 <= length <= most:
            return _corrupt(position, f"a name of 1 to {most} characters", str(length))
        return _corrupt(position, "a name", ascii(name))

    def _wrong_allocation(
        self, kind: Kind, flags: int, first: int, valid: int, size: int, position: int
    ) -> Fault | None:
        """Sections 6.4.2 to 6.4.4, 7.6.5 to 7.6.7."""
        geometry = self._geometry
        last = geometry.last_cluster
        if not flags & ALLOCATION_POSSIBLE:
            return _corrupt(position, "an allocation possible", "none")
        if size > self._capacity:
            return _corrupt(position, f"at most {self._capacity} bytes", str(size))
        if not 2 <= first <= last:
            return _corrupt(position, f"a first cluster from 2 to {last}", f"cluster {first}")
        if flags & CONTIGUOUS and first + geometry.needed(size) - 1 > last:
            return _corrupt(position, f"{geometry.needed(size)} clusters in a row", f"{last - first + 1}")
        if kind is Kind.DIRECTORY:
            if size % geometry.cluster_size or size > MOST_DIRECTORY:
                return _corrupt(position, f"whole clusters, at most {MOST_DIRECTORY} bytes", str(size))
        elif valid > size:
            return _corrupt(position, f"at most {size} valid bytes", str(valid))
        return None

    def _other(self, data: bytes, heads: bytes, at: int, chunks: tuple[Chunk, ...]) -> int:
        """The slot behind an entry that is no file's (sections 6.2.1 and 8.2)."""
        head = heads[at]
        belonging = _secondaries(heads, at + 1, at + 1 + MOST_SECONDARIES)
        if head & SECONDARY:
            self._warn(place(at, chunks), "a primary entry before", f"{head:#04x} alone")
        elif head & BENIGN:
            belonging = min(belonging, data[at * SLOT_LENGTH + 1])
        elif head not in (BITMAP, UPCASE, LABEL):
            self._warn(place(at, chunks), "a type of entry of revision 1.00", f"{head:#04x}")
        else:
            belonging = 0
            if not self._root:
                self._warn(place(at, chunks), "only files outside the root directory", f"{head:#04x}")
        return at + 1 + belonging

    def _warn(self, position: int, expected: str, found: str) -> None:
        self._warnings.note(_corrupt(position, expected, found))


def _corrupt(position: int, expected: str, found: str) -> Fault:
    return Fault.of(CorruptStructure("directory entry", position, expected, found))


def _secondaries(heads: bytes, start: int, stop: int) -> int:
    """How many secondary entries in use there are in a row."""
    at = start
    stop = min(stop, len(heads))
    while at < stop and heads[at] >= IN_USE | SECONDARY:
        at += 1
    return at - start


def _sums(data: bytes, sets: list[tuple[int, int]]) -> dict[int, int]:
    """The checksums of the sets that are complete, by their slots."""
    alike: dict[int, list[int]] = {}
    for at, count in sets:
        if count == data[at * SLOT_LENGTH + 1] > 1:
            alike.setdefault(count, []).append(at)
    sums: dict[int, int] = {}
    for count, slots in alike.items():
        sums.update(zip(slots, checksums.of_sets(data, slots, 1 + count), strict=True))
    return sums
