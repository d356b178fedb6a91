"""The walk of a check through every folder and file of a FAT volume, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, NamedTuple

from core.blockdev.device import BlockDevice
from core.entry import Entry, Finding, FindingKind, Kind, Remedy
from core.errors import CorruptStructure, Fault, MediumError, UnsupportedFeature
from core.fs.checking import Problem, Stage, mended
from core.fs.driver import Warnings
from core.fs.fat import names
from core.fs.fat.directory import SLOT_BITS, Parser
from core.fs.fat.geometry import Geometry
from core.fs.fat.oddities import behind_end, odd_slots
from core.fs.fat.structures import DELETED, DOTS, END, MOST_SLOTS, SHORT_PACKED
from core.fs.fat.table import AllocationTable
from core.fs.ownership import Followed, Owner, Ownership
from core.fs.paths import Place
from core.fs.slots import SLOT_LENGTH, Chunk, chunks

if TYPE_CHECKING:
    from core.fs.fat.mending import FatMender

Problems = Iterator["Problem[FatMender] | None"]

_MOST_WAITING = 1 << 18
"""Folders known and not looked into yet."""


class _Folder(NamedTuple):
    first: int
    """0 is the root."""
    above: int
    place: Place
    position: int = 0
    """Where its entry lies."""
    clusters: int = 0
    """How many of its chain are its own and looked into; 0 for all of them."""


class _Slot(NamedTuple):
    """An entry where it lies."""

    folder: _Folder
    entry: Entry
    position: int
    raw: bytes

    @property
    def number(self) -> int:
        return (self.entry.node - 1) & (1 << SLOT_BITS) - 1


class Walk:
    """Fills `owned` with whose each cluster is."""

    def __init__(
        self,
        device: BlockDevice,
        geometry: Geometry,
        table: AllocationTable,
        code_page: str,
        owned: Ownership,
        *,
        vouched_for: bool,
    ) -> None:
        """`vouched_for`: whether the volume's layout is known for certain."""
        self.hidden = False
        """Whether something could not be looked into, which may have clusters that seem to be lost."""
        self._device = device
        self._geometry = geometry
        self._table = table
        self._code_page = code_page
        self._owned = owned
        self._waiting: list[_Folder] = []
        self._labelled = False
        self._folders = 0
        """Those that begin as folders do."""
        self._vouched_for = vouched_for
        self._no_folders: list[tuple[Finding, _Folder, bool]] = []
        """What has no dots, and whether it is rather a file."""
        self.seen = 0
        """Files and folders with clusters."""

    def problems(self) -> Problems:
        root = _Folder(0, 0, Place())
        if self._geometry.width == 32:
            yield from self._root()
        self._waiting.append(root)
        while self._waiting:
            yield from self._listed(self._waiting.pop())
        for finding, folder, is_file in self._no_folders:
            if not (self._folders or self._vouched_for):  # rather it is looked for in the wrong place
                self.hidden = True
                yield Problem(finding)
            elif is_file:
                yield self._made_a_file(finding, folder.position)
            else:
                yield self._dotted(finding, folder)

    def _listed(self, folder: _Folder) -> Problems:
        """Everything in one folder."""
        seen: set[str | bytes] = set()
        warnings = Warnings()
        for chunk, entries in self._read(folder, warnings):
            if chunk.slot == 0 and folder.first and chunk.data:
                no_folder = yield from self._dots(folder, chunk, entries)
                if no_folder:
                    return
            if chunk.slot >= 0:
                self._labelled = yield from odd_slots(
                    chunk, str(folder.place), inside=folder.first > 0, labelled=self._labelled
                )
            for entry in entries:
                if isinstance(entry, Finding):
                    self.hidden = True
                    yield Problem(entry)
                    continue
                at = ((entry.node - 1) & (1 << SLOT_BITS) - 1) - chunk.slot
                raw = chunk.data[at * SLOT_LENGTH : (at + 1) * SLOT_LENGTH]
                slot = _Slot(folder, entry, chunk.position + at * SLOT_LENGTH, raw)
                yield from self._entry(slot, seen)
            yield None
        yield from behind_end(self._device, self._pieces(folder), str(folder.place), folder.first)
        for fault in warnings:
            yield self._pieces_removed(folder, Finding(FindingKind.NAME_PIECES, str(folder.place), fault))

    def _dotted(self, finding: Finding, folder: _Folder) -> Problem[FatMender]:
        return mended(finding, Remedy.CORRECT, lambda mender: mender.dot(folder.first, folder.above))

    def _made_a_file(self, finding: Finding, position: int) -> Problem[FatMender]:
        return mended(finding, Remedy.MAKE_FILE, lambda mender: mender.make_file(position))

    def _root(self) -> Problems:
        found = self._follow(self._geometry.root_cluster, None, Owner.FOLDER)
        if found.damage is not None:
            yield self._cut_short(Place(), found, found.damage)

    # folders ------------------------------------------------------------------------------------------------

    def _read(self, folder: _Folder, warnings: Warnings) -> Iterator[tuple[Chunk, list[Entry | Finding]]]:
        """The chunks of a directory, with the entries that end in each."""
        parser = Parser(folder.first, self._geometry, self._code_page, warnings)
        lost: list[MediumError] = []
        last = Chunk(b"", 0, 0)
        try:
            for chunk in chunks(self._device, self._pieces(folder), lost):
                last = chunk
                yield chunk, list(parser.entries(chunk))
                if parser.ended:
                    break
        except CorruptStructure:
            pass  # told when its clusters were followed
        except MediumError as error:
            if error not in lost:
                lost.append(error)
        parser.rest()
        path = str(folder.place)
        found: list[Entry | Finding] = [
            Finding(FindingKind.UNREADABLE, path, Fault.of(error)) for error in lost
        ]
        yield last._replace(slot=-1), found

    def _pieces(self, folder: _Folder) -> Iterator[tuple[int, int]]:
        geometry = self._geometry
        if folder.first == 0 and geometry.width != 32:
            yield geometry.root_offset, geometry.root_size
            return
        most = max(1, MOST_SLOTS * SLOT_LENGTH // geometry.cluster_size)
        if folder.clusters:
            most = min(most, folder.clusters)
        for cluster, count in self._table.runs(folder.first or geometry.root_cluster, most):
            yield geometry.position(cluster), count * geometry.cluster_size

    def _dots(
        self, folder: _Folder, chunk: Chunk, entries: list[Entry | Finding]
    ) -> Generator[Problem[FatMender] | None, None, bool]:
        """Looks at the first two entries. Returns whether this is no folder at all."""
        path, position = str(folder.place), chunk.position
        wanted = ((folder.first,), (folder.above, folder.above or self._geometry.root_cluster))
        slots = [chunk.data[at : at + SLOT_LENGTH] for at in (0, SLOT_LENGTH)]
        named = [slot.startswith(name) for slot, name in zip(slots, DOTS, strict=True)]
        if not any(named):
            is_file = any(isinstance(one, Finding) or one.problem for one in entries)
            fault = CorruptStructure("directory", position, "a folder", "something else")
            finding = Finding(FindingKind.PARENT, path, Fault.of(fault))
            if is_file or all(slot[0] in (DELETED, END) for slot in slots):
                self._no_folders.append((finding, folder, is_file))
            else:
                yield Problem(finding)
            return is_file
        self._folders += all(named)
        for number, (slot, clusters) in enumerate(zip(slots, wanted, strict=True)):
            at = position + number * SLOT_LENGTH
            if named[number]:
                there = self._first_cluster(slot)
                if there in clusters:
                    continue
                found = f"cluster {there}"
            else:
                found = "none"
            expected = f"{'..' if number else '.'} to cluster {clusters[0]}"
            finding = Finding(
                FindingKind.PARENT, path, Fault.of(CorruptStructure("directory", at, expected, found))
            )
            if named[number] or slot[0] in (DELETED, END):
                yield self._pointed(finding, at, number, clusters[0])
            else:
                yield Problem(finding)
        return False

    def _pointed(self, finding: Finding, at: int, number: int, cluster: int) -> Problem[FatMender]:
        return mended(finding, Remedy.CORRECT, lambda mender: mender.point(at, DOTS[number], cluster))

    def _pieces_removed(self, folder: _Folder, finding: Finding) -> Problem[FatMender]:
        return mended(finding, Remedy.REMOVE_PIECES, lambda mender: mender.remove_pieces(folder.first))

    # entries ------------------------------------------------------------------------------------------------

    def _entry(self, slot: _Slot, seen: set[str | bytes]) -> Problems:
        folder, entry, position, raw = slot
        place = Place(entry.name, folder.place)
        first, last = self._first_cluster(raw), self._table.entries - 1
        is_folder = entry.kind is Kind.DIRECTORY
        self.seen += is_folder or first != 0
        outside = not 2 <= first <= last and (is_folder or entry.size > 0 or first != 0)
        yield from self._name(slot, place, seen)
        if outside:
            fault = CorruptStructure(
                "directory entry", position, f"a first cluster from 2 to {last}", f"cluster {first}"
            )
            finding = Finding(FindingKind.ENTRY, str(place), Fault.of(fault))
            if is_folder:
                yield self._removed(finding, slot)
            else:
                yield self._resized(finding, Remedy.EMPTY, position, 0)
        elif is_folder:
            yield from self._directory(slot, place, first)
        elif first:
            yield from self._file(slot, place, first)

    def _name(self, slot: _Slot, place: Place, seen: set[str | bytes]) -> Problems:
        folder, entry, position, raw = slot
        problem = entry.problem
        if problem is not None and problem.values.get("structure") == "long name":
            yield self._pieces_removed(folder, Finding(FindingKind.ENTRY, str(place), problem))
        elif problem is not None and problem.values.get("expected") == "a name":
            yield self._renamed(Finding(FindingKind.ENTRY, str(place), problem), slot)
        folded = names.folded(entry.name)
        if folded in seen:
            fault = CorruptStructure(
                "directory entry", position, "a name of its own", "one that is there twice"
            )
            yield self._renamed(Finding(FindingKind.NAME_TWICE, str(place), Fault.of(fault)), slot)
        elif raw[:11] in seen and problem is None:
            fault = CorruptStructure(
                "directory entry", position, "an 8.3 name of its own", "one that is there twice"
            )
            yield self._reshortened(Finding(FindingKind.NAME_TWICE, str(place), Fault.of(fault)), slot)
        seen.update((folded, raw[:11]))

    def _directory(self, slot: _Slot, place: Place, first: int) -> Problems:
        if any(slot.raw[28:]) and self._looks_like_a_folder(first):
            fault = CorruptStructure("directory entry", slot.position, "a folder without a size", "one")
            finding = Finding(FindingKind.ENTRY, str(place), Fault.of(fault))
            yield self._resized(finding, Remedy.CORRECT, slot.position, 0)
        found = self._follow(first, None, Owner.FOLDER)
        clusters = found.has
        if found.shared:
            fault = CorruptStructure(
                "directory entry",
                slot.position,
                "a folder that is only here",
                f"cluster {found.shared_at}, which has an owner",
            )
            finding = Finding(FindingKind.SHARED, str(place), Fault.of(fault), found.shared)
            if found.met is Owner.FOLDER or (found.own == 0 and not self._looks_like_a_folder(first)):
                clusters = found.own
                if found.own:
                    yield self._cut_off(finding, found.last_own)
                else:  # what is in it is found where it was met first
                    yield self._removed(finding, slot)
                    return
            else:
                self._owned.claim(first, 1, Owner.FOLDER)
                yield mended(
                    finding, Remedy.COPY, lambda mender: mender.copy(slot.position, found.has), Stage.SHARING
                )
        elif found.damage is not None:
            if not found.has:
                finding = Finding(FindingKind.CHAIN, str(place), Fault.of(found.damage))
                yield self._removed(finding, slot)
                return
            yield self._cut_short(place, found, found.damage)
        if len(self._waiting) >= _MOST_WAITING:
            raise UnsupportedFeature("checking so many folders")
        self._waiting.append(_Folder(first, slot.folder.first, place, slot.position, clusters))

    def _file(self, slot: _Slot, place: Place, first: int) -> Problems:
        position, size = slot.position, slot.entry.size
        unit = self._geometry.cluster_size
        needed = -(-size // unit)
        found = self._follow(first, needed, Owner.FILE)
        path = str(place) if found.has != needed or found.damage or found.shared else ""
        if found.has >= needed:
            if found.damage is not None or (found.has > needed and not found.shared):
                kind = FindingKind.CHAIN if found.damage is not None else FindingKind.TOO_LONG
                fault = Fault.of(found.damage or self._chain(first, needed, size, found.has))
                finding = Finding(kind, path, fault, found.has - needed)
                if not needed:
                    yield self._resized(finding, Remedy.CUT, position, 0)
                elif not found.shared:
                    yield self._cut_off(finding, found.tail)
        elif isinstance(found.damage, MediumError):
            yield Problem(Finding(FindingKind.CHAIN, path, Fault.of(found.damage), found.has))
            return
        else:
            kind = FindingKind.TOO_SHORT if found.damage is None else FindingKind.CHAIN
            fault = Fault.of(found.damage or self._chain(first, needed, size, found.has))
            finding = Finding(kind, path, fault, needed - found.has)
            ends = 0 if found.shared or found.damage is None else found.last
            yield self._resized(
                finding, Remedy.SHORTEN if found.has else Remedy.EMPTY, position, found.has * unit, ends
            )
        if found.shared:
            fault = Fault.of(
                CorruptStructure(
                    "cluster chain",
                    self._table.offset(found.shared_at),
                    "clusters of one file",
                    f"{found.shared} of two",
                )
            )
            finding = Finding(FindingKind.SHARED, path, fault, found.shared)
            yield mended(
                finding,
                Remedy.COPY,
                lambda mender: mender.copy_file(position, min(found.has, needed), found.own, found.last_own),
                Stage.SHARING,
            )

    # the ways to mend them ----------------------------------------------------------------------------------

    def _removed(self, finding: Finding, slot: _Slot) -> Problem[FatMender]:
        return mended(
            finding, Remedy.REMOVE_ENTRY, lambda mender: mender.remove(slot.folder.first, slot.number)
        )

    def _renamed(self, finding: Finding, slot: _Slot) -> Problem[FatMender]:
        return mended(finding, Remedy.RENAME, lambda mender: mender.rename(slot.folder.first, slot.number))

    def _reshortened(self, finding: Finding, slot: _Slot) -> Problem[FatMender]:
        return mended(finding, Remedy.RENAME, lambda mender: mender.reshorten(slot.folder.first, slot.number))

    def _resized(
        self, finding: Finding, remedy: Remedy, position: int, size: int, ends: int = 0
    ) -> Problem[FatMender]:
        """`ends`: the cluster that becomes the last of the chain."""
        return mended(finding, remedy, lambda mender: mender.resize(position, size, ends))

    def _cut_off(self, finding: Finding, last: int) -> Problem[FatMender]:
        return mended(finding, Remedy.CUT, lambda mender: mender.cut(last))

    def _cut_short(
        self, place: Place, found: Followed, damage: CorruptStructure | MediumError
    ) -> Problem[FatMender]:
        """The chain of a folder, which is to end where it is sound."""
        finding = Finding(FindingKind.CHAIN, str(place), Fault.of(damage), found.has)
        if isinstance(damage, MediumError) or not found.has:
            self.hidden = True
            return Problem(finding)
        return self._cut_off(finding, found.last)

    def _follow(self, first: int, needed: int | None, owner: Owner) -> Followed:
        return self._owned.follow(self._table.runs(first, self._table.entries), needed, owner)

    def _looks_like_a_folder(self, cluster: int) -> bool:
        try:
            start = self._device.read(self._geometry.position(cluster), 2 * SLOT_LENGTH)
        except MediumError:
            return False
        return start.startswith(DOTS[0]) and start[SLOT_LENGTH:].startswith(DOTS[1])

    def _chain(self, cluster: int, needed: int, size: int, has: int) -> CorruptStructure:
        where = self._table.offset(cluster)
        return CorruptStructure("cluster chain", where, f"{needed} clusters for {size} bytes", str(has))

    def _first_cluster(self, slot: bytes) -> int:
        _, _, _, _, _, _, _, high, _, _, low, _ = SHORT_PACKED.unpack(slot)
        return int(low | (high << 16 if self._geometry.width == 32 else 0))
