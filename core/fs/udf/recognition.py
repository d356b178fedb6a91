"""Finding a volume: its sector size, its anchors and its sequence of descriptors. ECMA-167, 2/8 and 3/8.4."""

from __future__ import annotations

from typing import Any

import msgspec

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem
from core.fs.driver import Warnings
from core.fs.udf import tags
from core.fs.udf.structures import (
    ANCHOR,
    ANCHOR_DESCRIPTOR,
    LOGICAL_VOLUME,
    LOGICAL_VOLUME_DESCRIPTOR,
    PARTITION,
    PARTITION_DESCRIPTOR,
    POINTER,
    POINTER_DESCRIPTOR,
    TERMINATING,
    VOLUME,
    VOLUME_DESCRIPTOR,
)

_SECTOR_SIZES = (512, 1024, 2048, 4096)
FIRST_ANCHOR = 256
_ANCHORS = (FIRST_ANCHOR, -1, -257, 512)
"""Sectors, those below 0 from the end: ECMA-167, 3/8.4.2.1, and 512 on discs that are not closed yet."""
_ANCHOR_LENGTH = 512
_MOST_SECTORS = 512
_MOST_POINTERS = 16
_AREA, _STEPS, _MOST_AREA = 32768, (2048, 4096), 64
_SIGNS = (b"NSR02", b"NSR03")
_OTHER_SIGNS = (b"BEA01", b"BOOT2", b"TEA01", b"CDW02", b"CD001")


class Descriptors(msgspec.Struct):
    """Of each kind the one that prevails, partitions by their number."""

    volume: Any = None
    logical: Any = None
    logical_raw: bytes = b""
    logical_at: int = 0
    partitions: dict[int, Any] = msgspec.field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return self.logical is not None and bool(self.partitions)


def is_announced(device: BlockDevice) -> bool:
    """Whether the volume recognition sequence names UDF. Raises DeviceGone."""
    for step in _STEPS:
        for number in range(_MOST_AREA):
            at = _AREA + number * step
            if at + 6 > device.size:
                break
            try:
                sign = device.read(at + 1, 5)
            except MediumError:
                continue
            if sign in _SIGNS:
                return True
            if sign not in _OTHER_SIGNS:
                break
    return False


def find(device: BlockDevice, warnings: Warnings) -> tuple[int, Descriptors]:
    """The sector size and the descriptors. Raises NotAFileSystem, CorruptStructure, MediumError."""
    problem: CorruptStructure | MediumError | None = None
    for size in dict.fromkeys((device.sector_size, *_SECTOR_SIZES)):
        met = False
        for place in _ANCHORS:
            sector = place if place >= 0 else device.size // size + place
            try:
                anchor = _anchor(device, size, sector)
            except (CorruptStructure, MediumError) as error:
                if met or (place == _ANCHORS[0] and isinstance(error, MediumError)):
                    problem = problem or error
                continue
            if anchor is None:
                continue
            met = True
            for extent in (anchor.main, anchor.reserve):
                try:
                    found = _sequence(device, size, extent)
                except (CorruptStructure, MediumError) as error:
                    problem = problem or error
                    continue
                if found.complete:
                    if extent is not anchor.main and problem is not None:
                        warnings.note(Fault.of(problem))
                    if place != _ANCHORS[0] and size == device.sector_size:
                        at = _ANCHORS[0] * size
                        fault = CorruptStructure("anchor", at, "an anchor", "none: another is used")
                        warnings.note(Fault.of(fault))
                    return size, found
                missing = "no logical volume" if found.logical is None else "no partition"
                problem = problem or CorruptStructure(
                    "volume descriptors", extent.sector * size, "a volume and its partitions", missing
                )
    raise problem or NotAFileSystem("no anchor of UDF")


def _anchor(device: BlockDevice, size: int, sector: int) -> Any:
    position = sector * size
    if sector <= 0 or position + _ANCHOR_LENGTH > device.size:
        return None
    raw = device.read(position, _ANCHOR_LENGTH)
    if tags.identifier(raw) != ANCHOR:
        return None
    try:
        tags.verify(raw, "anchor", position, sector, ANCHOR)
    except CorruptStructure:
        return None  # or it would be one of another sector size
    return ANCHOR_DESCRIPTOR.parse(raw)


def _sequence(device: BlockDevice, size: int, extent: Any) -> Descriptors:
    """What a sequence of volume descriptors says. What is damaged in it is not there.

    Raises CorruptStructure, MediumError when nothing is left of it.
    """
    found = Descriptors()
    problem: CorruptStructure | MediumError | None = None
    pointers = 0
    sector, left = extent.sector, min(extent.length // size, _MOST_SECTORS)
    while left > 0:
        position = sector * size
        sector, left = sector + 1, left - 1
        try:
            raw = device.read(position, size)
            kind = tags.verify(raw, "volume descriptor", position, None)
        except (CorruptStructure, MediumError) as error:
            problem = problem or error
            if not found.complete:
                continue
            break
        if kind in (0, TERMINATING):
            break
        if kind == POINTER and pointers < _MOST_POINTERS:
            pointer = POINTER_DESCRIPTOR.parse(raw)
            pointers += 1
            sector, left = pointer.next.sector, min(pointer.next.length // size, _MOST_SECTORS)
        else:
            _take(found, kind, raw, position)
    if not found.complete and problem is not None:
        raise problem
    return found


def _take(found: Descriptors, kind: int, raw: bytes, position: int) -> None:
    """The one with the highest number prevails: ECMA-167, 3/8.4.3."""
    if kind == VOLUME:
        descriptor = VOLUME_DESCRIPTOR.parse(raw)
        if found.volume is None or descriptor.sequence >= found.volume.sequence:
            found.volume = descriptor
    elif kind == LOGICAL_VOLUME:
        descriptor = LOGICAL_VOLUME_DESCRIPTOR.parse(raw)
        if found.logical is None or descriptor.sequence >= found.logical.sequence:
            found.logical, found.logical_raw, found.logical_at = descriptor, raw, position
    elif kind == PARTITION:
        descriptor = PARTITION_DESCRIPTOR.parse(raw)
        before = found.partitions.get(descriptor.number)
        if before is None or descriptor.sequence >= before.sequence:
            found.partitions[descriptor.number] = descriptor
