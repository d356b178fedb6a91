"""The driver of the boot file system: one open volume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Self

from core.blockdev.device import BlockDevice
from core.entry import Kind, VolumeFacts
from core.errors import CorruptStructure, MediumError, NotAFileSystem, NotFound, RumpusError
from core.fs.driver import DEFAULTS, Extent, Options, Probe, Warnings
from core.fs.scrambling import Scrambled
from core.fs.sysvbfs.structures import (
    BLOCK,
    FIRST_INODE,
    INODE_LENGTH,
    INODES,
    INODES_AT,
    MAGIC,
    NAMES,
    TYPE_DIRECTORY,
    TYPE_FILE,
    superblock,
)
from core.fs.unix import inode
from core.fs.unix.directory import fixed, text
from core.fs.unix.driver import UnixDriver
from core.fs.unix.inode import Inode, nanoseconds, read_many
from core.fs.unix.scrambling import Superblock, System, UnixScrambled
from core.fs.unix.scrambling import fixed as told_fixed

_SYSTEM = "SysVBFS"
_CONFIDENCE, _CONFIDENCE_WITHOUT_ROOT = 90, 60
_MOST_INODES = 65535
_KINDS = {TYPE_FILE: inode.TYPE_FILE, TYPE_DIRECTORY: inode.TYPE_DIRECTORY}


class SysVBfs(UnixDriver):
    """Nodes are inode numbers."""

    name: ClassVar[str] = "sysvbfs"
    limits: ClassVar[str] = "a compaction that was interrupted is not finished"
    block_size = BLOCK

    def __init__(self, device: BlockDevice, byteorder: str, found: Any) -> None:
        super().__init__()
        self.device = device
        self.byteorder = byteorder
        self.parse = fixed(byteorder)
        self._superblock = found
        end = min(found.data_start, device.size)
        self._count = min((end - INODES_AT) // INODE_LENGTH, _MOST_INODES)
        self._warnings = Warnings()

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        try:
            volume = cls.open(device)
        except (NotAFileSystem, CorruptStructure):
            return None
        root = volume.inodes([cls.ROOT])[cls.ROOT]
        sound = isinstance(root, Inode) and root.kind is Kind.DIRECTORY
        return Probe(_SYSTEM, volume._label(), _CONFIDENCE if sound else _CONFIDENCE_WITHOUT_ROOT)

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        length = superblock("little").sizeof()
        data = device.read(0, length) if device.size >= INODES_AT + INODE_LENGTH else b""
        for byteorder in INODES:
            if not data.startswith(MAGIC.to_bytes(4, "little" if byteorder == "little" else "big")):
                continue
            found = superblock(byteorder).parse(data)
            if not INODES_AT + INODE_LENGTH <= found.data_start <= found.data_end:
                expected = "inodes before the data"
                raise CorruptStructure("superblock", 4, expected, f"{found.data_start} to {found.data_end}")
            return cls(device, byteorder, found)
        raise NotAFileSystem("no superblock of the boot file system")

    def facts(self) -> VolumeFacts:
        found = self._superblock
        compaction = any(place != -1 for place in found.compaction)
        size = min(found.data_end + 1, self.device.size)
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=_SYSTEM,
            root=self.ROOT,
            label=self._label(),
            size=size,
            free=self._free(size),
            block_size=BLOCK,
            dirty=compaction and any(found.compaction),
            warnings=list(self._warnings),
            facts=[("Byte order", self.byteorder), ("Inodes", str(self._count))],
        )

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        length = superblock(self.byteorder).sizeof()
        system = System(
            open=lambda device: SysVBfs(device, self.byteorder, self._superblock),
            superblocks=[Superblock(0, length, lambda raw: True, NAMES)],
            inode_length=INODE_LENGTH,
            map_at=0,
            decode=lambda raw, position: (self._decode(self.ROOT, position, raw), None),
            parse=told_fixed(self.byteorder),
        )
        return UnixScrambled(self.device, system, seed, nodes)

    def inodes(self, numbers: Iterable[int]) -> dict[int, Inode | RumpusError]:
        return read_many(self.device, numbers, self._place, INODE_LENGTH, self._decode)

    def mapped(self, inode: Inode) -> Iterator[Extent]:
        first, last = (int.from_bytes(inode.map[at : at + 4], "little") for at in (0, 4))
        if not inode.size:
            return
        start, end = first * BLOCK, min(self._superblock.data_end + 1, self.device.size)
        if start < self._superblock.data_start or start + inode.size > end or last < first:
            expected = f"blocks from {self._superblock.data_start // BLOCK} to {end // BLOCK}"
            raise CorruptStructure("inode", inode.position + 4, expected, f"{first} to {last}")
        yield Extent(0, start, inode.size)

    def _place(self, number: int) -> int:
        if not FIRST_INODE <= number < FIRST_INODE + self._count:
            raise NotFound(f"inode {number}")
        return INODES_AT + (number - FIRST_INODE) * INODE_LENGTH

    def _decode(self, number: int, position: int, raw: bytes) -> Inode:
        fields = INODES[self.byteorder].unpack(raw)
        own, first, last, end, kind, mode, uid, gid, links, accessed, modified, changed = fields
        size = end + 1 - first * BLOCK if first else 0
        found = Inode(
            number,
            position,
            (mode & 0o7777 | _KINDS.get(kind, inode.TYPE_MASK)) if own else 0,
            max(links, 1),
            uid,
            gid,
            max(size, 0),
            first.to_bytes(4, "little") + last.to_bytes(4, "little"),
            nanoseconds(modified),
            nanoseconds(accessed),
            nanoseconds(changed),
            allocated=max(last + 1 - first, 0) * BLOCK if first else 0,
        )
        found.check((last + 1 - first) * BLOCK if first else 0)
        if own and own != number and found.problem is None:
            found.problem = CorruptStructure("inode", position, f"number {number}", str(own))
        if size < 0 and found.problem is None:
            found.problem = CorruptStructure("inode", position + 12, "an end after the start", str(end))
        return found

    def _label(self) -> str:
        return text(self._superblock.name.strip(b" "))

    def _free(self, size: int) -> int | None:
        """What no file lies in; nothing on the volume tells it."""
        try:
            table = self.device.read(INODES_AT, self._count * INODE_LENGTH)
        except (CorruptStructure, MediumError):
            return None
        free = size - self._superblock.data_start
        for number, first, last, *_ in INODES[self.byteorder].iter_unpack(table):
            if number and first:
                free -= max(last + 1 - first, 0) * BLOCK
        return free if free >= 0 else None
