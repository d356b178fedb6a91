"""What can be done with a volume besides reading it, by the driver that reads it."""

from __future__ import annotations

from core.errors import ReadOnly
from core.host.sticks import StickVolume

CHANGED = frozenset({"fat", "exfat"})
"""Drivers that write, find what is wrong and repair it, and list what was deleted."""


def can_be_changed(volume: StickVolume) -> bool:
    """As far as its file system goes; of a volume that is not open, by what recognised it."""
    if volume.volume is not None:
        return volume.volume.facts.driver in CHANGED
    return any(driver in CHANGED for driver in volume.partition.drivers[:1])


def expect_changes(volume: StickVolume) -> None:
    """Raises ReadOnly where a change would be refused whatever it is."""
    if not can_be_changed(volume):
        raise ReadOnly("Rumpus can only read this file system")
