"""What host and worker say to each other of files on their way out of a stick: a part of the protocol."""

from __future__ import annotations

from typing import Annotated

import msgspec

from core.entry import UInt
from core.errors import Fault
from core.worker.message import TOGETHER, Message

GATHERED = 256
"""Files that one request gathers at most."""
MAX_GATHERED = 192 * 1024
"""Bytes of all of them."""


class Copy(Message, frozen=True):
    """Write a file's bytes into the descriptor sent with this request: `Moved` at intervals, then `Copied`.

    Holes are left as holes. Bytes that cannot be read are left as holes too and listed in `Copied.lost`.
    """

    node: UInt


class CopyAll(Message, frozen=True):
    """As `Copy`, for small files, each into its own of the descriptors sent with this: `CopiedAll`.

    A round trip for each would cost more than to copy it.
    """

    nodes: Annotated[list[UInt], msgspec.Meta(min_length=1, max_length=TOGETHER)]


class Gather(Message, frozen=True):
    """The whole of very small files, whose bytes cost less to send than a descriptor for each: `Gathered`."""

    nodes: Annotated[list[UInt], msgspec.Meta(min_length=1, max_length=GATHERED)]


class Moved(Message, frozen=True):
    """So many bytes are in their place now: of a copy at its destination, of what is made on the stick."""

    done: UInt


class Lost(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A piece of a file that could not be read, and why."""

    offset: UInt
    length: UInt
    fault: Fault


class Copied(Message, frozen=True):
    size: UInt
    lost: Annotated[list[Lost], msgspec.Meta(max_length=256)] = []


class CopiedAll(Message, frozen=True):
    """For each file its size, or None when it is not whole: to copy it alone tells why."""

    sizes: Annotated[list[UInt | None], msgspec.Meta(max_length=TOGETHER)]


class Gathered(Message, frozen=True):
    """For each file all of its bytes, or None when they cannot be had here: to copy it alone tells why.

    Where it takes long only the first of the files that were asked for, one at least.
    """

    contents: Annotated[
        list[Annotated[bytes, msgspec.Meta(max_length=MAX_GATHERED)] | None],
        msgspec.Meta(max_length=GATHERED),
    ]
