"""The extents overflow file: where the pieces of a fork are for which its file's record has no room."""

from __future__ import annotations

from struct import Struct as Packed

from core.errors import CorruptStructure, MediumError
from core.fs.mac.btree import Tree
from core.fs.mac.forks import Blocks, Bytes, Fork, Piece, no_overflow


class ExtentsOverflow:
    """`fork` is the file's own, `key` and `extents` the shapes of its records: (fork, file, first block) and
    pairs. It is opened when the first fork needs it."""

    def __init__(self, blocks: Blocks, fork: Fork, key: Packed, extents: Packed, *, big: bool) -> None:
        self._blocks = blocks
        self._fork = fork
        self._key = key
        self._extents = extents
        self._big = big
        self._tree: Tree | CorruptStructure | MediumError | None = None

    def __call__(self, fork: Fork, block: int) -> list[Piece]:
        """The pieces from that block of the file on. Raises CorruptStructure, MediumError."""
        wanted = fork.number, fork.kind, block
        for record in self._opened().walk(lambda key: self._sorted_as(key) <= wanted):
            if self._sorted_as(record.key) != wanted or len(record.data) < self._extents.size:
                break
            numbers = self._extents.unpack_from(record.data)
            return list(zip(numbers[::2], numbers[1::2], strict=True))
        return []

    def _sorted_as(self, key: bytes) -> tuple[int, int, int]:
        if len(key) < self._key.size:
            return 0, 0, 0
        kind, number, start = self._key.unpack_from(key)
        return number, kind, start

    def _opened(self) -> Tree:
        if self._tree is None:
            try:
                content = Bytes(self._blocks, self._fork, no_overflow)
                self._tree = Tree(content, "extents overflow file", big=self._big)
            except (CorruptStructure, MediumError) as error:
                self._tree = error
        if not isinstance(self._tree, Tree):
            raise self._tree
        return self._tree
