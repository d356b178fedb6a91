"""Clusters taken and given back: what every volume of clusters does the same way."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import NoSpace
from core.fs.allocation import FreeSpace, Run


class Taking:
    """`settle` writes all that is staged; it is called when clusters must be free on the medium first.

    `examine` is called before any cluster is taken, until it once returns.
    """

    def __init__(
        self,
        space: FreeSpace,
        cluster_size: int,
        settle: Callable[[], None],
        examine: Callable[[], None],
    ) -> None:
        self.space = space
        self._unit = cluster_size
        self._settle = settle
        self._examine = examine
        self._examined = False
        self._cut: set[int] = set()
        """Clusters whose chains will end with them."""

    def take(self, count: int, after: int | None = None) -> list[Run]:
        """Free clusters, which nobody else gets. Nothing is staged. Raises NoSpace, ReadOnly."""
        if not self._examined:
            self._examine()
            self._examined = True
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

    def keep(self) -> None:
        self.space.keep()

    def undo(self) -> None:
        """Takes back what was taken and freed since the last `keep`; nothing is staged for it any more."""
        self.space.undo()

    def settled(self) -> None:
        """All that was staged is written."""
        self._cut.clear()
        self.space.settle()
