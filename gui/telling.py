"""What the transfer strip says of each work: while it is under way, when it is done, and when it failed."""

from __future__ import annotations

from core.errors import HostWriteFailed, MediumError, RumpusError
from core.host.jobs import Job, TransferState
from core.host.names import shown
from gui import formats
from gui.outgoing import Outbound, Purpose
from gui.pace import Pace, sentence
from gui.wording import Explanation, explain, quoted
from gui.works import Inbound, Removal

_MOST_LISTED = 500
"""Problems that are listed one by one."""

Work = Outbound | Inbound | Removal


def headline(work: Work) -> str:
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
            left = pace.left(progress.bytes - progress.bytes_done)
            text = sentence(progress.files_done, progress.files, pace.speed, left)
        case _ if isinstance(work, Removal):
            text = formats.count(progress.files_done, "item", "items")
        case _:
            text = f"{formats.count(progress.files, 'file', 'files')}, {formats.size(progress.bytes)}"
            if isinstance(work, Inbound):
                text += ", all of it on the stick"
    return f"{text} · {problems}" if job.problems else text


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


def problems(job: Job) -> str:
    """One a line."""
    lines = [f"{shown(problem.path)}: {_short(problem.error)}" for problem in job.problems[:_MOST_LISTED]]
    more = len(job.problems) - len(lines)
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


def _short(error: RumpusError) -> str:
    title = explain(error, "", unnamed="this file").title
    size = error.length if isinstance(error, MediumError) else 0
    return f"{title} ({formats.size(size)})" if size else title


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
