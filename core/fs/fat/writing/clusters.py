"""Clusters taken, chained and given back, each in the phase in which it does no harm."""

from __future__ import annotations

from array import array
from collections.abc import Callable

from core.errors import NoSpace
from core.fs.allocation import FreeSpace, Run
from core.fs.fat.geometry import Geometry
from core.fs.fat.writing.table import WritableTable
from core.fs.staging import Phase


class Clusters:
    """`settle` writes all that is staged; it is called when clusters must be free on the medium first."""

    def __init__(
        self,
        table: WritableTable,
        geometry: Geometry,
        settle: Callable[[], None],
        start: int,
        free: int | None,
    ) -> None:
        self._table = table
        self._unit = geometry.cluster_size
        self._settle = settle
        self._cut: set[int] = set()
        """Clusters whose chains will end with them."""
        self.space = FreeSpace(2, geometry.clusters + 2, table.free_map, start, free)

    def take(self, count: int, after: int | None = None) -> list[Run]:
        """Free clusters, which nobody else gets. Nothing is staged. Raises NoSpace."""
        runs = self.space.take(count, after)
        if not runs and self.space.retired:
            self._settle()
            runs = self.space.take(count, after)
        if not runs:
            raise NoSpace(count * self._unit, self.space.count() * self._unit)
        return runs

    def before_linking(self, tail: int | None) -> None:
        """Called before anything is staged for a chain that is to go on behind `tail`."""
        if tail in self._cut:
            self._settle()

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

    def keep(self) -> None:
        self.space.keep()

    def undo(self) -> None:
        """Takes back what was taken and freed since the last `keep`; nothing is staged for it any more."""
        self.space.undo()

    def settled(self) -> None:
        """All that was staged is written."""
        self._cut.clear()
        self.space.settle()
