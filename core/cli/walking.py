"""What commands share that look at more than one file: globs, folders within folders, volumes opened once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path

from core.cli import source
from core.cli.output import Output
from core.cli.source import Choice, Source
from core.entry import Entry, Kind
from core.errors import CorruptStructure, DeviceGone, NotFound, RumpusError
from core.host.changes import Changes
from core.host.supervisor import Supervisor
from core.host.volume import Volume

DEEPEST = 128
"""Folders within folders: what goes deeper goes round in a circle."""
_GLOB = re.compile(r"[*?[]")


@dataclass(frozen=True)
class Found:
    """`path` from the root of the volume, "/" for the root itself; `depth` counts from where a walk began."""

    path: str
    entry: Entry
    depth: int = 0


@dataclass(frozen=True)
class Place:
    """What was typed, opened: the volume, and what the path on it (or a pattern) leads to."""

    source: Source
    volume: Volume
    found: list[Found]
    out: Output

    def where(self, path: str) -> str:
        return f"{self.source.name}:{path}"

    async def entries(self, folder: Found) -> list[Entry]:
        """What is in a folder, in the order of the medium. What is damaged or cannot be read is told."""
        entries: list[Entry] = []
        try:
            async for batch in self.volume.entries(folder.entry.node):
                entries += batch
        except RumpusError as error:
            self.out.problem(self.where(folder.path), error)
        for entry in entries:
            if entry.problem is not None:
                self.out.fault(self.where(below(folder.path, entry.name)), entry.problem)
        return entries

    async def walk(self, top: Found, deepest: int = DEEPEST, *, after: bool = False) -> AsyncIterator[Found]:
        """This one and all below it, a folder before what is in it, or with `after` behind it."""
        async for found in self._walk(top, deepest, after, ()):
            yield found

    async def _walk(
        self, top: Found, deepest: int, after: bool, above: tuple[int, ...]
    ) -> AsyncIterator[Found]:
        entry = top.entry
        if not after:
            yield top
        if entry.kind is Kind.DIRECTORY and entry.problem is None and top.depth < deepest:
            if entry.node in above or len(above) > DEEPEST:
                self.out.problem(self.where(top.path), circle())
                return
            for each in sorted(await self.entries(top), key=by_name):
                below_it = Found(below(top.path, each.name), each, top.depth + 1)
                async for found in self._walk(below_it, deepest, after, (*above, entry.node)):
                    yield found
        if after:
            yield top


def by_name(entry: Entry) -> str:
    return entry.name.casefold()


def below(path: str, name: str) -> str:
    return f"{path.rstrip('/')}/{name}"


def circle() -> CorruptStructure:
    return CorruptStructure("directory", 0, "a folder below this one", "one above it")


async def matches(volume: Volume, path: str) -> list[Found]:
    """What a path leads to: itself, or if there is nothing and it has * ? or [ in it, all that fit.

    As a shell does it, hidden names are not matched by a * at their start. Raises NotFound, WrongKind.
    """
    try:
        return [Found(path or "/", await volume.resolve(path))]
    except NotFound:
        if not _GLOB.search(path):
            raise
    found = [Found("/", volume.root)]
    for part in filter(None, path.split("/")):
        found = [each for folder in found for each in await _fitting(volume, folder, part)]
    if not found:
        raise NotFound(path)
    return found


async def _fitting(volume: Volume, folder: Found, part: str) -> list[Found]:
    if folder.entry.kind is not Kind.DIRECTORY:
        return []
    if not _GLOB.search(part):
        try:
            return [Found(below(folder.path, part), await volume.lookup(folder.entry.node, part))]
        except NotFound:
            return []
    fits = re.compile(translate(part)).match
    found = []
    async for batch in volume.entries(folder.entry.node):
        found += [entry for entry in batch if fits(entry.name) and (part[0] == "." or entry.name[0] != ".")]
    return [Found(below(folder.path, entry.name), entry) for entry in sorted(found, key=by_name)]


class Places:
    """Opens what was typed; several paths of one volume open it once. Use with `async with`."""

    def __init__(self, supervisor: Supervisor, choice: Choice, out: Output) -> None:
        self._supervisor = supervisor
        self._choice = choice
        self._out = out
        self._opened = AsyncExitStack()
        self._volumes: dict[tuple[Path, int | None], Volume] = {}

    async def __aenter__(self) -> Places:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()

    async def volume(self, found: Source) -> Volume:
        """Raises NotOpened, UsageError."""
        key = found.device, found.partition
        if key not in self._volumes:
            self._volumes[key] = await self._opened.enter_async_context(
                source.volume_of(self._supervisor, found, self._choice)
            )
        return self._volumes[key]

    async def each(self, texts: Sequence[str]) -> AsyncIterator[Place]:
        """One after the other. What there is not is told, and passed over. Raises NotOpened, UsageError."""
        for text in texts:
            found = source.parse(text)
            volume = await self.volume(found)
            try:
                there = await matches(volume, found.path)
            except RumpusError as error:
                self._out.problem(f"{found.name}:{found.path}", error)
                continue
            yield Place(found, volume, there, self._out)


Change = Callable[[Volume, Changes, Found], Awaitable[str | None]]
"""Says why it does not make the change, where it will not."""


async def change_each(
    supervisor: Supervisor,
    choice: Choice,
    out: Output,
    texts: Sequence[str],
    change: Change,
    *,
    may_be_missing: bool = False,
) -> None:
    """Makes a change to each of what was typed; one that cannot be made is told, and the others are.

    Raises NotOpened, UsageError.
    """
    for text in texts:
        found = source.parse(text)
        async with source.changes_to(supervisor, found, choice) as (volume, changes):
            try:
                there = await matches(volume, found.path)
            except RumpusError as error:
                if not (may_be_missing and isinstance(error, NotFound)):
                    out.problem(f"{found.name}:{found.path}", error)
                continue
            for each in there:
                where = f"{found.name}:{each.path}"
                try:
                    if why := await change(volume, changes, each):
                        out.trouble(where, why)
                except RumpusError as error:
                    out.problem(where, error)
                    if isinstance(error, DeviceGone) or volume.ended.done():
                        break
