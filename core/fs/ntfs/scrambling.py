"""NTFS under other names: file records and blocks of indexes. Logs and the bytes of files are left out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure
from core.fs.driver import HOLE, Warnings
from core.fs.ntfs import names
from core.fs.ntfs import retold_attributes as retold
from core.fs.ntfs.file import File, Value
from core.fs.ntfs.fixups import mended
from core.fs.ntfs.geometry import Geometry
from core.fs.ntfs.mft import Mft
from core.fs.ntfs.record import Attribute, Place, Record, is_unused
from core.fs.ntfs.runs import unpacked
from core.fs.ntfs.structures import (
    ATTRIBUTE_LIST,
    BITMAP,
    BOOT_LENGTH,
    DATA,
    DIRECTORY_INDEX,
    FILE_NAME,
    FIRST_USER,
    INDEX_ALLOCATION,
    INDEX_BITMAP,
    INDEX_BLOCK_START,
    INDEX_HEADER_PACKED,
    INDEX_MAGIC,
    INDEX_ROOT,
    INDEX_ROOT_START,
    MIRRORED,
    OBJECT_ID,
    REPARSE_POINT,
    ROOT,
    STANDARD_INFORMATION,
    STRIDE,
    SYSTEM,
    UPCASE,
    VOLUME_INFORMATION,
    VOLUME_NAME,
)
from core.fs.retelling import DAMAGE, Retold, Span, masked

_BOOT_FIELDS = 84
_HEAD = 48
"""Bytes of a file record before what its update sequence and attributes are."""
_MOST_INDEX = 64 << 20
_INFORMATION = 0xD0
_NUMBERS = (STANDARD_INFORMATION, OBJECT_ID, VOLUME_INFORMATION, INDEX_BITMAP, _INFORMATION)
_LONGEST_UNDERSTOOD = 1 << 18


class NtfsScrambled(Retold):
    """Nodes are the numbers of file records."""

    def __init__(
        self, device: BlockDevice, layout: Geometry, upcase: names.Upcase, seed: bytes, nodes: Sequence[int]
    ) -> None:
        super().__init__(device, seed, "", lambda name: name.translate(upcase))
        self._layout = layout
        self._mft = Mft(self._device, layout, Warnings())
        self._waiting = [*nodes, *range(FIRST_USER), ROOT]

    def _walk(self) -> Iterator[None]:
        layout = self._layout
        size = self._device.size
        last = {(size // sector - 1) * sector for sector in (512, 1024, 2048, 4096)}
        for place in {0, layout.offset, *last, size // BOOT_LENGTH // 2 * BOOT_LENGTH}:
            with suppress(*DAMAGE):
                self._boot(place)
        for number in range(MIRRORED):
            with suppress(*DAMAGE):
                place = layout.mirror_cluster * layout.cluster_size + number * layout.record_size
                self._raw_record(number, [(place, layout.record_size)])
        with suppress(*DAMAGE):
            self._raw_record(0, [(layout.mft_cluster * layout.cluster_size, layout.record_size)])
        seen: set[int] = set()
        while self._waiting:
            number = self._waiting.pop()
            if number in seen or not 0 <= number < self._mft.records:
                continue
            seen.add(number)
            with suppress(*DAMAGE):
                places = [(place.position, place.length) for place in self._mft.places(number)]
                self._raw_record(number, places)
                yield from self._elsewhere(number)
            yield

    def _boot(self, place: int) -> None:
        old = self._device.read(place, BOOT_LENGTH)
        if old[3:11] != SYSTEM:
            return
        new = bytearray(BOOT_LENGTH)
        new[:3], new[3:11] = masked(old[:3]), SYSTEM
        new[11:_BOOT_FIELDS] = masked(old[11:_BOOT_FIELDS])
        new[510:] = old[510:]
        self._told(place, old, new)

    # records ------------------------------------------------------------------------------------------------

    def _raw_record(self, number: int, places: list[tuple[int, int]]) -> None:
        raw = b"".join(self._device.read(*place) for place in places)
        if is_unused(raw):
            return
        try:
            record = Record(number, raw, (Place(0, places[0][0], len(raw)),))
        except CorruptStructure:
            self._told(places, raw, _skeleton(raw, _HEAD))
            return
        old = record.raw
        new = bytearray(len(old))
        start = int.from_bytes(old[20:22], "little")
        new[:start] = masked(old[:start])
        spans: list[Span] = []
        at = start
        for attribute in record.attributes:
            spans += self._attribute(record, attribute, new)
            at = attribute.end
        new[at : at + 8] = masked(old[at : at + 8])  # the end, or what is there in its place
        if record.problem is not None:
            new[at : at + 24] = masked(old[at : at + 24])
        self._told(places, old, new, spans, _sealed)

    def _attribute(self, record: Record, attribute: Attribute, new: bytearray) -> Iterable[Span]:
        old = record.raw
        at, end = attribute.at, attribute.end
        head = 24 if attribute.resident else min(attribute.value - at, 72)
        new[at : at + head] = masked(old[at : at + head])
        spans: list[Span] = []
        units, name_at = old[at + 9], at + int.from_bytes(old[at + 10 : at + 12], "little")
        if units and name_at >= at + 16:
            name = old[name_at : name_at + 2 * units]
            new[name_at : name_at + len(name)] = name
            spans += [span._replace(start=name_at) for span in retold.of_name(name)]
        if not attribute.resident:
            new[attribute.value : end] = self._runs(old[attribute.value : end])
            return spans
        if attribute.value < at + head or (units and attribute.value < name_at + 2 * units):
            return spans  # the value is said to lie over what comes before it
        told, found, numbers = self._value(record, attribute)
        new[attribute.value : attribute.value + len(told)] = told
        self._waiting += numbers
        return spans + [span._replace(start=attribute.value + span.start) for span in found]

    def _value(self, record: Record, attribute: Attribute) -> retold.Told:
        raw = record.value(attribute)
        match attribute.type:
            case type if type in _NUMBERS:
                return masked(raw), [], []
            case type if type == FILE_NAME:
                return retold.file_name(raw)
            case type if type == VOLUME_NAME:
                return raw, [Span(0, len(raw), retold.WIDE)], []
            case type if type == INDEX_ROOT:
                return self._node(raw, INDEX_ROOT_START, raw[:4] == FILE_NAME.to_bytes(4, "little"))
            case type if type == DATA and not attribute.name:
                if record.number == BITMAP:
                    return masked(raw), [], []
                return retold.interix(raw)
            case _:
                return self._understood(attribute.type, raw)

    @staticmethod
    def _understood(type: int, raw: bytes) -> retold.Told:
        if type == ATTRIBUTE_LIST:
            return retold.attribute_list(raw)
        return retold.reparse_point(raw) if type == REPARSE_POINT else (b"", [], [])

    def _runs(self, packed: bytes) -> bytes:
        """Runs that are not sound may be anything."""
        reached = 0
        try:
            for run in unpacked(packed, 0, self._layout.clusters, 0):
                reached = run.first + run.length
        except CorruptStructure:
            return masked(packed)
        at = 0
        while at < len(packed) and packed[at]:
            at += 1 + (packed[at] & 15) + (packed[at] >> 4)
        return packed[:at].ljust(len(packed), b"\0") if reached else masked(packed)

    # what lies in clusters ----------------------------------------------------------------------------------

    def _elsewhere(self, number: int) -> Iterator[None]:
        record = self._mft.get(number)
        if record.base:
            self._waiting.append(record.base)
            return
        file = File(self._mft, record)
        listed = record.find(ATTRIBUTE_LIST)
        if listed is not None and not listed.resident:
            self._whole(Value(file, [], record, listed), ATTRIBUTE_LIST)
        with suppress(*DAMAGE):
            point = file.value(REPARSE_POINT)
            if point is not None and point.resident is None:
                self._whole(point, REPARSE_POINT)
        with suppress(*DAMAGE):
            index = file.value(INDEX_ALLOCATION, DIRECTORY_INDEX)
            if index is not None and index.resident is None:
                yield from self._index(index)
        with suppress(*DAMAGE):
            bits = file.value(INDEX_BITMAP, DIRECTORY_INDEX)
            if bits is not None and bits.resident is None:
                self._numbers(bits)
        if number in (BITMAP, UPCASE):
            data = file.value(DATA)
            if data is not None and data.resident is None:
                self._numbers(data) if number == BITMAP else self._upcase(data)
        elif not record.is_directory:
            with suppress(*DAMAGE):
                data = file.value(DATA)
                if data is not None and data.resident is None and data.size <= 4096 * 2 + 8:
                    places = self._places(data, data.size)
                    old = b"".join(self._device.read(*place) for place in places)
                    told, spans, _ = retold.interix(old)
                    self._told(places, old, told, spans)

    def _places(self, value: Value, most: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        unit = self._layout.cluster_size
        with suppress(*DAMAGE):
            for run in value.runs():
                if run.cluster == HOLE:
                    continue
                length = min(run.length * unit, most)
                found.append((run.cluster * unit, length))
                most -= length
                if most <= 0:
                    break
        return found

    def _numbers(self, value: Value) -> None:
        for position, length in self._places(value, value.size):
            self._keep(position, length)

    def _whole(self, value: Value, type: int) -> None:
        places = self._places(value, min(value.size, _LONGEST_UNDERSTOOD))
        old = b"".join(self._device.read(*place) for place in places)
        told, spans, numbers = self._understood(type, old)
        self._told(places, old, told, spans)
        self._waiting += numbers

    def _upcase(self, value: Value) -> None:
        """The table, with what is no upper case of a character taken out."""
        places = self._places(value, names.UPCASE_LENGTH)
        old = b"".join(self._device.read(*place) for place in places)
        mapping = names.read_upcase(old)
        if mapping is None:
            return
        new = b"".join(
            (upper if _may_be_upper(code, upper) else code).to_bytes(2, "little")
            for code, upper in ((code, mapping.get(code, code)) for code in range(65536))
        )
        self._told(places, old, new)

    def _index(self, value: Value) -> Iterator[None]:
        size = self._layout.index_size
        places: list[tuple[int, int]] = []
        gathered = 0
        for position, length in self._places(value, min(value.size, _MOST_INDEX)):
            while length:
                piece = min(length, size - gathered)
                places.append((position, piece))
                position, length, gathered = position + piece, length - piece, gathered + piece
                if gathered == size:
                    with suppress(*DAMAGE):
                        self._block(places)
                    places, gathered = [], 0
                    yield

    def _block(self, places: list[tuple[int, int]]) -> None:
        raw = b"".join(self._device.read(*place) for place in places)
        try:
            if raw[:4] != INDEX_MAGIC:
                raise CorruptStructure("index block", 0, "", "")
            old = mended(raw, "index block", 0)
        except CorruptStructure:
            self._told(places, raw, _skeleton(raw, INDEX_BLOCK_START))
            return
        told, spans, numbers = self._node(old, INDEX_BLOCK_START, True)
        self._waiting += numbers
        new = bytearray(told)
        first = min(STRIDE, INDEX_BLOCK_START + int.from_bytes(old[24:28], "little"))
        at, count = int.from_bytes(old[4:6], "little"), int.from_bytes(old[6:8], "little")
        if at + 2 * count <= first:
            new[at : at + 2 * count] = masked(old[at : at + 2 * count])
        else:
            new[at : at + 2] = old[at : at + 2]
        self._told(places, old, new, spans, _sealed)

    def _node(self, raw: bytes, start: int, of_names: bool) -> retold.Told:
        head = start + INDEX_HEADER_PACKED.size + 3
        if len(raw) < head:
            return masked(raw), [], []
        first, used, _, _ = INDEX_HEADER_PACKED.unpack_from(raw, start)
        told: retold.Told = bytes(len(raw)), [], []
        if of_names:
            told = retold.index_entries(raw, max(head, start + first), start + used)
        return masked(raw[:head]) + told[0][head:], told[1], told[2]


def _may_be_upper(code: int, upper: int) -> bool:
    """Whether one character may be the other's upper case, as far as names that look alike go."""
    return code == upper or _bare(code) == _bare(upper)


def _bare(code: int) -> str:
    """What of a character's name does not tell its case."""
    name = unicodedata.name(chr(code), "")
    return name.replace("SMALL", "CAPITAL").replace("TITLECASE", "CAPITAL") or str(code)


def _skeleton(raw: bytes, head: int) -> bytes:
    """Of a structure that is not whole: its head, and what shows that it is not."""
    new = bytearray(len(raw))
    new[:head] = masked(raw[:head])
    at, count = int.from_bytes(raw[4:6], "little"), int.from_bytes(raw[6:8], "little")
    if count <= len(raw) // STRIDE + 1 and at + 2 * count <= STRIDE:
        new[at : at + 2 * count] = masked(raw[at : at + 2 * count])
    for end in range(STRIDE, len(raw) + 1, STRIDE):
        new[end - 2 : end] = raw[end - 2 : end]
    new[:4] = raw[:4] if raw[:4] in (b"FILE", INDEX_MAGIC, b"BAAD") else new[:4]
    return bytes(new)


def _sealed(old: bytes, new: bytearray) -> None:
    """Puts the update sequence back into its places."""
    new[:4] = old[:4]
    at, count = int.from_bytes(old[4:6], "little"), int.from_bytes(old[6:8], "little")
    number = old[at : at + 2]
    new[at : at + 2] = number
    for stride in range(1, count):
        end = stride * STRIDE
        new[at + 2 * stride : at + 2 * stride + 2] = new[end - 2 : end]
        new[end - 2 : end] = number
