"""The walk of a check through every folder and file of an exFAT volume, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.blockdev.device import BlockDevice
from core.entry import Entry, Finding, FindingKind, Kind, Remedy
from core.errors import CorruptStructure, Fault, MediumError, NotFound, UnsupportedFeature
from core.fs.checking import Problem, mended
from core.fs.driver import Warnings
from core.fs.exfat import names
from core.fs.exfat.claims import Claims, Folder, Problems, Set
from core.fs.exfat.directory import Parser, place_of
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.hidden import HiddenFiles
from core.fs.exfat.sets import Sets
from core.fs.exfat.structures import (
    CONTIGUOUS,
    FILE_NAME,
    NAME_PIECE,
    STREAM,
    STREAM_PACKED,
)
from core.fs.exfat.table import AllocationTable
from core.fs.paths import Place
from core.fs.slots import SLOT_LENGTH, Chunk, chunks

if TYPE_CHECKING:
    from core.fs.exfat.mending import ExFatMender

_MOST_NAMES = 1 << 17
"""Of one folder, that are compared with each other."""
_MOST_DOUBTFUL = 1 << 14
"""Files kept for the end of the walk."""


class Walk:
    """Meets every file and folder, and has `claims` follow their clusters."""

    def __init__(
        self, device: BlockDevice, geometry: Geometry, table: AllocationTable, claims: Claims
    ) -> None:
        self._device = device
        self._geometry = geometry
        self._claims = claims
        self._sets = Sets(device, geometry, table)
        self._hidden_files = HiddenFiles()
        self._doubtful: list[tuple[Set, Place]] = []
        self.seen = 0
        """Files and folders with clusters."""
        self._upcase: names.Upcase = {}
        self._hashed = False
        """Whether it is the volume's own, by which hashes of names were made."""

    def problems(self, upcase: names.Upcase | None) -> Problems:
        """Everything below the root directory, names compared by that table, as far as it is known."""
        self._upcase, self._hashed = upcase or names.MANDATORY, upcase is not None
        while self._claims.folders:
            folder = self._claims.folders.pop()
            seen: set[str] = set()
            warnings = Warnings()
            for entries in self._read(folder, warnings):
                for chunk, entry in entries:
                    if isinstance(entry, Finding):
                        self._claims.hidden = True
                        yield Problem(entry)
                    else:
                        yield from self._entry(folder, chunk, entry, seen)
                yield None
            pieces = self._pieces(folder)
            yield from self._hidden_files.look(self._device, pieces, str(folder.place), folder.contiguous)
            for fault in warnings:
                yield self._warned(folder, fault)
        while self._doubtful:
            yield from self._claims.allocation(*self._doubtful.pop())
            yield None
        yield from self._hidden_files.problems(self._sets, self._claims.owned)

    # folders ------------------------------------------------------------------------------------------------

    def _read(self, folder: Folder, warnings: Warnings) -> Iterator[list[tuple[Chunk, Entry | Finding]]]:
        """The entries that end in each chunk of a directory."""
        parser = Parser(self._geometry, warnings, folder.contiguous, folder.is_root)
        lost: list[MediumError] = []
        last = Chunk(b"", 0, 0)
        try:
            for chunk in chunks(self._device, self._pieces(folder), lost):
                last = chunk
                yield [(chunk, entry) for entry in parser.entries(chunk)]
                if parser.ended:
                    break
        except CorruptStructure:
            pass  # told when its clusters were followed
        except MediumError as error:
            if error not in lost:
                lost.append(error)
        yield [(last, entry) for entry in parser.rest()]
        path = str(folder.place)
        yield [(last, Finding(FindingKind.UNREADABLE, path, Fault.of(error))) for error in lost]

    def _pieces(self, folder: Folder) -> Iterator[tuple[int, int]]:
        for cluster, count in self._claims.runs(folder.first, folder.clusters, folder.contiguous):
            yield self._geometry.position(cluster), count * self._geometry.cluster_size

    def _warned(self, folder: Folder, fault: Fault) -> Problem[ExFatMender]:
        position = int(fault.values.get("offset", 0))
        path = str(folder.place)
        if fault.values.get("expected") == "a primary entry before":
            finding = Finding(FindingKind.NAME_PIECES, path, fault)
            return mended(finding, Remedy.REMOVE_PIECES, lambda mender: mender.remove_pieces(position))
        self._claims.hidden = True
        return Problem(Finding(FindingKind.ENTRY, path, fault))

    # entries ------------------------------------------------------------------------------------------------

    def _entry(self, folder: Folder, chunk: Chunk, entry: Entry, seen: set[str]) -> Problems:
        position, place = place_of(entry.node)[0], Place(entry.name, folder.place)
        raw = self._slots(chunk, entry.node, position)
        if not raw:
            self._claims.hidden = True
            fault = CorruptStructure("directory entry", position, "a whole set", "one that cannot be read")
            yield Problem(Finding(FindingKind.UNREADABLE, str(place), Fault.of(fault)))
            return
        if raw[SLOT_LENGTH : SLOT_LENGTH + 1] != bytes([STREAM]):
            fault = CorruptStructure("directory entry", position, "a stream extension next", "another")
            finding = Finding(FindingKind.ENTRY, str(place), Fault.of(fault))
            yield mended(
                finding,
                Remedy.REMOVE_ENTRY,
                lambda mender: mender.remove(position, folder.contiguous),
            )
            return
        one = Set(folder, entry, position, raw, *STREAM_PACKED.unpack_from(raw, SLOT_LENGTH))
        self.seen += one.size > 0
        yield from self._name(one, place, seen)
        if one.size == 0 and one.first:
            found = f"cluster {one.first} and no bytes"
            fault = CorruptStructure("stream extension", position, "no cluster for no bytes", found)
            finding = Finding(FindingKind.TOO_LONG, str(place), Fault.of(fault))
            yield self._claims.resized(one, finding, Remedy.CUT, 0)
        elif one.size and self._is_doubtful(one) and len(self._doubtful) < _MOST_DOUBTFUL:
            self._doubtful.append((one, place))
        elif one.size:
            yield from self._claims.allocation(one, place)
        self._claims.benign(one)

    def _is_doubtful(self, one: Set) -> bool:
        """Whether a file may claim clusters of others: it comes after those that surely have theirs."""
        if one.entry.kind is Kind.DIRECTORY:
            return False
        available = self._geometry.last_cluster - one.first + 1
        beyond = bool(one.flags & CONTIGUOUS) and self._geometry.needed(one.size) > available
        return beyond or one.entry.problem is not None

    def _slots(self, chunk: Chunk, node: int, position: int) -> bytes:
        """A set as far as it may go."""
        at = position - chunk.position
        if 0 <= at < len(chunk.data):
            end = at + (2 + chunk.data[at + 1]) * SLOT_LENGTH
            if end <= len(chunk.data) and chunk.data[at + 1] > 1:
                return chunk.data[at:end]
        try:
            return b"".join([piece.data for piece in self._sets.slots(node)])
        except (NotFound, MediumError):
            return b""

    def _name(self, one: Set, place: Place, seen: set[str]) -> Problems:
        entry, position = one.entry, one.position
        folded = entry.name.translate(self._upcase)
        problem = entry.problem
        if problem is not None and isinstance(problem.error(), UnsupportedFeature):
            self._claims.hidden = True
            yield Problem(Finding(FindingKind.ENTRY, str(place), problem))
        elif problem is None or _is_about_allocation(problem):
            fault = self._subtle(one)
            if fault is not None:
                yield self._corrected(one, Finding(FindingKind.ENTRY, str(place), Fault.of(fault)))
            elif folded in seen:
                twice = CorruptStructure(
                    "directory entry", position, "a name of its own", "one that is there twice"
                )
                finding = Finding(FindingKind.NAME_TWICE, str(place), Fault.of(twice))
                yield mended(
                    finding,
                    Remedy.RENAME,
                    lambda mender: mender.rename(position, one.folder.contiguous, seen),
                )
        else:
            yield self._corrected(one, Finding(FindingKind.ENTRY, str(place), problem))
        if len(seen) < _MOST_NAMES:
            seen.add(folded)

    def _subtle(self, one: Set) -> CorruptStructure | None:
        """What does no harm to readers."""
        pieces = -(-one.length // NAME_PIECE)
        name = names.raw_name(one.raw, 2 * SLOT_LENGTH, pieces, one.length)
        expected = names.hashed(name, self._upcase)
        where = one.position + SLOT_LENGTH
        if self._hashed and one.hash != expected:
            found = f"{one.hash:#06x}"
            return CorruptStructure("stream extension", where, f"name hash {expected:#06x}", found)
        heads = one.raw[2 * SLOT_LENGTH :: SLOT_LENGTH]
        if heads[pieces : pieces + 1] == bytes([FILE_NAME]) and one.raw[1] > pieces + 1:
            return CorruptStructure("directory entry", one.position, f"{pieces} file names", "more")
        is_folder = one.entry.kind is Kind.DIRECTORY
        if one.valid > one.size or (is_folder and one.valid != one.size):
            wanted = f"{one.size} valid bytes"
            return CorruptStructure("stream extension", where, wanted, str(min(one.valid, 2**63 - 1)))
        return None

    # the ways to mend them ----------------------------------------------------------------------------------

    def _corrected(self, one: Set, finding: Finding) -> Problem[ExFatMender]:
        return mended(
            finding, Remedy.CORRECT, lambda mender: mender.correct(one.position, one.folder.contiguous)
        )


def _is_about_allocation(problem: Fault) -> bool:
    """Whether what is wrong with an entry is found again when its clusters are followed."""
    expected = str(problem.values.get("expected"))
    return expected.startswith(("at most", "a first cluster", "whole clusters")) or "in a row" in expected
