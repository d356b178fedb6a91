"""Where one is: a volume, and the folders that lead from its root to the one on screen."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.host.names import shown


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
