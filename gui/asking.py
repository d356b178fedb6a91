"""What is asked before a copy onto a stick begins: about what does not fit, and what is there already."""

from __future__ import annotations

from core.entry import Kind, Zone
from core.errors import AlreadyExists, Cancelled, NameNotAllowed, TooLarge
from core.host.clocks import host_time
from core.host.landing import Conflict
from core.host.names import shown
from core.host.preflight import Preflight, Taken, Unfit, Verdict
from gui import formats
from gui.panes.choice import Answer, Choice, ChoiceBar, Side
from gui.wording import Tone, quoted

STOP, _WITHOUT, _RENAMED = "stop", "without", "renamed"
_SAME = 2_000_000_000
"""Nanoseconds: FAT keeps times of two seconds."""


async def consult(choices: ChoiceBar, stick: str, zone: Zone, preflight: Preflight) -> Verdict:
    """Asks what is to be asked, one thing after the other. Raises Cancelled when the copy is not wanted."""
    if not preflight.fits:
        await choices.ask(too_little_room(stick, preflight))
        raise Cancelled
    rename = False
    if preflight.unfit:
        answer = await choices.ask(unfit(stick, preflight))
        if answer.id == STOP:
            raise Cancelled
        rename = answer.id == _RENAMED
    conflicts: dict[str, Conflict] = {}
    for number, each in enumerate(preflight.taken):
        left = len(preflight.taken) - number - 1
        answer = await choices.ask(taken(stick, each, zone, left))
        if answer.id == STOP:
            raise Cancelled
        way = Conflict(answer.id)
        conflicts[each.path] = way
        if answer.again:
            conflicts |= {other.path: _fitting(way, other) for other in preflight.taken[number + 1 :]}
            break
    return Verdict(rename, conflicts)


def too_little_room(stick: str, preflight: Preflight) -> Choice:
    free = preflight.free or 0
    return Choice(
        f"There is not enough room on {quoted(stick)}.",
        (Answer(STOP, "Close"),),
        f"{formats.count(preflight.files, 'file needs', 'files need')} {formats.size(preflight.needed)}, and "
        f"{formats.size(free)} are free. {formats.size(preflight.needed - free)} more would have to be. "
        "Nothing was copied.",
        icon="computer-full",
    )


def unfit(stick: str, preflight: Preflight) -> Choice:
    """Everything that cannot be on the stick as it is, in one list."""
    renamable = sum(bool(each.instead) for each in preflight.unfit)
    others = preflight.files > len(preflight.unfit)
    answers = []
    if renamable:
        answers.append(Answer(_RENAMED, "Copy with changed names"))
    if others:
        answers.append(Answer(_WITHOUT, "Leave them out"))
    left_out = len(preflight.unfit) - renamable
    advice = "Nothing has been copied yet."
    if renamable and left_out:
        advice += " What is too large is left out in any case."
    return Choice(
        f"{formats.count(len(preflight.unfit), 'item', 'items')} cannot be on {quoted(stick)} as "
        f"{'it is' if len(preflight.unfit) == 1 else 'they are'}.",
        (*answers, Answer(STOP, "Do not copy")),
        advice,
        listed=tuple(map(_why, preflight.unfit)),
        focus=0,
    )


def taken(stick: str, each: Taken, zone: Zone, left: int, *, folder: bool = False) -> Choice:
    """Which of two files is to be there; `left` more questions of this kind are to come. `folder`: whether
    what is to come is one, which takes nobody's place."""
    there, onto_folder = each.there, each.there.kind is Kind.DIRECTORY
    same = not folder and there.size == each.size and _at_one_time(each, zone)
    old = Side(
        f"On {quoted(stick)}",
        ("A folder",) if onto_folder else (formats.size(there.size), formats.moment(there.modified, zone)),
    )
    new = Side(
        "The new one",
        ("A folder",) if folder else (formats.size(each.size), formats.moment(each.modified, Zone.UTC)),
    )
    replace = () if folder or onto_folder else (Answer(Conflict.REPLACE.value, "Replace it", grave=True),)
    others = formats.count(left, "other file that is", "other files that are")
    return Choice(
        f"{quoted(each.path.rpartition('/')[2])} is there already.",
        (
            Answer(Conflict.KEEP_BOTH.value, "Keep both"),
            *replace,
            Answer(Conflict.SKIP.value, "Skip it"),
            Answer(STOP, "Stop"),
        ),
        "They have the same size and date." if same else _where(each),
        sides=(old, new),
        again=f"The same for {others} there already" if left else "",
        focus=0,
        icon="copy",
        tone=Tone.CALM,
    )


def _fitting(way: Conflict, each: Taken) -> Conflict:
    """A folder is never replaced by a file."""
    return Conflict.KEEP_BOTH if way is Conflict.REPLACE and each.there.kind is Kind.DIRECTORY else way


def _at_one_time(each: Taken, zone: Zone) -> bool:
    there = host_time(each.there.modified, zone)
    return there is not None and each.modified is not None and abs(there - each.modified) < _SAME


def _where(each: Taken) -> str:
    folder = each.path.rpartition("/")[0]
    return f"In {quoted(folder)}." if folder else ""


def _why(each: Unfit) -> str:
    match each.error:
        case TooLarge(size=size, limit=limit):
            why = f"{formats.size(size)}, and files there have {formats.size(limit)} at most"
        case AlreadyExists():
            why = "another one has the same name there, but for capital letters"
        case NameNotAllowed(reason=reason):
            why = shown(reason)
        case error:
            why = error.kind
    instead = f"; would be {quoted(each.instead)}" if each.instead else ""
    return f"{shown(each.path)}: {why}{instead}"
