"""ext2, ext3 and ext4 under other names, with the checksums of what they are in.

What a journal replays is told in its own place, and the journal is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from core.entry import Kind
from core.fs.driver import HOLE, Extent, Warnings
from core.fs.ext import contents, features
from core.fs.ext.checksum import START, crc32c
from core.fs.ext.directory import index_start, long_length
from core.fs.ext.geometry import likely_backups
from core.fs.ext.inode import Inode
from core.fs.ext.structures import (
    ATTRIBUTE_MAGIC,
    ATTRIBUTE_PACKED,
    ATTRIBUTES_LENGTH,
    DIRECTORY_ENTRY_PACKED,
    DIRECTORY_TAIL,
    FLAG_EXTENTS,
    FLAG_INLINE_DATA,
    INODE_CHECKSUM_HIGH,
    INODE_CHECKSUM_LOW,
    INODE_MAP,
    MAGIC,
    MAP_LENGTH,
    ROOT,
    SUPERBLOCK_OFFSET,
    TYPE_MASK,
    TYPES,
)
from core.fs.ext.volume import Volume
from core.fs.replayed import Replayed
from core.fs.retelling import DAMAGE, Retold, Span, masked, mend, numbers, until_nul

_SUPERBLOCK_LENGTH = 1024
_LABEL, _LAST_MOUNTED, _FEATURES = (0x78, 16), (0x88, 64), 0x60
_TEXTS = ((0x1A8, 32), (0x1DC, 32), (0x200, 64))
"""Functions that met errors, and options of mounting."""
_GENERATION = slice(100, 104)
_INLINE = 7
"""The index of an attribute's name that is `system.`, of which the only one is the inline data."""
_MOST_FOLDER = 64 << 20


class ExtScrambled(Retold):
    """Nodes are numbers of inodes."""

    def __init__(self, volume: Volume, seed: bytes, nodes: Sequence[int]) -> None:
        super().__init__(volume.device, seed)
        self._volume = Volume(self._device, volume.geometry, Warnings())
        self._layout = volume.geometry
        self._replayed = isinstance(volume.device, Replayed)
        self._waiting = [*nodes, ROOT]

    def _walk(self) -> Iterator[None]:
        layout = self._layout
        for place in {SUPERBLOCK_OFFSET, layout.offset, *(place for place, _ in likely_backups())}:
            with suppress(*DAMAGE):
                self._superblock(place)
        with self._keeping():
            self._volume.groups.free_blocks()
            self._volume.orphans()
        seen: set[int] = set()
        while self._waiting:
            number = self._waiting.pop()
            if number in seen or not 1 <= number <= layout.inodes:
                continue
            seen.add(number)
            with suppress(*DAMAGE):
                with self._keeping():
                    self._volume.groups.inode_table((number - 1) // layout.inodes_per_group)
                yield from self._inode(self._volume.inodes.get(number))
            yield

    def _superblock(self, place: int) -> None:
        old = self._device.read(place, _SUPERBLOCK_LENGTH)
        if int.from_bytes(old[56:58], "little") != MAGIC:
            return
        new = bytearray(old)
        spans = []
        for (at, most), separator in ((_LABEL, ""), (_LAST_MOUNTED, "/")):
            length = until_nul(old, at, most)
            new[at + length : at + most] = bytes(most - length)
            spans.append(Span(at, length, separator=separator))
        for at, most in _TEXTS:
            new[at : at + most] = bytes(most)
        if self._replayed:
            new[_FEATURES] &= ~features.NEEDS_RECOVERY

        def seal(old: bytes, new: bytearray) -> None:
            if int.from_bytes(old[0x64:0x68], "little") & features.METADATA_CSUM:
                mend(old, new, 0x3FC, lambda data: crc32c(START, data[:-4]))

        self._told(place, old, new, spans, seal)

    # inodes -------------------------------------------------------------------------------------------------

    def _inode(self, inode: Inode) -> Iterator[None]:
        old = inode.raw
        new = numbers(old, (INODE_MAP, MAP_LENGTH))
        new[_GENERATION] = old[_GENERATION]
        start = inode.attributes_start
        new[start:] = bytes(len(old) - start)
        spans: list[Span] = []
        magic = ATTRIBUTE_MAGIC.to_bytes(4, "little")
        inline: list[slice] = []
        if old[start : start + 4] == magic and len(old) > start:
            new[start : start + 4] = magic
            spans, inline = self._attributes(old, new, start + 4, start + 4)
        where = slice(INODE_MAP, INODE_MAP + MAP_LENGTH)
        if inode.flags & FLAG_INLINE_DATA and inode.mode & TYPE_MASK in TYPES:
            left = inode.size
            for index, piece in enumerate([where, *inline[:1]]):
                spans += self._inline(inode, old, new, piece, index == 0, left)
                left -= piece.stop - piece.start
        elif inode.is_fast_symlink(self._layout):
            new[INODE_MAP : INODE_MAP + inode.size] = old[INODE_MAP : INODE_MAP + inode.size]
            spans.append(Span(INODE_MAP, inode.size, separator="/"))
        elif inode.flags & FLAG_EXTENTS and old[INODE_MAP : INODE_MAP + 2] == b"\x0a\xf3":
            new[where] = old[where]
        else:
            new[where] = masked(old[where])
        layout = self._layout

        def seal(old: bytes, new: bytearray) -> None:
            if not layout.checksummed:
                return
            sums = (
                Inode(inode.number, inode.position, bytes(raw), layout).checksum(layout) for raw in (old, new)
            )
            off = next(sums) ^ next(sums)
            new[INODE_CHECKSUM_LOW : INODE_CHECKSUM_LOW + 2] = (
                int.from_bytes(new[INODE_CHECKSUM_LOW : INODE_CHECKSUM_LOW + 2], "little") ^ off & 0xFFFF
            ).to_bytes(2, "little")
            if start >= INODE_CHECKSUM_HIGH + 2:
                at = INODE_CHECKSUM_HIGH
                high = int.from_bytes(new[at : at + 2], "little") ^ off >> 16
                new[at : at + 2] = high.to_bytes(2, "little")

        new[INODE_CHECKSUM_LOW : INODE_CHECKSUM_LOW + 2] = old[INODE_CHECKSUM_LOW : INODE_CHECKSUM_LOW + 2]
        if start >= INODE_CHECKSUM_HIGH + 2:
            new[INODE_CHECKSUM_HIGH - 2 : INODE_CHECKSUM_HIGH + 2] = old[
                INODE_CHECKSUM_HIGH - 2 : INODE_CHECKSUM_HIGH + 2
            ]
        self._told(inode.position, old, new, spans, seal)
        with suppress(*DAMAGE):
            self._attribute_block(inode)
        if inode.flags & FLAG_INLINE_DATA:
            return
        if inode.kind is Kind.DIRECTORY:
            for position, length in self._pieces(inode):
                size = layout.block_size
                for at in range(position, position + length, size):
                    with suppress(*DAMAGE):
                        self._block(inode, at, self._device.read(at, size))
                    yield
        elif inode.kind is Kind.SYMLINK and not inode.is_fast_symlink(layout) and inode.size <= 4096:
            pieces = self._pieces(inode)
            with suppress(*DAMAGE):
                old = b"".join(self._device.read(*piece) for piece in pieces)
                self._told(pieces, old, old, [Span(0, until_nul(old, 0, len(old)), separator="/")])
        elif inode.kind is Kind.FILE:
            for _ in self._pieces(inode):
                pass

    def _pieces(self, inode: Inode) -> list[tuple[int, int]]:
        """Where it lies, as far as its map goes; the map itself is kept."""
        found: list[Extent] = []
        left = _MOST_FOLDER
        with self._keeping(), suppress(*DAMAGE):
            for extent in contents.extents(self._device, self._layout, inode):
                if extent.position != HOLE:
                    found.append(extent)
                    left -= extent.length
                if left < 0 and inode.kind is not Kind.FILE:
                    break
        return [(extent.position, extent.length) for extent in found]

    # directories --------------------------------------------------------------------------------------------

    def _inline(
        self, inode: Inode, old: bytes, new: bytearray, piece: slice, first: bool, left: int
    ) -> list[Span]:
        if inode.kind is Kind.SYMLINK:
            length = min(piece.stop - piece.start, max(0, left))
            new[piece.start : piece.start + length] = old[piece.start : piece.start + length]
            return [Span(piece.start, length, separator="/")]
        if inode.kind is not Kind.DIRECTORY:
            return []
        start = piece.start + (4 if first else 0)
        new[piece.start : start] = old[piece.start : start]
        return self._entries(old, new, start, piece.stop)

    def _entries(self, old: bytes, new: bytearray, start: int, end: int) -> list[Span]:
        """Fills in what is understood between these places, and gives its names."""
        spans = []
        typed = self._layout.incompatible & features.FILETYPE
        at = start
        while at + 8 <= end:
            new[at : at + 8] = masked(old[at : at + 8])
            number, length, name_length, kind = DIRECTORY_ENTRY_PACKED.unpack_from(old, at)
            if length & 3 or length == 0:
                length = long_length(length, end - start)
            if not typed:
                name_length |= kind << 8
            if length < 8 + name_length or at + length > end or length & 3:
                break
            name = old[at + 8 : at + 8 + name_length]
            if number:
                new[at + 8 : at + 8 + name_length] = name
                if name not in (b"", b".", b".."):
                    spans.append(Span(at + 8, name_length))
                    self._waiting.append(number)
            at += length
        return spans

    def _block(self, inode: Inode, position: int, old: bytes) -> None:
        new = bytearray(len(old))
        spans = self._entries(old, new, 0, len(old))
        index = index_start(old)
        tail = len(old) - 12
        if index:
            most, count = (int.from_bytes(old[at : at + 2], "little") for at in (index, index + 2))
            tail = min(index + 8 * most - 4, len(old) - 12)
            new[24:32] = masked(old[24:32]) if index == 32 else bytes(8)
            new[index : index + 8] = masked(old[index : index + 8])
            for at in range(index + 8, min(index + 8 * count, len(old) - 8), 8):
                new[at + 4 : at + 8] = masked(old[at + 4 : at + 8])  # and not the hash of a name
        if index or old[tail : tail + 8] == DIRECTORY_TAIL:
            new[tail : tail + 8] = masked(old[tail : tail + 8])
            new[tail + 8 : tail + 12] = old[tail + 8 : tail + 12]
        seed = inode.seed(self._layout)

        def compute(data: bytes) -> int:
            if not index:
                return crc32c(seed, data[:-12])
            used = data[: index + 8 * count] + data[tail + 4 : tail + 8] + bytes(4)
            return crc32c(seed, used)

        def seal(old: bytes, new: bytearray) -> None:
            if self._layout.checksummed and (index or old[tail : tail + 8] == DIRECTORY_TAIL):
                mend(old, new, tail + 8, compute)

        self._told(position, old, new, spans, seal)

    # extended attributes ------------------------------------------------------------------------------------

    def _attributes(self, old: bytes, new: bytearray, at: int, base: int) -> tuple[list[Span], list[slice]]:
        """Fills in the attributes from `at` on but their values. Their names, and where inline data is."""
        spans, inline = [], []
        while at + ATTRIBUTE_PACKED.size <= len(old) and any(old[at : at + 4]):
            length, index, offset, keeper, size, _ = ATTRIBUTE_PACKED.unpack_from(old, at)
            start = at + ATTRIBUTE_PACKED.size
            new[at : start - 4] = old[at : start - 4]  # and not the hash of name and value
            if start + length > len(old):
                break
            new[start : start + length] = name = old[start : start + length]
            if index == _INLINE and name == b"data":
                if not keeper and base + offset + size <= len(old):
                    inline.append(slice(base + offset, base + offset + size))
            elif length:
                spans.append(Span(start, length))
            at = start + length + -length % 4
        return spans, inline

    def _attribute_block(self, inode: Inode) -> None:
        block = inode.attributes_block
        if not block or not self._layout.holds(block):
            return
        size = self._layout.block_size
        old = self._device.read(block * size, size)
        new = bytearray(size)
        spans: list[Span] = []
        new[:ATTRIBUTES_LENGTH] = masked(old[:ATTRIBUTES_LENGTH])
        if int.from_bytes(old[:4], "little") == ATTRIBUTE_MAGIC:
            new[:ATTRIBUTES_LENGTH] = old[:ATTRIBUTES_LENGTH]
            spans, _ = self._attributes(old, new, ATTRIBUTES_LENGTH, 0)

        def seal(old: bytes, new: bytearray) -> None:
            if self._layout.checksummed:
                number = block.to_bytes(8, "little")
                mend(
                    old,
                    new,
                    16,
                    lambda data: crc32c(self._layout.seed, number + data[:16] + bytes(4) + data[20:]),
                )

        self._told(block * size, old, new, spans, seal)
