"""What host and worker say to each other: one msgpack message a packet over SOCK_SEQPACKET.

Imported by both sides of the wall, so it imports no driver and no event loop. Requests carry an `id` that
every reply to them repeats. Replies to one request end with exactly one final reply (`FINAL`).
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

import msgspec

from core.entry import Deleted, Details, Entry, Survey, Text, UInt, VolumeFacts
from core.errors import Fault
from core.worker.change_messages import (
    MAX_WRITE,
    VETTED,
    Change,
    Changed,
    Create,
    Flush,
    Format,
    NewFile,
    Remove,
    Rename,
    SetAttributes,
    SetLabel,
    SetTimes,
    Store,
    StoreAll,
    StoredAll,
    Truncate,
    Vet,
    Vetted,
    Writable,
    Write,
)
from core.worker.checkup import Apply, Check, Findings, Planned, Repair
from core.worker.copy_messages import (
    GATHERED,
    MAX_GATHERED,
    Copied,
    CopiedAll,
    Copy,
    CopyAll,
    Gather,
    Gathered,
    Lost,
    Moved,
)
from core.worker.message import TOGETHER, Id, Name
from core.worker.message import Message as _Message
from core.worker.preview_messages import LARGEST_SIDE, MOST_TEXT, Decode, Drawn, Spelt, Undecoded
from core.worker.scrambling_messages import (
    MOST_NODES,
    PORTION,
    SEED,
    Alias,
    Aliased,
    Disguise,
    Scramble,
    Scrambled,
)
from core.worker.search_messages import LONGEST_QUERY, FolderAt, Matches, Missed, Search, Searched

__all__ = [
    "GATHERED",
    "LARGEST_SIDE",
    "LONGEST_QUERY",
    "MAX_GATHERED",
    "MAX_WRITE",
    "MOST_NODES",
    "MOST_TEXT",
    "PORTION",
    "SEED",
    "TOGETHER",
    "VETTED",
    "Alias",
    "Aliased",
    "Apply",
    "Change",
    "Changed",
    "Check",
    "Copied",
    "CopiedAll",
    "Copy",
    "CopyAll",
    "Create",
    "Decode",
    "Disguise",
    "Drawn",
    "Findings",
    "Flush",
    "FolderAt",
    "Format",
    "Gather",
    "Gathered",
    "Lost",
    "Matches",
    "Missed",
    "Moved",
    "NewFile",
    "Planned",
    "Remove",
    "Rename",
    "Repair",
    "Scramble",
    "Scrambled",
    "Search",
    "Searched",
    "SetAttributes",
    "SetLabel",
    "SetTimes",
    "Spelt",
    "Store",
    "StoreAll",
    "StoredAll",
    "Truncate",
    "Undecoded",
    "Vet",
    "Vetted",
    "Writable",
    "Write",
]

MAX_REQUEST = MAX_REPLY = 160 * 1024
"""Below the default socket buffer (212,992 bytes), so that a whole packet always fits."""
MAX_READ = 128 * 1024
BATCH = 512
"""Entries a listing reply holds at most."""
EXTENTS = 4096
"""Extents a reply holds at most."""
CREDIT = 24
"""Batches of a listing that may be under way before the host has asked for `More`."""
MOVES = 4
"""The same of `Moved`: a host that stops asking lets a copy rest before long."""

Walls = Annotated[
    dict[Annotated[str, msgspec.Meta(max_length=32)], Annotated[str, msgspec.Meta(max_length=200)]],
    msgspec.Meta(max_length=32),
]
"""Layers of the sandbox by name, each with a few words."""


# Requests ---------------------------------------------------------------------------------------------------


class Look(_Message, frozen=True):
    """Which partitions has the device? Answered by `Looked`."""


class Open(_Message, frozen=True):
    """Open a partition (0: the whole device) with a driver (empty: the one that recognises it best)."""

    partition: Annotated[int, msgspec.Meta(ge=0, le=4096)] = 0
    driver: Annotated[str, msgspec.Meta(max_length=32)] = ""
    code_page: Annotated[str, msgspec.Meta(max_length=16)] = ""
    """For names of 8.3; empty: the driver's own choice."""


class Describe(_Message, frozen=True):
    """The open volume as a whole, with what was found wrong with it meanwhile. Answered by `Opened`."""


class Forget(_Message, frozen=True):
    """Whatever is read from now on comes from the device, and not from memory. Answered by `Opened`."""


class List(_Message, frozen=True):
    """The entries of a directory: any number of `Entries`, then `Done`. `CREDIT` batches come unasked."""

    node: UInt


class ListDeleted(_Message, frozen=True):
    """What was deleted in a folder, or what is left in a deleted one: any number of `Exhumed`, with credit as
    for `List`, then `Done`. The nodes of what is found can be listed, copied, read and asked about."""

    node: UInt


class More(_Message, frozen=True):
    """`count` more replies to `target`, a listing or a copy, may be sent. Has no answer.

    Without this a reader that stops between two batches to ask something else would find its answer queued
    behind the whole listing, and the host would have to hold that listing in memory.
    """

    target: Id
    count: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1


class Lookup(_Message, frozen=True):
    """The entry of that name in a directory. Answered by `Found`."""

    node: UInt
    name: Name


class Stat(_Message, frozen=True):
    """All that is known of a node. Answered by `Known`."""

    node: UInt


class Link(_Message, frozen=True):
    """The target of a symbolic link. Answered by `Target`."""

    node: UInt


class Read(_Message, frozen=True):
    """At most MAX_READ bytes of a file; fewer only at its end. Answered by `Data`."""

    node: UInt
    offset: UInt
    length: Annotated[int, msgspec.Meta(ge=0, le=MAX_READ)]


class Locate(_Message, frozen=True):
    """Where a file's bytes from `offset` on lie. Answered by `Located`."""

    node: UInt
    offset: UInt


class Walk(_Message, frozen=True):
    """Follow where a file's bytes lie, and read none of them. Answered by `Done`."""

    node: UInt


class Trace(_Message, frozen=True):
    """From now on say which parts of the device are read, each before it is: `Touched`, without an end.

    For reports: so one knows what a driver read last, even when that was its end.
    """


class Cancel(_Message, frozen=True):
    """Stop request `target`, which then ends with Failed(Cancelled) if it had not ended. Has no answer."""

    target: Id


class Attempt(_Message, frozen=True):
    """Doctor only: try what the sandbox must refuse. Answered by `Refused` or `Allowed`, or by dying."""

    what: Literal["open", "socket", "fork", "exec", "ptrace", "steal", "mmap-exec", "memory"]


Request = (
    Look
    | Open
    | Describe
    | Forget
    | List
    | ListDeleted
    | More
    | Lookup
    | Stat
    | Link
    | Read
    | Locate
    | Copy
    | CopyAll
    | Gather
    | Walk
    | Trace
    | Format
    | Check
    | Repair
    | Apply
    | Search
    | Scramble
    | Alias
    | Disguise
    | Decode
    | Writable
    | Vet
    | Change
    | Cancel
    | Attempt
)

Rehearsed = Look | Open | Describe | List | Lookup | Stat | Link | Walk | Check
"""Requests that change nothing and bring no file's bytes: what a report may hold, to be asked again."""

# Replies ----------------------------------------------------------------------------------------------------


class Ready(_Message, frozen=True):
    """First message of a worker, id 0: locked down, nothing of the stick read yet.

    `layers` in force, each with what it does; `missing` ones, each with the reason.
    """

    layers: Walls
    missing: Walls


class Looked(_Message, frozen=True):
    survey: Survey


class Opened(_Message, frozen=True):
    facts: VolumeFacts


class Entries(_Message, frozen=True):
    entries: Annotated[list[Entry], msgspec.Meta(max_length=BATCH)]


class Exhumed(_Message, frozen=True):
    """Entries that were deleted."""

    deleted: Annotated[list[Deleted], msgspec.Meta(max_length=BATCH)]


class Found(_Message, frozen=True):
    entry: Entry


class Known(_Message, frozen=True):
    details: Details


class Target(_Message, frozen=True):
    target: Text


class Data(_Message, frozen=True):
    data: Annotated[bytes, msgspec.Meta(max_length=MAX_READ)]


class Touched(_Message, frozen=True):
    """So many bytes of the device are about to be read there. Said once of each."""

    offset: UInt
    length: UInt


class Piece(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """`length` bytes at `offset` of a file lie at `position` of the volume; None: they are zeros."""

    offset: UInt
    position: UInt | None
    length: UInt


class Located(_Message, frozen=True):
    """The next pieces of a file, each beginning where the one before ends; the first holds the offset asked
    for, unless the file ends before it. None when its bytes are not on the volume as they are."""

    size: UInt
    pieces: Annotated[list[Piece], msgspec.Meta(max_length=EXTENTS)] | None


class Done(_Message, frozen=True):
    """The request is finished and has nothing more to say."""


class Failed(_Message, frozen=True):
    fault: Fault


class Refused(_Message, frozen=True):
    """The sandbox refused the attempt with this errno, and the worker lives."""

    errno: int


class Allowed(_Message, frozen=True):
    """The attempt went through: the sandbox has a hole."""


Reply = (
    Ready
    | Looked
    | Opened
    | Entries
    | Exhumed
    | Findings
    | Planned
    | Matches
    | Searched
    | Scrambled
    | Aliased
    | Drawn
    | Spelt
    | Undecoded
    | Found
    | Known
    | Target
    | Data
    | Touched
    | Located
    | Moved
    | Copied
    | CopiedAll
    | Gathered
    | Changed
    | StoredAll
    | Vetted
    | Done
    | Failed
    | Refused
    | Allowed
)

ANSWERS: dict[type[Request], tuple[type[Reply], ...]] = {
    Look: (Looked,),
    Open: (Opened,),
    Describe: (Opened,),
    Forget: (Opened,),
    List: (Entries, Done),
    ListDeleted: (Exhumed, Done),
    Lookup: (Found,),
    Stat: (Known,),
    Link: (Target,),
    Read: (Data,),
    Locate: (Located,),
    Copy: (Moved, Copied),
    CopyAll: (CopiedAll,),
    Gather: (Gathered,),
    Walk: (Done,),
    Trace: (Touched,),
    Format: (Moved, Done),
    Check: (Findings, Done),
    Repair: (Findings, Planned),
    Apply: (Moved, Done),
    Search: (Matches, Searched),
    Scramble: (Scrambled,),
    Alias: (Aliased,),
    Disguise: (Data,),
    Decode: (Drawn, Spelt, Undecoded),
    Writable: (Opened,),
    Vet: (Vetted,),
    Create: (Changed,),
    Store: (Moved, Changed),
    StoreAll: (StoredAll,),
    Write: (Changed,),
    Truncate: (Changed,),
    Rename: (Changed,),
    Remove: (Moved, Changed),
    SetTimes: (Changed,),
    SetAttributes: (Changed,),
    SetLabel: (Changed,),
    Flush: (Changed,),
    Attempt: (Refused, Allowed),
}
"""The replies that may follow a request, besides `Failed`. `More` and `Cancel` have none."""

FINAL = (
    *(
        Looked,
        Opened,
        Found,
        Known,
        Target,
        Data,
        Located,
        Copied,
        CopiedAll,
        Gathered,
        Changed,
        StoredAll,
        Planned,
        Vetted,
        Searched,
        Scrambled,
        Aliased,
    ),
    *(Drawn, Spelt, Undecoded, Done, Failed, Refused, Allowed),
)

CREDITED = (Entries, Exhumed, Findings, Matches, Moved)
"""Of these the host asks for `More`."""

_encoder = msgspec.msgpack.Encoder()


@cache
def request_decoder() -> msgspec.msgpack.Decoder[Request]:
    """Made when it is first needed, which takes milliseconds: each side needs one of the two."""
    return msgspec.msgpack.Decoder(Request)


@cache
def _reply_decoder() -> msgspec.msgpack.Decoder[Reply]:
    return msgspec.msgpack.Decoder(Reply)


def encode(message: Request | Reply) -> bytes:
    return _encoder.encode(message)


def decode_request(packet: bytes) -> Request:
    """Raises msgspec.DecodeError or ValidationError."""
    return request_decoder().decode(packet)


def decode_reply(packet: bytes) -> Reply:
    """Raises msgspec.DecodeError or ValidationError: the worker broke the protocol."""
    return _reply_decoder().decode(packet)
