"""What a folder holds, and in which order: plain data that grows while the folder is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.entry import Attribute, Entry, Kind, Zone
from gui.browser.order import (
    AT_ONCE,
    Column,
    Key,
    is_folder,
    name_key,
    sort_in_slices,
    sort_now,
    value_of,
)


@dataclass(frozen=True)
class View:
    """How a folder is to be shown."""

    column: Column = Column.NAME
    descending: bool = False
    with_hidden: bool = False


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


class Contents:
    """The entries of one folder. An entry's number is its place in the order of arrival: it never changes."""

    def __init__(self, zone: Zone = Zone.UTC) -> None:
        self.zone = zone
        self.entries: list[Entry] = []
        self.plain = Tally()
        self.hidden = Tally()
        """Those that ask not to be shown."""
        self._keys: list[str] = []

    def take(self, batch: Sequence[Entry]) -> None:
        self.entries += batch
        self._keys += [name_key(entry.name) for entry in batch]
        for entry in batch:
            (self.hidden if is_hidden(entry) else self.plain).add(entry)

    def begins(self, number: int, key: str) -> bool:
        """Whether the name begins with what `name_key` made of a text."""
        return self._keys[number].startswith(key)

    def arranged_now(self, numbers: Iterable[int], view: View) -> list[int]:
        """Those of the numbers that are to be seen, in order, at once: for a few thousand."""
        order: list[int] = []
        for part in self._parts(numbers, view):
            for key, descending in self._passes(view):
                part = sort_now(part, key, descending=descending)
            order += part
        return order

    async def arranged(self, view: View) -> list[int]:
        """All that are to be seen, in order, with pauses for the window. New ones may come meanwhile."""
        order: list[int] = []
        for part in self._parts(range(len(self.entries)), view):
            for key, descending in self._passes(view):
                if len(part) <= AT_ONCE:
                    part = sort_now(part, key, descending=descending)
                else:
                    part = await sort_in_slices(part, key, descending=descending)
            order += part
        return order

    def _parts(self, numbers: Iterable[int], view: View) -> tuple[list[int], list[int]]:
        """Folders and the rest: folders come first, whichever way the rest is sorted."""
        folders: list[int] = []
        others: list[int] = []
        entries, with_hidden = self.entries, view.with_hidden
        for number in numbers:
            entry = entries[number]
            if with_hidden or not is_hidden(entry):
                (folders if is_folder(entry) else others).append(number)
        return folders, others

    def _passes(self, view: View) -> list[tuple[Key, bool]]:
        """By name, and then by what was asked for: equal ones stay in the order of their names."""
        by_name = self._keys.__getitem__
        if view.column is Column.NAME:
            return [(by_name, view.descending)]
        entries, value = self.entries, value_of(view.column)
        return [(by_name, False), (lambda number: value(entries[number]), view.descending)]


def is_hidden(entry: Entry) -> bool:
    return entry.attributes & Attribute.HIDDEN != 0 or entry.name.startswith(".")
