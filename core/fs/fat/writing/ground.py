"""What every change to a FAT volume stands on: what is staged, when it is written, the open directories."""

from __future__ import annotations

import errno
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Concatenate, ParamSpec, Self, TypeVar

from core.blockdev.device import BlockDevice
from core.entry import Entry, Kind
from core.errors import DirectoryFull, ReadOnly, RumpusError, WrongKind
from core.fs.allocation import Run
from core.fs.driver import DEFAULTS, Options, Warnings
from core.fs.fat import names
from core.fs.fat.directory import SLOT_BITS, Chunk, Parser
from core.fs.fat.driver import ROOT, Fat
from core.fs.fat.geometry import Geometry, read_geometry
from core.fs.fat.structures import DIRECTORY, KEPT_ATTRIBUTES, MOST_SLOTS, SLOT_LENGTH
from core.fs.fat.times import nanoseconds
from core.fs.fat.writing import naming
from core.fs.fat.writing.clusters import Clusters
from core.fs.fat.writing.entries import ATTRIBUTES, SIZE
from core.fs.fat.writing.slots import Folder, Place
from core.fs.fat.writing.state import State
from core.fs.fat.writing.table import WritableTable
from core.fs.staging import Mirror, Phase, Staging

_GROUP = 1000
"""Changes after which all of them are written: a barrier costs a stick tens of milliseconds."""
_MOST_HELD = 4096
"""Sectors held in memory, about 1.5 KiB each."""
_SECONDS = 2.0
_GROWTH = 16 << 10
"""Bytes by which a directory grows at most: less would scatter it among the files it gets."""
_FOLDERS, _FOLDER_SLOTS = 256, 2 * MOST_SLOTS
_COUNTED = 8 << 20
"""Bytes of an allocation table up to which free clusters are counted before the first change."""


G = TypeVar("G", bound="Ground")
P = ParamSpec("P")
R = TypeVar("R")


def change(method: Callable[Concatenate[G, P], R]) -> Callable[Concatenate[G, P], R]:
    """A method that changes the volume, all at once or not at all."""

    def changing(self: G, /, *arguments: P.args, **named: P.kwargs) -> R:
        self.begin_change()
        try:
            return method(self, *arguments, **named)
        except BaseException:
            self.take_back()
            raise

    return changing


class Ground(Fat):
    """An open volume, the changes to it, and how they come to the medium."""

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings, code_page: str) -> None:
        tables = geometry.tables
        size = tables[1] - tables[0] if len(tables) > 1 else 0
        unit = min(device.sector_size, geometry.sector_size)
        mirrors = tuple(Mirror(tables[0], size, table - tables[0]) for table in tables[1:])
        self._staging = Staging(device, unit, mirrors)
        super().__init__(self._staging, geometry, warnings, code_page)
        self._table = table = WritableTable(self._staging, geometry, warnings)
        self._was_dirty = super()._dirty()
        self._state = State(self._staging, geometry, table)
        told = self._state.free if self._large and not self._was_dirty else None
        self._clusters = Clusters(table, geometry, self._settle, self._state.next, told)
        self.staged = self.settled = 0
        self._since = 0.0
        self._marked = False
        """Whether the medium says that the volume is being changed."""
        self._folders: OrderedDict[int, Folder] = OrderedDict()
        self._directories: dict[int, int] = {}
        """First clusters of directories, by node."""
        self._unborn: set[int] = set()
        """Nodes of entries that are not on the medium yet."""
        self._broken = False
        """Whether the last change failed, or was not written: then the next one begins with a settle."""
        self._alone = False
        """Whether the change under way must be on the medium before the next one."""

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        """Raises ReadOnly besides, for a volume whose boot sector is not to be trusted with new files."""
        warnings = Warnings()
        geometry = read_geometry(device, warnings)
        if warnings:
            raise ReadOnly("its boot sector is damaged")
        return cls(device, geometry, warnings, options.code_page)

    # one change ---------------------------------------------------------------------------------------------

    def begin_change(self) -> None:
        """Called before a change looks at anything."""
        if self._broken:
            self._settle()
            self._start_over()
            self._broken = False
        self._staging.keep()
        self._clusters.keep()

    def take_back(self) -> None:
        """A change has failed: of what it has staged nothing stays, unless it was being written already."""
        if self._staging.changing:
            self._staging.undo()
            self._table.forget()
            self._start_over()
            self._broken = True
        self._clusters.undo()

    def _start_over(self) -> None:
        """Forgets what is known of the volume besides what is staged."""
        self._folders.clear()
        self._directories.clear()

    # when things are written --------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Called when a change is sure to come: the medium says so before anything else is written."""
        if self._marked:
            return
        if not self._was_dirty:
            self._state.mark(dirty=True)
            try:
                self._staging.settle()
            except OSError as error:
                if error.errno == errno.EROFS:
                    raise ReadOnly("the device cannot be written") from error
                raise
        self._marked = True

    def _done(self) -> None:
        """A change is staged whole."""
        now = time.monotonic()
        if self.staged == self.settled:
            self._since = now
        self.staged += 1
        self._staging.keep()
        self._clusters.keep()
        if (
            self._alone
            or self.staged - self.settled >= _GROUP
            or self._staging.held >= _MOST_HELD
            or now - self._since > _SECONDS
        ):
            self._settle()

    def _settle(self) -> None:
        try:
            self._staging.settle()
        except RumpusError:
            self._broken = True
            raise
        self._clusters.settled()
        for folder in self._folders.values():
            folder.settled()
        self._unborn.clear()
        self._alone = False
        self.settled = self.staged

    def flush(self) -> None:
        if self._marked:
            self._state.inform(self._free(self._was_dirty), self._clusters.space.next)
            self._settle()
            self._staging.flush()
            if not self._was_dirty:
                self._state.mark(dirty=False)
                self._staging.settle()
            self._marked = False

    # the volume as a whole ----------------------------------------------------------------------------------

    def _dirty(self) -> bool:
        return self._was_dirty

    def _free(self, dirty: bool) -> int | None:
        space = self._clusters.space
        return space.known if self._large else space.count()

    @property
    def _large(self) -> bool:
        return self._geometry.clusters * self._geometry.width // 8 > _COUNTED

    def _runs(self, node: int, first: int, most: int) -> Iterator[tuple[int, int]]:
        """Once clusters change hands, having met one before says nothing."""
        if self.staged:
            return self._table.runs(first, most)
        return super()._runs(node, first, most)

    # directories --------------------------------------------------------------------------------------------

    def _folder(self, node: int) -> Folder:
        """The directory of a node, with its names known. Raises WrongKind, NotFound, CorruptStructure."""
        directory = self._directories.get(node)
        if directory is None:
            directory = self._directory(node)
            self._directories[node] = directory
            if len(self._directories) > _FOLDERS:
                del self._directories[next(iter(self._directories))]
        return self._folder_at(directory)

    def _folder_at(self, directory: int) -> Folder:
        """The directory that begins at that cluster, 0 for the root."""
        folder = self._folders.get(directory)
        if folder is None:
            chunks = list(self._chunks(directory))
            parser = Parser(directory, self._geometry, self._code_page, Warnings())
            entries: list[Entry] = []
            for chunk in chunks:
                entries += parser.entries(chunk)
                if parser.ended:
                    break
            folder = Folder(self._staging, directory, self._code_page)
            folder.load(self._extents_of(directory), chunks, entries)
            self._keep(folder)
        self._folders.move_to_end(directory)
        return folder

    def _keep(self, folder: Folder) -> None:
        slots = sum(kept.slots for kept in self._folders.values()) if len(self._folders) % 16 == 0 else 0
        while len(self._folders) >= _FOLDERS or (slots > _FOLDER_SLOTS and len(self._folders) > 2):
            if self._staging.held:
                self._settle()
            slots -= self._folders.popitem(last=False)[1].slots
        self._folders[folder.directory] = folder

    def _room(self, folder: Folder, node: int, count: int) -> Place:
        """Room for an entry of so many slots; the directory may grow. Raises DirectoryFull, NoSpace."""
        apart = count > folder.per_sector
        while True:
            place = folder.room(count, apart=apart)
            if place is not None:
                break
            if self._grow(folder):
                continue
            place = folder.room(count, apart=True)
            if place is None:
                raise DirectoryFull(self._name(node), folder.slots)
            break
        return place

    def _grow(self, folder: Folder) -> bool:
        """Hangs clusters of zeros onto a directory, unless it has all that it may have."""
        geometry = self._geometry
        if folder.directory == 0 and geometry.width != 32:
            return False
        if folder.slots + geometry.cluster_size // SLOT_LENGTH > MOST_SLOTS:
            return False
        tail = geometry.cluster_at(folder.position(folder.slots - 1))
        runs = self._clusters.take(1, tail)
        more = min(folder.slots * SLOT_LENGTH, _GROWTH, (MOST_SLOTS - folder.slots) * SLOT_LENGTH)
        following = runs[0][0] + 1
        runs += self._clusters.space.take_at(following, more // geometry.cluster_size - 1)
        for first, count in runs:
            position, size = geometry.position(first), count * geometry.cluster_size
            self._staging.stage(Phase.PREPARE, position, bytes(size))
            folder.grown(position, size)
        self._clusters.chain(runs, tail)
        return True

    def _slots(self, directory: int, first: int, end: int) -> list[Chunk]:
        """As for reading, without walking the chain of a directory that is known."""
        folder = self._folders.get(directory)
        if folder is None:
            return super()._slots(directory, first, end)
        return folder.chunks(first, end)

    def _name(self, node: int) -> str:
        return "" if node == ROOT else self._entry(node)[0].name

    # entries ------------------------------------------------------------------------------------------------

    def _fit(self, folder: Folder, name: str) -> tuple[bytes, int, bytes]:
        """(slots of the long name, case bits, 8.3 name) for a name in a directory. Raises NameNotAllowed."""
        parsed = naming.parsed(name, self._code_page)
        short = naming.short_form(parsed, folder.shorts, self._code_page)
        if parsed.case is not None and names.short_name(short, parsed.case, self._code_page) == name:
            return b"", parsed.case, short
        return naming.long_slots(name, short), 0, short

    def _slot_of(self, node: int) -> tuple[Folder, int, Entry]:
        """The directory of an entry, its slot, and the entry. Raises NotFound, WrongKind for the root."""
        if node == ROOT:
            raise WrongKind("/", "file")
        entry = self._entry(node)[0]
        return self._folder_at((node - 1) >> SLOT_BITS), (node - 1) & (MOST_SLOTS - 1), entry

    def _newborn(self, folder: Folder, place: Place) -> None:
        """An entry was staged that the medium knows nothing of yet."""
        self._unborn.add(folder.node(place.owner))
        if not folder.together(place):
            self._alone = True

    def _as_entry(self, name: str, node: int, raw: bytes) -> Entry:
        """A sound entry as listing it would show it."""
        attributes = raw[ATTRIBUTES]
        return Entry(
            name,
            node,
            Kind.DIRECTORY if attributes & DIRECTORY else Kind.FILE,
            0 if attributes & DIRECTORY else int.from_bytes(raw[SIZE:], "little"),
            nanoseconds(int.from_bytes(raw[24:26], "little"), int.from_bytes(raw[22:24], "little")),
            attributes & KEPT_ATTRIBUTES,
        )

    def _first_of(self, raw: bytes) -> int:
        """The first cluster of an entry, 0 where it has none."""
        high = raw[20:22] if self._geometry.width == 32 else b"\0\0"
        return int.from_bytes(raw[26:28] + high, "little")

    def _chain_of(self, first: int) -> list[Run]:
        """The clusters of an entry, those beyond its size too. Raises CorruptStructure."""
        return list(self._table.runs(first, self._geometry.clusters)) if first else []
