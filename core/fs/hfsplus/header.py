"""The volume header, its copy, and where a volume begins that is wrapped in an HFS volume."""

from __future__ import annotations

from typing import Any

import msgspec

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem
from core.fs.driver import Warnings
from core.fs.hfsplus.structures import (
    ALTERNATE_FROM_END,
    HFS_PLUS,
    HFSX,
    VOLUME_HEADER,
    VOLUME_HEADER_AT,
    VOLUME_HEADER_LENGTH,
)
from core.fs.mac.forks import Blocks, Fork

_SECTOR = 512
_HFS = b"BD"
_EMBEDDED_AT, _BLOCK_SIZE_AT, _FIRST_BLOCK_AT = 124, 20, 28
"""In an HFS volume's master directory block: TN1150, "HFS Wrapper"."""


class Geometry(msgspec.Struct, frozen=True):
    """A volume of `size` bytes that begins at `base` on the device. `header` is the parsed volume header."""

    base: int
    size: int
    header: Any
    position: int
    """Where that header lies."""
    by_copy: bool

    @property
    def system(self) -> str:
        return "HFSX" if self.header.signature == HFSX else "HFS+"

    def blocks(self, device: BlockDevice) -> Blocks:
        """As many as there can be, whatever the header says."""
        unit = self.header.block_size
        return Blocks(device, self.base, unit, min(self.header.blocks, -(-self.size // unit)))

    def fork(self, name: str, number: int) -> Fork:
        """One of the forks that the header describes."""
        fork = self.header[name]
        pieces = tuple((extent.first, extent.count) for extent in fork.extents)
        return Fork(fork.size, pieces, self.position, number)


def wrapped(device: BlockDevice) -> tuple[int, int]:
    """(offset, size) of the volume: inside an HFS volume that wraps one, else all of the device.

    Raises CorruptStructure, MediumError.
    """
    if device.size < VOLUME_HEADER_AT + VOLUME_HEADER_LENGTH:
        return 0, device.size
    block = device.read(VOLUME_HEADER_AT, VOLUME_HEADER_LENGTH)
    if block[:2] != _HFS or block[_EMBEDDED_AT : _EMBEDDED_AT + 2] not in (HFS_PLUS, HFSX):
        return 0, device.size
    unit = int.from_bytes(block[_BLOCK_SIZE_AT : _BLOCK_SIZE_AT + 4], "big")
    first = int.from_bytes(block[_FIRST_BLOCK_AT : _FIRST_BLOCK_AT + 2], "big")
    start = int.from_bytes(block[_EMBEDDED_AT + 2 : _EMBEDDED_AT + 4], "big")
    count = int.from_bytes(block[_EMBEDDED_AT + 4 : _EMBEDDED_AT + 6], "big")
    offset, size = first * _SECTOR + start * unit, count * unit
    if unit % _SECTOR or offset + VOLUME_HEADER_AT + VOLUME_HEADER_LENGTH > device.size:
        expected = f"a volume inside the {device.size} bytes"
        raise CorruptStructure("wrapper", VOLUME_HEADER_AT + _EMBEDDED_AT, expected, f"{size} at {offset}")
    return offset, min(size, device.size - offset)


def read_geometry(device: BlockDevice, warnings: Warnings) -> Geometry:
    """From the header or, with a warning, from its copy.

    Raises NotAFileSystem when neither is there, CorruptStructure, MediumError.
    """
    try:
        base, size = wrapped(device)
    except MediumError:
        base, size = 0, device.size  # what cannot be read may have a copy
    if size < VOLUME_HEADER_AT + VOLUME_HEADER_LENGTH:
        raise NotAFileSystem("fewer bytes than a volume header needs")
    try:
        found = _read(device, base, size, VOLUME_HEADER_AT, by_copy=False)
        told = found.header.blocks * found.header.block_size
        if told > size:
            warnings.note(Fault.of(_corrupt(found.position + 44, f"at most {size} bytes", str(told))))
        return found
    except (NotAFileSystem, CorruptStructure, MediumError) as error:
        try:
            found = _read(device, base, size, (size - ALTERNATE_FROM_END) // _SECTOR * _SECTOR, by_copy=True)
        except (NotAFileSystem, CorruptStructure, MediumError):
            raise error from None
        if isinstance(error, NotAFileSystem):
            error = CorruptStructure("volume header", base + VOLUME_HEADER_AT, "H+ or HX", error.found)
        warnings.note(Fault.of(error))
        return found


def _read(device: BlockDevice, base: int, size: int, at: int, *, by_copy: bool) -> Geometry:
    position = base + at
    raw = device.read(position, VOLUME_HEADER_LENGTH)
    if raw[:2] not in (HFS_PLUS, HFSX):
        raise NotAFileSystem(raw[:4].hex(" "))
    header = VOLUME_HEADER.parse(raw)
    unit = header.block_size
    if header.version not in (4, 5):
        raise _corrupt(position + 2, "version 4 or 5", str(header.version))
    if not _SECTOR <= unit <= 1 << 27 or unit & (unit - 1):
        raise _corrupt(position + 40, "blocks of a power of two bytes", str(unit))
    if header.blocks == 0:
        raise _corrupt(position + 44, "a volume of some blocks", "none")
    return Geometry(base, size, header, position, by_copy)


def _corrupt(offset: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("volume header", offset, expected, found)
