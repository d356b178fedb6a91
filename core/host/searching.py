"""A search over the names on a volume, as the host hears it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from core.entry import Entry
from core.errors import ProtocolViolation, RumpusError
from core.host.worker import Worker
from core.worker import protocol

LONGEST = protocol.LONGEST_QUERY
"""Characters of a search that are looked at."""
_DEEPEST = 128
_MOST_FOLDERS = _MOST_MATCHES = 2_000_000


class Folder(msgspec.Struct, frozen=True, eq=False):
    """Where something was found. `above` is None for a folder directly in the one that was searched."""

    name: str
    """Raw, as the stick has it."""
    node: int
    above: Folder | None
    depth: int

    def way(self) -> list[Folder]:
        """The folders that lead here from where the search began, and this one."""
        way, folder = [self], self.above
        while folder is not None:
            way.append(folder)
            folder = folder.above
        return way[::-1]

    @property
    def path(self) -> str:
        """Raw, without a slash before or after it."""
        return "/".join(folder.name for folder in self.way())


class Match(msgspec.Struct, frozen=True):
    entry: Entry
    folder: Folder | None
    """None where it lies directly in the folder that was searched."""

    @property
    def path(self) -> str:
        """Raw, from where the search began."""
        return f"{self.folder.path}/{self.entry.name}" if self.folder is not None else self.entry.name


class Unsearched(msgspec.Struct, frozen=True):
    """A folder that could not be looked through, or not to its end."""

    folder: Folder | None
    error: RumpusError


class Found(msgspec.Struct, frozen=True):
    """What has been found since the last one."""

    matches: list[Match]
    missed: list[Unsearched]
    looked: int
    """Names looked at so far."""
    whole: bool | None = None
    """With the last: whether everything was looked at that could be read. Before that, None."""


async def search(worker: Worker, node: int, text: str) -> AsyncGenerator[Found, None]:
    """See `Volume.search`."""
    folders: list[Folder | None] = [None]
    count = 0
    async with aclosing(worker.converse(protocol.Search(id=0, node=node, text=text[:LONGEST]))) as replies:
        async for reply in replies:
            if isinstance(reply, protocol.Searched):
                yield Found([], [], reply.looked, reply.whole)
                return
            assert isinstance(reply, protocol.Matches)
            try:
                found = _understood(reply, folders)
            except ProtocolViolation as violation:
                raise worker.breach(violation) from None
            count += len(found.matches)
            if count > _MOST_MATCHES:
                raise worker.breach(ProtocolViolation(f"more than {_MOST_MATCHES} matches"))
            yield found


def _understood(reply: protocol.Matches, folders: list[Folder | None]) -> Found:
    """Adds to the folders that are known. Raises ProtocolViolation."""
    for told in reply.folders:
        above = _known(folders, told.above)
        depth = above.depth + 1 if above is not None else 1
        if depth > _DEEPEST + 1 or len(folders) > _MOST_FOLDERS:
            raise ProtocolViolation("folders beyond all bounds")
        folders.append(Folder(told.name, told.node, above, depth))
    return Found(
        [Match(entry, _known(folders, folder)) for folder, entry in reply.matches],
        [Unsearched(_known(folders, miss.folder), miss.fault.error()) for miss in reply.missed],
        reply.looked,
    )


def _known(folders: list[Folder | None], number: int) -> Folder | None:
    if number >= len(folders):
        raise ProtocolViolation("a folder that was not told of")
    return folders[number]
