"""What a repair changes in the directory entries of a FAT volume."""

from __future__ import annotations

from collections.abc import Generator

from core.entry import Remedy
from core.errors import MediumError, NameNotAllowed
from core.fs.checking import Outcome
from core.fs.driver import Warnings
from core.fs.fat import names
from core.fs.fat.checking import Checker
from core.fs.fat.directory import Parser
from core.fs.fat.driver import LARGEST
from core.fs.fat.geometry import Geometry
from core.fs.fat.oddities import ATTRIBUTES, LOW, TYPE
from core.fs.fat.structures import (
    DELETED,
    DIRECTORY,
    DOTS,
    END,
    LONG_ATTRIBUTES,
    LONG_MASK,
    MOST_SLOTS,
    VOLUME_LABEL,
)
from core.fs.fat.writing import entries, naming
from core.fs.fat.writing.slots import Folder
from core.fs.fat.writing.table import WritableTable
from core.fs.repairing import Mender
from core.fs.slots import SLOT_LENGTH, chunks
from core.fs.staging import Phase

_NO_ATTRIBUTES = 0xC0
_FALLBACK = "RENAMED"
_CHECKSUM = 13
"""Where a piece of a long name has the one of the 8.3 name."""


class EntryMender(Mender):
    """Half of a walk that mends."""

    _geometry: Geometry
    _table: WritableTable
    _code_page: str
    _checker: Checker | None
    _folder: Folder | None
    """The one that was changed last."""
    _stripped: set[int]
    """Folders without loose pieces of names."""

    def cut(self, last: int) -> None:
        """The chain ends with that cluster."""
        self._table.put(Phase.CUT, last, [self._table.end])

    def resize(self, position: int, size: int, ends: int = 0) -> None:
        """`ends`: the cluster with which the chain is to end. A file of no bytes has none."""
        raw = self.staging.read(position, SLOT_LENGTH)
        keeps = size or raw[ATTRIBUTES] & DIRECTORY
        first = self._first_of(raw) if keeps else 0
        self.staging.stage(Phase.ENTRY, position, entries.with_content(raw, first, size))
        if ends and size:
            self.cut(ends)

    def make_file(self, position: int) -> None:
        raw = bytearray(self.staging.read(position, SLOT_LENGTH))
        raw[ATTRIBUTES] &= ~DIRECTORY
        first = self._first_of(raw)
        unit = self._geometry.cluster_size
        clusters = sum(count for _, count in self._table.runs(first, self._table.entries))
        told = int.from_bytes(raw[entries.SIZE :], "little")
        size = told if -(-told // unit) == clusters else min(clusters * unit, LARGEST)
        self.staging.stage(Phase.ENTRY, position, entries.with_content(bytes(raw), first, size))

    def point(self, position: int, name: bytes, cluster: int) -> None:
        """An entry `.` or `..`."""
        raw = self.staging.read(position, SLOT_LENGTH)
        if raw[:11] != name:
            raw = name + bytes([DIRECTORY]) + bytes(20)
        self.staging.stage(Phase.ENTRY, position, entries.with_content(raw, cluster, 0))

    def dot(self, first: int, above: int) -> None:
        """Gives the folder that begins at a cluster the two entries with which each begins."""
        start = self._geometry.position(first)
        for number, cluster in enumerate((first, above)):
            self.point(start + number * SLOT_LENGTH, DOTS[number], cluster)

    def remove(self, directory: int, slot: int) -> None:
        folder = self._folder_at(directory)
        place = folder.place_of(slot)
        folder.clear(place, names.short_name(folder.raw(slot)[:11], 0, self._code_page))

    def remove_pieces(self, directory: int) -> None:
        """Of long names that belong to no entry."""
        if directory in self._stripped:
            return
        self._stripped.add(directory)
        folder = self._folder_at(directory)
        kept: set[int] = set()
        loose: list[int] = []
        for slot in range(folder.end):
            raw = folder.raw(slot)
            if raw[0] == DELETED:
                continue
            if raw[ATTRIBUTES] & LONG_MASK == LONG_ATTRIBUTES:
                loose.append(slot)
            else:
                place = folder.place_of(slot)
                kept.update(range(place.first, place.last))
        for slot in loose:
            if slot not in kept:
                self.staging.stage(Phase.STRIP, folder.position(slot), bytes([DELETED]))
        self._folder = None

    def unlabel(self, position: int) -> None:
        """What claims to be a label is the entry of a file or folder."""
        self.staging.stage(Phase.ENTRY, position + ATTRIBUTES, b"\0", bytes([VOLUME_LABEL]))

    def erase(self, position: int) -> None:
        self.staging.stage(Phase.ENTRY, position, bytes([DELETED]))

    def plain_piece(self, position: int) -> None:
        """A piece of a long name, without what must be zero in it."""
        self.staging.stage(Phase.STRIP, position + TYPE, b"\0")
        self.staging.stage(Phase.STRIP, position + LOW, b"\0\0")

    def clear_behind_end(self, directory: int) -> Outcome:
        """What follows the end is shown again if it has clusters that are nobody else's, or cleared."""
        folder = self._folder_at(directory)
        shown: set[int] = set()
        for slot in range(folder.end, folder.slots):
            if self._is_lost_entry(folder.raw(slot)):
                place = folder.place_of(slot)
                shown.update(range(place.first, place.last + 1))
        last = max(shown, default=folder.end - 1)
        for slot in range(folder.end, folder.slots):
            head = folder.raw(slot)[0]
            mark = DELETED if slot < last else END
            if slot not in shown and head != mark and not (slot > last and head == DELETED):
                self.staging.stage(Phase.ENTRY, folder.position(slot), bytes([mark]))
        self._folder = None
        return Outcome(Remedy.RECOVER if shown else Remedy.REMOVE_PIECES, anew=True)

    def _is_lost_entry(self, raw: bytes) -> bool:
        """Whether this looks like the entry of a file or folder that has clusters, which are nobody's now."""
        assert self._checker is not None
        first = self._first_of(raw)
        return (
            raw[0] not in (DELETED, END, ord("."))
            and names.well_formed(raw[:11])
            and raw[ATTRIBUTES] & (VOLUME_LABEL | _NO_ATTRIBUTES) == 0
            and 2 <= first < self._table.entries
            and self._table.entry(first) != 0
            and not self._checker.owned.marks[first]
        )

    def rename(self, directory: int, slot: int) -> Outcome:
        """An 8.3 name that is allowed and that no other entry has, instead of all names of this one."""
        folder = self._folder_at(directory)
        place, raw = folder.place_of(slot), folder.raw(slot)
        short = self._new_short(folder, slot)
        for piece in range(place.first, place.last):
            self.staging.stage(Phase.STRIP, folder.position(piece), bytes([DELETED]))
        self.staging.stage(Phase.ENTRY, folder.position(slot), entries.with_name(raw, short, 0))
        self._folder = None
        return Outcome(Remedy.RENAME, names.short_name(short, 0, self._code_page))

    def reshorten(self, directory: int, slot: int) -> Outcome:
        """An 8.3 name that no other entry has; the long name stays."""
        folder = self._folder_at(directory)
        place, raw = folder.place_of(slot), folder.raw(slot)
        short = self._new_short(folder, slot)
        for piece in range(place.first, place.last):
            at = folder.position(piece) + _CHECKSUM
            self.staging.stage(Phase.ENTRY, at, bytes([names.checksum(short)]))
        self.staging.stage(Phase.ENTRY, folder.position(slot), short + raw[11:])
        self._folder = None
        return Outcome(Remedy.RENAME, names.short_name(short, 0, self._code_page))

    def _new_short(self, folder: Folder, slot: int) -> bytes:
        data = b"".join(chunk.data for chunk in folder.chunks(0, folder.end))
        taken = {
            data[at : at + 11]
            for at in range(0, len(data), SLOT_LENGTH)
            if at != slot * SLOT_LENGTH and data[at] != DELETED
        }
        return self._short_name(_cleaned(folder.raw(slot)[:11]), folder, slot, taken)

    def _short_name(self, raw: bytes, folder: Folder, slot: int, taken: set[bytes]) -> bytes:
        try:
            name = naming.parsed(names.short_name(raw, 0, self._code_page), self._code_page)
        except NameNotAllowed:
            name = naming.parsed(_FALLBACK, self._code_page)
        while True:
            short = naming.short_form(name, taken, self._code_page)
            owner = folder.find(names.short_name(short, 0, self._code_page))
            if owner is None or owner == slot:
                return short
            taken.add(short)

    def _folder_at(self, directory: int) -> Folder:
        """The directory that begins at that cluster, 0 for the root. Raises CorruptStructure, MediumError."""
        folder = self._folder
        if folder is None or folder.directory != directory:
            pieces = list(self._pieces(directory))
            lost: list[MediumError] = []
            data = list(chunks(self.staging, iter(pieces), lost))
            if lost:
                raise lost[0]
            parser = Parser(directory, self._geometry, self._code_page, Warnings())
            found = []
            for chunk in data:
                found += parser.entries(chunk)
                if parser.ended:
                    break
            folder = self._folder = Folder(self.staging, directory, self._code_page)
            folder.load(iter(pieces), data, found)
        return folder

    def _pieces(self, directory: int) -> Generator[tuple[int, int], None, None]:
        geometry = self._geometry
        if directory == 0 and geometry.width != 32:
            yield geometry.root_offset, geometry.root_size
            return
        most = max(1, MOST_SLOTS * SLOT_LENGTH // geometry.cluster_size)
        for cluster, count in self._table.runs(directory or geometry.root_cluster, most):
            yield geometry.position(cluster), count * geometry.cluster_size

    def _first_of(self, raw: bytes | bytearray) -> int:
        high = bytes(raw[20:22]) if self._geometry.width == 32 else b"\0\0"
        return int.from_bytes(bytes(raw[26:28]) + high, "little")


def _cleaned(raw: bytes) -> bytes:
    """The 11 bytes of a name with `_` for what none can have."""
    cleaned = bytes(byte if names.well_formed(b"A" * 10 + bytes([byte])) else ord("_") for byte in raw)
    return b"_" + cleaned[1:] if cleaned[0] in (0x20, DELETED) else cleaned
