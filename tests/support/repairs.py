"""Repairs of images in memory: what they did, and what they left."""

from __future__ import annotations

from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.blockdev.draft import DraftDevice
from core.entry import Finding, Kind
from core.fs.driver import DEFAULTS, Driver
from core.fs.exfat.driver import ExFat
from core.fs.exfat.mending import ExFatMender
from core.fs.fat.driver import Fat
from core.fs.fat.mending import FatMender
from core.fs.registry import MENDERS
from core.fs.repairing import repair
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, walked


class Repaired(NamedTuple):
    mended: list[Finding]
    left: list[Finding]
    draft: DraftDevice


def findings(driver: type[Fat | ExFat], device: BlockDevice) -> list[Finding]:
    return [finding for finding in driver.open(device).check() if finding is not None]


def repaired(driver: type[Fat | ExFat], device: BlockDevice, *, keep: bool = False) -> Repaired:
    """Tries a repair of the device, which is only read."""
    draft = DraftDevice(device)
    walk: type[FatMender | ExFatMender] = MENDERS[driver]
    mended = [
        finding for finding in repair(lambda: walk.open(draft, DEFAULTS, keep=keep)) if finding is not None
    ]
    return Repaired(mended, findings(driver, draft), draft)


def applied(draft: DraftDevice, content: bytes) -> bytes:
    """The content as the repair leaves it."""
    device = MemoryDevice(content)
    for _ in draft.replay(device):
        pass
    return bytes(device.content)


def files(driver: type[Driver], content: bytes) -> dict[str, bytes]:
    """What can be read of the files on a volume."""
    device = MemoryDevice(content)
    volume = driver.open(device)
    return {
        path: content_of(volume, device, entry.node)
        for path, entry in walked(volume)
        if entry.kind is Kind.FILE
    }
