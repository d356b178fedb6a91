"""An opened volume: its master directory block, or the copy of it, and its trees."""

from __future__ import annotations

from typing import Any, Self

import msgspec

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem
from core.fs.driver import Warnings
from core.fs.hfs.structures import (
    BLOCK_AT,
    BLOCK_LENGTH,
    CATALOG_FILE,
    EMBEDDED,
    EXTENTS_FILE,
    MASTER_BLOCK,
    OVERFLOW_EXTENTS,
    OVERFLOW_KEY,
    SECTOR,
    SIGNATURE,
)
from core.fs.mac.btree import Tree
from core.fs.mac.forks import Blocks, Bytes, Fork
from core.fs.mac.overflow import ExtentsOverflow


class Geometry(msgspec.Struct, frozen=True):
    """`master` is the parsed master directory block, which lies at `position`."""

    master: Any
    position: int
    by_copy: bool

    def blocks(self, device: BlockDevice) -> Blocks:
        """As many as there can be, whatever the master directory block says."""
        master = self.master
        base = master.first_sector * SECTOR
        most = -(-max(device.size - base, 0) // master.block_size)
        return Blocks(device, base, master.block_size, min(master.blocks, most))

    def fork(self, name: str, number: int) -> Fork:
        pieces = tuple((extent.first, extent.count) for extent in self.master[name])
        return Fork(self.master[f"{name}_size"], pieces, self.position, number)


def read_geometry(device: BlockDevice, warnings: Warnings) -> Geometry:
    """From the master directory block or, with a warning, from its copy.

    Raises NotAFileSystem when neither is there or what is there wraps an HFS+ volume, CorruptStructure,
    MediumError.
    """
    if device.size < BLOCK_AT + BLOCK_LENGTH:
        raise NotAFileSystem("fewer bytes than a master directory block needs")
    try:
        found = _read(device, BLOCK_AT, by_copy=False)
    except (NotAFileSystem, CorruptStructure, MediumError) as error:
        try:
            found = _read(device, (device.size // SECTOR - 2) * SECTOR, by_copy=True)
        except (NotAFileSystem, CorruptStructure, MediumError):
            raise error from None
        if isinstance(error, NotAFileSystem):
            error = CorruptStructure("master directory block", BLOCK_AT, "BD", error.found)
        warnings.note(Fault.of(error))
    master = found.master
    told = master.first_sector * SECTOR + master.blocks * master.block_size
    if told > device.size:
        expected = f"at most {device.size} bytes"
        warnings.note(Fault.of(_corrupt(found.position + 18, expected, str(told))))
    return found


def _read(device: BlockDevice, position: int, *, by_copy: bool) -> Geometry:
    raw = device.read(position, BLOCK_LENGTH)
    if raw[:2] != SIGNATURE:
        raise NotAFileSystem(raw[:4].hex(" "))
    master = MASTER_BLOCK.parse(raw)
    if master.embedded in EMBEDDED:
        raise NotAFileSystem("an HFS+ volume in an HFS volume")
    if not master.block_size or master.block_size % SECTOR or master.block_size >= 1 << 31:
        raise _corrupt(position + 20, "blocks of whole sectors", str(master.block_size))
    if not master.blocks:
        raise _corrupt(position + 18, "a volume of some blocks", "none")
    return Geometry(master, position, by_copy)


def _corrupt(offset: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("master directory block", offset, expected, found)


class Volume:
    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings) -> None:
        self.device = device
        self.geometry = geometry
        self.warnings = warnings
        self.blocks = geometry.blocks(device)
        extents = geometry.fork("extents", EXTENTS_FILE)
        self.overflow = ExtentsOverflow(self.blocks, extents, OVERFLOW_KEY, OVERFLOW_EXTENTS, big=False)
        catalog = Bytes(self.blocks, geometry.fork("catalog", CATALOG_FILE), self.overflow)
        if catalog.fault is not None:
            warnings.note(Fault.of(catalog.fault))
        self.catalog = Tree(catalog, "catalog", big=False)

    @classmethod
    def open(cls, device: BlockDevice, warnings: Warnings) -> Self:
        """Raises NotAFileSystem, CorruptStructure, MediumError."""
        return cls(device, read_geometry(device, warnings), warnings)
