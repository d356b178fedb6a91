"""Writes a fresh partition table with one partition that takes all of the stick.

An MBR, as every system and camera reads it, up to 2^32 sectors; beyond that a GPT. The partition begins at a
whole MiB. Layout: UEFI specification 2.10, sections 5.2 and 5.3.
"""

from __future__ import annotations

import uuid
import zlib
from random import Random

from core.blockdev import gpt, mbr
from core.blockdev.clearing import wiped
from core.blockdev.device import BlockDevice
from core.blockdev.partition import Partition
from core.errors import SizeNotAllowed

ALIGNMENT = 1 << 20
_LEAST = 4 * ALIGNMENT
_CHS_BEYOND = b"\xfe\xff\xff"
"""Cylinder, head and sector of a place that they cannot name."""
_GPT_ENTRIES = 128
_BASIC_DATA = uuid.UUID("EBD0A0A2-B9E5-4433-87C0-68B6B72699C7")


def single(device: BlockDevice, name: str) -> Partition:
    """The one partition that a fresh table will have. Raises SizeNotAllowed."""
    if device.size < _LEAST:
        raise SizeNotAllowed("a partition table", device.size)
    end = (device.size - ALIGNMENT) // ALIGNMENT * ALIGNMENT  # leaves room for the second copy of a GPT
    return Partition(1, ALIGNMENT, end - ALIGNMENT, name=name)


def write_table(device: BlockDevice, place: Partition, kind: int, identity: int) -> None:
    """Replaces whatever was there by a table with that one partition.

    `kind` is the MBR's type byte for what it will hold; the table's own identifiers are made of `identity`, a
    random number. Raises MediumError, DeviceGone.
    """
    unit = device.sector_size
    first, sectors = place.offset // unit, place.size // unit
    for _ in wiped(device):
        pass
    if first + sectors >> 32:
        _write_gpt(device, first, first + sectors - 1, place.name, Random(identity))
    else:
        entry = {
            "status": 0,
            "first_chs": _CHS_BEYOND,
            "type": kind,
            "last_chs": _CHS_BEYOND,
            "first_sector": first,
            "sectors": sectors,
        }
        device.write(0, _boot_record(entry, identity & 0xFFFFFFFF))
    device.flush()


def retype(device: BlockDevice, place: Partition, kind: int) -> None:
    """Says in a primary entry of an MBR what that partition holds now. GPT has one type for all of ours."""
    sector = bytearray(device.read(0, mbr.LENGTH))
    entries = mbr.entries(bytes(sector))
    if entries is None or not 1 <= place.number <= len(entries):
        return
    if entries[place.number - 1].protective or not entries[place.number - 1].used:
        return
    sector[mbr.ENTRIES_AT + 16 * (place.number - 1) + 4] = kind
    device.write(0, bytes(sector))


def _boot_record(entry: dict[str, object], identity: int) -> bytes:
    unused = {**dict.fromkeys(("status", "type", "first_sector", "sectors"), 0)}
    blank = {**unused, "first_chs": bytes(3), "last_chs": bytes(3)}
    return bytes(
        mbr.BOOT_RECORD.build(
            {"code": bytes(440), "disk_id": identity, "entries": [entry, blank, blank, blank]}
        )
    )


def _write_gpt(device: BlockDevice, first: int, last: int, name: str, chance: Random) -> None:
    unit = device.sector_size
    sectors = device.size // unit
    entry = gpt.ENTRY.build(
        {
            "type_guid": _BASIC_DATA.bytes_le,
            "guid": _random_uuid(chance).bytes_le,
            "first_lba": first,
            "last_lba": last,
            "attributes": 0,
            "name": name.encode("utf-16-le")[:72].ljust(72, b"\0"),
        }
    )
    entries = entry.ljust(_GPT_ENTRIES * len(entry), b"\0")
    taken = -(-len(entries) // unit)
    guid = _random_uuid(chance).bytes_le
    copies = ((sectors - 1, 1, sectors - 1 - taken), (1, sectors - 1, 2))
    for own, other, entries_at in copies:
        header = {
            "signature": gpt.SIGNATURE,
            "revision": 0x10000,
            "header_size": gpt.HEADER.sizeof(),
            "header_crc": 0,
            "reserved": 0,
            "my_lba": own,
            "alternate_lba": other,
            "first_usable_lba": 2 + taken,
            "last_usable_lba": sectors - 2 - taken,
            "disk_guid": guid,
            "entries_lba": entries_at,
            "entry_count": _GPT_ENTRIES,
            "entry_size": len(entry),
            "entries_crc": zlib.crc32(entries),
        }
        header["header_crc"] = zlib.crc32(gpt.HEADER.build(header))
        device.write(entries_at * unit, entries)
        device.write(own * unit, gpt.HEADER.build(header).ljust(unit, b"\0"))
    protective = {
        "status": 0,
        "first_chs": b"\x00\x02\x00",
        "type": 0xEE,
        "last_chs": _CHS_BEYOND,
        "first_sector": 1,
        "sectors": min(sectors - 1, 0xFFFFFFFF),
    }
    device.write(0, _boot_record(protective, 0))


def _random_uuid(chance: Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)
