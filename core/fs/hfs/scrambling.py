"""HFS under other names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from core.fs.hfs.structures import (
    BLOCK_AT,
    BLOCK_LENGTH,
    CATALOG_FILE,
    EXTENTS_FILE,
    FILE,
    FILE_THREAD,
    FOLDER,
    FOLDER_THREAD,
    SECTOR,
    SIGNATURE,
)
from core.fs.hfs.volume import Volume
from core.fs.mac.forks import Bytes, no_overflow
from core.fs.mac.scrambling import MacRetold, Told, told_name, with_type
from core.fs.retelling import DAMAGE, Span, masked, numbers

_CODEC = "mac_roman"
_NAME_AT, _NAME_LENGTH = 36, 28
_TYPE_AT = 4
_THREAD_NAME_AT = 15


class HfsScrambled(MacRetold):
    def __init__(self, volume: Volume, seed: bytes) -> None:
        super().__init__(volume.device, seed, _CODEC)
        self._geometry = volume.geometry
        self._overflow = volume.overflow
        self._blocks = volume.geometry.blocks(self._device)

    def _walk(self) -> Iterator[None]:
        for place in (BLOCK_AT, (self._device.size // SECTOR - 2) * SECTOR):
            with suppress(*DAMAGE):
                self._master(place)
        for name, number in (("extents", EXTENTS_FILE), ("catalog", CATALOG_FILE)):
            overflow = no_overflow if number == EXTENTS_FILE else self._overflow
            content = Bytes(self._blocks, self._geometry.fork(name, number), overflow)
            yield from self._tree(content, name, big=False)

    def _master(self, place: int) -> None:
        old = self._device.read(place, BLOCK_LENGTH)
        if old[:2] != SIGNATURE:
            return
        length = min(old[_NAME_AT], _NAME_LENGTH - 1)
        new = numbers(old, (_NAME_AT, _NAME_LENGTH))
        name = old[_NAME_AT : _NAME_AT + 1 + length].ljust(_NAME_LENGTH, b"\0")
        new[_NAME_AT : _NAME_AT + _NAME_LENGTH] = name
        self._told(place, old, new, [Span(_NAME_AT + 1, length, _CODEC)])

    def _key(self, key: bytes) -> Told:
        return told_name(key, 6, key[5], _CODEC) if len(key) > 5 else (masked(key), [])

    def _data(self, data: bytes) -> Told:
        kind = data[0]
        if kind in (FOLDER_THREAD, FILE_THREAD) and len(data) >= _THREAD_NAME_AT:
            return told_name(data, _THREAD_NAME_AT, data[_THREAD_NAME_AT - 1], _CODEC)
        if kind in (FOLDER, FILE):
            return with_type(data, _TYPE_AT), []
        return masked(data[:1]), []
