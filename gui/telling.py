"""What the transfer strip says of each work: while it is under way, when it is done, and when it failed."""

from __future__ import annotations

from core.errors import Differs, HostWriteFailed, MediumError, RumpusError
from core.host.checking import Check
from core.host.jobs import Fate, Job, Problem, Tracked, TransferState
from core.host.names import shown
from gui import formats
from gui.outgoing import ENDED, Outbound, Purpose
from gui.pace import Pace, sentence, summary
from gui.translating import tr
from gui.wording import Explanation, explain, quoted
from gui.works import Inbound, Removal

_NAMED = 3
"""Files that differ and are named in the second line."""
_MOST_LISTED = 500
"""Problems that are listed one by one."""

Work = Outbound | Inbound | Removal


def current(work: Work) -> Job:
    """The job that is under way, or was the last one to be."""
    return work.check or work.job


def headline(work: Work) -> str:
    if work.check is not None:
        return _of_check(work, work.check)
    job = work.job
    if job.away:
        stick = quoted(work.stick, tr("the stick"))
        return tr("{stick} was pulled out: put it back and the copy goes on.", stick=_capital(stick))
    if job.state is TransferState.FAILED:
        return failure(work).title
    if job.state is TransferState.CANCELLED:
        return tr("Stopped, as you asked.")
    match work:
        case Inbound():
            return _of_inbound(work)
        case Removal():
            return _of_removal(work)
        case Outbound():
            return _of_outbound(work)


def line(work: Work, pace: Pace) -> str:
    """The second line: how far it is."""
    if work.check is not None:
        return _line_of_check(work, work.check, pace)
    job, progress = work.job, work.job.progress
    problems = tr("%Ln problems", "", len(job.problems))
    done, files = formats.number(progress.files_done), tr("%Ln files", "", progress.files)
    match job.state:
        case TransferState.PLANNING if not isinstance(work, Removal) and work.asked:
            return tr("Waiting for your answer above.")
        case TransferState.PLANNING:
            return tr("Counting: {files} so far", files=files)
        case TransferState.FAILED:
            return failure(work).safe
        case TransferState.CANCELLED if isinstance(work, Removal):
            return tr("%Ln items are gone already.", "", progress.files_done)
        case TransferState.CANCELLED:
            return tr(
                "After {done} of {files}. Whole files stay, no half file was left.", done=done, files=files
            )
        case TransferState.RUNNING if job.away:
            text = tr("{done} of {files} are safe and are not copied again", done=done, files=files)
        case TransferState.RUNNING if job.paused:
            if progress.files:
                done = tr("{done} of {files}", done=done, files=files)
            text = tr("Paused · {done} · the stick is still in use", done=done)
        case TransferState.RUNNING if isinstance(work, Removal):
            text = tr("%Ln items so far", "", progress.files_done)
        case TransferState.RUNNING:
            text = _under_way(job, pace)
        case TransferState.FLUSHING if isinstance(work, Inbound):
            size = formats.size(max(0, progress.bytes - progress.bytes_done))
            stick = quoted(work.stick, tr("the stick"))
            text = tr("Writing the last {size} to {stick}…", size=size, stick=stick)
        case TransferState.FLUSHING:
            text = tr("Waiting until this computer's disk has all of it…")
        case _ if isinstance(work, Removal):
            text = tr("%Ln items", "", progress.files_done)
        case _:
            text = f"{files}, {summary(progress.bytes, pace.worked)}"
            if isinstance(work, Inbound):
                text = tr("{what}, all of it on the stick", what=text)
            if work.proves:
                text = tr("{what} · to be read back", what=text)
    return f"{text} · {problems}" if job.problems else text


def _under_way(job: Job, pace: Pace) -> str:
    progress = job.progress
    left = pace.left(progress.bytes - progress.bytes_done)
    text = sentence(progress.files_done, progress.files, pace.speed, left)
    name = progress.current.rpartition("/")[2]
    return f"{text} · {name}" if name else text


def another_try(work: Work) -> str:
    """What a button says that tries again what did not arrive; empty where there is nothing to try."""
    job = work.job
    if isinstance(work, Removal) or work.again is None:
        return ""
    if job.state is TransferState.FAILED and not job.leftover:
        return tr("Try again")
    if job.state in (TransferState.DONE, TransferState.FAILED) and job.leftover:
        return tr("Try the %Ln files again", "", job.leftover)
    return ""


def failure(work: Work) -> Explanation:
    error = work.job.error or RumpusError()  # without one it is a bug of ours, which is told elsewhere
    if not isinstance(error, HostWriteFailed) or not isinstance(work, Outbound):
        return explain(error, work.stick, unnamed=tr("The stick"))
    entries = work.entries
    return explain(error, entries[0].name if len(entries) == 1 else "", unnamed=work.what)


def strangers(work: Work) -> list[Problem]:
    """What was wrong with something that never came to be a file of the plan: a damaged entry, a folder."""
    return [problem for problem in work.job.problems if problem.of is None]


def failed(work: Work) -> list[Tracked]:
    """Files that did not arrive, or are not the same on both sides."""
    problems = [*work.job.problems, *(work.check.problems if work.check is not None else ())]
    return list(dict.fromkeys(problem.of for problem in problems if problem.of is not None))


def fate(work: Work, row: Tracked | Problem) -> Fate:
    if isinstance(row, Problem):
        return Fate.FAILED
    if work.check is not None:
        checked = work.check.fate(row)
        if checked is not Fate.WAITING:
            return checked
    return work.job.fate(row)


def outcome(work: Work, row: Tracked | Problem) -> str:
    """What has become of one file, in a few words."""
    if isinstance(row, Problem):
        return in_short(row.error)
    job, check = work.job, work.check
    if check is not None:
        match check.fate(row):
            case Fate.ARRIVED:
                return tr("The same on both sides")
            case Fate.UNDER_WAY:
                return tr("Being read back")
            case Fate.FAILED:
                why = check.why(row)
                return in_short(why) if why is not None else ""
    match job.fate(row):
        case Fate.WAITING:
            return tr("Not copied") if job.state in ENDED else ""
        case Fate.UNDER_WAY:
            return tr("Not copied") if job.state in ENDED else tr("Being copied")
        case Fate.ARRIVED:
            return tr("On the stick") if isinstance(work, Inbound) else tr("Copied")
        case Fate.SKIPPED:
            return tr("Skipped: one of that name was there")
    why = job.why(row)
    return in_short(why) if why is not None else tr("Not copied, as its folder could not be made")


def in_short(error: RumpusError) -> str:
    """Why one file did not go."""
    if isinstance(error, Differs):
        return tr("Not the same from byte {offset} on", offset=formats.number(error.offset))
    title = explain(error, "", unnamed=tr("this file")).title
    size = error.length if isinstance(error, MediumError) else 0
    return f"{title} ({formats.size(size)})" if size else title


def _of_check(work: Work, check: Check) -> str:
    count, stick = len(check.files()), quoted(work.stick, tr("the stick"))
    match check.state:
        case TransferState.FAILED:
            assert check.error is not None
            return explain(check.error, work.stick, unnamed=tr("The stick")).title
        case TransferState.CANCELLED:
            return tr("Reading back was stopped, as you asked.")
        case TransferState.DONE if check.problems and count == 1:
            return tr("The two are not the same.")
        case TransferState.DONE if check.problems:
            return tr("%Ln files are not the same on both sides.", "", len(check.problems))
        case TransferState.DONE:
            return tr("%Ln files read back from {stick}: all the same.", "", count, stick=stick)
    return tr("Reading {what} back to compare", what=work.what)


def _line_of_check(work: Work, check: Check, pace: Pace) -> str:
    progress = check.progress
    done, files = formats.number(progress.files_done), tr("%Ln files", "", progress.files)
    match check.state:
        case TransferState.DONE if check.problems:
            names = ", ".join(shown(problem.path.rpartition("/")[2]) for problem in check.problems[:_NAMED])
            if len(check.problems) > _NAMED:
                names += " " + tr("… and %Ln more", "", len(check.problems) - _NAMED)
            return tr("{names}. Copy again; if that does not help, do not trust this stick.", names=names)
        case TransferState.DONE:
            size = formats.size(progress.bytes)
            return f"{_done(work)} " + tr("{size} compared, byte by byte, from both media.", size=size)
        case TransferState.FAILED | TransferState.CANCELLED:
            return tr("After {done} of {files}. The copy itself is not touched.", done=done, files=files)
        case _ if check.paused:
            of = tr("{done} of {files}", done=done, files=files)
            return tr("Paused · {done} · the stick is still in use", done=of)
    return _under_way(check, pace)


def _done(work: Work) -> str:
    match work:
        case Inbound():
            return _of_inbound(work)
        case Outbound():
            return _of_outbound(work)
    return ""


def problems(work: Work) -> str:
    """One a line."""
    told: list[Problem | Tracked] = [*strangers(work), *failed(work)]
    lines = [f"{shown(row.path)}: {outcome(work, row)}" for row in told[:_MOST_LISTED]]
    more = len(told) - len(lines)
    return "\n".join([*lines, *([tr("… and %Ln more", "", more)] if more > 0 else [])])


def _of_outbound(work: Outbound) -> str:
    job, what, to = work.job, work.what, quoted(work.job.folder.name, "/")
    match work.purpose, job.state:
        case Purpose.KEEP, TransferState.DONE if job.problems:
            return tr("Copied {what} to {to}, but not all of it.", what=what, to=to)
        case Purpose.KEEP, TransferState.DONE:
            return tr("Copied {what} to {to}.", what=what, to=to)
        case Purpose.KEEP, _:
            return tr("Copying {what} to {to}", what=what, to=to)
        case Purpose.OPEN, TransferState.DONE:
            return (
                tr("{what} was opened, with gaps.", what=what)
                if job.problems
                else tr("{what} was opened.", what=what)
            )
        case Purpose.OPEN, _:
            return tr("Opening {what}", what=what)
        case Purpose.DRAG, TransferState.DONE if job.landed:
            return tr("{what} can be dragged from here now.", what=_capital(what))
        case Purpose.DRAG, TransferState.DONE:
            return tr("Nothing of {what} could be read.", what=what)
        case _:
            return tr("Getting {what} ready to be dragged", what=what)


def _of_inbound(work: Inbound) -> str:
    to = quoted(work.to, tr("the stick"))
    match work.moves, work.job.state:
        case False, TransferState.DONE if work.job.problems:
            return tr("Copied {what} to {to}, but not all of it.", what=work.what, to=to)
        case False, TransferState.DONE:
            return tr("Copied {what} to {to}.", what=work.what, to=to)
        case False, _:
            return tr("Copying {what} to {to}", what=work.what, to=to)
        case _, TransferState.DONE if work.job.problems:
            return tr("Moved {what} to {to}, but not all of it.", what=work.what, to=to)
        case _, TransferState.DONE:
            return tr("Moved {what} to {to}.", what=work.what, to=to)
        case _:
            return tr("Moving {what} to {to}", what=work.what, to=to)


def _of_removal(work: Removal) -> str:
    at = quoted(work.stick, tr("the stick"))
    if work.job.state is not TransferState.DONE:
        return tr("Deleting {what} from {at}", what=work.what, at=at)
    if work.job.problems:
        return tr("Deleted {what} from {at}, but not all of it.", what=work.what, at=at)
    return tr("Deleted {what} from {at}.", what=work.what, at=at)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
