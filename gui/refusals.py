"""Why a stick does not take what is to be written to it: the part of the catalogue that is about writing."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QLocale

from core.errors import (
    AlreadyExists,
    DirectoryFull,
    HostReadFailed,
    InsideItself,
    NameNotAllowed,
    NoSpace,
    NotEmpty,
    NotScrambled,
    ReadOnly,
    RumpusError,
    SizeNotAllowed,
    TooLarge,
)
from core.host.names import shown
from gui import formats
from gui.explanation import RETRY, UNTOUCHED, Explanation, Tone, quoted

_MENDED = {
    "a character in it is not allowed": 'These signs cannot be in a name there: " * / : < > ? \\ |',
    "it ends with a dot or a space": "A name there does not end with a dot or a space.",
    "it is too long": "A name there has 255 characters at most.",
}
"""By the driver's word for what is wrong with a name."""
_WHY_READ_ONLY = {
    "it is write-protected": (
        "Some sticks have a switch at the side that protects them. Reading works as before."
    ),
    "Rumpus can only read this file system": "Rumpus can only read what is on it, not change it.",
}


def is_one(error: RumpusError) -> bool:
    """Whether the error is about something that a stick or this computer does not take."""
    return told(error, "") is not None


def told(error: RumpusError, it: str) -> Explanation | None:
    """What to say, None for an error that is about something else. `it` is the subject, for a sentence."""
    match error:
        case AlreadyExists(what=what):
            return _refusal(
                f"There is something named {quoted(what, 'like that')} already.",
                "Choose another name, or take the other one away first.",
                ("Name", shown(what)),
            )
        case NotEmpty(what=what):
            return _refusal(
                f"The folder {quoted(what, 'in question')} is not empty.",
                "Remove what is in it first.",
                ("Folder", shown(what)),
            )
        case InsideItself(what=what):
            return _refusal(
                f"The folder {quoted(what, 'in question')} cannot be moved into itself.",
                "Choose a folder outside it.",
                ("Folder", shown(what)),
            )
        case NameNotAllowed(name=name, reason=reason):
            return _refusal(
                f"{it} cannot hold the name {quoted(name, 'that was given')}.",
                _MENDED.get(reason, "Choose another name."),
                ("Name", shown(name)),
                ("Reason", shown(reason)),
            )
        case NoSpace(needed=needed, free=free):
            return _refusal(
                f"There is not enough room on {it}.",
                f"{formats.size(max(0, needed - free))} more would have to be free.",
                ("Needed", _bytes(needed)),
                ("Free", _bytes(free)),
                icon="computer-full",
            )
        case TooLarge(size=size, limit=limit):
            return _refusal(
                f"A file of {formats.size(size)} is larger than {it} can hold.",
                f"Its file system stops at {formats.size(limit)}. One with exFAT can hold larger files.",
                ("Size", _bytes(size)),
                ("Largest", _bytes(limit)),
                icon="computer-full",
            )
        case DirectoryFull(what=what, limit=limit):
            return _refusal(
                f"The folder {quoted(what, 'at the top')} can hold no more.",
                "Put it into another folder of the stick.",
                ("Folder", shown(what)),
                ("Limit", QLocale().toString(limit)),
                icon="computer-full",
            )
        case SizeNotAllowed(system=system, size=size):
            return _refusal(
                f"{it} has no size that {quoted(system, 'this file system')} can have.",
                "Choose another file system for it.",
                ("File system", shown(system)),
                ("Size", _bytes(size)),
            )
        case ReadOnly(reason=reason):
            return _refusal(
                f"Nothing can be written to {it}.",
                _WHY_READ_ONLY.get(reason, f"The reason is {quoted(reason, 'not known')}. Reading works."),
                ("Reason", shown(reason)),
                icon="lock",
            )
        case NotScrambled(reason=reason):
            return _refusal(
                "The names in it cannot be scrambled.",
                "Saved without that, it tells the names of files and folders.",
                ("Reason", shown(reason)),
            )
        case HostReadFailed(path=path, errno=number):
            why = f"{os.strerror(number)} ({number})" if number else "it became shorter meanwhile (0)"
            return _refusal(
                f"{quoted(Path(path).name, 'A file')} could not be read on this computer.",
                "See whether you may open it, and try again.",
                ("File", shown(path)),
                ("Reason", why),
            )
        case _:
            return None


def _refusal(title: str, advice: str, *details: tuple[str, str], icon: str = "info") -> Explanation:
    return Explanation(
        title, UNTOUCHED, advice=advice, actions=(RETRY,), details=details, icon=icon, tone=Tone.CALM
    )


def _bytes(size: int) -> str:
    return f"{QLocale().toString(size)} bytes"
