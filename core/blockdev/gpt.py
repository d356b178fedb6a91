"""The GUID partition table, with its second copy at the end of the device.

Layout: UEFI specification 2.10, section 5.3. Both copies are read and checked, never repaired.
"""

from __future__ import annotations

import codecs
import uuid
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from construct import Bytes, Int32ul, Int64ul, Struct

from core.blockdev.device import BlockDevice
from core.blockdev.partition import Slice
from core.errors import CorruptStructure, MediumError

SIGNATURE = b"EFI PART"
_HEADER_LENGTH = 92
_ENTRY_LENGTH = 128
_LARGEST_ENTRY = 4096
_MOST_ENTRIES = 1024
_PIECE = 64 * 1024
_UNUSED = bytes(16)

codecs.lookup("utf-16-le")  # loads the codec now: nothing can be imported once the sandbox is closed

HEADER = Struct(
    "signature" / Bytes(8),
    "revision" / Int32ul,
    "header_size" / Int32ul,
    "header_crc" / Int32ul,
    "reserved" / Int32ul,
    "my_lba" / Int64ul,
    "alternate_lba" / Int64ul,
    "first_usable_lba" / Int64ul,
    "last_usable_lba" / Int64ul,
    "disk_guid" / Bytes(16),
    "entries_lba" / Int64ul,
    "entry_count" / Int32ul,
    "entry_size" / Int32ul,
    "entries_crc" / Int32ul,
)
ENTRY = Struct(
    "type_guid" / Bytes(16),
    "guid" / Bytes(16),
    "first_lba" / Int64ul,
    "last_lba" / Int64ul,
    "attributes" / Int64ul,
    "name" / Bytes(72),
)

TYPES = {
    "C12A7328-F81F-11D2-BA4B-00A0C93EC93B": "EFI system",
    "21686148-6449-6E6F-744E-656564454649": "BIOS boot",
    "024DEE41-33E7-11D3-9D69-0008C781F39F": "MBR partition scheme",
    "E3C9E316-0B5C-4DB8-817D-F92DF00215AE": "Microsoft reserved",
    "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7": "Microsoft basic data",
    "DE94BBA4-06D1-4D40-A16A-BFD50179D6AC": "Windows recovery",
    "5808C8AA-7E8F-42E0-85D2-E1E90434CFB3": "Windows LDM metadata",
    "AF9B60A0-1431-4F62-BC68-3311714A69AD": "Windows LDM data",
    "E75CAF8F-F680-4CEE-AFA3-B001E56EFC2D": "Windows Storage Spaces",
    "0FC63DAF-8483-4772-8E79-3D69D8477DE4": "Linux",
    "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F": "Linux swap",
    "E6D6D379-F507-44C2-A23C-238F2A3DF928": "Linux LVM",
    "A19D880F-05FC-4D3B-A006-743F0F84911E": "Linux RAID",
    "CA7D7CCB-63ED-4C53-861C-1742536059CC": "Linux LUKS",
    "933AC7E1-2EB4-4F13-B844-0E14E2AEF915": "Linux home",
    "BC13C2FF-59E6-4262-A352-B275FD6F7172": "Linux extended boot",
    "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709": "Linux root (x86-64)",
    "48465300-0000-11AA-AA11-00306543ECAC": "Apple HFS+",
    "7C3457EF-0000-11AA-AA11-00306543ECAC": "Apple APFS",
    "55465300-0000-11AA-AA11-00306543ECAC": "Apple UFS",
    "53746F72-6167-11AA-AA11-00306543ECAC": "Apple Core Storage",
    "426F6F74-0000-11AA-AA11-00306543ECAC": "Apple boot",
    "516E7CB4-6ECF-11D6-8FF8-00022D09712B": "FreeBSD",
    "83BD6B9D-7F41-11DC-BE0B-001560B84F0F": "FreeBSD boot",
    "516E7CB5-6ECF-11D6-8FF8-00022D09712B": "FreeBSD swap",
    "516E7CB6-6ECF-11D6-8FF8-00022D09712B": "FreeBSD UFS",
    "516E7CBA-6ECF-11D6-8FF8-00022D09712B": "FreeBSD ZFS",
    "49F48D32-B10E-11DC-B99B-0019D1879648": "NetBSD swap",
    "49F48D5A-B10E-11DC-B99B-0019D1879648": "NetBSD FFS",
    "49F48D82-B10E-11DC-B99B-0019D1879648": "NetBSD LFS",
    "49F48DAA-B10E-11DC-B99B-0019D1879648": "NetBSD RAID",
    "824CC7A0-36A8-11E3-890A-952519AD3F61": "OpenBSD",
    "6A898CC3-1DD2-11B2-99A6-080020736631": "Solaris or ZFS",
    "FE3A2A5D-4F32-41A7-B725-ACCC3285A309": "ChromeOS kernel",
    "3CB8E202-3B7E-47DD-8A3C-7FF2A13CFCEC": "ChromeOS root",
}


class Header(NamedTuple):
    """What a sound header says. The entries' checksum stands on another page and is not checked yet."""

    entries_at: int
    entry_count: int
    entry_size: int
    entries_crc: int


class Copy(NamedTuple):
    """One of the two copies: its partitions, and whether their checksum holds (None) or how it does not."""

    slices: list[Slice]
    fault: CorruptStructure | None


def read_copy(device: BlockDevice, lba: int, sector_size: int) -> Copy:
    """The copy whose header lies in sector `lba`.

    Raises CorruptStructure when that header cannot be trusted, MediumError and DeviceGone. When only the
    entries fail their checksum, those that make sense by themselves are returned with the fault.
    """
    header = _read_header(device, lba, sector_size)
    found: list[Slice] = []
    checksum = 0
    position, number = header.entries_at, 0
    for piece in _pieces(device, header):
        checksum = zlib.crc32(piece, checksum)
        for start in range(0, len(piece), header.entry_size):
            number += 1
            if piece[start : start + 16] != _UNUSED:
                found.append(_slice(number, piece[start : start + _ENTRY_LENGTH], sector_size))
    if checksum == header.entries_crc:
        return Copy(found, None)
    sane = [piece for piece in found if piece.size > 0 and piece.offset + piece.size <= device.size]
    return Copy(
        sane, _wrong("GPT entries", position, f"checksum {header.entries_crc:#010x}", f"{checksum:#010x}")
    )


def alternate(device: BlockDevice, lba: int, sector_size: int) -> int | None:
    """The sector that the header in sector `lba` names for the other copy, even if it is itself broken."""
    try:
        data = device.read(lba * sector_size, _HEADER_LENGTH)
    except (CorruptStructure, MediumError):
        return None
    if not data.startswith(SIGNATURE):
        return None
    return int(HEADER.parse(data).alternate_lba)


def _read_header(device: BlockDevice, lba: int, sector_size: int) -> Header:
    offset = lba * sector_size
    sector = device.read(offset, sector_size)
    header = HEADER.parse(sector[:_HEADER_LENGTH])
    if header.signature != SIGNATURE:
        raise _wrong("GPT header", offset, f"signature {SIGNATURE!r}", repr(header.signature))
    if not _HEADER_LENGTH <= header.header_size <= sector_size:
        raise _wrong("GPT header", offset, f"a size from 92 to {sector_size}", str(header.header_size))
    checksum = zlib.crc32(sector[:16] + bytes(4) + sector[20 : header.header_size])
    if checksum != header.header_crc:
        raise _wrong("GPT header", offset, f"checksum {header.header_crc:#010x}", f"{checksum:#010x}")
    if header.my_lba != lba:
        raise _wrong("GPT header", offset, f"its own sector number {lba}", str(header.my_lba))
    size = header.entry_size
    if not _ENTRY_LENGTH <= size <= _LARGEST_ENTRY or size & (size - 1):
        raise _wrong("GPT header", offset, "entries of 128 bytes times a power of two", f"{size} bytes")
    if header.entry_count > _MOST_ENTRIES:
        raise _wrong("GPT header", offset, f"at most {_MOST_ENTRIES} entries", str(header.entry_count))
    return Header(header.entries_lba * sector_size, header.entry_count, size, header.entries_crc)


def _pieces(device: BlockDevice, header: Header) -> Iterator[bytes]:
    """The entry array in whole entries. The size of the largest allowed one is 4 MiB."""
    position, end = header.entries_at, header.entries_at + header.entry_count * header.entry_size
    while position < end:
        length = min(_PIECE, end - position)
        yield device.read(position, length)
        position += length


def _slice(number: int, data: bytes, sector_size: int) -> Slice:
    entry = ENTRY.parse(data)
    guid = str(uuid.UUID(bytes_le=entry.type_guid)).upper()
    name = entry.name.decode("utf-16-le", errors="replace").split("\0", 1)[0]
    return Slice(
        number,
        entry.first_lba * sector_size,
        (entry.last_lba + 1 - entry.first_lba) * sector_size,
        TYPES.get(guid, guid),
        name,
    )


def _wrong(structure: str, offset: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure(structure, min(offset, 2**63 - 1), expected, found)
