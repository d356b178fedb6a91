"""Clusters as runs, and their bytes on the way from some to others."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from core.blockdev.draft import DraftDevice
from core.fs.allocation import Run

_PIECE = 1 << 20


def in_runs(numbers: list[int]) -> list[Run]:
    """Ascending numbers as runs."""
    runs: list[Run] = []
    for number in numbers:
        if runs and sum(runs[-1]) == number:
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        else:
            runs.append((number, 1))
    return runs


def pairs(old: list[Run], new: list[Run]) -> Iterator[tuple[int, int, int]]:
    """(from cluster, to cluster, clusters in a row) that bring the first list to the second."""
    targets = iter(new)
    target, room = next(targets, (0, 0))
    for first, count in old:
        while count and room:
            step = min(count, room)
            yield first, target, step
            first, count, target, room = first + step, count - step, target + step, room - step
            if not room:
                target, room = next(targets, (0, 0))


def moved(draft: DraftDevice, source: int, target: int, length: int) -> Generator[None, None, None]:
    """Bytes that will be at `target` too. Raises MediumError when they cannot be read, which is tried."""
    for at in range(0, length, _PIECE):
        draft.read(source + at, min(_PIECE, length - at))
        yield None
    draft.move(target, source, length)
