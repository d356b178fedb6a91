"""Entries of a directory from its blocks: ext4, "Directory Entries".

Directories are read from end to end. Those with an index are made so that this works: to a reader of
entries, the blocks of the index look empty.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.entry import Kind
from core.errors import CorruptStructure, MediumError
from core.fs.driver import HOLE
from core.fs.ext import contents, features
from core.fs.ext.checksum import crc32c
from core.fs.ext.geometry import Geometry
from core.fs.ext.inode import Inode
from core.fs.ext.structures import (
    DIRECTORY_ENTRY_PACKED,
    DIRECTORY_TAIL,
    FLAG_INLINE_DATA,
    LONGEST_NAME,
)
from core.fs.unix.directory import CHUNK, FIRST_CHUNK, MOST_DAMAGE, Damage, Named, blocks_of

_INLINE_PARENT = 4
"""In an inode, the number of the directory above stands before the entries, which has no name there."""
_KINDS = (Kind.OTHER, Kind.FILE, Kind.DIRECTORY, Kind.OTHER, Kind.OTHER, Kind.OTHER, Kind.OTHER, Kind.SYMLINK)


class Directory:
    """One reading of a directory. What is wrong with it goes to `damage`."""

    def __init__(self, device: BlockDevice, geometry: Geometry, inode: Inode, damage: Damage) -> None:
        self._damage = damage
        self._device = device
        self._geometry = geometry
        self._inode = inode
        self._typed = bool(geometry.incompatible & features.FILETYPE)
        self._seed = inode.seed(geometry)
        if inode.problem is not None:
            damage.append(inode.problem)

    def named(self) -> Iterator[list[Named]]:
        """What each piece of the directory names, without `.` and `..`. Raises no error but DeviceGone."""
        try:
            if self._inode.flags & FLAG_INLINE_DATA:
                for index, (position, data) in enumerate(contents.inline_pieces(self._inode)):
                    start = 0 if index else _INLINE_PARENT
                    yield self._parse(data[start:], position + start)
                return
            checked = self._geometry.checksummed
            for data, position in self._blocks():
                if checked:
                    self._check_sum(data, position)
                yield self._parse(data, position)
                if len(self._damage) >= MOST_DAMAGE:
                    return
        except (CorruptStructure, MediumError) as error:
            self._damage.append(error)

    def _blocks(self) -> Iterator[tuple[bytes, int]]:
        size = self._geometry.block_size
        wanted = max(FIRST_CHUNK, size)
        for offset, position, length in contents.extents(self._device, self._geometry, self._inode):
            if position == HOLE:
                expected = "a directory without holes"
                self._damage.note(self._inode.position, expected, f"{length} bytes at {offset}")
                continue
            end = position + -(-length // size) * size
            while position < end:
                piece = min(wanted, end - position)
                for data in blocks_of(self._device, position, piece, size, self._damage):
                    if data:
                        yield data, position
                    position += size
                wanted = max(CHUNK, size)

    def _parse(self, data: bytes, position: int) -> list[Named]:
        found: list[Named] = []
        unpack = DIRECTORY_ENTRY_PACKED.unpack_from
        at, end = 0, len(data)
        typed = self._typed
        while at + 8 <= end:
            number, length, name_length, kind = unpack(data, at)
            if length & 3 or length == 0:
                length = long_length(length, end)
            if not typed:
                name_length, kind = name_length | kind << 8, 0
            if length < 8 + name_length or at + length > end or length & 3 or name_length > LONGEST_NAME:
                expected = "an entry inside its block"
                self._damage.note(position + at, expected, f"{length} bytes, {name_length} of a name")
                break
            if number:
                name = data[at + 8 : at + 8 + name_length]
                if not name:
                    self._damage.note(position + at, "a name", "none")
                elif name_length > 2 or name not in (b".", b".."):
                    found.append(Named(name, number, _KINDS[kind & 7], position + at))
            at += length
        return found

    def _check_sum(self, data: bytes, position: int) -> None:
        """Of a leaf the checksum hides in its last entry, of a block of the index behind its places.

        A block that became part of the index may still look like a leaf at its end, but not the other way.
        """
        start = index_start(data)
        if start:
            most, count = (int.from_bytes(data[at : at + 2], "little") for at in (start, start + 2))
            tail = start + 8 * most
            used = data[: start + 8 * count] + data[tail : tail + 4] + bytes(4)
            found, wanted = data[tail + 4 : tail + 8], crc32c(self._seed, used)
        else:
            found, wanted = data[-4:], crc32c(self._seed, data[:-12])
        if len(found) < 4 or (not start and data[-12:-4] != DIRECTORY_TAIL):
            self._damage.note(position, "a block with a checksum", "one without")
            return
        number = int.from_bytes(found, "little")
        if number != wanted:
            self._damage.note(position, f"checksum {wanted:#010x}", f"{number:#010x}")


def long_length(length: int, end: int) -> int:
    """An entry's length in blocks of 64 KiB, where 16 bits are too few for one that fills its block."""
    if end == 65536 and length in (0, 65535):
        return end
    return length


def index_start(data: bytes) -> int:
    """Where the places of an index begin in this block, 0 when it is none: ext4, "Hash Tree Directories"."""
    number, length, name_length, _ = DIRECTORY_ENTRY_PACKED.unpack_from(data)
    if number == 0 and name_length == 0 and long_length(length, len(data)) == len(data):
        return 8
    _, above, _, _ = DIRECTORY_ENTRY_PACKED.unpack_from(data, 12)
    if length == 12 and above == len(data) - 12 and data[29] == 8:
        return 32
    return 0
