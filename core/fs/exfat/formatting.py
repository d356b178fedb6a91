"""Makes an empty exFAT volume.

Layout: the specification's sections 2, 3 and 7; cluster sizes as Windows chooses them.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from core.blockdev.clearing import wiped, zeroed
from core.blockdev.device import BlockDevice
from core.errors import SizeNotAllowed
from core.fs.exfat import names, upcase
from core.fs.exfat.checksums import rolling_32
from core.fs.exfat.structures import (
    BITMAP,
    BOOT_SECTOR,
    CHECKSUM_SECTOR,
    IN_USE,
    LABEL,
    LABEL_ENTRY,
    MOST_CLUSTERS,
    MOST_LABEL,
    NAME,
    REGION_SECTORS,
    SIGNATURE,
    SYSTEM_ENTRY,
    UNCHECKED,
    UPCASE,
)
from core.fs.formatting import Request, aligned

_MIB = 1 << 20
_LEAST = _MIB
_CLUSTERS = ((256 * _MIB, 4096), (32 << 30, 32 << 10), (256 << 40, 128 << 10))
"""(volumes up to this size, bytes of a cluster): the defaults of Windows."""
_FIRST_CLUSTER = 2
_END = 0xFFFFFFFF
_RESERVED_ENTRIES = (0xFFFFFFF8, 0xFFFFFFFF)
"""Entries 0 and 1 of the allocation table: section 4.1."""
_EXTENDED_SECTORS = range(1, 9)
_EXTENDED_SIGNATURE = b"\x00\x00\x55\xaa"
_HALT = 0xF4
"""What boot code that starts nothing consists of: section 3.1.19."""


class Plan(msgspec.Struct, frozen=True):
    """The layout of a volume to be. Counts of sectors unless said."""

    sector_size: int
    cluster_size: int
    """Bytes."""
    sectors: int
    table: int
    table_sectors: int
    heap: int
    clusters: int

    @property
    def bitmap_size(self) -> int:
        """Bytes."""
        return -(-self.clusters // 8)

    def chains(self) -> tuple[range, range, range]:
        """The clusters of the bitmap, the up-case table and the root directory, one behind the other."""
        bitmap = _FIRST_CLUSTER + -(-self.bitmap_size // self.cluster_size)
        table = bitmap + -(-len(upcase.recommended()) // self.cluster_size)
        return range(_FIRST_CLUSTER, bitmap), range(bitmap, table), range(table, table + 1)

    def position(self, cluster: int) -> int:
        """Where a cluster's bytes lie."""
        return self.heap * self.sector_size + (cluster - _FIRST_CLUSTER) * self.cluster_size


def plan(size: int, sector_size: int) -> Plan:
    """The layout for a volume of `size` bytes. The allocation table and the files begin at a whole MiB where
    the volume is large enough. Raises SizeNotAllowed."""
    cluster_size = next((cluster for most, cluster in _CLUSTERS if size <= most), 0)
    if size < _LEAST or not cluster_size:
        raise SizeNotAllowed("exFAT", size)
    cluster_size = max(cluster_size, sector_size)
    sectors, each = size // sector_size, cluster_size // sector_size
    unit = aligned(size, sector_size) // sector_size
    table = -(-2 * REGION_SECTORS // unit) * unit
    # As many entries as there could be clusters without the table: a few too many do no harm.
    table_sectors = -(-((sectors - table) // each + _FIRST_CLUSTER) * 4 // sector_size)
    heap = -(-(table + table_sectors) // unit) * unit
    clusters = min((sectors - heap) // each, MOST_CLUSTERS)
    found = Plan(sector_size, cluster_size, sectors, table, table_sectors, heap, clusters)
    if clusters < found.chains()[2].stop:
        raise SizeNotAllowed("exFAT", size)
    return found


def check(size: int, sector_size: int, request: Request) -> None:
    """Raises SizeNotAllowed, NameNotAllowed."""
    plan(size, sector_size)
    names.label(request.label)


def write(device: BlockDevice, request: Request) -> Iterator[int]:
    """Formats the whole of `device`; yields how many bytes have been written so far.

    The boot regions come last, the main one at the very end: until then nothing takes the volume for one.
    Raises SizeNotAllowed and NameNotAllowed before the first write, MediumError and DeviceGone.
    """
    layout = plan(device.size, device.sector_size)
    label = names.label(request.label)
    unit = layout.sector_size
    bitmap, table, root = layout.chains()
    done = 0
    for count in wiped(device):
        done += count
        yield done
    for start, length in (
        (layout.table * unit, layout.table_sectors * unit),
        (layout.position(_FIRST_CLUSTER), root.stop * layout.cluster_size - 2 * layout.cluster_size),
    ):
        for count in zeroed(device, start, length):
            done += count
            yield done
    device.write(layout.table * unit, _entries((bitmap, table, root)))
    device.write(layout.position(bitmap.start), _used(root.stop - _FIRST_CLUSTER))
    device.write(layout.position(table.start), upcase.recommended())
    device.write(layout.position(root.start), _root(layout, label))
    region = _region(layout, request, root.start)
    device.write(REGION_SECTORS * unit, region)
    device.flush()
    device.write(0, region)
    device.flush()
    yield done + 2 * len(region)


def _entries(chains: tuple[range, ...]) -> bytes:
    """The allocation table up to the last of these chains."""
    entries = list(_RESERVED_ENTRIES)
    for chain in chains:
        entries += [*range(chain.start + 1, chain.stop), _END]
    return b"".join(entry.to_bytes(4, "little") for entry in entries)


def _used(clusters: int) -> bytes:
    """The start of the bitmap: so many clusters are taken."""
    return ((1 << clusters) - 1).to_bytes(-(-clusters // 8), "little")


def _root(layout: Plan, label: bytes) -> bytes:
    bitmap, table, _ = layout.chains()
    kind = LABEL if label else LABEL & ~IN_USE
    entries: list[bytes] = [
        LABEL_ENTRY.build(
            {"type": kind, "length": len(label) // 2, "text": label.ljust(2 * MOST_LABEL, b"\0")}
        ),
        SYSTEM_ENTRY.build(
            {
                "type": BITMAP,
                "flags": 0,
                "checksum": 0,
                "first_cluster": bitmap.start,
                "size": layout.bitmap_size,
            }
        ),
        SYSTEM_ENTRY.build(
            {
                "type": UPCASE,
                "flags": 0,
                "checksum": upcase.CHECKSUM,
                "first_cluster": table.start,
                "size": len(upcase.recommended()),
            }
        ),
    ]
    return b"".join(entries)


def _region(layout: Plan, request: Request, root: int) -> bytes:
    """A boot region of twelve sectors: section 3."""
    unit = layout.sector_size
    used = root + 1 - _FIRST_CLUSTER
    boot: bytes = BOOT_SECTOR.build(
        {
            "jump": b"\xeb\x76\x90",
            "name": NAME,
            "zeros": bytes(53),
            "partition_offset": request.hidden_sectors,
            "sectors": layout.sectors,
            "table_sector": layout.table,
            "table_sectors": layout.table_sectors,
            "heap_sector": layout.heap,
            "clusters": layout.clusters,
            "root_cluster": root,
            "serial": request.serial & 0xFFFFFFFF,
            "minor": 0,
            "major": 1,
            "flags": 0,
            "sector_shift": unit.bit_length() - 1,
            "cluster_shift": (layout.cluster_size // unit).bit_length() - 1,
            "tables": 1,
            "drive": 0x80,
            "percent_in_use": used * 100 // layout.clusters,
            "code": bytes((_HALT,)) * 390,
            "signature": SIGNATURE,
        }
    )
    region = bytearray(boot.ljust(unit, b"\0"))
    for sector in range(1, CHECKSUM_SECTOR):
        ending = _EXTENDED_SIGNATURE if sector in _EXTENDED_SECTORS else b""
        region += bytes(unit - len(ending)) + ending
    checksum = rolling_32(byte for at, byte in enumerate(region) if at not in UNCHECKED)
    return bytes(region) + checksum.to_bytes(4, "little") * (unit // 4)
