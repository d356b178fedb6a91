"""The driver of ext2, ext3 and ext4: one open volume."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import ClassVar, Self

from core.blockdev.device import BlockDevice
from core.entry import Attribute, Details, Kind, VolumeFacts
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
from core.fs.ext import attributes, features, geometry
from core.fs.ext.directory import Directory
from core.fs.ext.inode import Inode
from core.fs.ext.scrambling import ExtScrambled
from core.fs.ext.structures import (
    FLAG_CASEFOLD,
    FLAG_COMPRESSED,
    FLAG_ENCRYPTED,
    FLAG_INLINE_DATA,
    FLAG_NAMES,
    ROOT,
    STATE_CLEAN,
    STATE_ERRORS,
    TYPE_BLOCK,
    TYPE_CHARACTER,
    TYPE_MASK,
)
from core.fs.ext.volume import Volume
from core.fs.scrambling import Scrambled
from core.fs.unix.directory import Damage, Named, text
from core.fs.unix.driver import InodeDriver

_CONFIDENCE, _CONFIDENCE_WITHOUT_ROOT, _CONFIDENCE_BY_BACKUP = 90, 60, 30
_MOST_SHOWN_ATTRIBUTES = 40
_LONGEST_SHOWN_VALUE = 256
_YEAR_10000 = 253_402_300_800
_CREATORS = ("Linux", "Hurd", "Masix", "FreeBSD", "Lites")


class Ext(InodeDriver[Inode]):
    """Nodes are inode numbers."""

    name: ClassVar[str] = "ext"
    limits: ClassVar[str] = (
        "compressed and encrypted files are named and not read; fast commits are not replayed"
    )

    def __init__(self, volume: Volume) -> None:
        super().__init__()
        self._volume = volume

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        warnings = Warnings()
        unreadable: MediumError | None = None
        found: geometry.Geometry | None = None
        try:
            if geometry.looks_like(device):
                found = geometry.read_geometry(device, warnings)
        except (NotAFileSystem, CorruptStructure, UnsupportedFeature):
            return None
        except MediumError as error:
            unreadable = error
        if found is None:
            copies = (geometry.backup(device, *place, warnings) for place in geometry.likely_backups())
            found = next((copy for copy in copies if copy is not None), None)
        if found is None:
            if unreadable is not None:
                raise unreadable
            return None
        label = text(found.superblock.label)
        if found.by_backup:
            return Probe(found.system, label, _CONFIDENCE_BY_BACKUP)
        return Probe(
            found.system, label, _CONFIDENCE if _has_root(device, found) else _CONFIDENCE_WITHOUT_ROOT
        )

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        return cls(Volume.open(device, Warnings()))

    def facts(self) -> VolumeFacts:
        volume = self._volume
        layout = volume.geometry
        superblock = layout.superblock
        if superblock.state & STATE_ERRORS:
            where = layout.offset + 0x3A
            fault = CorruptStructure(
                "superblock", where, "no errors met before", f"{superblock.errors} errors"
            )
            volume.warnings.note(Fault.of(fault))
        recover = bool(layout.incompatible & features.NEEDS_RECOVERY)
        dirty = not superblock.state & STATE_CLEAN or bool(superblock.state & STATE_ERRORS) or recover
        orphans = volume.orphans()
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=layout.system,
            root=ROOT,
            label=text(superblock.label),
            uuid=str(uuid.UUID(bytes=superblock.uuid)) if any(superblock.uuid) else "",
            size=min(layout.size, volume.device.size),
            free=self._free(dirty),
            block_size=layout.cluster_size,
            dirty=dirty,
            warnings=list(volume.warnings),
            facts=[
                ("Features", " ".join(_features(layout))),
                ("Journal", volume.journal),
                ("Block size", str(layout.block_size)),
                ("Inodes", f"{layout.inodes}, {superblock.free_inodes} of them free"),
                ("Inode size", str(layout.inode_size)),
                ("Block groups", str(layout.groups)),
                ("Orphaned files", str(orphans)),
                ("Created", _moment(superblock.created | superblock.created_high << 32)),
                ("Last mounted on", text(superblock.last_mounted)),
                ("Created by", dict(enumerate(_CREATORS)).get(superblock.creator, str(superblock.creator))),
            ],
        )

    def stat(self, node: int) -> Details:
        inode = self._inode(node)
        facts = [
            ("Inode", str(node)),
            ("Flags", ", ".join(name for bit, name in FLAG_NAMES.items() if inode.flags & bit)),
            ("Generation", str(inode.generation)),
        ]
        if inode.mode & TYPE_MASK in (TYPE_BLOCK, TYPE_CHARACTER):
            facts.append(("Device", _device_number(inode.map)))
        if inode.project:
            facts.append(("Project", str(inode.project)))
        return Details(
            self._entry("", inode, None),
            created=inode.created,
            accessed=inode.accessed,
            changed=inode.changed,
            uid=inode.uid,
            gid=inode.gid,
            links=inode.links,
            allocated=inode.allocated(self._volume.geometry),
            facts=facts + self._attributes(inode),
        )

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        return ExtScrambled(self._volume, seed, nodes)

    # inodes -------------------------------------------------------------------------------------------------

    def inodes(self, numbers: Iterable[int]) -> dict[int, Inode | RumpusError]:
        return self._volume.inodes.many(numbers)

    def mapped(self, inode: Inode) -> Iterator[Extent]:
        return self._volume.extents(inode)

    def _names(self, inode: Inode, damage: Damage) -> Iterator[list[Named]]:
        return Directory(self._volume.device, self._volume.geometry, inode, damage).named()

    def _target(self, inode: Inode) -> bytes:
        if inode.is_fast_symlink(self._volume.geometry):
            return inode.map[: inode.size]
        return self._volume.content(inode)

    def _refuse(self, inode: Inode) -> None:
        super()._refuse(inode)
        if inode.flags & FLAG_ENCRYPTED:
            raise UnsupportedFeature("encrypt")
        if inode.flags & FLAG_COMPRESSED:
            raise UnsupportedFeature("compression")

    def _is_called(self, directory: Inode, name: str) -> Callable[[str], bool]:
        if not directory.flags & FLAG_CASEFOLD:
            return super()._is_called(directory, name)
        folded = _folded(name)
        return lambda found: found == name or _folded(found) == folded

    def _may_be(self, name: bytes, directory: Inode) -> bool:
        return bool(directory.flags & FLAG_ENCRYPTED) or super()._may_be(name, directory)

    def _flags(self, inode: Inode) -> int:
        found = Attribute.ENCRYPTED if inode.flags & FLAG_ENCRYPTED else 0
        return int(found | Attribute.COMPRESSED if inode.flags & FLAG_COMPRESSED else found)

    def _attributes(self, inode: Inode) -> list[tuple[str, str]]:
        """Extended attributes as facts; what is wrong with them stands in their place."""
        found: list[attributes.Attribute] = []
        shown: list[tuple[str, str]] = []
        volume = self._volume
        try:
            found += attributes.in_inode(inode)
            found += attributes.in_block(volume.device, volume.geometry, inode)
        except (CorruptStructure, MediumError) as error:
            shown.append(("Extended attributes", str(error)[:_LONGEST_SHOWN_VALUE]))
        for attribute in found[:_MOST_SHOWN_ATTRIBUTES]:
            if attribute.name == attributes.INLINE_DATA and inode.flags & FLAG_INLINE_DATA:
                continue
            shown.append((attribute.name, _value(attribute)))
        if len(found) > _MOST_SHOWN_ATTRIBUTES:
            shown.append(("Extended attributes", f"{len(found) - _MOST_SHOWN_ATTRIBUTES} more"))
        return shown

    def _free(self, dirty: bool) -> int | None:
        """The superblock's number is brought up to date when a volume is unmounted; the groups' always."""
        layout = self._volume.geometry
        blocks = self._volume.groups.free_blocks() if dirty or layout.by_backup else None
        if blocks is None:
            superblock = layout.superblock
            blocks = superblock.free_low | (superblock.free_high << 32 if layout.descriptor_size > 32 else 0)
        return blocks * layout.block_size if blocks <= layout.blocks else None


def _has_root(device: BlockDevice, layout: geometry.Geometry) -> bool:
    """Whether the root directory is where the superblock says; it is not when that is a remnant."""
    try:
        return Volume(device, layout, Warnings()).inodes.get(ROOT).kind is Kind.DIRECTORY
    except (CorruptStructure, MediumError, NotFound):
        return False


def _value(attribute: attributes.Attribute) -> str:
    """An attribute's value where it is text and short, else its size."""
    try:
        value = attribute.value.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        value = ""
    if value and len(value) <= _LONGEST_SHOWN_VALUE and value.isprintable():
        return value
    return f"{attribute.size} bytes"


def _features(layout: geometry.Geometry) -> Iterable[str]:
    yield from features.names(layout.compatible, features.COMPATIBLE)
    yield from features.names(layout.incompatible, features.INCOMPATIBLE)
    yield from features.names(layout.read_only, features.READ_ONLY)


def _folded(name: str) -> str:
    """For comparing names in a directory that folds case: ext4 does it by Unicode's rules."""
    return unicodedata.normalize("NFD", name.casefold())


def _device_number(data: bytes) -> str:
    """major:minor. Old numbers have 16 bits in the first place, larger ones stand in the second."""
    old, new = (int.from_bytes(data[at : at + 4], "little") for at in (0, 4))
    if old:
        return f"{old >> 8 & 0xFF}:{old & 0xFF}"
    return f"{new >> 8 & 0xFFF}:{new & 0xFF | new >> 12 & 0xFFF00}"


def _moment(seconds: int) -> str:
    if not 0 < seconds < _YEAR_10000:
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat(" ")[:19]
