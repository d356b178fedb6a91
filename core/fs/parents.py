"""Which directory each directory lies in, as far as listings have met them."""

from __future__ import annotations

from core.errors import CorruptStructure

_MOST = 1 << 17
"""Directories of one volume that are remembered."""


class Parents:
    """One that is named twice may lie inside itself, and whoever went down would never arrive."""

    def __init__(self, root: int) -> None:
        """`root` lies in none."""
        self._root = root
        self._known: dict[int, int] = {}

    def misplaced(
        self, node: int, above: int, structure: str, position: int, shown: str
    ) -> CorruptStructure | None:
        """What is wrong with a `structure` that names this directory, `shown` so, in the one `above`."""
        if node != self._root:
            known = self._known.setdefault(node, above)
            if len(self._known) > _MOST:
                del self._known[node]
            if known == above and node != above:
                return None
        expected = "a directory that is in no other"
        return CorruptStructure(structure, position, expected, f"{shown} again")
