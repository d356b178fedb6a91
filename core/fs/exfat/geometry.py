"""Where everything lies on an exFAT volume, from its boot region or, when that is broken, from the backup."""

from __future__ import annotations

from typing import Any

import msgspec

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem, RumpusError, UnsupportedFeature
from core.fs.driver import Warnings
from core.fs.exfat.checksums import rolling_32
from core.fs.exfat.structures import (
    ACTIVE_TABLE,
    BOOT_SECTOR,
    BOOT_SECTOR_LENGTH,
    CHECKSUM_SECTOR,
    DIRTY,
    LARGEST_CLUSTER_SHIFT,
    LARGEST_SHIFT,
    MEDIA_FAILURE,
    MOST_CLUSTERS,
    NAME,
    REGION_SECTORS,
    SIGNATURE,
    SMALLEST_SHIFT,
    UNCHECKED,
)


class Geometry(msgspec.Struct, frozen=True):
    """The volume's layout. Offsets and sizes in bytes, checked against each other and the device."""

    sector_size: int
    cluster_size: int
    clusters: int
    """Numbered from 2, all inside the device and with a place in the allocation table."""
    size: int
    table_offset: int
    heap_offset: int
    root_cluster: int
    serial: int
    revision: str
    dirty: bool
    media_failure: bool

    @property
    def last_cluster(self) -> int:
        return self.clusters + 1

    def position(self, cluster: int) -> int:
        """Where a cluster's bytes lie. The caller has checked the number."""
        return self.heap_offset + (cluster - 2) * self.cluster_size

    def cluster_at(self, position: int) -> int:
        """The cluster whose bytes lie there."""
        return (position - self.heap_offset) // self.cluster_size + 2

    def needed(self, size: int) -> int:
        """Clusters that so many bytes take."""
        return -(-size // self.cluster_size)


def read_geometry(device: BlockDevice, warnings: Warnings) -> Geometry:
    """Raises NotAFileSystem, CorruptStructure, UnsupportedFeature, MediumError.

    The backup stands in for a boot region that is broken. When neither has a true checksum (section 3.4), the
    main one is believed as far as its fields make sense, and warned about.
    """
    return locate_geometry(device, warnings)[1]


def locate_geometry(device: BlockDevice, warnings: Warnings) -> tuple[int, Geometry]:
    """The same, with the place of the boot region that was believed: 0, or that of the backup."""
    found = Warnings()
    geometry: Geometry | None = None
    try:
        geometry = _geometry(device, 0, found)
        broken: RumpusError | None = wrong_checksum(device, 0, geometry.sector_size)
    except (NotAFileSystem, CorruptStructure, UnsupportedFeature, MediumError) as error:
        broken = error
    if broken is not None:
        by_backup = _by_backup(device, warnings, broken)
        if by_backup is not None:
            return by_backup
        if geometry is None:
            raise broken
        warnings.note(Fault.of(broken))
    assert geometry is not None
    for fault in found:
        warnings.note(fault)
    return 0, geometry


def regions_agree(device: BlockDevice, geometry: Geometry) -> bool:
    """Whether both boot sectors say the same of the layout, whatever their checksums say."""
    try:
        first, second = (
            device.read(offset, BOOT_SECTOR_LENGTH) for offset in (0, REGION_SECTORS * geometry.sector_size)
        )
    except MediumError:
        return False
    return first[:104] + first[108:112] == second[:104] + second[108:112]


def is_named(device: BlockDevice) -> bool:
    """Whether the main boot sector bears the system's name, however broken it is."""
    try:
        return device.size >= BOOT_SECTOR_LENGTH and device.read(3, len(NAME)) == NAME
    except MediumError:
        return False


def _by_backup(device: BlockDevice, warnings: Warnings, broken: RumpusError) -> tuple[int, Geometry] | None:
    for shift in range(SMALLEST_SHIFT, LARGEST_SHIFT + 1):
        offset = REGION_SECTORS << shift
        found = Warnings()
        try:
            geometry = _geometry(device, offset, found)
            if wrong_checksum(device, offset, 1 << shift) is not None:
                continue
        except (NotAFileSystem, CorruptStructure, UnsupportedFeature, MediumError):
            continue
        if isinstance(broken, NotAFileSystem | UnsupportedFeature):
            what = broken.name if isinstance(broken, UnsupportedFeature) else broken.found
            broken = CorruptStructure("boot region", 0, "an exFAT boot sector, as in its backup", what)
        warnings.note(Fault.of(broken))
        for fault in found:
            warnings.note(fault)
        return offset, geometry
    return None


def wrong_checksum(device: BlockDevice, offset: int, sector_size: int) -> CorruptStructure | None:
    """What is wrong with the checksum of the boot region at `offset`. Raises MediumError."""
    region = bytearray(device.read(offset, REGION_SECTORS * sector_size))
    at = CHECKSUM_SECTOR * sector_size
    recorded = bytes(region[at : at + 4])
    checked = bytes(byte for number, byte in enumerate(region[:at]) if number not in UNCHECKED)
    expected = rolling_32(checked).to_bytes(4, "little")
    if recorded == expected:
        return None
    return CorruptStructure("boot region", offset + at, f"checksum {expected.hex()}", recorded.hex())


def _geometry(device: BlockDevice, offset: int, warnings: Warnings) -> Geometry:
    """The layout that the boot sector at `offset` tells of."""
    if device.size < offset + BOOT_SECTOR_LENGTH:
        raise NotAFileSystem(f"only {device.size} bytes")
    boot = BOOT_SECTOR.parse(device.read(offset, BOOT_SECTOR_LENGTH))
    if boot.name != NAME:
        raise NotAFileSystem("a boot sector without exFAT's name")
    return _Reader(device, offset, boot, warnings).geometry()


class _Reader:
    """Turns one boot sector into a layout; every field is looked at with suspicion (section 3.1)."""

    def __init__(self, device: BlockDevice, offset: int, boot: Any, warnings: Warnings) -> None:
        self._device = device
        self._offset = offset
        self._boot = boot
        self._warnings = warnings

    def geometry(self) -> Geometry:
        boot = self._boot
        self._check_fields()
        unit, cluster_size = 1 << boot.sector_shift, 1 << boot.sector_shift + boot.cluster_shift
        table_size = boot.table_sectors * unit
        table_offset, heap_offset = boot.table_sector * unit, boot.heap_sector * unit
        if table_offset < 2 * REGION_SECTORS * unit:
            raise self._corrupt(80, "an allocation table behind the boot regions", f"one at {table_offset}")
        if table_offset + table_size > heap_offset:
            raise self._corrupt(88, f"clusters from {table_offset + table_size} on", f"from {heap_offset} on")
        size = boot.sectors * unit
        clusters = self._bounded(table_size, heap_offset, cluster_size, size)
        root, last = boot.root_cluster, clusters + 1
        if not 2 <= root <= last:
            raise self._corrupt(96, f"a root cluster from 2 to {last}", f"cluster {root}")
        flags = self._flags()
        return Geometry(
            sector_size=unit,
            cluster_size=cluster_size,
            clusters=clusters,
            size=min(size, self._device.size),
            table_offset=table_offset,
            heap_offset=heap_offset,
            root_cluster=root,
            serial=boot.serial,
            revision=f"{boot.major}.{boot.minor:02}",
            dirty=bool(flags & DIRTY),
            media_failure=bool(flags & MEDIA_FAILURE),
        )

    def _check_fields(self) -> None:
        boot = self._boot
        if boot.signature != SIGNATURE:
            raise self._corrupt(510, SIGNATURE.hex(" "), boot.signature.hex(" "))
        if any(boot.zeros):
            raise self._corrupt(11, "zeros where FAT has its parameters", boot.zeros.hex(" "))
        if boot.major != 1:
            raise UnsupportedFeature(f"exFAT revision {boot.major}.{boot.minor:02}")
        if not SMALLEST_SHIFT <= boot.sector_shift <= LARGEST_SHIFT:
            raise self._corrupt(108, f"{SMALLEST_SHIFT} to {LARGEST_SHIFT}", str(boot.sector_shift))
        if boot.sector_shift + boot.cluster_shift > LARGEST_CLUSTER_SHIFT:
            raise self._corrupt(
                109, f"at most {LARGEST_CLUSTER_SHIFT - boot.sector_shift}", str(boot.cluster_shift)
            )
        if boot.tables == 2:
            raise UnsupportedFeature("TexFAT")
        if boot.tables != 1:
            raise self._corrupt(110, "one allocation table", str(boot.tables))
        if not 0 < boot.clusters <= MOST_CLUSTERS:
            raise self._corrupt(92, f"1 to {MOST_CLUSTERS} clusters", str(boot.clusters))

    def _bounded(self, table_size: int, heap_offset: int, cluster_size: int, size: int) -> int:
        """Only so many clusters as lie inside the volume and the device, and have a place in the table."""
        clusters: int = self._boot.clusters
        end = heap_offset + clusters * cluster_size
        listed = table_size // 4 - 2
        if listed < clusters:
            self._warn(84, f"an allocation table for {clusters} clusters", f"one for {max(listed, 0)}")
            clusters = listed
        if end > size:
            self._warn(72, f"a volume of at least {end} bytes", f"{size} bytes")
            clusters = min(clusters, (size - heap_offset) // cluster_size)
        if size > self._device.size:
            self._warn(72, f"a volume inside the device of {self._device.size} bytes", f"{size} bytes")
            clusters = min(clusters, (self._device.size - heap_offset) // cluster_size)
        if clusters <= 0:
            raise self._corrupt(92, "at least one cluster", "none that is listed and inside the device")
        return clusters

    def _flags(self) -> int:
        """Those of the backup are stale: section 3.1.13."""
        if self._offset:
            return 0
        flags: int = self._boot.flags
        if flags & ACTIVE_TABLE:
            self._warn(106, "the first allocation table active", "the second, which does not exist")
        return flags

    def _corrupt(self, field: int, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure("boot region", self._offset + field, expected, found)

    def _warn(self, field: int, expected: str, found: str) -> None:
        self._warnings.note(Fault.of(self._corrupt(field, expected, found)))
