"""Which sticks are plugged in, and when one comes or goes.

A watcher hands out plain data and puts the events of the system in order: each stick is plugged once, and
pulled once, however often the kernel says so. What a `Device` is to the rest of the program ends here.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec


class Bus(enum.Enum):
    """How a device is attached."""

    USB = "usb"
    CARD = "mmc"
    """An SD card in a reader that is no USB device."""
    OTHER = ""


class Device(msgspec.Struct, frozen=True):
    """A whole disk with a medium in it, as the host describes it. Its texts are the device's own: hostile."""

    node: Path
    """Its device file, /dev/sdb."""
    sys: Path
    """Its place below /sys: two sticks that say the same of themselves differ in this."""
    sequence: int
    """Rises with each medium that the kernel sees (diskseq in sysfs); 0 where the kernel is too old."""
    size: int
    """Bytes."""
    bus: Bus
    optical: bool = False
    removable: bool = False
    """Whether the medium can leave the device (a card reader's can); a stick is often said to be one."""
    read_only: bool = False
    vendor: str = ""
    model: str = ""
    serial: str = ""
    ignored: bool = False
    """UDISKS_IGNORE: no desktop mounts it by itself."""

    @property
    def medium(self) -> tuple[Path, int, int]:
        """Differs between two media, even in the same slot of a card reader."""
        return self.sys, self.sequence, self.size


class Happening(enum.Enum):
    PLUGGED = enum.auto()
    PULLED = enum.auto()


class Event(msgspec.Struct, frozen=True):
    happening: Happening
    device: Device


class Watcher(Protocol):
    """Tells of sticks. Belongs to one event loop."""

    @property
    def degraded(self) -> str:
        """Why no stick can be seen on this machine, for people; empty while they can. Known after `start`."""

    def start(self, hear: Callable[[Event], None]) -> None:
        """From now on `hear` is called in the loop; before this returns, for every stick that is there."""

    def close(self) -> None:
        """Nothing is heard after this."""
