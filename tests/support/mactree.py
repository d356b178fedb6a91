"""B-trees of the Macintosh, built from sorted records: TN1150, "B-Trees". Independent of the drivers."""

from __future__ import annotations

from struct import pack
from typing import NamedTuple

LEAF, INDEX, HEADER, MAP = -1, 0, 1, 2


Pieces = list[tuple[int, int]]
"""(first block, blocks) of each."""


class Space:
    """The blocks of a volume to be, of which block 0 begins at `base`; filled one after the other."""

    def __init__(self, blocks: int, block_size: int, base: int = 0, behind: int = 0) -> None:
        self.volume = bytearray(base + blocks * block_size + behind)
        self.next = 0
        self._blocks = blocks
        self._size = block_size
        self._base = base

    def place(self, content: bytes, pieces: int = 1) -> Pieces:
        """Writes bytes to the next blocks, in so many pieces with a block between them."""
        size = self._size
        count = -(-len(content) // size)
        pieces = max(1, min(pieces, count))
        found: Pieces = []
        done = 0
        for index in range(pieces):
            length = count * (index + 1) // pieces - done
            if length:
                piece = content[done * size : (done + length) * size]
                at = self._base + self.next * size
                self.volume[at : at + len(piece)] = piece
                found.append((self.next, length))
            done += length
            self.next += length + (pieces > 1)
        assert self.next < self._blocks - 2, "a larger volume is needed"
        return found


class Shape(NamedTuple):
    """How a tree is made: its nodes and its keys."""

    node_size: int
    longest_key: int
    wide: int
    """Bytes of a key's length: 2 of HFS+, 1 of HFS."""
    variable: bool
    """Whether keys in the index are only as long as they need to be."""
    compare: int = 0
    kind: int = 0


def _node(shape: Shape, kind: int, height: int, records: list[bytes], following: int, previous: int) -> bytes:
    body = b"".join(records)
    offsets, at = [], 14
    for record in records:
        offsets.append(at)
        at += len(record)
    offsets.append(at)
    head = pack(">IIbBHH", following, previous, kind, height, len(records), 0)
    table = b"".join(pack(">H", offset) for offset in reversed(offsets))
    free = shape.node_size - 14 - len(body) - len(table)
    assert free >= 0
    return head + body + bytes(free) + table


def _keyed(shape: Shape, key: bytes, data: bytes) -> bytes:
    raw = len(key).to_bytes(shape.wide, "big") + key
    raw += bytes(len(raw) % 2) + data
    return raw + bytes(len(raw) % 2)


def _indexed(shape: Shape, key: bytes, child: int) -> bytes:
    if not shape.variable:
        key = key.ljust(shape.longest_key, b"\0")
    return _keyed(shape, key, pack(">I", child))


def _grouped(shape: Shape, records: list[bytes]) -> list[list[int]]:
    """Which records fit into a node together, by their indices."""
    groups: list[list[int]] = [[]]
    room = shape.node_size - 16
    left = room
    for index, record in enumerate(records):
        if len(record) + 2 > left and groups[-1]:
            groups.append([])
            left = room
        groups[-1].append(index)
        left -= len(record) + 2
    return groups


def tree(shape: Shape, pairs: list[tuple[bytes, bytes]], spare: int = 2) -> bytes:
    """The whole fork of a tree with these (key, data), which are sorted; with `spare` empty nodes."""
    nodes: list[bytes] = [b""]
    level = [(key, _keyed(shape, key, data)) for key, data in pairs]
    kind, height, root, first, last = LEAF, 0, 0, 0, 0
    while level:
        height += 1
        start = len(nodes)
        groups = _grouped(shape, [record for _, record in level])
        above = []
        for number, group in enumerate(groups):
            following = start + number + 1 if number + 1 < len(groups) else 0
            previous = start + number - 1 if number else 0
            records = [level[index][1] for index in group]
            nodes.append(_node(shape, kind, height, records, following, previous))
            key = level[group[0]][0]
            above.append((key, _indexed(shape, key, start + number)))
        if kind == LEAF:
            first, last = start, len(nodes) - 1
        root = len(nodes) - 1
        level = above if len(groups) > 1 else []
        kind = INDEX
    total = len(nodes) + spare
    attributes = (2 if shape.wide == 2 else 0) | (4 if shape.variable else 0)
    header = pack(
        ">HIIIIHHIIHIBBI",
        height,
        root,
        len(pairs),
        first,
        last,
        shape.node_size,
        shape.longest_key,
        total,
        spare,
        0,
        0,
        shape.kind,
        shape.compare,
        attributes,
    )
    bits = shape.node_size - 14 - 106 - 128 - 8
    assert total <= bits * 8, "a map in nodes of its own is not built here"
    used = ((1 << len(nodes)) - 1) << (bits * 8 - len(nodes))
    records = [header.ljust(106, b"\0"), bytes(128), used.to_bytes(bits, "big")]
    nodes[0] = _node(shape, HEADER, 0, records, 0, 0)
    return b"".join(nodes) + bytes(spare * shape.node_size)
