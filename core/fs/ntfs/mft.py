"""The master file table: every record of the volume by its number, read many at a time for listings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotFound, RumpusError
from core.fs.driver import HOLE, Warnings
from core.fs.ntfs.file import File
from core.fs.ntfs.geometry import Geometry
from core.fs.ntfs.record import Place, Record, is_unused
from core.fs.ntfs.runs import Run, RunMap
from core.fs.ntfs.structures import DATA, MFT, MIRRORED

_GAP = 16 * 1024
_MOST_AT_ONCE = 256 * 1024
"""Records that lie at most this far apart are read at once, and at most so much at once."""
_MOST_RECORDS = 1 << 32


class Mft:
    """Opened by its own first record, or the copy of that in $MFTMirr."""

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings) -> None:
        """Raises CorruptStructure, MediumError when neither can be used."""
        self.device = device
        self.geometry = geometry
        self._warnings = warnings
        self._map = RunMap()
        cluster = geometry.cluster_size
        try:
            record = self._read(MFT, geometry.mft_cluster * cluster)
            self.records = self._bootstrap(record)
        except (CorruptStructure, MediumError) as error:
            if not 0 < geometry.mirror_cluster < geometry.clusters:
                raise
            self._map = RunMap()
            try:
                record = self._read(MFT, geometry.mirror_cluster * cluster)
                self.records = self._bootstrap(record)
            except (CorruptStructure, MediumError):
                raise error from None
            warnings.note(Fault.of(error))

    def get(self, number: int) -> Record:
        """Raises NotFound when there is no such record or it is not in use, CorruptStructure, MediumError."""
        found = self.many([number])[number]
        if isinstance(found, RumpusError):
            raise found
        return found

    def many(self, numbers: Iterable[int]) -> dict[int, Record | RumpusError]:
        """The records of these numbers, those that lie close together read at once; or why not."""
        found: dict[int, Record | RumpusError] = {}
        simple: list[tuple[int, int]] = []
        for number in set(numbers):
            try:
                position = self._position(number)
                if position is None:
                    places = self.places(number)
                    self._take(number, self._join(places), places, found)
                else:
                    simple.append((position, number))
            except (NotFound, CorruptStructure) as error:
                found[number] = error
        simple.sort()
        size = self.geometry.record_size
        begin = 0
        while begin < len(simple):
            start = end = simple[begin][0]
            stop = begin
            while stop < len(simple) and simple[stop][0] - end <= _GAP:
                if simple[stop][0] - start >= _MOST_AT_ONCE:
                    break
                end = simple[stop][0] + size
                stop += 1
            self._read_group(simple[begin:stop], start, end, found)
            begin = stop
        for number in range(MIRRORED):
            if isinstance(found.get(number), CorruptStructure | MediumError):
                found[number] = self._mirrored(number, found[number])
        return found

    # reading ------------------------------------------------------------------------------------------------

    def _read_group(
        self, group: list[tuple[int, int]], start: int, end: int, found: dict[int, Record | RumpusError]
    ) -> None:
        size = self.geometry.record_size
        try:
            data = self.device.read(start, end - start)
        except (CorruptStructure, MediumError) as error:
            if len(group) == 1:
                found[group[0][1]] = error
                return
            for position, number in group:
                self._read_group([(position, number)], position, position + size, found)
            return
        for position, number in group:
            at = position - start
            self._take(number, data[at : at + size], (Place(0, position, size),), found)

    def _take(
        self,
        number: int,
        raw: bytes | RumpusError,
        places: tuple[Place, ...],
        found: dict[int, Record | RumpusError],
    ) -> None:
        if isinstance(raw, RumpusError):
            found[number] = raw
            return
        if is_unused(raw) and number >= MIRRORED:
            found[number] = NotFound(f"file record {number}")
            return
        try:
            found[number] = Record(number, raw, places)
        except CorruptStructure as error:
            found[number] = error

    def _join(self, places: tuple[Place, ...]) -> bytes | RumpusError:
        try:
            return b"".join(self.device.read(place.position, place.length) for place in places)
        except (CorruptStructure, MediumError) as error:
            return error

    def _position(self, number: int) -> int | None:
        """Where a record lies, None when it does not lie in one piece."""
        if not 0 <= number < self.records:
            raise NotFound(f"file record {number}")
        size, cluster_size = self.geometry.record_size, self.geometry.cluster_size
        index, within = divmod(number * size, cluster_size)
        _, cluster, count = self._map.find(index)
        if cluster == HOLE or within + size > count * cluster_size:
            return None
        return cluster * cluster_size + within

    def places(self, number: int) -> tuple[Place, ...]:
        """The pieces in which a record lies, where clusters are smaller than records."""
        size, cluster_size = self.geometry.record_size, self.geometry.cluster_size
        at, end = number * size, (number + 1) * size
        places: list[Place] = []
        while at < end:
            index, within = divmod(at, cluster_size)
            _, cluster, count = self._map.find(index)
            if cluster == HOLE:
                position = self.geometry.mft_cluster * cluster_size
                expected = "$MFT without holes"
                raise CorruptStructure("file record", position, expected, f"a hole at record {number}")
            length = min(end - at, count * cluster_size - within)
            places.append(Place(size - (end - at), cluster * cluster_size + within, length))
            at += length
        return tuple(places)

    def _read(self, number: int, position: int) -> Record:
        """The record at a place on the volume, whatever the table says. Raises CorruptStructure."""
        size = self.geometry.record_size
        return Record(number, self.device.read(position, size), (Place(0, position, size),))

    def _mirrored(self, number: int, error: RumpusError | Record) -> Record | RumpusError:
        """The copy in $MFTMirr of a record that is broken, or its error."""
        assert isinstance(error, RumpusError)
        geometry = self.geometry
        position = geometry.mirror_cluster * geometry.cluster_size + number * geometry.record_size
        try:
            record = self._read(number, position)
        except (CorruptStructure, MediumError):
            return error
        self._warnings.note(Fault.of(error))
        return record

    # opening ------------------------------------------------------------------------------------------------

    def _bootstrap(self, record: Record) -> int:
        """Follows $MFT's runs, whose later ones stand in records that the earlier ones lead to.

        Returns how many records there are. Raises CorruptStructure, MediumError.
        """
        if record.problem is not None:
            raise record.problem
        self.records = 0
        file = File(self, record)
        try:
            value = file.value(DATA)
        except NotFound as error:
            raise record.corrupt(0, "clusters of $MFT", str(error)) from error
        if value is None or value.resident is not None:
            raise record.corrupt(0, "clusters of $MFT", "none")
        cluster_size, size = self.geometry.cluster_size, self.geometry.record_size
        wanted = min(value.size, value.valid) // size
        try:
            for run in self._known(value.runs(), size):
                if not self._map.add(run):
                    raise record.corrupt(0, "runs of $MFT without a gap", f"one from {run.first} on")
        except (CorruptStructure, MediumError, NotFound) as error:
            if not self._map.end:
                raise record.corrupt(0, "clusters of $MFT", "none") from error
            self._warnings.note(Fault.of(error))
        there = min(self._map.end * cluster_size // size, _MOST_RECORDS)
        if wanted > there:
            fault = record.corrupt(0, f"clusters for the {wanted} records of $MFT", f"for {there}")
            self._warnings.note(Fault.of(fault))
        if not there:
            raise record.corrupt(0, "clusters of $MFT", "none")
        return min(wanted, there)

    def _known(self, runs: Iterator[Run], size: int) -> Iterator[Run]:
        """While runs are being followed, only records that those before them lead to can be read."""
        for run in runs:
            yield run
            self.records = min(self._map.end * self.geometry.cluster_size // size, _MOST_RECORDS)
