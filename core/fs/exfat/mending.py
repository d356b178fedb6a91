"""What a repair changes on an exFAT volume, each change in the phase in which it does no harm."""

from __future__ import annotations

from array import array
from collections.abc import Generator
from typing import Self

from core.blockdev.draft import DraftDevice
from core.entry import Remedy
from core.errors import CorruptStructure, NoSpace, ReadOnly
from core.fs.allocation import FreeSpace, Run
from core.fs.checking import Outcome
from core.fs.driver import Options, Warnings
from core.fs.exfat import upcase
from core.fs.exfat.checking import PERCENT, WINDOW, Checker, Problems, taken_map
from core.fs.exfat.checksums import rolling_32
from core.fs.exfat.directory import USUAL_MOST, node_of
from core.fs.exfat.geometry import Geometry, locate_geometry, regions_agree
from core.fs.exfat.renaming import corrected, renamed
from core.fs.exfat.sets import Sets
from core.fs.exfat.structures import (
    CHECKSUM_SECTOR,
    CONTIGUOUS,
    DIRECTORY,
    DIRTY,
    FILE,
    IN_USE,
    MEDIA_FAILURE,
    REGION_SECTORS,
    SECONDARY,
    STREAM_PACKED,
    SYSTEM_ENTRY,
    UNCHECKED,
    UPCASE,
)
from core.fs.exfat.writing import entries
from core.fs.exfat.writing.bitmap import Bitmap
from core.fs.exfat.writing.table import END, WritableTable
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.found import FoundFiles
from core.fs.ownership import Owner
from core.fs.relocating import in_runs, moved, pairs
from core.fs.repairing import Mender
from core.fs.slots import SLOT_LENGTH, Chunk
from core.fs.staging import Phase, Staging

_FLAGS = 106


class ExFatMender(Mender):
    """One walk over a draft of a volume."""

    def __init__(
        self, draft: DraftDevice, geometry: Geometry, origin: int, warnings: Warnings, *, keep: bool
    ) -> None:
        self.staging = Staging(draft, min(draft.sector_size, geometry.sector_size))
        self._draft = draft
        self._geometry = geometry
        self._keep = keep
        self._table = WritableTable(self.staging, geometry)
        self._sets = Sets(self.staging, geometry, self._table)
        self._checker = Checker(self.staging, geometry, self._table, warnings, origin)
        self._space: FreeSpace | None = None

    @classmethod
    def open(cls, draft: DraftDevice, options: Options, *, keep: bool) -> Self:
        """Lost clusters become files with `keep`. Raises as opening the volume."""
        warnings = Warnings()
        origin, geometry = locate_geometry(draft, warnings)
        if len(warnings) > 1 or (warnings and not origin and not regions_agree(draft, geometry)):
            raise ReadOnly("its boot region cannot be trusted, so that a repair would do harm")
        return cls(draft, geometry, origin, warnings, keep=keep)

    def problems(self) -> Problems:
        return self._checker.problems()

    @property
    def seen(self) -> int:
        return self._checker.seen

    def forget(self) -> None:
        self._table.forget()
        self._space = None

    # the volume ---------------------------------------------------------------------------------------------

    def mark_clean(self) -> None:
        """Section 3.1.13."""
        self.staging.stage(Phase.ENTRY, _FLAGS, b"\0", bytes([DIRTY | MEDIA_FAILURE]))

    def copy_region(self, source: int, target: int) -> None:
        """A boot region. Flags of the backup are stale: section 3.1.13."""
        region = bytearray(self.staging.read(source, REGION_SECTORS * self._geometry.sector_size))
        region[UNCHECKED[0]] = region[UNCHECKED[1]] = 0
        size = self._geometry.sector_size
        total = region[CHECKSUM_SECTOR * size : CHECKSUM_SECTOR * size + 4]
        region[CHECKSUM_SECTOR * size :] = total * (size // 4)
        self.staging.stage(Phase.ENTRY, target, bytes(region))

    def seal_region(self) -> None:
        """The checksum of the main boot region: section 3.4."""
        size = self._geometry.sector_size
        region = self.staging.read(0, CHECKSUM_SECTOR * size)
        total = rolling_32(byte for at, byte in enumerate(region) if at not in UNCHECKED)
        self.staging.stage(Phase.ENTRY, CHECKSUM_SECTOR * size, total.to_bytes(4, "little") * (size // 4))

    def inform(self) -> None:
        taken = 0
        for first in range(2, self._table.entries, WINDOW):
            count = min(WINDOW, self._table.entries - first)
            taken += taken_map(self.staging, self._checker.bitmap, first, count).count(1)
        self.staging.stage(Phase.FREE, PERCENT, bytes([taken * 100 // self._geometry.clusters]))

    def rebuild_upcase(self, position: int, old: list[Run]) -> Outcome:
        """The recommended up-case table (section 7.2.5.1) in clusters of its own, and the entry at `position`
        for it. The `old` clusters are free then, unless somebody else may have them. Raises NoSpace."""
        content = upcase.recommended()
        count = self._geometry.needed(len(content))
        new = self._room().take(count)
        if not new:
            raise NoSpace(count * self._geometry.cluster_size, 0)
        self._take(new)
        done = 0
        for first, length in new:
            piece = content[done : done + length * self._geometry.cluster_size]
            self.staging.stage(Phase.PREPARE, self._geometry.position(first), piece)
            done += len(piece)
        entry = {
            "type": UPCASE,
            "flags": 0,
            "checksum": upcase.CHECKSUM,
            "first_cluster": new[0][0],
            "size": len(content),
        }
        self.staging.stage(Phase.ENTRY, position, SYSTEM_ENTRY.build(entry))
        if not self._checker.owned.contested and not self._checker.hidden:
            bitmap = self._bitmap()
            for first, length in old:
                bitmap.mark(Phase.FREE, first, length, taken=False)
        return Outcome(Remedy.REBUILD, anew=True)

    def mark_taken(self) -> Generator[None, None, None]:
        """The clusters that files were found to have."""
        return self._bits(Phase.PREPARE, lost=False)

    def take_lost(self) -> Generator[None, None, Outcome | None]:
        if self._keep:
            return (yield from self._keep_lost())
        yield from self._bits(Phase.FREE, lost=True)
        self.inform()
        return None

    def _bits(self, phase: Phase, *, lost: bool) -> Generator[None, None, None]:
        """Makes the bitmap right where it has lost clusters as taken, or those of files as free."""
        bitmap = self._bitmap()
        for first in range(2, self._table.entries, WINDOW):
            for run in self._wrong_bits(first, lost=lost):
                bitmap.mark(phase, *run, taken=not lost)
            if self.staging.held:
                self.settle()
            yield None

    def _wrong_bits(self, first: int, *, lost: bool) -> list[Run]:
        count = min(WINDOW, self._table.entries - first)
        taken = taken_map(self.staging, self._checker.bitmap, first, count)
        marks = self._checker.owned.marks[first : first + count]
        nobodys = (Owner.NOBODY, Owner.BEYOND)
        return in_runs(
            [
                number
                for number, (bit, owner) in enumerate(zip(taken, marks, strict=True), first)
                if (bit and owner == Owner.NOBODY if lost else not bit and owner not in nobodys)
            ]
        )

    def _keep_lost(self) -> Generator[None, None, Outcome]:
        self.settle()
        lost: list[Run] = []
        for first in range(2, self._table.entries, WINDOW):
            lost += self._wrong_bits(first, lost=True)
            yield None
        found = FoundFiles(ExFatWriter.open(self._draft), self._geometry.cluster_size)
        for run in lost:
            if not found.add([run]):
                break
            yield None
        found.close()
        self.forget()
        return Outcome(Remedy.KEEP, found.names())

    # chains -------------------------------------------------------------------------------------------------

    def cut(self, last: int) -> None:
        """The chain ends with that cluster."""
        self._table.put(Phase.CUT, last, array("I", [END]))

    def copy_file(
        self, position: int, contiguous: bool, count: int, own: int, last_own: int
    ) -> Generator[None, None, Outcome | None]:
        """Its first `count` clusters, of which `own` are not shared, go to where nobody's are.

        Where there is no room the file ends before what is shared.
        """
        pieces, raw = self._set(position, contiguous)
        new = self._room().take(count)
        if not new:
            self.resize(position, contiguous, own * self._geometry.cluster_size, last_own)
            return Outcome(Remedy.SHORTEN if own else Remedy.EMPTY)
        old = self._clusters(raw, count)
        yield from self._copied(old, new)
        self._write(pieces, _placed(raw, new))
        bitmap = self._bitmap()
        for first, length in old:  # what was its own alone is nobody's now
            if own:
                bitmap.mark(Phase.FREE, first, min(own, length), taken=False)
            own -= min(own, length)
        return None

    def copy_folder(self, position: int, contiguous: bool) -> Generator[None, None, Outcome]:
        """Its entries are somewhere else then. Raises NoSpace."""
        self.settle()
        pieces, raw = self._set(position, contiguous)
        size = STREAM_PACKED.unpack_from(raw, SLOT_LENGTH)[5]
        old = self._clusters(raw, self._geometry.needed(size))
        count = sum(length for _, length in old)
        new = self._room().take(count)
        if not new:
            raise NoSpace(count * self._geometry.cluster_size, 0)
        yield from self._copied(old, new)
        self._write(pieces, _placed(raw, new))
        return Outcome(Remedy.COPY, anew=True)

    def _clusters(self, raw: bytes, count: int) -> list[Run]:
        """The first clusters of a set."""
        flags, _, _, _, first, _ = STREAM_PACKED.unpack_from(raw, SLOT_LENGTH)
        return [(first, count)] if flags & CONTIGUOUS else list(self._table.runs(first, count))

    def _copied(self, old: list[Run], new: list[Run]) -> Generator[None, None, None]:
        """Stages that clusters are taken, and copies to them. Raises MediumError."""
        position, unit = self._geometry.position, self._geometry.cluster_size
        self._take(new, chained=len(new) > 1)
        for source, target, count in pairs(old, new):
            yield from moved(self._draft, position(source), position(target), count * unit)
            self.staging.written(position(target), count * unit)

    def _take(self, new: list[Run], *, chained: bool = True) -> None:
        bitmap = self._bitmap()
        for index, (first, count) in enumerate(new):
            bitmap.mark(Phase.PREPARE, first, count, taken=True)
            if chained:
                following = new[index + 1][0] if index + 1 < len(new) else END
                chain = array("I", [*range(first + 1, first + count), following])
                self._table.put(Phase.PREPARE, first, chain)

    def _room(self) -> FreeSpace:
        """Clusters that are free and that no file was found to have. Raises CorruptStructure."""
        bitmap, marks = self._bitmap(), self._checker.owned.marks

        def free(first: int, count: int) -> bytes:
            told, owners = bitmap.free_map(first, count), marks[first : first + count]
            return bytes(one and not owner for one, owner in zip(told, owners, strict=True))

        if self._space is None:
            self._space = FreeSpace(2, self._table.entries, free, 0)
        return self._space

    def _bitmap(self) -> Bitmap:
        if not self._checker.bitmap:
            raise CorruptStructure("root directory", 0, "an allocation bitmap", "none")
        return Bitmap(self.staging, self._checker.bitmap)

    # sets of entries ----------------------------------------------------------------------------------------

    def correct(self, position: int, contiguous: bool) -> Outcome:
        """The set is made one that says what is there. Raises CorruptStructure when that is too little."""
        pieces = self._sets.slots(node_of(position, contiguous), 1 + USUAL_MOST)
        raw = b"".join([piece.data for piece in pieces])
        try:
            new, name = corrected(raw, self._checker.upcase, position)
        except CorruptStructure:
            if STREAM_PACKED.unpack_from(raw, SLOT_LENGTH)[5]:
                raise
            self.remove(position, contiguous)  # neither a name nor any bytes
            return Outcome(Remedy.REMOVE_ENTRY)
        self._write(pieces, new)
        return Outcome(Remedy.RENAME, name) if name else Outcome(Remedy.CORRECT)

    def rename(self, position: int, contiguous: bool, taken: set[str]) -> Outcome:
        """A name that is not among the `taken` ones, in as many entries. Raises CorruptStructure."""
        pieces, raw = self._set(position, contiguous)
        new, name = renamed(raw, self._checker.upcase, taken, position)
        self._write(pieces, new)
        return Outcome(Remedy.RENAME, name)

    def resize(self, position: int, contiguous: bool, size: int, ends: int = 0) -> None:
        """`ends`: the cluster with which the chain is to end. What has no bytes has no clusters."""
        pieces, raw = self._set(position, contiguous)
        flags, _, _, valid, first, _ = STREAM_PACKED.unpack_from(raw, SLOT_LENGTH)
        is_folder = entries.attributes_of(raw) & DIRECTORY
        valid = size if is_folder else min(valid, size)
        in_a_row = bool(flags & CONTIGUOUS)
        new = entries.with_content(raw, in_a_row, first if size else 0, size, valid)
        self._write(pieces, entries.sealed(new))
        if ends and size and not in_a_row:
            self.cut(ends)

    def remove(self, position: int, contiguous: bool) -> None:
        """A file entry with the secondary entries behind it."""
        pieces = self._sets.slots(node_of(position, contiguous))
        for number, (head, place) in enumerate(_heads(pieces)):
            if number and head < IN_USE | SECONDARY:
                break
            self.staging.stage(Phase.ENTRY, place, bytes([head & ~IN_USE]))

    def show_again(self, pieces: list[tuple[int, int]], kept: list[int]) -> Outcome:
        """Entries behind the end of a folder: those that are kept come before its end, and others go."""
        ended, last = False, kept[-1]
        for start, length in pieces:
            for place in range(start, start + length, SLOT_LENGTH):
                head = self.staging.read(place, 1)[0]
                ended = ended or head == 0
                if ended and (head == 0 or (head == FILE and place not in kept)):
                    self.staging.stage(Phase.ENTRY, place, bytes([FILE & ~IN_USE]))
                if place == last:
                    return Outcome(Remedy.RECOVER, anew=True)
        return Outcome(Remedy.RECOVER, anew=True)

    def remove_pieces(self, position: int) -> None:
        """Secondary entries without a file, from this one on as far as they go in its cluster."""
        size = self._geometry.cluster_size
        end = position + size - (position - self._geometry.heap_offset) % size
        for place in range(position, end, SLOT_LENGTH):
            head = self.staging.read(place, 1)[0]
            if head < IN_USE | SECONDARY:
                break
            self.staging.stage(Phase.ENTRY, place, bytes([head & ~IN_USE]))

    def _set(self, position: int, contiguous: bool) -> tuple[tuple[Chunk, ...], bytes]:
        """(pieces, bytes) of a set, as many entries as it says."""
        pieces = self._sets.slots(node_of(position, contiguous))
        raw = b"".join([piece.data for piece in pieces])
        return pieces, raw[: (1 + raw[1]) * SLOT_LENGTH]

    def _write(self, pieces: tuple[Chunk, ...], raw: bytes) -> None:
        """Stages other bytes for a set. What it had beyond them is in use no more."""
        done = 0
        for data, _, position in pieces:
            piece = raw[done : done + len(data)]
            if piece and piece != data[: len(piece)]:
                self.staging.stage(Phase.ENTRY, position, piece)
            done += len(data)
        behind = len(raw) // SLOT_LENGTH
        for head, place in _heads(pieces)[behind:]:
            if head < IN_USE | SECONDARY:
                break
            self.staging.stage(Phase.ENTRY, place, bytes([head & ~IN_USE]))


def _placed(raw: bytes, new: list[Run]) -> bytes:
    """A set with its clusters elsewhere."""
    _, _, _, valid, _, size = STREAM_PACKED.unpack_from(raw, SLOT_LENGTH)
    return entries.sealed(entries.with_content(raw, len(new) == 1, new[0][0], size, min(valid, size)))


def _heads(pieces: tuple[Chunk, ...]) -> list[tuple[int, int]]:
    """(type, position) of the slots."""
    return [
        (data[at], position + at) for data, _, position in pieces for at in range(0, len(data), SLOT_LENGTH)
    ]
