"""The taxonomy in plain words: what a person is told about each error, in one catalogue.

Titles are one sentence without jargon; what the error knows in numbers and names goes into `details`. Text
that comes from a stick, a worker or the host is made harmless by `core.host.names.shown` before it gets here
into a sentence, and stands in quotation marks, so that a label cannot speak in our name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
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
    Ejected,
    Fault,
    HostWriteFailed,
    MediumError,
    NotAFileSystem,
    NotFound,
    NotMounted,
    NotWritten,
    ProtocolViolation,
    Reused,
    RumpusError,
    SandboxUnavailable,
    SandboxViolation,
    UnsupportedFeature,
    WrongKind,
)
from core.host.accounts import Account
from core.host.names import shown
from gui import losses, refusals, unread
from gui.explanation import (
    COPY,
    EJECT,
    FOLDER,
    FORGET,
    GO_UP,
    REOPEN,
    RETRY,
    TAKE_OVER,
    UNTOUCHED,
    WALLS,
    Action,
    Ask,
    Explanation,
    Tone,
    quoted,
)
from gui.prose import said
from gui.translating import later, tr

__all__ = ["Action", "Ask", "Explanation", "Tone", "error_of", "explain", "quoted"]

_KINDS = {"file": later("a file"), "directory": later("a folder"), "symlink": later("a link")}
_NUMBERED = re.compile(r"node \d+")
"""What a driver calls a file whose name it was not told."""
_NO_ROOM = (ENOSPC, EDQUOT)


def explain(
    error: RumpusError,
    subject: str,
    place: str = "",
    unnamed: str | None = None,
    lost: Sequence[Account] = (),
) -> Explanation:
    """What to say about an error.

    `subject` is the name of the stick, volume or file that it happened to; `place` is the path of the folder
    on it that was being shown, empty when the whole of it is concerned. Both may be raw names from a stick.
    `unnamed` are our own words for a subject without a name, "this stick" unless said. `lost` is what was
    going on with a stick that was pulled out.
    """
    place = place if place.strip("/") else ""
    it = quoted(subject, unnamed)
    told = losses.told(it, lost) if lost and isinstance(error, DeviceGone) else _told(error, it, place)
    rows = ((tr("Where on it"), shown(place)), *told.details) if place else told.details
    actions = (GO_UP, *told.actions) if place and _stays_open(error) else told.actions
    title = told.title[:1].upper() + told.title[1:]
    return replace(told, title=title, details=(*rows, (tr("Kind of error"), error.kind)), actions=actions)


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
                tr("{it} was pulled out.", it=it),
                tr("What was on it before, and every file that was copied whole."),
                tr("Only what was being written to it just then, if anything was."),
                tr("Put it back, and it opens again by itself."),
                (RETRY, FORGET),
                icon="stick-gone",
                tone=Tone.CARE,
            )
        case NotWritten(offset=offset, length=length):
            return Explanation(
                tr("{it} did not take what was written to it.", it=it),
                tr("What was on it before. Nothing that failed is shown as done."),
                tr("What was being written. A stick that stops taking data is usually worn out."),
                tr("Copy what matters to you off it, and put the rest on another stick."),
                (COPY, RETRY),
                (
                    (tr("First byte"), _offset(offset)),
                    (tr("Length"), _length(length) if length else tr("not known")),
                ),
                icon="stick-damaged",
                tone=Tone.CARE,
            )
        case MediumError(offset=offset, length=length):
            return Explanation(
                tr("A part of {it} can no longer be read.", it=it),
                tr("Whatever lies elsewhere on it can still be copied."),
                tr("What is stored in that part. A stick that begins to fail usually goes on failing."),
                tr("Copy what matters to you first. Pieces that cannot be read are left empty and listed."),
                (COPY, RETRY),
                (
                    (tr("First byte"), _offset(offset)),
                    (tr("Length"), _length(length) if length else tr("not known")),
                ),
                icon="stick-damaged",
                tone=Tone.CARE,
            )
        case Reused(offset=offset, length=length):
            return Explanation(
                tr("Other files lie where a part of {it} was before it was deleted.", it=it),
                tr("The other parts of it can still be copied."),
                tr("What was overwritten does not come back."),
                "",
                (),
                ((tr("First byte"), _offset(offset)), (tr("Length"), _length(length))),
                icon="damaged",
                tone=Tone.CARE,
            )
        case CorruptStructure(structure=structure, offset=offset, expected=expected, found=found):
            folder = quoted(place.rpartition("/")[2])
            what = tr("The folder {name} on {it}", name=folder, it=it) if place else it
            return Explanation(
                tr("{what} is damaged, and cannot be shown as it stands.", what=what),
                tr("{untouched} The other folders may well be whole.", untouched=UNTOUCHED())
                if place
                else UNTOUCHED(),
                tr("What the damaged part should lead to may be lost."),
                ""
                if place
                else tr("A repair writes to the stick: make a copy of the whole of it before you try one."),
                (RETRY,),
                (
                    (tr("Structure"), shown(structure)),
                    (tr("Place"), _offset(offset)),
                    (tr("Expected"), shown(expected)),
                    (tr("Found"), shown(found)),
                ),
                icon="stick-damaged",
                tone=Tone.CARE,
            )
        case UnsupportedFeature():
            return unread.unsupported(error, it)
        case NotAFileSystem():
            return unread.unrecognised(error, it)
        case NotMounted(path=path, reason=reason):
            return Explanation(
                tr("{it} could not be made a folder of this computer.", it=it),
                UNTOUCHED(),
                actions=(RETRY,),
                details=((tr("Folder"), shown(path)), (tr("Reason"), said(reason))),
                icon="stick-unknown",
            )
        case AccessDenied(path=path, reason=reason):
            return Explanation(
                tr("This computer does not let you open {it}.", it=it),
                tr("It was neither read nor changed."),
                advice=tr(
                    "Ask whoever looks after this computer to install the access rule that comes with "
                    "Rumpus, then plug the stick in again. If a password was asked for, you can also "
                    "try again and enter it."
                ),
                actions=(RETRY, FORGET),
                details=((tr("Device"), shown(path)), (tr("Reason"), said(reason))),
                icon="lock",
            )
        case Ejected(powered=powered):
            return Explanation(
                tr("{it} can be pulled out now.", it=it),
                tr("Everything that was copied to it is on it, and no program holds it."),
                advice=tr("It could not be switched off, which does no harm.") if powered else "",
                actions=(REOPEN if powered else Action(Ask.FORGET, later("Done")),),
                details=((tr("Not switched off because"), said(powered)),) if powered else (),
                icon="check",
            )
        case DeviceBusy(path=path, mount=mount) if mount:
            return Explanation(
                tr("The desktop has opened {it} itself.", it=it),
                tr("Rumpus has not touched it."),
                tr("What protects you here does not there: the system itself reads what is on it."),
                tr("Rumpus can take it from the desktop, and open it behind its walls."),
                (TAKE_OVER, EJECT, RETRY),
                (
                    (tr("Device"), shown(path)),
                    (tr("Opened at"), shown(mount)),
                    (tr("In use by"), said(error.holder)),
                ),
                icon="stick-busy",
            )
        case DeviceBusy(path=path, holder=holder):
            who = quoted(said(holder), tr("another program"))
            return Explanation(
                tr("{it} is in use by {who}.", it=it, who=who),
                tr("It was neither read nor changed."),
                advice=tr(
                    "Eject it there, or close that program, and try again. "
                    "Rumpus opens a stick only when nobody else can change it meanwhile."
                ),
                actions=(RETRY, EJECT),
                details=((tr("Device"), shown(path)), (tr("In use by"), said(holder) or tr("not known"))),
                icon="stick-busy",
            )
        case DriverCrashed(cause=cause, report=report):
            return Explanation(
                tr("Rumpus made a mistake while it was reading {it}.", it=it),
                tr("{untouched} The mistake stayed within this stick's own process.", untouched=UNTOUCHED()),
                advice=tr(
                    "This is a fault of ours. The report says what happened; it may contain names of "
                    "files, so look through it before you pass it on."
                ),
                actions=(REOPEN, FORGET),
                details=((tr("Cause"), shown(cause)),),
                report="\n".join(shown(line) for line in report.splitlines()),
                icon="bug",
                tone=Tone.CARE,
            )
        case DriverHung(operation=operation, seconds=seconds):
            return Explanation(
                tr("Reading {it} took too long, and was stopped.", it=it),
                UNTOUCHED(),
                advice=tr("Either the stick is failing, or what it holds leads Rumpus astray."),
                actions=(REOPEN, FORGET),
                details=(
                    (tr("Operation"), said(operation)),
                    (tr("Waited"), tr("%Ln seconds", "", round(seconds))),
                ),
                icon="hourglass",
                tone=Tone.CARE,
            )
        case SandboxViolation(syscall=syscall):
            return Explanation(
                tr(
                    "While {it} was being read, something was tried that is forbidden, and was stopped.",
                    it=it,
                ),
                tr("It was stopped before it took effect: none of your files and no network was reached."),
                tr("The stick itself. What it holds may have been made to take over computers."),
                tr("Do not plug it into another computer. Give it to whoever looks after security here."),
                (WALLS, FORGET),
                ((tr("Forbidden call"), shown(syscall) or tr("not known")),),
                icon="shield-broken",
                tone=Tone.GRAVE,
            )
        case ProtocolViolation(detail=detail):
            return Explanation(
                tr("What came from reading {it} made no sense, and nothing more is taken from it.", it=it),
                tr("The process that read it was ended, and nothing it said last was believed."),
                tr("The stick itself: this can be a fault of ours, and it can be an attack."),
                tr("Do not plug it into another computer before you know which."),
                (WALLS, REOPEN, FORGET),
                ((tr("What was said"), said(detail)),),
                icon="shield-broken",
                tone=Tone.GRAVE,
            )
        case SandboxUnavailable(layer=layer):
            return Explanation(
                tr("{it} was not opened, because a wall that must stand around it is missing here.", it=it),
                tr("It was not read."),
                advice=tr("This computer's system lacks the protection named below. A newer one has it."),
                actions=(WALLS, RETRY),
                details=((tr("Missing wall"), shown(layer)),),
                icon="shield-broken",
                tone=Tone.CARE,
            )
        case NotFound(what=what):
            return Explanation(
                tr("{what} is not there any more.", what=it if _NUMBERED.fullmatch(what) else quoted(what))
                if what
                else tr("Something on {it} is not there any more.", it=it),
                UNTOUCHED(),
                actions=(RETRY,),
                details=((tr("Looked for"), shown(what)),),
                icon="not-found",
            )
        case WrongKind(what=what, wanted=wanted):
            return Explanation(
                tr(
                    "{what} is not {wanted}.",
                    what=quoted(what, it),
                    wanted=_KINDS[wanted]() if wanted in _KINDS else quoted(wanted, tr("what was expected")),
                ),
                UNTOUCHED(),
                actions=(RETRY,),
                details=((tr("Name"), shown(what)), (tr("Wanted"), shown(wanted))),
                icon="not-found",
            )
        case HostWriteFailed(path=path, errno=number):
            return Explanation(
                _unwritable(number, it),
                tr("The stick is unchanged. Files that were copied whole are whole."),
                tr("The file that was being written. No half file was left behind."),
                tr("Make room there, or choose a folder elsewhere.") if number in _NO_ROOM else "",
                (FOLDER, RETRY),
                ((tr("Destination"), shown(path)), (tr("Reason"), f"{os.strerror(number)} ({number})")),
                icon="computer-full",
                tone=Tone.CARE,
            )
        case Cancelled():
            return Explanation(
                tr("It was stopped, as you asked."),
                tr("The stick is unchanged. No half file was left behind."),
                actions=(RETRY,),
                icon="cancel",
            )
        case _:
            return refusals.told(error, it) or _unforeseen(error, it)


def _unforeseen(error: RumpusError, it: str) -> Explanation:
    """An error of a kind that has no words yet still shows all it knows."""
    return Explanation(
        tr("Something went wrong with {it}.", it=it),
        UNTOUCHED(),
        actions=(RETRY, FORGET),
        details=tuple((name.capitalize(), shown(str(getattr(error, name)))) for name in error.fields),
        tone=Tone.CARE,
    )


def _unwritable(number: int, it: str) -> str:
    match number:
        case _ if number in _NO_ROOM:
            return tr("There is no room left for {it} where it should go.", it=it)
        case number if number in (EACCES, EPERM, EROFS):
            return tr("You may not write where {it} should go.", it=it)
        case number if number == EFBIG:
            return tr("{it} is larger than a file may be where it should go.", it=it)
        case number if number == ENOENT:
            return tr("The folder where {it} should go is not there any more.", it=it)
        case _:
            return tr("{it} could not be written to its destination.", it=it)


def _offset(offset: int) -> str:
    return f"{QLocale().toString(offset)} ({offset:#x})"


def _length(length: int) -> str:
    return tr("{number} bytes", number=QLocale().toString(length))
