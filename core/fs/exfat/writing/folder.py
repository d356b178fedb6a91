"""A directory of exFAT whose slots can be taken: the names in it, and the clusters it has."""

from __future__ import annotations

from collections.abc import Iterable

from core.entry import Entry
from core.fs.chain import Chain
from core.fs.exfat import names
from core.fs.exfat.directory import node_of, place_of
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.structures import END, FILE, IN_USE, LABEL, MOST_DIRECTORY
from core.fs.slots import SLOT_LENGTH, Chunk
from core.fs.slotted import Place, Slotted
from core.fs.staging import Phase, Staging


class Folder(Slotted):
    """The first slot of a set is its owner: without the file entry its secondary entries mean nothing."""

    deleted = FILE & ~IN_USE

    def __init__(
        self,
        staging: Staging,
        geometry: Geometry,
        upcase: names.Upcase,
        own: int,
        chain: Chain,
        *,
        contiguous: bool,
        steps: bool,
        fresh: bool = False,
    ) -> None:
        super().__init__(staging, MOST_DIRECTORY // SLOT_LENGTH, fresh=fresh)
        self.own = own
        """Its node."""
        self.chain = chain
        self.contiguous = contiguous
        self.label: int | None = None
        """The slot of the volume's label."""
        self._geometry = geometry
        self._upcase = upcase
        self._steps = steps
        """As nodes have it: `core.fs.exfat.directory.node_of`."""
        self._bases: dict[int, int] = {}
        """By cluster, the number of its first slot."""
        self._leaving: list[int] = []
        """Slots that are free once all is settled."""
        self._hold(0)

    @property
    def home(self) -> int:
        """Where its own set of entries lies on the volume; 0 for the root directory."""
        return place_of(self.own)[0]

    @property
    def clusters(self) -> Iterable[int]:
        return self._bases

    # what is there ------------------------------------------------------------------------------------------

    def load(self, chunk: Chunk) -> None:
        """Takes in a chunk, in order, up to the end mark."""
        heads = chunk.data[::SLOT_LENGTH]
        end = heads.find(END)
        heads = heads if end < 0 else heads[:end]
        at = heads.find(LABEL)
        if at >= 0 and self.label is None:
            self.label = chunk.slot + at
        self._fill(bytes(self._used[: chunk.slot]) + bytes([head >= IN_USE for head in heads]))

    def learn(self, entry: Entry) -> None:
        """Takes in an entry that was read."""
        self._names[entry.name.translate(self._upcase)] = self.slot_at(place_of(entry.node)[0])

    def find(self, name: str) -> int | None:
        """The first slot of the set that has that name."""
        return self._names.get(name.translate(self._upcase))

    def slot_at(self, position: int) -> int:
        """The number of the slot at a place on the volume, which is in this directory."""
        cluster = self._geometry.cluster_at(position)
        return self._bases[cluster] + (position - self._geometry.position(cluster)) // SLOT_LENGTH

    def node(self, slot: int) -> int:
        return node_of(self.position(slot), self._steps)

    def owner(self, place: Place) -> int:
        return place.first

    # changes ------------------------------------------------------------------------------------------------

    def lengthened(self, count: int) -> None:
        """The last clusters of the chain are new to it, all zeros; nothing on the medium refers to them."""
        self._fresh = min(self._fresh, self.slots)
        self._hold(self.chain.count - count)

    def put(self, place: Place, content: bytes, name: str | None) -> None:
        """Stages a set in free slots. Without a `name` it is none of a file.

        What lies in another sector than the file entry comes first; no change to it may be staged.
        """
        self._open_up_to(place)
        for slot, piece in self._pieces(place.first, content):
            first = self._sector(slot) == self._sector(place.first)
            self._staging.stage(self.phase(slot) if first else Phase.PREPARE, self.position(slot), piece)
        self._used[place.first : place.last + 1] = b"\1" * place.length
        if name is not None:
            self._names[name.translate(self._upcase)] = place.first

    def forget(self, name: str, slot: int) -> None:
        """There is no such set any more."""
        key = name.translate(self._upcase)
        if self._names.get(key) == slot:
            del self._names[key]

    def vacate(self, slot: int) -> None:
        """The slot is free."""
        self._used[slot] = 0
        first = slot - slot % self.per_sector
        for count, hint in self._hints.items():
            self._hints[count] = min(hint, first)

    def vacate_later(self, slot: int) -> None:
        """The slot is free once all is settled."""
        self._used[slot] = 1
        self._leaving.append(slot)

    def relabel(self, raw: bytes | None) -> None:
        """Stages another label for the volume, which has one; or none."""
        assert self.label is not None
        position, phase = self.position(self.label), self.phase(self.label)
        if raw is None:
            self._staging.stage(phase, position, b"\0", b"\x80")
            self.vacate(self.label)
            self.label = None
        else:
            self._staging.stage(phase, position, raw)

    def settled(self) -> None:
        super().settled()
        leaving, self._leaving = self._leaving, []
        for slot in leaving:
            self.vacate(slot)

    def _hold(self, begin: int) -> None:
        """Takes in the slots of the chain's clusters from number `begin` on."""
        size = self._geometry.cluster_size
        for first, count in self.chain.runs(begin, self.chain.count):
            for cluster in range(first, first + count):
                self._bases[cluster] = self.slots + (cluster - first) * (size // SLOT_LENGTH)
            self._add(self._geometry.position(first), count * size // SLOT_LENGTH)

    def _clean(self, slot: int) -> bool:
        """The first slot behind is enough: it is an end mark then, which everybody believes."""
        if slot >= min(self.slots, self._fresh) or self.raw(slot)[0] == END:
            return False
        self._mark((slot,), Phase.PREPARE, END)
        return True

    def _fits(self, place: Place) -> bool:
        """The file entry and the stream extension change together; and nodes find what is behind them."""
        if place.first % self.per_sector == self.per_sector - 1:
            return False
        lies = self.position(place.last) - self.position(place.first)
        return lies == (place.length - 1) * SLOT_LENGTH or not self._steps
