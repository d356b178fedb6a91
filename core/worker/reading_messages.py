"""What host and worker say to each other of what is on an open volume: a part of the protocol."""

from __future__ import annotations

from typing import Annotated

import msgspec

from core.entry import Deleted, Details, Entry, Text, UInt
from core.worker.message import Message, Name

MAX_READ = 128 * 1024
BATCH = 512
"""Entries a listing reply holds at most."""
EXTENTS = 4096
"""Extents a reply holds at most."""


class List(Message, frozen=True):
    """The entries of a directory: any number of `Entries`, then `Done`. `CREDIT` batches come unasked."""

    node: UInt


class ListDeleted(Message, frozen=True):
    """What was deleted in a folder, or what is left in a deleted one: any number of `Exhumed`, with credit as
    for `List`, then `Done`. The nodes of what is found can be listed, copied, read and asked about."""

    node: UInt


class Lookup(Message, frozen=True):
    """The entry of that name in a directory. Answered by `Found`."""

    node: UInt
    name: Name


class Stat(Message, frozen=True):
    """All that is known of a node. Answered by `Known`."""

    node: UInt


class Link(Message, frozen=True):
    """The target of a symbolic link. Answered by `Target`."""

    node: UInt


class Read(Message, frozen=True):
    """At most MAX_READ bytes of a file; fewer only at its end. Answered by `Data`."""

    node: UInt
    offset: UInt
    length: Annotated[int, msgspec.Meta(ge=0, le=MAX_READ)]


class Locate(Message, frozen=True):
    """Where a file's bytes from `offset` on lie. Answered by `Located`."""

    node: UInt
    offset: UInt


class Walk(Message, frozen=True):
    """Follow where a file's bytes lie, and read none of them. Answered by `Done`."""

    node: UInt


class Entries(Message, frozen=True):
    entries: Annotated[list[Entry], msgspec.Meta(max_length=BATCH)]


class Exhumed(Message, frozen=True):
    """Entries that were deleted."""

    deleted: Annotated[list[Deleted], msgspec.Meta(max_length=BATCH)]


class Found(Message, frozen=True):
    entry: Entry


class Known(Message, frozen=True):
    details: Details


class Target(Message, frozen=True):
    target: Text


class Data(Message, frozen=True):
    data: Annotated[bytes, msgspec.Meta(max_length=MAX_READ)]


class Piece(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """`length` bytes at `offset` of a file lie at `position` of the volume; None: they are zeros."""

    offset: UInt
    position: UInt | None
    length: UInt


class Located(Message, frozen=True):
    """The next pieces of a file, each beginning where the one before ends; the first holds the offset asked
    for, unless the file ends before it. None when its bytes are not on the volume as they are."""

    size: UInt
    pieces: Annotated[list[Piece], msgspec.Meta(max_length=EXTENTS)] | None
