"""Files behind the end mark of an exFAT folder: a sector of zeros may have hidden what follows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from core.blockdev.device import BlockDevice
from core.entry import Finding, FindingKind, Remedy
from core.errors import CorruptStructure, Fault, MediumError, NotFound
from core.fs.checking import Problem, Stage, mended
from core.fs.exfat.directory import node_of
from core.fs.exfat.sets import Sets
from core.fs.exfat.structures import END, FILE
from core.fs.ownership import Ownership
from core.fs.slots import SLOT_LENGTH, chunks

if TYPE_CHECKING:
    from core.fs.exfat.mending import ExFatMender

_MOST = 1 << 12
"""Of folders that have such, and of entries in each, that are remembered."""


class _Behind(NamedTuple):
    path: str
    contiguous: bool
    pieces: list[tuple[int, int]]
    """(position, length) of the folder."""
    entries: list[int]
    """Where file entries lie."""


class HiddenFiles:
    """What was met in the folders of a walk, until it is known whose each cluster is."""

    def __init__(self) -> None:
        self._met: list[_Behind] = []

    def look(
        self, device: BlockDevice, pieces: Iterable[tuple[int, int]], path: str, contiguous: bool
    ) -> Iterator[None]:
        """Takes note of file entries behind the end of a folder."""
        ended = False
        walked: list[tuple[int, int]] = []
        found: list[int] = []
        with suppress(CorruptStructure, MediumError):  # told when it was read
            walked += pieces
            for data, _, position in chunks(device, walked, []):
                heads = data[::SLOT_LENGTH]
                start = 0 if ended else heads.find(END)
                ended = start >= 0
                at = heads.find(FILE, start) if ended else -1
                while at >= 0 and len(found) < _MOST:
                    found.append(position + at * SLOT_LENGTH)
                    at = heads.find(FILE, at + 1)
                yield None
        if found and len(self._met) < _MOST:
            self._met.append(_Behind(path, contiguous, walked, found))

    def problems(self, sets: Sets, owned: Ownership) -> Iterator[Problem[ExFatMender]]:
        """Those that are sound and whose clusters are nobody else's are to be shown again."""
        for path, contiguous, pieces, entries in self._met:
            kept = [position for position in entries if _is_lost(sets, owned, position, contiguous)]
            if kept:
                fault = CorruptStructure("directory", kept[0], "nothing behind its end", "files")
                finding = Finding(FindingKind.BEHIND_END, path, Fault.of(fault))
                yield _shown_again(finding, pieces, kept)


def _shown_again(finding: Finding, pieces: list[tuple[int, int]], kept: list[int]) -> Problem[ExFatMender]:
    return mended(finding, Remedy.RECOVER, lambda mender: mender.show_again(pieces, kept), Stage.ACCOUNT)


def _is_lost(sets: Sets, owned: Ownership, position: int, contiguous: bool) -> bool:
    try:
        entry, _, stream, _ = sets.find(node_of(position, contiguous))
    except (NotFound, MediumError, CorruptStructure):
        return False
    if entry.problem is not None or stream is None:
        return False
    return 2 <= stream.first_cluster < len(owned.marks) and not owned.marks[stream.first_cluster]
