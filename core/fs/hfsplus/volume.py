"""An opened volume: its header and its trees."""

from __future__ import annotations

from typing import Self

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError
from core.fs.driver import Warnings
from core.fs.hfsplus.header import Geometry, read_geometry
from core.fs.hfsplus.structures import (
    ATTRIBUTES_FILE,
    CATALOG_FILE,
    EXTENTS_FILE,
    OVERFLOW_EXTENTS,
    OVERFLOW_KEY,
)
from core.fs.mac.btree import Tree
from core.fs.mac.forks import Bytes, Fork, Piece, no_overflow


class Volume:
    """`blocks` are those of the volume; `attributes` is None where there are none or they cannot be read."""

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings) -> None:
        self.device = device
        self.geometry = geometry
        self.warnings = warnings
        self.blocks = geometry.blocks(device)
        self._extents: Tree | CorruptStructure | MediumError | None = None
        catalog = Bytes(self.blocks, geometry.fork("catalog", CATALOG_FILE), self.overflow)
        if catalog.fault is not None:
            warnings.note(Fault.of(catalog.fault))
        self.catalog = Tree(catalog, "catalog", big=True)
        self.attributes = self._attributes()

    @classmethod
    def open(cls, device: BlockDevice, warnings: Warnings) -> Self:
        """Raises NotAFileSystem, CorruptStructure, UnsupportedFeature, MediumError."""
        return cls(device, read_geometry(device, warnings), warnings)

    def overflow(self, fork: Fork, block: int) -> list[Piece]:
        """Raises CorruptStructure, MediumError."""
        tree = self._overflow_tree()
        wanted = fork.number, fork.kind, block

        def sorted_as(key: bytes) -> tuple[int, int, int]:
            if len(key) < OVERFLOW_KEY.size:
                return 0, 0, 0
            kind, number, start = OVERFLOW_KEY.unpack_from(key)
            return number, kind, start

        for record in tree.walk(lambda key: sorted_as(key) <= wanted):
            if sorted_as(record.key) != wanted or len(record.data) < OVERFLOW_EXTENTS.size:
                return []
            numbers = OVERFLOW_EXTENTS.unpack_from(record.data)
            return list(zip(numbers[::2], numbers[1::2], strict=True))
        return []

    def _overflow_tree(self) -> Tree:
        """Opened when the first file needs it. Raises CorruptStructure, MediumError."""
        if self._extents is None:
            try:
                content = Bytes(self.blocks, self.geometry.fork("extents", EXTENTS_FILE), no_overflow)
                self._extents = Tree(content, "extents overflow file", big=True)
            except (CorruptStructure, MediumError) as error:
                self._extents = error
        if not isinstance(self._extents, Tree):
            raise self._extents
        return self._extents

    def _attributes(self) -> Tree | None:
        fork = self.geometry.fork("attributes_file", ATTRIBUTES_FILE)
        if fork.size == 0:
            return None
        try:
            return Tree(Bytes(self.blocks, fork, self.overflow), "attributes", big=True)
        except (CorruptStructure, MediumError) as error:
            self.warnings.note(Fault.of(error))
            return None
