"""What host and worker say to each other of changes to a stick: a part of the protocol."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from core.entry import Entry, Int, Kind, UInt
from core.worker.message import TOGETHER, Message, Name

MAX_WRITE = 128 * 1024
VETTED = 512
"""Names that are asked about at once at most."""


class Format(Message, frozen=True):
    """Make an empty volume: `Moved` at intervals (bytes written), then `Done`. The device must be writable.

    On partition `partition`, or with a `table` on all of the device behind a new one with one partition, or
    without either on all of it (partition 0). `when` in nanoseconds since 1970 as the system keeps times.
    """

    system: Literal["fat12", "fat16", "fat32", "exfat"]
    label: Annotated[str, msgspec.Meta(max_length=64)]
    partition: Annotated[int, msgspec.Meta(ge=0, le=4096)]
    table: bool
    identity: Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
    """Random, for what makes the volume and its table unique: a worker has no good source of its own."""
    when: Int


class Writable(Message, frozen=True):
    """The descriptor sent with this can write the device: the volume may be changed. Answered by `Opened`.

    Until then, and where the driver cannot write, every change fails with ReadOnly. What `Change`s have in
    common: each is done whole or fails and leaves the volume as it was; the answer is `Changed`.
    """


class Vet(Message, frozen=True):
    """Which of these names can the volume not hold? It must be writable. Answered by `Vetted`."""

    names: Annotated[list[Name], msgspec.Meta(max_length=VETTED)]


class Create(Message, frozen=True):
    """An empty file or directory."""

    parent: UInt
    name: Name
    kind: Kind
    modified: Int | None = None


class Store(Message, frozen=True):
    """The bytes of the descriptor sent with this, from its start: a file that is there whole or not at all.

    `Moved` at intervals (bytes on the medium), then `Changed`. With `replace` it takes the place of a file of
    that name, which stays whole until then.
    """

    parent: UInt
    name: Name
    size: UInt
    replace: bool = False
    modified: Int | None = None
    created: Int | None = None
    attributes: UInt | None = None


class NewFile(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A file of `StoreAll`, with what `Store` says of one."""

    name: Name
    size: UInt
    modified: Int | None = None
    created: Int | None = None
    attributes: UInt | None = None


class StoreAll(Message, frozen=True):
    """As `Store`, for small files, each from its own of the descriptors sent with this, in their order.

    Answered by `StoredAll`.
    """

    parent: UInt
    files: Annotated[list[NewFile], msgspec.Meta(min_length=1, max_length=TOGETHER)]
    replace: bool = False


class Write(Message, frozen=True):
    """Bytes into a file, in place. A gap before them becomes zeros."""

    node: UInt
    offset: UInt
    data: Annotated[bytes, msgspec.Meta(max_length=MAX_WRITE)]


class Truncate(Message, frozen=True):
    node: UInt
    size: UInt


class Rename(Message, frozen=True):
    """Another name, another directory, or both. With `replace` a file of that name gives way."""

    node: UInt
    parent: UInt
    name: Name
    replace: bool = False


class Remove(Message, frozen=True):
    """A file or directory, `recursive`ly with all that is in it: `Moved` at intervals counts what is gone."""

    node: UInt
    recursive: bool = False


class SetTimes(Message, frozen=True):
    """None leaves a time as it is. In nanoseconds since 1970, in the volume's zone."""

    node: UInt
    modified: Int | None = None
    created: Int | None = None
    accessed: Int | None = None


class SetAttributes(Message, frozen=True):
    node: UInt
    attributes: UInt


class SetLabel(Message, frozen=True):
    label: Annotated[str, msgspec.Meta(max_length=64)]


class Flush(Message, frozen=True):
    """Everything changed so far is on the medium, and the volume is marked clean, when this is answered."""


Change = (
    Create
    | Store
    | StoreAll
    | Write
    | Truncate
    | Rename
    | Remove
    | SetTimes
    | SetAttributes
    | SetLabel
    | Flush
)


class StoredAll(Message, frozen=True):
    """For each file its entry, or None when nothing has changed: to store it alone tells why.

    The rest as for `Changed`.
    """

    staged: UInt
    settled: UInt
    entries: Annotated[list[Entry | None], msgspec.Meta(max_length=TOGETHER)]


class Changed(Message, frozen=True):
    """A change is made: number `staged` of this volume. All up to number `settled` are on the medium."""

    staged: UInt
    settled: UInt
    entry: Entry | None = None
    """What was created or renamed, as it is now."""


class Vetted(Message, frozen=True):
    """For each of the names why it cannot be (a word of `core.fs.writable.Reason`), empty where it can."""

    reasons: Annotated[list[Annotated[str, msgspec.Meta(max_length=64)]], msgspec.Meta(max_length=VETTED)]
