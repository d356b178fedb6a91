"""The driver of UDF: one open volume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
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
from core.fs.parents import Parents
from core.fs.scrambling import Scrambled
from core.fs.udf import names, recognition, tags
from core.fs.udf.directory import Directory, Named
from core.fs.udf.files import File, Place
from core.fs.udf.scrambling import UdfScrambled
from core.fs.udf.structures import (
    ATTRIBUTES_LENGTH,
    DEVICE_ATTRIBUTE,
    EXTENDED_FILE,
    FILE,
    FLAG_ARCHIVE,
    FLAG_SET_GID,
    FLAG_SET_UID,
    FLAG_STICKY,
    FLAG_SYSTEM,
    IS_DIRECTORY,
)
from core.fs.udf.times import utc
from core.fs.udf.volume import Volume

_SYSTEM = "UDF"
_CONFIDENCE, _CONFIDENCE_BROKEN, _CONFIDENCE_UNANNOUNCED, _CONFIDENCE_REMNANT = 75, 60, 45, 40
_PARTITION_SHIFT = 32
_NOBODY = 0xFFFFFFFF
_LONGEST_LINK, _LONGEST_LINK_DATA = 4096, 64 * 1024
_MOST_STREAMS = 24
_LONGEST_SHOWN = 256
_DAMAGE = (CorruptStructure, MediumError, UnsupportedFeature)


class Udf(Driver):
    """Nodes are the places of file entries: partition and block in it."""

    name: ClassVar[str] = "udf"
    limits: ClassVar[str] = "compressed and transformed files are named and not read"

    def __init__(self, volume: Volume) -> None:
        self._volume = volume
        self._device = volume.device
        self._files = volume.files
        self._parents = Parents(_node(volume.root))
        self._last: tuple[int, File] | None = None
        """The file that was asked for last: whoever reads one asks for it several times."""

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        announced = recognition.is_announced(device)
        try:
            _, found = recognition.find(device, Warnings())
        except (NotAFileSystem, CorruptStructure, MediumError) as error:
            if not announced:
                return None
            # Opening a damaged one says what is wrong with it.
            remnant = isinstance(error, NotAFileSystem)
            return Probe(_SYSTEM, "", _CONFIDENCE_REMNANT if remnant else _CONFIDENCE_BROKEN)
        label = names.text(found.logical.label)
        return Probe(_SYSTEM, label, _CONFIDENCE if announced else _CONFIDENCE_UNANNOUNCED)

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        return cls(Volume.open(device, Warnings()))

    def facts(self) -> VolumeFacts:
        volume = self._volume
        logical = volume.found.logical
        facts = [
            ("Revision", volume.revision),
            ("Partitions", ", ".join(volume.mapping.kinds)),
            ("Made by", _entity(logical.implementation.name)),
        ]
        identifier = ""
        if volume.found.volume is not None:
            volume_set = names.text(volume.found.volume.volume_set)
            identifier = volume_set[:16]
            facts.append(("Volume set", volume_set))
            facts.append(("Volume identifier", names.text(volume.found.volume.identifier)))
            facts.append(("Application", _entity(volume.found.volume.application.name)))
        if volume.use is not None:
            facts.append(("Files", f"{volume.use.files}, and {volume.use.folders} folders"))
            facts.append(("Last written by", _entity(volume.use.implementation.name)))
        if volume.file_set.streams.length:
            facts.append(("System streams", f"at block {volume.file_set.streams.block}"))
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=_SYSTEM,
            root=_node(volume.root),
            label=volume.label,
            uuid=identifier,
            size=volume.size,
            free=volume.free,
            block_size=volume.block_size,
            dirty=volume.dirty,
            warnings=list(volume.warnings),
            facts=[(label, value) for label, value in facts if value],
        )

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        return UdfScrambled(self._volume, seed, nodes)

    def entries(self, node: int) -> Iterator[list[Entry]]:
        directory = Directory(self._device, self._files, self._directory(node))
        batch: list[Entry] = []
        for named in directory.named():
            batch.append(self._named(node, named))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
        if directory.damage:
            raise directory.damage[0]

    def stat(self, node: int) -> Details:
        file = self._file(node)
        facts = [("File entry", f"block {file.place.block} of partition {file.place.partition}")]
        if file.unique:
            facts.append(("Unique number", str(file.unique)))
        device = _device(file.inside)
        if device is not None:
            facts.append(("Device", device))
        if file.inside:
            facts.append(("Extended attributes", f"{len(file.inside)} bytes"))
        if file.streams is not None:
            facts += self._streams(file.streams)
        return Details(
            self._entry("", node, file),
            created=None if file.created is None else utc(file.created),
            accessed=utc(file.accessed),
            changed=utc(file.changed),
            uid=None if file.uid == _NOBODY else file.uid,
            gid=None if file.gid == _NOBODY else file.gid,
            links=file.links,
            allocated=min(file.blocks * self._volume.block_size, 2**63 - 1),
            facts=facts,
        )

    def size(self, node: int) -> int:
        file = self._file(node)
        return file.size if file.kind is Kind.FILE else 0

    def extents(self, node: int) -> Iterator[Extent]:
        file = self._file(node)
        if file.kind is not Kind.FILE:
            raise WrongKind(f"file entry {node:#x}", "file")
        return self._files.extents(file)

    def read_link(self, node: int) -> str:
        file = self._file(node)
        if file.kind is not Kind.SYMLINK:
            raise WrongKind(f"file entry {node:#x}", "symlink")
        return names.target(self._files.content(file, _LONGEST_LINK_DATA))[:_LONGEST_LINK]

    def lookup(self, node: int, name: str) -> Entry:
        directory = Directory(self._device, self._files, self._directory(node))
        for named in directory.named():
            if names.file_name(named.name)[0] == name:
                return self._named(node, named)
        if directory.damage:
            raise directory.damage[0]
        raise NotFound(name)

    # entries ------------------------------------------------------------------------------------------------

    def _named(self, above: int, named: Named) -> Entry:
        name, proper = names.file_name(named.name)
        kind = Kind.DIRECTORY if named.characteristics & IS_DIRECTORY else Kind.FILE
        if named.place is None:
            missing = CorruptStructure("file identifier", named.position, "a file entry", "none")
            return Entry(name, named.position, kind, problem=Fault.of(missing))
        node = _node(named.place)
        try:
            file = self._files.get(named.place)
        except _DAMAGE as error:
            return Entry(name, node, kind, problem=Fault.of(error))
        problem: RumpusError | None = None
        if not proper:
            problem = CorruptStructure("file identifier", named.position, "a name without / and NUL", name)
        elif file.kind is Kind.DIRECTORY:
            shown = f"file entry {node:#x}"
            problem = self._parents.misplaced(node, above, "file identifier", named.position, shown)
        return self._entry(name, node, file, problem, named.is_hidden)

    def _entry(
        self, name: str, node: int, file: File, problem: RumpusError | None = None, hidden: bool = False
    ) -> Entry:
        attributes = Attribute.HIDDEN if hidden else Attribute(0)
        if file.flags & FLAG_ARCHIVE:
            attributes |= Attribute.ARCHIVE
        if file.flags & FLAG_SYSTEM:
            attributes |= Attribute.SYSTEM
        return Entry(
            name,
            node,
            file.kind,
            file.size if file.kind is Kind.FILE else 0,
            utc(file.modified),
            int(attributes),
            _mode(file),
            None if problem is None else Fault.of(problem),
        )

    def _streams(self, place: Place) -> list[tuple[str, str]]:
        """Named streams as facts: ECMA-167, 4/9.2. What is wrong with them stands in their place."""
        facts: list[tuple[str, str]] = []
        try:
            directory = Directory(self._device, self._files, self._files.get(place))
            for named in islice(directory.named(), _MOST_STREAMS):
                name = names.file_name(named.name)[0]
                if named.place is not None:
                    facts.append((f"Stream {name}", f"{self._files.get(named.place).size} bytes"))
            if directory.damage:
                raise directory.damage[0]
        except RumpusError as error:
            facts.append(("Streams", str(error)[:_LONGEST_SHOWN]))
        return facts

    # nodes --------------------------------------------------------------------------------------------------

    def _file(self, node: int) -> File:
        """Raises NotFound when there is no such file entry, CorruptStructure, MediumError."""
        if self._last is not None and self._last[0] == node:
            return self._last[1]
        place = Place(node >> _PARTITION_SHIFT, node & (1 << _PARTITION_SHIFT) - 1)
        try:
            self._last = (node, self._files.get(place))
            return self._last[1]
        except CorruptStructure as error:
            if self._is_entry(place):
                raise
            raise NotFound(f"file entry {node:#x}") from error

    def _is_entry(self, place: Place) -> bool:
        """Whether something there says at least that it is one, and of this very place."""
        try:
            position, _ = next(self._files.partition(place.partition).runs(place.block, 1))
            raw = self._device.read(position, 16)
        except CorruptStructure:
            return False
        return tags.identifier(raw) in (FILE, EXTENDED_FILE) and raw[12:16] == place.block.to_bytes(
            4, "little"
        )

    def _directory(self, node: int) -> File:
        file = self._file(node)
        if file.kind is not Kind.DIRECTORY:
            raise WrongKind(f"file entry {node:#x}", "directory")
        return file


def _node(place: Place) -> int:
    return place.partition << _PARTITION_SHIFT | place.block


def _mode(file: File) -> int:
    """ECMA-167, 4/14.9.5: five bits each for others, group and owner, of which three are Unix's."""
    bits = file.permissions
    mode = bits & 7 | bits >> 5 - 3 & 0o70 | bits >> 10 - 6 & 0o700
    for flag, bit in ((FLAG_SET_UID, 0o4000), (FLAG_SET_GID, 0o2000), (FLAG_STICKY, 0o1000)):
        if file.flags & flag:
            mode |= bit
    return mode


def _device(raw: bytes) -> str | None:
    """major:minor, from the extended attributes in the entry: ECMA-167, 4/14.10.7."""
    at = ATTRIBUTES_LENGTH
    while at + 12 <= len(raw):
        kind, length = (int.from_bytes(raw[at + place : at + place + 4], "little") for place in (0, 8))
        if kind == DEVICE_ATTRIBUTE and at + 24 <= len(raw):
            major, minor = (int.from_bytes(raw[at + place : at + place + 4], "little") for place in (16, 20))
            return f"{major}:{minor}"
        if length < 12:
            return None
        at += length
    return None


def _entity(name: bytes) -> str:
    return name.rstrip(b"\0").decode("ascii", "backslashreplace").strip()
