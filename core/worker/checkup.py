"""What host and worker say to each other of checks and repairs: a part of the protocol."""

from __future__ import annotations

from typing import Annotated

import msgspec

from core.entry import Finding, UInt
from core.worker.message import Message

FINDINGS = 16
"""Findings a reply holds at most: each has a path and a fault."""


class Check(Message, frozen=True):
    """Everything on the open volume that contradicts its specification: any number of `Findings`, with credit
    as for `List`, then `Done`."""


class Repair(Message, frozen=True):
    """What a repair would change; nothing is written. First `Findings` that are mended, each with its remedy,
    then those that are `left`, with credit as for `List`; then `Planned`."""

    keep: bool = False
    """Whether lost clusters become files in the root directory, instead of free."""


class Apply(Message, frozen=True):
    """Write what the last `Repair` has planned, through the descriptor sent with this: `Moved` at intervals
    (bytes written), then `Done`. The volume is open anew then, for reading."""


class Findings(Message, frozen=True):
    """None at all as a sign of life."""

    findings: Annotated[list[Finding], msgspec.Meta(max_length=FINDINGS)]
    left: bool = False


class Planned(Message, frozen=True):
    """What would be written: so many sectors, some of them several times, and so many bytes."""

    sectors: UInt
    size: UInt
