"""The driver of HFS+ and HFSX: one open volume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Self

from core.blockdev.device import BlockDevice
from core.entry import Attribute, Kind, VolumeFacts
from core.errors import (
    CorruptStructure,
    MediumError,
    NotAFileSystem,
    RumpusError,
    WrongKind,
)
from core.fs.driver import DEFAULTS, Extent, Options, Probe, Warnings
from core.fs.hfsplus import attributes, compression, header, links, names, records
from core.fs.hfsplus.scrambling import HfsPlusScrambled
from core.fs.hfsplus.structures import (
    ATTRIBUTE_NAMES,
    BINARY,
    COMPRESSED,
    FOLDER_LINK,
    HARDWARE_LOCK,
    HFSX,
    INCONSISTENT,
    JOURNALED,
    SOFTWARE_LOCK,
    TYPE_LINK,
    TYPE_MASK,
    TYPES_OTHER,
    UNMOUNTED,
)
from core.fs.hfsplus.volume import Volume
from core.fs.mac.btree import Record
from core.fs.mac.driver import DAMAGE, MacDriver, Seen
from core.fs.mac.forks import Bytes, no_overflow
from core.fs.mac.items import ROOT, Item
from core.fs.scrambling import Scrambled

_CONFIDENCE, _CONFIDENCE_WITHOUT_CATALOG, _CONFIDENCE_BY_COPY = 90, 60, 30
_LONGEST_LINK = 4096
_LONGEST_VALUE = 1 << 20
_MOST_SHOWN = 40
_LONGEST_SHOWN = 256


class HfsPlus(MacDriver):
    """A file or folder with several names has one node, where it lies in its private folder."""

    name: ClassVar[str] = "hfsplus"
    limits: ClassVar[str] = (
        "files packed by LZVN or LZFSE are named and not read; a journal on another device is not replayed"
    )
    _key_at = 0

    def __init__(self, volume: Volume) -> None:
        super().__init__(volume.blocks, volume.catalog, volume.overflow, volume.warnings)
        self._volume = volume
        self._signature = volume.geometry.header.signature
        self._sensitive = self._signature == HFSX and volume.catalog.compare == BINARY
        self._private: dict[bytes, int] | None = None
        self._ways = links.Ways()

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        warnings = Warnings()
        try:
            geometry = header.read_geometry(device, warnings)
        except (NotAFileSystem, CorruptStructure, MediumError):
            return None  # nor is there a copy: where sectors are bad, others may know more of them
        try:
            label = cls(Volume(device, geometry, warnings))._label()
        except DAMAGE:
            # A copy that leads to no files is what another system left standing.
            return None if geometry.by_copy else Probe(geometry.system, "", _CONFIDENCE_WITHOUT_CATALOG)
        return Probe(geometry.system, label, _CONFIDENCE_BY_COPY if geometry.by_copy else _CONFIDENCE)

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        return cls(Volume.open(device, Warnings()))

    def facts(self) -> VolumeFacts:
        volume = self._volume
        geometry, head = volume.geometry, volume.geometry.header
        flags = head.attributes
        unit = head.block_size
        replayed = volume.journal is not None and volume.journal.dirty
        locks = [(HARDWARE_LOCK, "by hardware"), (SOFTWARE_LOCK, "by software")]
        facts = [
            ("Attributes", ", ".join(name for bit, name in ATTRIBUTE_NAMES.items() if flags & bit)),
            ("Names", "case matters" if self._sensitive else "case does not matter"),
            ("Files", str(head.files)),
            ("Folders", str(head.folders)),
            ("Last mounted by", head.last_mounted_by.decode("mac_roman")),
            ("Journal", self._journal()),
            ("Locked", ", ".join(words for bit, words in locks if flags & bit) or "no"),
        ]
        if geometry.base:
            facts.append(("Wrapped", f"in an HFS volume, {geometry.base} bytes behind its start"))
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=geometry.system,
            root=ROOT,
            label=self._label(),
            uuid=head.finder[24:32].hex().upper() if any(head.finder[24:32]) else "",
            size=min(head.blocks * unit, geometry.size),
            free=head.free_blocks * unit if head.free_blocks <= head.blocks else None,
            block_size=unit,
            dirty=not flags & UNMOUNTED or bool(flags & INCONSISTENT) or replayed,
            warnings=list(volume.warnings),
            facts=facts,
        )

    def data(self, node: int, start: int = 0) -> Iterator[bytes] | None:
        seen = self._content(node)
        packing = self._packing(seen.item)
        if packing is None:
            return None
        compression.refuse(packing)
        resource: Bytes | None = None
        if seen.item.resource.size:
            resource = self._fork(seen.item.resource)
        return compression.computed(packing, resource, start)

    def extents(self, node: int) -> Iterator[Extent]:
        if self._packing(self._content(node).item) is not None:
            raise WrongKind(f"record {node}", "file that is not compressed")
        return self._volume.located(super().extents(node))

    def read_link(self, node: int) -> str:
        item = self._found(node)
        seen = None if item is None else self._seen(item)
        if seen is None or seen.kind is not Kind.SYMLINK:
            raise WrongKind(f"record {node}", "symlink")
        if seen.problem is not None:
            raise seen.problem
        fork = seen.item.data
        if not 0 < fork.size <= _LONGEST_LINK:
            expected = f"a target of 1 to {_LONGEST_LINK} bytes"
            raise CorruptStructure("catalog", fork.position, expected, str(fork.size))
        target = self._fork(fork).read(0, fork.size)
        return target.partition(b"\0")[0].decode("utf-8", "backslashreplace")[:_LONGEST_LINK]

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        return HfsPlusScrambled(self._volume, seed)

    # what HFS+ has of its own -------------------------------------------------------------------------------

    def _item(self, record: Record) -> Item | None:
        return records.parsed(record)

    def _raw_name(self, key: bytes) -> bytes:
        return records.raw_name(key)

    def _shown(self, raw: bytes) -> tuple[str, bool]:
        return names.shown(raw)

    def _folded(self, name: str) -> str:
        return name if self._sensitive else names.folded(name)

    def _is_internal(self, item: Item) -> bool:
        return item.parent == ROOT and item.raw in (links.FILES, links.FOLDERS)

    def _journal(self) -> str:
        if not self._volume.geometry.header.attributes & JOURNALED:
            return "none"
        return "could not be read" if self._volume.journal is None else self._volume.journal.words

    def _label(self) -> str:
        root = self._root()
        return "" if root is None else self._shown(root.raw)[0]

    def _seen(self, item: Item) -> Seen:
        if not links.is_link(item):
            return self._as_it_is(item, linked=False)
        try:
            target = self._target(item)
        except DAMAGE as error:
            return Seen(item, self._link_kind(item), 0, error)
        return self._as_it_is(target, linked=True)

    def _as_it_is(self, item: Item, *, linked: bool) -> Seen:
        if item.is_folder:
            return Seen(item, Kind.DIRECTORY, 0, linked=linked)
        assert item.posix is not None
        type = item.posix.mode & TYPE_MASK
        if type == TYPE_LINK:
            return Seen(item, Kind.SYMLINK, item.data.size, linked=linked)
        if type in TYPES_OTHER:
            return Seen(item, Kind.OTHER, 0, linked=linked)
        try:
            packing = self._packing(item)
        except DAMAGE as error:
            return Seen(item, Kind.FILE, 0, error, linked)
        return Seen(item, Kind.FILE, item.data.size if packing is None else packing.size, linked=linked)

    @staticmethod
    def _link_kind(item: Item) -> Kind:
        return Kind.DIRECTORY if (item.type, item.creator) == FOLDER_LINK else Kind.FILE

    def _target(self, item: Item) -> Item:
        """What a link leads to. Raises CorruptStructure, MediumError."""
        of_folder = self._link_kind(item) is Kind.DIRECTORY
        folder = self._private_folders().get(links.FOLDERS if of_folder else links.FILES)
        name = links.target_name(item)
        record = None if folder is None else links.search(self._catalog, self._signature, folder, name)
        target = None if record is None else self._item(record)
        if target is None or target.is_folder is not of_folder or links.is_link(target):
            shown = names.shown(name)[0]
            raise CorruptStructure("catalog", item.position, f"what the link leads to, {shown}", "none")
        return target

    def _private_folders(self) -> dict[bytes, int]:
        """The number of each of the two folders that there is."""
        if self._private is None:
            self._private = {
                item.raw: item.number
                for item in self._items(ROOT, [])
                if isinstance(item, Item) and item.is_folder and self._is_internal(item)
            }
        return self._private

    def _is_private(self, item: Item) -> bool:
        return item.parent != ROOT and item.parent in self._private_folders().values()

    def _misplaced(self, item: Item, seen: Seen) -> RumpusError | None:
        if not seen.linked:
            self._ways.lies_in(item.number, item.parent)
            return super()._misplaced(item, seen)
        if self._ways.leads(item.parent, seen.item.number):
            return None
        found = f"folder {seen.item.number} again"
        return CorruptStructure("catalog", item.position, "a folder that is not in itself", found)

    def _links(self, seen: Seen) -> int:
        posix = seen.item.posix
        return posix.special if posix is not None and self._is_private(seen.item) else 1

    def _attributes(self, item: Item) -> int:
        found = super()._attributes(item)
        packed = not item.is_folder and item.posix is not None and item.posix.owner_flags & COMPRESSED
        return found | int(Attribute.COMPRESSED) if packed else found

    # extended attributes ------------------------------------------------------------------------------------

    def _packing(self, item: Item) -> compression.Packing | None:
        """How a file is packed, if it is. Raises CorruptStructure, MediumError."""
        posix, tree = item.posix, self._volume.attributes
        if posix is None or not posix.owner_flags & COMPRESSED or item.data.size or tree is None:
            return None
        damage: list[RumpusError] = []
        for attribute in attributes.of(tree, item.number, damage):
            if attribute.name == compression.ATTRIBUTE:
                return compression.parsed(self._value(attribute), attribute.position)
        if damage:
            raise damage[0]
        return None

    def _value(self, attribute: attributes.Attribute) -> bytes:
        """Raises CorruptStructure, MediumError."""
        if attribute.fork is None:
            return attribute.value
        if attribute.fork.size > _LONGEST_VALUE:
            expected = f"at most {_LONGEST_VALUE} bytes"
            raise CorruptStructure("attributes", attribute.position, expected, str(attribute.fork.size))
        # Its pieces, too, go on in the tree of attributes; those with so many have no meaning to us.
        return Bytes(self._blocks, attribute.fork, no_overflow).read(0, attribute.fork.size)

    def _more_facts(self, seen: Seen) -> list[tuple[str, str]]:
        """Extended attributes; what is wrong with them stands in their place."""
        tree = self._volume.attributes
        facts: list[tuple[str, str]] = []
        if tree is None:
            return facts
        damage: list[RumpusError] = []
        left = 0
        for attribute in attributes.of(tree, seen.item.number, damage):
            if len(facts) >= _MOST_SHOWN:
                left += 1
            else:
                facts.append((attribute.name[:_LONGEST_SHOWN], _worded(attribute)))
        if left:
            facts.append(("Extended attributes", f"{left} more"))
        if damage:
            facts.append(("Extended attributes", str(damage[0])[:_LONGEST_SHOWN]))
        return facts


def _worded(attribute: attributes.Attribute) -> str:
    """An attribute's value where it is text and short, else its size."""
    try:
        text = attribute.value.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        text = ""
    if text and len(text) <= _LONGEST_SHOWN and text.isprintable():
        return text
    return f"{attribute.size} bytes"
