"""The driver of HFS: one open volume."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

from core.blockdev.device import BlockDevice
from core.entry import VolumeFacts, Zone
from core.errors import CorruptStructure, MediumError, NotAFileSystem
from core.fs.driver import DEFAULTS, Options, Probe, Warnings
from core.fs.hfs import records
from core.fs.hfs.scrambling import HfsScrambled
from core.fs.hfs.structures import (
    HARDWARE_LOCK,
    INCONSISTENT,
    SOFTWARE_LOCK,
    UNMOUNTED,
)
from core.fs.hfs.volume import Volume, read_geometry
from core.fs.mac.btree import Record
from core.fs.mac.driver import DAMAGE, MacDriver
from core.fs.mac.items import ROOT, Item
from core.fs.scrambling import Scrambled

_SYSTEM = "HFS"
_CONFIDENCE, _CONFIDENCE_WITHOUT_CATALOG, _CONFIDENCE_BY_COPY = 90, 55, 30


class Hfs(MacDriver):
    """Names are in MacRoman, as Apple's systems of the west wrote them. Times are local."""

    name: ClassVar[str] = "hfs"
    limits: ClassVar[str] = "the desktop database is not read"
    _key_at = 1

    def __init__(self, volume: Volume) -> None:
        super().__init__(volume.blocks, volume.catalog, volume.overflow, volume.warnings)
        self._volume = volume

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        warnings = Warnings()
        try:
            geometry = read_geometry(device, warnings)
        except (NotAFileSystem, CorruptStructure, MediumError):
            return None  # nor is there a copy: where sectors are bad, others may know more of them
        label = _label(geometry.master.name)
        try:
            rooted = cls(Volume(device, geometry, warnings))._root() is not None
        except DAMAGE:
            rooted = False
        if geometry.by_copy:
            # A copy that leads to no files is what another system left standing.
            return Probe(_SYSTEM, label, _CONFIDENCE_BY_COPY) if rooted else None
        return Probe(_SYSTEM, label, _CONFIDENCE if rooted else _CONFIDENCE_WITHOUT_CATALOG)

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        return cls(Volume.open(device, Warnings()))

    def facts(self) -> VolumeFacts:
        volume = self._volume
        master = volume.geometry.master
        flags, unit = master.attributes, master.block_size
        locks = [(HARDWARE_LOCK, "by hardware"), (SOFTWARE_LOCK, "by software")]
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=_SYSTEM,
            root=ROOT,
            label=_label(master.name),
            size=min(master.blocks * unit, volume.device.size),
            free=master.free_blocks * unit if master.free_blocks <= master.blocks else None,
            block_size=unit,
            largest_file=0x7FFFFFFF,
            zone=Zone.LOCAL,
            dirty=not flags & UNMOUNTED or bool(flags & INCONSISTENT),
            warnings=list(volume.warnings),
            facts=[
                ("Files", str(master.files)),
                ("Folders", str(master.folders)),
                ("Locked", ", ".join(words for bit, words in locks if flags & bit) or "no"),
            ],
        )

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        return HfsScrambled(self._volume, seed)

    # what HFS has of its own --------------------------------------------------------------------------------

    def _item(self, record: Record) -> Item | None:
        return records.parsed(record)

    def _raw_name(self, key: bytes) -> bytes:
        return records.raw_name(key)

    def _shown(self, raw: bytes) -> tuple[str, bool]:
        return _shown(raw)

    def _folded(self, name: str) -> str:
        return name.casefold()


def _shown(raw: bytes) -> tuple[str, bool]:
    """A name with ":" and "/" in each other's place, and whether it is one that can be."""
    name = raw.decode("mac_roman")
    well_formed = 0 < len(raw) <= records.LONGEST_NAME and ":" not in name
    return name.replace(":", "\\x3a").replace("/", ":").replace("\0", "\u2400"), well_formed


def _label(raw: bytes) -> str:
    return raw[1 : 1 + min(raw[0], 27)].decode("mac_roman")
