"""Which superblocks there are, wherever they lie.

newfs_lfs(8) spreads up to ten over the volume, at the starts of segments. The first two are written in turns,
so that one of them is whole whenever writing stops; the others stay as they were made. The newest whose own
checksum is right and whose ifile is there is the newest checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from core.blockdev import signs
from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError, NotAFileSystem
from core.fs.lfs.geometry import Geometry, byteorder_of, read_geometry
from core.fs.lfs.structures import SECTOR, SUPERBLOCK_AT, SUPERBLOCK_LENGTH, superblock

_SUPERBLOCKS, _FEWEST_BETWEEN = 10, 5
"""On a volume at most, and segments from one to the next at least."""
_SEGMENTS = tuple(1 << power for power in (20, 16, 17, 18, 19, 21, 22, 23, 24))
"""Sizes of segments, the usual one first."""
_STEP, _SEARCHED = 4096, 64 << 20
"""Where segments begin at all, and how much of a device is searched when no superblock is in a likely place.
"""
_MOST_FAULTS = 10
_MOST_COPIES = 64
"""Superblocks that are looked into where the first one is broken, of this volume and of older ones."""


def looks_like(device: BlockDevice) -> bool:
    return bool(_byteorder_at(device, SUPERBLOCK_AT))


def has_copy(device: BlockDevice) -> bool:
    """Whether one of the two superblocks behind the first one is found, which may be gone.

    They are looked for where nothing else is known to be: on most sticks that would be in vain.
    """
    return not signs.system(device, 0) and any(_readable(device, _likely(device.size, copies=2)))


def checkpoints(device: BlockDevice) -> tuple[list[Geometry], list[CorruptStructure | MediumError]]:
    """All that can be found, the newest first, and what was wrong with others.

    Raises NotAFileSystem, UnsupportedFeature.
    """
    faults: list[CorruptStructure | MediumError] = []
    marked = True
    try:
        marked = looks_like(device)
        if not marked:
            raise CorruptStructure("superblock", SUPERBLOCK_AT, "a superblock, as in its copy", "none")
        found = [read_geometry(device, SUPERBLOCK_AT)]
    except (CorruptStructure, MediumError) as error:
        faults.append(error)
        found = _copies(device)
    else:
        for offset in _others(found[0].superblock, found[0].unit, device.size):
            try:
                found.append(read_geometry(device, offset))
            except (CorruptStructure, MediumError) as error:
                if len(faults) < _MOST_FAULTS:
                    faults.append(error)
    if not found and not marked:
        raise NotAFileSystem("no superblock of LFS")
    found.sort(key=lambda one: (-one.age, one.offset))
    return found, faults


def _copies(device: BlockDevice) -> list[Geometry]:
    """Those but the first, which cannot be believed."""
    found: dict[int, Geometry] = {}
    everywhere = range(0, min(device.size, _SEARCHED), _STEP)
    for places in (_hinted(device), _likely(device.size, _SUPERBLOCKS - 1), everywhere):
        found |= {one.offset: one for one in islice(_readable(device, places), _MOST_COPIES)}
        if found:
            break
    for one in list(found.values()):
        others = (place for place in _others(one.superblock, one.unit, device.size) if place not in found)
        found |= {other.offset: other for other in _readable(device, others)}
    return list(found.values())


def _readable(device: BlockDevice, places: Iterable[int]) -> Iterator[Geometry]:
    for offset in places:
        try:
            if _byteorder_at(device, offset):
                yield read_geometry(device, offset)
        except (CorruptStructure, MediumError):
            continue


def _byteorder_at(device: BlockDevice, offset: int) -> str:
    if offset + SUPERBLOCK_LENGTH > device.size:
        return ""
    return byteorder_of(device.read(offset, 4))


def _others(found: Any, unit: int, size: int) -> Iterator[int]:
    """Where the others are by what a superblock says. Any of them may be the newest that is whole."""
    for place in found.superblocks:
        offset = place * unit
        if SUPERBLOCK_AT < offset <= size - SUPERBLOCK_LENGTH:
            yield offset


def _hinted(device: BlockDevice) -> Iterator[int]:
    """The same by what a broken one says, in whichever unit it may count."""
    try:
        data = device.read(SUPERBLOCK_AT, SUPERBLOCK_LENGTH)
    except MediumError:
        return
    order = byteorder_of(data)
    if order:
        found = superblock(order).parse(data)
        for unit in dict.fromkeys((SECTOR, found.fragment_size)):
            yield from _others(found, unit, device.size)


def _likely(size: int, copies: int) -> Iterator[int]:
    """Where newfs_lfs would put so many on a volume of this size, by how large its segments may be.

    Segments are counted from the start or from behind the label, by the version.
    """
    places: dict[int, None] = {}
    for segment in _SEGMENTS:
        for segments in {size // segment, (size - 2 * SUPERBLOCK_AT) // segment}:
            between = max(segments // _SUPERBLOCKS, _FEWEST_BETWEEN) * segment
            for number in range(1, copies + 1):
                places |= dict.fromkeys((number * between, number * between + SUPERBLOCK_AT))
    yield from (place for place in places if place + SUPERBLOCK_LENGTH <= size)
