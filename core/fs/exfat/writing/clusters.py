"""Clusters taken, chained and given back, each in the phase in which it does no harm.

The bitmap alone says which are free. What lies in a row needs no chain: entries of the allocation table mean
nothing there (section 4.1) and may be written long before somebody relies on them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable

from core.fs.allocation import FreeSpace, Run
from core.fs.chain import Chain
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.writing.bitmap import Bitmap
from core.fs.exfat.writing.table import END, WritableTable
from core.fs.staging import Phase
from core.fs.taking import Taking


class Clusters(Taking):
    def __init__(
        self,
        table: WritableTable,
        bitmap: Bitmap,
        geometry: Geometry,
        settle: Callable[[], None],
        examine: Callable[[], None],
        free: int | None,
    ) -> None:
        space = FreeSpace(2, geometry.last_cluster + 1, bitmap.free_map, 0, free)
        super().__init__(space, geometry.cluster_size, settle, examine)
        self._table = table
        self._bitmap = bitmap

    def found(self, runs: list[Run]) -> bool:
        """Stages that these are taken, and a chain of them where they are not in a row.

        Returns whether they are.
        """
        chain = Chain(runs)
        self._occupy(runs)
        if not chain.in_a_row:
            self._chain(list(chain.runs(0, chain.count)))
        return chain.in_a_row

    def join(self, chain: Chain, contiguous: bool, runs: list[Run]) -> bool:
        """Stages that these follow a chain, or clusters in a row as long as that goes.

        Returns whether all are in a row. The caller has asked `before_linking`.
        """
        tail, count = chain.tail, chain.count
        if tail is None:
            in_a_row = self.found(runs)
            chain.extend(runs)
            return in_a_row
        self._occupy(runs)
        chain.extend(runs)
        if contiguous and chain.in_a_row:
            return True
        if contiguous:
            self._chain(list(chain.runs(0, chain.count)))
        else:
            self._chain(list(chain.runs(count, chain.count)))
            phase = Phase.PREPARE if self._bitmap.was_free(tail) else Phase.LINK
            self._table.put(phase, tail, array("I", [runs[0][0]]))
        return False

    def cut(self, tail: int) -> None:
        self._table.put(Phase.CUT, tail, array("I", [END]))
        self._cut.add(tail)

    def free(self, runs: list[Run]) -> None:
        """Stages that they are free; they are not taken again before that no entry refers to them."""
        self.space.retire(runs)
        for first, count in runs:
            self._bitmap.mark(Phase.FREE, first, count, taken=False)

    def _occupy(self, runs: list[Run]) -> None:
        for first, count in runs:
            self._bitmap.mark(Phase.PREPARE, first, count, taken=True)

    def _chain(self, runs: list[Run]) -> None:
        """Stages the entries of a chain from its first cluster to its end."""
        for index, (first, count) in enumerate(runs):
            following = runs[index + 1][0] if index + 1 < len(runs) else END
            self._table.put(Phase.PREPARE, first, array("I", [*range(first + 1, first + count), following]))
