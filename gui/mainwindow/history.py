"""Where one has been, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

LONGEST = 200
"""Places that are remembered on either side."""

_T = TypeVar("_T")


class History(Generic[_T]):
    """The places visited, as in a browser: going somewhere new forgets what was ahead."""

    def __init__(self) -> None:
        self._behind: list[_T] = []
        self._ahead: list[_T] = []
        self.current: _T | None = None

    @property
    def can_go_back(self) -> bool:
        return bool(self._behind)

    @property
    def can_go_forward(self) -> bool:
        return bool(self._ahead)

    def visit(self, place: _T) -> None:
        """A new place. Visiting the current one again changes nothing."""
        if place == self.current:
            return
        if self.current is not None:
            self._behind.append(self.current)
            del self._behind[:-LONGEST]
        self._ahead.clear()
        self.current = place

    def back(self) -> _T | None:
        """The place before this one, which is the current one now; None when there is none."""
        return self._step(self._behind, self._ahead)

    def forward(self) -> _T | None:
        return self._step(self._ahead, self._behind)

    def prune(self, keep: Callable[[_T], bool]) -> None:
        """Forgets places that are no more. The same place twice in a row becomes one."""
        if self.current is not None and not keep(self.current):
            self.current = None
        # Both end with the neighbour of the current place.
        self._behind = _kept(self._behind, keep, self.current)
        self._ahead = _kept(self._ahead, keep, self.current)

    def _step(self, source: list[_T], target: list[_T]) -> _T | None:
        if not source:
            return None
        if self.current is not None:
            target.append(self.current)
        self.current = source.pop()
        return self.current


def _kept(places: list[_T], keep: Callable[[_T], bool], neighbour: _T | None) -> list[_T]:
    kept: list[_T] = []
    for place in reversed(places):
        if keep(place) and place != neighbour:
            kept.append(place)
            neighbour = place
    return kept[::-1]
