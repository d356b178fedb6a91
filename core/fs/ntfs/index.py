"""Directories: trees of names in $INDEX_ROOT and the blocks of $INDEX_ALLOCATION. NTFS, "Index Record".

The tree is walked in its order, whatever that is, and each block once. When something in it is broken, what
the broken block led to is looked for among all blocks that $BITMAP says are in use.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError, NotFound, RumpusError
from core.fs.driver import HOLE
from core.fs.ntfs.file import File
from core.fs.ntfs.fixups import mended
from core.fs.ntfs.geometry import Geometry
from core.fs.ntfs.runs import RunMap
from core.fs.ntfs.structures import (
    DIRECTORY_INDEX,
    FILE_NAME,
    FILE_NAME_LENGTH,
    FILE_NAME_PACKED,
    HAS_SUBNODE,
    INDEX_ALLOCATION,
    INDEX_BITMAP,
    INDEX_BLOCK_START,
    INDEX_ENTRY_LENGTH,
    INDEX_ENTRY_PACKED,
    INDEX_HEADER_PACKED,
    INDEX_MAGIC,
    INDEX_ROOT,
    INDEX_ROOT_START,
    LAST,
    REFERENCE,
    STRIDE,
)

_MOST_DAMAGE = 64
"""Damaged places in one directory after which the rest of it is given up."""
_DEEPEST = 32
_SMALLEST_BLOCK, _LARGEST_BLOCK = STRIDE, 65536
_MOST_BLOCKS = 1 << 20


class Named(NamedTuple):
    """A name in a directory, and the file that it is a name of."""

    raw: bytes
    namespace: int
    number: int
    sequence: int
    attributes: int
    position: int
    """Where the entry lies on the volume."""


class Node(NamedTuple):
    """The entries of one node of the tree, and the block below each: of the last one, below no entry."""

    entries: list[Named]
    below: list[tuple[int, int]]
    """(how many entries come before it, number of the block)"""


class Directory:
    """One reading of a directory. What is wrong with it is in `damage`, the first of it first."""

    def __init__(self, device: BlockDevice, geometry: Geometry, file: File) -> None:
        self.damage: list[RumpusError] = []
        self._device = device
        self._geometry = geometry
        self._file = file
        self._block_size = geometry.index_size
        self._unit = geometry.cluster_size
        """Bytes that the number of a block counts."""
        self._map = RunMap()
        self._reach = 0
        """Bytes of blocks that there are."""
        self._seen: set[int] = set()

    def named(self) -> Iterator[list[Named]]:
        """What each node of the tree names, in its order. Raises no error but DeviceGone."""
        try:
            root = self._root()
            yield from self._walk(root)
            if self.damage:
                yield from self._rest()
        except (CorruptStructure, MediumError, NotFound) as error:
            self.damage.append(error)

    def _root(self) -> Node:
        value = self._file.value(INDEX_ROOT, DIRECTORY_INDEX)
        record = self._file.record if value is None else value.record
        if value is None or value.resident is None or value.size < INDEX_ROOT_START + 16:
            raise record.corrupt(0, "an index in the directory", "none")
        start = value.resident.value
        raw = record.value(value.resident)
        if int.from_bytes(raw[:4], "little") != FILE_NAME:
            raise record.corrupt(start, "an index of names", raw[:4].hex(" "))
        size = int.from_bytes(raw[8:12], "little")
        if size < _SMALLEST_BLOCK or size > _LARGEST_BLOCK or size & (size - 1):
            expected = f"blocks of {self._block_size} bytes"
            raise record.corrupt(start + 8, expected, str(size))
        self._block_size = size
        self._unit = self._geometry.cluster_size if self._geometry.cluster_size <= size else STRIDE
        position = next(record.pieces(start, 1))[0]
        node = self._parse(raw, INDEX_ROOT_START, position)
        if node.below:
            try:
                self._allocate()
            except (CorruptStructure, MediumError, NotFound) as error:
                self.damage.append(error)
        return node

    def _allocate(self) -> None:
        value = self._file.value(INDEX_ALLOCATION, DIRECTORY_INDEX)
        if value is None or value.resident is not None:
            raise self._file.record.corrupt(0, "blocks of the index", "none")
        cluster_size = self._geometry.cluster_size
        try:
            for run in value.runs():
                if self._map.end * cluster_size >= value.size or not self._map.add(run):
                    break
        finally:
            self._reach = min(self._map.end * cluster_size, value.valid)

    # the tree -----------------------------------------------------------------------------------------------

    def _walk(self, root: Node) -> Iterator[list[Named]]:
        """Depth first, with a stack of our own. What comes between two blocks is yielded between them."""
        stack = [(root, iter(root.below), 0)]
        while stack:
            node, below, done = stack.pop()
            step = next(below, None)
            if step is None:
                if done < len(node.entries):
                    yield node.entries[done:]
                continue
            before, number = step
            if before > done:
                yield node.entries[done:before]
            stack.append((node, below, before))
            if len(self.damage) >= _MOST_DAMAGE:
                continue
            child = self._child(number, len(stack))
            if child is not None:
                stack.append((child, iter(child.below), 0))

    def _child(self, number: int, depth: int) -> Node | None:
        """A block that was not met before."""
        position = self._file.record.position
        if number in self._seen or depth > _DEEPEST:
            expected = "an index without a cycle"
            self.damage.append(CorruptStructure("index", position, expected, f"block {number} again"))
            return None
        self._seen.add(number)
        try:
            return self._block(number)
        except (CorruptStructure, MediumError) as error:
            self.damage.append(error)
            return None

    def _block(self, number: int) -> Node:
        """Raises CorruptStructure, MediumError."""
        size = self._block_size
        offset = number * self._unit
        if offset + size > self._reach:
            position = self._file.record.position
            expected = f"a block in the {self._reach} bytes of the index"
            raise CorruptStructure("index", position, expected, f"one at {offset}")
        pieces = self._pieces(offset, size)
        position = pieces[0][0]
        raw = b"".join(self._device.read(*piece) for piece in pieces)
        if raw[:4] != INDEX_MAGIC:
            expected = f"the magic {INDEX_MAGIC.hex(' ')}"
            raise CorruptStructure("index block", position, expected, raw[:4].hex(" "))
        raw = mended(raw, "index block", position)
        own = int.from_bytes(raw[16:24], "little")
        if own != number:
            raise CorruptStructure("index block", position + 16, f"block {number}", f"block {own}")
        return self._parse(raw, INDEX_BLOCK_START, position)

    def _pieces(self, offset: int, length: int) -> list[tuple[int, int]]:
        """(position, length) of bytes of $INDEX_ALLOCATION. Raises CorruptStructure."""
        cluster_size = self._geometry.cluster_size
        pieces: list[tuple[int, int]] = []
        while length:
            index, within = divmod(offset, cluster_size)
            _, cluster, count = self._map.find(index)
            if cluster == HOLE:
                position = self._file.record.position
                raise CorruptStructure("index", position, "an index without holes", f"one at {offset}")
            piece = min(length, count * cluster_size - within)
            pieces.append((cluster * cluster_size + within, piece))
            offset += piece
            length -= piece
        return pieces

    def _parse(self, raw: bytes, start: int, position: int) -> Node:
        """A node, as far as it is sound; what is wrong is in `damage`."""
        first, used, _, _ = INDEX_HEADER_PACKED.unpack_from(raw, start)
        at, end = start + first, start + used
        entries: list[Named] = []
        below: list[tuple[int, int]] = []
        node = Node(entries, below)
        if end > len(raw):
            self._broken(position + start, "entries inside their node", f"{used} bytes")
            end = len(raw)
        while True:
            if at + INDEX_ENTRY_LENGTH > end:
                self._broken(position + (at if at < len(raw) else start), "the last entry of a node", "none")
                return node
            reference, length, key, flags = INDEX_ENTRY_PACKED.unpack_from(raw, at)
            least = INDEX_ENTRY_LENGTH + (0 if flags & LAST else key) + (8 if flags & HAS_SUBNODE else 0)
            if length < least or at + length > end:
                self._broken(position + at, "an entry inside its node", f"{length} bytes")
                return node
            if flags & HAS_SUBNODE:
                block = int.from_bytes(raw[at + length - 8 : at + length], "little")
                below.append((len(entries), block))
            if flags & LAST:
                return node
            name = at + INDEX_ENTRY_LENGTH
            if key < FILE_NAME_LENGTH:
                self._broken(position + at + 10, "a name", f"a key of {key} bytes")
            else:
                _, attributes, _, units, namespace = FILE_NAME_PACKED.unpack_from(raw, name)
                name += FILE_NAME_LENGTH
                if FILE_NAME_LENGTH + 2 * units > key or not units:
                    self._broken(position + name - 2, "a name inside its entry", f"{units} characters")
                else:
                    text = raw[name : name + 2 * units]
                    number, sequence = reference & REFERENCE, reference >> 48
                    entries.append(Named(text, namespace, number, sequence, attributes, position + at))
            at += length

    def _broken(self, position: int, expected: str, found: str) -> None:
        if len(self.damage) < _MOST_DAMAGE:
            self.damage.append(CorruptStructure("index", position, expected, found))

    # what the tree does not lead to any more ----------------------------------------------------------------

    def _rest(self) -> Iterator[list[Named]]:
        """The names in blocks that are in use and were not met."""
        try:
            value = self._file.value(INDEX_BITMAP, DIRECTORY_INDEX)
            used = b"" if value is None else value.read(_MOST_BLOCKS // 8)
        except (CorruptStructure, MediumError, NotFound):
            return
        step = max(1, self._block_size // self._unit)
        failed = 0
        for index in range(min(self._reach // self._block_size, 8 * len(used))):
            number = index * step
            if not used[index >> 3] >> (index & 7) & 1 or number in self._seen:
                continue
            self._seen.add(number)
            try:
                node = self._block(number)
            except (CorruptStructure, MediumError):
                failed += 1
                if failed >= _MOST_DAMAGE:
                    return
                continue
            yield node.entries
