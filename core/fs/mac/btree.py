"""B-trees: sorted records in the leaves of a tree of nodes, which are also linked from the first to the last.

TN1150, "B-Trees"; Files, "B*-Trees". A search goes down from the root, a listing along the links. When
something is broken on the way, what it led to is looked for in all leaves that there are.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from itertools import pairwise
from struct import Struct as Packed
from struct import unpack_from
from typing import NamedTuple

from construct import Bytes as Raw
from construct import Int8ub, Int16ub, Int32ub, Struct

from core.errors import CorruptStructure, MediumError, NotFound, RumpusError
from core.fs.mac.forks import Bytes

NODE_PACKED = Packed(">IIbBH")
"""TN1150, "Node Structure": next node, previous node, kind, height, records. Two bytes more are reserved."""
NODE_LENGTH = 14
LEAF, INDEX, HEADER = -1, 0, 1

HEADER_RECORD = Struct(
    "depth" / Int16ub,
    "root" / Int32ub,
    "leaf_records" / Int32ub,
    "first_leaf" / Int32ub,
    "last_leaf" / Int32ub,
    "node_size" / Int16ub,
    "longest_key" / Int16ub,
    "nodes" / Int32ub,
    "free_nodes" / Int32ub,
    "reserved" / Int16ub,
    "clump_size" / Int32ub,
    "type" / Int8ub,
    "compare" / Int8ub,
    "attributes" / Int32ub,
    "reserved_more" / Raw(64),
)
"""TN1150, "Header Record". Of an HFS tree, nothing from `reserved` on counts."""
HEADER_LENGTH = 106

BIG_KEYS, VARIABLE_KEYS = 0x2, 0x4
SMALLEST_NODE, LARGEST_NODE = 512, 32768
_DEEPEST = 16
_KEPT = 32
_SHIFT = 16
"""A record's place: the number of its node and, in so many bits, its number there."""
_MOST_DAMAGE = 64
_MOST_SURVEYED, _MOST_SURVEYED_RECORDS, _MOST_GROUPS = 1 << 26, 1 << 21, 1 << 18
"""Bytes of nodes that are searched for what a broken tree does not lead to any more, and records in them."""
_MOST_BARREN = 64
"""Leaves in a row without a record of those wanted; in a sound tree it is one."""
_MOST_LEAVES = 1 << 20


class Node(NamedTuple):
    number: int
    kind: int
    height: int
    next: int
    raw: bytes
    records: list[tuple[int, int]]
    """Where each begins and ends; (0, 0) where that makes no sense."""


class Record(NamedTuple):
    """A record of a leaf. `key` is without its length, `position` where the record lies on the volume."""

    place: int
    key: bytes
    data: bytes
    position: int


Low = Callable[[bytes], bool]
"""Whether a key sorts before or at what is looked for."""


class Tree:
    """A B-tree in a fork. `big` keys have a length of two bytes. Raises CorruptStructure, MediumError."""

    def __init__(self, content: Bytes, name: str, *, big: bool) -> None:
        self.name = name
        self._content = content
        self._wide = 2 if big else 1
        self._cache: OrderedDict[int, Node] = OrderedDict()
        self._survey: dict[int, list[int]] | None = None
        raw = content.read(0, NODE_LENGTH + HEADER_LENGTH)
        _, _, kind, _, _ = NODE_PACKED.unpack_from(raw)
        header = HEADER_RECORD.parse(raw[NODE_LENGTH:])
        size = header.node_size
        if kind != HEADER:
            raise self._corrupt(8, "a header node", f"kind {kind}")
        if not SMALLEST_NODE <= size <= LARGEST_NODE or size & (size - 1):
            raise self._corrupt(NODE_LENGTH + 18, "nodes of 512 to 32768 bytes", str(size))
        self.node_size: int = size
        self.nodes: int = min(header.nodes, content.size // size)
        """How many there can be, whatever the header says."""
        self.compare: int = header.compare if big else 0
        self._root: int = header.root
        self._first: int = header.first_leaf
        self._depth: int = header.depth
        self._longest: int = header.longest_key
        self._variable = big and bool(header.attributes & VARIABLE_KEYS)

    # nodes --------------------------------------------------------------------------------------------------

    def node(self, number: int) -> Node:
        """Raises CorruptStructure, MediumError."""
        node = self._cache.get(number)
        if node is not None:
            self._cache.move_to_end(number)
            return node
        if not 0 < number < self.nodes:
            raise self._corrupt(0, f"a node below {self.nodes}", str(number))
        size = self.node_size
        start = number * size
        raw = self._content.read(start, size)
        following, _, kind, height, count = NODE_PACKED.unpack_from(raw)
        if kind not in (LEAF, INDEX):
            raise self._corrupt(start + 8, "a leaf or a node of the index", f"kind {kind}")
        most = (size - NODE_LENGTH - 2) // 4
        if count > most:
            raise self._corrupt(start + 10, f"at most {most} records", str(count))
        bounds = unpack_from(f">{count + 1}H", raw, size - 2 * (count + 1))[::-1]
        end = size - 2 * (count + 1)
        records = [
            (low, high) if NODE_LENGTH <= low < high <= end else (0, 0) for low, high in pairwise(bounds)
        ]
        node = Node(number, kind, height, following, raw, records)
        self._cache[number] = node
        if len(self._cache) > _KEPT:
            self._cache.popitem(last=False)
        return node

    def get(self, place: int) -> Record:
        """The record at a place. Raises NotFound when there is none, CorruptStructure, MediumError."""
        number, index = place >> _SHIFT, place & (1 << _SHIFT) - 1
        if not 0 < number < self.nodes:
            raise NotFound(f"record {place}")
        node = self.node(number)
        if node.kind != LEAF or index >= len(node.records):
            raise NotFound(f"record {place}")
        return self._record(node, index)

    def _record(self, node: Node, index: int) -> Record:
        """Raises CorruptStructure."""
        start, key, body, end = self._bounds(node, index)
        raw = node.raw
        position = self._content.position(node.number * self.node_size + start)
        return Record(node.number << _SHIFT | index, raw[start + self._wide : key], raw[body:end], position)

    def _bounds(self, node: Node, index: int) -> tuple[int, int, int, int]:
        """Where a record, the end of its key, its data and its own end lie. Raises CorruptStructure."""
        start, end = node.records[index]
        base = node.number * self.node_size
        if not end:
            place = base + self.node_size - 2 * (index + 1)
            raise self._corrupt(place, "records inside their node", f"record {index} outside")
        length = int.from_bytes(node.raw[start : start + self._wide], "big")
        key = start + self._wide + length
        body = key
        if node.kind == INDEX and not self._variable:
            body = start + self._wide + self._longest
            key = min(key, body)
        body += (body - start) & 1
        if body > end or key > end:
            raise self._corrupt(base + start, "a key inside its record", f"{length} bytes")
        return start, key, body, end

    def _corrupt(self, offset: int, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure(self.name, self._content.position(offset), expected, found)

    # searches -----------------------------------------------------------------------------------------------

    def _leaf(self, low: Low) -> int:
        """The number of the leaf where what is looked for is, or 0. Raises CorruptStructure, MediumError."""
        number, height = self._root, self._depth
        if not number:
            return 0
        for _ in range(_DEEPEST):
            node = self.node(number)
            if height != node.height or (node.kind == LEAF) != (height == 1):
                base = number * self.node_size
                raise self._corrupt(base + 9, f"a node of height {height}", f"{node.height}")
            if node.kind == LEAF:
                return number
            number = self._below(node, low)
            height -= 1
        raise self._corrupt(NODE_LENGTH, f"a depth of at most {_DEEPEST}", str(self._depth))

    def _below(self, node: Node, low: Low) -> int:
        """The node that the last key at or before what is looked for leads to, or that the first one does."""
        found: tuple[int, int] | None = None
        for index in range(len(node.records)):
            start, key, body, end = self._bounds(node, index)
            if found is not None and not low(node.raw[start + self._wide : key]):
                break
            found = body, end
        if found is None or found[1] - found[0] < 4:
            raise self._corrupt(node.number * self.node_size, "a node with records", "none")
        return int.from_bytes(node.raw[found[0] : found[0] + 4], "big")

    def walk(self, low: Low) -> Iterator[Record]:
        """The records from the last one at or before what is looked for on, in their order. It need not end.

        Raises CorruptStructure, MediumError.
        """
        number = self._leaf(low)
        barren = 0
        begun = False
        while number:
            node = self._chained(number)
            barren = 0 if node.records else barren + 1
            if barren > _MOST_BARREN:
                raise self._corrupt(number * self.node_size, "leaves with records", "none")
            first = 0
            if not begun:
                begun = True
                for index in range(len(node.records)):
                    start, key, _, _ = self._bounds(node, index)
                    if not low(node.raw[start + self._wide : key]):
                        break
                    first = index
            for index in range(first, len(node.records)):
                yield self._record(node, index)
            number = node.next

    def _chained(self, number: int) -> Node:
        node = self.node(number)
        if node.kind != LEAF:
            raise self._corrupt(number * self.node_size + 8, "a leaf", f"kind {node.kind}")
        return node

    def group(self, wanted: int, low: Low, key_at: int, damage: list[RumpusError]) -> Iterator[list[Record]]:
        """The records whose key has `wanted` at `key_at`, leaf by leaf, however broken the tree is.

        `low` leads to the first of them. What is wrong is put into `damage`. Raises DeviceGone only.
        """
        seen: set[int] = set()
        try:
            number = self._leaf(low)
            barren = 0
            while number:
                if number in seen or len(seen) >= _MOST_LEAVES:
                    where = number * self.node_size
                    raise self._corrupt(where, "leaves without a cycle", f"leaf {number} again")
                node = self._chained(number)
                seen.add(number)
                found, beyond = self._of(node, wanted, key_at, damage)
                if found:
                    yield found
                if beyond:
                    break
                barren = 0 if found else barren + 1
                if barren > _MOST_BARREN:
                    raise self._corrupt(number * self.node_size, "leaves in their order", "others")
                number = node.next
        except (CorruptStructure, MediumError) as error:
            damage.append(error)
        if not damage:
            return
        for number in self._surveyed(key_at).get(wanted, ()):
            if number in seen:
                continue
            seen.add(number)
            try:
                found, _ = self._of(self.node(number), wanted, key_at, [])
            except (CorruptStructure, MediumError):
                continue
            if found:
                yield found

    def _of(
        self, node: Node, wanted: int, key_at: int, damage: list[RumpusError]
    ) -> tuple[list[Record], bool]:
        """The records of one group in a leaf, and whether a later group begins in it."""
        found: list[Record] = []
        at = self._wide + key_at
        raw = node.raw
        for index, (start, _) in enumerate(node.records):
            group = int.from_bytes(raw[start + at : start + at + 4], "big") if start else wanted
            if group < wanted:
                continue
            if group > wanted:
                return found, True
            try:
                found.append(self._record(node, index))
            except CorruptStructure as error:
                if len(damage) < _MOST_DAMAGE:
                    damage.append(error)
        return found, False

    def _surveyed(self, key_at: int) -> dict[int, list[int]]:
        """In which leaves the records of each group are. Looks at all nodes, once."""
        if self._survey is None:
            self._survey = {}
            at = self._wide + key_at
            records = 0
            for number in range(1, min(self.nodes, _MOST_SURVEYED // self.node_size)):
                try:
                    node = self.node(number)
                except (CorruptStructure, MediumError):
                    continue
                if node.kind != LEAF or node.height != 1:
                    continue
                records += len(node.records)
                if records > _MOST_SURVEYED_RECORDS or len(self._survey) > _MOST_GROUPS:
                    break
                for start, _ in node.records:
                    if not start:
                        continue
                    group = int.from_bytes(node.raw[start + at : start + at + 4], "big")
                    places = self._survey.setdefault(group, [])
                    if not places or places[-1] != number:
                        places.append(number)
        return self._survey
