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
from core.fs.mac.forks import Bytes
from core.fs.mac.overflow import ExtentsOverflow


class Volume:
    """`blocks` are those of the volume; `attributes` is None where there are none or they cannot be read."""

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings) -> None:
        self.device = device
        self.geometry = geometry
        self.warnings = warnings
        self.blocks = geometry.blocks(device)
        extents = geometry.fork("extents", EXTENTS_FILE)
        self.overflow = ExtentsOverflow(self.blocks, extents, OVERFLOW_KEY, OVERFLOW_EXTENTS, big=True)
        catalog = Bytes(self.blocks, geometry.fork("catalog", CATALOG_FILE), self.overflow)
        if catalog.fault is not None:
            warnings.note(Fault.of(catalog.fault))
        self.catalog = Tree(catalog, "catalog", big=True)
        self.attributes = self._attributes()

    @classmethod
    def open(cls, device: BlockDevice, warnings: Warnings) -> Self:
        """Raises NotAFileSystem, CorruptStructure, UnsupportedFeature, MediumError."""
        return cls(device, read_geometry(device, warnings), warnings)

    def _attributes(self) -> Tree | None:
        fork = self.geometry.fork("attributes_file", ATTRIBUTES_FILE)
        if fork.size == 0:
            return None
        try:
            return Tree(Bytes(self.blocks, fork, self.overflow), "attributes", big=True)
        except (CorruptStructure, MediumError) as error:
            self.warnings.note(Fault.of(error))
            return None
