"""Lost clusters that become files in the root directory, as CHKDSK calls them: FILE0000.CHK and so on."""

from __future__ import annotations

from core.entry import VolumeFacts
from core.errors import DirectoryFull, NoSpace, NotFound
from core.fs.allocation import Run
from core.fs.writable import Reservation, WritableDriver

_MOST = 10_000


class FoundFiles:
    """Gives clusters that are taken already a name, through the driver that writes."""

    def __init__(self, writer: WritableDriver, cluster_size: int) -> None:
        self._writer = writer
        self._unit = cluster_size
        facts: VolumeFacts = writer.facts()
        self._root = facts.root
        self._largest = facts.largest_file or 2**63 - 1
        self._number = 0
        self._made: list[str] = []

    def add(self, runs: list[Run]) -> bool:
        """False when there can be no more. Raises DirectoryFull, NoSpace when there can be none at all."""
        name = self._next_name()
        size = min(sum(count for _, count in runs) * self._unit, self._largest)
        if not name:
            return False
        try:
            self._writer.commit(Reservation(self._root, name, size, False, [], runs))
        except (DirectoryFull, NoSpace):
            if not self._made:
                raise
            return False
        self._made.append(name)
        return True

    def close(self) -> None:
        self._writer.flush()

    def names(self) -> str:
        """Of the files that were made, for people."""
        return self._made[0] if len(self._made) == 1 else f"{self._made[0]} … {self._made[-1]}"

    def _next_name(self) -> str:
        while self._number < _MOST:
            name = f"FILE{self._number:04}.CHK"
            self._number += 1
            try:
                self._writer.lookup(self._root, name)
            except NotFound:
                return name
        return ""
