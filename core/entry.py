"""What a file system consists of, in words that drivers, the worker, the host and the window share.

Pure data. Drivers build these without checks (fast); the host decodes them with every limit enforced.
"""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from core.errors import Fault

MAX_NAME = 1024
MAX_TEXT = 4096

UInt = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Int = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]


class Kind(enum.IntEnum):
    """What an entry is."""

    FILE = 0
    DIRECTORY = 1
    SYMLINK = 2
    OTHER = 3
    """A device node, FIFO or socket: shown, never opened."""


class Attribute(enum.IntFlag):
    """The attributes that systems of the DOS family keep; 0 elsewhere."""

    READ_ONLY = 0x01
    HIDDEN = 0x02
    SYSTEM = 0x04
    ARCHIVE = 0x20
    COMPRESSED = 0x800
    ENCRYPTED = 0x4000


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """One entry of a directory.

    `node` is the system's own number for the file (inode number, MFT reference, or the byte offset of its
    directory entry): stable while the volume is open. `size` in bytes. `modified` in nanoseconds since
    1970-01-01, as the volume recorded it (VolumeFacts.zone says in which zone), None where it has none.
    `mode` are POSIX permission bits where the system keeps them. A damaged entry carries its `problem`
    and is listed all the same.
    """

    name: Annotated[str, msgspec.Meta(max_length=MAX_NAME)]
    node: UInt
    kind: Kind
    size: UInt = 0
    modified: Int | None = None
    attributes: UInt = 0
    mode: Annotated[int, msgspec.Meta(ge=0, le=0o7777)] | None = None
    problem: Fault | None = None


class Details(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is known of one node. Times as in `Entry`; `facts` are (label, value) pairs."""

    entry: Entry
    created: Int | None = None
    accessed: Int | None = None
    changed: Int | None = None
    uid: UInt | None = None
    gid: UInt | None = None
    links: UInt = 1
    allocated: UInt | None = None
    """Bytes taken on the medium, None when it is not known."""
    facts: Annotated[list[tuple[Text, Text]], msgspec.Meta(max_length=64)] = []


class FindingKind(enum.StrEnum):
    """What can be wrong with a volume as a whole, however many of its files can still be read."""

    NOT_CLEAN = "not clean"
    """It was pulled out while it was written, or errors were met on it before."""
    BOOT_SECTOR = "boot sector"
    TABLES_DIFFER = "tables differ"
    """The copies of the allocation table."""
    FREE_COUNT = "free count"
    ENTRY = "entry"
    """A directory entry that makes no sense."""
    NAME_PIECES = "name pieces"
    """Parts of a long name that belong to no entry, or are damaged."""
    BEHIND_END = "behind end"
    """Something lies behind the end of a folder, where nobody looks."""
    NAME_TWICE = "name twice"
    CHAIN = "chain"
    """The clusters of a file or folder cannot be followed to their end."""
    TOO_SHORT = "too short"
    """A file has fewer clusters than its size needs."""
    TOO_LONG = "too long"
    SHARED = "shared"
    """Clusters that belong to two files (cross-linked)."""
    LOST = "lost"
    """Clusters that are taken and belong to no file."""
    PARENT = "parent"
    """A folder's `..` leads elsewhere."""
    UNREADABLE = "unreadable"
    BITMAP = "bitmap"
    """What tells which clusters are taken is missing or broken."""
    NOT_TAKEN = "not taken"
    """Clusters of files that are marked as free."""
    UPCASE = "up-case table"
    """By which names are compared."""


class Remedy(enum.StrEnum):
    """What a repair does about a finding."""

    NONE = "left alone"
    MARK_CLEAN = "mark clean"
    COPY_BOOT_SECTOR = "copy boot sector"
    """The sound one of two takes the place of the other."""
    COPY_TABLE = "copy table"
    """The allocation table with fewer faults takes the place of the other."""
    REBUILD = "rebuild"
    """The up-case table that every volume begins with takes the place of a broken one."""
    COUNT = "count"
    FREE = "free"
    KEEP = "keep"
    """Lost clusters become files in the root directory."""
    MARK_TAKEN = "mark taken"
    CUT = "cut"
    """The chain ends where the file does; no byte of the file is lost."""
    SHORTEN = "shorten"
    """The size becomes that of what is there."""
    EMPTY = "empty"
    """Of its bytes nothing can be found; the name stays."""
    COPY = "copy"
    """It gets clusters of its own with the same bytes."""
    CORRECT = "correct"
    """The entry is made to say what is there."""
    RENAME = "rename"
    REMOVE_PIECES = "remove pieces"
    REMOVE_ENTRY = "remove entry"
    RECOVER = "recover"
    """Entries that were out of sight are shown again."""
    MAKE_FILE = "make file"
    """What is no folder becomes a file with the same bytes."""


class Finding(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One thing that is wrong. `path` from the root, raw, empty for the volume as a whole."""

    kind: FindingKind
    path: Text
    fault: Fault
    clusters: UInt = 0
    """How many of them it is about."""
    remedy: Remedy = Remedy.NONE
    note: Annotated[str, msgspec.Meta(max_length=MAX_NAME)] = ""
    """The new name, where something gets one."""


class Sureness(enum.StrEnum):
    """How sure it is that what is left of a deleted file is that file."""

    GOOD = "good"
    """Where all of it lay is known, and nothing was put there since that is not deleted itself."""
    LIKELY = "likely"
    """The same if it lay in one piece, as most files do."""
    DOUBTFUL = "doubtful"
    """Where it began is a guess, what lies there does not look like it, or a later file was deleted there."""
    PARTLY = "partly"
    """Other files lie where some of it lay, or may have lain."""
    GONE = "gone"
    """Other files lie where it lay, or nothing tells where that was."""


class Deleted(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A file or folder that was deleted, of which at least its entry is still there."""

    entry: Entry
    """Its `node` works wherever the node of a file or folder does that is only read."""
    sureness: Sureness
    name_whole: bool = True
    """False when the first character of the name is lost, and `_` stands for it, or when the end is."""


class Zone(enum.StrEnum):
    """In which zone a volume's times are kept."""

    UTC = "utc"
    LOCAL = "local"
    """Wall-clock time of whoever wrote it (FAT): shown as it stands."""


class VolumeFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a volume says of itself once a driver has opened it. Sizes in bytes."""

    driver: Text
    system: Text
    """The system's name as people write it: "FAT32", "exFAT", "ext4"."""
    root: UInt
    label: Text = ""
    uuid: Text = ""
    size: UInt = 0
    free: UInt | None = None
    block_size: UInt = 0
    """The allocation unit (cluster, block)."""
    largest_file: UInt | None = None
    """The most bytes that one file can have, where that is less than the volume could hold."""
    zone: Zone = Zone.UTC
    dirty: bool = False
    warnings: Annotated[list[Fault], msgspec.Meta(max_length=64)] = []
    """What is wrong with the volume as a whole although it could be opened."""
    facts: Annotated[list[tuple[Text, Text]], msgspec.Meta(max_length=64)] = []
    limits: Text = ""
    """What of such a volume the driver does not show, though nothing is wrong with it."""


class PartitionFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place on a device where a file system may be. `number` 0 is the whole device (no table)."""

    number: Annotated[int, msgspec.Meta(ge=0, le=4096)]
    offset: UInt
    size: UInt
    type: Text = ""
    """What the table says it holds."""
    name: Text = ""
    system: Text = ""
    """What probing found there; empty when nothing was recognised."""
    label: Text = ""
    problem: Fault | None = None
    drivers: Annotated[list[Text], msgspec.Meta(max_length=64)] = []
    """Those that recognise it, by name; the first is the one that opens it unless another is chosen."""


class Survey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a device holds: its table ("mbr", "gpt", "apm", "bsd", "sgi", "none") and its partitions."""

    table: Text
    size: UInt
    sector_size: UInt
    partitions: Annotated[list[PartitionFacts], msgspec.Meta(max_length=1024)] = []
    warnings: Annotated[list[Fault], msgspec.Meta(max_length=64)] = []
