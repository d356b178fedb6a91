"""What an error is told with: sentences, facts, and what a person may ask for."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from core.host.names import shown
from gui.translating import Later, later, tr

_LONGEST_QUOTE = 60
"""Characters of a name that a sentence bears."""
_MARKS = "“”„«»「」『』"
"""What a language may put around a name, so that a name cannot end itself."""


class Ask(enum.StrEnum):
    """What a person may ask for in an error pane: the ids that `ErrorPane.asked` sends."""

    RETRY = "retry"
    """Do what failed once more: probe the stick, open the volume or list the folder again."""
    REOPEN = "reopen"
    """Start a new driver on the volume."""
    FORGET = "forget"
    """Take the stick or image off the list."""
    GO_UP = "go-up"
    """Leave the place that failed for the folder above it."""
    COPY_READABLE = "copy-readable"
    """Choose a folder and copy out what can be read."""
    CHOOSE_FOLDER = "choose-folder"
    """Choose another destination for the copy."""
    TAKE_OVER = "take-over"
    """Unmount what the desktop has mounted, and open it here."""
    EJECT = "eject"
    """Make it safe to be pulled out."""
    SHOW_WALLS = "show-walls"
    """Open the page of the walls around this volume."""


class Tone(enum.Enum):
    """How grave it is; decides the colour of the icon."""

    CALM = enum.auto()
    """Nothing is wrong with the stick."""
    CARE = enum.auto()
    """Something was lost, or is about to be."""
    GRAVE = enum.auto()
    """The stick or its driver did what it must not."""


@dataclass(frozen=True)
class Action:
    id: Ask
    label: Later


@dataclass(frozen=True)
class Explanation:
    """What is said about one error. Empty sentences are left out; the first action is the recommended one."""

    title: str
    safe: str
    unsafe: str = ""
    advice: str = ""
    actions: tuple[Action, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    report: str = ""
    """A crash report, of many lines."""
    icon: str = "warning"
    tone: Tone = Tone.CALM


RETRY = Action(Ask.RETRY, later("Try again"))
REOPEN = Action(Ask.REOPEN, later("Open it again"))
FORGET = Action(Ask.FORGET, later("Take it off the list"))
GO_UP = Action(Ask.GO_UP, later("Go to the folder above"))
COPY = Action(Ask.COPY_READABLE, later("Copy what can be read…"))
FOLDER = Action(Ask.CHOOSE_FOLDER, later("Choose another folder…"))
TAKE_OVER = Action(Ask.TAKE_OVER, later("Open it safely instead"))
EJECT = Action(Ask.EJECT, later("Eject"))
WALLS = Action(Ask.SHOW_WALLS, later("Show the walls"))

UNTOUCHED = later("Nothing on it was changed.")


def quoted(name: str, instead: str | None = None) -> str:
    """A name as a part of a sentence; `instead`, or "this stick", where there is none."""
    name = shown(name).strip()
    if not name:
        return tr("this stick") if instead is None else instead
    if len(name) > _LONGEST_QUOTE:
        name = name[: _LONGEST_QUOTE - 20] + "…" + name[-19:]
    for mark in _MARKS:
        name = name.replace(mark, '"')
    return tr("“{name}”", name=name)
