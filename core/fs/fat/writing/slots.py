"""A directory of FAT whose slots can be taken: the long and short names in it."""

from __future__ import annotations

from collections.abc import Iterable

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
from core.fs.slotted import Place, Slotted
from core.fs.staging import Phase, Staging


class Folder(Slotted):
    """The last slot of an entry is the entry itself, its owner; its long name lies before it."""

    deleted = DELETED

    def __init__(self, staging: Staging, directory: int, code_page: str, fresh: bool = False) -> None:
        super().__init__(staging, MOST_SLOTS, fresh=fresh)
        self.directory = directory
        self.shorts: set[bytes] = set()
        """Every 8.3 name in it."""
        self._code_page = code_page
        self._garbage: list[int] = []
        """Slots behind the end that are not empty: what other systems left there."""

    def owner(self, place: Place) -> int:
        return place.last

    def _clean(self, slot: int) -> bool:
        garbage, self._garbage = self._garbage, []
        self._mark(garbage, Phase.PREPARE, END)
        return bool(garbage)

    def load(self, extents: Iterable[tuple[int, int]], chunks: Iterable[Chunk], entries: list[Entry]) -> None:
        """Takes in what the directory holds. The chunks cover the extents."""
        for position, length in extents:
            self._add(position, length // SLOT_LENGTH)
        data = b"".join(chunk.data for chunk in chunks)
        heads = data[0::SLOT_LENGTH]
        end = heads.find(END)
        self._fill(bytes(head != DELETED for head in (heads if end < 0 else heads[:end])))
        self._garbage = [slot for slot in range(self._end, len(heads)) if heads[slot]]
        kinds = data[11::SLOT_LENGTH]
        for slot in range(self._end):
            if self._used[slot] and not kinds[slot] & VOLUME_LABEL:
                self.shorts.add(data[slot * SLOT_LENGTH : slot * SLOT_LENGTH + 11])
        for entry in entries:
            slot = entry.node - 1 & MOST_SLOTS - 1
            self._learn(entry.name, data[slot * SLOT_LENGTH : slot * SLOT_LENGTH + 11], slot)

    def find(self, name: str) -> int | None:
        """The slot of the entry that a name, long or short, belongs to."""
        return self._names.get(names.folded(name))

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

    def node(self, slot: int) -> int:
        return (self.directory << SLOT_BITS | slot) + 1

    def put(self, place: Place, content: bytes, name: str | None) -> None:
        """Stages an entry with its long name in free slots. Without a `name` it is none of a file."""
        self._open_up_to(place)
        owner_sector = self._sector(place.last)
        split = max(place.first, owner_sector * self.per_sector)
        if place.first < split and place.first < self._fresh:
            head = (split - place.first) * SLOT_LENGTH
            self._stage(Phase.ADORN, place.first, content[:head])
            self._stage(self.phase(place.last), split, content[head:])
        else:
            self._stage(self.phase(place.last), place.first, content)
        self._used[place.first : place.last + 1] = b"\1" * place.length
        if name is not None:
            short = content[-SLOT_LENGTH:][:11]
            self._learn(name, short, place.last)
            self.shorts.add(short)

    def clear(self, place: Place, name: str, phase: Phase = Phase.ENTRY) -> None:
        """Stages that the slots of an entry are free. The sector of the entry itself changes last."""
        short = self.raw(place.last)[:11]
        for slot in range(place.first, place.last + 1):
            if slot >= self._fresh:
                when = Phase.PREPARE
            elif self._sector(slot) != self._sector(place.last):
                when = Phase.STRIP
            else:
                when = phase
            self._mark((slot,), when)
        self._used[place.first : place.last + 1] = bytes(place.length)
        for count, hint in self._hints.items():
            self._hints[count] = min(hint, place.first - place.first % self.per_sector)
        self.shorts.discard(short)
        for known in (name, names.short_name(short, 0, self._code_page)):
            if self._names.get(names.folded(known)) == place.last:
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

    def _learn(self, name: str, short: bytes, slot: int) -> None:
        self._names[names.folded(names.short_name(short, 0, self._code_page))] = slot
        self._names[names.folded(name)] = slot
