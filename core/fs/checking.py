"""What a consistency check finds, and what a repair may do about each.

A check is another way of reading. A repair is the same walk over a device that holds changes back: each
problem brings its own fix, which stages what it changes.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Generator, Iterator
from typing import Generic, NamedTuple, Protocol, TypeVar, runtime_checkable

import msgspec

from core.entry import Finding, Remedy

Findings = Iterator[Finding | None]
"""As they are met; None now and then, so that a check of a large volume can be interrupted."""

M = TypeVar("M")


class Stage(enum.IntEnum):
    """When a fix is due: those of a later stage only in a walk that needed none of an earlier one."""

    BASIS = 0
    """What all else is read by. The walk begins anew after it."""
    STRUCTURE = 1
    """Entries and chains."""
    SHARING = 2
    """Clusters of two files: a copy may only go where nobody's clusters are."""
    ACCOUNT = 3
    """What is free, which is known once every chain is sound."""
    CLEAN = 4
    """That nothing is wrong, which is said last."""


class Outcome(NamedTuple):
    """What a fix did, where that is not what was proposed."""

    remedy: Remedy
    note: str = ""
    anew: bool = False
    """Whether the walk must begin anew, because entries have moved."""


Fix = Callable[[M], "Outcome | Generator[None, None, Outcome | None] | None"]
"""Given what mends the volume. Raises errors of the taxonomy; then nothing was done."""


class Problem(NamedTuple, Generic[M]):
    """A finding with the way to mend it. Without one it is left alone."""

    finding: Finding
    fix: Fix[M] | None = None
    stage: Stage = Stage.STRUCTURE


def mended(finding: Finding, remedy: Remedy, fix: Fix[M], stage: Stage = Stage.STRUCTURE) -> Problem[M]:
    """A problem with the remedy that is proposed."""
    return Problem(msgspec.structs.replace(finding, remedy=remedy), fix, stage)


@runtime_checkable
class Checkable(Protocol):
    """An open volume whose driver can check it."""

    def check(self) -> Findings:
        """Everything that contradicts the specification, each with the remedy that a repair would use.

        Raises DeviceGone.
        """
