"""HFS and HFS+ under other names: the nodes of their trees, record by record.

Names are no longer in their order, on which nothing relies that this driver does.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from struct import unpack_from

from core.fs.mac.btree import HEADER, HEADER_LENGTH, INDEX, LEAF, NODE_LENGTH, NODE_PACKED, Record, Tree
from core.fs.mac.forks import Bytes, Fork
from core.fs.retelling import DAMAGE, Retold, Span, masked
from core.fs.scrambling import MOST, SECTOR

_LINK_TYPES = (b"hlnkhfs+", b"fdrpMACS", b"slnkrhap")
"""Type and creator that the system itself looks at."""

Told = tuple[bytes, list[Span]]
"""What is understood of a record's key or data, and the names in it."""


class MacRetold(Retold):
    """Walks over whole trees, whatever nodes were asked for."""

    @abstractmethod
    def _key(self, key: bytes) -> Told:
        """Of a key of the catalog, without its length."""

    @abstractmethod
    def _data(self, data: bytes) -> Told:
        """Of a record's data in the catalog."""

    def _attribute(self, key: bytes, data: bytes) -> tuple[Told, Told]:
        return (masked(key), []), (masked(data), [])

    def _seen(self, record: Record) -> None:
        """Called for each record of the catalog's leaves."""

    def _tree(self, content: Bytes, name: str, *, big: bool) -> Iterator[None]:
        """Tells all nodes of a tree: the catalog, the attributes, or the extents of others."""
        try:
            tree = Tree(content, name, big=big)
            size, count = tree.node_size, tree.nodes
        except DAMAGE:
            tree, size, count = None, SECTOR, 1
        wide = 2 if big else 1
        longest = 0
        for number in range(max(1, min(count, MOST // size))):
            yield
            with suppress(*DAMAGE):
                old = content.read(number * size, size)
                if number == 0:
                    kept = NODE_LENGTH + HEADER_LENGTH
                    longest = int.from_bytes(old[NODE_LENGTH + 20 : NODE_LENGTH + 22], "big")
                    variable = big and old[NODE_LENGTH + 41] & 4
                    head = masked(old[:kept]).ljust(size, b"\0")
                    self._told(self._places(content, 0, size), old, head)
                    continue
                assert tree is not None
                fixed = 0 if variable else longest
                new, spans = self._node(content, name, number * size, old, wide, fixed)
                self._told(self._places(content, number * size, size), old, new, spans)

    def _places(self, content: Bytes, start: int, length: int) -> list[tuple[int, int]]:
        return [(content.position(at), SECTOR) for at in range(start, start + length, SECTOR)]

    def _node(
        self, content: Bytes, name: str, place: int, old: bytes, wide: int, fixed: int
    ) -> tuple[bytearray, list[Span]]:
        new = bytearray(len(old))
        spans: list[Span] = []
        _, _, kind, _, count = NODE_PACKED.unpack_from(old)
        new[:NODE_LENGTH] = masked(old[:NODE_LENGTH])
        if kind not in (LEAF, INDEX) or count > (len(old) - NODE_LENGTH - 2) // 4 or kind == HEADER:
            return new, spans
        end = len(old) - 2 * (count + 1)
        new[end:] = masked(old[end:])
        bounds = unpack_from(f">{count + 1}H", old, end)[::-1]
        reached = NODE_LENGTH
        for start, stop in pairwise(bounds):
            if not reached <= start < stop <= end:
                continue  # outside, or over another one
            reached = stop
            length = int.from_bytes(old[start : start + wide], "big")
            key = start + wide
            body = key + length
            if kind == INDEX and fixed:
                body = key + fixed
                length = min(length, fixed)
            body += (body - start) & 1
            new[start:key] = old[start:key]
            if body > stop:
                continue
            raw, data = old[key : key + length], old[body:stop]
            if name == "catalog":
                told = self._key(raw), self._data(data) if kind == LEAF else (masked(data[:4]), [])
            elif name == "attributes" and kind == LEAF:
                told = self._attribute(raw, data)
            elif name == "attributes":
                told = self._attribute(raw, b"")[0], (masked(data[:4]), [])
            else:
                told = (masked(raw), []), (masked(data), [])
            for at, (understood, names) in ((key, told[0]), (body, told[1])):
                new[at : at + len(understood)] = understood
                spans += [span._replace(start=at + span.start) for span in names]
            if name == "catalog" and kind == LEAF:
                self._seen(Record(0, raw, data, content.position(place + start)))
        return new, spans

    def _link(self, fork: Fork, content: Bytes) -> None:
        """Tells the target of a symbolic link."""
        size = min(fork.size, 4096)
        with suppress(*DAMAGE):
            raw = content.read(0, size)
            places = [(content.position(at), min(SECTOR, size - at)) for at in range(0, size, SECTOR)]
            self._told(places, raw, raw, [Span(0, size, separator="/")])


def with_type(data: bytes, at: int) -> bytes:
    """Numbers of a file, with its type and creator at `at` where they say that it is a link."""
    told = bytearray(masked(data))
    if data[at : at + 8] in _LINK_TYPES:
        told[at : at + 8] = data[at : at + 8]
    return bytes(told)


def told_name(raw: bytes, at: int, length: int, codec: str, kept: bool = False) -> Told:
    """Numbers before a name of `length` bytes at `at`, and that."""
    if at + length > len(raw):
        return masked(raw[:at]), []
    span = [] if kept or not length else [Span(at, length, codec)]
    return masked(raw[:at]) + raw[at : at + length], span
