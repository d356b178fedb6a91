"""What a repair changes on a FAT volume, each change in the phase in which it does no harm."""

from __future__ import annotations

from array import array
from collections.abc import Generator
from typing import Self

import msgspec

from core.blockdev.draft import DraftDevice
from core.entry import FindingKind, Remedy
from core.errors import NoSpace, ReadOnly
from core.fs.allocation import FreeSpace, Run
from core.fs.checking import Outcome
from core.fs.clusters import WINDOW
from core.fs.driver import Options, Warnings
from core.fs.fat.checking import FREE, STATE, Checker, Problems
from core.fs.fat.credibility import is_credible, is_vouched_for
from core.fs.fat.driver import LARGEST
from core.fs.fat.entry_mending import EntryMender
from core.fs.fat.geometry import Geometry, locate_geometry
from core.fs.fat.lost import lost_chains
from core.fs.fat.structures import (
    BOOT_SECTOR_LENGTH,
)
from core.fs.fat.writing import entries
from core.fs.fat.writing.table import WritableTable
from core.fs.fat.writing.writer import FatWriter
from core.fs.found import FoundFiles
from core.fs.ownership import Ownership
from core.fs.relocating import in_runs, moved, pairs
from core.fs.slots import SLOT_LENGTH
from core.fs.staging import Mirror, Phase, Staging

_PIECE = 1 << 20
_BLOCK = 4096
_BROKEN = (
    FindingKind.ENTRY,
    FindingKind.CHAIN,
    FindingKind.TOO_SHORT,
    FindingKind.SHARED,
    FindingKind.PARENT,
    FindingKind.UNREADABLE,
    FindingKind.BOOT_SECTOR,
)
"""Findings by which the better of two allocation tables is known; lost clusters decide between equals."""


class FatMender(EntryMender):
    """One walk over a draft of a volume."""

    def __init__(self, draft: DraftDevice, geometry: Geometry, origin: int, warnings: Warnings) -> None:
        tables = geometry.tables
        size = tables[1] - tables[0] if len(tables) > 1 else 0
        mirrors = tuple(Mirror(tables[0], size, table - tables[0]) for table in tables[1:])
        self.staging = Staging(draft, min(draft.sector_size, geometry.sector_size), mirrors)
        self._draft = draft
        self._geometry = geometry
        self._origin = origin
        self._warnings = warnings
        self._table = WritableTable(self.staging, geometry, Warnings())
        self._code_page = ""
        self._keep = False
        self._stripped = set()
        self._folder = None
        self._space: FreeSpace | None = None
        self._checker = None

    @classmethod
    def open(cls, draft: DraftDevice, options: Options, *, keep: bool) -> Self:
        """Lost clusters become files with `keep`. Raises as opening the volume."""
        warnings = Warnings()
        origin, geometry = locate_geometry(draft, warnings)
        if len(warnings) > (origin > 0) or not (origin or is_credible(draft, geometry)):
            raise ReadOnly("its boot sector cannot be trusted, so that a repair would do harm")
        mender = cls(draft, geometry, origin, warnings)
        mender.vouched_for = is_vouched_for(draft, geometry)
        mender._code_page, mender._keep = options.code_page, keep
        return mender

    def problems(self) -> Problems:
        self._checker = Checker(
            self.staging, self._geometry, self._table, self._code_page, self._warnings, self._origin
        )
        return self._checker.problems()

    @property
    def seen(self) -> int:
        return 0 if self._checker is None else self._checker.seen

    def forget(self) -> None:
        self._table.forget()
        self._folder = self._space = None

    # the volume ---------------------------------------------------------------------------------------------

    def mark_clean(self) -> None:
        """FAT 1.03, page 18; and the bits that Windows NT and Linux keep in the boot sector."""
        width = self._geometry.width
        if width != 12:
            bits = 0xC000 if width == 16 else 0x0C000000
            self._table.put(Phase.ENTRY, 1, [self._table.entry(1) | bits])
        if self._geometry.dirty:
            self.staging.stage(Phase.ENTRY, STATE[width], b"\0", b"\3")

    def first_entry(self, value: int) -> None:
        self._table.put(Phase.ENTRY, 0, [value])

    def copy_boot_sector(self, source: int, target: int) -> None:
        sector = bytearray(self.staging.read(source, BOOT_SECTOR_LENGTH))
        if target:
            sector[STATE[32]] &= ~3
        self.staging.stage(Phase.ENTRY, target, bytes(sector))

    def new_information(self) -> None:
        """FAT 1.03, page 21."""
        sector = bytearray(BOOT_SECTOR_LENGTH)
        sector[:4], sector[484:488], sector[510:] = b"RRaA", b"rrAa", b"\x55\xaa"
        sector[FREE : FREE + 8] = b"\xff" * 8
        self.staging.stage(Phase.ENTRY, self._geometry.information_offset, bytes(sector))
        self.inform()

    def inform(self) -> None:
        free = 0
        for first in range(0, self._table.entries, WINDOW):
            values = self._table.load(first, min(WINDOW, self._table.entries - first))
            free += sum(1 for value in values[2 if first == 0 else 0 :] if not value & self._table.mask)
        data = free.to_bytes(4, "little")
        self.staging.stage(Phase.FREE, self._geometry.information_offset + FREE, data)

    def even_tables(self, other: int) -> Generator[None, None, None]:
        """Of the first table and another, the one under which less of the volume is broken counts."""
        tables = self._geometry.tables
        turned = (tables[other], *(table for table in tables if table != tables[other]))
        first = yield from self._faults(self._geometry)
        second = yield from self._faults(msgspec.structs.replace(self._geometry, tables=turned))
        good, bad = (tables[other], tables[0]) if second < first else (tables[0], tables[other])
        length = -(-self._table.entries * self._geometry.width // 8)
        for start in range(0, length, _PIECE):
            size = min(_PIECE, length - start)
            right, wrong = self.staging.read(good + start, size), self.staging.read(bad + start, size)
            for at in range(0, size, _BLOCK):
                if right[at : at + _BLOCK] != wrong[at : at + _BLOCK]:
                    self.staging.write(bad + start + at, right[at : at + _BLOCK])
            yield None
        self.staging.flush()
        self.forget()

    def _faults(self, geometry: Geometry) -> Generator[None, None, tuple[int, int]]:
        table = WritableTable(self.staging, geometry, Warnings())
        broken = lost = 0
        for finding in Checker(self.staging, geometry, table, self._code_page, Warnings()).findings():
            if finding is None:
                yield None
            elif finding.kind in _BROKEN:
                broken += 1
            elif finding.kind is FindingKind.LOST:
                lost += finding.clusters
        return broken, lost

    def take_lost(self, owned: Ownership) -> Generator[None, None, Outcome | None]:
        if self._keep:
            return (yield from self._keep_lost(owned))
        for base in range(0, self._table.entries, WINDOW):
            values = self._table.load(base, min(WINDOW, self._table.entries - base))
            mask, bad = self._table.mask, self._table.mask - 8
            lost = [
                number
                for number, value in enumerate(values, base)
                if number >= 2 and value & mask and not owned.marks[number] and value & mask != bad
            ]
            for first, count in in_runs(lost):
                self._table.put(Phase.FREE, first, array("I", bytes(4 * count)))
            if lost:
                self.settle()
            yield None
        if self._informed():
            self.inform()
        return None

    def _keep_lost(self, owned: Ownership) -> Generator[None, None, Outcome]:
        self.settle()
        found = FoundFiles(FatWriter.open(self._draft, Options(self._code_page)), self._geometry.cluster_size)
        for runs in lost_chains(self._table, owned, LARGEST // self._geometry.cluster_size):
            if runs is not None and not found.add(runs):
                break
            yield None
        found.close()
        self.forget()
        return Outcome(Remedy.KEEP, found.names())

    def _informed(self) -> bool:
        return self._geometry.information_offset > 0

    # chains -------------------------------------------------------------------------------------------------

    def copy_file(
        self, position: int, count: int, own: int, last_own: int
    ) -> Generator[None, None, Outcome | None]:
        """Its first `count` clusters, of which `own` are not shared, go to where nobody's are.

        Where there is no room the file ends before what is shared.
        """
        raw = self.staging.read(position, SLOT_LENGTH)
        old = list(self._table.runs(self._first_of(raw), count))
        new = self._room().take(count)
        if not new:
            self.resize(position, own * self._geometry.cluster_size, last_own)
            return Outcome(Remedy.SHORTEN if own else Remedy.EMPTY)
        yield from self._copied(old, new)
        size = int.from_bytes(raw[entries.SIZE :], "little")
        self.staging.stage(Phase.ENTRY, position, entries.with_content(raw, new[0][0], size))
        left = own
        for first, length in old:  # what was its own alone is nobody's now
            gone = min(left, length)
            if gone:
                self._table.put(Phase.FREE, first, array("I", bytes(4 * gone)))
            left -= gone
        return None

    def copy(self, position: int, count: int) -> Generator[None, None, Outcome]:
        """A folder, whose entries are somewhere else then. Raises NoSpace."""
        self.settle()
        raw = self.staging.read(position, SLOT_LENGTH)
        old = list(self._table.runs(self._first_of(raw), count))
        new = self._room().take(count)
        if not new:
            raise NoSpace(count * self._geometry.cluster_size, 0)
        yield from self._copied(old, new)
        self.staging.stage(Phase.ENTRY, position, entries.with_content(raw, new[0][0], 0))
        return Outcome(Remedy.COPY, anew=True)

    def _copied(self, old: list[Run], new: list[Run]) -> Generator[None, None, None]:
        """Stages a chain of `new` clusters, and copies to them. Raises MediumError."""
        position, unit = self._geometry.position, self._geometry.cluster_size
        for index, (first, count) in enumerate(new):
            following = new[index + 1][0] if index + 1 < len(new) else self._table.end
            self._table.put(Phase.PREPARE, first, array("I", [*range(first + 1, first + count), following]))
        for source, target, count in pairs(old, new):
            yield from moved(self._draft, position(source), position(target), count * unit)
            self.staging.written(position(target), count * unit)

    def _room(self) -> FreeSpace:
        """Clusters that are free and that no file was found to have."""
        assert self._checker is not None
        marks = self._checker.owned.marks

        def free(first: int, count: int) -> bytes:
            told = self._table.free_map(first, count)
            if not any(marks[first : first + count]):
                return told
            return bytes(
                one and not mark for one, mark in zip(told, marks[first : first + count], strict=True)
            )

        if self._space is None:
            self._space = FreeSpace(2, self._table.entries, free, 0)
        return self._space
