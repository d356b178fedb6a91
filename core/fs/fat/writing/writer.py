"""The FAT driver that writes."""

from __future__ import annotations

from core.entry import Attribute, Entry, Kind
from core.errors import AlreadyExists, InsideItself, NameNotAllowed, NotEmpty, NotFound, WrongKind
from core.fs import dosnames
from core.fs.chain import Chain
from core.fs.fat.driver import ROOT
from core.fs.fat.structures import DIRECTORY, DOTS, NO_LABEL, VOLUME_LABEL
from core.fs.fat.writing import entries, naming
from core.fs.fat.writing.files import FatFile, FatFiles
from core.fs.fat.writing.slots import Folder
from core.fs.grouped import change
from core.fs.slots import SLOT_LENGTH
from core.fs.slotted import Place
from core.fs.staging import Phase
from core.fs.writable import UNTOLD, Reason, Times, WritableDriver, local_now

_DEEPEST = 1024
_DOT, _DOTS = DOTS


class FatWriter(FatFiles, WritableDriver):
    """`core.fs.fat.driver.Fat` over a device that can be written."""

    def vet(self, name: str) -> None:
        dosnames.check(name)

    def lookup(self, node: int, name: str) -> Entry:
        """A directory that is written to need not be read again for a name that it has not."""
        begins = self._directories.get(node)
        folder = self._folders.get(begins) if begins is not None else None
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
        long, case, short = self._fit(folder, name)
        self._begin()
        place = self._room(folder, parent, len(long) // SLOT_LENGTH + 1)
        now = local_now()
        first = self._new_directory(folder, times, now) if kind is Kind.DIRECTORY else 0
        raw = entries.entry(short, case, DIRECTORY if first else 0, times, now, first)
        raw = entries.with_attributes(raw, attributes if first else attributes | Attribute.ARCHIVE)
        folder.put(place, long + raw, name)
        node = folder.node(place.last)
        self._forget(node)
        self._newborn(folder, place)
        if not first:
            self._remember(node, FatFile(0, 0, Chain([]), folder, place.last))
        self._done()
        return self._as_entry(name, node, raw)

    def _new_directory(self, above: Folder, times: Times, now: int) -> int:
        """The first cluster of an empty directory, which nothing refers to yet."""
        runs = self._clusters.take(1)
        first = runs[0][0]
        position, size = self._geometry.position(first), self._geometry.cluster_size
        dots = entries.entry(_DOT, 0, DIRECTORY, times, now, first)
        dots += entries.entry(_DOTS, 0, DIRECTORY, times, now, above.directory)
        self._staging.stage(Phase.PREPARE, position, dots + bytes(size - len(dots)))
        self._clusters.chain(runs)
        folder = Folder(self._staging, first, self._code_page, fresh=True)
        folder.load_new(position, size, len(dots) // SLOT_LENGTH)
        self._keep(folder)
        return first

    @change
    def remove(self, node: int) -> None:
        folder, slot, entry = self._slot_of(node)
        first = self._first_of(folder.raw(slot))
        if entry.kind is Kind.DIRECTORY:
            self._check_first(node, first)
            if any(batch for batch in self.entries(node)):
                raise NotEmpty(entry.name)
        runs = self._chain_of(first)
        self._begin()
        folder.clear(folder.place_of(slot), entry.name)
        self._clusters.free(runs)
        self._leave(node)
        if entry.kind is Kind.DIRECTORY:
            self._folders.pop(first, None)
        self._done()

    @change
    def rename(self, node: int, parent: int, name: str, *, replace: bool = False) -> Entry:
        source, slot, entry = self._slot_of(node)
        target = self._folder(parent)
        if entry.kind is Kind.DIRECTORY:
            self._check_outside(entry, self._first_of(source.raw(slot)), target)
        there = target.find(name)
        if there is not None and not (target is source and there == slot):
            if entry.kind is not Kind.FILE or self._replaced(target, name, replace) is None:
                raise AlreadyExists(name)
            return self._take_over(node, parent, there)
        if there is not None and name == entry.name:
            return entry
        place, content = self._move(node, parent, name)
        moved = target.node(place.last)
        unborn = node in self._unborn
        self._leave(node)
        self._forget(moved)
        target.put(place, content, name)
        if unborn:
            self._newborn(target, place)
        self._done()
        return self._entry(moved)[0]

    def _move(self, node: int, parent: int, name: str) -> tuple[Place, bytes]:
        """Stages that an entry leaves its place, and returns the slots and bytes with which it comes back.

        Within one sector that is one change. Otherwise the entry must be gone from its old place before it
        is in the new one: the same clusters in two files would be the ruin of both.
        """
        source, slot, entry = self._slot_of(node)
        target = self._folder(parent)
        old, raw = source.place_of(slot), source.raw(slot)
        if target is source:
            source.shorts.discard(raw[:11])
        try:
            long, case, short = self._fit(target, name)
        finally:
            source.shorts.add(raw[:11])
        content = long + entries.with_name(raw, short, case)
        count = len(content) // SLOT_LENGTH
        self._begin()
        place = source.room_beside(old, count) if target is source else None
        phase = Phase.ENTRY
        if place is None:
            if node in self._unborn:
                place = self._room(target, parent, count)
            if place is None or node not in self._unborn:  # making room may have written it
                place = self._place_on_medium(target, parent, count)
                phase = Phase.LEAVE
        source.clear(old, entry.name, phase)
        if entry.kind is Kind.DIRECTORY and target is not source:
            turning = Phase.PREPARE if node in self._unborn else Phase.TURN
            self._point_back(self._first_of(raw), target, turning)
        return place, content

    def _place_on_medium(self, folder: Folder, node: int, count: int) -> Place:
        """Slots that the medium has already. Nothing is staged then but the change under way."""
        self._settle()
        place = self._room(folder, node, count)
        self._settle()
        for slot in (place.first, place.last):
            folder.raw(slot)  # if it cannot be read, that must show before anything is staged
        self._alone = True
        return place

    def _point_back(self, directory: int, above: Folder, phase: Phase) -> None:
        """Stages the `..` of a directory that has moved."""
        position = self._geometry.position(directory) + SLOT_LENGTH
        raw = self._staging.read(position, SLOT_LENGTH)
        if raw.startswith(_DOTS):
            self._staging.stage(phase, position, entries.with_content(raw, above.directory, 0))

    def _check_outside(self, entry: Entry, first: int, target: Folder) -> None:
        """Raises InsideItself when the directory that begins there is the target or one above it."""
        above = target.directory
        for _ in range(_DEEPEST):
            if above == first:
                raise InsideItself(entry.name)
            if above == 0:
                return
            raw = self._staging.read(self._geometry.position(above) + SLOT_LENGTH, SLOT_LENGTH)
            above = self._first_of(raw)
            if not raw.startswith(_DOTS) or not (above == 0 or 2 <= above <= self._geometry.clusters + 1):
                return

    def _take_over(self, node: int, parent: int, there: int) -> Entry:
        """A file takes the place of another, whose entry goes over to the new bytes in one sector."""
        source, slot, entry = self._slot_of(node)
        target = self._folder(parent)
        taken = target.node(there)
        old = self._file_of(taken).chain
        raw = source.raw(slot)
        content = target.raw(there)[:11] + raw[11 : entries.CASE] + target.raw(there)[entries.CASE :][:1]
        content += raw[entries.CASE + 1 :]
        self._begin()
        place = source.place_of(slot)
        phase = Phase.ENTRY
        if node not in self._unborn and not (
            target is source and source.together(Place(min(slot, there), abs(slot - there) + 1))
        ):
            self._settle()
            self._alone = True
            phase = Phase.LEAVE
        source.clear(place, entry.name, phase)
        target.change(there, content)
        self._clusters.free(old.cut(0))
        self._leave(node)
        self._forget(taken)
        self._done()
        return self._entry(taken)[0]

    def _leave(self, node: int) -> None:
        """There is no such node any more."""
        self._forget(node)
        self._unborn.discard(node)
        self._directories.pop(node, None)

    @change
    def set_times(self, node: int, times: Times) -> None:
        folder, slot, _ = self._slot_of(node)
        raw = entries.with_times(folder.raw(slot), times)
        self._begin()
        folder.change(slot, raw)
        self._done()

    @change
    def set_attributes(self, node: int, attributes: int) -> None:
        folder, slot, _ = self._slot_of(node)
        raw = entries.with_attributes(folder.raw(slot), attributes)
        self._begin()
        folder.change(slot, raw)
        self._done()

    @change
    def set_label(self, label: str) -> None:
        raw = self._label_bytes(label)
        root = self._folder_at(0)
        slot = root.label()
        self._begin()
        if not label:
            if slot is not None:
                root.unlabel(slot)
        elif slot is not None:
            root.change(slot, raw + root.raw(slot)[11:])
        else:
            place = self._room(root, ROOT, 1)
            root.put(place, entries.entry(raw, 0, VOLUME_LABEL, UNTOLD, local_now()), None)
        self._state.label(raw if label else NO_LABEL)
        self._done()

    def _label_bytes(self, label: str) -> bytes:
        """The 11 bytes of a label: FAT 1.03, page 24. Raises NameNotAllowed."""
        upper = label.upper()
        if not naming.FORBIDDEN_SHORT.isdisjoint(upper) or "." in upper or label != label.strip():
            raise NameNotAllowed(label, Reason.CHARACTER)
        try:
            raw = upper.encode(self._code_page)
        except UnicodeEncodeError as error:
            raise NameNotAllowed(label, Reason.CHARACTER) from error
        if len(raw) > 11:
            raise NameNotAllowed(label, Reason.LENGTH)
        return b"\x05" + raw[1:].ljust(10) if raw.startswith(b"\xe5") else raw.ljust(11)
