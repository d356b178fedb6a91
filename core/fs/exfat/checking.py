"""Looks for everything on an exFAT volume that contradicts its specification, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from core.blockdev.device import BlockDevice
from core.entry import Finding, FindingKind, Remedy
from core.errors import CorruptStructure, Fault, MediumError, UnsupportedFeature
from core.fs.allocation import Run
from core.fs.checking import Findings, Problem, Stage, mended
from core.fs.driver import Warnings
from core.fs.exfat import names
from core.fs.exfat.claims import Claims
from core.fs.exfat.geometry import Geometry, wrong_checksum
from core.fs.exfat.structures import CHECKSUM_SECTOR, MOST_DIRECTORY, REGION_SECTORS, UNCHECKED
from core.fs.exfat.system import Metadata, System, read_system
from core.fs.exfat.table import AllocationTable
from core.fs.exfat.walking import Walk
from core.fs.ownership import Owner, Ownership
from core.fs.slots import chunks

if TYPE_CHECKING:
    from core.fs.exfat.mending import ExFatMender

MOST_CLUSTERS = 1 << 27
"""One byte is kept for each; 16 TiB of a volume as Windows formats it."""
WINDOW = 1 << 16
"""Clusters of the bitmap looked at together."""
PERCENT = 112
_UNKNOWN = 0xFF
_TAKEN = [bytes(value >> bit & 1 for bit in range(8)) for value in range(256)]
_OWNED = bytes(owner not in (Owner.NOBODY, Owner.BEYOND) for owner in range(256))

Problems = Iterator["Problem[ExFatMender] | None"]


class Checker:
    """One check of one volume. `warnings` are those of reading the boot region at `origin`."""

    def __init__(
        self,
        device: BlockDevice,
        geometry: Geometry,
        table: AllocationTable,
        warnings: Warnings,
        origin: int = 0,
    ) -> None:
        self._device = device
        self._geometry = geometry
        self._table = table
        self._warnings = list(warnings)
        self._origin = origin
        self.seen = 0
        """Files and folders with clusters that were met."""
        self.hidden = False
        """Whether something could not be looked into, which may have clusters that seem to be nobody's."""
        self.owned = Ownership(0)
        """Whose each cluster is, as far as the walk has come."""
        self.bitmap: list[tuple[int, int]] = []
        """(position, length) of the allocation bitmap, once it was found."""
        self.upcase: names.Upcase | None = None

    def findings(self) -> Findings:
        """Raises UnsupportedFeature, DeviceGone."""
        for problem in self.problems():
            yield None if problem is None else problem.finding

    def problems(self) -> Problems:
        """The same with the ways to mend them."""
        geometry = self._geometry
        if geometry.clusters > MOST_CLUSTERS:
            raise UnsupportedFeature(f"checking {geometry.clusters} clusters")
        yield from self._regions()
        if geometry.dirty or geometry.media_failure:
            found = "failures met before" if geometry.media_failure else "one that is marked as in use"
            finding = self._volume(FindingKind.NOT_CLEAN, 106, "a clean volume", found)
            yield mended(finding, Remedy.MARK_CLEAN, lambda mender: mender.mark_clean(), Stage.CLEAN)
        self.owned = Ownership(self._table.entries)
        claims = Claims(self._device, geometry, self._table, self.owned)
        walk = Walk(self._device, geometry, self._table, claims)
        yield from claims.root()
        yield from self._system(claims)
        yield from walk.problems(self.upcase)
        self.seen, self.hidden = walk.seen, claims.hidden
        if self.bitmap:
            yield from self._bits(all_seen=not self.hidden)
        yield from self._percent()

    # the boot regions ---------------------------------------------------------------------------------------

    def _regions(self) -> Problems:
        """Section 3: the main boot region, and its backup behind it."""
        backup = REGION_SECTORS * self._geometry.sector_size
        for number, fault in enumerate(self._warnings):
            finding = Finding(FindingKind.BOOT_SECTOR, "", fault)
            if number == 0 and self._origin == backup:
                yield mended(
                    finding,
                    Remedy.COPY_BOOT_SECTOR,
                    lambda mender: mender.copy_region(backup, 0),
                    Stage.BASIS,
                )
            elif number == 0 and "checksum" in str(fault.values.get("expected")):
                yield mended(finding, Remedy.CORRECT, lambda mender: mender.seal_region(), Stage.BASIS)
            else:
                yield Problem(finding)
        if self._origin or self._warnings:
            return
        try:
            where = self._difference(backup)
        except MediumError as error:
            yield Problem(Finding(FindingKind.UNREADABLE, "", Fault.of(error)))
            return
        if where is not None:
            finding = Finding(FindingKind.BOOT_SECTOR, "", Fault.of(where))
            target = 0 if where.offset < backup else backup  # of the main one only repeated sums can be wrong
            yield mended(finding, Remedy.COPY_BOOT_SECTOR, lambda mender: mender.copy_region(0, target))

    def _difference(self, backup: int) -> CorruptStructure | None:
        wrong = wrong_checksum(self._device, backup, self._geometry.sector_size)
        if wrong is not None:
            return wrong
        size = self._geometry.sector_size
        end = (CHECKSUM_SECTOR + 1) * size
        for region in (0, backup):
            sums = self._device.read(region + end - size, size)
            if sums != sums[:4] * (size // 4):
                return CorruptStructure("boot region", region + end - size, "a checksum repeated", "others")
        first, second = (
            bytearray(self._device.read(offset, (CHECKSUM_SECTOR + 1) * self._geometry.sector_size))
            for offset in (0, backup)
        )
        for at in UNCHECKED:
            first[at] = second[at]
        if first == second:
            return None
        at = next(at for at in range(len(first)) if first[at] != second[at])
        expected = f"{first[at]:#04x} as in the first one"
        return CorruptStructure("boot region", backup + at, expected, f"{second[at]:#04x}")

    # what the volume keeps of itself ------------------------------------------------------------------------

    def _system(self, claims: Claims) -> Problems:
        geometry, system, warnings = self._geometry, System(), Warnings()
        most = max(1, MOST_DIRECTORY // geometry.cluster_size)
        pieces = (
            (geometry.position(cluster), count * geometry.cluster_size)
            for cluster, count in self._table.runs(geometry.root_cluster, most)
        )
        with suppress(CorruptStructure, MediumError):  # told when the root directory is followed and listed
            read_system(system, chunks(self._device, pieces, []), warnings)
        for fault in warnings:
            yield Problem(Finding(FindingKind.ENTRY, "/", fault))
        metadata = Metadata(self._device, geometry, self._table, system, Warnings())
        try:
            self.bitmap = metadata.bitmap()
        except (CorruptStructure, MediumError) as error:
            yield Problem(Finding(FindingKind.BITMAP, "", Fault.of(error)))
        damage: CorruptStructure | MediumError | None = None
        try:
            self.upcase = metadata.upcase_table()
        except (CorruptStructure, MediumError) as error:
            damage = error
        if system.bitmap is not None:
            yield from claims.volume(system.bitmap.first_cluster, system.bitmap.size)
        old: list[Run] = []
        if system.upcase is not None:
            # Where a broken one seems to lie may be files: its chain is none to cut.
            old = yield from claims.volume(
                system.upcase.first_cluster, system.upcase.size, is_sound=damage is None
            )
        if damage is not None:
            finding, where = Finding(FindingKind.UPCASE, "", Fault.of(damage)), system.upcase_at
            if where and self.bitmap:
                yield mended(
                    finding, Remedy.REBUILD, lambda mender: mender.rebuild_upcase(where, old), Stage.SHARING
                )
            else:
                yield Problem(finding)

    def _bits(self, *, all_seen: bool) -> Problems:
        """The bitmap against the clusters that files were found to have: section 7.1.5."""
        lost = missing = first_lost = first_missing = 0
        for first in range(2, self._table.entries, WINDOW):
            count = min(WINDOW, self._table.entries - first)
            marks = self.owned.marks[first : first + count]
            try:
                taken = taken_map(self._device, self.bitmap, first, count)
            except MediumError as error:
                yield Problem(Finding(FindingKind.UNREADABLE, "", Fault.of(error)))
                return
            if taken != marks.translate(_OWNED):
                for number, (bit, owner) in enumerate(zip(taken, marks, strict=True), first):
                    if bit and not owner:
                        lost += 1
                        first_lost = first_lost or number
                    elif not bit and _OWNED[owner]:
                        missing += 1
                        first_missing = first_missing or number
            yield None
        if missing:
            finding = self._bitmap(FindingKind.NOT_TAKEN, first_missing, f"{missing} clusters taken", "free")
            finding = Finding(finding.kind, "", finding.fault, missing)
            yield mended(finding, Remedy.MARK_TAKEN, lambda mender: mender.mark_taken(), Stage.ACCOUNT)
        if lost:
            finding = self._bitmap(FindingKind.LOST, first_lost, "clusters of files", f"{lost} of none")
            finding = Finding(finding.kind, "", finding.fault, lost)
            if all_seen:
                yield mended(finding, Remedy.FREE, lambda mender: mender.take_lost(), Stage.ACCOUNT)
            else:  # they may be those of what could not be looked into
                yield Problem(finding)

    def _percent(self) -> Problems:
        """Section 3.1.18. Many systems do not keep it up to date, so that only the impossible is wrong."""
        try:
            found = self._device.read(PERCENT, 1)[0]
        except MediumError:
            return  # told when the boot region was read
        if 100 < found < _UNKNOWN and not self._origin:
            finding = self._volume(FindingKind.FREE_COUNT, PERCENT, "at most 100 percent in use", str(found))
            yield mended(finding, Remedy.COUNT, lambda mender: mender.inform(), Stage.ACCOUNT)

    def _bitmap(self, kind: FindingKind, cluster: int, expected: str, found: str) -> Finding:
        where = self.bitmap[0][0] + (cluster - 2) // 8
        return Finding(kind, "", Fault.of(CorruptStructure("allocation bitmap", where, expected, found)))

    def _volume(self, kind: FindingKind, offset: int, expected: str, found: str) -> Finding:
        return Finding(kind, "", Fault.of(CorruptStructure("boot region", offset, expected, found)))


def taken_map(device: BlockDevice, pieces: list[tuple[int, int]], first: int, count: int) -> bytes:
    """A byte for each of `count` clusters from `first` on, 1 where the bitmap has it as taken."""
    start, bit = divmod(first - 2, 8)
    left, bits = -(-(bit + count) // 8), []
    for position, length in pieces:
        if start < length and left:
            size = min(length - start, left)
            bits.append(device.read(position + start, size))
            left -= size
            start = 0
        else:
            start = max(0, start - length)
    return b"".join([_TAKEN[value] for piece in bits for value in piece])[bit : bit + count]
