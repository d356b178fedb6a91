"""Volumes of old Unix systems for which no tool is at hand, built from their specifications.

Nothing here is shared with the drivers, so that a mistake in one is none in the other.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

ROOT = 2
FILE, FOLDER = 0o100644, 0o040755
SECTOR = 512
Pack = Callable[[list[int]], bytes]


class Blocks:
    """The blocks of a volume, given out in order; every third one is left free to scatter the files."""

    def __init__(self, size: int, block: int, first: int, end: int) -> None:
        self.image = bytearray(size)
        self.block = block
        self.next = first
        self.end = end
        self.taken: set[int] = set()

    def add(self, content: bytes, *, scattered: bool = True) -> int:
        """Puts at most a block of content somewhere and tells where."""
        if scattered and self.next % 3 == 0:
            self.next += 1
        place = self.next
        self.next += 1
        assert self.next <= self.end, "the volume is full"
        self.taken.add(place)
        self.image[place * self.block : place * self.block + len(content)] = content
        return place

    def store(self, content: bytes, direct: int, pack: Pack, width: int = 4) -> list[int]:
        """Puts a file there, blocks of zeros as holes; its pointers, direct ones first."""
        block = self.block
        pieces = [content[at : at + block] for at in range(0, len(content), block)]
        pointers = [self.add(piece) if any(piece) else 0 for piece in pieces]
        per = block // width
        found, rest = (pointers[:direct] + [0] * direct)[:direct], pointers[direct:]
        for level in (1, 2, 3):
            found.append(self._tree(rest[: per**level], level, per, pack))
            rest = rest[per**level :]
        return found

    def _tree(self, pointers: list[int], level: int, per: int, pack: Pack) -> int:
        if not any(pointers):
            return 0
        if level > 1:
            span = per ** (level - 1)
            children = [pointers[at : at + span] for at in range(0, len(pointers), span)]
            pointers = [self._tree(child, level - 1, per, pack) for child in children]
        return self.add(pack(pointers))


def numbered(folders: Iterable[str], files: Mapping[str, bytes]) -> dict[str, int]:
    """An inode number for each path; "" is the root."""
    return {"": ROOT, **{path: number for number, path in enumerate([*folders, *files], ROOT + 1)}}


def inside(folder: str, numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    """What a folder names, with `.` and `..`."""
    above = folder.rpartition("/")[0]
    names = [(".", numbers[folder]), ("..", numbers[above])]
    for path, number in numbers.items():
        parent, _, own = path.rpartition("/")
        if path and parent == folder:
            names.append((own, number))
    return names


def short_names(names: list[tuple[str, int]], mark: str) -> bytes:
    """A directory of the seventh edition. One unused entry, as a file leaves it that was removed."""
    entries = [struct.pack(mark + "H14s", number, name.encode()) for name, number in names]
    entries.insert(2, struct.pack(mark + "H14s", 0, b"removed"))
    return b"".join(entries)


# the boot file system ---------------------------------------------------------------------------------------


def bfs_image(image: Path, files: Mapping[str, bytes], when: int, label: str, order: str = "<") -> Path:
    """bfs(4): each file in one piece behind the inodes, the root directory the first of them."""
    numbers = numbered((), files)
    inodes = -(-(len(numbers) + 10) * 64 // SECTOR) * SECTOR
    start = SECTOR + inodes
    size = 1 << 20
    content = bytearray(size)
    ends = (-1, -1, -1, -1)
    content[:40] = struct.pack(
        order + "3I4i6s6s", 0x1BADFACE, start, size - 1, *ends, label.encode(), b"pack"
    )
    place = start
    for path, number in numbers.items():
        data = files[path] if path else short_names(inside("", numbers), order)
        first, last = place // SECTOR, (place + max(len(data), 1) - 1) // SECTOR
        where = (first, last, place + len(data) - 1) if data else (0, 0, 0)
        mode = FILE if path else FOLDER
        kind = 1 if path else 2
        at = SECTOR + (number - ROOT) * 64
        fields = (number, 0, *where, kind, mode, 10, 20, 1 if path else 2, when, when, when)
        content[at : at + 48] = struct.pack(order + "HH3I2I3I3i", *fields)
        content[place : place + len(data)] = data
        if data:
            place = (last + 1) * SECTOR
    image.write_bytes(content)
    return image


# the seventh edition ----------------------------------------------------------------------------------------


def v7_image(
    image: Path, folders: Iterable[str], files: Mapping[str, bytes], when: int, label: str, order: str
) -> Path:
    """filsys(5), "little", "pdp" or "big"."""
    mark = ">" if order == "big" else "<"

    def long(value: int) -> bytes:
        if order == "pdp":
            return struct.pack("<HH", value >> 16, value & 0xFFFF)
        return struct.pack(mark + "I", value)

    def three(value: int) -> bytes:
        high, middle, low = value >> 16, value >> 8 & 0xFF, value & 0xFF
        return bytes(
            {"little": (low, middle, high), "pdp": (high, low, middle), "big": (high, middle, low)}[order]
        )

    folders = list(folders)
    numbers = numbered(folders, files)
    total = 2048
    first = 2 + -(-(len(numbers) + 2) // 8) + 1
    blocks = Blocks(total * SECTOR, SECTOR, first, total)
    for path, number in numbers.items():
        folder = path == "" or path in folders
        data = short_names(inside(path, numbers), mark) if folder else files[path]
        pointers = blocks.store(data, 10, lambda values: b"".join(map(long, values)))
        raw = struct.pack(mark + "4H", FOLDER if folder else FILE, 2 if folder else 1, 10, 20) + long(
            len(data)
        )
        raw += b"".join(map(three, pointers)) + b"\0" + long(when) * 3
        blocks.image[1024 + (number - 1) * 64 : 1024 + number * 64] = raw
    free = total - first - len(blocks.taken)
    head = struct.pack(mark + "H", first) + long(total) + struct.pack(mark + "H", 0)
    blocks.image[512 : 512 + len(head)] = head
    tail = b"\0\0\0\0" + long(when) + long(free) + struct.pack(mark + "H", 3)
    tail += b"\0\0\0\0" + label.encode().ljust(6, b"\0") + b"pack\0\0"
    blocks.image[512 + 410 : 512 + 410 + len(tail)] = tail
    image.write_bytes(blocks.image)
    return image


# directories of variable length ----------------------------------------------------------------------------


def long_names(names: list[tuple[str, int]], mark: str, folders: Iterable[int]) -> bytes:
    """A directory of 4.4BSD: no entry crosses 512 bytes, and the last one of them reaches to their end."""
    chunks: list[list[bytes]] = [[]]
    for name, number in names:
        raw = name.encode()
        kind = 4 if number in folders else 8
        entry = struct.pack(mark + "IHBB", number, 0, kind, len(raw)) + raw + b"\0"
        entry += bytes(-len(entry) % 4)
        if sum(map(len, chunks[-1])) + len(entry) > SECTOR:
            chunks.append([])
        chunks[-1].append(entry)
    content = b""
    for chunk in chunks:
        chunk[-1] += bytes(SECTOR - sum(map(len, chunk)))
        content += b"".join(entry[:4] + struct.pack(mark + "H", len(entry)) + entry[6:] for entry in chunk)
    return content


# SGI's extent file system -----------------------------------------------------------------------------------


def efs_names(names: list[tuple[str, int]]) -> bytes:
    """efs(4): in each block, slots from the front and entries from the end."""
    blocks: list[list[bytes]] = [[]]
    for name, number in names:
        raw = name.encode()
        entry = struct.pack(">IB", number, len(raw)) + raw
        entry += bytes(len(entry) % 2)
        if 4 + len(blocks[-1]) + 2 + sum(map(len, blocks[-1])) + len(entry) > SECTOR:
            blocks.append([])
        blocks[-1].append(entry)
    content = b""
    for block in blocks:
        raw, at, slots = bytearray(SECTOR), SECTOR, bytearray()
        for entry in block:
            at -= len(entry)
            raw[at : at + len(entry)] = entry
            slots.append(at // 2)
        slots.insert(1, 0)  # as a removed file leaves it
        raw[: 4 + len(slots)] = struct.pack(">HBB", 0xBEEF, at // 2, len(slots)) + slots
        content += raw
    return content


def efs_image(
    image: Path,
    folders: Iterable[str],
    files: Mapping[str, bytes],
    when: int,
    label: str,
    links: Mapping[str, str] | None = None,
    together: int = 2,
) -> Path:
    """Two cylinder groups with inodes in both; files of several blocks lie in pieces of five at most.

    Where extents have blocks of their own, at most so many of these lie `together`.
    """
    folders, links = list(folders), dict(links or {})
    content_of = {**files, **{path: target.encode() for path, target in links.items()}}
    numbers = numbered(folders, content_of)
    groups, group = 2, 2000
    inode_blocks = -(-(len(numbers) + 4) // (4 * groups)) + 1
    first = 10
    total = first + groups * group + 20
    image_of = bytearray(total * SECTOR)
    free = [at for at in range(first, first + groups * group) if (at - first) % group >= inode_blocks]
    free.reverse()

    def lay(content: bytes, most: int) -> list[tuple[int, int, int]]:
        """(first block, blocks, first block in the file)"""
        extents = []
        count, at = -(-len(content) // SECTOR), 0
        while at < count:
            start, length = free.pop(), 1
            while length < min(most, count - at) and free[-1] == start + length:
                free.pop()
                length += 1
            extents.append((start, length, at))
            at += length
            free.pop()
        for start, length, at in extents:
            piece = content[at * SECTOR : (at + length) * SECTOR]
            image_of[start * SECTOR : start * SECTOR + len(piece)] = piece
        return extents

    def packed(extents: list[tuple[int, int, int]]) -> bytes:
        return b"".join(struct.pack(">II", start, length << 24 | at) for start, length, at in extents)

    for path, number in numbers.items():
        folder = path == "" or path in folders
        data = efs_names(inside(path, numbers)) if folder else content_of[path]
        extents = lay(data, 5)
        count = len(extents)
        if count > 12:
            blocks = lay(packed(extents), together)
            extents = [(start, length, len(blocks)) for start, length, _ in blocks]
        mode = FOLDER if folder else 0o120777 if path in links else FILE
        raw = struct.pack(
            ">4HI3iIH2x", mode, 2 if folder else 1, 10, 20, len(data), when, when, when, 7, count
        )
        raw += packed(extents).ljust(96, b"\0")
        in_group, index = divmod(number, inode_blocks * 4)
        at = (first + in_group * group) * SECTOR + index * 128
        image_of[at : at + 128] = raw
    head = struct.pack(">IIIHHHHHxxI", total, first, group, inode_blocks, 32, 8, groups, 0, when)
    head += struct.pack(">I", 0x072959) + label.encode().ljust(6, b"\0") + b"pack\0\0"
    head += struct.pack(">6I", -(-total // 8), len(free), 50, 2, total - 1, 0) + bytes(20)
    assert len(head) == 88
    checksum = 0
    for number in struct.unpack(">44H", head):
        checksum ^= number
        checksum = (checksum * 2 + (checksum >> 31)) % 2**32
    head += struct.pack(">I", checksum)
    for number in free:
        image_of[2 * SECTOR + number // 8] |= 1 << number % 8
    for at in (1, total - 1):
        image_of[at * SECTOR : at * SECTOR + len(head)] = head
    image.write_bytes(image_of)
    return image
