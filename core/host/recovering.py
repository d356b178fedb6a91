"""Deleted files on their way back: found in folders that are there and in deleted ones, named, and judged.

Copying them out is what any copy is (`core.host.transfers`); here is decided what it shall see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from core import signatures
from core.entry import Deleted, Entry, Kind, Sureness
from core.errors import DeviceGone, NotFound, RumpusError, UnsupportedFeature, WrongKind
from core.host.planning import DEEPEST, MOST
from core.host.volume import Volume

Trouble = Callable[[str, RumpusError], None]
_RAISED = {
    Sureness.LIKELY: Sureness.GOOD,
    Sureness.DOUBTFUL: Sureness.LIKELY,
    Sureness.PARTLY: Sureness.LIKELY,
}
"""For what begins and ends as its kind does."""


@dataclass(frozen=True)
class Buried:
    """What was deleted in one folder, by address: the name, with `#2` and so on where several had it."""

    folder: Entry
    path: str
    """Of the folder, raw, "" for the root."""
    found: dict[str, Deleted]
    above: int | None = None
    """The node of the folder that it was come upon in."""


def addressed(found: list[Deleted]) -> dict[str, Deleted]:
    """In the same order. `NAME#1` is none of them: `find` takes it for the deleted one where two compete."""
    taken: Counter[str] = Counter()
    addresses: dict[str, Deleted] = {}
    for each in found:
        name = each.entry.name
        taken[name] += 1
        address = name if taken[name] == 1 else f"{name}#{taken[name]}"
        while address in addresses:
            address += "#1"
        addresses[address] = each
    return addresses


async def deleted_in(volume: Volume, node: int) -> dict[str, Deleted]:
    """By address. Raises what `Volume.deleted` raises."""
    found: list[Deleted] = []
    async for batch in volume.deleted(node):
        found += batch
    return addressed(found)


async def find(volume: Volume, path: str) -> tuple[Entry, list[Deleted]]:
    """(the folder that a path leads to, the deleted files it names instead).

    A plain name means all the deleted files of that name. Folders that are there come before deleted ones;
    `NAME#1` finds the deleted one. Raises NotFound, WrongKind for what is sought in a file.
    """
    parts = [part for part in path.split("/") if part not in ("", ".")]
    entry, deleted = volume.root, False
    for depth, part in enumerate(parts):
        if entry.kind is not Kind.DIRECTORY:
            raise WrongKind("/".join(parts[:depth]), "directory")
        there = None if deleted else await _there(volume, entry, part)
        if there is not None and there.kind is Kind.DIRECTORY:
            entry = there
            continue
        buried = await deleted_in(volume, entry.node)
        found = _addressed_by(buried, part) or _addressed_by(buried, part.removesuffix("#1"))
        if found is None:
            raise NotFound(f"deleted file {'/'.join(parts[: depth + 1])}")
        if depth == len(parts) - 1 and found.entry.kind is not Kind.DIRECTORY:
            alike = [each for each in buried.values() if each.entry.name.casefold() == part.casefold()]
            return entry, [each for each in alike if each.entry.kind is Kind.FILE] or [found]
        entry, deleted = found.entry, True
    return entry, []


def _addressed_by(buried: dict[str, Deleted], address: str) -> Deleted | None:
    """Upper or lower case does not matter where it makes no difference."""
    alike = (each for known, each in buried.items() if known.casefold() == address.casefold())
    return buried.get(address) or next(alike, None)


async def _there(volume: Volume, folder: Entry, name: str) -> Entry | None:
    try:
        return await volume.lookup(folder.node, name)
    except NotFound:
        return None


async def walk(
    volume: Volume, folder: Entry, path: str, trouble: Trouble, *, recursive: bool
) -> AsyncGenerator[Buried, None]:
    """What was deleted in a folder, and in those below it whether they are there or not.

    What cannot be read is said to `trouble`. Raises what ends the volume, and UnsupportedFeature.
    """
    waiting = [_Waiting(folder, path, None, 0, deleted=False)]
    seen = {folder.node}
    count = 0
    while waiting:
        next_one = waiting.pop()
        folder, path = next_one.folder, next_one.path
        found: dict[str, Deleted] = {}
        below: list[_Waiting] = []
        try:
            found = await deleted_in(volume, folder.node)
            if recursive and next_one.depth < DEEPEST:
                below += next_one.deleted_below(found)
                below += [] if next_one.deleted else await _there_below(volume, next_one)
        except (UnsupportedFeature, DeviceGone):
            raise
        except RumpusError as error:
            if volume.ended.done():
                raise
            trouble(path or "/", error)
        count += len(found)
        if count > MOST:
            raise UnsupportedFeature(f"more than {MOST} deleted files")
        yield Buried(folder, path, found, next_one.above)
        fresh = [each for each in below if each.folder.node not in seen]
        seen.update(each.folder.node for each in fresh)
        waiting += reversed(fresh)


@dataclass(frozen=True)
class _Waiting:
    """A folder that is to be looked into."""

    folder: Entry
    path: str
    above: int | None
    depth: int
    deleted: bool

    def below(self, folder: Entry, name: str, *, deleted: bool) -> _Waiting:
        return _Waiting(folder, f"{self.path}/{name}", self.folder.node, self.depth + 1, deleted)

    def deleted_below(self, found: dict[str, Deleted]) -> list[_Waiting]:
        return [
            self.below(each.entry, address, deleted=True)
            for address, each in found.items()
            if each.entry.kind is Kind.DIRECTORY and each.sureness is not Sureness.GONE
        ]


async def _there_below(volume: Volume, waiting: _Waiting) -> list[_Waiting]:
    below: list[_Waiting] = []
    async for batch in volume.entries(waiting.folder.node):
        below += [
            waiting.below(entry, entry.name, deleted=False)
            for entry in batch
            if entry.kind is Kind.DIRECTORY and entry.problem is None
        ]
    return below


class Recovery:
    """The deleted files that are to be copied out, in the folders that they lie in.

    Hand `entries` and `listed` to `CopyOut`. What is gone is in `gone` and not among them.
    """

    def __init__(self, volume: Volume, *, only_sure: bool = False) -> None:
        self.entries: list[Entry] = []
        self.sureness: dict[int, Sureness] = {}
        """By node."""
        self.gone: list[tuple[str, Sureness]] = []
        """(path, how sure) of what is left out."""
        self._volume = volume
        self._wanted = {Sureness.GOOD, Sureness.LIKELY} if only_sure else {*Sureness} - {Sureness.GONE}
        self._inside: dict[int, list[Entry]] = {}

    async def add_folder(self, folder: Entry, path: str, trouble: Trouble) -> None:
        """All that was deleted in a folder and below it. Raises as `walk`."""
        buried = [each async for each in walk(self._volume, folder, path, trouble, recursive=True)]
        for each in reversed(buried):  # the innermost first: a folder comes when something in it does
            files = await self._files(each.found, each.path)
            inside = files + self._inside.get(each.folder.node, [])
            self._inside[each.folder.node] = inside
            if inside and each.above is not None:
                self._inside.setdefault(each.above, []).insert(0, each.folder)
        if self._inside.get(folder.node):
            self.entries.append(folder)

    async def add_files(self, found: list[Deleted], path: str) -> None:
        """`path` of the folder that they lie in."""
        self.entries += await self._files(addressed(found), path)

    async def listed(self, node: int) -> AsyncGenerator[list[Entry], None]:
        yield self._inside.get(node, [])

    async def _files(self, found: dict[str, Deleted], path: str) -> list[Entry]:
        files: list[Entry] = []
        for address, each in found.items():
            if each.entry.kind is not Kind.FILE:
                continue
            sureness = await judged(self._volume, each)
            if sureness in self._wanted:
                self.sureness[each.entry.node] = sureness
                files.append(each.entry)
            else:
                self.gone.append((f"{path}/{address}", sureness))
        return files


async def judged(volume: Volume, deleted: Deleted) -> Sureness:
    """How sure it is when its first and last bytes are looked at too. Raises what ends the volume."""
    entry, sureness = deleted.entry, deleted.sureness
    if sureness is Sureness.GONE or not entry.size or signatures.begins(entry.name, b"") is None:
        return sureness
    try:
        head = await volume.read(entry.node, 0, signatures.HEAD)
        tail = await volume.read(entry.node, max(0, entry.size - signatures.TAIL), signatures.TAIL)
    except RumpusError:
        if volume.ended.done():
            raise
        return sureness  # what cannot be read is told when it is copied
    if not signatures.begins(entry.name, head):
        return Sureness.PARTLY if sureness is Sureness.PARTLY else Sureness.DOUBTFUL
    if signatures.ends(entry.name, tail):
        return _RAISED.get(sureness, sureness)
    return Sureness.LIKELY if sureness is Sureness.DOUBTFUL else sureness
