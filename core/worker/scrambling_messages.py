"""What host and worker say to each other of names that strangers are not to see: a part of the protocol."""

from __future__ import annotations

from typing import Annotated

import msgspec

from core.entry import UInt
from core.worker.message import Message

SEED = 32
PORTION = 64 * 1024
"""Bytes of a volume that a request asks for at most."""
MOST_NODES = 64
MOST_ELSEWHERE = 4096
Words = Annotated[str, msgspec.Meta(max_length=8192)]


class Scramble(Message, frozen=True):
    """Think of another name for each that is on the open volume, where it can be reached or where `nodes`
    lie. The same seed gives the same names. Answered by `Scrambled`."""

    seed: Annotated[bytes, msgspec.Meta(min_length=SEED, max_length=SEED)]
    nodes: Annotated[list[UInt], msgspec.Meta(max_length=MOST_NODES)] = []


class Alias(Message, frozen=True):
    """The other name for one, or with `inside` a text with the names in it replaced: `Aliased`."""

    text: Words
    inside: bool = False


class Disguise(Message, frozen=True):
    """What lies at a place of the volume, under other names; zeros for what is not understood. Answered by
    `Data`."""

    offset: UInt
    length: Annotated[int, msgspec.Meta(ge=0, le=PORTION)]


class Scrambled(Message, frozen=True):
    """Where the volume begins on the device, and its size."""

    start: UInt
    size: UInt
    elsewhere: Annotated[list[tuple[UInt, UInt]], msgspec.Meta(max_length=MOST_ELSEWHERE)] = []
    """(offset in the volume, length) of what was read in a journal, and stands in its own place now."""


class Aliased(Message, frozen=True):
    text: Words
