"""HFS+ and HFSX under other names. A journal is left out: what it replays is told in its own place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

from core.errors import CorruptStructure
from core.fs.hfsplus import compression, links, records
from core.fs.hfsplus.structures import (
    ALTERNATE_FROM_END,
    ATTRIBUTE_INLINE,
    ATTRIBUTE_KEY,
    ATTRIBUTES_FILE,
    CATALOG_FILE,
    EXTENTS_FILE,
    FILE,
    FILE_THREAD,
    FOLDER,
    FOLDER_THREAD,
    HFS_PLUS,
    HFSX,
    JOURNALED,
    THREAD_PACKED,
    TYPE_LINK,
    TYPE_MASK,
    VOLUME_HEADER_AT,
    VOLUME_HEADER_LENGTH,
)
from core.fs.hfsplus.volume import Volume
from core.fs.mac.btree import Record
from core.fs.mac.forks import Bytes, no_overflow
from core.fs.mac.scrambling import MacRetold, Told, told_name, with_type
from core.fs.retelling import DAMAGE, Span, masked, numbers

_CODEC = "utf-16-be"
_TYPE_AT = 48
_WRAPPER_NAME_AT = 36
_VALUE_AT = 16
_PRIVATE = re.compile(r"iNode\d+|dir_\d+")


class HfsPlusScrambled(MacRetold):
    def __init__(self, volume: Volume, seed: bytes) -> None:
        super().__init__(volume.device, seed, "")
        self._geometry = volume.geometry
        self._overflow = volume.overflow
        self._replayed = volume.journal is not None
        self._blocks = volume.geometry.blocks(self._device)

    def alias(self, name: str) -> str:
        """Names are shown composed, and stand on the volume decomposed."""
        return self._composed(super().alias(unicodedata.normalize("NFD", name)))

    def reworded(self, text: str) -> str:
        return self._composed(super().reworded(unicodedata.normalize("NFD", text)))

    @staticmethod
    def _composed(text: str) -> str:
        return unicodedata.normalize("NFC", text)

    def _walk(self) -> Iterator[None]:
        geometry = self._geometry
        with suppress(*DAMAGE):
            if geometry.base:
                self._wrapper()
        places = {
            geometry.position,
            geometry.base + VOLUME_HEADER_AT,
            geometry.base + (geometry.size - ALTERNATE_FROM_END) // 512 * 512,
        }
        for place in places:
            with suppress(*DAMAGE):
                self._header(place)
        for name, number in (
            ("extents", EXTENTS_FILE),
            ("catalog", CATALOG_FILE),
            ("attributes_file", ATTRIBUTES_FILE),
        ):
            overflow = no_overflow if number == EXTENTS_FILE else self._overflow
            content = Bytes(self._blocks, geometry.fork(name, number), overflow)
            yield from self._tree(content, name.removesuffix("_file"), big=True)

    def _header(self, place: int) -> None:
        old = self._device.read(place, VOLUME_HEADER_LENGTH)
        if old[:2] not in (HFS_PLUS, HFSX):
            return
        new = bytearray(masked(old))
        if self._replayed:
            flags = int.from_bytes(new[4:8], "big") & ~JOURNALED
            new[4:8] = flags.to_bytes(4, "big")
        self._told(place, old, new)

    def _wrapper(self) -> None:
        old = self._device.read(VOLUME_HEADER_AT, VOLUME_HEADER_LENGTH)
        at, length = _WRAPPER_NAME_AT + 1, min(old[_WRAPPER_NAME_AT], 27)
        new = numbers(old[:162], (at - 1, 28)).ljust(len(old), b"\0")
        new[at - 1] = old[at - 1]
        new[at : at + 27] = old[at : at + length].ljust(27, b"\0")
        self._told(VOLUME_HEADER_AT, old, new, [Span(at, length, "mac_roman")])

    # records ------------------------------------------------------------------------------------------------

    def _key(self, key: bytes) -> Told:
        return self._name(key, 6, 2 * int.from_bytes(key[4:6], "big"))

    def _data(self, data: bytes) -> Told:
        kind = int.from_bytes(data[:2], "big")
        if kind in (FOLDER_THREAD, FILE_THREAD) and len(data) >= THREAD_PACKED.size:
            return self._name(data, THREAD_PACKED.size, 2 * int.from_bytes(data[8:10], "big"))
        if kind in (FOLDER, FILE):
            return with_type(data, _TYPE_AT), []
        return masked(data[:2]), []

    def _name(self, raw: bytes, at: int, length: int) -> Told:
        name = raw[at : at + length]
        kept = name in (links.FILES, links.FOLDERS) or bool(
            _PRIVATE.fullmatch(name.decode(_CODEC, "replace"))
        )
        return told_name(raw, at, length, _CODEC, kept)

    def _attribute(self, key: bytes, data: bytes) -> tuple[Told, Told]:
        size = ATTRIBUTE_KEY.size
        if len(key) < size:
            return (masked(key), []), (masked(data[:4]), [])
        length = 2 * int.from_bytes(key[size - 2 : size], "big")
        packed = key[size : size + length] == compression.ATTRIBUTE.encode(_CODEC)
        told = told_name(key, size, length, _CODEC, packed)
        if int.from_bytes(data[:4], "big") != ATTRIBUTE_INLINE:
            return told, (masked(data), [])
        value = bytearray(masked(data[:_VALUE_AT]).ljust(len(data), b"\0"))
        if packed and data[_VALUE_AT : _VALUE_AT + 4] == compression.MAGIC:
            head = slice(_VALUE_AT, _VALUE_AT + compression.HEADER_PACKED.size)
            value[head] = data[head]
        return told, (bytes(value), [])

    def _seen(self, record: Record) -> None:
        try:
            item = records.parsed(record)
        except CorruptStructure:
            return
        if item is not None and item.posix is not None and item.posix.mode & TYPE_MASK == TYPE_LINK:
            self._link(item.data, Bytes(self._blocks, item.data, self._overflow))
