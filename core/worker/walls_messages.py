"""What a worker says of the walls around it, and what doctor has it try on them: a part of the protocol."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from core.worker.message import Message

Walls = Annotated[
    dict[Annotated[str, msgspec.Meta(max_length=32)], Annotated[str, msgspec.Meta(max_length=200)]],
    msgspec.Meta(max_length=32),
]
"""Layers of the sandbox by name, each with a few words."""


class Attempt(Message, frozen=True):
    """Doctor only: try what the sandbox must refuse. Answered by `Refused` or `Allowed`, or by dying."""

    what: Literal["open", "socket", "fork", "exec", "ptrace", "steal", "mmap-exec", "memory"]


class Ready(Message, frozen=True):
    """First message of a worker, id 0: locked down, nothing of the stick read yet.

    `layers` in force, each with what it does; `missing` ones, each with the reason.
    """

    layers: Walls
    missing: Walls


class Refused(Message, frozen=True):
    """The sandbox refused the attempt with this errno, and the worker lives."""

    errno: int


class Allowed(Message, frozen=True):
    """The attempt went through: the sandbox has a hole."""
