"""Which files and folders of exFAT have clusters that its allocation bitmap calls free."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.errors import CorruptStructure, MediumError
from core.fs.allocation import FreeSpace
from core.fs.clusters import Runs
from core.fs.exfat.allocation import Allocation
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.structures import CONTIGUOUS, DIRECTORY, END, FILE, MOST_DIRECTORY, STREAM, STREAM_PACKED
from core.fs.slots import SLOT_LENGTH, Chunk

_ATTRIBUTES = 4


def unowned(
    space: FreeSpace,
    geometry: Geometry,
    root: Allocation,
    walk: Callable[[Allocation], Runs],
    chunks: Callable[[Allocation], Iterator[Chunk]],
) -> Iterator[bool]:
    """As `core.fs.owned.examine` takes it; `walk` and `chunks` tell the clusters and bytes of an allocation.

    What cannot be read says nothing, nor do entries that point outside the volume. Raises DeviceGone.
    """
    waiting, seen = [root], {root.first}
    capacity = geometry.clusters * geometry.cluster_size
    while waiting:
        before = b""
        try:
            for chunk in chunks(waiting.pop()):
                data = before + chunk.data
                heads = data[::SLOT_LENGTH]
                end = heads.find(END)
                stop = len(heads) if end < 0 else end
                at = heads.find(STREAM, 1, stop)
                while at >= 0:
                    start = at * SLOT_LENGTH
                    flags, _, _, _, first, size = STREAM_PACKED.unpack_from(data, start)
                    if (
                        heads[at - 1] == FILE
                        and 0 < size <= capacity
                        and 2 <= first <= geometry.last_cluster
                        and first not in seen
                    ):
                        count = geometry.needed(size)
                        if data[start - SLOT_LENGTH + _ATTRIBUTES] & DIRECTORY:
                            count = geometry.needed(min(size, MOST_DIRECTORY))
                            seen.add(first)
                            waiting.append(Allocation(first, count, bool(flags & CONTIGUOUS)))
                        yield _has_free(space, walk(Allocation(first, count, bool(flags & CONTIGUOUS))))
                    at = heads.find(STREAM, at + 1, stop)
                if end >= 0:
                    break
                before = data[-SLOT_LENGTH:]
        except (CorruptStructure, MediumError):
            continue


def _has_free(space: FreeSpace, runs: Runs) -> bool:
    try:
        return any(space.has_free(first, count) for first, count in runs)
    except CorruptStructure:
        return False
