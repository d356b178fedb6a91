"""Where a file or directory has its clusters."""

from __future__ import annotations

from typing import NamedTuple


class Allocation(NamedTuple):
    """Clusters of a file or directory: how many, from which on, in a row or as a chain."""

    first: int
    clusters: int
    contiguous: bool
