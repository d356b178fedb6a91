"""In which order entries stand: folders first, names as people count ("2" before "10"), sorted in slices.

Keys are plain strings and numbers, computed once as entries arrive. A large folder is sorted as short runs
that are then merged, with a pause whenever a slice of time is used up, so that the window goes on drawing.
"""

from __future__ import annotations

import asyncio
import enum
import heapq
import re
import time
import unicodedata
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from core.entry import Entry

SLICE = 0.006
"""Seconds of work between two pauses: well below one frame of a 60 Hz screen."""
AT_ONCE = 4096
"""As many entries are sorted without a pause."""

_RUN = 1024
_DIGITS = re.compile("[0-9]+")
_LONG_AGO = -(2**63)


class Column(enum.IntEnum):
    """What is known of an entry, as the columns of the table."""

    NAME = 0
    SIZE = 1
    TYPE = 2
    MODIFIED = 3
    FOLDER = 4
    """Where it lies: of what a search finds."""


Key = Callable[[int], Any]
"""From the number of an entry to what it is sorted by."""


def name_key(name: str) -> str:
    """Compares as people order names: without case or accents, and numbers by their value."""
    if name.isascii():
        folded = name.lower()
    else:
        folded = "".join(
            character
            for character in unicodedata.normalize("NFKD", name).casefold()
            if not unicodedata.combining(character)
        )
    return _DIGITS.sub(_counted, folded)


def _counted(run: re.Match[str]) -> str:
    """A number whose text compares like its value: its length first, then its digits."""
    digits = run[0].lstrip("0")
    return f"0{chr(len(digits) + 1)}{digits}"


def suffix(name: str) -> str:
    """What follows the last dot, in lower case; empty when there is none or when it begins the name."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem else ""


def value_of(column: Column) -> Callable[[Entry], int | str]:
    """What an entry is sorted by in a column that is not its name."""
    match column:
        case Column.SIZE:
            return lambda entry: entry.size
        case Column.MODIFIED:
            return lambda entry: _LONG_AGO if entry.modified is None else entry.modified
        case _:
            return lambda entry: suffix(entry.name)


def sort_now(numbers: Iterable[int], key: Key, *, descending: bool) -> list[int]:
    return sorted(numbers, key=key, reverse=descending)


async def sort_in_slices(numbers: list[int], key: Key, *, descending: bool) -> list[int]:
    """The same as `sort_now`, equal ones in the order they came, with pauses."""
    pause = Pause()
    runs: list[list[int]] = []
    for start in range(0, len(numbers), _RUN):
        runs.append(sort_now(numbers[start : start + _RUN], key, descending=descending))
        await pause.if_due()
    merged = heapq.merge(*runs, key=key, reverse=descending)
    result: list[int] = []
    while piece := list(islice(merged, _RUN // 2)):
        result += piece
        await pause.if_due()
    return result


class Pause:
    """Gives the window its turn whenever a slice of time has been used up."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    async def if_due(self) -> None:
        if time.perf_counter() - self._since >= SLICE:
            await asyncio.sleep(0)
            self._since = time.perf_counter()
