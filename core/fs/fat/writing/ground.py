"""What every change to a FAT volume stands on: what is staged, when it is written, the open directories."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Self

from core.blockdev.device import BlockDevice
from core.entry import Entry, Kind
from core.errors import DirectoryFull, MediumError, ReadOnly, WrongKind
from core.fs.allocation import Run
from core.fs.dostimes import nanoseconds
from core.fs.driver import DEFAULTS, Options, Warnings
from core.fs.fat import names
from core.fs.fat.directory import SLOT_BITS, Parser
from core.fs.fat.driver import ROOT, Fat
from core.fs.fat.geometry import Geometry, read_geometry
from core.fs.fat.structures import DIRECTORY, KEPT_ATTRIBUTES, MOST_SLOTS, Short
from core.fs.fat.writing import naming
from core.fs.fat.writing.clusters import Clusters
from core.fs.fat.writing.entries import ATTRIBUTES, SIZE
from core.fs.fat.writing.owned import unowned
from core.fs.fat.writing.slots import Folder
from core.fs.fat.writing.state import State
from core.fs.fat.writing.table import WritableTable
from core.fs.grouped import Grouped
from core.fs.owned import examine
from core.fs.slots import SLOT_LENGTH, Chunk
from core.fs.slotted import Place
from core.fs.staging import Mirror, Phase, Staging

_GROWTH = 16 << 10
"""Bytes by which a directory grows at most: less would scatter it among the files it gets."""
_FOLDERS, _FOLDER_SLOTS = 256, 2 * MOST_SLOTS
_COUNTED = 8 << 20
"""Bytes of an allocation table up to which free clusters are counted before the first change."""


class Ground(Grouped, Fat):
    """An open volume, the changes to it, and how they come to the medium."""

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings, code_page: str) -> None:
        tables = geometry.tables
        size = tables[1] - tables[0] if len(tables) > 1 else 0
        unit = min(device.sector_size, geometry.sector_size)
        mirrors = tuple(Mirror(tables[0], size, table - tables[0]) for table in tables[1:])
        staging = Staging(device, unit, mirrors)
        super().__init__(staging, geometry, warnings, code_page)
        self._table = table = WritableTable(staging, geometry, warnings)
        self._group(staging, super()._dirty())
        self._state = State(self._staging, geometry, table)
        told = self._state.free if self._large and not self._was_dirty else None
        self._clusters = Clusters(table, geometry, self._settle, self._examine, self._state.next, told)
        self._folders: OrderedDict[int, Folder] = OrderedDict()
        self._directories: dict[int, int] = {}
        """First clusters of directories, by node."""
        self._unborn: set[int] = set()
        """Nodes of entries that are not on the medium yet."""

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        """Raises ReadOnly besides, for a volume whose boot sector is not to be trusted with new files."""
        warnings = Warnings()
        geometry = read_geometry(device, warnings)
        if warnings:
            raise ReadOnly("its boot sector is damaged")
        return cls(device, geometry, warnings, options.code_page)

    # when things are written --------------------------------------------------------------------------------

    def _mark(self, *, dirty: bool) -> None:
        self._state.mark(dirty=dirty)

    def _inform(self) -> None:
        self._state.inform(self._free(self._was_dirty), self._clusters.space.next)

    def _on_medium(self) -> None:
        self._clusters.settled()
        for folder in self._folders.values():
            folder.settled()
        self._unborn.clear()

    def flush(self) -> None:
        super().flush()
        self._look_anew()

    def _start_over(self) -> None:
        super()._start_over()
        self._table.forget()
        self._folders.clear()
        self._directories.clear()

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

    def _examine(self) -> None:
        """Raises ReadOnly when clusters of files are marked as free."""
        examine(unowned(self._table, self._geometry, lambda directory: self._chunks(directory, [])))

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
            lost: list[MediumError] = []
            chunks = list(self._chunks(directory, lost))
            if lost:
                raise lost[0]  # what lies there is not known, and must not be written over
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

    def _entry(self, node: int) -> tuple[Entry, Short]:
        if self._marked:  # what was met before may have changed since
            self._look_anew()
        return super()._entry(node)

    def _structure(self, node: int) -> Short:
        if self._marked:
            self._look_anew()
        return super()._structure(node)

    def _slots(self, directory: int, first: int, end: int) -> list[Chunk]:
        """As for reading, without walking the chain of a directory that is known."""
        folder = self._folders.get(directory)
        if folder is None:
            return super()._slots(directory, first, end)
        return folder.chunks(first, end)

    def _slot(self, directory: int, slot: int) -> bytes:
        if directory not in self._folders:
            return super()._slot(directory, slot)
        return b"".join(chunk.data for chunk in self._slots(directory, slot, slot + 1))

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
        self._unborn.add(folder.node(place.last))
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
