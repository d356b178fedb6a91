"""Every driver there is, and which of them knows a volume best."""

from __future__ import annotations

from core.blockdev import signs
from core.blockdev.device import BlockDevice
from core.fs.driver import Driver, Probe
from core.fs.fat.driver import Fat
from core.fs.fat.writing.writer import FatWriter
from core.fs.writable import WritableDriver

DRIVERS: tuple[type[Driver], ...] = (Fat,)
WRITERS: dict[str, type[WritableDriver]] = {Fat.name: FatWriter}
"""The drivers that also write, by the name of the one that only reads."""

_DOUBTFUL = 50
"""A probe below it rests on a remnant (a backup boot sector), which a later system may have left standing."""


def recognise(device: BlockDevice) -> list[tuple[type[Driver], Probe]]:
    """The drivers that recognise the volume, the most confident first. Raises MediumError, DeviceGone."""
    found = [(driver, probe) for driver in DRIVERS if (probe := driver.probe(device)) is not None]
    found.sort(key=lambda pair: -pair[1].confidence)
    if found and found[0][1].confidence < _DOUBTFUL and identify(device) not in ("", "FAT"):
        return []
    return found


def identify(device: BlockDevice) -> str:
    """The name of the system by its signature alone, for saying what it is that no driver opens; or ""."""
    return signs.system(device, 0)
