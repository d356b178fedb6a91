"""An opened volume: its header and its trees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, UnsupportedFeature
from core.fs.driver import Extent, Warnings
from core.fs.hfsplus.header import Geometry, read_geometry
from core.fs.hfsplus.journal import Replay, replay
from core.fs.hfsplus.structures import (
    ATTRIBUTES_FILE,
    CATALOG_FILE,
    EXTENTS_FILE,
    JOURNALED,
    OVERFLOW_EXTENTS,
    OVERFLOW_KEY,
)
from core.fs.mac.btree import Tree
from core.fs.mac.forks import Bytes
from core.fs.mac.overflow import ExtentsOverflow
from core.fs.replayed import Redirected, located


class Volume:
    """`blocks` are those of the volume; `attributes` is None where there are none or they cannot be read."""

    def __init__(
        self, device: BlockDevice, geometry: Geometry, warnings: Warnings, journal: Replay | None = None
    ) -> None:
        self.device = device
        """With the journal replayed, if there was something in it."""
        self.journal = journal
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
        geometry = read_geometry(device, warnings)
        if not geometry.header.attributes & JOURNALED:
            return cls(device, geometry, warnings)
        try:
            done = replay(device, geometry)
        except (CorruptStructure, MediumError, UnsupportedFeature) as error:
            warnings.note(Fault.of(error))
            return cls(device, geometry, warnings)
        if not done.sectors:
            return cls(device, geometry, warnings, done)
        replayed = Redirected(device, done.unit, done.sectors)
        # The header, too, is in most transactions.
        return cls(replayed, read_geometry(replayed, warnings), warnings, done)

    def located(self, extents: Iterator[Extent]) -> Iterator[Extent]:
        """Where bytes lie on the medium, whether in their own place or in the journal."""
        return located(self.device, extents)

    def _attributes(self) -> Tree | None:
        fork = self.geometry.fork("attributes_file", ATTRIBUTES_FILE)
        if fork.size == 0:
            return None
        try:
            return Tree(Bytes(self.blocks, fork, self.overflow), "attributes", big=True)
        except (CorruptStructure, MediumError) as error:
            self.warnings.note(Fault.of(error))
            return None
