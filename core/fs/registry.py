"""Every driver there is, and which of them knows a volume best."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from core.blockdev import signs
from core.blockdev.device import BlockDevice
from core.errors import MediumError
from core.fs.driver import Driver, Probe
from core.fs.efs.driver import Efs
from core.fs.exfat import formatting as exfat
from core.fs.exfat.driver import ExFat
from core.fs.exfat.mending import ExFatMender
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.ext.driver import Ext
from core.fs.fat import formatting as fat
from core.fs.fat.driver import Fat
from core.fs.fat.mending import FatMender
from core.fs.fat.writing.writer import FatWriter
from core.fs.ffs.driver import Ffs
from core.fs.formatting import Request
from core.fs.hfs.driver import Hfs
from core.fs.hfsplus.driver import HfsPlus
from core.fs.iso9660.driver import Iso9660
from core.fs.lfs.driver import Lfs
from core.fs.ntfs.driver import Ntfs
from core.fs.sysvbfs.driver import SysVBfs
from core.fs.udf.driver import Udf
from core.fs.v7fs.driver import V7Fs
from core.fs.writable import WritableDriver

DRIVERS: tuple[type[Driver], ...] = (
    *(Fat, ExFat, Ext, Ntfs, HfsPlus, Hfs, Udf, Iso9660),
    *(Ffs, Lfs, Efs, SysVBfs, V7Fs),
)

MENDERS: dict[type[Driver], type[FatMender | ExFatMender]] = {Fat: FatMender, ExFat: ExFatMender}
"""Those that can be repaired, by the driver that reads the same."""

WRITERS: dict[type[Driver], type[WritableDriver]] = {Fat: FatWriter, ExFat: ExFatWriter}
"""Those that can write, by the driver that reads the same."""


class Formatter(msgspec.Struct, frozen=True):
    """How an empty volume is made of one system."""

    check: Callable[[int, int, Request], None]
    """Given size and sector size in bytes. Raises SizeNotAllowed, NameNotAllowed."""
    write: Callable[[BlockDevice, Request], Iterator[int]]
    """Formats the whole of a device and yields how many bytes have been written so far."""
    table_type: int
    """The type byte in an MBR."""


FORMATTERS = {
    "fat12": Formatter(partial(fat.check, width=12), partial(fat.write, width=12), 0x01),
    "fat16": Formatter(partial(fat.check, width=16), partial(fat.write, width=16), 0x0E),
    "fat32": Formatter(partial(fat.check, width=32), partial(fat.write, width=32), 0x0C),
    "exfat": Formatter(exfat.check, exfat.write, 0x07),
}

_DOUBTFUL = 50
"""A probe below it rests on a remnant (a backup boot sector), which a later system may have left standing."""


def recognise(device: BlockDevice) -> list[tuple[type[Driver], Probe]]:
    """The drivers that recognise the volume, the most confident first.

    A bad sector keeps a driver from knowing its volume, but not those that look elsewhere. Raises MediumError
    when nobody is left, DeviceGone.
    """
    if signs.is_to_go(device):
        return []
    found: list[tuple[type[Driver], Probe]] = []
    unreadable: MediumError | None = None
    for driver in DRIVERS:
        try:
            probe = driver.probe(device)
        except MediumError as error:
            unreadable = unreadable or error
            continue
        if probe is not None:
            found.append((driver, probe))
    if not found and unreadable is not None:
        raise unreadable
    found.sort(key=lambda pair: -pair[1].confidence)
    if found and found[0][1].confidence < _DOUBTFUL and not _may_be(found[0][1].system, identify(device)):
        return []
    return found


def _may_be(system: str, sign: str) -> bool:
    """Whether a sign is none or stands for the system, as "ext2, ext3 or ext4" does for "ext4"."""
    return sign in system or system in sign


def identify(device: BlockDevice) -> str:
    """The name of the system by its signature alone, for saying what it is that no driver opens; or ""."""
    return signs.system(device, 0)
