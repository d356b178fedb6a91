"""The driver of NTFS: one open volume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Self

from core.blockdev.device import BlockDevice
from core.entry import Attribute, Details, Entry, Kind, VolumeFacts
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem, NotFound, RumpusError, WrongKind
from core.fs.driver import BATCH, DEFAULTS, Driver, Extent, Options, Probe, Warnings
from core.fs.ntfs import contents, geometry, names, overlay
from core.fs.ntfs.file import File, Value
from core.fs.ntfs.index import Directory, Named
from core.fs.ntfs.looking import DAMAGE, LONGEST_SHOWN, Seen, described, look, target, taxonomy
from core.fs.ntfs.mft import Mft
from core.fs.ntfs.record import Record
from core.fs.ntfs.scrambling import NtfsScrambled
from core.fs.ntfs.structures import (
    DATA,
    FIRST_USER,
    NAME_IS_DIRECTORY,
    NAMESPACE_DOS,
    ROOT,
    VOLUME_DIRTY,
)
from core.fs.ntfs.times import utc
from core.fs.ntfs.volume import System
from core.fs.parents import Parents
from core.fs.scrambling import Scrambled

_SYSTEM = "NTFS"
_CONFIDENCE, _CONFIDENCE_WITHOUT_ROOT, _CONFIDENCE_BY_BACKUP = 90, 60, 30
_WINDOW = 16 * BATCH
"""Names whose records are looked up together. Records lie in no order of the names."""
_MOST_LISTED = 20_000
"""Entries of attribute lists that one batch may take to read."""
_SHOWN_ATTRIBUTES = int(
    Attribute.READ_ONLY
    | Attribute.HIDDEN
    | Attribute.SYSTEM
    | Attribute.ARCHIVE
    | Attribute.COMPRESSED
    | Attribute.ENCRYPTED
)


class Ntfs(Driver):
    """Nodes are the numbers of records in the master file table."""

    name: ClassVar[str] = "ntfs"
    limits: ClassVar[str] = "encrypted files are named and not read; the log is not replayed"

    def __init__(self, device: BlockDevice, layout: geometry.Geometry, warnings: Warnings) -> None:
        self._device = device
        self._geometry = layout
        self._warnings = warnings
        self._mft = Mft(device, layout, warnings)
        self._system = System(device, layout, self._mft, warnings)
        self._parents = Parents(ROOT)
        self._last: tuple[int, File, Seen] | None = None
        """What was asked for last: whoever reads a file asks for it several times."""

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        warnings = Warnings()
        try:
            layout = geometry.read_geometry(device, warnings)
        except (NotAFileSystem, CorruptStructure):
            return None
        except MediumError:
            if geometry.looks_like(device):
                return Probe(_SYSTEM, "", _CONFIDENCE_WITHOUT_ROOT)
            raise
        label, confidence = "", _CONFIDENCE_WITHOUT_ROOT
        try:
            volume = cls(device, layout, warnings)
            label = volume._system.label()
            if volume._mft.get(ROOT).is_directory:
                confidence = _CONFIDENCE
        except DAMAGE:
            pass  # opening it tells them
        if not layout.by_backup:
            return Probe(_SYSTEM, label, confidence)
        # A copy that leads to no files is what another system left standing.
        return Probe(_SYSTEM, label, _CONFIDENCE_BY_BACKUP) if confidence == _CONFIDENCE else None

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        warnings = Warnings()
        return cls(device, geometry.read_geometry(device, warnings), warnings)

    def facts(self) -> VolumeFacts:
        layout, system = self._geometry, self._system
        label = system.label()
        version, flags = system.information()
        clean = system.log_is_clean()
        free = system.free()
        system.upcase()
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=_SYSTEM,
            root=ROOT,
            label=label,
            uuid=f"{layout.serial:016X}",
            size=min(layout.size, self._device.size),
            free=None if free is None else free * layout.cluster_size,
            block_size=layout.cluster_size,
            dirty=bool(flags & VOLUME_DIRTY) or not clean,
            warnings=list(self._warnings),
            facts=[
                ("Version", version),
                ("Clusters", str(layout.clusters)),
                ("Sector size", str(layout.sector_size)),
                ("File records", f"{self._mft.records} of {layout.record_size} bytes"),
                ("Log", "clean" if clean else "not clean, not replayed"),
            ],
        )

    def entries(self, node: int) -> Iterator[list[Entry]]:
        directory = Directory(self._device, self._geometry, self._directory(node))
        short: list[Named] = []
        long: set[int] = set()
        waiting: list[Named] = []
        window = BATCH
        for found in directory.named():
            for named in found:
                if named.number < FIRST_USER and node == ROOT and _is_internal(named):
                    continue
                if named.namespace == NAMESPACE_DOS:
                    short.append(named)
                else:
                    long.add(named.number)
                    waiting.append(named)
            if len(waiting) >= window:
                yield from self._batches(node, waiting)
                waiting = []
                window = _WINDOW
        # A short name stands for a long one, which is somewhere among the others, or was lost.
        waiting += [named for named in short if named.number not in long]
        if waiting:
            yield from self._batches(node, waiting)
        if directory.damage:
            raise taxonomy(directory.damage[0], node)

    def stat(self, node: int) -> Details:
        file, seen = self._known(node)
        standard = seen.standard
        facts = [("File record", str(node)), ("Sequence number", str(file.record.sequence))]
        links = 0
        try:
            links, more = described(file, seen)
            facts += more
        except DAMAGE as error:
            facts.append(("Damage", str(error)[:LONGEST_SHOWN]))
        if seen.point is not None:
            facts.append(("Reparse point", seen.point.name))
        value = seen.value
        if value is not None and value.resident is not None:
            facts.append(("Allocation", "in the file record"))
        elif value is not None and value.valid < value.size:
            facts.append(("Bytes written", str(value.valid)))
        return Details(
            self._entry("", file, seen, None),
            created=utc(standard.created),
            accessed=utc(standard.accessed),
            changed=utc(standard.changed),
            links=max(links, 1),
            allocated=value.allocated if value is not None else None,
            facts=facts,
        )

    def size(self, node: int) -> int:
        _, seen = self._known(node)
        return seen.value.size if seen.value is not None and seen.kind is Kind.FILE else 0

    def extents(self, node: int) -> Iterator[Extent]:
        _, seen = self._content(node)
        if seen.value is None:
            return iter(())
        if contents.is_computed(seen.value) or seen.overlay is not None:
            raise WrongKind(f"file record {node}", "file that is not compressed")
        return contents.extents(seen.value, self._geometry.cluster_size)

    def data(self, node: int, start: int = 0) -> Iterator[bytes] | None:
        file, seen = self._content(node)
        if seen.value is None:
            return None
        if seen.overlay is not None:
            return overlay.computed(self._packed(file, seen.value, seen.overlay), start)
        if contents.is_computed(seen.value):
            return contents.computed(seen.value, self._device, self._geometry.cluster_size, start)
        return None

    def read_link(self, node: int) -> str:
        _, seen = self._known(node)
        if seen.kind is not Kind.SYMLINK:
            raise WrongKind(f"file record {node}", "symlink")
        return target(seen, node)

    def lookup(self, node: int, name: str) -> Entry:
        """By the name itself, or else by its upper case; a short name serves as well as the long one."""
        directory = Directory(self._device, self._geometry, self._directory(node))
        upcase = self._system.upcase()
        wanted = name.translate(upcase)
        folded: Named | None = None
        for found in directory.named():
            for named in found:
                shown = names.file_name(named.raw)[0]
                if shown == name:
                    folded = named
                    break
                if folded is None and shown.translate(upcase) == wanted:
                    folded = named
            else:
                continue
            break
        if folded is not None and not (node == ROOT and _is_internal(folded)):
            return next(self._batches(node, [folded]))[0]
        if directory.damage:
            raise taxonomy(directory.damage[0], node)
        raise NotFound(name)

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        return NtfsScrambled(self._device, self._geometry, self._system.upcase(), seed, nodes)

    # entries ------------------------------------------------------------------------------------------------

    def _batches(self, above: int, found: list[Named]) -> Iterator[list[Entry]]:
        records = self._mft.many(named.number for named in found)
        batch: list[Entry] = []
        listed = 0
        for named in found:
            entry, cost = self._named(above, named, records[named.number])
            batch.append(entry)
            listed += cost
            if len(batch) >= BATCH or listed >= _MOST_LISTED:
                yield batch
                batch, listed = [], 0
        if batch:
            yield batch

    def _named(self, above: int, named: Named, record: Record | RumpusError) -> tuple[Entry, int]:
        """An entry, and how many entries of an attribute list it took."""
        name, well_formed = names.file_name(named.raw)
        if isinstance(record, Record) and named.sequence not in (0, record.sequence):
            found = f"number {record.sequence}"
            record = CorruptStructure("index", named.position, f"a file of number {named.sequence}", found)
        if isinstance(record, NotFound):
            found = f"file record {named.number}"
            record = CorruptStructure("index", named.position, "a file that there is", found)
        if isinstance(record, RumpusError):
            kind = Kind.DIRECTORY if named.attributes & NAME_IS_DIRECTORY else Kind.FILE
            return Entry(name, named.number, kind, problem=Fault.of(record)), 0
        problem: RumpusError | None = None
        if not well_formed:
            problem = CorruptStructure("index", named.position, "a name without / and NUL", name)
        file = File(self._mft, record)
        seen = look(file)
        if seen.kind is Kind.DIRECTORY and problem is None:
            shown = f"file record {named.number}"
            problem = self._parents.misplaced(named.number, above, "index", named.position, shown)
        return self._entry(name, file, seen, problem), file.listed

    def _entry(self, name: str, file: File, seen: Seen, problem: RumpusError | None) -> Entry:
        problem = seen.problem or problem
        size = seen.value.size if seen.value is not None and seen.kind is Kind.FILE else 0
        return Entry(
            name,
            file.number,
            seen.kind,
            size,
            utc(seen.standard.modified),
            seen.standard.attributes & _SHOWN_ATTRIBUTES,
            None,
            None if problem is None else Fault.of(problem),
        )

    # files --------------------------------------------------------------------------------------------------

    def _known(self, node: int) -> tuple[File, Seen]:
        """Raises NotFound when there is no such record or it is not in use, CorruptStructure, MediumError."""
        if self._last is not None and self._last[0] == node:
            return self._last[1:]
        record = self._mft.get(node)
        if record.base:
            raise NotFound(f"file record {node}")
        file = File(self._mft, record)
        seen = look(file)
        # What could not be read may be readable the next time.
        self._last = None if isinstance(seen.problem, MediumError) else (node, file, seen)
        return file, seen

    def _directory(self, node: int) -> File:
        file, seen = self._known(node)
        if seen.kind is not Kind.DIRECTORY:
            if file.problem is not None:
                raise taxonomy(file.problem, node)
            raise WrongKind(f"file record {node}", "directory")
        return file

    def _content(self, node: int) -> tuple[File, Seen]:
        """What a file's bytes are to be had from. Raises what stands between the reader and them."""
        file, seen = self._known(node)
        if seen.kind is not Kind.FILE:
            raise WrongKind(f"file record {node}", "file")
        if seen.problem is not None:
            raise seen.problem
        if seen.value is not None:
            contents.refuse(seen.value)
        return file, seen

    def _packed(self, file: File, value: Value, method: int) -> overlay.Packed:
        """Raises UnsupportedFeature, CorruptStructure, MediumError."""
        try:
            stream = file.value(DATA, overlay.STREAM)
            if stream is None:
                raise file.record.corrupt(0, f"a stream {overlay.STREAM}", "none")
            return overlay.opened(stream, value.size, method, self._device, self._geometry.cluster_size)
        except NotFound as error:
            raise taxonomy(error, file.number) from error


def _is_internal(named: Named) -> bool:
    """Whether it is one of the system's own files, which lie in the root directory; "." is that itself."""
    return named.number < FIRST_USER and (named.raw[:2] == b"$\0" or named.raw == b".\0")
