"""What is asked before a copy onto a stick begins: about what does not fit, and what is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.entry import Entry, Kind, Zone
from core.errors import AlreadyExists, Cancelled, NameNotAllowed, TooLarge
from core.host.clocks import host_time
from core.host.landing import Conflict
from core.host.names import shown
from core.host.planning import Step, top_of
from core.host.preflight import Preflight, Taken, Unfit, Verdict
from gui import formats, icons
from gui.panes.choice import Answer, Choice, ChoiceBar, Side
from gui.preview.looks import Looks
from gui.prose import said
from gui.translating import tr
from gui.wording import Tone, quoted

STOP, _WITHOUT, _RENAMED = "stop", "without", "renamed"
_SAME = 2_000_000_000
"""Nanoseconds: FAT keeps times of two seconds."""


async def consult(choices: ChoiceBar, stick: str, zone: Zone, preflight: Preflight, looks: Looks) -> Verdict:
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
        answer = await choices.ask(taken(stick, each, zone, left, looks))
        looks.stop()
        if answer.id == STOP:
            raise Cancelled
        way = Conflict(answer.id)
        conflicts[each.path] = way
        if answer.again:
            conflicts |= {other.path: _fitting(way, other) for other in preflight.taken[number + 1 :]}
            break
    return Verdict(rename, conflicts)


async def consult_here(
    choices: ChoiceBar, folder: str, stick: str, found: Sequence[tuple[Step, Taken]], looks: Looks
) -> dict[Step, Conflict]:
    """As `consult`, for what comes from a stick into a folder of this computer."""
    ways: dict[Step, Conflict] = {}
    for_all: Conflict | None = None
    for number, (step, each) in enumerate(found):
        above = top_of(step)
        if above is not step and ways.get(above, Conflict.REPLACE) is not Conflict.REPLACE:
            continue  # its folder is kept apart, or skipped
        if for_all is None:
            left = len(found) - number - 1
            choice = taken(folder, each, Zone.UTC, left, looks, folder=_is_folder(step), from_stick=stick)
            answer = await choices.ask(choice)
            looks.stop()
            if answer.id == STOP:
                raise Cancelled
            ways[step] = Conflict(answer.id)
            for_all = ways[step] if answer.again else None
        else:
            ways[step] = _fitting(for_all, each) if not _is_folder(step) else for_all
    return ways


def _is_folder(step: Step) -> bool:
    return step.entry.kind is Kind.DIRECTORY


def too_little_room(stick: str, preflight: Preflight) -> Choice:
    free = preflight.free or 0
    return Choice(
        tr("There is not enough room on {stick}.", stick=quoted(stick)),
        (Answer(STOP, tr("Close")),),
        tr(
            "%Ln files need {needed}, and {free} are free. {more} more are needed. Nothing was copied.",
            "",
            preflight.files,
            needed=formats.size(preflight.needed),
            free=formats.size(free),
            more=formats.size(preflight.needed - free),
        ),
        icon="computer-full",
    )


def unfit(stick: str, preflight: Preflight) -> Choice:
    """Everything that cannot be on the stick as it is, in one list."""
    renamable = sum(bool(each.instead) for each in preflight.unfit)
    others = preflight.files > len(preflight.unfit)
    answers = []
    if renamable:
        answers.append(Answer(_RENAMED, tr("Copy with changed names")))
    if others:
        answers.append(Answer(_WITHOUT, tr("Leave them out")))
    left_out = len(preflight.unfit) - renamable
    advice = tr("Nothing has been copied yet.")
    if renamable and left_out:
        advice += " " + tr("What is too large is left out in any case.")
    return Choice(
        tr("%Ln items cannot be on {stick} as they are.", "", len(preflight.unfit), stick=quoted(stick)),
        (*answers, Answer(STOP, tr("Do not copy"))),
        advice,
        listed=tuple(map(_why, preflight.unfit)),
        focus=0,
    )


def taken(
    place: str,
    each: Taken,
    zone: Zone,
    left: int,
    looks: Looks,
    *,
    folder: bool = False,
    from_stick: str = "",
) -> Choice:
    """Which of two files is to be at `place`; `left` more questions of this kind are to come. `folder`:
    whether what is to come is one, which takes nobody's place. `from_stick`: whose the new one is, when
    `place` is a folder of this computer."""
    there, onto_folder = each.there, each.there.kind is Kind.DIRECTORY
    same = not folder and there.size == each.size and _at_one_time(each, zone)
    old = Side(
        tr("In {folder}", folder=quoted(place))
        if each.at is not None
        else tr("On {stick}", stick=quoted(place)),
        _facts(there.size, formats.moment(there.modified, zone), folder=onto_folder),
        icon=icons.icon_for(there),
        look=looks.at_target(each.at or there),
    )
    new = Side(
        tr("On {stick}", stick=quoted(from_stick)) if from_stick else tr("The new one"),
        _facts(each.size, formats.moment(each.modified, Zone.UTC), folder=folder),
        icon=icons.icon("folder") if folder else icons.icon_for(Entry(each.path, 0, Kind.FILE)),
        look=looks.at_source(each.source),
    )
    if not folder and not onto_folder:
        old, new = _compared(old, new, each, zone)
    put: tuple[Answer, ...] = ()
    if folder and onto_folder and from_stick:
        put = (Answer(Conflict.REPLACE.value, tr("Put into it")),)
    elif not folder and not onto_folder:
        put = (Answer(Conflict.REPLACE.value, tr("Replace it"), grave=True),)
    return Choice(
        tr("{name} is there already.", name=quoted(each.path.rpartition("/")[2])),
        (
            Answer(Conflict.KEEP_BOTH.value, tr("Keep both")),
            *put,
            Answer(Conflict.SKIP.value, tr("Skip it")),
            Answer(STOP, tr("Stop")),
        ),
        tr("They have the same size and date.") if same else _where(each),
        sides=(old, new),
        again=tr("The same for %Ln other files that are there already", "", left) if left else "",
        focus=0,
        icon="copy",
        tone=Tone.CALM,
    )


def _facts(size: int, moment: str, *, folder: bool) -> tuple[str, ...]:
    return (tr("A folder"),) if folder else (formats.size(size), moment)


def _compared(old: Side, new: Side, each: Taken, zone: Zone) -> tuple[Side, Side]:
    """Says which of two files is the larger and which the newer one."""
    sizes, dates = [old.facts[0], new.facts[0]], [old.facts[1], new.facts[1]]
    if each.there.size != each.size:
        larger = int(each.size > each.there.size)
        sizes[larger] = tr("{size}, the larger one", size=sizes[larger])
    there = host_time(each.there.modified, zone)
    if there is not None and each.modified is not None and not _at_one_time(each, zone):
        newer = int(each.modified > there)
        dates[newer] = tr("{date}, the newer one", date=dates[newer])
    return replace(old, facts=(sizes[0], dates[0])), replace(new, facts=(sizes[1], dates[1]))


def _fitting(way: Conflict, each: Taken) -> Conflict:
    """A folder is never replaced by a file."""
    return Conflict.KEEP_BOTH if way is Conflict.REPLACE and each.there.kind is Kind.DIRECTORY else way


def _at_one_time(each: Taken, zone: Zone) -> bool:
    there = host_time(each.there.modified, zone)
    return there is not None and each.modified is not None and abs(there - each.modified) < _SAME


def _where(each: Taken) -> str:
    folder = each.path.rpartition("/")[0]
    return tr("In {folder}.", folder=quoted(folder)) if folder else ""


def _why(each: Unfit) -> str:
    match each.error:
        case TooLarge(size=size, limit=limit):
            why = tr(
                "{size}, and files there have {limit} at most",
                size=formats.size(size),
                limit=formats.size(limit),
            )
        case AlreadyExists():
            why = tr("another one has the same name there, but for capital letters")
        case NameNotAllowed(reason=reason):
            why = said(reason)
        case error:
            why = error.kind
    if each.instead:
        return tr("{path}: {why}; would be {name}", path=shown(each.path), why=why, name=quoted(each.instead))
    return f"{shown(each.path)}: {why}"
