"""The driver of NetBSD's log-structured file system: one open volume, as it was when writing stopped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Self

from core.blockdev.device import BlockDevice
from core.entry import VolumeFacts
from core.errors import (
    CorruptStructure,
    Fault,
    MediumError,
    NotAFileSystem,
    NotScrambled,
    RumpusError,
    UnsupportedFeature,
)
from core.fs.driver import DEFAULTS, Extent, Options, Probe, Warnings
from core.fs.ffs.inode import ufs1
from core.fs.ffs.structures import DIRECT, INODE_UFS1, MAP_UFS1
from core.fs.lfs.checkpoints import checkpoints, has_copy, looks_like
from core.fs.lfs.geometry import Geometry, byteorder_of, checksum, read_geometry
from core.fs.lfs.ifile import Ifile
from core.fs.lfs.log import roll_forward
from core.fs.lfs.structures import CHECKED, FLAG_CLEAN, MOUNTED_ON, SUPERBLOCK_AT, SUPERBLOCK_LENGTH
from core.fs.retelling import mend
from core.fs.scrambling import Scrambled
from core.fs.unix.block_map import Shape, extents, numbers
from core.fs.unix.directory import text, variable
from core.fs.unix.driver import UnixDriver
from core.fs.unix.inode import Inode
from core.fs.unix.scrambling import Superblock, System, UnixScrambled
from core.fs.unix.scrambling import variable as told_variable

_SYSTEM = "LFS"
_CONFIDENCE, _CONFIDENCE_BY_COPY = 85, 30
_MOST_TRIED = 8
"""Checkpoints that are tried before the volume is given up."""


class Lfs(UnixDriver):
    """Nodes are inode numbers."""

    name: ClassVar[str] = "lfs"
    limits: ClassVar[str] = (
        "a file that was being written when the volume was pulled out is shown as it was before"
    )

    def __init__(self, device: BlockDevice, layout: Geometry, warnings: Warnings) -> None:
        """Raises CorruptStructure and MediumError when this checkpoint is not whole."""
        super().__init__()
        self.device = device
        self.layout = layout
        self.warnings = warnings
        self.block_size = layout.block_size
        self.parse = variable(layout.byteorder, typed=True)
        self._numbers = numbers(4, layout.byteorder)
        end = min(layout.size, device.size) // layout.unit
        self._shape = Shape(layout.block_size, layout.unit, DIRECT, 4, self._numbers, 1, end)
        self._ifile = Ifile(device, layout, self.mapped, self._shape.largest)
        self._rolled = roll_forward(device, layout)
        self._ifile.newer = self._rolled.addresses
        if self._rolled.error is not None:
            warnings.note(Fault.of(self._rolled.error))

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        unreadable: MediumError | None = None
        try:
            if looks_like(device):
                read_geometry(device, SUPERBLOCK_AT)
                return Probe(_SYSTEM, "", _CONFIDENCE)
        except CorruptStructure:
            # opening it tells what is wrong, and finds another superblock
            return Probe(_SYSTEM, "", _CONFIDENCE)
        except UnsupportedFeature:
            return None
        except MediumError as error:
            unreadable = error
        try:
            if has_copy(device):
                return Probe(_SYSTEM, "", _CONFIDENCE_BY_COPY)
        except UnsupportedFeature:
            return None
        if unreadable is not None:
            raise unreadable
        return None

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        warnings = Warnings()
        found, faults = checkpoints(device)
        for fault in faults:
            warnings.note(Fault.of(fault))
        for layout in found[:_MOST_TRIED]:
            try:
                return cls(device, layout, warnings)
            except (CorruptStructure, MediumError) as error:
                faults.append(error)
                warnings.note(Fault.of(error))
        if faults:
            raise faults[0]
        raise NotAFileSystem("no checkpoint of LFS")

    def facts(self) -> VolumeFacts:
        layout, superblock, rolled = self.layout, self.layout.superblock, self._rolled
        size = min(layout.size, self.device.size)
        free = max(0, superblock.free * layout.unit - rolled.size)
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=_SYSTEM,
            root=self.ROOT,
            size=size,
            free=free if free < size else None,
            block_size=layout.block_size,
            dirty=not superblock.flags & FLAG_CLEAN or rolled.applied + rolled.unfinished > 0,
            warnings=list(self.warnings),
            facts=[
                ("Version", str(layout.version)),
                ("Byte order", layout.byteorder),
                ("Checkpoint", str(layout.age)),
                ("Roll-forward", rolled.words),
                ("Superblock at", str(layout.offset)),
                ("Segments", str(superblock.segments)),
                *self._counted(),
                ("Last mounted on", text(superblock.mounted_on)),
            ],
        )

    def _counted(self) -> list[tuple[str, str]]:
        """What the checkpoint has counted, unless the log went on."""
        superblock = self.layout.superblock
        if self._rolled.applied:
            return []
        return [("Clean segments", str(superblock.clean_segments)), ("Files", str(superblock.files))]

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`; the log has words of what is in files. Raises NotScrambled."""
        layout = self.layout
        if self._rolled.addresses:
            raise NotScrambled("the log of this volume goes on after its last checkpoint")

        def seal(old: bytes, new: bytearray) -> None:
            order = "<" if layout.byteorder == "little" else ">"
            mend(old, new, CHECKED, lambda data: checksum(data[:CHECKED], layout.byteorder), order=order)

        def decode(raw: bytes, position: int) -> tuple[Inode, bytes | None]:
            inode = ufs1(self.ROOT, position, raw, layout.byteorder, old=False, unit=layout.unit)
            return inode, self.target(inode)

        others = (place * layout.unit for place in layout.superblock.superblocks if place)
        system = System(
            open=lambda device: Lfs(device, layout, Warnings()),
            superblocks=[
                Superblock(place, SUPERBLOCK_LENGTH, lambda raw: bool(byteorder_of(raw)), (MOUNTED_ON,), seal)
                for place in dict.fromkeys((SUPERBLOCK_AT, layout.offset, *others))
            ],
            inode_length=INODE_UFS1,
            map_at=MAP_UFS1,
            decode=decode,
            parse=told_variable(layout.byteorder, typed=True),
            inode_block=layout.inode_block_size,
            more=[layout.superblock.ifile_address * layout.unit],
            look=lambda volume: Ifile(volume.device, layout, volume.mapped, self._shape.largest),
        )
        return UnixScrambled(self.device, system, seed, nodes)

    def inodes(self, numbers: Iterable[int]) -> dict[int, Inode | RumpusError]:
        return self._ifile.inodes(numbers)

    def mapped(self, inode: Inode) -> Iterator[Extent]:
        values = self._numbers(inode.map)
        return extents(self.device, self._shape, values, inode.size, inode.position + MAP_UFS1)

    def target(self, inode: Inode) -> bytes | None:
        """Short targets stand where the pointers do."""
        longest = min(self.layout.superblock.longest_fast_link, len(inode.map))
        return inode.map[: inode.size] if inode.size < longest else None
