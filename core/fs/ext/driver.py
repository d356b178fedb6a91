"""The driver of ext2, ext3 and ext4: one open volume."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import ClassVar, Self

from core.blockdev.device import BlockDevice
from core.entry import Attribute, Details, Entry, Kind, VolumeFacts
from core.errors import (
    CorruptStructure,
    Fault,
    MediumError,
    NotAFileSystem,
    NotFound,
    RumpusError,
    UnsupportedFeature,
    WrongKind,
)
from core.fs.driver import BATCH, DEFAULTS, Driver, Extent, Options, Probe, Warnings
from core.fs.ext import attributes, features, geometry
from core.fs.ext.directory import Directory, Named
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
from core.fs.parents import Parents
from core.fs.scrambling import Scrambled

_CONFIDENCE, _CONFIDENCE_WITHOUT_ROOT, _CONFIDENCE_BY_BACKUP = 90, 60, 30
_WINDOW = 16 * BATCH
"""Names whose inodes are looked up together. The inodes of a large directory lie in no order of the names."""
_LONGEST_LINK = 4096
_MOST_SHOWN_ATTRIBUTES = 40
_LONGEST_SHOWN_VALUE = 256
_YEAR_10000 = 253_402_300_800
_CREATORS = ("Linux", "Hurd", "Masix", "FreeBSD", "Lites")


class Ext(Driver):
    """Nodes are inode numbers."""

    name: ClassVar[str] = "ext"
    limits: ClassVar[str] = (
        "compressed and encrypted files are named and not read; fast commits are not replayed"
    )

    def __init__(self, volume: Volume) -> None:
        self._volume = volume
        self._parents = Parents(ROOT)
        self._last: Inode | None = None
        """What was asked for last: whoever reads a file asks for it several times."""

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
        label = _text(found.superblock.label)
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
            label=_text(superblock.label),
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
                ("Last mounted on", _text(superblock.last_mounted)),
                ("Created by", dict(enumerate(_CREATORS)).get(superblock.creator, str(superblock.creator))),
            ],
        )

    def entries(self, node: int) -> Iterator[list[Entry]]:
        inode = self._directory(node)
        directory = Directory(self._volume.device, self._volume.geometry, inode)
        waiting: list[Named] = []
        window = BATCH
        for found in directory.named():
            waiting += found
            if len(waiting) >= window:
                yield from self._batches(inode, waiting)
                waiting = []
                window = _WINDOW
        if waiting:
            yield from self._batches(inode, waiting)
        if directory.damage:
            raise directory.damage[0]

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

    def size(self, node: int) -> int:
        inode = self._inode(node)
        return inode.size if inode.kind in (Kind.FILE, Kind.SYMLINK) else 0

    def extents(self, node: int) -> Iterator[Extent]:
        inode = self._inode(node)
        if inode.kind is not Kind.FILE:
            raise WrongKind(f"inode {node}", "file")
        _refuse(inode)
        return self._volume.extents(inode)

    def read_link(self, node: int) -> str:
        inode = self._inode(node)
        if inode.kind is not Kind.SYMLINK:
            raise WrongKind(f"inode {node}", "symlink")
        _refuse(inode)
        if not 0 < inode.size <= _LONGEST_LINK:
            expected = f"a target of 1 to {_LONGEST_LINK} bytes"
            raise CorruptStructure("inode", inode.position + 4, expected, str(inode.size))
        if inode.is_fast_symlink(self._volume.geometry):
            target = inode.map[: inode.size]
        else:
            target = self._volume.content(inode)
        return _text(target)[:_LONGEST_LINK]

    def lookup(self, node: int, name: str) -> Entry:
        inode = self._directory(node)
        directory = Directory(self._volume.device, self._volume.geometry, inode)
        folded = _folded(name) if inode.flags & FLAG_CASEFOLD else None
        for found in directory.named():
            for named in found:
                shown = _name(named.name)
                if shown == name or (folded is not None and _folded(shown) == folded):
                    return next(self._batches(inode, [named]))[0]
        if directory.damage:
            raise directory.damage[0]
        raise NotFound(name)

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        return ExtScrambled(self._volume, seed, nodes)

    # entries ------------------------------------------------------------------------------------------------

    def _batches(self, above: Inode, found: list[Named]) -> Iterator[list[Entry]]:
        inodes = self._volume.inodes.many(named.number for named in found)
        for start in range(0, len(found), BATCH):
            yield [self._named(above, named, inodes[named.number]) for named in found[start : start + BATCH]]

    def _named(self, above: Inode, named: Named, inode: Inode | RumpusError) -> Entry:
        name = _name(named.name)
        problem: RumpusError | None = None
        if (b"/" in named.name or b"\0" in named.name) and not above.flags & FLAG_ENCRYPTED:
            problem = CorruptStructure("directory", named.position, "a name without / and NUL", name)
        if isinstance(inode, NotFound):
            expected = f"an inode up to {self._volume.geometry.inodes}"
            inode = CorruptStructure("directory", named.position, expected, str(named.number))
        if isinstance(inode, RumpusError):
            return Entry(name, named.number, named.kind, problem=Fault.of(inode))
        if inode.kind is Kind.DIRECTORY and problem is None:
            shown = f"inode {named.number}"
            problem = self._parents.misplaced(named.number, above.number, "directory", named.position, shown)
        return self._entry(name, inode, problem)

    def _entry(self, name: str, inode: Inode, problem: RumpusError | None) -> Entry:
        problem = inode.problem or problem
        return Entry(
            name,
            inode.number,
            inode.kind,
            inode.size if inode.kind in (Kind.FILE, Kind.SYMLINK) else 0,
            inode.modified,
            _attributes(inode.flags),
            inode.mode & 0o7777,
            None if problem is None else Fault.of(problem),
        )

    # nodes --------------------------------------------------------------------------------------------------

    def _inode(self, node: int) -> Inode:
        """Raises NotFound when there is no such inode or it is not in use, CorruptStructure, MediumError."""
        if self._last is None or self._last.number != node:
            inode = self._volume.inodes.get(node)
            if not inode.in_use:
                raise NotFound(f"inode {node}")
            self._last = inode
        return self._last

    def _directory(self, node: int) -> Inode:
        inode = self._inode(node)
        if inode.kind is not Kind.DIRECTORY:
            if inode.problem is not None:
                raise inode.problem
            raise WrongKind(f"inode {node}", "directory")
        return inode

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


def _refuse(inode: Inode) -> None:
    """Raises what stands between the reader and the inode's content."""
    if inode.problem is not None:
        raise inode.problem
    if inode.flags & FLAG_ENCRYPTED:
        raise UnsupportedFeature("encrypt")
    if inode.flags & FLAG_COMPRESSED:
        raise UnsupportedFeature("compression")


def _attributes(flags: int) -> int:
    found = Attribute.ENCRYPTED if flags & FLAG_ENCRYPTED else 0
    return int(found | Attribute.COMPRESSED if flags & FLAG_COMPRESSED else found)


def _value(attribute: attributes.Attribute) -> str:
    """An attribute's value where it is text and short, else its size."""
    try:
        text = attribute.value.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        text = ""
    if text and len(text) <= _LONGEST_SHOWN_VALUE and text.isprintable():
        return text
    return f"{attribute.size} bytes"


def _features(layout: geometry.Geometry) -> Iterable[str]:
    yield from features.names(layout.compatible, features.COMPATIBLE)
    yield from features.names(layout.incompatible, features.INCOMPATIBLE)
    yield from features.names(layout.read_only, features.READ_ONLY)


def _text(raw: bytes) -> str:
    """Text up to the first NUL. Bytes that are not UTF-8 are shown by their numbers."""
    return raw.partition(b"\0")[0].decode("utf-8", "backslashreplace")


def _name(raw: bytes) -> str:
    """A name with every byte in it that is no UTF-8 shown by its number, so that two names stay two."""
    if b"\0" in raw or b"/" in raw:
        return raw.decode("utf-8", "backslashreplace").replace("\0", "\\x00").replace("/", "\\x2f")
    return raw.decode("utf-8", "backslashreplace")


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
