"""The exFAT driver that writes."""

from __future__ import annotations

import time

from core.entry import Attribute, Entry, Kind
from core.errors import AlreadyExists, InsideItself, NotEmpty, NotFound, UnsupportedFeature, WrongKind
from core.fs import dosnames
from core.fs.chain import Chain
from core.fs.exfat import names
from core.fs.exfat.directory import place_of
from core.fs.exfat.driver import ROOT
from core.fs.exfat.structures import DIRECTORY, LABEL, LABEL_ENTRY, MOST_LABEL, MOST_SECONDARIES
from core.fs.exfat.writing import entries
from core.fs.exfat.writing.files import ExFatFile, ExFatFiles
from core.fs.exfat.writing.folder import Folder
from core.fs.exfat.writing.member import Member
from core.fs.grouped import change
from core.fs.slots import SLOT_LENGTH
from core.fs.slotted import Place
from core.fs.staging import Phase
from core.fs.writable import UNTOLD, Times, WritableDriver


class ExFatWriter(ExFatFiles, WritableDriver):
    """`core.fs.exfat.driver.ExFat` over a device that can be written."""

    def vet(self, name: str) -> None:
        dosnames.check(name)

    def lookup(self, node: int, name: str) -> Entry:
        """A directory that is written to need not be read again for a name that it has not."""
        folder = self._folders.get(ROOT if node == ROOT else place_of(node)[0])
        if folder is not None and folder.find(name) is None:
            raise NotFound(name)
        return super().lookup(node, name)

    @change
    def create(self, parent: int, name: str, kind: Kind, times: Times = UNTOLD, attributes: int = 0) -> Entry:
        if kind not in (Kind.FILE, Kind.DIRECTORY):
            raise WrongKind(name, "file")
        folder = self._folder(parent)
        if folder.find(name) is not None:
            raise AlreadyExists(name)
        is_directory = kind is Kind.DIRECTORY
        raw = self._fit(name, DIRECTORY if is_directory else 0, times, time.time_ns())
        raw = entries.with_attributes(raw, attributes if is_directory else attributes | Attribute.ARCHIVE)
        self._begin()
        place = self._room(folder, parent, len(raw) // SLOT_LENGTH)
        node = folder.node(place.first)
        if is_directory:
            first = self._new_directory(node)
            size = self._geometry.cluster_size
            raw = entries.with_content(raw, True, first, size, size)
        raw = entries.sealed(raw)
        folder.put(place, raw, name)
        entry = self._born(node, name, raw)
        if not is_directory:
            self._remember(node, ExFatFile(0, 0, Chain([]), node, False))
        self._done()
        return entry

    def _new_directory(self, node: int) -> int:
        """The first cluster of an empty directory, which nothing refers to yet."""
        runs = self._clusters.take(1)
        self._clear_clusters(runs)
        self._clusters.found(runs)
        folder = Folder(
            self._staging,
            self._geometry,
            self._upcase(),
            node,
            Chain(runs),
            contiguous=True,
            steps=True,
            fresh=True,
        )
        self._keep(folder)
        return runs[0][0]

    @change
    def remove(self, node: int) -> None:
        member = self._member(node)
        if member.entry.kind is Kind.DIRECTORY and any(batch for batch in self.entries(node)):
            raise NotEmpty(member.entry.name)
        runs = self._clusters_of(member)
        self._begin()
        self._join_halves(member)
        self._clear(member)
        self._clusters.free(runs)
        self._leave(member)
        self._done()

    @change
    def rename(self, node: int, parent: int, name: str, *, replace: bool = False) -> Entry:
        member = self._member(node)
        entry, target = member.entry, self._folder(parent)
        if entry.kind is Kind.DIRECTORY and self._around(member.position) is not target:
            self._check_outside(member, target)
        there = target.find(name)
        if there is not None and target.position(there) != member.position:
            taken = self._replaced(target, name, replace) if entry.kind is Kind.FILE else None
            if taken is None:
                raise AlreadyExists(name)
            return self._take_over(member, taken)
        if there is not None and name == entry.name:
            return entry
        dosnames.check(name)
        place, content = self._move(member, parent, name)
        moved = target.node(place.first)
        unborn = member.position in self._unborn
        self._leave(member, moved)
        target.put(place, content, name)
        if unborn:
            self._unborn.add(target.position(place.first))
        self._done()
        return self._sets.find(moved).entry

    def _move(self, member: Member, parent: int, name: str) -> tuple[Place, bytes]:
        """Stages that a set leaves its place, and returns the slots and bytes with which it comes back.

        Within one sector that is one change. Otherwise the set must be gone from its old place before it is
        in the new one: the same clusters in two files would be the ruin of both.
        """
        target = self._folder(parent)
        renamed = entries.with_name(member.raw, name, self._upcase())
        count = len(renamed) // SLOT_LENGTH
        if count > min(MOST_SECONDARIES, 2 * target.per_sector):
            raise UnsupportedFeature(f"a set of {count} directory entries")
        self._begin()
        self._join_halves(member)
        place = None
        if self._around(member.position) is target:
            own = Place(target.slot_at(member.position), len(member.raw) // SLOT_LENGTH)
            place = target.room_beside(own, count)
        phase = Phase.ENTRY
        if place is None:
            if member.position in self._unborn:
                place = self._room(target, parent, count)
            if place is None or member.position not in self._unborn:  # making room may have written it
                place = self._place_on_medium(target, parent, count)
                phase = Phase.LEAVE
        self._clear(member, phase)
        return place, entries.sealed(renamed)

    def _place_on_medium(self, folder: Folder, node: int, count: int) -> Place:
        """Slots that the medium has already. Nothing is staged then but the change under way."""
        self._settle()
        place = self._room(folder, node, count)
        self._settle()
        for slot in range(place.first, place.last + 1):
            folder.raw(slot)  # if it cannot be read, that must show before anything is staged
        self._alone = True
        return place

    def _check_outside(self, member: Member, target: Folder) -> None:
        """Raises InsideItself when a directory is the target or one above it.

        No directory tells what it lies in: so those are looked through that lie in the one that moves.
        """
        waiting = [member.node] if target.home != ROOT else []
        while waiting:
            node = waiting.pop()
            if place_of(node)[0] == target.home:
                raise InsideItself(member.entry.name)
            for batch in self.entries(node):
                waiting += [
                    entry.node for entry in batch if entry.kind is Kind.DIRECTORY and not entry.problem
                ]

    def _take_over(self, member: Member, taken: Member) -> Entry:
        """A file takes the place of another, whose set goes over to the new bytes at once."""
        rest = self._file_of(taken.node).chain
        extra = self._benign_of(member)
        self._begin()
        self._join_halves(member)
        phase = Phase.ENTRY
        unit = self._staging.unit
        if member.position not in self._unborn and not (
            member.position // unit == taken.position // unit == taken.stream // unit
        ):
            self._settle()
            self._alone = True
            phase = Phase.LEAVE
        self._clear(member, phase)
        self._change(taken.pieces, entries.with_content_of(taken.raw, member.raw))
        self._clusters.free(rest.cut(0) + extra)
        self._leave(member)
        self._forget(taken.node)
        self._done()
        return self._sets.find(taken.node).entry

    def _leave(self, member: Member, moved: int | None = None) -> None:
        """There is no such node any more; a directory may have another one."""
        self._forget(member.node)
        self._unborn.discard(member.position)
        folder = self._folders.get(member.position)
        if member.entry.kind is Kind.DIRECTORY:
            self._look_anew()
        if folder is None:
            return
        if moved is None:
            self._turned.discard(folder.chain.first)
            self._drop(folder)
        else:
            del self._folders[folder.home]
            folder.own = moved
            self._folders[folder.home] = folder

    @change
    def set_times(self, node: int, times: Times) -> None:
        member = self._member(node)
        self._begin()
        self._change(member.pieces, entries.with_times(member.raw, times))
        self._done()

    @change
    def set_attributes(self, node: int, attributes: int) -> None:
        member = self._member(node)
        self._begin()
        self._change(member.pieces, entries.with_attributes(member.raw, attributes))
        self._done()

    @change
    def set_label(self, label: str) -> None:
        text = names.label(label)
        raw = LABEL_ENTRY.build(
            {"type": LABEL, "length": len(text) // 2, "text": text.ljust(2 * MOST_LABEL, b"\0")}
        )
        root = self._folder(ROOT)
        self._begin()
        if root.label is not None:
            root.relabel(raw if label else None)
        elif label:
            place = self._room(root, ROOT, 1)
            root.put(place, raw, None)
            root.label = place.first
        self._system().label = label
        self._done()
