"""The bytes of files: written in place, added, cut off, or put in as a whole."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from core.blockdev.device import BlockDevice
from core.entry import Attribute, Entry, Kind
from core.errors import AlreadyExists, CorruptStructure, TooLarge, WrongKind
from core.fs.driver import Extent, Warnings
from core.fs.fat.geometry import Geometry
from core.fs.fat.structures import SLOT_LENGTH
from core.fs.fat.writing import entries, naming
from core.fs.fat.writing.chain import Chain
from core.fs.fat.writing.ground import Ground, change
from core.fs.fat.writing.slots import Folder
from core.fs.writable import UNTOLD, Reservation, Times, local_now

LARGEST = 2**32 - 1
"""Bytes of a file: FAT 1.03, page 23."""
_OPEN = 8
_PAGE = 4096
"""A file's last bytes are filled up to it, where they have a cluster to themselves: the host need not read
from the stick what lies behind them."""
_ZEROS = bytes(1 << 20)


@dataclass
class OpenFile:
    folder: Folder
    slot: int
    size: int
    chain: Chain


class Files(Ground):
    """What a file's bytes undergo."""

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings, code_page: str) -> None:
        super().__init__(device, geometry, warnings, code_page)
        self._files: OrderedDict[int, OpenFile] = OrderedDict()

    @change
    def write(self, node: int, offset: int, data: bytes) -> None:
        file = self._file_of(node)
        end = offset + len(data)
        if end > LARGEST:
            raise TooLarge(end, LARGEST)
        if not data:
            return
        self._begin()
        if end > file.size:
            self._widen(file, end)
            self._fill(file, file.size, offset)
        self._put(file, offset, data, file.size)
        self._record(file, max(file.size, end))

    @change
    def truncate(self, node: int, size: int) -> None:
        file = self._file_of(node)
        if size > LARGEST:
            raise TooLarge(size, LARGEST)
        if size == file.size:
            return
        self._begin()
        if size > file.size:
            self._widen(file, size)
            self._fill(file, file.size, size)
        rest = file.chain.cut(-(-size // self._geometry.cluster_size))
        self._stage_size(file, size)
        if rest:
            if file.chain.tail is not None:
                self._clusters.cut(file.chain.tail)
            self._clusters.free(rest)
        self._done()

    @change
    def reserve(self, parent: int, name: str, size: int, *, replace: bool = False) -> Reservation:
        if size > LARGEST:
            raise TooLarge(size, LARGEST)
        folder = self._folder(parent)
        if self._replaced(folder, name, replace) is None:
            slots = naming.most_slots(naming.parsed(name, self._code_page))
            self._begin()
            self._room(folder, parent, slots)
        self._begin()
        runs = self._clusters.take(-(-size // self._geometry.cluster_size)) if size else []
        extents = list(self._extents_in(Chain(runs), 0, size))
        return Reservation(parent, name, size, replace, extents, runs)

    @change
    def commit(self, reservation: Reservation, times: Times = UNTOLD, attributes: int | None = None) -> Entry:
        folder = self._folder(reservation.parent)
        old = self._replaced(folder, reservation.name, reservation.replace)
        for extent in reservation.extents:
            self._staging.written(extent.position, extent.length)
        if old is None:
            return self._commit_new(folder, reservation, times, attributes)
        return self._commit_over(folder, old, reservation, times, attributes)

    def abandon(self, reservation: Reservation) -> None:
        if reservation.held:
            self._clusters.space.give(reservation.runs)
            reservation.held = False

    def _commit_new(
        self, folder: Folder, reservation: Reservation, times: Times, attributes: int | None
    ) -> Entry:
        long, case, short = self._fit(folder, reservation.name)
        place = self._room(folder, reservation.parent, len(long) // SLOT_LENGTH + 1)
        first = reservation.runs[0][0] if reservation.runs else 0
        kept = Attribute.ARCHIVE if attributes is None else attributes
        raw = entries.entry(short, case, 0, times, local_now(), first, reservation.size)
        raw = entries.with_attributes(raw, kept)
        self._clusters.chain(reservation.runs)
        folder.put(place, long + raw, reservation.name)
        reservation.held = False
        node = folder.node(place.owner)
        self._forget(node)
        self._newborn(folder, place)
        self._done()
        return self._as_entry(reservation.name, node, raw)

    def _commit_over(
        self, folder: Folder, slot: int, reservation: Reservation, times: Times, attributes: int | None
    ) -> Entry:
        """The entry changes from the old chain to the new one in one sector; then the old one is free."""
        node = folder.node(slot)
        old = self._file_of(node)
        if times.modified is None:
            times = times._replace(modified=local_now())
        raw = entries.with_times(folder.raw(slot), times)
        raw = entries.with_content(raw, Chain(reservation.runs).first, reservation.size)
        raw = entries.with_attributes(
            raw, raw[entries.ATTRIBUTES] | Attribute.ARCHIVE if attributes is None else attributes
        )
        self._clusters.chain(reservation.runs)
        folder.change(slot, raw)
        self._clusters.free(old.chain.cut(0))
        reservation.held = False
        self._forget(node)
        self._done()
        return self._entry(node)[0]

    def _replaced(self, folder: Folder, name: str, replace: bool) -> int | None:
        """The slot of the file of that name, if it may be replaced. Raises AlreadyExists."""
        slot = folder.find(name)
        if slot is None:
            return None
        if not replace or self._entry(folder.node(slot))[0].kind is not Kind.FILE:
            raise AlreadyExists(name)
        return slot

    # open files ---------------------------------------------------------------------------------------------

    def _file_of(self, node: int) -> OpenFile:
        """Raises NotFound, WrongKind, CorruptStructure."""
        file = self._files.get(node)
        if file is None:
            folder, slot, entry = self._slot_of(node)
            if entry.kind is not Kind.FILE:
                raise WrongKind(entry.name, "file")
            first = self._first_of(folder.raw(slot))
            if entry.size:
                self._check_first(node, first)
            chain = Chain(self._chain_of(first))
            unit = self._geometry.cluster_size
            if chain.count * unit < entry.size:
                raise CorruptStructure(
                    "cluster chain",
                    self._table.offset(chain.tail or 0),
                    f"{-(-entry.size // unit)} clusters for {entry.size} bytes",
                    f"{chain.count} clusters",
                )
            file = OpenFile(folder, slot, entry.size, chain)
            self._remember(node, file)
        self._files.move_to_end(node)
        return file

    def _start_over(self) -> None:
        super()._start_over()
        self._files.clear()

    def _remember(self, node: int, file: OpenFile) -> None:
        self._files[node] = file
        if len(self._files) > _OPEN:
            self._files.popitem(last=False)

    def _forget(self, node: int) -> None:
        """The node is another file from now on, or none."""
        self._files.pop(node, None)

    def _widen(self, file: OpenFile, size: int) -> None:
        """Gives a file the clusters for so many bytes, of which it has not so many yet. Raises NoSpace."""
        missing = -(-size // self._geometry.cluster_size) - file.chain.count
        if missing <= 0:
            return
        tail = file.chain.tail
        self._clusters.before_linking(tail)
        runs = self._clusters.take(missing, tail)
        self._clusters.chain(runs, tail)
        file.chain.extend(runs)

    def _record(self, file: OpenFile, size: int) -> None:
        self._stage_size(file, size)
        self._done()

    def _stage_size(self, file: OpenFile, size: int) -> None:
        raw = entries.with_content(file.folder.raw(file.slot), file.chain.first, size)
        raw = entries.with_times(raw, Times(modified=local_now()))
        raw = entries.with_attributes(raw, raw[entries.ATTRIBUTES] | Attribute.ARCHIVE)
        file.folder.change(file.slot, raw)
        file.size = size

    # bytes --------------------------------------------------------------------------------------------------

    def _put(self, file: OpenFile, offset: int, data: bytes, old_size: int) -> None:
        end = offset + len(data)
        if end > old_size:  # what lies behind belongs to nobody
            fill = min(-end % _PAGE, -end % self._geometry.cluster_size)
            data += bytes(fill)
        for extent in self._extents_in(file.chain, offset, len(data)):
            at = extent.offset - offset
            self._staging.write(extent.position, data[at : at + extent.length])

    def _fill(self, file: OpenFile, begin: int, end: int) -> None:
        while begin < end:
            length = min(len(_ZEROS), end - begin)
            self._put(file, begin, _ZEROS[:length], begin)
            begin += length

    def _extents_in(self, chain: Chain, offset: int, length: int) -> Iterator[Extent]:
        """Where the bytes of a file from `offset` on lie."""
        unit = self._geometry.cluster_size
        end = offset + length
        number = offset // unit
        for first, count in chain.runs(number, -(-end // unit)):
            start = max(offset, number * unit)
            stop = min(end, (number + count) * unit)
            yield Extent(start, self._geometry.position(first) + start - number * unit, stop - start)
            number += count
