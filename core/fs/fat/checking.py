"""Looks for everything on a FAT volume that contradicts its specification, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.blockdev.device import BlockDevice
from core.entry import Finding, FindingKind, Remedy
from core.errors import CorruptStructure, Fault, MediumError, UnsupportedFeature
from core.fs.checking import Findings, Problem, Stage, mended
from core.fs.clusters import WINDOW
from core.fs.driver import Warnings
from core.fs.fat.credibility import is_vouched_for
from core.fs.fat.geometry import Geometry
from core.fs.fat.structures import BOOT_SECTOR_LENGTH
from core.fs.fat.table import AllocationTable
from core.fs.fat.walking import Walk
from core.fs.ownership import Ownership

if TYPE_CHECKING:
    from core.fs.fat.mending import FatMender

MOST_CLUSTERS = 1 << 27
"""One byte is kept for each; 4 TiB of a volume as Windows formats it."""
_PIECE = 1 << 20
STATE = {12: 37, 16: 37, 32: 65}
"""The byte of a boot sector that changes while the volume is in use."""
_DIRTY = 0x03
FREE, UNKNOWN = 488, 0xFFFFFFFF
"""Where the FSInfo sector counts the free clusters, and what says that it does not."""

Problems = Iterator["Problem[FatMender] | None"]


class Checker:
    """One check of one volume. `warnings` are those of opening it from the boot sector at `origin`."""

    def __init__(
        self,
        device: BlockDevice,
        geometry: Geometry,
        table: AllocationTable,
        code_page: str,
        warnings: Warnings,
        origin: int = 0,
    ) -> None:
        self._device = device
        self._geometry = geometry
        self._table = table
        self._code_page = code_page
        self._warnings = list(warnings)
        self._origin = origin
        self._free: int | None = None
        """Clusters, once they are counted."""
        self.seen = 0
        """Files and folders with clusters that were met."""
        self.owned = Ownership(0)
        """Whose each cluster is, as far as the walk has come."""

    def findings(self) -> Findings:
        """Raises UnsupportedFeature, DeviceGone."""
        for problem in self.problems():
            yield None if problem is None else problem.finding

    def problems(self) -> Problems:
        """The same with the ways to mend them."""
        if self._geometry.clusters > MOST_CLUSTERS:
            raise UnsupportedFeature(f"checking {self._geometry.clusters} clusters")
        for number, fault in enumerate(self._warnings):
            finding = Finding(FindingKind.BOOT_SECTOR, "", fault)
            yield self._by_backup(finding) if number == 0 and self._origin else Problem(finding)
        yield from self._dirty()
        yield from self._backup()
        yield from self._information()
        yield from self._tables()
        yield from self._first_entry()
        self.owned = Ownership(self._table.entries)
        walk = Walk(
            self._device,
            self._geometry,
            self._table,
            self._code_page,
            self.owned,
            vouched_for=is_vouched_for(self._device, self._geometry),
        )
        yield from walk.problems()
        self.seen = walk.seen
        yield from self._lost(self.owned, all_seen=not walk.hidden)
        yield from self._count()

    # the volume ---------------------------------------------------------------------------------------------

    def _dirty(self) -> Problems:
        unclean, failed = self._table.flags()
        if not (self._geometry.dirty or unclean or failed):
            return
        found = "errors met before" if failed else "one that is marked as in use"
        finding = self._volume(FindingKind.NOT_CLEAN, 0, "a clean volume", found)
        yield mended(finding, Remedy.MARK_CLEAN, lambda mender: mender.mark_clean(), Stage.CLEAN)

    def _by_backup(self, finding: Finding) -> Problem[FatMender]:
        return mended(
            finding,
            Remedy.COPY_BOOT_SECTOR,
            lambda mender: mender.copy_boot_sector(self._origin, 0),
            Stage.BASIS,
        )

    def _backup(self) -> Problems:
        offset = self._geometry.backup_offset
        if not offset or self._origin:
            return
        try:
            first, second = (bytearray(self._device.read(place, BOOT_SECTOR_LENGTH)) for place in (0, offset))
        except MediumError as error:
            yield Problem(Finding(FindingKind.UNREADABLE, "", Fault.of(error)))
            return
        if first[STATE[32]] & _DIRTY:
            first[STATE[32]] = second[STATE[32]]
        if first != second:
            at = next(at for at in range(BOOT_SECTOR_LENGTH) if first[at] != second[at])
            expected = f"{first[at]:#04x} as in the first one"
            finding = self._volume(FindingKind.BOOT_SECTOR, offset + at, expected, f"{second[at]:#04x}")
            if self._warnings:  # which of the two is right is not known
                yield Problem(finding)
            else:
                yield mended(
                    finding, Remedy.COPY_BOOT_SECTOR, lambda mender: mender.copy_boot_sector(0, offset)
                )

    def _information(self) -> Problems:
        """The marks of the FSInfo sector: FAT 1.03, page 21."""
        offset = self._geometry.information_offset
        if not offset:
            return
        try:
            sector = self._device.read(offset, BOOT_SECTOR_LENGTH)
        except MediumError as error:
            yield Problem(Finding(FindingKind.UNREADABLE, "", Fault.of(error)))
            return
        if (sector[:4], sector[484:488], sector[508:]) == (b"RRaA", b"rrAa", b"\0\0\x55\xaa"):
            return
        finding = self._volume(FindingKind.BOOT_SECTOR, offset, "the marks of FSInfo", sector[:4].hex(" "))
        yield mended(finding, Remedy.CORRECT, lambda mender: mender.new_information())

    def _tables(self) -> Problems:
        """Where a copy of the allocation table first differs from the one that counts."""
        first, *others = self._geometry.tables
        length = -(-self._table.entries * self._geometry.width // 8)
        for number, other in enumerate(others, 1):
            for start in range(0, length, _PIECE):
                size = min(_PIECE, length - start)
                try:
                    mine, copy = (self._device.read(table + start, size) for table in (first, other))
                except MediumError as error:
                    yield Problem(Finding(FindingKind.UNREADABLE, "", Fault.of(error)))
                    break
                if mine != copy:
                    at = next(at for at in range(size) if mine[at] != copy[at])
                    place = other + start + at
                    expected = f"{mine[at]:#04x} as in the first"
                    finding = self._volume(FindingKind.TABLES_DIFFER, place, expected, f"{copy[at]:#04x}")
                    yield self._evened(finding, number)
                    break
                yield None

    def _first_entry(self) -> Problems:
        """Entry 0 repeats the media byte: FAT 1.03, page 18."""
        mask = self._table.mask
        try:
            found = self._table.entry(0)
        except MediumError:
            return  # told when chains were followed
        if found | 0xFF != mask or found & 0xF0 != 0xF0:
            expected = mask & ~0xFF | self._geometry.media
            fault = CorruptStructure(
                "allocation table", self._table.offset(0), f"{expected:#x}", f"{found:#x}"
            )
            finding = Finding(FindingKind.BOOT_SECTOR, "", Fault.of(fault))
            yield mended(finding, Remedy.CORRECT, lambda mender: mender.first_entry(expected))

    def _evened(self, finding: Finding, other: int) -> Problem[FatMender]:
        return mended(finding, Remedy.COPY_TABLE, lambda mender: mender.even_tables(other), Stage.BASIS)

    def _lost(self, owned: Ownership, *, all_seen: bool) -> Problems:
        """Taken clusters that nothing owns; counts the free ones on the way."""
        free = lost = first_lost = 0
        for base in range(0, self._table.entries, WINDOW):
            try:
                values = self._table.load(base, min(WINDOW, self._table.entries - base))
            except MediumError as error:
                yield Problem(Finding(FindingKind.UNREADABLE, "", Fault.of(error)))
                return
            for number, value in enumerate(values, base):
                if number < 2:
                    continue
                value &= self._table.mask
                if not value:
                    free += 1
                elif not owned.marks[number] and value != self._table.mask - 8:
                    lost += 1
                    first_lost = first_lost or number
            yield None
        if lost:
            where = self._table.offset(first_lost)
            fault = CorruptStructure("allocation table", where, "clusters of files", f"{lost} of none")
            finding = Finding(FindingKind.LOST, "", Fault.of(fault), lost)
            if all_seen and self.seen:
                yield mended(finding, Remedy.FREE, lambda mender: mender.take_lost(owned), Stage.ACCOUNT)
            else:  # they may be those of what could not be looked into, or is looked for in the wrong place
                yield Problem(finding)
        self._free = free

    def _count(self) -> Problems:
        offset = self._geometry.information_offset
        if not offset or self._free is None:
            return
        try:
            told = int.from_bytes(self._device.read(offset + FREE, 4), "little")
        except MediumError:
            return  # told when its marks were looked at
        if told not in (self._free, UNKNOWN):
            finding = self._volume(FindingKind.FREE_COUNT, offset, f"{self._free} free clusters", str(told))
            yield mended(finding, Remedy.COUNT, lambda mender: mender.inform(), Stage.ACCOUNT)

    def _volume(self, kind: FindingKind, offset: int, expected: str, found: str) -> Finding:
        return Finding(kind, "", Fault.of(CorruptStructure(kind.value, offset, expected, found)))
