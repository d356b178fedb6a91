"""Clusters taken, chained and given back, each in the phase in which it does no harm."""

from __future__ import annotations

from array import array
from collections.abc import Callable

from core.fs.allocation import FreeSpace, Run
from core.fs.fat.geometry import Geometry
from core.fs.fat.writing.table import WritableTable
from core.fs.staging import Phase
from core.fs.taking import Taking


class Clusters(Taking):
    def __init__(
        self,
        table: WritableTable,
        geometry: Geometry,
        settle: Callable[[], None],
        examine: Callable[[], None],
        start: int,
        free: int | None,
    ) -> None:
        space = FreeSpace(2, geometry.clusters + 2, table.free_map, start, free)
        super().__init__(space, geometry.cluster_size, settle, examine)
        self._table = table

    def chain(self, runs: list[Run], tail: int | None = None) -> None:
        """Stages a chain of these clusters, behind the cluster `tail` of one that there is."""
        for index, (first, count) in enumerate(runs):
            following = runs[index + 1][0] if index + 1 < len(runs) else self._table.end
            self._table.put(Phase.PREPARE, first, array("I", [*range(first + 1, first + count), following]))
        if tail is not None:
            phase = Phase.PREPARE if self._table.was_free(tail) else Phase.LINK
            self._table.put(phase, tail, [runs[0][0]])

    def cut(self, tail: int) -> None:
        self._table.put(Phase.CUT, tail, [self._table.end])
        self._cut.add(tail)

    def free(self, runs: list[Run]) -> None:
        """Stages that they are free; they are not taken again before that no entry refers to them."""
        self.space.retire(runs)
        for first, count in runs:
            self._table.put(Phase.FREE, first, array("I", bytes(4 * count)))
