"""Which files and folders of FAT have clusters that its allocation table calls free."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.errors import CorruptStructure, MediumError
from core.fs.fat.geometry import Geometry
from core.fs.fat.structures import DELETED, DIRECTORY, END, LISTED_PACKED, MOST_SLOTS, VOLUME_LABEL
from core.fs.fat.table import AllocationTable
from core.fs.slots import SLOT_LENGTH, Chunk

_DOT = ord(".")


def unowned(
    table: AllocationTable, geometry: Geometry, chunks: Callable[[int], Iterator[Chunk]]
) -> Iterator[bool]:
    """As `core.fs.owned.examine` takes it; `chunks` reads the directory at a cluster (0: the root).

    What cannot be read says nothing, nor do entries that point outside the volume. Raises DeviceGone.
    """
    waiting, seen = [0], {0, geometry.root_cluster}
    last, wide = geometry.clusters + 1, geometry.width == 32
    most = max(1, MOST_SLOTS * SLOT_LENGTH // geometry.cluster_size)
    while waiting:
        try:
            for chunk in chunks(waiting.pop()):
                for raw, attributes, _, high, _, _, low, size in LISTED_PACKED.iter_unpack(chunk.data):
                    if raw[0] == END:
                        break
                    first = low | high << 16 if wide else low
                    if raw[0] in (DELETED, _DOT) or attributes & VOLUME_LABEL or not 2 <= first <= last:
                        continue
                    count = -(-size // geometry.cluster_size)
                    if attributes & DIRECTORY:
                        if first in seen:
                            continue
                        seen.add(first)
                        waiting.append(first)
                        count = most
                    if count:
                        yield _leads_to_free(table, first, count)
                else:
                    continue
                break
        except (CorruptStructure, MediumError):
            continue


def _leads_to_free(table: AllocationTable, first: int, most: int) -> bool:
    """Only the last cluster of a run can be marked as free: the others name the next one."""
    if table.entry(first) == 0:
        return True
    if most == 1:
        return False
    try:
        return any(table.entry(cluster + count - 1) == 0 for cluster, count in table.runs(first, most))
    except CorruptStructure:
        return False
