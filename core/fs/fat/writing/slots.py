"""The slots of one directory: which names it has, where there is room, and how to fill it harmlessly.

An entry and its long name go into one sector wherever they fit, so that they come and go as one. Slots that
were never used lie behind the end mark, which some systems believe and others read past; so none of our
entries ever waits behind it: the sectors up to it are filled with deleted slots first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from core.entry import Entry
from core.fs.fat import names
from core.fs.fat.directory import SLOT_BITS
from core.fs.fat.structures import (
    DELETED,
    END,
    LAST_PIECE,
    LONG_ATTRIBUTES,
    LONG_MASK,
    MOST_PIECES,
    MOST_SLOTS,
    VOLUME_LABEL,
)
from core.fs.slots import SLOT_LENGTH, Chunk
from core.fs.staging import Phase, Staging


class Place(NamedTuple):
    """Slots in a row, the last of which is the entry itself."""

    first: int
    length: int

    @property
    def owner(self) -> int:
        return self.first + self.length - 1


class Folder:
    """A directory whose names are known and whose slots can be taken. Changes are staged."""

    def __init__(self, staging: Staging, directory: int, code_page: str, fresh: bool = False) -> None:
        self.directory = directory
        self.shorts: set[bytes] = set()
        """Every 8.3 name in it."""
        self._staging = staging
        self._code_page = code_page
        self.per_sector = staging.unit // SLOT_LENGTH
        self._names: dict[str, int] = {}
        """Slots by folded name, long and short."""
        self._starts: list[int] = []
        self._positions: list[int] = []
        self._used = bytearray()
        """1 for each slot that holds something."""
        self._end = 0
        """The first slot that was never used."""
        self._end_on_medium = 0
        self._opened = 0
        """Up to here no slot will hold an end mark once what is prepared is written."""
        self._garbage: list[int] = []
        """Slots behind the end that are not empty: what other systems left there."""
        self._fresh = 0 if fresh else MOST_SLOTS
        """From this slot on the directory lies in clusters that nothing on the medium refers to."""
        self._hints: dict[int, int] = {}
        """Where to look first for so many slots."""

    # what is there ------------------------------------------------------------------------------------------

    @property
    def slots(self) -> int:
        return len(self._used)

    def load(self, extents: Iterable[tuple[int, int]], chunks: Iterable[Chunk], entries: list[Entry]) -> None:
        """Takes in what the directory holds. The chunks cover the extents."""
        for position, length in extents:
            self._add(position, length // SLOT_LENGTH)
        data = b"".join(chunk.data for chunk in chunks)
        heads = data[0::SLOT_LENGTH]
        end = heads.find(END)
        self._end = self._end_on_medium = self._opened = len(heads) if end < 0 else end
        self._garbage = [slot for slot in range(self._end, len(heads)) if heads[slot]]
        self._used[: self._end] = bytes(head != DELETED for head in heads[: self._end])
        kinds = data[11::SLOT_LENGTH]
        for slot in range(self._end):
            if self._used[slot] and not kinds[slot] & VOLUME_LABEL:
                self.shorts.add(data[slot * SLOT_LENGTH : slot * SLOT_LENGTH + 11])
        for entry in entries:
            slot = entry.node - 1 & MOST_SLOTS - 1
            self._learn(entry.name, data[slot * SLOT_LENGTH : slot * SLOT_LENGTH + 11], slot)

    def load_new(self, position: int, length: int, used: int) -> None:
        """A new directory of one cluster, of which so many slots are used."""
        self._add(position, length // SLOT_LENGTH)
        self._used[:used] = b"\1" * used
        self._end = self._end_on_medium = self._opened = used

    def find(self, name: str) -> int | None:
        """The slot of the entry that a name, long or short, belongs to."""
        return self._names.get(names.folded(name))

    def position(self, slot: int) -> int:
        """Where a slot lies on the volume."""
        index = bisect_right(self._starts, slot) - 1
        return self._positions[index] + (slot - self._starts[index]) * SLOT_LENGTH

    def raw(self, slot: int) -> bytes:
        return self._staging.read(self.position(slot), SLOT_LENGTH)

    def chunks(self, first: int, end: int) -> list[Chunk]:
        """The bytes of the slots from `first` up to `end`, as far as the directory goes."""
        found = []
        end = min(end, self.slots)
        while first < end:
            index = bisect_right(self._starts, first)
            stop = min(self._starts[index] if index < len(self._starts) else self.slots, end)
            position = self.position(first)
            found.append(Chunk(self._staging.read(position, (stop - first) * SLOT_LENGTH), first, position))
            first = stop
        return found

    def place_of(self, slot: int) -> Place:
        """The slots of the entry in `slot`, with those of its long name."""
        mark = names.checksum(self.raw(slot)[:11])
        for order in range(1, min(MOST_PIECES, slot) + 1):
            piece = self.raw(slot - order)
            if piece[11] & LONG_MASK != LONG_ATTRIBUTES or piece[13] != mark:
                break
            if piece[0] == order | LAST_PIECE:
                return Place(slot - order, order + 1)
            if piece[0] != order:
                break
        return Place(slot, 1)

    def together(self, place: Place) -> bool:
        """Whether the medium takes these slots wholly or not at all."""
        return place.first >= self._fresh or self._sector(place.first) == self._sector(place.owner)

    def phase(self, slot: int) -> Phase:
        """When an entry in this slot may be written."""
        return Phase.PREPARE if slot >= self._fresh else Phase.ENTRY

    def node(self, slot: int) -> int:
        return (self.directory << SLOT_BITS | slot) + 1

    # room ---------------------------------------------------------------------------------------------------

    def grown(self, position: int, length: int) -> None:
        """The directory has a further cluster there, all zeros, which nothing on the medium refers to."""
        self._fresh = min(self._fresh, self.slots)
        self._add(position, length // SLOT_LENGTH)

    def room(self, count: int, *, apart: bool = False) -> Place | None:
        """So many free slots in a row, in one sector, or `apart` in two. Nothing is taken."""
        per = self.per_sector
        if count > per and not apart:
            return None
        needle = bytes(count)
        start = 0 if apart else self._hints.get(count, 0)
        while True:
            start = self._used.find(needle, start)
            if start < 0:
                return None
            last = (start + count - 1) // per
            if last - start // per <= (1 if apart else 0):
                if not apart:
                    self._hints[count] = start
                return Place(start, count)
            start = (last - 1 if apart else last) * per

    def room_beside(self, place: Place, count: int) -> Place | None:
        """The same in the sector of an entry, whose own slots count as free."""
        per = self.per_sector
        first = self._sector(place.owner) * per
        used = self._used[first : min(first + per, self.slots)]
        own = max(place.first, first) - first
        used[own : place.owner - first + 1] = bytes(place.owner - first + 1 - own)
        start = used.find(bytes(count))
        return None if start < 0 else Place(first + start, count)

    # changes ------------------------------------------------------------------------------------------------

    def put(self, place: Place, content: bytes, name: str | None) -> None:
        """Stages an entry with its long name in free slots. Without a `name` it is none of a file."""
        self._open_up_to(place)
        owner_sector = self._sector(place.owner)
        split = max(place.first, owner_sector * self.per_sector)
        if place.first < split and place.first < self._fresh:
            head = (split - place.first) * SLOT_LENGTH
            self._stage(Phase.ADORN, place.first, content[:head])
            self._stage(self.phase(place.owner), split, content[head:])
        else:
            self._stage(self.phase(place.owner), place.first, content)
        self._used[place.first : place.owner + 1] = b"\1" * place.length
        if name is not None:
            short = content[-SLOT_LENGTH:][:11]
            self._learn(name, short, place.owner)
            self.shorts.add(short)

    def change(self, slot: int, raw: bytes) -> None:
        """Stages other bytes for an entry that keeps its name."""
        self._staging.stage(self.phase(slot), self.position(slot), raw)

    def clear(self, place: Place, name: str, phase: Phase = Phase.ENTRY) -> None:
        """Stages that the slots of an entry are free. The sector of the entry itself changes last."""
        short = self.raw(place.owner)[:11]
        for slot in range(place.first, place.owner + 1):
            if slot >= self._fresh:
                when = Phase.PREPARE
            elif self._sector(slot) != self._sector(place.owner):
                when = Phase.STRIP
            else:
                when = phase
            self._mark((slot,), when)
        self._used[place.first : place.owner + 1] = bytes(place.length)
        for count, hint in self._hints.items():
            self._hints[count] = min(hint, place.first - place.first % self.per_sector)
        self.shorts.discard(short)
        for known in (name, names.short_name(short, 0, self._code_page)):
            if self._names.get(names.folded(known)) == place.owner:
                del self._names[names.folded(known)]

    def label(self) -> int | None:
        """The slot of the volume's label."""
        for slot in range(self._end):
            if self._used[slot]:
                kind = self.raw(slot)[11]
                if kind & VOLUME_LABEL and kind & LONG_MASK != LONG_ATTRIBUTES:
                    return slot
        return None

    def unlabel(self, slot: int) -> None:
        self._mark((slot,), self.phase(slot))
        self._used[slot] = 0

    def settled(self) -> None:
        """All that was staged is written."""
        self._end_on_medium = self._opened = self._end
        self._fresh = MOST_SLOTS

    def _add(self, position: int, slots: int) -> None:
        slots = min(slots, MOST_SLOTS - self.slots)
        self._starts.append(self.slots)
        self._positions.append(position)
        self._used += bytes(slots)

    def _learn(self, name: str, short: bytes, slot: int) -> None:
        self._names[names.folded(names.short_name(short, 0, self._code_page))] = slot
        self._names[names.folded(name)] = slot

    def _sector(self, slot: int) -> int:
        return slot // self.per_sector

    def _stage(self, phase: Phase, slot: int, data: bytes) -> None:
        for first, piece in self._pieces(slot, data):
            self._staging.stage(phase, self.position(first), piece)

    def _pieces(self, slot: int, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Sector by sector: slots of two clusters need not lie together."""
        done = 0
        while done < len(data):
            size = min((self.per_sector - slot % self.per_sector) * SLOT_LENGTH, len(data) - done)
            yield slot, data[done : done + size]
            slot += size // SLOT_LENGTH
            done += size

    def _open_up_to(self, place: Place) -> None:
        """Moves the end mark behind these slots and marks what lies before them as deleted.

        What shares the end mark's sector changes together with the entry. Of any sector behind it, all slots
        are marked before an entry comes into one, so that none waits behind an end mark for somebody to
        move that.
        """
        if place.owner < self._end:
            return
        self._mark(self._garbage, Phase.PREPARE, END)
        self._garbage = []
        until = place.owner + 1
        if place.owner >= self._fresh:
            self._mark(range(self._opened, min(self._fresh, self.slots)), Phase.PREPARE)
            self._opened = max(self._opened, self._fresh)
            self._mark(range(max(self._end, self._fresh), place.first), Phase.PREPARE)
        elif self._sector(place.owner) == self._sector(self._end_on_medium):
            self._mark(range(self._end, place.first), Phase.ENTRY)
        else:
            until = min((self._sector(place.owner) + 1) * self.per_sector, self.slots)
            self._mark(range(self._opened, until), Phase.PREPARE)
            self._opened = until
        self._end = until

    def _mark(self, slots: Iterable[int], phase: Phase, mark: int = DELETED) -> None:
        """Stages the first bytes of slots, a sector at a time."""
        for _, group in groupby(slots, self._sector):
            marked = list(group)
            first, last = marked[0], marked[-1]
            data, mask = (
                bytearray((last - first + 1) * SLOT_LENGTH),
                bytearray((last - first + 1) * SLOT_LENGTH),
            )
            for slot in marked:
                data[(slot - first) * SLOT_LENGTH] = mark
                mask[(slot - first) * SLOT_LENGTH] = 0xFF
            self._staging.stage(phase, self.position(first), bytes(data), bytes(mask))
