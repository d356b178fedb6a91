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
from gui.prose import said
from gui.translating import later, tr

_MENDED = {
    "a character in it is not allowed": later('These signs cannot be in a name there: " * / : < > ? \\ |'),
    "it ends with a dot or a space": later("A name there does not end with a dot or a space."),
    "it is too long": later("A name there has 255 characters at most."),
}
"""By the driver's word for what is wrong with a name."""
_WHY_READ_ONLY = {
    "it is write-protected": (
        later("Some sticks have a switch at the side that protects them. Reading works as before.")
    ),
    "Rumpus can only read this file system": later("Rumpus can only read what is on it, not change it."),
}


def is_one(error: RumpusError) -> bool:
    """Whether the error is about something that a stick or this computer does not take."""
    return told(error, "") is not None


def told(error: RumpusError, it: str) -> Explanation | None:
    """What to say, None for an error that is about something else. `it` is the subject, for a sentence."""
    match error:
        case AlreadyExists(what=what):
            return _refusal(
                tr("There is something named {what} already.", what=quoted(what, tr("like that"))),
                tr("Choose another name, or take the other one away first."),
                (tr("Name"), shown(what)),
            )
        case NotEmpty(what=what):
            return _refusal(
                tr("The folder {what} is not empty.", what=quoted(what, tr("in question"))),
                tr("Remove what is in it first."),
                (tr("Folder"), shown(what)),
            )
        case InsideItself(what=what):
            return _refusal(
                tr("The folder {what} cannot be moved into itself.", what=quoted(what, tr("in question"))),
                tr("Choose a folder outside it."),
                (tr("Folder"), shown(what)),
            )
        case NameNotAllowed(name=name, reason=reason):
            return _refusal(
                tr("{it} cannot hold the name {name}.", it=it, name=quoted(name, tr("that was given"))),
                _MENDED.get(reason, later("Choose another name."))(),
                (tr("Name"), shown(name)),
                (tr("Reason"), said(reason)),
            )
        case NoSpace(needed=needed, free=free):
            return _refusal(
                tr("There is not enough room on {it}.", it=it),
                tr("{size} more are needed.", size=formats.size(max(0, needed - free))),
                (tr("Needed"), _bytes(needed)),
                (tr("Free"), _bytes(free)),
                icon="computer-full",
            )
        case TooLarge(size=size, limit=limit):
            return _refusal(
                tr("A file of {size} is larger than {it} can hold.", size=formats.size(size), it=it),
                tr(
                    "Its file system stops at {limit}. One with exFAT can hold larger files.",
                    limit=formats.size(limit),
                ),
                (tr("Size"), _bytes(size)),
                (tr("Largest"), _bytes(limit)),
                icon="computer-full",
            )
        case DirectoryFull(what=what, limit=limit):
            return _refusal(
                tr("The folder {what} can hold no more.", what=quoted(what, tr("at the top"))),
                tr("Put it into another folder of the stick."),
                (tr("Folder"), shown(what)),
                (tr("Limit"), QLocale().toString(limit)),
                icon="computer-full",
            )
        case SizeNotAllowed(system=system, size=size):
            return _refusal(
                tr(
                    "{it} has no size that {system} can have.",
                    it=it,
                    system=quoted(said(system), tr("this file system")),
                ),
                tr("Choose another file system for it."),
                (tr("File system"), said(system)),
                (tr("Size"), _bytes(size)),
            )
        case ReadOnly(reason=reason):
            return _refusal(
                tr("Nothing can be written to {it}.", it=it),
                _WHY_READ_ONLY[reason]()
                if reason in _WHY_READ_ONLY
                else tr(
                    "The reason is {reason}. Reading works.", reason=quoted(said(reason), tr("not known"))
                ),
                (tr("Reason"), said(reason)),
                icon="lock",
            )
        case NotScrambled(reason=reason):
            return _refusal(
                tr("The names in it cannot be scrambled."),
                tr("Saved without that, it tells the names of files and folders."),
                (tr("Reason"), said(reason)),
            )
        case HostReadFailed(path=path, errno=number):
            cause = f"{os.strerror(number)} ({number})" if number else tr("it became shorter meanwhile (0)")
            return _refusal(
                tr("{name} could not be read on this computer.", name=quoted(Path(path).name, tr("A file"))),
                tr("See whether you may open it, and try again."),
                (tr("File"), shown(path)),
                (tr("Reason"), cause),
            )
        case _:
            return None


def _refusal(title: str, advice: str, *details: tuple[str, str], icon: str = "info") -> Explanation:
    return Explanation(
        title, UNTOUCHED(), advice=advice, actions=(RETRY,), details=details, icon=icon, tone=Tone.CALM
    )


def _bytes(size: int) -> str:
    return tr("{number} bytes", number=QLocale().toString(size))
