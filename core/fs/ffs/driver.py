"""The driver of UFS1 and UFS2: one open volume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import ClassVar, Self

from core.blockdev.device import BlockDevice
from core.entry import Kind, VolumeFacts
from core.errors import (
    CorruptStructure,
    Fault,
    MediumError,
    NotAFileSystem,
    NotFound,
    RumpusError,
    UnsupportedFeature,
)
from core.fs.driver import DEFAULTS, Extent, Options, Probe, Warnings
from core.fs.ffs import geometry, inode, log
from core.fs.ffs.structures import (
    CLEAN,
    DIRECT,
    FLAG_NAMES,
    FLAG_NEEDS_CHECK,
    FLAG_UNCLEAN,
    FREE_INODES,
    LABEL,
    LOG_VERSION_AT,
    MAP_UFS1,
    MAP_UFS2,
    MOUNTED_ON,
    SUPERBLOCK_LENGTH,
)
from core.fs.replayed import Redirected, located
from core.fs.scrambling import Scrambled
from core.fs.unix.block_map import Shape, extents, numbers
from core.fs.unix.directory import text, variable
from core.fs.unix.driver import UnixDriver
from core.fs.unix.inode import Inode, read_many
from core.fs.unix.scrambling import Superblock, System, UnixScrambled
from core.fs.unix.scrambling import variable as told_variable

_CONFIDENCE, _CONFIDENCE_WITHOUT_ROOT, _CONFIDENCE_BY_BACKUP = 90, 60, 30
_GROUP_MAGIC = 0x090255
_MOST_GROUPS = 512
"""Groups whose free space is added up when the superblock's sum is not to be trusted."""
_YEAR_10000 = 253_402_300_800


class Ffs(UnixDriver):
    """Nodes are inode numbers."""

    name: ClassVar[str] = "ffs"
    limits: ClassVar[str] = "extended attributes are counted and not read; snapshots are shown as they lie"

    def __init__(
        self,
        device: BlockDevice,
        layout: geometry.Geometry,
        warnings: Warnings,
        replayed: log.Replay | None = None,
    ) -> None:
        super().__init__()
        self.device = device
        """With its log replayed, if there was something in it."""
        self.replayed = replayed
        self.layout = layout
        self.warnings = warnings
        self.block_size = layout.block_size
        self.parse = variable(layout.byteorder, typed=not layout.old)
        self._numbers = numbers(layout.pointer_width, layout.byteorder)
        self._shape = Shape(
            layout.block_size,
            layout.fragment_size,
            DIRECT,
            layout.pointer_width,
            self._numbers,
            1,
            min(layout.fragments, device.size // layout.fragment_size),
        )

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        try:
            layout = geometry.read_geometry(device, Warnings(), thoroughly=False)
        except (NotAFileSystem, CorruptStructure, UnsupportedFeature):
            return None
        label = text(layout.superblock.label)
        if layout.by_backup:
            return Probe(layout.system, label, _CONFIDENCE_BY_BACKUP)
        root = cls(device, layout, Warnings()).inodes([cls.ROOT])[cls.ROOT]
        sound = isinstance(root, Inode) and root.kind is Kind.DIRECTORY
        return Probe(layout.system, label, _CONFIDENCE if sound else _CONFIDENCE_WITHOUT_ROOT)

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        warnings = Warnings()
        layout = geometry.read_geometry(device, warnings)
        if not log.has_log(layout):
            return cls(device, layout, warnings)
        try:
            done = log.replay(device, layout)
        except (CorruptStructure, MediumError, UnsupportedFeature) as error:
            warnings.note(Fault.of(error))
            return cls(device, layout, warnings, log.Replay("could not be read"))
        if not done.sectors:
            return cls(device, layout, warnings, done)
        overlaid = Redirected(device, done.unit, done.sectors)
        return cls(overlaid, geometry.read_geometry(overlaid, warnings), warnings, done)

    def facts(self) -> VolumeFacts:
        layout, superblock = self.layout, self.layout.superblock
        dirty = superblock.clean != CLEAN or bool(layout.flags & (FLAG_UNCLEAN | FLAG_NEEDS_CHECK))
        dirty = dirty or (self.replayed is not None and bool(self.replayed.sectors))
        totals = superblock.totals if layout.ufs2 else superblock.old_totals
        identity = "".join(f"{part:08x}" for part in superblock.id)
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=layout.system,
            root=self.ROOT,
            label=text(superblock.label),
            uuid=identity if any(superblock.id) else "",
            size=min(layout.size, self.device.size),
            free=(self._counted() if dirty or layout.by_backup else None) or layout.free,
            block_size=layout.block_size,
            dirty=dirty,
            warnings=list(self.warnings),
            facts=[
                ("Byte order", layout.byteorder),
                ("Features", ", ".join(name for bit, name in FLAG_NAMES.items() if layout.flags & bit)),
                ("Log", self._log()),
                ("Fragment size", str(layout.fragment_size)),
                ("Cylinder groups", str(layout.groups)),
                ("Inodes", f"{layout.inodes_per_group * layout.groups}, {totals[FREE_INODES]} of them free"),
                ("Last mounted on", text(superblock.mounted_on)),
                ("Last written", _moment(superblock.time if layout.ufs2 else superblock.old_time)),
            ],
        )

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`. A log is left out: what it replays is told in its place."""
        layout = self.layout

        def without_log(told: bytearray) -> None:
            if self.replayed is not None:
                told[LOG_VERSION_AT] = 0

        def decode(raw: bytes, position: int) -> tuple[Inode, bytes | None]:
            inode = self._decode(self.ROOT, position, raw)
            return inode, self.target(inode)

        system = System(
            open=lambda device: Ffs(device, layout, Warnings()),
            superblocks=[
                Superblock(
                    place, SUPERBLOCK_LENGTH, geometry.is_one, (MOUNTED_ON, LABEL), changed=without_log
                )
                for place in dict.fromkeys((layout.offset, *geometry.places()))
            ],
            inode_length=layout.inode_size,
            map_at=MAP_UFS2 if layout.ufs2 else MAP_UFS1,
            decode=decode,
            parse=told_variable(layout.byteorder, typed=not layout.old),
        )
        return UnixScrambled(self.device, system, seed, nodes)

    def inodes(self, numbers: Iterable[int]) -> dict[int, Inode | RumpusError]:
        return read_many(self.device, numbers, self._place, self.layout.inode_size, self._decode)

    def mapped(self, inode: Inode) -> Iterator[Extent]:
        values = self._numbers(inode.map)
        return extents(self.device, self._shape, values, inode.size, inode.position)

    def extents(self, node: int) -> Iterator[Extent]:
        return located(self.device, super().extents(node))

    def target(self, inode: Inode) -> bytes | None:
        """Short targets stand where the pointers do: inode(5), di_shortlink."""
        layout = self.layout
        if layout.longest_fast_link:
            fast = inode.size < layout.longest_fast_link
        else:
            fast = not inode.allocated and inode.size <= len(inode.map)
        return inode.map[: inode.size] if fast else None

    def _place(self, number: int) -> int:
        layout = self.layout
        if not self.ROOT <= number < layout.groups * layout.inodes_per_group:
            raise NotFound(f"inode {number}")
        return layout.inode_position(number)

    def _decode(self, number: int, position: int, raw: bytes) -> Inode:
        layout = self.layout
        if layout.ufs2:
            found = inode.ufs2(number, position, raw, layout.byteorder)
        else:
            found = inode.ufs1(number, position, raw, layout.byteorder, old=layout.old)
        if found.is_device:
            value = self._numbers(found.map)[0]
            found.facts.append(("Device", f"{value:#x}"))
        found.check(self._shape.largest)
        return found

    def _log(self) -> str:
        if self.replayed is None:
            return "none"
        unlinked = self.replayed.unlinked
        return self.replayed.words + (f", {unlinked} files unfinished or deleted" if unlinked else "")

    def _counted(self) -> int | None:
        """Free space by the groups' own numbers, which are written more often than their sum."""
        layout = self.layout
        if layout.groups > _MOST_GROUPS:
            return None
        free = 0
        words = numbers(4, layout.byteorder)
        for group in range(layout.groups):
            try:
                header = words(self.device.read(layout.group_position(group), 40))
            except (CorruptStructure, MediumError):
                return None
            if header[1] != _GROUP_MAGIC:
                return None
            free += header[7] * layout.block_size + header[9] * layout.fragment_size
        return free if free < min(layout.size, self.device.size) else None


def _moment(seconds: int) -> str:
    if not 0 < seconds < _YEAR_10000:
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat(" ")[:19]
