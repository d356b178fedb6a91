"""Where everything lies on a FAT volume, from its boot sector or, when that is broken, from the backup."""

from __future__ import annotations

from typing import Any

import msgspec
from construct import ConstructError

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem, RumpusError, UnsupportedFeature
from core.fs.driver import Warnings
from core.fs.fat.structures import (
    BOOT_SECTOR,
    BOOT_SECTOR_32,
    BOOT_SECTOR_LENGTH,
    INFORMATION,
    SECTOR_SIZES,
)
from core.fs.slots import SLOT_LENGTH

_BACKUP_SECTORS = (6, 12)
"""Where backups of a FAT32 boot sector are written when the first one cannot tell (FAT 1.03, page 13)."""
_MOST_12, _MOST_16 = 4084, 65524
"""Clusters up to which a volume is FAT12 and FAT16: FAT 1.03, page 14."""
_MOST_32 = 0x0FFFFFF5
_EXTENDED_SIGNATURES = (0x28, 0x29)
_MOST_TABLES = 16
"""What FAT32 can name as the active one."""


class Geometry(msgspec.Struct, frozen=True):
    """The volume's layout. Offsets and sizes in bytes, checked against each other and the device."""

    width: int
    """12, 16 or 32 bits for a cluster number in the allocation table."""
    sector_size: int
    cluster_size: int
    clusters: int
    """Numbered from 2, all inside the device and with a place in the allocation table."""
    size: int
    tables: tuple[int, ...]
    """Offsets of the copies of the allocation table, the one to read first."""
    root_offset: int
    root_size: int
    """The fixed root directory of FAT12 and FAT16; 0 on FAT32."""
    root_cluster: int
    """0 on FAT12 and FAT16."""
    data_offset: int
    information_offset: int
    """The FSInfo sector; 0 when there is none."""
    backup_offset: int
    """The backup of the boot sector; 0 when there is none."""
    media: int
    dirty: bool
    serial: int | None
    creator: str
    label: bytes
    """As the boot sector has it. The root directory knows better."""

    @property
    def system(self) -> str:
        return f"FAT{self.width}"

    def position(self, cluster: int) -> int:
        """Where a cluster's bytes lie. The caller has checked the number."""
        return self.data_offset + (cluster - 2) * self.cluster_size

    def cluster_at(self, position: int) -> int:
        """The cluster that a place on the volume lies in."""
        return (position - self.data_offset) // self.cluster_size + 2


def read_geometry(device: BlockDevice, warnings: Warnings) -> Geometry:
    """Raises NotAFileSystem, CorruptStructure, UnsupportedFeature, MediumError."""
    return locate_geometry(device, warnings)[1]


def locate_geometry(device: BlockDevice, warnings: Warnings) -> tuple[int, Geometry]:
    """The same, with the place of the boot sector that was believed: 0, or that of a backup."""
    try:
        return 0, _geometry(device, 0, warnings)
    except (NotAFileSystem, CorruptStructure, MediumError) as error:
        for offset in _backups(device):
            found = Warnings()
            try:
                geometry = _geometry(device, offset, found)
            except RumpusError:
                continue
            if geometry.width == 32 and offset % geometry.sector_size == 0:
                warnings.note(Fault.of(_broken_first(error)))
                for fault in found:
                    warnings.note(fault)
                return offset, geometry
        raise


def _broken_first(error: RumpusError) -> RumpusError:
    if isinstance(error, NotAFileSystem):
        return CorruptStructure("boot sector", 0, "a FAT boot sector, as in its backup", error.found)
    return error


def _backups(device: BlockDevice) -> list[int]:
    offsets = {sector * size for sector in _BACKUP_SECTORS for size in SECTOR_SIZES}
    return sorted(offset for offset in offsets if offset + BOOT_SECTOR_LENGTH <= device.size)


def _geometry(device: BlockDevice, offset: int, warnings: Warnings) -> Geometry:
    """The layout that the boot sector at `offset` tells of."""
    if device.size < offset + BOOT_SECTOR_LENGTH:
        raise NotAFileSystem(f"only {device.size} bytes")
    sector = device.read(offset, BOOT_SECTOR_LENGTH)
    boot = BOOT_SECTOR.parse(sector)
    _recognise(boot, sector)
    return _Reader(device, offset, boot, BOOT_SECTOR_32.parse(sector), warnings).geometry()


def _recognise(boot: Any, sector: bytes) -> None:
    """Raises NotAFileSystem unless this is meant to be a FAT boot sector, whatever else is wrong with it."""
    if sector[510:512] != b"\x55\xaa" and boot.jump[0] not in (0xEB, 0xE9):
        raise NotAFileSystem("no boot sector signature 55 aa and no jump")
    if boot.sector_size not in SECTOR_SIZES:
        raise NotAFileSystem(f"a sector size of {boot.sector_size}")
    cluster = boot.sectors_per_cluster
    if cluster == 0 or cluster & (cluster - 1):
        raise NotAFileSystem(f"{cluster} sectors per cluster")
    if boot.reserved_sectors == 0 or boot.tables == 0:
        raise NotAFileSystem(f"{boot.reserved_sectors} reserved sectors, {boot.tables} allocation tables")
    if boot.media != 0xF0 and boot.media < 0xF8:
        raise NotAFileSystem(f"a media byte of {boot.media:#04x}")


class _Reader:
    """Turns one boot sector into a layout; every field is looked at with suspicion."""

    def __init__(self, device: BlockDevice, offset: int, boot: Any, boot_32: Any, warnings: Warnings) -> None:
        self._device = device
        self._offset = offset
        self._boot = boot
        self._boot_32 = boot_32
        self._warnings = warnings

    def geometry(self) -> Geometry:
        boot = self._boot
        unit = boot.sector_size
        wide = boot.table_sectors_16 == 0
        table_size = (self._boot_32.table_sectors_32 if wide else boot.table_sectors_16) * unit
        table_offset = boot.reserved_sectors * unit
        root_offset = table_offset + boot.tables * table_size
        root_size = 0 if wide else -(-boot.root_entries * SLOT_LENGTH // unit) * unit
        data_offset = root_offset + root_size
        size = (boot.sectors_16 or boot.sectors_32) * unit
        if table_size == 0:
            raise self._corrupt(36, "an allocation table", "one of no sectors")
        if size <= data_offset:
            raise self._corrupt(32, f"a volume of more than {data_offset} bytes", f"{size} bytes")
        if self._device.size <= data_offset:
            raise self._corrupt(14, "files inside the device", f"files from {data_offset} on")
        if not wide and root_size == 0:
            raise self._corrupt(17, "a root directory", "one of no entries")
        cluster_size = boot.sectors_per_cluster * unit
        width, clusters = self._clusters(wide, (size - data_offset) // cluster_size)
        clusters = self._bounded(clusters, width, table_size, data_offset, cluster_size, size)
        extended = self._boot_32.extended if wide else boot.extended
        known = extended.signature in _EXTENDED_SIGNATURES
        if wide and self._boot_32.version != 0:
            raise UnsupportedFeature(f"FAT32 version {self._boot_32.version:#06x}")
        return Geometry(
            width=width,
            sector_size=unit,
            cluster_size=cluster_size,
            clusters=clusters,
            size=size,
            tables=self._tables(wide, table_offset, table_size),
            root_offset=root_offset,
            root_size=root_size,
            root_cluster=self._boot_32.root_cluster if wide else 0,
            data_offset=data_offset,
            information_offset=self._reserved(wide, self._boot_32.information_sector) * unit,
            backup_offset=self._reserved(wide, self._boot_32.backup_sector) * unit,
            media=boot.media,
            dirty=known and bool(extended.state & 1),
            serial=extended.serial if known else None,
            creator=boot.creator.decode("ascii", "replace").strip("\0 "),
            label=extended.label if known else b"",
        )

    def _clusters(self, wide: bool, clusters: int) -> tuple[int, int]:
        """(width, clusters). By the count, except that only FAT32 has no 16-bit table size: small volumes
        of it exist although their number of clusters says otherwise."""
        if clusters == 0:
            raise self._corrupt(32, "at least one cluster", "none")
        if wide:
            if clusters > _MOST_32:
                raise self._corrupt(32, f"at most {_MOST_32} clusters", str(clusters))
            return 32, clusters
        if clusters > _MOST_16:
            raise self._corrupt(22, f"at most {_MOST_16} clusters with a 16-bit table size", str(clusters))
        return (12 if clusters <= _MOST_12 else 16), clusters

    def _bounded(
        self, clusters: int, width: int, table_size: int, data_offset: int, cluster_size: int, size: int
    ) -> int:
        """Only so many clusters as lie inside the device and have a place in the table."""
        listed = table_size * 8 // width - 2
        if listed < clusters:
            self._warn(22, f"an allocation table for {clusters} clusters", f"one for {max(listed, 0)}")
            clusters = listed
        if size > self._device.size:
            self._warn(32, f"a volume inside the device of {self._device.size} bytes", f"{size} bytes")
            clusters = min(clusters, (self._device.size - data_offset) // cluster_size)
        if clusters <= 0:
            raise self._corrupt(22, "at least one cluster", "none that is listed and inside the device")
        return clusters

    def _tables(self, wide: bool, table_offset: int, table_size: int) -> tuple[int, ...]:
        """FAT32 can turn mirroring off and name the one table that counts (FAT 1.03, page 12)."""
        offsets = [table_offset + index * table_size for index in range(min(self._boot.tables, _MOST_TABLES))]
        flags = self._boot_32.flags
        if not wide or not flags & 0x80:
            return tuple(offsets)
        active = flags & 0x0F
        if active >= len(offsets):
            self._warn(40, f"one of {len(offsets)} allocation tables", f"number {active}")
            return tuple(offsets)
        return (offsets[active],)

    def _reserved(self, wide: bool, sector: int) -> int:
        """A sector that FAT32 names; 0 when it lies outside the reserved ones, or there is none."""
        return sector if wide and 0 < sector < self._boot.reserved_sectors else 0

    def _corrupt(self, field: int, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure("boot sector", self._offset + field, expected, found)

    def _warn(self, field: int, expected: str, found: str) -> None:
        self._warnings.note(Fault.of(self._corrupt(field, expected, found)))


def free_by_information(device: BlockDevice, geometry: Geometry) -> int | None:
    """Free clusters as the FSInfo sector has them; None when there is none, or it makes no sense."""
    if not geometry.information_offset:
        return None
    try:
        sector = device.read(geometry.information_offset, INFORMATION.sizeof())
        free = INFORMATION.parse(sector).free
    except (RumpusError, ConstructError):
        return None
    return int(free) if free <= geometry.clusters else None
