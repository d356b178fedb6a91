"""The driver of EFS: one open volume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple, Self

from core.blockdev.device import BlockDevice
from core.entry import Kind, VolumeFacts
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem, NotFound, RumpusError
from core.fs.driver import DEFAULTS, Extent, Options, Probe, Warnings
from core.fs.efs.structures import (
    BLOCK,
    CHECKED,
    DIRECT,
    DIRECTORY_BLOCK,
    DIRECTORY_MAGIC,
    ENTRY,
    EXTENT,
    EXTENT_LENGTH,
    INODE,
    INODE_LENGTH,
    INODES_PER_BLOCK,
    MAGICS,
    MAP_AT,
    NAMES,
    SUPERBLOCK,
    SUPERBLOCK_AT,
)
from core.fs.retelling import Span, masked, mend
from core.fs.scrambling import Scrambled
from core.fs.unix.block_map import joined
from core.fs.unix.directory import Damage, Named, text
from core.fs.unix.driver import UnixDriver
from core.fs.unix.inode import LARGEST, Inode, nanoseconds, read_many
from core.fs.unix.scrambling import Block, System, UnixScrambled
from core.fs.unix.scrambling import Superblock as Told

_SYSTEM = "EFS"
_CONFIDENCE, _CONFIDENCE_WITHOUT_ROOT, _CONFIDENCE_BY_COPY = 90, 60, 30
_LOW = 0xFFFFFF
_COUNT_LENGTH = 2
_SMALLEST_ENTRY = 7
"""Bytes of an entry with its slot."""


class Superblock(NamedTuple):
    """One that makes sense, and where it was found."""

    fields: Any
    offset: int

    @property
    def is_copy(self) -> bool:
        return self.offset != SUPERBLOCK_AT


class Efs(UnixDriver):
    """Nodes are inode numbers."""

    name: ClassVar[str] = "efs"
    limits: ClassVar[str] = "logical volumes of several disks are not joined"
    block_size = BLOCK

    def __init__(self, device: BlockDevice, superblock: Superblock, warnings: Warnings) -> None:
        super().__init__()
        self.device = device
        self.warnings = warnings
        self.parse = _names
        self._is_copy = superblock.is_copy
        self._superblock = found = superblock.fields
        self._inodes_per_group = found.group_inode_blocks * INODES_PER_BLOCK
        self._end = min(found.size, device.size // BLOCK)

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        try:
            found = _superblock(device, Warnings())
        except (NotAFileSystem, CorruptStructure):
            return None
        label = text(found.fields.name)
        if found.is_copy:
            return Probe(_SYSTEM, label, _CONFIDENCE_BY_COPY)
        root = cls(device, found, Warnings()).inodes([cls.ROOT])[cls.ROOT]
        sound = isinstance(root, Inode) and root.kind is Kind.DIRECTORY
        return Probe(_SYSTEM, label, _CONFIDENCE if sound else _CONFIDENCE_WITHOUT_ROOT)

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        warnings = Warnings()
        return cls(device, _superblock(device, warnings), warnings)

    def facts(self) -> VolumeFacts:
        found = self._superblock
        size, free = self._end * BLOCK, found.free_blocks * BLOCK
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=_SYSTEM,
            root=self.ROOT,
            label=text(found.name),
            size=size,
            free=free if free < size else None,
            block_size=BLOCK,
            dirty=found.dirty != 0,
            warnings=list(self.warnings),
            facts=[
                ("Pack", text(found.pack)),
                ("Cylinder groups", str(found.groups)),
                ("Inodes", f"{found.groups * self._inodes_per_group}, {found.free_inodes} of them free"),
                ("Grown", "yes" if found.magic == MAGICS[1] else "no"),
            ],
        )

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        found = Superblock(self._superblock, -1 if self._is_copy else SUPERBLOCK_AT)
        system = System(
            open=lambda device: Efs(device, found, Warnings()),
            superblocks=[
                Told(place, SUPERBLOCK.sizeof(), _is_superblock, NAMES, _sealed)
                for place in (SUPERBLOCK_AT, (self.device.size // BLOCK - 1) * BLOCK)
            ],
            inode_length=INODE_LENGTH,
            map_at=MAP_AT,
            decode=lambda raw, position: (self._decode(self.ROOT, position, raw), None),
            parse=_told,
        )
        return UnixScrambled(self.device, system, seed, nodes)

    def inodes(self, numbers: Iterable[int]) -> dict[int, Inode | RumpusError]:
        return read_many(self.device, numbers, self._place, INODE_LENGTH, self._decode)

    def mapped(self, inode: Inode) -> Iterator[Extent]:
        return joined(self._pieces(inode), inode.size)

    def _place(self, number: int) -> int:
        found = self._superblock
        if not self.ROOT <= number < found.groups * self._inodes_per_group:
            raise NotFound(f"inode {number}")
        group, index = divmod(number, self._inodes_per_group)
        return int((found.first_group + group * found.group_size) * BLOCK + index * INODE_LENGTH)

    def _decode(self, number: int, position: int, raw: bytes) -> Inode:
        mode, links, uid, gid, size, accessed, modified, changed, generation, count = INODE.unpack_from(raw)
        found = Inode(
            number,
            position,
            mode,
            links,
            uid,
            gid,
            size,
            count.to_bytes(_COUNT_LENGTH, "big") + raw[MAP_AT : MAP_AT + DIRECT * EXTENT_LENGTH],
            nanoseconds(modified),
            nanoseconds(accessed),
            nanoseconds(changed),
            facts=[("Generation", str(generation)), ("Extents", str(count))],
        )
        if found.is_device:
            old, new = raw[MAP_AT : MAP_AT + 2], raw[MAP_AT + 4 : MAP_AT + 8]
            found.facts.append(("Device", f"{int.from_bytes(new if any(new) else old, 'big'):#x}"))
        found.check(LARGEST)
        return found

    # extents ------------------------------------------------------------------------------------------------

    def _pieces(self, inode: Inode) -> Iterator[Extent]:
        """The extents in file order. Raises CorruptStructure, MediumError."""
        count = int.from_bytes(inode.map[:_COUNT_LENGTH], "big")
        reached = 0
        for position, first, length, offset in self._extents(inode, count):
            if offset < reached:
                expected = f"an extent from block {reached} on"
                raise CorruptStructure("extent", position, expected, f"one at {offset}")
            yield Extent(offset * BLOCK, first * BLOCK, length * BLOCK)
            reached = offset + length

    def _extents(self, inode: Inode, count: int) -> Iterator[tuple[int, int, int, int]]:
        """Those of a file, each with its position; of many, the inode tells in which blocks they are."""
        table, position = inode.map[_COUNT_LENGTH:], inode.position + MAP_AT
        if count <= DIRECT:
            yield from self._decoded(table, position, count)
            return
        blocks_of_extents = EXTENT.unpack_from(table)[1] & _LOW
        if not 0 < blocks_of_extents <= DIRECT:
            expected = f"1 to {DIRECT} extents of extents"
            raise CorruptStructure("inode", position + 4, expected, str(blocks_of_extents))
        left = count
        for _, first, length, _ in self._decoded(table, position, blocks_of_extents):
            for block in range(first, first + length):
                if left <= 0:
                    return
                number = min(left, BLOCK // EXTENT_LENGTH)
                yield from self._decoded(self.device.read(block * BLOCK, BLOCK), block * BLOCK, number)
                left -= number
        if left > 0:
            raise CorruptStructure("inode", position, f"{count} extents", f"{count - left}")

    def _decoded(self, table: bytes, position: int, count: int) -> Iterator[tuple[int, int, int, int]]:
        for at in range(0, count * EXTENT_LENGTH, EXTENT_LENGTH):
            start, rest = EXTENT.unpack_from(table, at)
            first, length, offset = start & _LOW, rest >> 24, rest & _LOW
            if start >> 24 or length == 0 or first == 0 or first + length > self._end:
                expected = f"blocks up to {self._end}"
                raise CorruptStructure("extent", position + at, expected, f"{length} from {start:#x} on")
            yield position + at, first, length, offset


def _names(data: bytes, position: int, damage: Damage) -> list[Named]:
    """A block of a directory, in which slots tell where the entries are: efs(4), struct efs_dirblk."""
    found: list[Named] = []
    if len(data) < BLOCK:
        damage.note(position, f"a block of {BLOCK} bytes", str(len(data)))
        return found
    magic, _, slots = DIRECTORY_BLOCK.unpack_from(data)
    if magic != DIRECTORY_MAGIC:
        damage.note(position, f"{DIRECTORY_MAGIC:#x}", f"{magic:#x}")
        return found
    head = DIRECTORY_BLOCK.size
    for slot in data[head : head + slots]:
        at = slot * 2
        if at == 0:
            continue
        if at < head + slots or at + ENTRY.size > BLOCK:
            damage.note(position, "an entry behind the slots", f"one at {at}")
            continue
        number, length = ENTRY.unpack_from(data, at)
        name = data[at + ENTRY.size : at + ENTRY.size + length]
        if not name or len(name) < length:
            damage.note(position + at, "a name inside its block", f"{length} bytes")
        elif name not in (b".", b".."):
            found.append(Named(name, number, Kind.OTHER, position + at))
    return found


def _told(data: bytes) -> Block:
    """What `_names` understands of a block, for a volume under other names."""
    told, spans, numbers = bytearray(len(data)), list[Span](), list[int]()
    head = DIRECTORY_BLOCK.size
    magic, _, slots = DIRECTORY_BLOCK.unpack_from(data)
    told[:head] = masked(data[:head])
    if len(data) < BLOCK or magic != DIRECTORY_MAGIC or slots > (BLOCK - head) // _SMALLEST_ENTRY:
        return Block(told, spans, numbers)
    taken = [False] * BLOCK
    for place, slot in enumerate(data[head : head + slots], head):
        at = slot * 2
        told[place] = min(slot, 1)  # which is as wrong as any other that leads to no entry
        if at < head + slots or at + ENTRY.size > BLOCK:
            continue
        number, length = ENTRY.unpack_from(data, at)
        start = at + ENTRY.size
        end = min(start + length, BLOCK)
        if any(taken[at:end]):
            continue
        told[place] = slot
        taken[at:end] = [True] * (end - at)
        told[at:start] = masked(data[at:start])
        told[start:end] = name = data[start:end]
        if name not in (b"", b".", b".."):
            spans.append(Span(start, len(name)))
            numbers.append(number)
    return Block(told, spans, numbers)


def _is_superblock(data: bytes) -> bool:
    return SUPERBLOCK.parse(data).magic in MAGICS


def _sealed(old: bytes, new: bytearray) -> None:
    mend(old, new, CHECKED, _checksum, order=">")


def _superblock(device: BlockDevice, warnings: Warnings) -> Superblock:
    """The first one, or the copy in the last block. Raises NotAFileSystem, CorruptStructure, MediumError."""
    last = (device.size // BLOCK - 1) * BLOCK
    try:
        return _read(device, SUPERBLOCK_AT, warnings)
    except (NotAFileSystem, CorruptStructure, MediumError) as error:
        try:
            found = _read(device, last, warnings)
        except (NotAFileSystem, CorruptStructure, MediumError):
            raise error from None
        if isinstance(error, NotAFileSystem):
            warnings.note(Fault.of(CorruptStructure("superblock", SUPERBLOCK_AT, "one as its copy", "none")))
        else:
            warnings.note(Fault.of(error))
        return found


def _read(device: BlockDevice, offset: int, warnings: Warnings) -> Superblock:
    if offset < SUPERBLOCK_AT or offset + BLOCK > device.size:
        raise NotAFileSystem("too small for a volume")
    data = device.read(offset, SUPERBLOCK.sizeof())
    found = SUPERBLOCK.parse(data)
    if found.magic not in MAGICS:
        raise NotAFileSystem("no superblock of EFS")
    inside = 0 < found.group_inode_blocks < found.group_size and found.groups > 0 and found.first_group > 1
    end = found.first_group + found.groups * found.group_size
    if not inside or not end <= found.size < 1 << 24:
        expected, groups = "cylinder groups inside the volume", f"{found.groups} of {found.group_size}"
        raise CorruptStructure("superblock", offset, expected, f"{groups} in {found.size} blocks")
    wanted = _checksum(data)
    if found.checksum != wanted:
        fault = CorruptStructure("superblock", offset + CHECKED, f"{wanted:#x}", f"{found.checksum:#x}")
        warnings.note(Fault.of(fault))
    return Superblock(found, offset)


def _checksum(data: bytes) -> int:
    """Each number of 16 bits is taken in by exclusive or, and the sum turned by one bit."""
    total = 0
    for at in range(0, CHECKED, 2):
        total ^= int.from_bytes(data[at : at + 2], "big")
        total = (total << 1 | total >> 31) & 0xFFFFFFFF
    return total
