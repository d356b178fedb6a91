"""Where everything lies on the volume, from its boot sector or, when that is broken, from its copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem, RumpusError
from core.fs.driver import Warnings
from core.fs.ntfs.structures import BOOT_LENGTH, BOOT_SECTOR, SIGNATURE, STRIDE, SYSTEM

_SECTOR_SIZES = (512, 1024, 2048, 4096)
_LARGEST_CLUSTER = 2 << 20
_LARGEST_RECORD = 65536


class Geometry(msgspec.Struct, frozen=True):
    """The volume's layout, checked against itself. Sizes in bytes, places in clusters."""

    boot: Any
    offset: int
    """Of the boot sector that this was read from; not 0 when it is the copy."""
    sector_size: int
    cluster_size: int
    size: int
    clusters: int
    mft_cluster: int
    mirror_cluster: int
    record_size: int
    index_size: int
    serial: int

    @property
    def by_backup(self) -> bool:
        return self.offset != 0


def read_geometry(device: BlockDevice, warnings: Warnings) -> Geometry:
    """Raises NotAFileSystem, CorruptStructure, MediumError."""
    try:
        geometry = _read(device, 0)
    except (NotAFileSystem, CorruptStructure, MediumError) as error:
        copy = next(backups(device), None)
        if copy is None:
            raise
        geometry = copy
        warnings.note(_told(error))
    if geometry.size > device.size:
        expected = f"at most {device.size} bytes, which are there"
        warnings.note(Fault.of(CorruptStructure("boot sector", 40, expected, str(geometry.size))))
        return msgspec.structs.replace(
            geometry, clusters=min(geometry.clusters, device.size // geometry.cluster_size)
        )
    return geometry


def looks_like(device: BlockDevice) -> bool:
    """Whether the volume begins with NTFS's name. What cannot be read does not."""
    try:
        return device.size >= BOOT_LENGTH and device.read(3, len(SYSTEM)) == SYSTEM
    except MediumError:
        return False


def backups(device: BlockDevice) -> Iterator[Geometry]:
    """What copies of the boot sector say: in the last sector of the volume, of old volumes in the middle."""
    last = {(device.size // size - 1) * size for size in _SECTOR_SIZES}
    middle = device.size // BOOT_LENGTH // 2 * BOOT_LENGTH
    for offset in (*sorted(last, reverse=True), middle):
        if offset <= 0:
            continue
        try:
            geometry = _read(device, offset)
        except (NotAFileSystem, CorruptStructure, MediumError):
            continue
        if geometry.size <= device.size:
            yield geometry


def _told(error: RumpusError) -> Fault:
    if isinstance(error, NotAFileSystem):
        error = CorruptStructure("boot sector", 0, "a boot sector of NTFS", error.found)
    return Fault.of(error)


def _read(device: BlockDevice, offset: int) -> Geometry:
    if device.size < offset + BOOT_LENGTH:
        raise NotAFileSystem(f"only {device.size} bytes")
    boot = BOOT_SECTOR.parse(device.read(offset, BOOT_LENGTH))
    if boot.system != SYSTEM:
        raise NotAFileSystem("a boot sector without NTFS's name")
    if boot.signature != SIGNATURE:
        raise CorruptStructure("boot sector", offset + 510, "the signature 55 aa", boot.signature.hex(" "))
    if boot.sector_size not in _SECTOR_SIZES:
        expected = "512, 1024, 2048 or 4096 bytes a sector"
        raise CorruptStructure("boot sector", offset + 11, expected, str(boot.sector_size))
    if any(boot.reserved) or boot.fat_sectors or boot.sectors_32:
        found = "what only FAT has"
        raise CorruptStructure("boot sector", offset + 14, "zeros in the fields of FAT", found)
    cluster_size = _cluster_size(boot, offset)
    clusters = boot.sectors * boot.sector_size // cluster_size
    if not 0 < boot.sectors <= (2**63 - 1) // boot.sector_size:
        raise CorruptStructure("boot sector", offset + 40, "a size", f"{boot.sectors} sectors")
    if not 0 < boot.mft_cluster < clusters:
        found = f"cluster {boot.mft_cluster}"
        raise CorruptStructure("boot sector", offset + 48, f"a cluster below {clusters} for $MFT", found)
    return Geometry(
        boot=boot,
        offset=offset,
        sector_size=boot.sector_size,
        cluster_size=cluster_size,
        size=boot.sectors * boot.sector_size,
        clusters=clusters,
        mft_cluster=boot.mft_cluster,
        mirror_cluster=boot.mirror_cluster,
        record_size=_size(boot.record_clusters, cluster_size, offset + 64),
        index_size=_size(boot.index_clusters, cluster_size, offset + 68),
        serial=boot.serial,
    )


def _cluster_size(boot: Any, offset: int) -> int:
    """Up to 128 sectors are counted; more are a power of two, written as 256 less it."""
    count = boot.sectors_per_cluster
    if count > 0x80:
        count = 1 << min(0x100 - count, 31)
    size: int = count * boot.sector_size
    if count == 0 or count & (count - 1) or size > _LARGEST_CLUSTER:
        expected = f"a cluster that is a power of two up to {_LARGEST_CLUSTER} bytes"
        raise CorruptStructure("boot sector", offset + 13, expected, f"{boot.sectors_per_cluster} sectors")
    return size


def _size(value: int, cluster_size: int, offset: int) -> int:
    """Of a record or an index block, in bytes."""
    size = value * cluster_size if value > 0 else 1 << min(-value, 31)
    if size < STRIDE or size > _LARGEST_RECORD or size & (size - 1):
        expected = f"a power of two from {STRIDE} to {_LARGEST_RECORD} bytes"
        raise CorruptStructure("boot sector", offset, expected, str(value))
    return size
