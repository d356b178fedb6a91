"""What a driver supplies that can also write, and what follows from that for every one of them.

A writing driver holds its changes in memory (`core.fs.staging`) and writes them in groups, so that a stick
that is pulled out at any moment has every file whole that was there before, and the new one whole or absent.
"""

from __future__ import annotations

import enum
import time
from abc import abstractmethod
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from core.entry import Entry, Kind
from core.fs.driver import Driver, Extent

_SECOND = 1_000_000_000


class Reason(enum.StrEnum):
    """Why a file system has no such name, for NameNotAllowed."""

    EMPTY = "it has no characters"
    CHARACTER = "a character in it is not allowed"
    END = "it ends with a dot or a space"
    LENGTH = "it is too long"
    RESERVED = "it means something else there"


class Times(NamedTuple):
    """Nanoseconds since 1970-01-01 in the volume's zone. None leaves a time as it is, or means now in what is
    new; what a system cannot express is rounded and clamped to what it can."""

    modified: int | None = None
    created: int | None = None
    accessed: int | None = None


UNTOLD = Times()


class Reservation(msgspec.Struct, eq=False):
    """Room for the bytes of one file, to which nothing on the volume refers before it is committed."""

    parent: int
    name: str
    size: int
    replace: bool
    extents: list[Extent]
    """Where the bytes go, in file order, covering exactly the size."""
    runs: list[tuple[int, int]]
    """The same as the driver counts: (first cluster, clusters)."""
    held: bool = True
    """Until it was committed or abandoned."""


class WritableDriver(Driver):
    """One open volume over a device that can be written.

    Every method either does all that it says or raises and leaves the volume as it was, but for data of the
    file concerned. Limits are checked before a byte is written. Changes are seen at once by the methods that
    read; they are on the medium when `settled` has reached the value that `staged` had after the change, and
    all are after `flush`. Attributes such as read-only are kept and not enforced: that is for the caller.

    All raise MediumError, DeviceGone and CorruptStructure besides what they name. When one of the first two
    comes while changes are being written, these stay staged, and `flush` tries again.
    """

    staged: int
    """Changes made since the volume was opened."""
    settled: int
    """How many of them are on the medium for certain."""

    @abstractmethod
    def vet(self, name: str) -> None:
        """Nothing, for a name that a file here can have. Raises NameNotAllowed."""

    @abstractmethod
    def create(self, parent: int, name: str, kind: Kind, times: Times = UNTOLD, attributes: int = 0) -> Entry:
        """An empty file or directory.

        Raises AlreadyExists, NameNotAllowed, NoSpace, DirectoryFull, WrongKind, NotFound.
        """

    @abstractmethod
    def write(self, node: int, offset: int, data: bytes) -> None:
        """Writes into a file at once, in place where it has bytes already. What lies between its old end and
        `offset` becomes zeros. Raises NoSpace, TooLarge, WrongKind, NotFound."""

    @abstractmethod
    def truncate(self, node: int, size: int) -> None:
        """Cuts a file or lets it grow with zeros (which are written: grow a large file in steps).

        Raises NoSpace, TooLarge, WrongKind, NotFound.
        """

    @abstractmethod
    def reserve(self, parent: int, name: str, size: int, *, replace: bool = False) -> Reservation:
        """Room for a file, as contiguous as can be had, for bytes that the caller then puts at its extents.

        With `replace` a file of that name keeps its old bytes until `commit`. Raises as `create`, TooLarge.
        """

    @abstractmethod
    def commit(self, reservation: Reservation, times: Times = UNTOLD, attributes: int | None = None) -> Entry:
        """The file with the bytes that were put at the extents: wholly there or, after a pull, not at all.

        Raises as `create`; then the reservation is still held.
        """

    @abstractmethod
    def abandon(self, reservation: Reservation) -> None:
        """Gives back what was reserved. Nothing happens when that was committed or abandoned before."""

    @abstractmethod
    def rename(self, node: int, parent: int, name: str, *, replace: bool = False) -> Entry:
        """Another name, another directory, or both; the entry has a node of its own then.

        With `replace` a file takes the place of a file of that name, which exists at every moment, as the old
        or the new one. Raises as `create`, InsideItself.
        """

    @abstractmethod
    def remove(self, node: int) -> None:
        """Removes a file or an empty directory. Raises NotEmpty, NotFound, WrongKind for the root."""

    @abstractmethod
    def set_times(self, node: int, times: Times) -> None:
        """Raises NotFound, WrongKind for what has none (a root directory)."""

    @abstractmethod
    def set_attributes(self, node: int, attributes: int) -> None:
        """Sets what `core.entry.Attribute` names and the system keeps. Raises as `set_times`."""

    @abstractmethod
    def set_label(self, label: str) -> None:
        """The volume's label, "" for none. Raises NameNotAllowed, DirectoryFull."""

    @abstractmethod
    def flush(self) -> None:
        """Returns once everything is on the medium and the volume is marked clean, if it was when opened."""


def removal(driver: WritableDriver, entry: Entry) -> Iterator[int]:
    """Removes an entry with all that lies in it and yields how many are gone, after each."""
    gone = 0
    waiting = [entry]
    while waiting:
        last = waiting[-1]
        inside = _inside(driver, last.node) if last.kind is Kind.DIRECTORY else []
        for one in inside:
            if one.kind is Kind.DIRECTORY:
                waiting.append(one)
            else:
                driver.remove(one.node)
                gone += 1
                yield gone
        if waiting[-1] is last:
            driver.remove(last.node)
            waiting.pop()
            gone += 1
            yield gone


def _inside(driver: WritableDriver, node: int) -> list[Entry]:
    return [entry for batch in driver.entries(node) for entry in batch]


def local_now() -> int:
    """The wall-clock time here, as systems of the DOS family keep it (Zone.LOCAL)."""
    now = time.time_ns()
    return now + time.localtime(now // _SECOND).tm_gmtoff * _SECOND


local_now()  # loads the zone, which cannot be done once the walls stand
