"""Signs that a file system begins somewhere, good enough to tell a partition table from a boot sector.

No verdict: what lies there is for the drivers to say. This only settles what the first sector is, and in
which sector size a table counts.
"""

from __future__ import annotations

from construct import Bytes, Int8ul, Int16ul, Int32ul, Padding, Struct

from core.blockdev.device import BlockDevice
from core.errors import MediumError

BOOT_SECTOR = Struct(
    "jump" / Bytes(3),
    "system" / Bytes(8),
    "sector_size" / Int16ul,
    "sectors_per_cluster" / Int8ul,
    "reserved_sectors" / Int16ul,
    "fats" / Int8ul,
    "root_entries" / Int16ul,
    "sectors_16" / Int16ul,
    "media" / Int8ul,
    "fat_sectors_16" / Int16ul,
    Padding(8),
    "sectors_32" / Int32ul,
    "fat_sectors_32" / Int32ul,
)
"""The BIOS parameter block as FAT has it (Microsoft, FAT specification 2005, section 3.1); NTFS and exFAT
keep its place and leave most of it zero."""

_MAGIC = (
    (1080, b"\x53\xef", "ext2, ext3 or ext4"),
    (0, b"LUKS\xba\xbe", "LUKS encryption"),
    (0, b"XFSB", "XFS"),
    (0, b"hsqs", "SquashFS"),
    (0, b"\xce\xfa\xad\x1b", "SysVBFS"),
    (3, b"ReFS\0", "ReFS"),
    (3, b"-FVE-FS-", "BitLocker encryption"),
    (32, b"NXSB", "APFS"),
    (512, b"LABELONE", "LVM"),
    (540, b"\x00\x07\x29\x59", "EFS"),
    (540, b"\x00\x07\x29\x5a", "EFS"),
    (1024, b"H+\x00\x04", "HFS+"),
    (1024, b"HX\x00\x05", "HFS+"),
    (1024, b"BD", "HFS"),
    (1024, b"\x10\x20\xf5\xf2", "F2FS"),
    (4086, b"SWAPSPACE2", "Linux swap"),
    (8192, b"\x62\x01\x07\x00", "LFS"),
    (8192, b"\x00\x07\x01\x62", "LFS"),
    *(
        (start + 1372, magic, "FFS")
        for start in (0, 8192, 65536)
        for magic in (b"\x54\x19\x01\x00", b"\x00\x01\x19\x54")
    ),
    *(
        (start + 1372, magic, "FFS")
        for start in (8192, 65536)
        for magic in (b"\x19\x01\x54\x19", b"\x19\x54\x01\x19")
    ),
    (32768, b"JFS1", "JFS"),
    (32769, b"BEA01", "UDF"),
    (32769, b"CD001", "ISO 9660"),
    (65588, b"ReIsEr", "ReiserFS"),
    (65600, b"_BHRfS_M", "Btrfs"),
)
"""(offset, signature, name) of systems that mark themselves."""


def boot_sector(sector: bytes) -> str:
    """ "FAT", "NTFS" or "exFAT" when the first 512 bytes are such a boot sector, else ""."""
    if len(sector) < 512 or sector[510:512] != b"\x55\xaa":
        return ""
    if sector[3:11] == b"EXFAT   ":
        return "exFAT" if not any(sector[11:64]) else ""
    head = BOOT_SECTOR.parse(sector)
    if head.sector_size not in (512, 1024, 2048, 4096):
        return ""
    if head.system == b"NTFS    ":
        return "NTFS" if head.reserved_sectors == head.fats == head.fat_sectors_16 == 0 else ""
    jumps = head.jump[0] in (0xE9, 0xEB)
    cluster = head.sectors_per_cluster
    measured = (head.sectors_16 or head.sectors_32) and (head.fat_sectors_16 or head.fat_sectors_32)
    numbers = head.reserved_sectors > 0 and head.fats in (1, 2) and cluster and not cluster & (cluster - 1)
    return "FAT" if jumps and measured and numbers and (head.media == 0xF0 or head.media >= 0xF8) else ""


def confirmed(device: BlockDevice, sector: bytes) -> bool:
    """Whether the device goes on as its boot sector promises, so that the sector is no disguise.

    Tools for booting put a boot sector's fields in front of a true partition table to please some BIOS.
    """
    system = boot_sector(sector)
    head = BOOT_SECTOR.parse(sector) if system else None
    if head is None:
        return False
    if system == "FAT":
        return _at(device, head.reserved_sectors * head.sector_size, bytes([head.media]) + b"\xff")
    if system == "NTFS":
        cluster = head.sectors_per_cluster * head.sector_size
        return _at(device, int.from_bytes(sector[48:56], "little") * cluster, b"FILE")
    fat = int.from_bytes(sector[80:84], "little") << min(sector[108], 12)
    return _at(device, fat, b"\xf8\xff\xff\xff")


def familiar(device: BlockDevice, offset: int) -> bool:
    """Whether something that we know begins at `offset`. Raises DeviceGone; what is unreadable is unknown."""
    return bool(system(device, offset))


def system(device: BlockDevice, offset: int) -> str:
    """The name of what begins at `offset`, "" when it is unknown or unreadable. Raises DeviceGone."""
    try:
        start = device.read(offset, max(0, min(4096, device.size - offset)))
    except MediumError:
        start = b""
    named = boot_sector(start[:512])
    if named:
        return named
    for at, magic, name in _MAGIC:
        if at + len(magic) <= len(start):
            met = start[at : at + len(magic)] == magic
        else:
            met = _at(device, offset + at, magic)
        if met:
            return name
    return ""


def _at(device: BlockDevice, offset: int, magic: bytes) -> bool:
    if offset + len(magic) > device.size:
        return False
    try:
        return device.read(offset, len(magic)) == magic
    except MediumError:
        return False
