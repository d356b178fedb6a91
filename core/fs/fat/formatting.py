"""Makes an empty FAT volume.

Layout: FAT 1.03, pages 9 to 22; cluster sizes as Windows chooses them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.blockdev.clearing import wiped, zeroed
from core.blockdev.device import BlockDevice
from core.errors import NameNotAllowed, SizeNotAllowed
from core.fs.dostimes import packed
from core.fs.fat.structures import (
    BOOT_SECTOR,
    BOOT_SECTOR_32,
    BOOT_SECTOR_LENGTH,
    INFORMATION,
    NO_LABEL,
    SHORT,
    VOLUME_LABEL,
)
from core.fs.formatting import Request, aligned
from core.fs.slots import SLOT_LENGTH
from core.fs.writable import Reason

_KIB, _MIB, _GIB = 1 << 10, 1 << 20, 1 << 30
_CLUSTERS = {
    12: ((2 * _MIB, 512), (4 * _MIB, _KIB), (8 * _MIB, 2 * _KIB), (16 * _MIB, 4 * _KIB)),
    16: (
        *((32 * _MIB, 512), (64 * _MIB, _KIB), (128 * _MIB, 2 * _KIB), (256 * _MIB, 4 * _KIB)),
        *((512 * _MIB, 8 * _KIB), (_GIB, 16 * _KIB), (2 * _GIB, 32 * _KIB), (4 * _GIB, 64 * _KIB)),
    ),
    32: (
        *((64 * _MIB, 512), (128 * _MIB, _KIB), (256 * _MIB, 2 * _KIB), (8 * _GIB, 4 * _KIB)),
        *((16 * _GIB, 8 * _KIB), (32 * _GIB, 16 * _KIB), (2048 * _GIB, 32 * _KIB)),
    ),
}
"""(volumes up to this size, bytes of a cluster): the defaults of Windows, by the table's width."""

_COUNTS = {12: (1, 4084), 16: (4085 + 16, 65524 - 16), 32: (65525 + 16, 0x0FFFFFF5)}
"""Clusters, least and most. FAT 1.03, page 15, advises to stay 16 away from where the width changes."""

_TABLES = 2
_ROOT_ENTRIES = 512
_ROOT_CLUSTER = 2
_RESERVED = {12: 1, 16: 1, 32: 32}
_INFORMATION_SECTOR, _BACKUP_SECTOR, _SPARE_SECTOR = 1, 6, 2
_MEDIA = 0xF8
_SIGNATURE = b"\x55\xaa"
_STOP = b"\xf4\xeb\xfd"
"""hlt; jmp back to it: what a PC that boots from the stick runs."""
_FORBIDDEN = frozenset('"*+,./:;<=>?[\\]|')


@dataclass(frozen=True)
class Plan:
    """The layout of a volume to be. Counts of sectors unless said."""

    width: int
    sector_size: int
    cluster_size: int
    """Bytes."""
    sectors: int
    reserved: int
    table: int
    root: int
    clusters: int

    @property
    def data(self) -> int:
        return self.reserved + _TABLES * self.table + self.root


def plan(size: int, sector_size: int, width: int) -> Plan:
    """The layout for a volume of `size` bytes. Raises SizeNotAllowed.

    The files begin at a multiple of a MiB where the volume is large enough, so that no cluster straddles two
    blocks of the flash below.
    """
    cluster_size = max(
        next((cluster for most, cluster in _CLUSTERS[width] if size <= most), _CLUSTERS[width][-1][1]),
        sector_size,
    )
    found = _laid_out(size, sector_size, width, cluster_size)
    least, most = _COUNTS[width]
    if width == 12 and found.clusters > most:
        found = _laid_out(size, sector_size, width, cluster_size * 2)
    if width == 32 and found.clusters < least:
        found = _laid_out(size, sector_size, width, sector_size)
    if not least <= found.clusters <= most or found.sectors >> 32:
        raise SizeNotAllowed(f"FAT{width}", size)
    return found


def _laid_out(size: int, sector_size: int, width: int, cluster_size: int) -> Plan:
    sectors = size // sector_size
    each = cluster_size // sector_size
    root = 0 if width == 32 else _ROOT_ENTRIES * SLOT_LENGTH // sector_size
    unit = aligned(size, sector_size) // sector_size
    table = 1
    while True:
        data = -(-(_RESERVED[width] + _TABLES * table + root) // unit) * unit
        clusters = max(0, sectors - data) // each
        needed = -(-(clusters + 2) * width // (8 * sector_size))
        if needed <= table:
            break
        table = needed
    reserved = data - _TABLES * table - root
    return Plan(width, sector_size, cluster_size, sectors, reserved, table, root, clusters)


def check(size: int, sector_size: int, request: Request, width: int) -> None:
    """Raises SizeNotAllowed, NameNotAllowed."""
    plan(size, sector_size, width)
    label_bytes(request.label)


def write(device: BlockDevice, request: Request, width: int) -> Iterator[int]:
    """Formats the whole of `device`; yields how many bytes have been written so far.

    The boot sector comes last: until then nothing takes the volume for one. Raises SizeNotAllowed and
    NameNotAllowed before the first write, MediumError and DeviceGone.
    """
    layout = plan(device.size, device.sector_size, width)
    label = label_bytes(request.label)
    done = 0
    for count in wiped(device):
        done += count
        yield done
    unit = layout.sector_size
    table_size = layout.table * unit
    for number in range(_TABLES):
        start = layout.reserved * unit + number * table_size
        for count in zeroed(device, start, table_size):
            done += count
            yield done
        device.write(start, _first_entries(width))
    root = layout.reserved * unit + _TABLES * table_size
    for count in zeroed(device, root, layout.cluster_size if width == 32 else layout.root * unit):
        done += count
        yield done
    if label:
        device.write(root, _label_entry(label, request.when))
    boot = _boot_sector(layout, request, label or NO_LABEL)
    if width == 32:
        _write_spare_sectors(device, layout, boot)
    device.flush()
    device.write(0, boot)
    device.flush()
    yield done + unit


def label_bytes(label: str) -> bytes:
    """The 11 bytes of a volume label, empty for none. Raises NameNotAllowed (FAT 1.03, page 24)."""
    if not label:
        return b""
    for character in label:
        if character in _FORBIDDEN or not character.isprintable():
            raise NameNotAllowed(label, Reason.CHARACTER)
    try:
        raw = label.upper().strip().encode("cp437")
    except UnicodeEncodeError as error:
        raise NameNotAllowed(label, Reason.CHARACTER) from error
    if not 1 <= len(raw) <= 11:
        raise NameNotAllowed(label, Reason.LENGTH if raw else Reason.EMPTY)
    return b"\x05" + raw[1:].ljust(10) if raw[0] == 0xE5 else raw.ljust(11)


def _first_entries(width: int) -> bytes:
    """Entries 0 and 1, which hold the media byte and clean flags, and on FAT32 the root's only cluster."""
    match width:
        case 12:
            return bytes((_MEDIA, 0xFF, 0xFF))
        case 16:
            return bytes((_MEDIA, 0xFF, 0xFF, 0xFF))
        case _:
            entries = (0x0FFFFF00 | _MEDIA, 0x0FFFFFFF, 0x0FFFFFFF)
            return b"".join(entry.to_bytes(4, "little") for entry in entries)


def _label_entry(label: bytes, when: int) -> bytes:
    day, time, _ = packed(when)
    entry: bytes = SHORT.build(
        {
            "name": label,
            "attributes": VOLUME_LABEL,
            "case": 0,
            "created_hundredths": 0,
            "created_time": 0,
            "created_date": 0,
            "accessed_date": 0,
            "first_cluster_high": 0,
            "modified_time": time,
            "modified_date": day,
            "first_cluster_low": 0,
            "size": 0,
        }
    )
    return entry


def _boot_sector(layout: Plan, request: Request, label: bytes) -> bytes:
    wide = layout.width == 32
    small = layout.sectors < 1 << 16 and not wide
    extended = {
        "drive": 0x80,
        "state": 0,
        "signature": 0x29,
        "serial": request.serial & 0xFFFFFFFF,
        "label": label,
        "system": f"FAT{layout.width}".encode().ljust(8),
    }
    boot: bytes = BOOT_SECTOR.build(
        {
            "jump": b"\xeb\x58\x90" if wide else b"\xeb\x3c\x90",
            "creator": b"MSWIN4.1",  # what the specification advises: some systems look for it
            "sector_size": layout.sector_size,
            "sectors_per_cluster": layout.cluster_size // layout.sector_size,
            "reserved_sectors": layout.reserved,
            "tables": _TABLES,
            "root_entries": 0 if wide else _ROOT_ENTRIES,
            "sectors_16": layout.sectors if small else 0,
            "media": _MEDIA,
            "table_sectors_16": 0 if wide else layout.table,
            "sectors_per_track": 63,
            "heads": 255,
            "hidden_sectors": request.hidden_sectors & 0xFFFFFFFF,
            "sectors_32": 0 if small else layout.sectors,
            "extended": extended,
        }
    )
    if wide:
        boot = (
            boot[:36]
            + BOOT_SECTOR_32.build(
                {
                    "table_sectors_32": layout.table,
                    "flags": 0,
                    "version": 0,
                    "root_cluster": _ROOT_CLUSTER,
                    "information_sector": _INFORMATION_SECTOR,
                    "backup_sector": _BACKUP_SECTOR,
                    "extended": extended,
                }
            )[36:]
        )
    return (boot + _STOP).ljust(BOOT_SECTOR_LENGTH - 2, b"\0") + _SIGNATURE


def _write_spare_sectors(device: BlockDevice, layout: Plan, boot: bytes) -> None:
    """FSInfo, the third boot sector, and the backups of all three: FAT 1.03, pages 12 and 21."""
    free = layout.clusters - 1
    information = INFORMATION.build({"free": free, "next_free": _ROOT_CLUSTER + 1})
    spare = bytes(BOOT_SECTOR_LENGTH - 2) + _SIGNATURE
    for first in (0, _BACKUP_SECTOR):
        for sector, content in ((_INFORMATION_SECTOR, information), (_SPARE_SECTOR, spare)):
            device.write((first + sector) * layout.sector_size, content)
    device.write(_BACKUP_SECTOR * layout.sector_size, boot)
