"""What a folder holds, and in which order: plain data that grows while the folder is read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from core.entry import Attribute, Entry, Kind, Zone
from core.errors import RumpusError
from core.query import Query, folded_names
from gui.browser.order import (
    AT_ONCE,
    Column,
    Key,
    name_key,
    sort_in_slices,
    sort_now,
    value_of,
)

_HIDDEN = int(Attribute.HIDDEN)


@dataclass(frozen=True)
class View:
    """How a folder is to be shown."""

    column: Column = Column.NAME
    descending: bool = False
    with_hidden: bool = False
    only: str = ""
    """Words that a name must have, as `core.query` reads them."""


@dataclass
class Tally:
    folders: int = 0
    files: int = 0
    size: int = 0
    """Bytes of the files, as far as they are whole."""

    def add(self, entry: Entry) -> None:
        if entry.kind is Kind.DIRECTORY:
            self.folders += 1
            return
        self.files += 1
        if entry.problem is None:
            self.size += entry.size


class _Group:
    """The numbers of some entries, from small to large: folders apart, for they come first in any order."""

    def __init__(self) -> None:
        self.folders: list[int] = []
        self.others: list[int] = []
        self.tally = Tally()

    def add(self, number: int, entry: Entry) -> None:
        (self.folders if entry.kind is Kind.DIRECTORY else self.others).append(number)
        self.tally.add(entry)


class Contents:
    """The entries of one folder. An entry's number is its place in the order of arrival: it never changes."""

    def __init__(self, zone: Zone = Zone.UTC) -> None:
        self.zone = zone
        self.entries: list[Entry] = []
        self.error: RumpusError | None = None
        """Why the rest could not be read."""
        self.cut = False
        """Whether there is more than is shown."""
        self._keys: list[str] = []
        self._plain = _Group()
        self._hidden = _Group()

    @property
    def plain(self) -> Tally:
        return self._plain.tally

    @property
    def hidden(self) -> Tally:
        """Of those that ask not to be shown."""
        return self._hidden.tally

    def take(self, batch: Sequence[Entry]) -> None:
        for number, entry in enumerate(batch, len(self.entries)):
            (self._hidden if is_hidden(entry) else self._plain).add(number, entry)
            self._keys.append(name_key(entry.name))
        self.entries += batch

    def begins(self, number: int, key: str) -> bool:
        """Whether the name begins with what `name_key` made of a text."""
        return self._keys[number].startswith(key)

    def arranged_now(self, first: int, view: View) -> list[int]:
        """Those from this number on that are to be seen, in order, at once: for a few thousand."""
        order: list[int] = []
        for part in self._parts(first, view):
            for key, descending in self._passes(view):
                part = sort_now(part, key, descending=descending)
            order += part
        return order

    async def arranged(self, view: View) -> list[int]:
        """All that are to be seen, in order, with pauses for the window. New ones may come meanwhile."""
        order: list[int] = []
        for part in self._parts(0, view):
            for key, descending in self._passes(view):
                if len(part) <= AT_ONCE:
                    part = sort_now(part, key, descending=descending)
                else:
                    part = await sort_in_slices(part, key, descending=descending)
            order += part
        return order

    def _parts(self, first: int, view: View) -> tuple[list[int], list[int]]:
        """Folders and the rest: folders come first, whichever way the rest is sorted."""
        groups = [self._plain, self._hidden] if view.with_hidden else [self._plain]
        folders = [group.folders[bisect_left(group.folders, first) :] for group in groups]
        others = [group.others[bisect_left(group.others, first) :] for group in groups]
        return self._only(_joined(folders), view.only), self._only(_joined(others), view.only)

    def _only(self, numbers: list[int], text: str) -> list[int]:
        query = Query(text)
        if not query:
            return numbers
        entries = self.entries
        return [numbers[place] for place in query.among(folded_names([entries[n].name for n in numbers]))]

    def _passes(self, view: View) -> list[tuple[Key, bool]]:
        """By name, and then by what was asked for: equal ones stay in the order of their names."""
        by_name = self._keys.__getitem__
        if view.column is Column.NAME:
            return [(by_name, view.descending)]
        entries, value = self.entries, value_of(view.column)
        return [(by_name, False), (lambda number: value(entries[number]), view.descending)]


def is_hidden(entry: Entry) -> bool:
    return entry.name.startswith(".") or entry.attributes & _HIDDEN != 0


def _joined(parts: list[list[int]]) -> list[int]:
    """In order of arrival, so that equal ones keep it. Both parts are in order already."""
    return sorted(number for part in parts for number in part) if len(parts) > 1 else parts[0]
