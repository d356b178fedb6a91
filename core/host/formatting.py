"""What an empty volume will be: chosen as Windows would for a stick of that size, asked of the worker."""

from __future__ import annotations

import os
import time
from typing import Literal

from core.worker import protocol

Wish = protocol.Format
System = Literal["fat12", "fat16", "fat32", "exfat"]
SYSTEMS: dict[System, str] = {"fat32": "FAT32", "exfat": "exFAT", "fat16": "FAT16", "fat12": "FAT12"}
"""Names for people, the likeliest first."""
_TOO_SMALL_FOR_FAT32 = 64 << 20
_TOO_SMALL_FOR_FAT16 = 8 << 20
_LARGEST_FAT32 = 32 << 30
_POSSIBLE: dict[System, tuple[int, int]] = {
    "fat32": (_TOO_SMALL_FOR_FAT32, 2 << 40),
    "exfat": (_TOO_SMALL_FOR_FAT16, 1 << 60),
    "fat16": (_TOO_SMALL_FOR_FAT16, 2 << 30),
}
"""From and up to which size other computers expect such a volume."""


def fitting(size: int) -> System:
    """The system that every camera, car and computer expects on a stick of `size` bytes."""
    if size < _TOO_SMALL_FOR_FAT16:
        return "fat12"
    if size < _TOO_SMALL_FOR_FAT32:
        return "fat16"
    return "fat32" if size <= _LARGEST_FAT32 else "exfat"


def possible(size: int) -> list[System]:
    """What a stick of `size` bytes can be, the best first."""
    best = fitting(size)
    others = [system for system, (least, most) in _POSSIBLE.items() if least <= size <= most]
    return [best, *(system for system in others if system != best)]


def wish(system: System, label: str, *, partition: int = 0, table: bool = False) -> protocol.Format:
    """A volume on a partition, on all of the device (0), or with `table` behind a new table on all of it."""
    now = time.time_ns()
    if system != "exfat":
        now += time.localtime().tm_gmtoff * 1_000_000_000  # FAT keeps the time of the clock on the wall
    return protocol.Format(
        id=0, system=system, label=label, partition=partition, table=table, identity=os.urandom(16), when=now
    )
