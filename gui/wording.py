"""The taxonomy in plain words: what a person is told about each error, in one catalogue.

Titles are one sentence without jargon; what the error knows in numbers and names goes into `details`. Text
that comes from a stick, a worker or the host is made harmless by `core.host.names.shown` before it gets here
into a sentence, and stands in quotation marks, so that a label cannot speak in our name.
"""

from __future__ import annotations

import enum
import os
from dataclasses import dataclass, fields, replace
from errno import EACCES, EDQUOT, EFBIG, ENOENT, ENOSPC, EPERM, EROFS

from PySide6.QtCore import QLocale

from core.errors import (
    AccessDenied,
    Cancelled,
    CorruptStructure,
    DeviceBusy,
    DeviceGone,
    DriverCrashed,
    DriverHung,
    Fault,
    HostWriteFailed,
    MediumError,
    NotAFileSystem,
    NotFound,
    ProtocolViolation,
    RumpusError,
    SandboxUnavailable,
    SandboxViolation,
    UnsupportedFeature,
    WrongKind,
)
from core.host.names import shown

_LONGEST_QUOTE = 60
"""Characters of a name that a sentence bears."""


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
    label: str


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


_RETRY = Action(Ask.RETRY, "Try again")
_REOPEN = Action(Ask.REOPEN, "Open it again")
_FORGET = Action(Ask.FORGET, "Take it off the list")
_GO_UP = Action(Ask.GO_UP, "Go to the folder above")
_COPY = Action(Ask.COPY_READABLE, "Copy what can be read…")
_FOLDER = Action(Ask.CHOOSE_FOLDER, "Choose another folder…")
_WALLS = Action(Ask.SHOW_WALLS, "Show the walls")

_UNTOUCHED = "Nothing on it was changed."
_KINDS = {"file": "a file", "directory": "a folder", "symlink": "a link"}
_NO_ROOM = (ENOSPC, EDQUOT)


def quoted(name: str, instead: str = "this stick") -> str:
    """A name as a part of a sentence; `instead` where there is none."""
    name = shown(name).strip()
    if not name:
        return instead
    if len(name) > _LONGEST_QUOTE:
        name = name[: _LONGEST_QUOTE - 20] + "…" + name[-19:]
    return "“" + name.replace("“", '"').replace("”", '"') + "”"


def explain(error: RumpusError, subject: str, place: str = "", unnamed: str = "this stick") -> Explanation:
    """What to say about an error.

    `subject` is the name of the stick, volume or file that it happened to; `place` is the path of the folder
    on it that was being shown, empty when the whole of it is concerned. Both may be raw names from a stick.
    `unnamed` are our own words for a subject without a name.
    """
    place = place if place.strip("/") else ""
    told = _told(error, quoted(subject, unnamed), place)
    rows = (("Where on it", shown(place)), *told.details) if place else told.details
    actions = (_GO_UP, *told.actions) if place and _stays_open(error) else told.actions
    title = told.title[:1].upper() + told.title[1:]
    return replace(told, title=title, details=(*rows, ("Kind of error", error.kind)), actions=actions)


def error_of(fault: Fault) -> RumpusError:
    """The error that a worker reports of an entry or a volume; a report without sense is an error too."""
    try:
        return fault.error()
    except ProtocolViolation as violation:
        return violation


def _stays_open(error: RumpusError) -> bool:
    """Whether the rest of the volume can still be walked after it."""
    return isinstance(
        error,
        MediumError | CorruptStructure | UnsupportedFeature | NotFound | WrongKind | Cancelled,
    )


def _told(error: RumpusError, it: str, place: str) -> Explanation:
    match error:
        case DeviceGone():
            return Explanation(
                f"{it} was pulled out.",
                "Everything that is on it: it was only being read. Files that were copied whole are whole.",
                "A copy that was still under way has stopped. No half file was left behind.",
                "Put it back, and it opens again by itself.",
                (_RETRY, _FORGET),
                icon="stick-gone",
                tone=Tone.CARE,
            )
        case MediumError(offset=offset, length=length):
            return Explanation(
                f"A part of {it} can no longer be read.",
                "Whatever lies elsewhere on it can still be copied.",
                "What is stored in that part. A stick that begins to fail usually goes on failing.",
                "Copy what matters to you first. Pieces that cannot be read are left empty and listed.",
                (_COPY, _RETRY),
                (("First byte", _offset(offset)), ("Length", _length(length) if length else "not known")),
                icon="stick-damaged",
                tone=Tone.CARE,
            )
        case CorruptStructure(structure=structure, offset=offset, expected=expected, found=found):
            what = f"The folder {quoted(place.rpartition('/')[2])} on {it}" if place else it
            return Explanation(
                f"{what} is damaged, and cannot be shown as it stands.",
                f"{_UNTOUCHED} The other folders may well be whole." if place else _UNTOUCHED,
                "What the damaged part should lead to may be lost.",
                ""
                if place
                else "A repair writes to the stick: make a copy of the whole of it before you try one.",
                (_RETRY,),
                (
                    ("Structure", shown(structure)),
                    ("Place", _offset(offset)),
                    ("Expected", shown(expected)),
                    ("Found", shown(found)),
                ),
                icon="stick-damaged",
                tone=Tone.CARE,
            )
        case UnsupportedFeature(name=name):
            return Explanation(
                f"{it} uses something that Rumpus cannot read yet: {quoted(name, 'something unknown')}.",
                f"There is no sign of damage. {_UNTOUCHED}",
                actions=(_RETRY,),
                details=(("Feature", shown(name)),),
                icon="stick-unknown",
            )
        case NotAFileSystem(found=found):
            return Explanation(
                f"Rumpus recognises nothing on {it}.",
                _UNTOUCHED,
                advice="It may be new, erased, encrypted as a whole, or made for a camera or another device. "
                "If a file manager offers to format it, that would erase what is there.",
                actions=(_RETRY, _FORGET),
                details=(("Found instead", shown(found)),),
                icon="stick-unknown",
            )
        case AccessDenied(path=path, reason=reason):
            return Explanation(
                f"This computer does not let you open {it}.",
                "It was neither read nor changed.",
                advice="Ask whoever looks after this computer to install the access rule that comes with "
                "Rumpus, then plug the stick in again. If a password was asked for, you can also try again "
                "and enter it.",
                actions=(_RETRY, _FORGET),
                details=(("Device", shown(path)), ("Reason", shown(reason))),
                icon="lock",
            )
        case DeviceBusy(path=path, holder=holder):
            who = quoted(holder, "another program")
            return Explanation(
                f"{it} is in use by {who}.",
                "It was neither read nor changed.",
                advice="Eject it there, or close that program, and try again. "
                "Rumpus opens a stick only when nobody else can change it meanwhile.",
                actions=(_RETRY, _FORGET),
                details=(("Device", shown(path)), ("In use by", shown(holder) or "not known")),
                icon="stick-busy",
            )
        case DriverCrashed(cause=cause, report=report):
            return Explanation(
                f"Rumpus made a mistake while it was reading {it}.",
                f"{_UNTOUCHED} The mistake stayed within this stick's own process.",
                advice="This is a fault of ours. The report says what happened; it may contain names of "
                "files, so look through it before you pass it on.",
                actions=(_REOPEN, _FORGET),
                details=(("Cause", shown(cause)),),
                report="\n".join(shown(line) for line in report.splitlines()),
                icon="bug",
                tone=Tone.CARE,
            )
        case DriverHung(operation=operation, seconds=seconds):
            return Explanation(
                f"Reading {it} took too long, and was stopped.",
                _UNTOUCHED,
                advice="Either the stick is failing, or what it holds leads Rumpus astray.",
                actions=(_REOPEN, _FORGET),
                details=(("Operation", shown(operation)), ("Waited", f"{seconds:.0f} seconds")),
                icon="hourglass",
                tone=Tone.CARE,
            )
        case SandboxViolation(syscall=syscall):
            return Explanation(
                f"While {it} was being read, something was tried that is forbidden, and was stopped.",
                "It was stopped before it took effect: none of your files and no network was reached.",
                "The stick itself. What it holds may have been made to take over computers.",
                "Do not plug it into another computer. Give it to whoever looks after security here.",
                (_WALLS, _FORGET),
                (("Forbidden call", shown(syscall) or "not known"),),
                icon="shield-broken",
                tone=Tone.GRAVE,
            )
        case ProtocolViolation(detail=detail):
            return Explanation(
                f"What came from reading {it} made no sense, and nothing more is taken from it.",
                "The process that read it was ended, and nothing it said last was believed.",
                "The stick itself: this can be a fault of ours, and it can be an attack.",
                "Do not plug it into another computer before you know which.",
                (_WALLS, _REOPEN, _FORGET),
                (("What was said", shown(detail)),),
                icon="shield-broken",
                tone=Tone.GRAVE,
            )
        case SandboxUnavailable(layer=layer):
            return Explanation(
                f"{it} was not opened, because a wall that must stand around it is missing here.",
                "It was not read.",
                advice="This computer's system lacks the protection named below. A newer one has it.",
                actions=(_WALLS, _RETRY),
                details=(("Missing wall", shown(layer)),),
                icon="shield-broken",
                tone=Tone.CARE,
            )
        case NotFound(what=what):
            return Explanation(
                f"{quoted(what, 'It')} is not there any more."
                if what
                else f"Something on {it} is not there any more.",
                _UNTOUCHED,
                actions=(_RETRY,),
                details=(("Looked for", shown(what)),),
                icon="not-found",
            )
        case WrongKind(what=what, wanted=wanted):
            return Explanation(
                f"{quoted(what, it)} is not {_KINDS.get(wanted, quoted(wanted, 'what was expected'))}.",
                _UNTOUCHED,
                actions=(_RETRY,),
                details=(("Name", shown(what)), ("Wanted", shown(wanted))),
                icon="not-found",
            )
        case HostWriteFailed(path=path, errno=number):
            return Explanation(
                _unwritable(number, it),
                "The stick is unchanged. Files that were copied whole are whole.",
                "The file that was being written. No half file was left behind.",
                "Make room there, or choose a folder elsewhere." if number in _NO_ROOM else "",
                (_FOLDER, _RETRY),
                (("Destination", shown(path)), ("Reason", f"{os.strerror(number)} ({number})")),
                icon="computer-full",
                tone=Tone.CARE,
            )
        case Cancelled():
            return Explanation(
                "It was stopped, as you asked.",
                "The stick is unchanged. No half file was left behind.",
                actions=(_RETRY,),
                icon="cancel",
            )
        case _:
            return _unforeseen(error, it)


def _unforeseen(error: RumpusError, it: str) -> Explanation:
    """An error of a kind that has no words yet still shows all it knows."""
    return Explanation(
        f"Something went wrong with {it}.",
        _UNTOUCHED,
        actions=(_RETRY, _FORGET),
        details=tuple((f.name.capitalize(), shown(str(getattr(error, f.name)))) for f in fields(error)),
        tone=Tone.CARE,
    )


def _unwritable(number: int, it: str) -> str:
    match number:
        case _ if number in _NO_ROOM:
            return f"There is no room left for {it} where it should go."
        case number if number in (EACCES, EPERM, EROFS):
            return f"You may not write where {it} should go."
        case number if number == EFBIG:
            return f"{it} is larger than a file may be where it should go."
        case number if number == ENOENT:
            return f"The folder where {it} should go is not there any more."
        case _:
            return f"{it} could not be written to its destination."


def _offset(offset: int) -> str:
    return f"{QLocale().toString(offset)} ({offset:#x})"


def _length(length: int) -> str:
    return f"{QLocale().toString(length)} bytes"
