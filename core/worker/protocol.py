"""What host and worker say to each other: one msgpack message a packet over SOCK_SEQPACKET.

Imported by both sides of the wall, so it imports no driver and no event loop. Requests carry an `id` that
every reply to them repeats. Replies to one request end with exactly one final reply (`FINAL`).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from core.entry import Details, Entry, Survey, Text, UInt, VolumeFacts
from core.errors import Fault

MAX_REQUEST = 16 * 1024
MAX_REPLY = 160 * 1024
"""Below the default socket buffer (212,992 bytes), so that a whole packet always fits."""
MAX_READ = 128 * 1024
BATCH = 512
"""Entries a listing reply holds at most."""

Id = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    id: Id


# Requests ---------------------------------------------------------------------------------------------------


class Look(_Message):
    """Which partitions has the device? Answered by `Looked`."""


class Open(_Message):
    """Open a partition (0: the whole device) with a driver (empty: the one that recognises it best)."""

    partition: Annotated[int, msgspec.Meta(ge=0, le=4096)] = 0
    driver: Annotated[str, msgspec.Meta(max_length=32)] = ""


class List(_Message):
    """The entries of a directory: any number of `Entries`, then `Done`."""

    node: UInt


class Lookup(_Message):
    """The entry of that name in a directory. Answered by `Found`."""

    node: UInt
    name: Annotated[str, msgspec.Meta(max_length=1024)]


class Stat(_Message):
    """All that is known of a node. Answered by `Known`."""

    node: UInt


class Link(_Message):
    """The target of a symbolic link. Answered by `Target`."""

    node: UInt


class Read(_Message):
    """At most MAX_READ bytes of a file; fewer only at its end. Answered by `Data`."""

    node: UInt
    offset: UInt
    length: Annotated[int, msgspec.Meta(ge=0, le=MAX_READ)]


class Copy(_Message):
    """Write a file's bytes into the descriptor sent with this request: `Moved` at intervals, then `Copied`.

    Holes are left as holes. Bytes that cannot be read are left as holes too and listed in `Copied.lost`.
    """

    node: UInt


class Cancel(_Message):
    """Stop request `target`, which then ends with a Failed(Cancelled). Itself answered by `Done`."""

    target: Id


class Attempt(_Message):
    """Doctor only: try what the sandbox must refuse. Answered by `Refused` or `Allowed`, or by dying."""

    what: Literal["open", "socket", "fork", "exec", "ptrace", "steal", "mmap-exec", "memory"]


Request = Look | Open | List | Lookup | Stat | Link | Read | Copy | Cancel | Attempt

# Replies ----------------------------------------------------------------------------------------------------


class Ready(_Message):
    """First message of a worker, id 0: locked down, nothing of the stick read yet. `layers` in force."""

    layers: dict[Annotated[str, msgspec.Meta(max_length=32)], Annotated[str, msgspec.Meta(max_length=200)]]


class Looked(_Message):
    survey: Survey


class Opened(_Message):
    facts: VolumeFacts


class Entries(_Message):
    entries: Annotated[list[Entry], msgspec.Meta(max_length=BATCH)]


class Found(_Message):
    entry: Entry


class Known(_Message):
    details: Details


class Target(_Message):
    target: Text


class Data(_Message):
    data: Annotated[bytes, msgspec.Meta(max_length=MAX_READ)]


class Moved(_Message):
    """So many bytes of the copy are in the destination now."""

    done: UInt


class Lost(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A piece of a file that could not be read, and why."""

    offset: UInt
    length: UInt
    fault: Fault


class Copied(_Message):
    size: UInt
    lost: Annotated[list[Lost], msgspec.Meta(max_length=256)] = []


class Done(_Message):
    """The request is finished and has nothing more to say."""


class Failed(_Message):
    fault: Fault


class Refused(_Message):
    """The sandbox refused the attempt with this errno, and the worker lives."""

    errno: int


class Allowed(_Message):
    """The attempt went through: the sandbox has a hole."""


Reply = (
    Ready
    | Looked
    | Opened
    | Entries
    | Found
    | Known
    | Target
    | Data
    | Moved
    | Copied
    | Done
    | Failed
    | Refused
    | Allowed
)

ANSWERS: dict[type[Request], tuple[type[Reply], ...]] = {
    Look: (Looked,),
    Open: (Opened,),
    List: (Entries, Done),
    Lookup: (Found,),
    Stat: (Known,),
    Link: (Target,),
    Read: (Data,),
    Copy: (Moved, Copied),
    Cancel: (Done,),
    Attempt: (Refused, Allowed),
}
"""The replies that may follow a request, besides `Failed`."""

FINAL = (Looked, Opened, Found, Known, Target, Data, Copied, Done, Failed, Refused, Allowed)

_encoder = msgspec.msgpack.Encoder()
_requests = msgspec.msgpack.Decoder(Request)
_replies = msgspec.msgpack.Decoder(Reply)


def encode(message: Request | Reply) -> bytes:
    return _encoder.encode(message)


def decode_request(packet: bytes) -> Request:
    """Raises msgspec.DecodeError or ValidationError."""
    return _requests.decode(packet)


def decode_reply(packet: bytes) -> Reply:
    """Raises msgspec.DecodeError or ValidationError: the worker broke the protocol."""
    return _replies.decode(packet)
