"""The bytes of files on exFAT: written in place, added, cut off, or put in as a whole."""

from __future__ import annotations

import time

from core.blockdev.device import BlockDevice
from core.entry import Attribute, Entry, Kind
from core.errors import AlreadyExists, CorruptStructure, TooLarge, WrongKind
from core.fs.allocation import Run
from core.fs.chain import Chain
from core.fs.driver import Warnings
from core.fs.exfat.directory import place_of
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.structures import CONTIGUOUS
from core.fs.exfat.writing import entries
from core.fs.exfat.writing.folder import Folder
from core.fs.exfat.writing.ground import Ground
from core.fs.exfat.writing.member import Member
from core.fs.files import Files, OpenFile
from core.fs.grouped import change
from core.fs.slots import SLOT_LENGTH
from core.fs.writable import UNTOLD, Reservation, Times


class ExFatFile(OpenFile):
    node: int
    contiguous: bool


class ExFatFiles(Files[ExFatFile], Ground):
    """What a file's bytes undergo. Open files are kept by the places of their sets."""

    largest = 2**63 - 1
    keeps_valid = True

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings) -> None:
        super().__init__(device, geometry, warnings)
        self._serve(self._clusters, geometry)

    @change
    def reserve(self, parent: int, name: str, size: int, *, replace: bool = False) -> Reservation:
        if size > self.largest:
            raise TooLarge(size, self.largest)
        folder = self._folder(parent)
        if self._replaced(folder, name, replace) is None:
            raw = self._fit(name, 0, UNTOLD, 0)
            self._begin()
            self._room(folder, parent, len(raw) // SLOT_LENGTH)
        self._begin()
        runs = self._clusters.take(self._geometry.needed(size)) if size else []
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
        return self._commit_over(old, reservation, times, attributes)

    def _commit_new(
        self, folder: Folder, reservation: Reservation, times: Times, attributes: int | None
    ) -> Entry:
        raw = self._fit(reservation.name, 0, times, time.time_ns())
        raw = entries.with_attributes(raw, Attribute.ARCHIVE if attributes is None else attributes)
        place = self._room(folder, reservation.parent, len(raw) // SLOT_LENGTH)
        raw = entries.sealed(self._with_reserved(raw, reservation))
        folder.put(place, raw, reservation.name)
        reservation.held = False
        entry = self._born(folder.node(place.first), reservation.name, raw)
        self._done()
        return entry

    def _commit_over(
        self, old: Member, reservation: Reservation, times: Times, attributes: int | None
    ) -> Entry:
        """The set changes from the old clusters to the new ones at once; then the old ones are free."""
        if times.modified is None:
            times = times._replace(modified=time.time_ns())
        rest = self._file_of(old.node).chain
        raw = entries.with_times(old.raw, times)
        raw = entries.with_attributes(
            raw, entries.attributes_of(raw) | Attribute.ARCHIVE if attributes is None else attributes
        )
        self._change(old.pieces, self._with_reserved(raw, reservation))
        reservation.held = False
        self._clusters.free(rest.cut(0))
        self._forget(old.node)
        self._done()
        return self._sets.find(old.node).entry

    def _with_reserved(self, raw: bytes, reservation: Reservation) -> bytes:
        """A set that has the reserved clusters, which are staged."""
        runs, size = reservation.runs, reservation.size
        contiguous = self._clusters.found(runs) if runs else False
        return entries.with_content(raw, contiguous, runs[0][0] if runs else 0, size, size)

    def _born(self, node: int, name: str, raw: bytes) -> Entry:
        """The entry of a set that was staged and that the medium knows nothing of yet."""
        self._unborn.add(place_of(node)[0])
        self._forget(node)
        return entries.as_entry(name, node, raw)

    def _replaced(self, folder: Folder, name: str, replace: bool) -> Member | None:
        """The file of that name, if it may be replaced. Raises AlreadyExists."""
        slot = folder.find(name)
        if slot is None:
            return None
        member = self._member(folder.node(slot))
        if not replace or member.entry.kind is not Kind.FILE:
            raise AlreadyExists(name)
        return member

    def _key(self, node: int) -> int:
        return place_of(node)[0]

    # open files ---------------------------------------------------------------------------------------------

    def _open_file(self, node: int) -> ExFatFile:
        member = self._member(node)
        entry, stream = member.entry, member.found.stream
        if entry.kind is not Kind.FILE:
            raise WrongKind(entry.name, "file")
        contiguous = bool(stream.flags & CONTIGUOUS)
        chain = Chain(self._chain_of(member.position, stream.first_cluster, stream.size, contiguous))
        needed = self._geometry.needed(stream.size)
        if chain.count < needed:
            where = self._table.offset(chain.tail or 0)
            raise CorruptStructure(
                "cluster chain", where, f"{needed} clusters for {entry.size} bytes", f"{chain.count} clusters"
            )
        return ExFatFile(stream.size, stream.valid_size, chain, node, contiguous)

    def _append(self, file: ExFatFile, count: int) -> None:
        tail = file.chain.tail
        self._clusters.before_linking(tail)
        runs = self._clusters.take(count, tail)
        file.contiguous = self._clusters.join(file.chain, file.contiguous, runs)

    def _stage_size(self, file: ExFatFile, size: int, valid: int) -> None:
        pieces = self._sets.slots(file.node)
        raw = b"".join([chunk.data for chunk in pieces])
        raw = entries.with_content(raw, file.contiguous, file.chain.first, size, valid)
        raw = entries.with_times(raw, Times(modified=time.time_ns()))
        raw = entries.with_attributes(raw, entries.attributes_of(raw) | Attribute.ARCHIVE)
        self._change(pieces, raw)
        file.size, file.valid = size, valid

    def _give_back(self, file: ExFatFile, rest: list[Run]) -> None:
        if file.chain.tail is None:
            file.contiguous = False
        elif not file.contiguous:
            self._clusters.cut(file.chain.tail)
        self._clusters.free(rest)
