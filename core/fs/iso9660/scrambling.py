"""ISO 9660 under other names: descriptors, directories of every tree, and Rock Ridge's names and links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from core.errors import CorruptStructure
from core.fs.driver import Warnings
from core.fs.iso9660 import records
from core.fs.iso9660.structures import (
    BOOT_CATALOG_AT,
    BOOT_RECORD,
    BOOT_SYSTEM,
    DESCRIPTOR,
    DIRECTORY,
    JOLIET_ESCAPES,
    PRIMARY,
    RECORD_LENGTH,
    ROOT_AT,
    SECTOR,
    STANDARD,
    SUPPLEMENTARY,
)
from core.fs.iso9660.volume import Names, Volume, read_volume
from core.fs.retelling import DAMAGE, Retold, Span, masked, numbers

_BEGINNINGS = (STANDARD, b"BEA01", b"NSR02", b"NSR03", b"TEA01")
_TEXTS = ((8, 32), (40, 32), (190, 128), (318, 128), (446, 128), (574, 128))
_FILES = slice(702, 813)
"""Names of files with copyright, abstract and bibliography, which nobody reads here."""
_ESCAPES = slice(88, 120)
_KEPT = 882
_NUMBERS = frozenset(
    {b"PX", b"PN", b"TF", b"CL", b"PL", b"RE", b"RR", b"SP", b"ZF", b"SF", b"ES", b"ST", b"PD"}
)
_VERSION = re.compile(r"\.?;\d{1,5}$")
_SPECIAL = 0x0E
"""Flags of a name or a part of a link that is none: itself, the one above, the root."""
_WIDE = "utf-16-be"
_LARGEST, _MOST_AREAS = 16 << 20, 64


class _Folder(NamedTuple):
    position: int
    size: int
    block_size: int
    wide: bool


class _Area(NamedTuple):
    """Where a system use area goes on."""

    position: int
    size: int


class IsoScrambled(Retold):
    """Nodes are places of directory records."""

    def __init__(self, volume: Volume, seed: bytes, nodes: Sequence[int]) -> None:
        super().__init__(volume.device, seed)
        self._skip = volume.tree.skip
        self._block_size = volume.block_size
        self._nodes = nodes
        self._wide = volume.tree.names is Names.JOLIET
        self._waiting: list[_Folder] = []
        self._told_from: set[int] = set()
        """Where pieces of folders begin: with each sector, unless blocks are smaller."""

    def _walk(self) -> Iterator[None]:
        reads = self._watched.reads = []
        with suppress(*DAMAGE):
            read_volume(self._device, Warnings())
        self._watched.reads = None
        for position in dict.fromkeys(place for place, length in reads if length == SECTOR):
            raw = self._device.read(position, SECTOR)
            if raw[1:6] in _BEGINNINGS:
                self._descriptor(position, raw)
        yield
        yield from self._folders()
        for node in self._nodes:
            start = node // SECTOR * SECTOR
            if start not in self._told_from and 0 <= start < self._device.size:
                end = min(start + SECTOR, self._device.size)
                self._waiting.append(_Folder(node, end - node, self._block_size, self._wide))
        yield from self._folders()

    def _folders(self) -> Iterator[None]:
        while self._waiting:
            folder = self._waiting.pop()
            end = min(folder.position + min(folder.size, _LARGEST), self._device.size)
            for start in range(folder.position, end, SECTOR):
                if start in self._told_from:
                    break
                self._told_from.add(start)
                with suppress(*DAMAGE):
                    self._sector(folder, start, self._device.read(start, min(SECTOR, end - start)))
                yield

    def _descriptor(self, position: int, old: bytes) -> None:
        new = bytearray(SECTOR)
        new[:7] = old[:7]
        spans: list[Span] = []
        if old[1:6] == STANDARD and old[0] == BOOT_RECORD:
            if old[7:39].rstrip(b"\0") == BOOT_SYSTEM:
                new[7:39] = old[7:39]
                new[BOOT_CATALOG_AT : BOOT_CATALOG_AT + 4] = old[BOOT_CATALOG_AT : BOOT_CATALOG_AT + 4]
        elif old[1:6] == STANDARD and old[0] in (PRIMARY, SUPPLEMENTARY):
            new[:_KEPT] = numbers(old[:_KEPT], *_TEXTS)
            new[:7], new[_ESCAPES] = old[:7], masked(old[_ESCAPES])
            new[_FILES] = b" " * (_FILES.stop - _FILES.start)
            wide = old[_ESCAPES][:3] in JOLIET_ESCAPES
            for at, length in _TEXTS:
                text = old[at : at + length]
                new[at : at + length] = text
                used = len(text.rstrip(b" \0"))
                spans.append(Span(at, used + (used & 1), _WIDE) if wide else Span(at, used))
            descriptor = DESCRIPTOR.parse(old)
            with suppress(CorruptStructure):
                root = records.parse(descriptor.root, 0, position + ROOT_AT)
                size = descriptor.block_size
                self._waiting += [
                    _Folder(section.block * size, section.size, size, wide) for section in root.sections
                ]
        self._told(position, old, new, spans)

    # directories --------------------------------------------------------------------------------------------

    def _sector(self, folder: _Folder, position: int, old: bytes) -> None:
        new = bytearray(len(old))
        spans: list[Span] = []
        names: list[list[tuple[int, int]]] = []
        at = 0
        while at < len(old) and old[at]:
            length = old[at]
            new[at : at + RECORD_LENGTH] = masked(old[at : at + RECORD_LENGTH])
            try:
                record = records.parse(old, at, position)
            except CorruptStructure:
                if length < RECORD_LENGTH or length & 1:
                    break
                at += length
                continue
            start = at + RECORD_LENGTH
            new[start : start + len(record.name)] = record.name
            if not record.is_special:
                spans.append(self._name(record.name, start, folder.wide))
            if record.flags & DIRECTORY:
                self._waiting += [
                    _Folder(section.block * folder.block_size, section.size, folder.block_size, folder.wide)
                    for section in record.sections
                ]
            if not folder.wide:
                area_at = record.area_at - position
                pieces: list[tuple[int, int]] = []
                found, following = self._area(old, new, position, area_at, at + length, pieces, self._skip)
                spans += found
                self._continued(following, pieces)
                names.append(pieces)
            at += length
        self._told(position, old, new, spans)
        for pieces in filter(None, names):
            raw = b"".join(self._device.read(*piece) for piece in pieces)
            self._told(pieces, raw, raw, [Span(0, len(raw))])

    @staticmethod
    def _name(name: bytes, start: int, wide: bool) -> Span:
        """Without version and the point of an empty extension."""
        codec, width = (_WIDE, 2) if wide else ("latin-1", 1)
        text = name.decode(codec, "replace")
        version = _VERSION.search(text)
        length = width * version.start() if version is not None else len(name)
        return Span(start, length, _WIDE) if wide else Span(start, length)

    def _continued(self, area: _Area | None, pieces: list[tuple[int, int]]) -> None:
        seen: set[int] = set()
        while area is not None and area.position not in seen and len(seen) < _MOST_AREAS:
            seen.add(area.position)
            try:
                old = self._device.read(area.position, min(area.size, 2 * SECTOR))
            except DAMAGE:
                return
            new = bytearray(len(old))
            position = area.position
            spans, area = self._area(old, new, position, 0, len(old), pieces, self._skip)
            self._told(position, old, new, spans)

    def _area(
        self,
        old: bytes,
        new: bytearray,
        position: int,
        at: int,
        end: int,
        pieces: list[tuple[int, int]],
        skip: int,
    ) -> tuple[list[Span], _Area | None]:
        """Fills in the system use entries from `at` to `end` but the name, whose places go to `pieces`."""
        new[at : min(at + skip, end)] = masked(old[at : min(at + skip, end)])
        at += skip
        spans: list[Span] = []
        following: _Area | None = None
        while at + 4 <= end and old[at]:
            length = old[at + 2]
            new[at : at + 4] = masked(old[at : at + 4])
            if length < 4 or at + length > end:
                break
            signature, stop = old[at : at + 2], at + length
            if signature == b"NM" and length > 5:
                new[at + 4] = old[at + 4]
                if not old[at + 4] & _SPECIAL:
                    pieces.append((position + at + 5, length - 5))
            elif signature == b"SL" and length > 5:
                new[at + 4] = old[at + 4]
                spans += self._link(old, new, at + 5, stop)
            elif signature in _NUMBERS:
                new[at + 4 : stop] = masked(old[at + 4 : stop])
            elif signature == b"CE" and length >= 28:
                new[at + 4 : stop] = masked(old[at + 4 : stop])
                block, start, size = (
                    int.from_bytes(old[place : place + 4], "little") for place in (at + 4, at + 12, at + 20)
                )
                following = _Area(block * self._block_size + start, size)
            at = stop
        return spans, following

    @staticmethod
    def _link(old: bytes, new: bytearray, at: int, end: int) -> list[Span]:
        spans = []
        while at + 2 <= end:
            new[at : at + 2] = old[at : at + 2]
            length = min(old[at + 1], end - at - 2)
            if not old[at] & _SPECIAL and length:
                new[at + 2 : at + 2 + length] = old[at + 2 : at + 2 + length]
                spans.append(Span(at + 2, length))
            at += 2 + old[at + 1]
        return spans
