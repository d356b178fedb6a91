"""Repairs: walks over a draft of the volume, which mend what they meet, until nothing is left."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from typing import Any

import msgspec

from core.entry import Finding, Remedy
from core.errors import CorruptStructure, DirectoryFull, MediumError, NoSpace, ReadOnly
from core.fs.checking import Findings, Outcome, Problem, Stage
from core.fs.staging import Staging

_MOST_WALKS = 32
"""Of a volume that always shows something new: a walk mends all that it finds of one stage."""
_MOST_LATER = 1 << 15
"""Problems kept for a later stage of the same walk."""
_MOST_HELD = 2048
"""Sectors held back, beyond which they are written before a walk goes on."""
_HURTING = (Remedy.SHORTEN, Remedy.EMPTY, Remedy.REMOVE_ENTRY, Remedy.MAKE_FILE)
"""Where half of all files need one of these, it is rather the volume's layout that is misunderstood. Cutting
counts too where nothing but the boot sector vouches for that."""
_SOME, _SOME_UNVOUCHED = 16, 2
_IMPOSSIBLE = (CorruptStructure, MediumError, NoSpace, DirectoryFull, ReadOnly)
"""Why a fix may turn out not to be possible; then nothing was done."""


class Mender(ABC):
    """One walk over a volume, and what its fixes need. Changes are staged."""

    staging: Staging
    vouched_for = True
    """Whether checksums or copies say that the layout is what it seems to be."""

    @abstractmethod
    def problems(self) -> Iterator[Problem[Any] | None]:
        """What is wrong, as the walk meets it. What was fixed before the next is asked for is seen by it."""

    @property
    @abstractmethod
    def seen(self) -> int:
        """Files and folders with clusters that the walk has met, once it is over."""

    @abstractmethod
    def forget(self) -> None:
        """What was staged last was taken back, or written by others: it is read anew."""

    def settle(self) -> None:
        self.staging.settle()


def repair(walk: Callable[[], Mender]) -> Findings:
    """What is mended, each finding with the remedy that was used; what is left alone is not among them.

    `walk` opens the volume anew over the same draft. Raises what that raises, and HostWriteFailed when there
    is more to be changed than the draft can keep.
    """
    for _ in range(_MOST_WALKS):
        if not (yield from _one_walk(walk())):
            return


def _one_walk(mender: Mender) -> Generator[Finding | None, None, bool]:
    """Returns whether something was changed, so that another walk is due."""
    later: list[Problem[Any]] = []
    changed = stuck = False
    hurt = 0
    hurting = _HURTING if mender.vouched_for else (*_HURTING, Remedy.CUT)
    for problem in mender.problems():
        if problem is None:
            yield None
        elif problem.fix is None:
            stuck = True
        elif problem.stage > Stage.STRUCTURE and len(later) >= _MOST_LATER:
            stuck = True  # the next walk meets it again
        elif problem.stage > Stage.STRUCTURE:
            later.append(problem)
        else:
            done = yield from _mend(mender, problem)
            stuck = stuck or done is None
            changed = changed or done is not None
            hurt += done is not None and done.remedy in hurting
            if done is not None and (problem.stage is Stage.BASIS or done.anew):
                break
    if mender.seen and hurt > max(_SOME if mender.vouched_for else _SOME_UNVOUCHED, mender.seen // 2):
        raise ReadOnly("so much of it is damaged that a repair would do harm")
    mender.settle()
    for stage in (Stage.SHARING, Stage.ACCOUNT, Stage.CLEAN):
        if stage is Stage.CLEAN:
            if stuck:
                break
        elif changed:
            return True
        for problem in later:
            if problem.stage is stage:
                done = yield from _mend(mender, problem)
                stuck = stuck or done is None
                changed = changed or done is not None
                if done is not None and done.anew:
                    mender.settle()
                    return True
        mender.settle()
    return changed


def _mend(mender: Mender, problem: Problem[Any]) -> Generator[Finding | None, None, Outcome | None]:
    """Fixes a problem and yields its finding. Returns None when that was not possible."""
    assert problem.fix is not None
    finding = problem.finding
    mender.staging.keep()
    try:
        result = problem.fix(mender)
        if isinstance(result, Generator):
            result = yield from result
    except _IMPOSSIBLE:
        mender.staging.undo()
        mender.forget()
        return None
    outcome = result or Outcome(finding.remedy)
    if mender.staging.held > _MOST_HELD:
        mender.settle()
    yield msgspec.structs.replace(finding, remedy=outcome.remedy, note=outcome.note)
    return outcome
