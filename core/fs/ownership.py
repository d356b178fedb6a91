"""Which clusters belong to whom, as a check learns it file by file."""

from __future__ import annotations

import enum

import msgspec

from core.errors import CorruptStructure, MediumError
from core.fs.clusters import Runs

_PATIENCE = 1 << 22
"""Clusters that are followed although they have an owner, beyond twice as many as there are: a hostile volume
hangs a long chain behind every file."""


class Owner(enum.IntEnum):
    NOBODY = 0
    FILE = 1
    FOLDER = 2
    BEYOND = 3
    """They follow the last cluster that a file needs: whoever else has them is their owner."""
    VOLUME = 4
    """What the volume keeps of itself."""


class Followed(msgspec.Struct):
    """What following the clusters of one file or folder has shown."""

    has: int = 0
    last: int = 0
    """The last one that is sound, 0 where there is none."""
    tail: int = 0
    """The one in which the file's bytes end, 0 where it has too few or needs none."""
    shared: int = 0
    """How many of those that are needed belong to others."""
    own: int = 0
    """How many come before the first of these."""
    last_own: int = 0
    met: Owner = Owner.NOBODY
    """Whose the first shared one is."""
    shared_at: int = 0
    damage: CorruptStructure | MediumError | None = None


class Ownership:
    """One byte for each cluster."""

    def __init__(self, entries: int) -> None:
        """`entries` is the number behind the last cluster's."""
        self.marks = bytearray(entries)
        self.contested = False
        """Whether something that the volume keeps of itself shares clusters with anything else."""
        self._patience = 2 * entries + _PATIENCE

    def follow(self, runs: Runs, needed: int | None, owner: Owner) -> Followed:
        """Takes the clusters as `owner`'s, as far as they are nobody's. `needed` is None for all of them.

        Raises CorruptStructure when so many have two owners that it would take forever.
        """
        if self._patience < 0:
            raise CorruptStructure(
                "allocation table", 0, "clusters of one file each", "the same in very many"
            )
        found = Followed()
        marks = self.marks
        try:
            for cluster, count in runs:
                wanted = count if needed is None else max(0, min(count, needed - found.has))
                if wanted:
                    self._take(found, cluster, wanted, owner)
                if wanted < count:
                    rest = slice(cluster + wanted, cluster + count)
                    free = marks[rest].count(0)
                    if free == count - wanted:
                        marks[rest] = bytes([Owner.BEYOND]) * free
                    else:
                        self._patience -= count
                if needed is not None and 0 < needed - found.has <= count:
                    found.tail = cluster + needed - found.has - 1
                found.has += count
                found.last = cluster + count - 1
        except (CorruptStructure, MediumError) as error:
            found.damage = error
        return found

    def _take(self, found: Followed, cluster: int, count: int, owner: Owner) -> None:
        piece = self.marks[cluster : cluster + count].replace(bytes([Owner.BEYOND]), b"\0")
        free = piece.count(0)
        if free < count:
            if not found.shared:
                at = count - len(piece.lstrip(b"\0"))
                found.own = found.has + at
                found.last_own = cluster + at - 1 if at else found.last
                found.met, found.shared_at = Owner(piece[at]), cluster + at
            found.shared += count - free
            self.contested = self.contested or owner is Owner.VOLUME or Owner.VOLUME in piece
            self._patience -= count
            piece = piece.replace(b"\0", bytes([owner]))
        else:
            piece = bytearray([owner]) * count
        self.marks[cluster : cluster + count] = piece

    def claim(self, cluster: int, count: int, owner: Owner) -> None:
        """Gives clusters to somebody, whoever has them."""
        self.marks[cluster : cluster + count] = bytes([owner]) * count
