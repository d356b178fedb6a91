"""The bytes of files on FAT: written in place, added, cut off, or put in as a whole."""

from __future__ import annotations

from core.blockdev.device import BlockDevice
from core.entry import Attribute, Entry, Kind
from core.errors import AlreadyExists, CorruptStructure, TooLarge, WrongKind
from core.fs.allocation import Run
from core.fs.chain import Chain
from core.fs.driver import Warnings
from core.fs.fat.driver import LARGEST
from core.fs.fat.geometry import Geometry
from core.fs.fat.writing import entries, naming
from core.fs.fat.writing.ground import Ground
from core.fs.fat.writing.slots import Folder
from core.fs.files import Files, OpenFile
from core.fs.grouped import change
from core.fs.slots import SLOT_LENGTH
from core.fs.writable import UNTOLD, Reservation, Times, local_now


class FatFile(OpenFile):
    folder: Folder
    slot: int


class FatFiles(Files[FatFile], Ground):
    """What a file's bytes undergo."""

    largest = LARGEST
    keeps_valid = False

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings, code_page: str) -> None:
        super().__init__(device, geometry, warnings, code_page)
        self._serve(self._clusters, geometry)

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
        self._begin()
        for extent in reservation.extents:
            self._staging.written(extent.position, extent.length)
        if old is None:
            return self._commit_new(folder, reservation, times, attributes)
        return self._commit_over(folder, old, reservation, times, attributes)

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
        node = folder.node(place.last)
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

    def _open_file(self, node: int) -> FatFile:
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
        return FatFile(entry.size, entry.size, chain, folder, slot)

    def _append(self, file: FatFile, count: int) -> None:
        tail = file.chain.tail
        self._clusters.before_linking(tail)
        runs = self._clusters.take(count, tail)
        self._clusters.chain(runs, tail)
        file.chain.extend(runs)

    def _stage_size(self, file: FatFile, size: int, valid: int) -> None:
        raw = entries.with_content(file.folder.raw(file.slot), file.chain.first, size)
        raw = entries.with_times(raw, Times(modified=local_now()))
        raw = entries.with_attributes(raw, raw[entries.ATTRIBUTES] | Attribute.ARCHIVE)
        file.folder.change(file.slot, raw)
        file.size, file.valid = size, valid

    def _give_back(self, file: FatFile, rest: list[Run]) -> None:
        if file.chain.tail is not None:
            self._clusters.cut(file.chain.tail)
        self._clusters.free(rest)
