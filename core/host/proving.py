"""From a copy that has ended to the check that proves it, and the receipt of both."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import RumpusError
from core.host.checking import Check, Pair
from core.host.copying_in import CopyIn
from core.host.jobs import Fate, Job
from core.host.receipts import Item, LeftOut, Receipt
from core.host.transfers import CopyOut
from core.host.volume import Volume


def check_of(
    job: CopyIn | CopyOut,
    receipt: Receipt,
    *,
    volume: Volume | None = None,
    word: Callable[[RumpusError], str] = str,
    checked: Callable[[Pair, Item], None] = lambda pair, item: None,
) -> Check:
    """What arrived is compared; what did not is told of in the receipt, in the words that `word` has for it.

    `volume`: where the files are now, when it was opened anew since. One receipt may be of several jobs.
    """
    note_left_out(job, receipt, word)
    return Check(
        volume or job.volume,
        job.pairs(),
        receipt,
        anew=volume not in (None, job.volume) or job.has_returned,
        word=word,
        checked=checked,
    )


def note_left_out(job: Job, receipt: Receipt, word: Callable[[RumpusError], str]) -> None:
    receipt.left_out += [LeftOut(problem.path, word(problem.error)) for problem in job.problems]
    receipt.skipped += sum(job.fate(file) is Fate.SKIPPED for file in job.files())
