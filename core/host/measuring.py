"""How much a folder holds, with everything below it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from core.entry import Entry, Kind
from core.errors import DeviceGone, RumpusError
from core.host.volume import Volume

DEEPEST = 128
"""Folders within folders."""
MOST = 4_000_000
"""Entries that are counted."""


@dataclass(frozen=True)
class Measure:
    """Found so far; `files` are all that is no folder, `bytes` what they hold, as far as they are whole."""

    folders: int = 0
    files: int = 0
    bytes: int = 0
    missed: int = 0
    """Folders that could not be read, or not to their end, and damaged entries."""
    whole: bool = True
    """Whether nothing was left out for being too much, or too deep."""


def measure(volume: Volume, node: int) -> AsyncGenerator[Measure, None]:
    """What is in a folder. The rest as in `measure_entries`."""
    return _walk(volume, {node}, Measure())


def measure_entries(volume: Volume, entries: Sequence[Entry]) -> AsyncGenerator[Measure, None]:
    """One for each batch of entries, the last one final. Raises what ends the volume.

    Of these, and of all that is in those that are folders. Each folder counts once, however many names a
    damaged stick gives it.
    """
    sound = [entry for entry in entries if entry.problem is None]
    folders = {entry.node for entry in sound if entry.kind is Kind.DIRECTORY}
    others = [entry for entry in sound if entry.kind is not Kind.DIRECTORY]
    size = sum(entry.size for entry in others if entry.kind is Kind.FILE)
    return _walk(volume, folders, Measure(len(folders), len(others), size, len(entries) - len(sound)))


async def _walk(volume: Volume, nodes: set[int], first: Measure) -> AsyncGenerator[Measure, None]:
    """Below folders, `first` being what was found before."""
    folders, files, total, missed = first.folders, first.files, first.bytes, first.missed
    whole = True
    seen, waiting = set(nodes), [(node, 0) for node in nodes]
    while waiting:
        folder, depth = waiting.pop()
        try:
            async with aclosing(volume.entries(folder)) as batches:
                async for batch in batches:
                    for entry in batch:
                        if entry.problem is not None:
                            missed += 1
                        elif entry.kind is not Kind.DIRECTORY:
                            files += 1
                            total += entry.size if entry.kind is Kind.FILE else 0
                        elif entry.node in seen:
                            missed += 1
                        else:
                            folders += 1
                            seen.add(entry.node)
                            if depth < DEEPEST:
                                waiting.append((entry.node, depth + 1))
                            else:
                                whole = False
                    if folders + files > MOST:
                        yield Measure(folders, files, total, missed, whole=False)
                        return
                    yield Measure(folders, files, total, missed, whole)
        except RumpusError as error:
            if isinstance(error, DeviceGone) or volume.ended.done():
                raise
            missed += 1
    yield Measure(folders, files, total, missed, whole)
