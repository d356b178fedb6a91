"""What the transfer strip says of each work: while it is under way, when it is done, and when it failed."""

from __future__ import annotations

from core.errors import HostWriteFailed, MediumError, RumpusError
from core.host.jobs import Job, TransferState
from core.host.names import shown
from gui import formats
from gui.outgoing import Outbound, Purpose
from gui.pace import Pace, sentence
from gui.translating import tr
from gui.wording import Explanation, explain, quoted
from gui.works import Inbound, Removal

_MOST_LISTED = 500
"""Problems that are listed one by one."""

Work = Outbound | Inbound | Removal


def headline(work: Work) -> str:
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
    job, progress = work.job, work.job.progress
    problems = tr("%Ln problems", "", len(job.problems))
    done, files = formats.number(progress.files_done), tr("%Ln files", "", progress.files)
    match job.state:
        case TransferState.PLANNING if isinstance(work, Inbound) and work.asked:
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
            left = pace.left(progress.bytes - progress.bytes_done)
            text = sentence(progress.files_done, progress.files, pace.speed, left)
        case _ if isinstance(work, Removal):
            text = tr("%Ln items", "", progress.files_done)
        case _:
            text = f"{files}, {formats.size(progress.bytes)}"
            if isinstance(work, Inbound):
                text = tr("{what}, all of it on the stick", what=text)
    return f"{text} · {problems}" if job.problems else text


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
    error = work.job.error
    assert error is not None
    if not isinstance(error, HostWriteFailed) or not isinstance(work, Outbound):
        return explain(error, work.stick, unnamed=tr("The stick"))
    entries = work.entries
    return explain(error, entries[0].name if len(entries) == 1 else "", unnamed=work.what)


def problems(job: Job) -> str:
    """One a line."""
    lines = [f"{shown(problem.path)}: {_short(problem.error)}" for problem in job.problems[:_MOST_LISTED]]
    more = len(job.problems) - len(lines)
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


def _short(error: RumpusError) -> str:
    title = explain(error, "", unnamed=tr("this file")).title
    size = error.length if isinstance(error, MediumError) else 0
    return f"{title} ({formats.size(size)})" if size else title


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
