"""What a person should know of an entry before touching it, seen from its name and its state alone."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from core.entry import Entry, Kind
from core.host.danger import judge
from core.host.names import shown
from gui import dangers, wording
from gui.translating import tr


class Concern(enum.Enum):
    DAMAGED = "damaged"
    DISGUISED = "warning"
    """A program whose name pretends to be something else."""
    MISLEADING = "hidden-characters"
    """The name would be read otherwise than it is written."""


@dataclass(frozen=True)
class Mark:
    concern: Concern
    why: str
    """For people, a sentence or two."""


def mark_of(entry: Entry) -> Mark | None:
    """The gravest thing to say of an entry; None when there is nothing to say."""
    if entry.problem is not None:
        return Mark(Concern.DAMAGED, wording.explain(wording.error_of(entry.problem), entry.name).title)
    danger = judge(entry.name) if entry.kind is Kind.FILE else None
    if danger is not None and danger.disguised:
        return Mark(Concern.DISGUISED, dangers.sentence(danger))
    label = shown(entry.name)
    if label == entry.name:
        return None
    if len(entry.name) > len(label):
        return Mark(Concern.MISLEADING, tr("This name is very long; its middle is left out here."))
    return Mark(
        Concern.MISLEADING,
        tr("This name contains characters that cannot be seen. Signs stand in their place."),
    )
