"""Partition tables of other families: the disklabel of the BSDs and the volume header of SGI.

Layout: disklabel(5) of NetBSD and FreeBSD; SGI's dvh(4).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from construct import (
    Array,
    Const,
    Int8ub,
    Int16ub,
    Int16ul,
    Int32sb,
    Int32ub,
    Int32ul,
    Padding,
    Struct,
)

from core.blockdev.device import BlockDevice
from core.blockdev.partition import Slice
from core.errors import CorruptStructure, MediumError, RumpusError

_SECTOR = 512
_MAGIC = 0x82564557
_PLACES = (512, 64, 0)
"""Where in its slice a label may begin, by the machine's habits."""
_FIXED, _ENTRY = 148, 16
_MOST = 22
_RAW = 2
"""The partition `c`, which is the slice as a whole."""
_FREEBSD = "FreeBSD"
SLICE_TYPES = frozenset({_FREEBSD, "OpenBSD", "NetBSD"})
_TYPES = {
    1: "BSD swap",
    3: "V7FS",
    4: "Unix System V",
    7: "BSD UFS",
    8: "FAT",
    9: "LFS",
    11: "HPFS",
    12: "ISO 9660",
    13: "Boot",
    14: "Vinum",
    15: "HFS",
    17: "Linux",
    18: "NTFS",
    27: "ZFS",
}
"""disklabel(5), p_fstype, where the BSDs agree."""

_SGI_MAGIC = 0x0BE5A941
_SGI_LENGTH = 512
_SGI_HEADER, _SGI_VOLUME = 0, 6
_SGI_TYPES = {3: "Raw", 4: "BSD UFS", 5: "EFS", 7: "EFS", 8: "Logical volume", 10: "XFS", 11: "XFS log"}
_SGI_TYPES |= {0x82: "Linux swap", 0x83: "Linux", 0x8E: "Linux LVM", 0xFD: "Linux RAID"}
_SGI = Struct(
    "magic" / Const(_SGI_MAGIC, Int32ub),
    Padding(308),
    "partitions" / Array(16, Struct("blocks" / Int32ub, "first" / Int32ub, "type" / Int32sb)),
    Padding(8),
)
"""dvh(4), struct volume_header. Places and sizes count in sectors of 512 bytes."""


@cache
def _label(byteorder: str) -> Any:
    int16, int32 = (Int16ul, Int32ul) if byteorder == "little" else (Int16ub, Int32ub)
    return Struct(
        "magic" / int32,
        Padding(36),
        "sector_size" / int32,
        Padding(88),
        "magic_again" / int32,
        "checksum" / int16,
        "count" / int16,
        Padding(8),
        "partitions"
        / Array(
            _MOST,
            Struct(
                "sectors" / int32,
                "first" / int32,
                Padding(4),
                "type" / Int8ub,
                Padding(3),
            ),
        ),
    )


def bsd(
    device: BlockDevice, offset: int = 0, size: int | None = None, type: str = "", number: int = 1
) -> tuple[list[Slice], list[RumpusError]]:
    """The partitions of a label in the slice at `offset`, counted from `number`, and what was wrong with it.

    Both are empty where there is no label. A partition outside the slice is another's, and the slice itself
    is none of its partitions. Raises DeviceGone.
    """
    size = device.size if size is None else size
    length = _label("little").sizeof()
    for place in _PLACES:
        if place + length > size or offset + place + length > device.size:
            continue
        try:
            data = device.read(offset + place, length)
        except MediumError:
            continue
        byteorder = _byteorder(data)
        if byteorder:
            label = _label(byteorder).parse(data)
            fault = _fault(label, data, offset + place)
            return ([], [fault]) if fault else (_slices(label, offset, size, type, number), [])
    return [], []


def _byteorder(data: bytes) -> str:
    if data[:4] == _MAGIC.to_bytes(4, "little"):
        return "little"
    return "big" if data[:4] == _MAGIC.to_bytes(4, "big") else ""


def _fault(label: Any, data: bytes, offset: int) -> CorruptStructure | None:
    structure = "disklabel"
    if label.magic_again != _MAGIC:
        return CorruptStructure(structure, offset + 132, f"{_MAGIC:#x}", f"{label.magic_again:#x}")
    if label.count > _MOST:
        return CorruptStructure(structure, offset + 138, f"at most {_MOST} partitions", str(label.count))
    total = 0
    for at in range(0, _FIXED + label.count * _ENTRY, 2):
        total ^= data[at] << 8 | data[at + 1]
    if total:
        return CorruptStructure(structure, offset + 136, "a sum of zero", f"{total:#06x}")
    if label.sector_size not in (512, 1024, 2048, 4096):
        return CorruptStructure(structure, offset + 40, "a sector of 512 to 4096", str(label.sector_size))
    return None


def _slices(label: Any, offset: int, size: int, type: str, number: int) -> list[Slice]:
    used = [
        (index, entry)
        for index, entry in enumerate(label.partitions[: label.count])
        if entry.type and entry.sectors
    ]
    # Places count from the start of the disk, but in newer labels of FreeBSD from that of the slice.
    raw = label.partitions[_RAW]
    relative = type == _FREEBSD and label.count > _RAW and raw.first == 0
    base = offset if relative else 0
    found: list[Slice] = []
    for index, entry in used:
        start, length = base + entry.first * label.sector_size, entry.sectors * label.sector_size
        if not offset <= start < offset + size or (start, length) == (offset, size):
            continue
        named = _TYPES.get(entry.type, f"BSD type {entry.type}")
        found.append(Slice(number + len(found), start, length, named, chr(ord("a") + index)))
    return found


def sgi(device: BlockDevice) -> list[Slice]:
    """The partitions of a volume header of SGI; none where there is none. Raises MediumError, DeviceGone."""
    if device.size < _SGI_LENGTH:
        return []
    data = device.read(0, _SGI_LENGTH)
    if data[:4] != _SGI_MAGIC.to_bytes(4, "big") or _sum(data):
        return []
    return [
        Slice(number, entry.first * _SECTOR, entry.blocks * _SECTOR, _sgi_type(entry.type))
        for number, entry in enumerate(_SGI.parse(data).partitions, 1)
        if entry.blocks and entry.type not in (_SGI_HEADER, _SGI_VOLUME)
    ]


def _sum(data: bytes) -> int:
    return sum(int.from_bytes(data[at : at + 4], "big") for at in range(0, _SGI_LENGTH, 4)) & 0xFFFFFFFF


def _sgi_type(type: int) -> str:
    return _SGI_TYPES.get(type, f"SGI type {type}")
