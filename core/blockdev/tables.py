"""Reads the partition table of a device, whichever it is and however damaged.

What the first sector is: a boot sector and a partition table share their signature. A plausible boot sector
of FAT, NTFS or exFAT is no table, unless the entries make sense too and the file system that it promises is
not there. Without a signature or a sensible entry there is no table ("none"), and partition 0 is the whole
device. A GPT counts when an MBR entry protects it, or when the first sector has lost whatever it was. The map
of a Macintosh counts when no other table is there; discs often have one beside their file system.

In which sectors the table counts: a device says its sector size, but an image does not, and an enclosure may
show another than the one that its disk was partitioned in. So the device's own size is tried first, then 512
and 4096. A GPT proves itself by its checksum. An MBR is taken in the size in which the most partitions begin
with something familiar; if none does in any, in the first in which all begin inside the device.

A partition of a BSD is divided by a disklabel of its own. That, or the volume header of SGI, may also be the
only table of a device.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.blockdev import apm, disklabel, gpt, mbr, signs
from core.blockdev.device import BlockDevice
from core.blockdev.partition import Partition, Slice, Table
from core.errors import CorruptStructure, MediumError, RumpusError

_FIRST_INNER = 5
"""The number of the first partition inside another, logical ones or a BSD's."""

__all__ = ["Partition", "Table", "beside", "read_table"]


def read_table(device: BlockDevice) -> Table:
    """The device's partitions, each wholly inside it, and what is wrong with the table. Raises DeviceGone.

    Damage stands in the table's warnings and in the partitions' problems. A first sector that cannot be read
    is a warning too: the table may have a second copy, and the file system a second boot sector.
    """
    if device.size < mbr.LENGTH:
        return _no_table(device)
    faults: list[RumpusError] = []
    sector = b""
    try:
        sector = device.read(0, mbr.LENGTH)
    except MediumError as error:
        faults.append(error)
    entries = mbr.entries(sector) or []
    if _is_boot_sector(device, sector, entries):
        return _no_table(device)
    protected = any(entry.protective for entry in entries)
    sensible = _make_sense(entries, device.size)
    if protected or not sensible:
        table, gpt_faults = _read_gpt(device, thoroughly=protected or not signs.familiar(device, 0))
        if table is not None:
            if sector and not protected:
                faults.append(CorruptStructure("MBR", 0, "an entry that protects the GPT", "none"))
            table.warn(*faults, *_strangers(table, entries))
            return table
        if protected:
            faults += gpt_faults
    return _without_gpt(device, sector, entries, sensible, faults)


def _without_gpt(
    device: BlockDevice, sector: bytes, entries: list[mbr.Entry], sensible: bool, faults: list[RumpusError]
) -> Table:
    """What else the first sector may be, once it is known that no GPT stands behind it."""
    shown = [mbr.UNUSED if entry.protective else entry for entry in entries]
    if sensible and any(entry.used for entry in shown):
        table = Table("mbr", _counted_in(device, shown))
        slices, chain_faults = mbr.slices(device, shown, table.sector_size)
        slices, label_faults = _with_labels(device, slices)
        table.warn(*faults, *chain_faults, *label_faults)
        table.place(slices, device.size)
        return table
    if not signs.familiar(device, 0):
        size = apm.block_size(device, sector)
        if size:
            return _apple_map(device, sector, size, faults)
    other = _of_other_family(device)
    if other is not None:
        other.warn(*faults)
        return other
    # No partition anywhere. A table that is merely empty differs from a boot sector in what follows it.
    empty = bool(entries) and all(entry.sound for entry in entries)
    if empty and not signs.familiar(device, 0):
        protected = any(entry.protective for entry in entries)
        table = Table("gpt" if protected else "mbr", device.sector_size)
    else:
        table = _no_table(device)
    table.warn(*faults)
    return table


def beside(device: BlockDevice) -> list[Partition]:
    """Partitions of the Macintosh on a hybrid disc, which is a file system from its first sector on.

    Only those of file systems, numbered as if there were nothing but their map. Raises DeviceGone.
    """
    try:
        sector = device.read(0, min(mbr.LENGTH, device.size))
    except MediumError:
        return []
    size = apm.block_size(device, sector) if sector[:2] == apm.DESCRIPTOR_SIGNATURE else 0
    found = _apple_map(device, sector, size, []).partitions if size else []
    return [partition for partition in found if partition.type in apm.TYPES.values()]


def _apple_map(device: BlockDevice, sector: bytes, size: int, faults: list[RumpusError]) -> Table:
    table = Table("apm", size)
    if sector and sector[:2] != apm.DESCRIPTOR_SIGNATURE:
        faults.append(CorruptStructure("driver descriptor record", 0, "signature ER", sector[:2].hex(" ")))
    slices, map_faults = apm.slices(device, size)
    table.warn(*faults, *map_faults)
    table.place(slices, device.size)
    return table


def _with_labels(device: BlockDevice, slices: list[Slice]) -> tuple[list[Slice], list[RumpusError]]:
    """The BSDs divide their partition further: what it holds comes in its place, numbered behind the rest."""
    found: list[Slice] = []
    faults: list[RumpusError] = []
    number = max(_FIRST_INNER, *(piece.number + 1 for piece in slices)) if slices else _FIRST_INNER
    for piece in slices:
        inner: list[Slice] = []
        if piece.type in disklabel.SLICE_TYPES:
            place = (piece.offset, piece.size, piece.type)
            inner, wrong = disklabel.bsd(device, *place, number)
            faults += wrong
        found += inner or [piece]
        number += len(inner)
    return found, faults


def _of_other_family(device: BlockDevice) -> Table | None:
    """A disklabel or volume header that stands alone. One that only tells of the whole device is no table."""
    for kind, slices in (("sgi", _sgi(device)), ("bsd", disklabel.bsd(device)[0])):
        if any(piece.offset > 0 for piece in slices):
            table = Table(kind, device.sector_size)
            table.place(slices, device.size)
            return table
    return None


def _sgi(device: BlockDevice) -> list[Slice]:
    try:
        return disklabel.sgi(device)
    except MediumError:
        return []


def _no_table(device: BlockDevice) -> Table:
    return Table("none", device.sector_size, [Partition(0, 0, device.size)])


def _is_boot_sector(device: BlockDevice, sector: bytes, entries: list[mbr.Entry]) -> bool:
    if not signs.boot_sector(sector):
        return False
    # mkfs.fat can put a table into its boot sector whose one partition is the volume itself, from sector 0.
    others = [entry for entry in entries if entry.used and entry.first_sector > 0]
    return not (others and _make_sense(entries, device.size)) or signs.confirmed(device, sector)


def _make_sense(entries: list[mbr.Entry], size: int) -> bool:
    """Whether these are partitions rather than boot code; one damaged entry does not hide the others."""
    if all(entry.sound for entry in entries):
        return any(entry.used for entry in entries)
    return any(entry.used and entry.sound and entry.first_sector * 512 < size for entry in entries)


def _sizes(device: BlockDevice) -> list[int]:
    return list(dict.fromkeys((device.sector_size, 512, 4096)))


def _counted_in(device: BlockDevice, entries: list[mbr.Entry]) -> int:
    """The sector size that an MBR counts in. Raises DeviceGone."""
    used = [entry for entry in entries if entry.used and entry.first_sector > 0]
    sizes = _sizes(device)
    best, most = 0, 0
    for size in sizes:
        begun = sum(_begins(device, entry, entry.first_sector * size) for entry in used)
        if begun > most:
            best, most = size, begun
        if most == len(used):
            break
    inside = (size for size in sizes if all(entry.first_sector * size < device.size for entry in used))
    return best or next(inside, sizes[0])


def _begins(device: BlockDevice, entry: mbr.Entry, offset: int) -> bool:
    if offset + mbr.LENGTH > device.size:
        return False
    if not entry.extended:
        return signs.familiar(device, offset)
    try:
        return mbr.entries(device.read(offset, mbr.LENGTH)) is not None
    except MediumError:
        return False


def _read_gpt(device: BlockDevice, *, thoroughly: bool) -> tuple[Table | None, list[RumpusError]]:
    """The table from the better copy, warned of what the other lacks; or None and what was wrong with all.

    The copy at the end of the device counts only when it is searched for `thoroughly`. Raises DeviceGone.
    """
    failed: dict[tuple[int, int], RumpusError] = {}
    partial: tuple[int, gpt.Copy] | None = None
    for lba, sector_size in _copies(device, thoroughly):
        try:
            copy = gpt.read_copy(device, lba, sector_size)
        except (CorruptStructure, MediumError) as error:
            failed[lba, sector_size] = error
            continue
        if copy.fault is not None:
            failed[lba, sector_size] = copy.fault
            partial = partial or (sector_size, copy)
            continue
        return _gpt_table(device, sector_size, copy, failed), []
    if partial is not None:
        return _gpt_table(device, *partial, failed), []
    signed = {size for _, size in failed if gpt.alternate(device, 1, size) is not None}
    told = signed or {device.sector_size}
    return None, [error for (_, size), error in failed.items() if size in told]


def _copies(device: BlockDevice, thoroughly: bool) -> Iterator[tuple[int, int]]:
    """(sector, sector size) of each place where a GPT header may be, the likeliest first."""
    for size in _sizes(device):
        yield 1, size
    if thoroughly:
        for size in _sizes(device):
            for lba in dict.fromkeys((device.size // size - 1, gpt.alternate(device, 1, size))):
                if lba is not None and lba > 1:
                    yield lba, size


def _gpt_table(
    device: BlockDevice, sector_size: int, copy: gpt.Copy, failed: dict[tuple[int, int], RumpusError]
) -> Table:
    table = Table("gpt", sector_size)
    table.warn(*(error for (_, size), error in failed.items() if size == sector_size))
    table.place(copy.slices, device.size)
    return table


def _strangers(table: Table, entries: list[mbr.Entry]) -> Iterator[CorruptStructure]:
    """A hybrid MBR shows some of the GPT's partitions to old systems. Others in it are hidden from us."""
    known = {(partition.offset, partition.size) for partition in table.partitions}
    for index, entry in enumerate(entries):
        place = (entry.first_sector * table.sector_size, entry.sectors * table.sector_size)
        if entry.used and not entry.protective and place not in known:
            yield CorruptStructure(
                "MBR entry",
                mbr.ENTRIES_AT + 16 * index,
                "a partition that the GPT has too",
                f"{place[1]} bytes at {place[0]}",
            )
