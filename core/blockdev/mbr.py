"""The partition table of the PC: four primary entries, and logical ones in a chain of extended records.

Layout: UEFI specification 2.10, section 5.2; the extended chain as the DOS and Linux tools write it.
"""

from __future__ import annotations

from typing import NamedTuple

from construct import Array, Bytes, Const, Int8ul, Int32ul, Padding, Struct

from core.blockdev.device import BlockDevice
from core.blockdev.partition import Slice
from core.errors import CorruptStructure, MediumError, RumpusError

LENGTH = 512
"""Of a boot record, whatever the sector size."""
ENTRIES_AT = 446
SIGNATURE = b"\x55\xaa"
_PROTECTIVE = 0xEE
_EXTENDED = frozenset({0x05, 0x0F, 0x85})
_MOST_RECORDS = 256
_FIRST_LOGICAL = 5

ENTRY = Struct(
    "status" / Int8ul,
    "first_chs" / Bytes(3),
    "type" / Int8ul,
    "last_chs" / Bytes(3),
    "first_sector" / Int32ul,
    "sectors" / Int32ul,
)
BOOT_RECORD = Struct(
    "code" / Bytes(440),
    "disk_id" / Int32ul,
    Padding(2),
    "entries" / Array(4, ENTRY),
    "signature" / Const(SIGNATURE),
)

TYPES = {
    0x00: "Empty",
    0x01: "FAT12",
    0x04: "FAT16",
    0x05: "Extended",
    0x06: "FAT16",
    0x07: "NTFS or exFAT",
    0x0B: "FAT32",
    0x0C: "FAT32",
    0x0E: "FAT16",
    0x0F: "Extended",
    0x11: "Hidden FAT12",
    0x14: "Hidden FAT16",
    0x16: "Hidden FAT16",
    0x17: "Hidden NTFS",
    0x1B: "Hidden FAT32",
    0x1C: "Hidden FAT32",
    0x1E: "Hidden FAT16",
    0x27: "Windows recovery",
    0x39: "Plan 9",
    0x42: "Windows dynamic disk",
    0x63: "Unix System V",
    0x80: "Minix",
    0x81: "Minix",
    0x82: "Linux swap",
    0x83: "Linux",
    0x85: "Linux extended",
    0x8E: "Linux LVM",
    0x96: "ISO 9660",
    0x9F: "BSD/OS",
    0xA5: "FreeBSD",
    0xA6: "OpenBSD",
    0xA8: "Apple UFS",
    0xA9: "NetBSD",
    0xAB: "Apple boot",
    0xAF: "Apple HFS+",
    0xB7: "BSDI",
    0xBE: "Solaris boot",
    0xBF: "Solaris",
    0xCD: "ISO 9660",
    0xDA: "Data without a file system",
    0xEB: "BeOS",
    0xEE: "GPT protective",
    0xEF: "EFI system",
    0xFB: "VMware VMFS",
    0xFD: "Linux RAID",
}


class Entry(NamedTuple):
    """One of the four entries of a record, in sectors."""

    status: int
    type: int
    first_sector: int
    sectors: int

    @property
    def used(self) -> bool:
        """An entry is empty by its size; hybrid ISO images use type 0 for a partition that is there."""
        return self.sectors > 0

    @property
    def sound(self) -> bool:
        """A true entry's status is one of two values; where boot code lies in its place, it seldom is."""
        return self.status in (0x00, 0x80)

    @property
    def extended(self) -> bool:
        return self.used and self.type in _EXTENDED

    @property
    def protective(self) -> bool:
        """Keeps systems that know no GPT from taking the disk for an empty one."""
        return self.used and self.type == _PROTECTIVE


UNUSED = Entry(0, 0, 0, 0)


def entries(record: bytes) -> list[Entry] | None:
    """The four entries of a boot record of 512 bytes; None without its signature 55 AA."""
    if len(record) != LENGTH or not record.endswith(SIGNATURE):
        return None
    return [
        Entry(entry.status, entry.type, entry.first_sector, entry.sectors)
        for entry in BOOT_RECORD.parse(record).entries
    ]


def type_name(type: int) -> str:
    return TYPES.get(type, f"Type {type:#04x}")


def slices(
    device: BlockDevice, primaries: list[Entry], sector_size: int
) -> tuple[list[Slice], list[RumpusError]]:
    """The partitions of a table and what was wrong with it. Raises DeviceGone.

    An extended partition is no partition itself, only the chain of the logical ones, numbered from 5; it
    shows only when it lies outside the device and hides whatever was in it.
    """
    found: list[Slice] = []
    faults: list[RumpusError] = []
    chain = _Chain(device, sector_size)
    for number, entry in enumerate(primaries, 1):
        if not entry.used:
            continue
        if not entry.sound:
            faults.append(
                CorruptStructure(
                    "MBR entry", ENTRIES_AT + 16 * (number - 1), "status 0x00 or 0x80", f"{entry.status:#04x}"
                )
            )
        if entry.extended and entry.first_sector * sector_size < device.size:
            chain.follow(entry)
            continue
        found.append(_slice(number, entry, entry.first_sector, sector_size))
    return found + chain.found, faults + chain.faults


def _slice(number: int, entry: Entry, first_sector: int, sector_size: int) -> Slice:
    return Slice(number, first_sector * sector_size, entry.sectors * sector_size, type_name(entry.type))


class _Chain:
    """Logical partitions: each extended record describes one and points to the next record."""

    def __init__(self, device: BlockDevice, sector_size: int) -> None:
        self.found: list[Slice] = []
        self.faults: list[RumpusError] = []
        self._device = device
        self._sector_size = sector_size
        self._visited: set[int] = set()

    def follow(self, container: Entry) -> None:
        """Walks the chain of one extended partition. Raises DeviceGone."""
        place: int | None = container.first_sector
        while place is not None:
            offset = place * self._sector_size
            try:
                record = self._read(place, offset)
            except (CorruptStructure, MediumError) as error:
                self.faults.append(error)
                return
            place = self._take(record, place, container)

    def _read(self, place: int, offset: int) -> list[Entry]:
        structure = "extended boot record"
        if place in self._visited:
            raise CorruptStructure(structure, offset, "a record not met before", "a chain in a circle")
        if len(self._visited) == _MOST_RECORDS:
            raise CorruptStructure(structure, offset, f"a chain of at most {_MOST_RECORDS}", "a longer one")
        self._visited.add(place)
        data = self._device.read(offset, LENGTH)
        record = entries(data)
        if record is None:
            raise CorruptStructure(structure, offset, "signature 55 aa", data[-2:].hex(" "))
        return record

    def _take(self, record: list[Entry], place: int, container: Entry) -> int | None:
        """Notes the record's partitions, which count from it. The next record counts from the container."""
        onward: int | None = None
        for index, entry in enumerate(record):
            if not entry.used:
                continue
            if entry.extended:
                if onward is None:
                    onward = container.first_sector + entry.first_sector
                continue
            first = place + entry.first_sector
            end = container.first_sector + container.sectors
            if index >= 2 and not container.first_sector <= first < first + entry.sectors <= end:
                continue  # the last two entries have no meaning, and some tools leave remnants in them
            if len(self.found) < _MOST_RECORDS:
                self.found.append(_slice(_FIRST_LOGICAL + len(self.found), entry, first, self._sector_size))
        return onward
