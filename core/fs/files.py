"""The bytes of files on a volume of clusters: written in place, added or cut off."""

from __future__ import annotations

from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Iterator
from typing import ClassVar, Generic, Protocol, TypeVar

import msgspec

from core.errors import TooLarge
from core.fs.chain import Chain
from core.fs.driver import Extent
from core.fs.grouped import Grouped, change
from core.fs.taking import Taking
from core.fs.writable import Reservation

_OPEN = 8
_PAGE = 4096
"""A file's last bytes are filled up to it, where they have a cluster to themselves: the host need not read
from the stick what lies behind them."""
_ZEROS = bytes(1 << 20)


class _Geometry(Protocol):
    @property
    def cluster_size(self) -> int: ...

    def position(self, cluster: int) -> int: ...


class OpenFile(msgspec.Struct):
    size: int
    valid: int
    """Bytes from the start that were written; those behind them are zeros, whatever the medium has there."""
    chain: Chain


F = TypeVar("F", bound=OpenFile)


class Files(Grouped, Generic[F]):
    """Half of a writing driver: what a file's bytes undergo."""

    largest: ClassVar[int]
    """Bytes that a file can have."""
    keeps_valid: ClassVar[bool]
    """Whether the volume says how many bytes of a file are valid; else zeros must be written."""

    def _serve(self, clusters: Taking, geometry: _Geometry) -> None:
        """Called once, before all others."""
        self._taking = clusters
        self._shape = geometry
        self._files: OrderedDict[int, F] = OrderedDict()

    @abstractmethod
    def _open_file(self, node: int) -> F:
        """Raises NotFound, WrongKind, CorruptStructure."""

    @abstractmethod
    def _append(self, file: F, count: int) -> None:
        """Gives a file so many clusters more. Raises NoSpace."""

    @abstractmethod
    def _stage_size(self, file: F, size: int, valid: int) -> None:
        """Stages that the file has so many bytes, and takes note of them."""

    @abstractmethod
    def _give_back(self, file: F, rest: list[tuple[int, int]]) -> None:
        """Stages that the chain of a file ends where it ends now, and that the rest of it is free."""

    @change
    def write(self, node: int, offset: int, data: bytes) -> None:
        file = self._file_of(node)
        end = offset + len(data)
        if end > self.largest:
            raise TooLarge(end, self.largest)
        if not data:
            return
        self._begin()
        if end > file.size:
            self._widen(file, end)
        self._fill(file, file.valid, offset)
        self._put(file, offset, data, file.valid)
        self._stage_size(file, max(file.size, end), max(file.valid, end))
        self._done()

    @change
    def truncate(self, node: int, size: int) -> None:
        file = self._file_of(node)
        if size > self.largest:
            raise TooLarge(size, self.largest)
        if size == file.size:
            return
        self._begin()
        if size > file.size:
            self._widen(file, size)
            if not self.keeps_valid:
                self._fill(file, file.valid, size)
        rest = file.chain.cut(-(-size // self._shape.cluster_size))
        self._stage_size(file, size, min(file.valid, size) if self.keeps_valid else size)
        if rest:
            self._give_back(file, rest)
        self._done()

    def abandon(self, reservation: Reservation) -> None:
        if reservation.held:
            self._taking.space.give(reservation.runs)
            reservation.held = False

    def take_back(self) -> None:
        super().take_back()
        self._files.clear()

    def _start_over(self) -> None:
        super()._start_over()
        self._files.clear()

    # open files ---------------------------------------------------------------------------------------------

    def _file_of(self, node: int) -> F:
        """Raises NotFound, WrongKind, CorruptStructure."""
        file = self._files.get(self._key(node))
        if file is None:
            file = self._open_file(node)
            self._remember(node, file)
        self._files.move_to_end(self._key(node))
        return file

    def _key(self, node: int) -> int:
        """The same for all nodes that are the same file."""
        return node

    def _remember(self, node: int, file: F) -> None:
        self._files[self._key(node)] = file
        if len(self._files) > _OPEN:
            self._files.popitem(last=False)

    def _forget(self, node: int) -> None:
        """The node is another file from now on, or none."""
        self._files.pop(self._key(node), None)

    def _widen(self, file: F, size: int) -> None:
        """Gives a file the clusters for so many bytes. Raises NoSpace."""
        missing = -(-size // self._shape.cluster_size) - file.chain.count
        if missing > 0:
            self._append(file, missing)

    # bytes --------------------------------------------------------------------------------------------------

    def _put(self, file: F, offset: int, data: bytes, valid: int) -> None:
        end = offset + len(data)
        if end > valid:  # what lies behind belongs to nobody
            fill = min(-end % _PAGE, -end % self._shape.cluster_size)
            data += bytes(fill)
        for extent in self._extents_in(file.chain, offset, len(data)):
            at = extent.offset - offset
            self._staging.write(extent.position, data[at : at + extent.length])

    def _fill(self, file: F, begin: int, end: int) -> None:
        while begin < end:
            length = min(len(_ZEROS), end - begin)
            self._put(file, begin, _ZEROS[:length], begin)
            begin += length

    def _extents_in(self, chain: Chain, offset: int, length: int) -> Iterator[Extent]:
        """Where the bytes of a file from `offset` on lie."""
        unit = self._shape.cluster_size
        end = offset + length
        number = offset // unit
        for first, count in chain.runs(number, -(-end // unit)):
            start = max(offset, number * unit)
            stop = min(end, (number + count) * unit)
            yield Extent(start, self._shape.position(first) + start - number * unit, stop - start)
            number += count
