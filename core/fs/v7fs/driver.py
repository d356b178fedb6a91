"""The driver of the seventh edition's file system: one open volume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Self

from core.blockdev.device import BlockDevice
from core.entry import Kind, VolumeFacts
from core.errors import CorruptStructure, NotAFileSystem, NotFound, RumpusError
from core.fs.driver import DEFAULTS, Extent, Options, Probe, Warnings
from core.fs.scrambling import Scrambled
from core.fs.unix.block_map import Shape, extents
from core.fs.unix.directory import fixed, text
from core.fs.unix.driver import UnixDriver
from core.fs.unix.inode import Inode, nanoseconds, read_many
from core.fs.unix.scrambling import Superblock, System, UnixScrambled
from core.fs.unix.scrambling import fixed as told_fixed
from core.fs.v7fs.structures import (
    ACCESSED,
    BLOCK,
    CHANGED,
    DATA_START,
    DIRECT,
    FREE_BLOCKS,
    FREE_INODES,
    INODE_LENGTH,
    INODES_AT,
    INODES_PER_BLOCK,
    MAP_AT,
    MODIFIED,
    MOST_FREE_BLOCKS,
    MOST_FREE_INODES,
    NAME,
    ORDERS,
    PACK,
    POINTERS,
    SIZE,
    SUPERBLOCK_AT,
    SUPERBLOCK_LENGTH,
    TOTAL_FREE,
    TOTAL_FREE_INODES,
    UPDATED,
    VOLUME_SIZE,
    Reader,
)

_SYSTEM = "V7FS"
_CONFIDENCE = 55
"""It has no signature: what has one is asked first."""
_ROOT_NAMES = (b".", b"..")


class V7Fs(UnixDriver):
    """Nodes are inode numbers."""

    name: ClassVar[str] = "v7fs"
    limits: ClassVar[str] = "free space is what the superblock counts"
    block_size = BLOCK

    def __init__(self, device: BlockDevice, reader: Reader, superblock: bytes) -> None:
        super().__init__()
        self.device = device
        self.parse = fixed(reader.byteorder)
        self._reader = reader
        self._superblock = superblock
        self._warnings = Warnings()
        self._data_start = reader.short(superblock, DATA_START)
        self._blocks = reader.long(superblock, VOLUME_SIZE)
        self._count = (self._data_start - INODES_AT // BLOCK) * INODES_PER_BLOCK
        end = min(self._blocks, device.size // BLOCK)
        self._shape = Shape(BLOCK, BLOCK, DIRECT, 4, reader.longs, self._data_start, end)

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        try:
            volume = cls.open(device)
        except (NotAFileSystem, CorruptStructure):
            return None
        return Probe(_SYSTEM, volume._label(), _CONFIDENCE)

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        """Only the root directory proves what this is, and in which byte order."""
        if device.size < INODES_AT + 2 * INODE_LENGTH:
            raise NotAFileSystem("too small for a volume")
        superblock = device.read(SUPERBLOCK_AT, SUPERBLOCK_LENGTH)
        for order in ORDERS:
            reader = Reader(order)
            if _plausible(reader, superblock):
                volume = cls(device, reader, superblock)
                if volume._has_root():
                    return volume
        raise NotAFileSystem("no root directory of the seventh edition")

    def facts(self) -> VolumeFacts:
        reader, superblock = self._reader, self._superblock
        free = reader.long(superblock, TOTAL_FREE) * BLOCK
        size = min(self._blocks * BLOCK, self.device.size)
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=_SYSTEM,
            root=self.ROOT,
            label=self._label(),
            size=size,
            free=free if free < size else None,
            block_size=BLOCK,
            warnings=list(self._warnings),
            facts=[
                ("Byte order", reader.order),
                ("Inodes", f"{self._count}, {reader.short(superblock, TOTAL_FREE_INODES)} of them free"),
                ("Pack", text(superblock[PACK : PACK + 6])),
                ("Last written", str(reader.long(superblock, UPDATED))),
            ],
        )

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        names = (NAME, 6), (PACK, 6)
        system = System(
            open=lambda device: V7Fs(device, self._reader, self._superblock),
            superblocks=[Superblock(SUPERBLOCK_AT, SUPERBLOCK_LENGTH, lambda raw: True, names)],
            inode_length=INODE_LENGTH,
            map_at=MAP_AT,
            decode=lambda raw, position: (self._decode(self.ROOT, position, raw), None),
            parse=told_fixed(self._reader.byteorder),
        )
        return UnixScrambled(self.device, system, seed, nodes)

    def inodes(self, numbers: Iterable[int]) -> dict[int, Inode | RumpusError]:
        return read_many(self.device, numbers, self._place, INODE_LENGTH, self._decode)

    def mapped(self, inode: Inode) -> Iterator[Extent]:
        values = self._reader.addresses(inode.map)
        return extents(self.device, self._shape, values, inode.size, inode.position + MAP_AT)

    def _place(self, number: int) -> int:
        if not 1 < number <= self._count:
            raise NotFound(f"inode {number}")
        return INODES_AT + (number - 1) * INODE_LENGTH

    def _decode(self, number: int, position: int, raw: bytes) -> Inode:
        reader = self._reader
        mode, links, uid, gid = reader.shorts(raw)
        found = Inode(
            number,
            position,
            mode,
            links,
            uid,
            gid,
            reader.long(raw, SIZE),
            raw[MAP_AT : MAP_AT + POINTERS * 3],
            nanoseconds(reader.long(raw, MODIFIED)),
            nanoseconds(reader.long(raw, ACCESSED)),
            nanoseconds(reader.long(raw, CHANGED)),
        )
        if found.is_device:
            found.facts.append(("Device", f"{reader.addresses(found.map)[0]:#x}"))
        found.check(self._shape.largest)
        return found

    def _has_root(self) -> bool:
        root = self.inodes([self.ROOT])[self.ROOT]
        if not isinstance(root, Inode) or root.kind is not Kind.DIRECTORY or root.size < 32:
            return False
        first = self._reader.addresses(root.map)[0]
        if not self._data_start <= first < self._shape.end:
            return False
        data = self.device.read(first * BLOCK, 32)
        return all(
            self._reader.short(data, at) == self.ROOT and data[at + 2 : at + 16].rstrip(b"\0") == name
            for at, name in zip((0, 16), _ROOT_NAMES, strict=True)
        )

    def _label(self) -> str:
        return text(self._superblock[NAME : NAME + 6])


def _plausible(reader: Reader, superblock: bytes) -> bool:
    start, blocks = reader.short(superblock, DATA_START), reader.long(superblock, VOLUME_SIZE)
    return (
        INODES_AT // BLOCK < start < blocks < 1 << 24
        and reader.short(superblock, FREE_BLOCKS) <= MOST_FREE_BLOCKS
        and reader.short(superblock, FREE_INODES) <= MOST_FREE_INODES
    )
