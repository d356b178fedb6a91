"""What the host and a decoder say to each other. Part of `core.worker.protocol`.

Bytes and pixels do not pass in messages but through a file in memory, whose size the host has sealed.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from core.entry import Text, UInt
from core.worker.message import Message

LARGEST_SIDE = 4096
"""Pixels."""
MOST_TEXT = 256 * 1024
"""Bytes of UTF-8."""

Side = Annotated[int, msgspec.Meta(ge=1, le=LARGEST_SIDE)]


class Decode(Message, frozen=True):
    """The descriptor sent with this has the first `length` bytes of a file (not `whole`: of a longer one).

    What becomes of them takes their place in the descriptor: `Drawn` a picture of at most this size, `Spelt`
    a text in UTF-8, or `Undecoded`.
    """

    length: UInt
    whole: bool
    width: Side
    height: Side
    picture: bool = False
    """Only a picture is wanted."""


class Drawn(Message, frozen=True):
    """width times height pixels, each four bytes (RGBA), rows from the top without gaps."""

    width: Side
    height: Side
    facts: Annotated[list[tuple[Text, Text]], msgspec.Meta(max_length=16)] = []


class Spelt(Message, frozen=True):
    length: Annotated[int, msgspec.Meta(ge=0, le=MOST_TEXT)]
    encoding: Annotated[str, msgspec.Meta(max_length=32)]


class Undecoded(Message, frozen=True):
    """`more`: a picture, but the whole file is needed; `unknown`: neither picture nor text; `locked`: with a
    password."""

    reason: Literal["more", "unknown", "too large", "broken", "locked"]
