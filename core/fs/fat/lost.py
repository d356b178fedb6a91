"""Clusters that no file has, as the chains that they form."""

from __future__ import annotations

from collections.abc import Iterator

from core.fs.allocation import Run
from core.fs.clusters import WINDOW
from core.fs.fat.table import AllocationTable
from core.fs.ownership import Ownership


def lost_chains(table: AllocationTable, owned: Ownership, most: int) -> Iterator[list[Run] | None]:
    """First those that begin somewhere, then those that go round. None now and then, between steps.

    The rest of a chain of more than `most` clusters becomes another.
    """
    pointed = bytearray(table.entries)
    lost = bytearray(table.entries)
    for base in range(0, table.entries, WINDOW):
        for number, raw in enumerate(table.load(base, min(WINDOW, table.entries - base)), base):
            value = raw & table.mask
            if number >= 2 and value and value != table.mask - 8 and not owned.marks[number]:
                lost[number] = 1
                if 2 <= value < table.entries:
                    pointed[value] = 1
        yield None
    for heads_only in (True, False):
        number = lost.find(1)
        while number >= 0:
            if not (heads_only and pointed[number]):
                yield _chain(table, lost, number, most)
            number = lost.find(1, number + 1)


def _chain(table: AllocationTable, lost: bytearray, number: int, most: int) -> list[Run]:
    runs: list[Run] = []
    for _ in range(most):
        if not (2 <= number < table.entries and lost[number]):
            break
        lost[number] = 0
        if runs and sum(runs[-1]) == number:
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        else:
            runs.append((number, 1))
        number = table.entry(number)
    return runs
