"""The Apple partition map: a chain of one entry per block behind the driver descriptor record.

Layout: Apple, "Inside Macintosh: Devices", chapter 3, "SCSI Manager", "The Partition Map"; also TN1189. The
map is an entry in itself, and so is free space. All big-endian.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from construct import Bytes, Int16ub, Int32ub, Struct

from core.blockdev.device import BlockDevice
from core.blockdev.partition import Slice
from core.errors import CorruptStructure, MediumError, RumpusError

DESCRIPTOR_SIGNATURE, ENTRY_SIGNATURE = b"ER", b"PM"
_LENGTH = 512
"""Of the driver descriptor record, and of an entry, whatever the size of a block."""
_SIZES = (512, 1024, 2048, 4096)
_MOST_ENTRIES = 256

DESCRIPTOR = Struct("signature" / Bytes(2), "block_size" / Int16ub, "blocks" / Int32ub)
ENTRY = Struct(
    "signature" / Bytes(2),
    "padding" / Int16ub,
    "entries" / Int32ub,
    "first_block" / Int32ub,
    "blocks" / Int32ub,
    "name" / Bytes(32),
    "type" / Bytes(32),
    "first_data_block" / Int32ub,
    "data_blocks" / Int32ub,
    "status" / Int32ub,
)

_MAP = "Apple_partition_map"
_NOT_SHOWN = (_MAP, "Apple_Free", "Apple_Void", "Apple_Driver", "Apple_FWDriver", "Apple_Patches")
"""How the types begin of what holds no files: the map, gaps, and programs for the Macintosh itself."""
TYPES = {
    "Apple_HFS": "Apple HFS or HFS+",
    "Apple_HFSX": "Apple HFSX",
    "Apple_MFS": "Apple MFS",
    "Apple_UFS": "Apple UFS",
    "Apple_UNIX_SVR2": "Unix",
    "Apple_PRODOS": "Apple ProDOS",
    "Apple_APFS": "Apple APFS",
    "DOS_FAT_12": "FAT12",
    "DOS_FAT_16": "FAT16",
    "DOS_FAT_32": "FAT32",
    "Windows_FAT_16": "FAT16",
    "Windows_FAT_32": "FAT32",
    "Windows_NTFS": "NTFS",
}


def block_size(device: BlockDevice, sector: bytes) -> int:
    """The size of the blocks in which a map counts that begins on the device, 0 where there is none.

    `sector` are the first bytes of the device. A map whose descriptor was lost begins with the entry of
    itself. Raises DeviceGone.
    """
    sizes: tuple[int, ...] = _SIZES
    if sector[:2] == DESCRIPTOR_SIGNATURE:
        told = DESCRIPTOR.parse(sector[:_LENGTH]).block_size
        sizes = tuple(dict.fromkeys((*(size for size in _SIZES if size == told), *_SIZES)))
    for size in sizes:
        entry = _entry(device, size)
        if entry is not None and (sector[:2] == DESCRIPTOR_SIGNATURE or _text(entry.type) == _MAP):
            return size
    return 0


def slices(device: BlockDevice, size: int) -> tuple[list[Slice], list[RumpusError]]:
    """The partitions with files, numbered by their entries from 1, and what is wrong. Raises DeviceGone."""
    found: list[Slice] = []
    faults: list[RumpusError] = []
    for number, raw in _entries(device, size, faults):
        entry = ENTRY.parse(raw)
        if entry.signature != ENTRY_SIGNATURE:
            faults.append(_corrupt(number * size, "signature PM", raw[:2].hex(" ")))
            continue
        kind = _text(entry.type)
        if kind.startswith(_NOT_SHOWN):
            continue
        place = entry.first_block * size, entry.blocks * size
        found.append(Slice(number, *place, TYPES.get(kind, kind), _text(entry.name)))
    return found, faults


def _entries(device: BlockDevice, size: int, faults: list[RumpusError]) -> Iterator[tuple[int, bytes]]:
    """Each entry, as many as the first sound one says that there are."""
    count, number = 1, 0
    while number < count:
        number += 1
        try:
            raw = device.read(number * size, _LENGTH)
        except (CorruptStructure, MediumError) as error:
            faults.append(error)
            if number == 1:
                count = 2
            continue
        if raw[:2] == ENTRY_SIGNATURE and count <= 2:
            count = max(ENTRY.parse(raw).entries, 1)
            if count > _MOST_ENTRIES:
                faults.append(_corrupt(number * size + 4, f"at most {_MOST_ENTRIES} entries", str(count)))
                count = _MOST_ENTRIES
        yield number, raw


def _entry(device: BlockDevice, offset: int) -> Any:
    """The entry that lies there, or None."""
    if offset + _LENGTH > device.size:
        return None
    try:
        raw = device.read(offset, _LENGTH)
    except MediumError:
        return None
    return ENTRY.parse(raw) if raw[:2] == ENTRY_SIGNATURE else None


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("ascii", "backslashreplace")


def _corrupt(offset: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("Apple partition map", offset, expected, found)
