"""The driver of ISO 9660: one open volume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import ClassVar, NamedTuple, Self

from core.blockdev.device import BlockDevice
from core.blockdev.tables import beside
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
from core.fs.iso9660 import boot, contents, names, records, rock_ridge, times, zisofs
from core.fs.iso9660.records import Record
from core.fs.iso9660.scrambling import IsoScrambled
from core.fs.iso9660.structures import ASSOCIATED, FIRST_DESCRIPTOR, HIDDEN, SECTOR
from core.fs.iso9660.susp import Areas
from core.fs.iso9660.volume import Names, Volume, read_volume
from core.fs.parents import Parents
from core.fs.scrambling import Scrambled

_SYSTEM = "ISO 9660"
_CONFIDENCE, _CONFIDENCE_BROKEN = 70, 55
_TYPE_MASK, _LINK, _PERMISSIONS = 0o170000, 0o120000, 0o7777
_OTHERS = (0o020000, 0o060000, 0o010000, 0o140000)
_MOST_FACTS = 64
_ZISOFS = (b"pz", b"PZ")
_DAMAGE = (CorruptStructure, MediumError)


class Seen(NamedTuple):
    """A record with what Rock Ridge says of it, and what is wrong with that."""

    record: Record
    unix: rock_ridge.Unix
    problem: RumpusError | None
    kind: Kind
    size: int


class Iso9660(Driver):
    """Nodes are the places of directory records, in bytes."""

    name: ClassVar[str] = "iso9660"
    limits: ClassVar[str] = "sparse files (SF) are named and not read; of several sessions the last is shown"

    def __init__(self, volume: Volume) -> None:
        self._volume = volume
        self._device = volume.device
        self._tree = volume.tree
        self._block_size = volume.block_size
        self._areas = Areas(volume.device, volume.block_size, volume.tree.skip)
        self._is_unix = volume.tree.names is Names.ROCK_RIDGE
        self._parents = Parents(volume.tree.root.block)
        """Directories are known by their first blocks."""
        self._last: tuple[int, Seen] | None = None
        """The file that was asked for last: whoever reads one asks for it several times."""

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        try:
            volume = read_volume(device, Warnings())
        except NotAFileSystem:
            return None
        except CorruptStructure:
            return Probe(_SYSTEM, "", _CONFIDENCE_BROKEN)  # opening it says what is wrong
        return Probe(_SYSTEM, _label(volume), _CONFIDENCE)

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        return cls(read_volume(device, Warnings()))

    def facts(self) -> VolumeFacts:
        volume = self._volume
        primary = volume.session.primary
        if volume.size > self._device.size:
            found = f"{self._device.size} bytes"
            fault = CorruptStructure("volume", self._device.size, f"{volume.size} bytes", found)
            volume.warnings.note(Fault.of(fault))
        facts = [("Names", str(self._tree.names))]
        if volume.also:
            facts.append(("Also on it", ", ".join(volume.also)))
        for partition in beside(self._device):
            facts.append(("Partition beside it", f"{partition.number}, {partition.type}"))
        if volume.sessions > 1:
            facts.append(("Sessions", f"{volume.sessions}, the last at block {volume.session.start}"))
        if volume.session.catalog is not None:
            facts += [("Boots", image) for image in boot.images(self._device, volume.session.catalog)]
        for label, raw in (
            ("Volume set", primary.volume_set),
            ("Publisher", primary.publisher),
            ("Prepared by", primary.preparer),
            ("Application", primary.application),
        ):
            facts.append((label, names.text(raw, wide=False)))
        for label, raw in (("Created", primary.created), ("Modified", primary.modified)):
            facts.append((label, _moment(times.written(raw))))
        if primary.volumes > 1:
            facts.append(("Volume", f"{primary.volume} of {primary.volumes}"))
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=_SYSTEM,
            root=self._tree.position,
            label=_label(volume),
            uuid=_identifier(primary),
            size=min(volume.size, self._device.size),
            free=0,
            block_size=self._block_size,
            warnings=list(volume.warnings),
            facts=[fact for fact in facts if fact[1]][:_MOST_FACTS],
        )

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        return IsoScrambled(self._volume, seed, nodes)

    def entries(self, node: int) -> Iterator[list[Entry]]:
        directory = self._directory(node)
        batch: list[Entry] = []
        damage: RumpusError | None = None
        for seen in self._listed(directory):
            if isinstance(seen, RumpusError):
                damage = damage or seen
                continue
            batch.append(self._named(directory, seen))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
        if damage is not None:
            raise damage

    def stat(self, node: int) -> Details:
        seen = self._seen(node)
        record, unix = seen.record, seen.unix
        facts = [("First block", str(record.block))]
        if len(record.sections) > 1:
            facts.append(("Sections", str(len(record.sections))))
        if unix.inode is not None:
            facts.append(("Inode", str(unix.inode)))
        if unix.device is not None:
            facts.append(("Device", f"{unix.device[0]}:{unix.device[1]}"))
        if unix.packed is not None:
            facts.append(("Packed", f"zisofs, {record.size} bytes"))
        if self._is_unix and not record.is_special:
            facts.append(("Plain name", names.plain(record.name)))
        if unix.others:
            facts.append(("System use", ", ".join(unix.others)))
        return Details(
            self._entry(seen, names.shown(self._name(seen))),
            created=unix.created,
            accessed=unix.accessed,
            changed=unix.changed,
            uid=unix.uid,
            gid=unix.gid,
            links=unix.links,
            allocated=sum(-(-section.size // self._block_size) for section in record.sections)
            * self._block_size,
            facts=facts,
        )

    def size(self, node: int) -> int:
        return self._seen(node).size

    def extents(self, node: int) -> Iterator[Extent]:
        seen = self._file(node)
        if seen.unix.packed is not None:
            raise WrongKind(f"record {node}", "file that is not packed")
        return contents.extents(seen.record, self._block_size, self._device.size)

    def data(self, node: int, start: int = 0) -> Iterator[bytes] | None:
        seen = self._file(node)
        if seen.unix.packed is None:
            return None
        if seen.unix.packed[0] not in _ZISOFS:
            raise UnsupportedFeature(
                f"packing method {seen.unix.packed[0].decode('ascii', 'backslashreplace')}"
            )
        read = partial(contents.read, self._device, seen.record, self._block_size)
        position = seen.record.block * self._block_size
        return zisofs.unpacked(read, seen.record.size, seen.size, position, start)

    def read_link(self, node: int) -> str:
        seen = self._seen(node)
        if seen.kind is not Kind.SYMLINK:
            raise WrongKind(f"record {node}", "symlink")
        if seen.problem is not None:
            raise seen.problem
        assert seen.unix.target is not None
        return names.unix(seen.unix.target or b"/").replace("\0", "\\x00")[:4096]

    def lookup(self, node: int, name: str) -> Entry:
        """By the name itself; where names are not Unix's, by one that differs in case alone as well."""
        folded: Seen | None = None
        damage: RumpusError | None = None
        wanted = name.casefold()
        directory = self._directory(node)
        for seen in self._listed(directory):
            if isinstance(seen, RumpusError):
                damage = damage or seen
                continue
            shown = self._name(seen)
            if shown == name:
                return self._named(directory, seen)
            if not self._is_unix and folded is None and shown.casefold() == wanted:
                folded = seen
        if folded is not None:
            return self._named(directory, folded)
        raise damage or NotFound(name)

    # entries ------------------------------------------------------------------------------------------------

    def _listed(self, directory: Record) -> Iterator[Seen | RumpusError]:
        start = directory.block * self._block_size
        try:
            for found in records.read(self._device, start, start + directory.size):
                if isinstance(found, RumpusError):
                    yield found
                elif not found.is_special:
                    seen = self._look(found)
                    if not seen.unix.moved:
                        yield seen
        except _DAMAGE as error:
            yield error

    def _look(self, record: Record) -> Seen:
        unix = rock_ridge.Unix()
        problem: RumpusError | None = None
        if self._is_unix:
            try:
                rock_ridge.gathered(self._areas.entries(record.area, record.area_at), unix)
            except _DAMAGE as error:
                problem = error
        if unix.child is not None and not record.is_directory and not record.is_special:
            return self._moved(record, unix, problem)
        type = (unix.mode or 0) & _TYPE_MASK
        if record.is_directory:
            return Seen(record, unix, problem, Kind.DIRECTORY, 0)
        if type == _LINK and unix.target is not None:
            return Seen(record, unix, problem, Kind.SYMLINK, len(unix.target))
        if type in _OTHERS:
            return Seen(record, unix, problem, Kind.OTHER, 0)
        size = record.size
        if unix.sparse is not None:
            size, unix.packed = unix.sparse, None
        elif unix.packed is not None and size:
            size = min(unix.packed[3], rock_ridge.LARGEST)
        else:
            unix.packed = None
        if problem is None and record.size and record.block * self._block_size >= self._device.size:
            found = f"block {record.block}"
            problem = CorruptStructure("directory record", record.position, "a file on the volume", found)
        return Seen(record, unix, problem, Kind.FILE, size)

    def _moved(self, record: Record, unix: rock_ridge.Unix, problem: RumpusError | None) -> Seen:
        """A directory that lies too deep for ISO 9660 is kept elsewhere: IEEE P1282, 4.1.5."""
        assert unix.child is not None
        position = unix.child * self._block_size
        try:
            itself = records.single(self._device, position)
            if not itself.is_itself or not itself.is_directory:
                raise CorruptStructure(
                    "directory record", record.position, "a directory", f"block {unix.child}"
                )
        except _DAMAGE as error:
            return Seen(record, unix, error, Kind.DIRECTORY, 0)
        return Seen(itself, unix, problem, Kind.DIRECTORY, 0)

    def _named(self, above: Record, seen: Seen) -> Entry:
        name = self._name(seen)
        problem = seen.problem
        if problem is None and not names.is_proper(name):
            problem = CorruptStructure(
                "directory record", seen.record.position, "a name without / and NUL", name
            )
        if problem is None and len(seen.unix.name) > rock_ridge.LONGEST_NAME:
            expected = f"a name of at most {rock_ridge.LONGEST_NAME} bytes"
            problem = CorruptStructure("directory record", seen.record.position, expected, "a longer one")
        if problem is None and seen.kind is Kind.DIRECTORY:
            block, position = seen.record.block, seen.record.position
            problem = self._parents.misplaced(
                block, above.block, "directory record", position, f"block {block}"
            )
        return self._entry(seen._replace(problem=problem), names.shown(name))

    def _name(self, seen: Seen) -> str:
        record = seen.record
        if self._is_unix and seen.unix.name:
            return names.unix(seen.unix.name[: rock_ridge.LONGEST_NAME])
        if record.is_special:
            return ""
        name = names.joliet(record.name) if self._tree.names is Names.JOLIET else names.plain(record.name)
        return f"{name} (associated)" if record.flags & ASSOCIATED else name

    def _entry(self, seen: Seen, name: str) -> Entry:
        record, unix = seen.record, seen.unix
        attributes = Attribute.HIDDEN if record.flags & (HIDDEN | ASSOCIATED) else 0
        return Entry(
            name,
            record.position,
            seen.kind,
            seen.size,
            unix.modified if unix.modified is not None else times.recorded(record.recorded),
            int(attributes | Attribute.COMPRESSED if unix.packed is not None else attributes),
            None if unix.mode is None else unix.mode & _PERMISSIONS,
            None if seen.problem is None else Fault.of(seen.problem),
        )

    # nodes --------------------------------------------------------------------------------------------------

    def _seen(self, node: int) -> Seen:
        if self._last is None or self._last[0] != node:
            self._last = (node, self._look(self._record(node)))
        return self._last[1]

    def _record(self, node: int) -> Record:
        """Raises NotFound when there is no directory record, MediumError."""
        if node == self._tree.position:
            return self._tree.root
        if not (FIRST_DESCRIPTOR + 1) * SECTOR <= node < self._device.size:
            raise NotFound(f"record {node}")
        try:
            record = records.single(self._device, node)
        except CorruptStructure as error:
            raise NotFound(f"record {node}") from error
        if record.is_special and not record.is_itself:
            raise NotFound(f"record {node}")
        return record

    def _directory(self, node: int) -> Record:
        seen = self._seen(node)
        if seen.kind is not Kind.DIRECTORY:
            raise WrongKind(f"record {node}", "directory")
        if seen.problem is not None and not seen.record.is_directory:
            raise seen.problem
        return seen.record

    def _file(self, node: int) -> Seen:
        seen = self._seen(node)
        if seen.kind is not Kind.FILE:
            raise WrongKind(f"record {node}", "file")
        if seen.unix.sparse is not None:
            raise UnsupportedFeature("sparse files (SF)")
        return seen


def _label(volume: Volume) -> str:
    tree = volume.tree
    return names.text(tree.descriptor.label, wide=tree.names is Names.JOLIET)


def _identifier(primary: object) -> str:
    """When it was made, as tools for discs write it: a disc has no other number of its own."""
    raw = getattr(primary, "modified", b"")[:16]
    if not raw.isdigit() or raw == b"0" * 16:
        return ""
    text = raw.decode("ascii")
    parts = (text[:4], *(text[at : at + 2] for at in range(4, 16, 2)))
    return "-".join(parts)


def _moment(time: int | None) -> str:
    return "" if time is None else datetime.fromtimestamp(time // 10**9, UTC).isoformat(" ")[:19]
