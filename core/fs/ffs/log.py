"""NetBSD's physical log (WAPBL): sectors of a volume's structures that may not be in their own places yet.

wapbl(4); the layout is that of sys/wapbl_replay.h. Two headers, written in turns, tell which part of a ring
of records counts. A record lists sectors, whose copies follow it, or sectors of which earlier copies do not
count any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct as Packed
from typing import Any, NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, UnsupportedFeature
from core.fs.ffs.geometry import Geometry
from core.fs.ffs.structures import FLAG_LOG, LOG_AT_END, LOG_INSIDE, log_header

_VERSION = 1
_HEADER, _INODES, _REVOKED, _BLOCKS = range(0x5741424C, 0x5741424C + 4)
_HEADERS = 2
_RECORD, _BLOCK = "IiiI", "qIi"
"""Kind, bytes of it all, how many, whether to forget those before; of each block sector, reserved, size."""
_INODE = 8
_SMALLEST, _LARGEST = 9, 16
"""Logarithms of the sector sizes that there are."""
_LARGEST_LOG = 64 << 20
"""NetBSD makes none that are larger."""
_MOST_SECTORS, _MOST_REVOKED, _MOST_RECORDS = 1 << 17, 1 << 20, 1 << 16
_LARGEST_LIST = 1 << 16


class Replay(NamedTuple):
    """What the log would have done, in words, and where each sector lies in it, by its number."""

    words: str
    unit: int = 512
    sectors: dict[int, int] = {}
    unlinked: int = 0
    """Inodes that were being made or deleted."""


def has_log(layout: Geometry) -> bool:
    found = layout.superblock
    here = bool(layout.flags & FLAG_LOG) and found.log_version == _VERSION
    return here and found.log_location in (LOG_AT_END, LOG_INSIDE) and bool(found.log_places[0])


def replay(device: BlockDevice, layout: Geometry) -> Replay:
    """Raises CorruptStructure, UnsupportedFeature, MediumError."""
    first, count, unit, _ = layout.superblock.log_places
    at, size = first * unit, count * unit
    if not 1 << _SMALLEST <= unit <= 1 << _LARGEST or unit & (unit - 1):
        raise _corrupt(layout.offset, "a log of sectors of 512 bytes to 64 KiB", str(unit))
    if not _HEADERS * unit < size <= _LARGEST_LOG or at + size > device.size:
        raise _corrupt(layout.offset, f"a log inside the {device.size} bytes", f"{size} bytes at {at}")
    return _Log(device, layout.byteorder, at, size, unit).replay()


class _Log:
    def __init__(self, device: BlockDevice, byteorder: str, at: int, size: int, unit: int) -> None:
        self._device = device
        self._at = at
        self._size = size
        order = "<" if byteorder == "little" else ">"
        self._record, self._block = Packed(order + _RECORD), Packed(order + _BLOCK)
        declared = log_header(byteorder)
        headers = [
            declared.parse(device.read(at + copy * unit, declared.sizeof())) for copy in range(_HEADERS)
        ]
        sound = [header for header in headers if header.type == _HEADER]
        if not sound:
            raise _corrupt(at, f"a header of the log, {_HEADER:#x}", f"{headers[0].type:#x}")
        self._header = max(sound, key=lambda header: int(header.generation))
        self._check(self._header)
        self._unit = 1 << self._header.log_shift
        self._sectors: dict[int, int] = {}
        self._revoked = 0
        self._unlinked: set[bytes] = set()

    def _check(self, header: Any) -> None:
        if header.version != _VERSION:
            raise UnsupportedFeature(f"WAPBL version {header.version}")
        if not _SMALLEST <= header.volume_shift <= header.log_shift <= _LARGEST:
            found = f"2 to the {header.volume_shift} and {header.log_shift}"
            raise _corrupt(self._at + 40, "sectors of 512 bytes to 64 KiB", found)
        unit = 1 << header.log_shift
        ring, end = header.ring, header.ring + header.ring_size
        if not unit <= ring < end <= self._size or ring % unit or end % unit:
            raise _corrupt(self._at + 64, f"a ring in {self._size} bytes", f"{ring} to {end}")
        for place in (header.head, header.tail):
            if place and (not ring <= place <= end or place % unit):
                raise _corrupt(self._at + 48, f"a place from {ring} to {end}", str(place))

    def replay(self) -> Replay:
        header = self._header
        if not header.head or not header.tail:
            return Replay("clean")
        at, head, left = self._wrapped(header.tail), self._wrapped(header.head), header.ring_size
        records = 0
        while left:
            used = self._take(at, left)
            records += 1
            if records > _MOST_RECORDS or self._is_too_much:
                raise UnsupportedFeature("a log of so many sectors")
            left -= used
            at = self._wrapped(at + used)
            if at == head:
                break
        words = f"{records} records, {len(self._sectors)} sectors, replayed in memory"
        return Replay(words, 1 << header.volume_shift, self._sectors, len(self._unlinked))

    @property
    def _is_too_much(self) -> bool:
        return len(self._sectors) > _MOST_SECTORS or self._revoked > _MOST_REVOKED

    def _take(self, at: int, left: int) -> int:
        """Takes in what a record says; returns how many bytes it has."""
        position = self._at + at
        raw = self._read(at, self._unit)
        kind, length, count, more = self._record.unpack_from(raw)
        if kind not in (_INODES, _REVOKED, _BLOCKS):
            raise _corrupt(position, "a record of the log", f"{kind:#x}")
        if not self._unit <= length <= left or length % self._unit:
            raise _corrupt(position + 4, f"a record of at most {left} bytes", str(length))
        each = _INODE if kind == _INODES else self._block.size
        room = self._unit if kind == _BLOCKS else min(length, _LARGEST_LIST)
        if not 0 <= count <= (room - self._record.size) // each:
            raise _corrupt(position + 8, "entries that fit into the record", str(count))
        if room > self._unit:
            raw = self._read(at, room)
        if kind == _INODES:
            if more:
                self._unlinked.clear()
            start = self._record.size
            self._unlinked.update(
                raw[place : place + 4] for place in range(start, start + each * count, each)
            )
        elif kind == _REVOKED:
            for number, sectors in self._listed(raw, count, position):
                self._revoke(number, sectors)
        else:
            self._copy(at, int(length), self._listed(raw, count, position))
        return int(length)

    def _revoke(self, number: int, sectors: int) -> None:
        self._revoked += sectors
        if self._revoked <= _MOST_REVOKED:
            for sector in range(number, number + sectors):
                self._sectors.pop(sector, None)

    def _copy(self, at: int, length: int, listed: Iterator[tuple[int, int]]) -> None:
        unit = 1 << self._header.volume_shift
        place, end = at + self._unit, at + length
        for number, sectors in listed:
            if place + sectors * unit > end:
                found = f"{sectors} sectors more"
                raise _corrupt(self._at + at, f"copies in the {length} bytes of the record", found)
            for sector in range(number, number + sectors):
                self._sectors[sector] = self._at + self._wrapped(place)
                place += unit

    def _listed(self, raw: bytes, count: int, position: int) -> Iterator[tuple[int, int]]:
        """(sector, sectors) of each block in a record."""
        unit = 1 << self._header.volume_shift
        for index in range(count):
            number, _, size = self._block.unpack_from(raw, self._record.size + index * self._block.size)
            if (
                size <= 0
                or size % max(unit, self._unit)
                or number < 0
                or number * unit + size > self._device.size
            ):
                raise _corrupt(position, "whole sectors of the volume", f"{size} bytes from {number} on")
            yield number, size // unit

    def _wrapped(self, place: int) -> int:
        """Behind its end the ring goes on at its start."""
        end = self._header.ring + self._header.ring_size
        return int(place - self._header.ring_size if place >= end else place)

    def _read(self, at: int, length: int) -> bytes:
        pieces = (
            self._device.read(self._at + self._wrapped(at + step), self._unit)
            for step in range(0, length, self._unit)
        )
        return b"".join(pieces)


def _corrupt(offset: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("log", min(offset, 2**63 - 1), expected, found)
