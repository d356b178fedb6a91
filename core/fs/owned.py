"""Before the first cluster is given away: does any file lie in what the volume calls free?

A stick that was pulled out while somebody else wrote on it, or that is made so, has files in clusters that
are marked free; what is written next would destroy them. So every folder is looked through first, for as
long as one may be kept waiting. What is found then is no matter of one file: nothing is written at all.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from core.errors import ReadOnly

_SECONDS = 2.0
"""Enough for some 200,000 files. A stick that has more is trusted with the rest."""
_UNTIMED = 64
"""Files looked at between two looks at the clock."""
REASON = "some of its files lie in clusters that are marked as free, which rumpus check --repair can mend"


def examine(unowned: Iterator[bool]) -> None:
    """`unowned`: for one file or folder after another, whether a cluster that it has is marked as free.

    Raises ReadOnly, and what the iterator raises.
    """
    deadline = time.monotonic() + _SECONDS
    for number, free in enumerate(unowned, 1):
        if free:
            raise ReadOnly(REASON)
        if number % _UNTIMED == 0 and time.monotonic() > deadline:
            return
