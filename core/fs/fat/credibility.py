"""Whether a boot sector can be trusted so far that a volume is changed on its word alone.

Where it is wrong, what a repair takes for a copy of the allocation table may be somebody's files.
"""

from __future__ import annotations

from core.blockdev.device import BlockDevice
from core.errors import MediumError
from core.fs.fat.geometry import Geometry

_MOST_TABLES = 2
_LOOKED_AT = 1 << 20
_BLOCK = 16
_LAYOUT = slice(11, 64)
"""Of a boot sector, what tells where everything lies."""


def is_credible(device: BlockDevice, geometry: Geometry) -> bool:
    """Whether one or two allocation tables are where they should be.

    One begins with the media byte (FAT 1.03, page 18), and the other too, or it resembles the first.
    """
    tables = geometry.tables
    if len(tables) > _MOST_TABLES:
        return False
    if geometry.backup_offset and not is_vouched_for(device, geometry):
        return False
    sound = [_begins_well(device, table, geometry) for table in tables]
    return all(sound) or (any(sound) and _alike(device, geometry))


def is_vouched_for(device: BlockDevice, geometry: Geometry) -> bool:
    """Whether a backup says the same of the layout, which only FAT32 has."""
    if not geometry.backup_offset:
        return False
    try:
        first, second = (device.read(offset, 512)[_LAYOUT] for offset in (0, geometry.backup_offset))
    except MediumError:
        return False
    return first == second


def _begins_well(device: BlockDevice, table: int, geometry: Geometry) -> bool:
    try:
        start = int.from_bytes(device.read(table, 4), "little")
    except MediumError:
        return False
    mask = (1 << min(geometry.width, 28)) - 1
    return start & mask == mask & ~0xFF | geometry.media


def _alike(device: BlockDevice, geometry: Geometry) -> bool:
    """Whether half of the blocks that hold anything are the same in both tables."""
    length = min((geometry.clusters + 2) * geometry.width // 8, _LOOKED_AT)
    try:
        first, second = (device.read(table, length) for table in geometry.tables)
    except MediumError:
        return False
    if not (any(first) and any(second)):
        return True  # what was wiped holds nothing that could be lost
    same = other = 0
    for at in range(0, length, _BLOCK):
        mine, copy = first[at : at + _BLOCK], second[at : at + _BLOCK]
        if any(mine) or any(copy):
            same += mine == copy
            other += mine != copy
    return same >= other
