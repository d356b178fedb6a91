"""What the transfer strip says of each work: while it is under way, when it is done, and when it failed."""

from __future__ import annotations

from core.errors import HostWriteFailed, MediumError, RumpusError
from core.host.checking import Check
from core.host.jobs import Fate, Job, Problem, Tracked, TransferState
from core.host.names import shown
from core.host.verifying import Differs
from gui import formats
from gui.outgoing import ENDED, Outbound, Purpose
from gui.pace import Pace, sentence, summary
from gui.wording import Explanation, explain, quoted
from gui.works import Inbound, Removal

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
        stick = quoted(work.stick, "the stick")
        return f"{_capital(stick)} was pulled out: put it back and the copy goes on."
    if job.state is TransferState.FAILED:
        return failure(work).title
    if job.state is TransferState.CANCELLED:
        return "Stopped, as you asked."
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
    problems = formats.count(len(job.problems), "problem", "problems")
    match job.state:
        case TransferState.PLANNING if isinstance(work, Inbound) and work.asked:
            return "Waiting for your answer above."
        case TransferState.PLANNING:
            return f"Counting: {formats.count(progress.files, 'file', 'files')} so far"
        case TransferState.FAILED:
            return failure(work).safe
        case TransferState.CANCELLED if isinstance(work, Removal):
            return f"{formats.count(progress.files_done, 'item is', 'items are')} gone already."
        case TransferState.CANCELLED:
            files = formats.count(progress.files, "file", "files")
            return f"After {progress.files_done} of {files}. Whole files stay, no half file was left."
        case TransferState.RUNNING if job.away:
            files = formats.count(progress.files, "file", "files")
            text = f"{progress.files_done} of {files} are safe and are not copied again"
        case TransferState.RUNNING if job.paused:
            of = formats.count(progress.files, "file", "files") if progress.files else ""
            done = f"{progress.files_done} of {of}" if of else f"{progress.files_done}"
            text = f"Paused · {done} · the stick is still in use"
        case TransferState.RUNNING if isinstance(work, Removal):
            text = formats.count(progress.files_done, "item", "items") + " so far"
        case TransferState.RUNNING:
            text = _under_way(job, pace)
        case TransferState.FLUSHING if isinstance(work, Inbound):
            left_over = formats.size(max(0, progress.bytes - progress.bytes_done))
            text = f"Writing the last {left_over} to {quoted(work.stick, 'the stick')}…"
        case TransferState.FLUSHING:
            text = "Waiting until this computer's disk has all of it…"
        case _ if isinstance(work, Removal):
            text = formats.count(progress.files_done, "item", "items")
        case _:
            arrived = summary(progress.bytes, pace.worked)
            text = f"{formats.count(progress.files, 'file', 'files')}, {arrived}"
            if isinstance(work, Inbound):
                text += ", all of it on the stick"
            if work.proves:
                text += " · to be read back"
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
        return "Try again"
    if job.state in (TransferState.DONE, TransferState.FAILED) and job.leftover:
        return (
            f"Try the {formats.count(job.leftover, 'file', 'files')} again"
            if job.leftover > 1
            else "Try the file again"
        )
    return ""


def failure(work: Work) -> Explanation:
    error = work.job.error
    assert error is not None
    if not isinstance(error, HostWriteFailed) or not isinstance(work, Outbound):
        return explain(error, work.stick, unnamed="The stick")
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
                return "The same on both sides"
            case Fate.UNDER_WAY:
                return "Being read back"
            case Fate.FAILED:
                why = check.why(row)
                return in_short(why) if why is not None else ""
    match job.fate(row):
        case Fate.WAITING:
            return "Not copied" if job.state in ENDED else ""
        case Fate.UNDER_WAY:
            return "Not copied" if job.state in ENDED else "Being copied"
        case Fate.ARRIVED:
            return "On the stick" if isinstance(work, Inbound) else "Copied"
        case Fate.SKIPPED:
            return "Skipped: one of that name was there"
    why = job.why(row)
    return in_short(why) if why is not None else "Not copied, as its folder could not be made"


def in_short(error: RumpusError) -> str:
    """Why one file did not go."""
    if isinstance(error, Differs):
        return f"Not the same from byte {formats.number(error.offset)} on"
    title = explain(error, "", unnamed="this file").title
    size = error.length if isinstance(error, MediumError) else 0
    return f"{title} ({formats.size(size)})" if size else title


def _of_check(work: Work, check: Check) -> str:
    count = len(check.files())
    files = formats.count(count, "file", "files")
    match check.state:
        case TransferState.FAILED:
            assert check.error is not None
            return explain(check.error, work.stick, unnamed="The stick").title
        case TransferState.CANCELLED:
            return "Reading back was stopped, as you asked."
        case TransferState.DONE if check.problems:
            bad = formats.count(len(check.problems), "file is", "files are")
            return f"{bad} not the same on both sides." if count > 1 else "The two are not the same."
        case TransferState.DONE:
            same = "all the same" if count > 1 else "the same"
            return f"{files} read back from {quoted(work.stick, 'the stick')}: {same}."
    return f"Reading {work.what} back to compare"


def _line_of_check(work: Work, check: Check, pace: Pace) -> str:
    progress = check.progress
    match check.state:
        case TransferState.DONE if check.problems:
            names = [shown(problem.path.rpartition("/")[2]) for problem in check.problems[:3]]
            more = len(check.problems) - len(names)
            listed = ", ".join(names) + (f" and {formats.number(more)} more" if more else "")
            return f"{listed}. Copy again; if that does not help, do not trust this stick."
        case TransferState.DONE:
            return f"{_done(work)} {formats.size(progress.bytes)} compared, byte by byte, from both media."
        case TransferState.FAILED | TransferState.CANCELLED:
            files = formats.count(progress.files, "file", "files")
            return f"After {formats.number(progress.files_done)} of {files}. The copy itself is not touched."
        case _ if check.paused:
            return f"Paused · {formats.number(progress.files_done)} of {formats.number(progress.files)}"
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
    return "\n".join([*lines, *([f"… and {more} more"] if more > 0 else [])])


def _of_outbound(work: Outbound) -> str:
    job, what, to = work.job, work.what, quoted(work.job.folder.name, "/")
    match work.purpose, job.state:
        case Purpose.KEEP, TransferState.DONE if job.problems:
            return f"Copied {what} to {to}, but not all of it."
        case Purpose.KEEP, TransferState.DONE:
            return f"Copied {what} to {to}."
        case Purpose.KEEP, _:
            return f"Copying {what} to {to}"
        case Purpose.OPEN, TransferState.DONE:
            return f"{what} was opened, with gaps." if job.problems else f"{what} was opened."
        case Purpose.OPEN, _:
            return f"Opening {what}"
        case Purpose.DRAG, TransferState.DONE if job.landed:
            return f"{_capital(what)} can be dragged from here now."
        case Purpose.DRAG, TransferState.DONE:
            return f"Nothing of {what} could be read."
        case _:
            return f"Getting {what} ready to be dragged"


def _of_inbound(work: Inbound) -> str:
    to = quoted(work.to, "the stick")
    doing, done = ("Moving", "Moved") if work.moves else ("Copying", "Copied")
    if work.job.state is not TransferState.DONE:
        return f"{doing} {work.what} to {to}"
    return f"{done} {work.what} to {to}{', but not all of it' if work.job.problems else ''}."


def _of_removal(work: Removal) -> str:
    at = quoted(work.stick, "the stick")
    if work.job.state is not TransferState.DONE:
        return f"Deleting {work.what} from {at}"
    return f"Deleted {work.what} from {at}{', but not all of it' if work.job.problems else ''}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
