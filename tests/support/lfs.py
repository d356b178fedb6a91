"""Volumes of the log-structured file system, written as a log: partial segments, and checkpoints among them.

Nothing here is shared with the driver, so that a mistake in one is none in the other.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.unix_images import FILE, FOLDER, ROOT, inside, long_names

SEGMENT, SEGMENTS, BETWEEN = 65536, 64, 6
FIRST = 8192
"""Where the first superblock is; the others are so many segments apart."""
DIROP, CONT = 1, 2
DIRECT = 12


def second(version: int) -> int:
    """Where the superblock is that is written in turns with the first one."""
    return BETWEEN * SEGMENT + (FIRST if version == 1 else 0)


def checksum(data: bytes, mark: str) -> int:
    total = 0
    for number in struct.unpack(f"{mark}{len(data) // 2}H", data):
        total ^= number
    return total


def resum(content: bytearray, offset: int, mark: str) -> None:
    """Makes a superblock that was changed look sound."""
    struct.pack_into(mark + "I", content, offset + 508, checksum(content[offset : offset + 508], mark))


@dataclass
class Partial:
    """A partial segment. Places in bytes."""

    start: int
    files: list[tuple[int, list[int], int]] = field(default_factory=list)
    """(inode, numbers of blocks, bytes of the last of them)"""
    blocks: list[int] = field(default_factory=list)
    inode_blocks: list[int] = field(default_factory=list)
    inodes: int = 0
    end: int = 0
    serial: int = 0

    @property
    def summary(self) -> int:
        """Bytes that its summary needs."""
        return 48 + sum(16 + 4 * len(numbers) for _, numbers, _ in self.files) + 4 * len(self.inode_blocks)


class LfsStick:
    """What is put and removed is in memory until `flush` appends it to the log; `checkpoint` writes the ifile
    and, in turns, one of the first two superblocks. `mark` is the byte order as in `struct`."""

    def __init__(self, version: int = 2, mark: str = "<", when: int = 1_000_000_000) -> None:
        self.version, self.mark, self.when = version, mark, when
        self.block, self.unit = (4096, 512) if version == 1 else (8192, 1024)
        self.inode_block = self.block if version == 1 else 1024
        self.base = FIRST if version == 1 else 0
        self.image = bytearray(self.base + SEGMENTS * SEGMENT)
        self.superblocks = [
            FIRST,
            *(second(version) * number - (number - 1) * self.base for number in range(1, 10)),
        ]
        self.numbers = {"": ROOT}
        self.folders = {""}
        self.content: dict[str, bytes] = {}
        self.partials: list[Partial] = []
        self._next, self._serial, self._turn, self._segment = ROOT + 1, 0, 0, 0
        self._clock = when
        self._at = self._start(0)
        self._changed: dict[str, None] = {"": None}
        self._removed: list[int] = []
        self._addresses: dict[int, int] = {}
        self._open: Partial | None = None
        self._flags = 0
        self.flush()
        self.checkpoint()
        for place in self.superblocks:
            self.image[place : place + 512] = self.image[FIRST : FIRST + 512]
        self._turn = 0

    # what a person does -------------------------------------------------------------------------------------

    def add_folder(self, path: str) -> None:
        self.folders.add(path)
        self._add(path)

    def put(self, path: str, content: bytes) -> None:
        """A new file, or what it has from now on."""
        self.content[path] = content
        self._add(path)

    def remove(self, path: str) -> None:
        self._removed.append(self.numbers.pop(path))
        del self.content[path]
        self._changed.pop(path, None)
        self._changed[path.rpartition("/")[0]] = None

    def _add(self, path: str) -> None:
        if path not in self.numbers:
            self.numbers[path] = self._next
            self._next += 1
            self._changed[path.rpartition("/")[0]] = None
        self._changed[path] = None

    # the log ------------------------------------------------------------------------------------------------

    def flush(self, *, operation: bool = False, pieces: bool = False, whole: bool = True) -> None:
        """Appends what was changed; as an operation on directories, which may not get finished. In `pieces`,
        each file has a partial segment of its own and the inodes have the last one."""
        self._flags = DIROP if operation else 0
        inodes = [self._inode(number, 0, 0, b"") for number in self._removed]
        for path in self._changed:
            inodes.append(self._written(path))
            if pieces:
                self._close(more=operation)
        each = self.inode_block // 128
        for start in range(0, len(inodes), each - 1):
            some = inodes[start : start + each - 1]
            some.insert(0, some[-1][:8] + bytes(120))  # an older one, which does not count
            self._add_inodes(some)
        self._close(more=operation and not whole)
        self._changed, self._removed = {}, []

    def checkpoint(self, *, clean: bool = True) -> None:
        """Writes the ifile, and the other one of two superblocks than the last time."""
        self._flags = 0
        self._clock += 1
        entry = "3I" if self.version == 1 else "5I"
        length = struct.calcsize(self.mark + entry)
        per = self.block // length
        table = b"".join(
            struct.pack(self.mark + entry, 1, self._address(number), *[0] * (length // 4 - 2))
            for number in range(self._next + 3)
        )
        pieces = [table[at : at + per * length] for at in range(0, len(table), per * length)]
        content = b"\1" * 2 * self.block + b"".join(piece.ljust(self.block, b"\1") for piece in pieces)
        self._add_inodes([self._file(1, FILE, 1, content)])
        self._close(more=False)
        where = self.superblocks[self._turn]
        self._turn = 1 - self._turn
        self.image[where : where + 512] = self._superblock(per, clean)

    def _address(self, number: int) -> int:
        return self._addresses.get(number, 0) if number in self.numbers.values() else 0

    def _written(self, path: str) -> bytes:
        number, folder = self.numbers[path], path in self.folders
        numbers = {self.numbers[name] for name in self.folders}
        content = long_names(inside(path, self.numbers), self.mark, numbers) if folder else self.content[path]
        return self._file(number, FOLDER if folder else FILE, 2 if folder else 1, content)

    def _file(self, number: int, mode: int, links: int, content: bytes) -> bytes:
        """Appends the blocks of a file, blocks of zeros as holes. Its inode."""
        block, per = self.block, self.block // 4
        pieces = [content[at : at + block] for at in range(0, len(content), block)]
        last = len(pieces) - 1
        small = len(pieces) <= DIRECT
        pointers = [
            self._append(number, index, piece if small and index == last else piece.ljust(block, b"\0"))
            if any(piece)
            else 0
            for index, piece in enumerate(pieces)
        ]
        found, at = (pointers[:DIRECT] + [0] * DIRECT)[:DIRECT], DIRECT
        for level in (1, 2, 3):
            found.append(self._tree(number, pointers[at : at + per**level], level, at))
            at += per**level
        return self._inode(number, mode, links, content, found)

    def _tree(self, number: int, pointers: list[int], level: int, first: int) -> int:
        """Blocks of pointers have negative numbers, by the first block that they lead to."""
        if not any(pointers):
            return 0
        if level > 1:
            span = (self.block // 4) ** (level - 1)
            pointers = [
                self._tree(number, pointers[at : at + span], level - 1, first + at)
                for at in range(0, len(pointers), span)
            ]
        data = struct.pack(f"{self.mark}{len(pointers)}I", *pointers).ljust(self.block, b"\0")
        return self._append(number, 1 - level - first, data)

    def _inode(
        self, number: int, mode: int, links: int, content: bytes, pointers: Iterable[int] = (0,) * 15
    ) -> bytes:
        raw = struct.pack(self.mark + "HhIQ6i", mode, links, number, len(content), *[self.when, 0] * 3)
        raw += struct.pack(self.mark + "15I3I2I", *pointers, 0, 0, 7, 10, 20)
        return raw.ljust(128, b"\0")

    # partial segments ---------------------------------------------------------------------------------------

    def _start(self, segment: int) -> int:
        """Where the log begins in a segment: behind its superblock, if it has one."""
        start = self.base + segment * SEGMENT
        inside_it = [place for place in self.superblocks if start <= place < start + SEGMENT]
        return inside_it[0] + 8192 if inside_it else start

    def _place(self, length: int, summary: int) -> int:
        """Where the next block goes, in another partial segment where this one is full."""
        length = -(-length // self.unit) * self.unit
        now = self._open
        limit = 512 if self.version == 1 else 1024
        end = self.base + (self._segment + 1) * SEGMENT
        if now is not None and (now.end + length > end or now.summary + summary > limit):
            self._close(more=bool(self._flags))
        if self._open is None:
            if self._at + limit + length > end:
                self._segment += 1
                assert self._segment < SEGMENTS, "the volume is full"
                self._at = self._start(self._segment)
            self._open = Partial(self._at, end=self._at + limit)
        now = self._open
        place = now.end
        now.blocks.append(place)
        now.end += length
        return place

    def _append(self, number: int, index: int, data: bytes) -> int:
        place = self._place(len(data), 20)
        now = self._open
        assert now is not None
        if not now.files or now.files[-1][0] != number:
            now.files.append((number, [], 0))
        now.files[-1] = (number, [*now.files[-1][1], index], len(data))
        self.image[place : place + len(data)] = data
        return place // self.unit

    def _add_inodes(self, inodes: list[bytes]) -> None:
        place = self._place(self.inode_block, 4)
        assert self._open is not None
        self._open.inode_blocks.append(place)
        self._open.inodes += len(inodes)
        self.image[place : place + len(inodes) * 128] = b"".join(inodes)
        for raw in inodes:
            self._addresses[struct.unpack_from(self.mark + "I", raw, 4)[0]] = place // self.unit

    def _close(self, *, more: bool) -> None:
        now = self._open
        if now is None:
            return
        mark, limit = self.mark, 512 if self.version == 1 else 1024
        self._serial += 1
        now.serial = self._serial
        after = self.base // self.unit + (self._segment + 1) * SEGMENT // self.unit
        sums = b"".join(self.image[place : place + 4] for place in now.blocks)
        identity = self._clock if self.version == 1 else 77
        raw = struct.pack(mark + "4I", checksum(sums, mark), 0x061561, after, identity)
        flags = self._flags | (CONT if more else 0)
        raw += struct.pack(mark + "4H", len(now.files), now.inodes, flags, 0)
        if self.version == 2:
            raw += struct.pack(mark + "IQQ", 0, self._serial, self._clock)
        for number, indices, last in now.files:
            raw += struct.pack(f"{mark}4I{len(indices)}i", len(indices), 1, number, last, *indices)
        places = [place // self.unit for place in reversed(now.inode_blocks)]
        tail = struct.pack(f"{mark}{len(places)}I", *places)
        raw = raw.ljust(limit - 4 - len(tail), b"\0") + tail
        self.image[now.start : now.start + limit] = struct.pack(mark + "I", checksum(raw, mark)) + raw
        self.partials.append(now)
        self._at, self._open = now.end, None

    def _superblock(self, per: int, clean: bool) -> bytes:
        mark, unit, version = self.mark, self.unit, self.version
        raw = bytearray(512)
        units = SEGMENT // unit
        total = len(self.image) // unit
        size = SEGMENT // self.block if version == 1 else SEGMENT
        free = total - self._at // unit
        head = (0x070162, version, total, size, total, self.block, unit, self.block // unit)
        struct.pack_into(mark + "8I", raw, 0, *head)
        struct.pack_into(mark + "3I", raw, 32, self._next, free, len(self.numbers))
        struct.pack_into(mark + "2I", raw, 52, self._addresses[1], 1)
        here = self.base // unit + self._segment * units
        struct.pack_into(mark + "4I", raw, 64, here + units, here, self._at // unit, self._at // unit)
        struct.pack_into(mark + "I", raw, 80, self._clock if version == 1 else unit // 128)
        struct.pack_into(mark + "I", raw, 96, units)
        struct.pack_into(mark + "I", raw, 104, per)
        struct.pack_into(mark + "I", raw, 116, SEGMENTS)
        struct.pack_into(mark + "2I", raw, 124, 1, 1)
        struct.pack_into(mark + "I", raw, 184, 60)
        struct.pack_into(mark + "10I", raw, 188, *(place // unit for place in self.superblocks))
        struct.pack_into(mark + "I", raw, 228, SEGMENTS - self._segment - 1)
        struct.pack_into(mark + "H", raw, 322, 1 if clean else 0)
        struct.pack_into(mark + "I", raw, 332, 512 if version == 1 else 1024)
        struct.pack_into(mark + "QI", raw, 336, self._serial if version == 2 else 0, self.inode_block)
        struct.pack_into(mark + "IQ", raw, 348, self.base // unit, self._clock)
        struct.pack_into(mark + "I", raw, 368, 77 if version == 2 else 0)
        resum(raw, 0, mark)
        return bytes(raw)


def lfs_stick(
    folders: Iterable[str], files: Mapping[str, bytes], when: int, version: int, mark: str
) -> LfsStick:
    """One with this tree in its newest checkpoint, which the first superblock has."""
    stick = LfsStick(version, mark, when)
    for path in folders:
        stick.add_folder(path)
    for path, content in files.items():
        stick.put(path, content)
    stick.flush()
    stick.checkpoint()
    return stick


def lfs_image(
    image: Path, folders: Iterable[str], files: Mapping[str, bytes], when: int, version: int, mark: str
) -> Path:
    image.write_bytes(lfs_stick(folders, files, when, version, mark).image)
    return image
