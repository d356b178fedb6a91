"""What a file system driver supplies, and what every driver gets for it."""

from __future__ import annotations

import codecs
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, NamedTuple, Self

import msgspec

from core.blockdev.device import BlockDevice
from core.entry import Details, Entry, VolumeFacts
from core.errors import Fault, NotFound

HOLE = -1
REUSED = -2
BATCH = 512
"""Entries that a batch of a listing holds at most."""

CODE_PAGES = (
    *("cp437", "cp720", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860", "cp861"),
    *("cp862", "cp863", "cp864", "cp865", "cp866", "cp869", "cp874", "cp932", "cp936", "cp949", "cp950"),
)
"""What DOS and Windows wrote names of 8.3 in, by their names in Python."""
for _name in (*CODE_PAGES, "utf-16-le"):
    codecs.lookup(_name)  # a codec is a module: nothing can be imported once the walls stand


class Options(msgspec.Struct, frozen=True):
    """What cannot be seen on the stick and only the user may know."""

    code_page: str = "cp437"


DEFAULTS = Options()


class Extent(NamedTuple):
    """A piece of a file: `length` bytes at `offset` in it lie at `position` on the volume, or are a HOLE.

    A piece of a deleted file can be REUSED: other files lie there now.
    """

    offset: int
    position: int
    length: int


class Probe(NamedTuple):
    """What probing found, before anything is trusted: the system's name and the volume label."""

    system: str
    label: str
    confidence: int
    """0..100; the driver with the highest confidence gets the volume."""


class Driver(ABC):
    """One open volume. Read-only; every method raises only errors of the taxonomy.

    Nodes are the system's own numbers and arrive from outside: a driver validates each before it is used.
    """

    name: ClassVar[str]
    limits: ClassVar[str]
    """What of a healthy volume it does not show, in words for people."""

    @classmethod
    @abstractmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        """What this driver recognises on the device, or None. Raises MediumError and DeviceGone only."""

    @classmethod
    @abstractmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        """The volume on the device.

        Raises NotAFileSystem, CorruptStructure, UnsupportedFeature, MediumError.
        """

    @abstractmethod
    def facts(self) -> VolumeFacts:
        """The volume as a whole. May read (free space)."""

    @abstractmethod
    def entries(self, node: int) -> Iterator[list[Entry]]:
        """The entries of a directory in batches of at most BATCH, without `.` and `..`.

        Damage is local: a broken entry is yielded with its problem; when the rest of the directory cannot
        be read, what was found so far is yielded first and then the error is raised. Raises WrongKind.
        """

    @abstractmethod
    def stat(self, node: int) -> Details:
        """All that is known of a node. Raises NotFound when there is no such node."""

    def size(self, node: int) -> int:
        """Bytes that a file has, which is less than `stat` finds out. Raises as `stat`."""
        return self.stat(node).entry.size

    @abstractmethod
    def extents(self, node: int) -> Iterator[Extent]:
        """Where a file's bytes lie, in file order, adjacent pieces merged, covering exactly its size.

        A broken chain yields what is sound first and then raises CorruptStructure. Raises WrongKind.
        """

    def data(self, node: int, start: int = 0) -> Iterator[bytes] | None:
        """The file's bytes from `start` on, when they must be computed (compressed); None if extents serve.

        Raises CorruptStructure, MediumError where it is broken; what lies behind may still be sound.
        """
        return None

    def read_link(self, node: int) -> str:
        """The target of a symbolic link. Raises WrongKind where the system has none."""
        raise NotFound("symbolic link")

    def lookup(self, node: int, name: str) -> Entry:
        """The entry of that name in a directory. Raises NotFound. Drivers that fold case override it."""
        for batch in self.entries(node):
            for entry in batch:
                if entry.name == name:
                    return entry
        raise NotFound(name)


class Warnings(list[Fault]):
    """Volume-level damage met on the way, each once, at most `LIMIT`."""

    LIMIT: ClassVar[int] = 64

    def note(self, fault: Fault) -> None:
        if len(self) < self.LIMIT and fault not in self:
            self.append(fault)
