"""A directory whose slots of 32 bytes can be taken: where there is room, and how to fill it harmlessly.

What belongs to one file goes into one sector wherever it fits, so that it comes and goes as one. Slots that
were never used lie behind the end mark, which some systems believe and others read past; so none of our
entries ever waits behind it: the sectors up to it are filled with deleted slots first.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import ClassVar, NamedTuple

from core.fs.slots import SLOT_LENGTH, Chunk
from core.fs.staging import Phase, Staging

_END = 0


class Place(NamedTuple):
    """Slots in a row."""

    first: int
    length: int

    @property
    def last(self) -> int:
        return self.first + self.length - 1


class Slotted(ABC):
    """Of a file's slots one is the owner: the others mean nothing without it. Changes are staged."""

    deleted: ClassVar[int]
    """The first byte of a slot that is free, but for those behind the end mark."""

    def __init__(self, staging: Staging, most: int, *, fresh: bool) -> None:
        """`most` slots are allowed. A `fresh` directory is not on the medium yet."""
        self._staging = staging
        self._most = most
        self.per_sector = staging.unit // SLOT_LENGTH
        self._names: dict[str, int] = {}
        """Owners by folded name."""
        self._starts: list[int] = []
        self._positions: list[int] = []
        self._used = bytearray()
        """1 for each slot that holds something."""
        self._end = 0
        """The first slot that was never used."""
        self._end_on_medium = 0
        self._opened = 0
        """Up to here no slot will hold an end mark once what is prepared is written."""
        self._fresh = 0 if fresh else most
        """From this slot on the directory lies in clusters that nothing on the medium refers to."""
        self._hints: dict[int, int] = {}
        """Where to look first for so many slots."""

    # what is there ------------------------------------------------------------------------------------------

    @property
    def slots(self) -> int:
        return len(self._used)

    @property
    def end(self) -> int:
        """The first slot that was never used."""
        return self._end

    def load_new(self, position: int, length: int, used: int) -> None:
        """A new directory of one cluster, of which so many slots are used."""
        self._add(position, length // SLOT_LENGTH)
        self._fill(b"\1" * used)

    def _fill(self, used: bytes) -> None:
        """Of the slots before the end mark, 1 for each that is used."""
        self._used[: len(used)] = used
        self._end = self._end_on_medium = self._opened = len(used)

    @abstractmethod
    def owner(self, place: Place) -> int:
        """Which slot is the owner."""

    @abstractmethod
    def _clean(self, slot: int) -> bool:
        """Stages, in the first phase, that from this slot on there will be none in use; what other systems
        left there would come to light when the end mark moves. Returns whether there was anything."""

    def _fits(self, place: Place) -> bool:
        """Whether a file's slots may lie there, although in two sectors."""
        return True

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

    def together(self, place: Place) -> bool:
        """Whether the medium takes these slots wholly or not at all."""
        return place.first >= self._fresh or self._sector(place.first) == self._sector(place.last)

    def phase(self, slot: int) -> Phase:
        """When an entry in this slot may be written."""
        return Phase.PREPARE if slot >= self._fresh else Phase.ENTRY

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
            if last - start // per > (1 if apart else 0):
                start = (last - 1 if apart else last) * per
            elif not apart:
                self._hints[count] = start
                return Place(start, count)
            elif self._fits(Place(start, count)):
                return Place(start, count)
            else:
                start += 1

    def room_beside(self, place: Place, count: int) -> Place | None:
        """The same in the sector of an entry, whose own slots count as free."""
        first = self._sector(self.owner(place)) * self.per_sector
        used = self._used[first : min(first + self.per_sector, self.slots)]
        begin, end = max(place.first - first, 0), min(place.last + 1 - first, len(used))
        used[begin:end] = bytes(end - begin)
        start = used.find(bytes(count))
        return None if start < 0 else Place(first + start, count)

    # changes ------------------------------------------------------------------------------------------------

    def change(self, slot: int, raw: bytes) -> None:
        """Stages other bytes for an entry that keeps its name."""
        self._staging.stage(self.phase(slot), self.position(slot), raw)

    def settled(self) -> None:
        """All that was staged is written."""
        self._end_on_medium = self._opened = self._end
        self._fresh = self._most

    def _add(self, position: int, slots: int) -> None:
        slots = min(slots, self._most - self.slots)
        self._starts.append(self.slots)
        self._positions.append(position)
        self._used += bytes(slots)

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
        if place.last < self._end:
            return
        until = place.last + 1
        shared = self._sector(place.last) == self._sector(self._end_on_medium)
        if place.last < self._fresh and not shared:
            until = min((self._sector(place.last) + 1) * self.per_sector, self.slots)
        opening = Phase.LINK if self._clean(until) else Phase.PREPARE
        if place.last >= self._fresh:
            self._mark(range(self._opened, min(self._fresh, self.slots)), opening)
            self._opened = max(self._opened, self._fresh)
            self._mark(range(max(self._end, self._fresh), place.first), Phase.PREPARE)
        elif shared:
            self._mark(range(self._end, place.first), Phase.ENTRY)
        else:
            self._mark(range(self._opened, until), opening)
            self._opened = until
        self._end = until

    def _mark(self, slots: Iterable[int], phase: Phase, mark: int | None = None) -> None:
        """Stages the first bytes of slots, those of deleted ones unless told, a sector at a time."""
        if mark is None:
            mark = self.deleted
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
