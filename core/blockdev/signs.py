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

_PAGES = (4096, 8192, 16384, 65536)
_MAGIC = (
    (1080, b"\x53\xef", "ext2, ext3 or ext4"),
    (0, b"LUKS\xba\xbe", "LUKS encryption"),
    (0, b"XFSB", "XFS"),
    (0, b"hsqs", "SquashFS"),
    (0, b"sqsh", "SquashFS"),
    (0, b"\x45\x3d\xcd\x28", "CramFS"),
    (0, b"\x28\xcd\x3d\x45", "CramFS"),
    (0, b"-rom1fs-", "romfs"),
    (0, b"\xce\xfa\xad\x1b", "SysVBFS"),
    (3, b"ReFS\0", "ReFS"),
    (3, b"-FVE-FS-", "BitLocker encryption"),
    (32, b"NXSB", "APFS"),
    *((sector, b"LABELONE", "LVM") for sector in range(0, 2048, 512)),
    *((start, b"\xfc\x4e\x2b\xa9", "RAID of Linux") for start in (0, 4096)),
    (512, b"!Stra0tis\x86\xff\x02^\x41rh", "Stratis"),
    (540, b"\x00\x07\x29\x59", "EFS"),
    (540, b"\x00\x07\x29\x5a", "EFS"),
    (544, b"1SFB", "BeFS"),
    (1024, b"H+\x00\x04", "HFS+"),
    (1024, b"HX\x00\x05", "HFSX"),
    (1024, b"BD", "HFS"),
    (1024, b"\x10\x20\xf5\xf2", "F2FS"),
    (1024, b"\xe2\xe1\xf5\xe0", "EROFS"),
    (1030, b"\x34\x34\x18\x01", "NILFS2"),
    *((1040, magic + b"\x13\x01\x00", "Minix") for magic in (b"\x7f", b"\x8f")),
    *((1040, magic + b"\x24\x01\x00", "Minix") for magic in (b"\x68", b"\x78")),
    (4120, b"\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81", "bcache"),
    (4120, b"\xc6\x85\x73\xf6\x66\xce\x90\xa9\xd9\x6a\x60\xcf\x80\x3d\xf7\xef", "bcachefs"),
    *(
        (page - 10, magic, "Linux swap")
        for page in _PAGES
        for magic in (b"SWAPSPACE2", b"SWAP-SPACE", b"S1SUSPEND\0", b"LINHIB0001")
    ),
    (8192, b"\x62\x01\x07\x00", "LFS"),
    (8192, b"\x00\x07\x01\x62", "LFS"),
    (8192, b"\x49\xe8\x95\xf9", "HPFS"),
    *(
        (start + 1372, magic, "UFS")
        for start in (0, 8192, 65536)
        for magic in (b"\x54\x19\x01\x00", b"\x00\x01\x19\x54")
    ),
    *(
        (start + 1372, magic, "UFS")
        for start in (8192, 65536)
        for magic in (b"\x19\x01\x54\x19", b"\x19\x54\x01\x19")
    ),
    (32768, b"JFS1", "JFS"),
    (65588, b"ReIsEr", "ReiserFS"),
    (65536, b"\x01\x16\x19\x70", "GFS2"),
    (65600, b"_BHRfS_M", "Btrfs"),
    (1 << 20, b"\x0d\xd0\x01\xc0", "VMFS"),
)
"""(offset, signature, name) of systems that mark themselves."""

_WORDS = {
    "APFS": "an Apple APFS volume",
    "BeFS": "a BeOS volume",
    "BitLocker encryption": "a Windows volume encrypted with BitLocker",
    "Btrfs": "a Linux Btrfs volume",
    "CramFS": "a Linux CramFS image",
    "EFS": "an SGI EFS volume",
    "EROFS": "a Linux EROFS image",
    "F2FS": "a Linux F2FS volume",
    "GFS2": "a Linux GFS2 volume",
    "HFS": "a classic Mac HFS volume",
    "HFS+": "an Apple HFS+ volume",
    "HFSX": "an Apple HFSX volume",
    "HPFS": "an OS/2 HPFS volume",
    "JFS": "a Linux JFS volume",
    "LFS": "a NetBSD LFS volume",
    "LUKS encryption": "a Linux volume encrypted with LUKS",
    "LVM": "a part of a Linux LVM volume group",
    "Linux swap": "Linux swap space, which holds no files",
    "Minix": "a Minix volume",
    "NILFS2": "a Linux NILFS2 volume",
    "RAID of Linux": "a part of a Linux RAID",
    "ReFS": "a Windows ReFS volume",
    "ReiserFS": "a Linux ReiserFS volume",
    "SquashFS": "a Linux SquashFS image",
    "Stratis": "a part of a Linux Stratis pool",
    "SysVBFS": "a System V boot file system",
    "VMFS": "a VMware VMFS volume",
    "XFS": "a Linux XFS volume",
    "ZFS": "a part of a ZFS pool",
    "bcache": "a Linux bcache device",
    "bcachefs": "a Linux bcachefs volume",
    "ext2, ext3 or ext4": "a Linux ext2, ext3 or ext4 volume",
    "romfs": "a Linux romfs image",
}
"""What a person may call each of them."""

_TO_GO = (
    bytes.fromhex("3bd66749292ed84a8399f6a339e3d001"),
    bytes.fromhex("3b4da89280dd0e4d9e4eb1e3284eaed8"),
)
"""How BitLocker marks the small FAT volume with a program for old systems that it shows on sticks."""
_TO_GO_AT = 424

_RAID_MAGIC = b"\xfc\x4e\x2b\xa9"
_ZFS_MAGIC = (b"\x00\x00\x00\x00\x00\xba\xb1\x0c", b"\x0c\xb1\xba\x00\x00\x00\x00\x00")
_ZFS_BLOCKS, _ZFS_LENGTH, _ZFS_STEP = 128 * 1024, 128 * 1024, 1024
"""The ring of uberblocks in the first label of a ZFS device; any of them may have been written."""
_RECOGNITION, _RECOGNITION_STEPS, _MOST_DESCRIPTORS = 32768, (2048, 4096), 64
"""The volume recognition sequence: ECMA-167, part 2."""


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
        sectors = head.sectors_per_cluster
        cluster = head.sector_size * (sectors if sectors <= 128 else 1 << min(256 - sectors, 31))
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
    if _is_to_go(start):
        return "BitLocker encryption"
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
    return _optical(device, offset) or ("ZFS" if _is_zfs(device, offset) else "") or _at_end(device, offset)


def described(name: str) -> str:
    """The same in words that say whose it is: "a Linux Btrfs volume"."""
    return _WORDS.get(name, f"a volume of {name}")


def is_to_go(device: BlockDevice) -> bool:
    """Whether what looks like FAT is a cover for a volume that BitLocker encrypted. Raises DeviceGone."""
    return any(_at(device, _TO_GO_AT, sign) for sign in _TO_GO)


def _is_to_go(start: bytes) -> bool:
    return start[_TO_GO_AT : _TO_GO_AT + 16] in _TO_GO


def _optical(device: BlockDevice, offset: int) -> str:
    """A disc may have both systems: then the older one is there for those who cannot read the newer."""
    for step in _RECOGNITION_STEPS:
        found = ""
        for number in range(_MOST_DESCRIPTORS):
            name = _bytes(device, offset + _RECOGNITION + number * step + 1, 5)
            if name in (b"NSR02", b"NSR03"):
                return "UDF"
            if name == b"CD001":
                found = "ISO 9660"
            elif name not in (b"BEA01", b"BOOT2", b"TEA01", b"CDW02"):
                break
        if found:
            return found
    return ""


def _is_zfs(device: BlockDevice, offset: int) -> bool:
    blocks = _bytes(device, offset + _ZFS_BLOCKS, _ZFS_LENGTH)
    return any(blocks[at : at + 8] in _ZFS_MAGIC for at in range(0, len(blocks), _ZFS_STEP))


def _at_end(device: BlockDevice, offset: int) -> str:
    """Parts of a RAID of versions 0.90 and 1.0 are marked near their end."""
    size = device.size - offset
    for at in ((size >> 16 << 16) - 65536, (size - 8192) >> 12 << 12):
        if at > 0 and _at(device, offset + at, _RAID_MAGIC):
            return "RAID of Linux"
    return ""


def _at(device: BlockDevice, offset: int, magic: bytes) -> bool:
    return _bytes(device, offset, len(magic)) == magic


def _bytes(device: BlockDevice, offset: int, length: int) -> bytes:
    """Empty where they cannot be had."""
    if offset + length > device.size:
        return b""
    try:
        return device.read(offset, length)
    except MediumError:
        return b""
