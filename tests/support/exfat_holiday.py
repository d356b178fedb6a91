"""A small exFAT stick to be spoiled, and what its driver says of it then."""

from __future__ import annotations

import random

from core.entry import Entry
from core.fs.exfat.driver import ExFat
from tests.support.exfat import Stick
from tests.support.memory import MemoryDevice

CONTENT = random.Random(7).randbytes(10_000)


def holiday() -> Stick:
    stick = Stick(label="HOLIDAY")
    stick.add_file("before", CONTENT)
    return stick


def opened(stick: Stick) -> tuple[ExFat, MemoryDevice]:
    device = MemoryDevice(bytes(stick.data))
    return ExFat.open(device), device


def warned(volume: ExFat) -> list[str]:
    """The structures that the volume warns about."""
    return [str(fault.values["structure"]) for fault in volume.facts().warnings]


def problem(entry: Entry) -> str:
    """What a damaged entry was expected to have."""
    assert entry.problem is not None
    return str(entry.problem.values["expected"])
