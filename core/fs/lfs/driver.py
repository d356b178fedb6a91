"""The driver of NetBSD's log-structured file system: one open volume at its newest checkpoint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Self

from core.blockdev.device import BlockDevice
from core.entry import VolumeFacts
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem, RumpusError, UnsupportedFeature
from core.fs.driver import DEFAULTS, Extent, Options, Probe, Warnings
from core.fs.ffs.inode import ufs1
from core.fs.ffs.structures import DIRECT, INODE_UFS1, MAP_UFS1
from core.fs.lfs.geometry import Geometry, byteorder_of, checkpoints, checksum, looks_like, read_geometry
from core.fs.lfs.ifile import Ifile
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
_CONFIDENCE = 85
_MOST_TRIED = 8
"""Checkpoints that are tried before the volume is given up."""


class Lfs(UnixDriver):
    """Nodes are inode numbers."""

    name: ClassVar[str] = "lfs"
    limits: ClassVar[str] = "what was written after the newest checkpoint is not shown (no roll-forward)"

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

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        try:
            if not looks_like(device):
                return None
            read_geometry(device, SUPERBLOCK_AT)
        except CorruptStructure:
            pass  # opening it tells what is wrong, and finds another superblock
        except UnsupportedFeature:
            return None
        return Probe(_SYSTEM, "", _CONFIDENCE)

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
        layout, superblock = self.layout, self.layout.superblock
        size, free = min(layout.size, self.device.size), superblock.free * layout.unit
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=_SYSTEM,
            root=self.ROOT,
            size=size,
            free=free if free < size else None,
            block_size=layout.block_size,
            dirty=not superblock.flags & FLAG_CLEAN,
            warnings=list(self.warnings),
            facts=[
                ("Version", str(layout.version)),
                ("Byte order", layout.byteorder),
                ("Checkpoint", str(layout.age)),
                ("Superblock at", str(layout.offset)),
                ("Segments", f"{superblock.segments}, {superblock.clean_segments} of them clean"),
                ("Files", str(superblock.files)),
                ("Last mounted on", text(superblock.mounted_on)),
            ],
        )

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        layout = self.layout

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
