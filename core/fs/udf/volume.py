"""An opened volume: its partitions, the set of its files, and what its integrity descriptor says."""

from __future__ import annotations

from typing import Any, Self

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem, UnsupportedFeature
from core.fs.driver import Warnings
from core.fs.udf import names, recognition, tags
from core.fs.udf.files import Files, Place
from core.fs.udf.mapping import Mapping
from core.fs.udf.recognition import Descriptors
from core.fs.udf.structures import (
    FILE_SET,
    FILE_SET_DESCRIPTOR,
    INTEGRITY,
    INTEGRITY_DESCRIPTOR,
    INTEGRITY_USE,
    OPEN,
)

_NEWEST = 0x0260
_MOST_INTEGRITY = 1024
_UNKNOWN = 0xFFFFFFFF
_DAMAGE = (CorruptStructure, MediumError)


class Volume:
    def __init__(self, device: BlockDevice, block_size: int, found: Descriptors, warnings: Warnings) -> None:
        """Raises CorruptStructure, MediumError, UnsupportedFeature."""
        self.device = device
        self.block_size = block_size
        self.found = found
        self.warnings = warnings
        self.integrity: Any = None
        self.free_table: list[int] = []
        self.use: Any = None
        self._read_integrity()
        if self.use is not None and self.use.least_read > _NEWEST:
            raise UnsupportedFeature(f"UDF {revision(self.use.least_read)}")
        if found.logical.block_size != block_size:
            raise UnsupportedFeature(f"blocks of {found.logical.block_size} bytes in sectors of {block_size}")
        self.mapping = Mapping(device, block_size, found, warnings)
        self.files: Files = self.mapping.files
        self.file_set = self._file_set()

    @classmethod
    def open(cls, device: BlockDevice, warnings: Warnings) -> Self:
        """Raises NotAFileSystem, CorruptStructure, MediumError, UnsupportedFeature."""
        try:
            size, found = recognition.find(device, warnings)
        except NotAFileSystem as error:
            if not recognition.is_announced(device):
                raise
            at = recognition.FIRST_ANCHOR * device.sector_size
            raise CorruptStructure("anchor", at, "an anchor", "none, nor at the end") from error
        return cls(device, size, found, warnings)

    @property
    def root(self) -> Place:
        return Place(self.file_set.root.partition, self.file_set.root.block)

    @property
    def label(self) -> str:
        return names.text(self.found.logical.label)

    @property
    def size(self) -> int:
        ends: list[int] = [part.start + part.blocks for part in self.found.partitions.values()]
        return min(max(ends) * self.block_size, self.device.size)

    @property
    def free(self) -> int | None:
        """Blocks of partitions that lie in no other; what lies in one is taken there."""
        kinds = self.mapping.kinds
        known = [
            blocks
            for kind, blocks in zip(kinds, self.free_table, strict=False)
            if kind in ("plain", "sparable") and blocks != _UNKNOWN
        ]
        if not known:
            return 0 if "virtual" in kinds else None
        free = sum(known) * self.block_size
        return free if free <= self.size else None

    @property
    def dirty(self) -> bool:
        """A disc that is written once keeps the state of its first day."""
        return (
            self.integrity is not None and self.integrity.type == OPEN and "virtual" not in self.mapping.kinds
        )

    @property
    def revision(self) -> str:
        return revision(int.from_bytes(self.found.logical.domain.suffix[:2], "little"))

    def _file_set(self) -> Any:
        place = self.found.logical.file_set
        partition = self.files.partition(place.partition)
        mirror = self.mapping.mirrors.get(place.partition)
        try:
            return self._file_set_at(partition, place.block)
        except _DAMAGE as error:
            if mirror is None:
                raise
            self.warnings.note(Fault.of(error))
            return self._file_set_at(mirror, place.block)

    def _file_set_at(self, partition: Any, block: int) -> Any:
        position, _ = next(partition.runs(block, 1))
        raw = self.device.read(position, max(self.block_size, FILE_SET_DESCRIPTOR.sizeof()))
        tags.verify(raw[: self.block_size], "file set descriptor", position, block, FILE_SET)
        return FILE_SET_DESCRIPTOR.parse(raw)

    def _read_integrity(self) -> None:
        """The last of the sequence counts: ECMA-167, 3/8.8.2. Without one nothing is known of free space."""
        extent = self.found.logical.integrity
        sector, left = extent.sector, extent.length // self.block_size
        for _ in range(_MOST_INTEGRITY):
            if left <= 0:
                return
            position = sector * self.block_size
            try:
                raw = self.device.read(position, self.block_size)
                if tags.identifier(raw) != INTEGRITY:
                    return
                tags.verify(raw, "integrity descriptor", position, None, INTEGRITY)
            except _DAMAGE as error:
                self.warnings.note(Fault.of(error))
                return
            self._take_integrity(raw)
            following = self.integrity.next
            sector, left = sector + 1, left - 1
            if following.length:
                sector, left = following.sector, following.length // self.block_size

    def _take_integrity(self, raw: bytes) -> None:
        self.integrity = INTEGRITY_DESCRIPTOR.parse(raw)
        start = INTEGRITY_DESCRIPTOR.sizeof()
        count = min(self.integrity.partitions, (len(raw) - start) // 8)
        self.free_table = [
            int.from_bytes(raw[at : at + 4], "little") for at in range(start, start + 4 * count, 4)
        ]
        use = start + 8 * count
        has_use = self.integrity.use_length >= INTEGRITY_USE.sizeof() and use + INTEGRITY_USE.sizeof() <= len(
            raw
        )
        self.use = INTEGRITY_USE.parse(raw[use:]) if has_use else None


def revision(number: int) -> str:
    return f"{number >> 8:x}.{number & 0xFF:02x}"
