"""Where one is: a volume, and the folders that lead from its root to the one on screen."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.entry import Entry, Kind
from core.errors import NotFound
from core.host.names import shown
from core.host.volume import Volume


@dataclass(frozen=True)
class Crumb:
    """One folder on the way."""

    name: str
    """Raw, as the stick has it."""
    node: int = field(compare=False)


@dataclass(frozen=True)
class Key:
    """Which row of the sidebar: a stick, or one volume of it."""

    stick: int
    partition: int | None = None
    """None stands for the stick itself, as long as it is not known what it holds."""


@dataclass(frozen=True)
class Place:
    key: Key
    crumbs: tuple[Crumb, ...] = ()
    session: tuple[int, int] = field(default=(0, 0), compare=False)
    """The process that issued the nodes of the crumbs, and since which change of it: for another one they
    mean nothing."""
    search: str = ""
    """What was searched for from there, and is shown in place of the folder."""


def path_of(crumbs: tuple[Crumb, ...]) -> str:
    """For people: "/Photos/2026", "/" for the root."""
    return "/" + "/".join(shown(crumb.name) for crumb in crumbs)


async def found_again(volume: Volume, crumbs: tuple[Crumb, ...]) -> tuple[Crumb, ...]:
    """The same folders in a volume that was opened anew, as far as they are there."""
    found: tuple[Crumb, ...] = ()
    node = volume.facts.root
    for crumb in crumbs:
        try:
            entry = await volume.lookup(node, crumb.name)
        except NotFound:
            break
        if entry.kind is not Kind.DIRECTORY:
            break
        node = entry.node
        found = (*found, Crumb(entry.name, node))
    return found


async def walked(volume: Volume, path: str) -> tuple[tuple[Crumb, ...], Entry | None]:
    """The folders that a path leads through, as the stick names them, and what is no folder at its end.

    Raises NotFound.
    """
    crumbs: tuple[Crumb, ...] = ()
    node = volume.facts.root
    for name in (part for part in path.split("/") if part not in ("", ".")):
        entry = await volume.lookup(node, name)
        if entry.kind is not Kind.DIRECTORY:
            return crumbs, entry
        node = entry.node
        crumbs = (*crumbs, Crumb(entry.name, node))
    return crumbs, None


async def aim_of(volume: Volume, link: Entry, crumbs: tuple[Crumb, ...]) -> str:
    """The path from the root that a link in the folder of those crumbs means."""
    target = await volume.read_link(link.node)
    here = [] if target.startswith("/") else [crumb.name for crumb in crumbs]
    for part in target.split("/"):
        if part == "..":
            here = here[:-1]
        elif part not in ("", "."):
            here.append(part)
    return "/".join(here)
