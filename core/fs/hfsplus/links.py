"""Files and folders with several names: TN1150, "Hard Links". They lie in two private folders."""

from __future__ import annotations

from collections.abc import Iterator

from core.fs.hfsplus.structures import (
    BINARY,
    FOLDER_LINK,
    HARD_LINK,
    HFSX,
    PRIVATE_FILES,
    PRIVATE_FOLDERS,
)
from core.fs.mac.btree import Record, Tree
from core.fs.mac.items import ROOT, Item

FILES, FOLDERS = PRIVATE_FILES.encode("utf-16-be"), PRIVATE_FOLDERS.encode("utf-16-be")
_MOST_STEPS = 10_000
_MOST_EDGES = 1 << 17


def is_link(item: Item) -> bool:
    return (
        not item.is_folder
        and item.posix is not None
        and (item.type, item.creator) in (HARD_LINK, FOLDER_LINK)
    )


def target_name(item: Item) -> bytes:
    """How what a link leads to is called in its private folder."""
    assert item.posix is not None
    stem = "iNode" if (item.type, item.creator) == HARD_LINK else "dir_"
    return f"{stem}{item.posix.special}".encode("utf-16-be")


def search(catalog: Tree, signature: bytes, folder: int, name: bytes) -> Record | None:
    """The record of an ASCII name in a folder. Raises CorruptStructure, MediumError."""
    binary = signature == HFSX and catalog.compare == BINARY

    def sorted_as(key: bytes) -> tuple[bytes, bytes]:
        raw = key[6 : 6 + 2 * int.from_bytes(key[4:6], "big")]
        return key[:4], raw if binary else raw.lower()

    wanted = folder.to_bytes(4, "big"), name if binary else name.lower()
    for record in catalog.walk(lambda key: sorted_as(key) <= wanted):
        return record if sorted_as(record.key) == wanted else None
    return None


class Ways:
    """Which linked folders lead into which, so that nobody goes round in a circle.

    A folder's home is the linked folder that it lies in, at whatever depth, or the root.
    """

    def __init__(self) -> None:
        self._homes: dict[int, int] = {}
        self._edges: dict[int, set[int]] = {}
        self._count = 0

    def lies_in(self, folder: int, above: int) -> None:
        """Takes note of a folder in another."""
        home = self._homes.get(above, ROOT)
        if home != ROOT and len(self._homes) < _MOST_EDGES:
            self._homes[folder] = home

    def leads(self, above: int, target: int) -> bool:
        """Takes note of a link in a folder to another; False if it leads back into itself."""
        home = self._homes.get(above, ROOT)
        if self._reaches(target, home) or self._count >= _MOST_EDGES:
            return False
        edges = self._edges.setdefault(home, set())
        self._count += target not in edges
        edges.add(target)
        self._homes[target] = target
        return True

    def _reaches(self, start: int, wanted: int) -> bool:
        seen = {start}
        for steps, number in enumerate(self._onward(start, seen)):
            if number == wanted or steps > _MOST_STEPS:
                return True
        return False

    def _onward(self, start: int, seen: set[int]) -> Iterator[int]:
        waiting = [start]
        while waiting:
            number = waiting.pop()
            yield number
            fresh = self._edges.get(number, set()) - seen
            seen |= fresh
            waiting += fresh
