"""Hears from udev which sticks are there. Its netlink socket is read in the event loop, without a thread.

An event only says where to look: what is true is read anew from sysfs, compared with what was known, and the
difference is told. So events that come twice, late or not at all (the kernel drops them when it has too many)
lead to the same sticks in the end.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from pathlib import Path

import pyudev

from core.host.devices import Bus, Device, Event, Happening
from core.host.system_disks import system_disks

_SECTOR = 512
"""sysfs counts sizes in it, whatever the sector size of the disk."""
_PATIENCE = 1.0
"""Seconds until udev is asked again after it could not be."""
_VIRTUAL = "/sys/devices/virtual/"
"""Loop devices, RAM disks, the device mapper, RAID: whatever has no place where it is plugged in."""
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")
_GONE = (KeyError, OSError, ValueError)
"""What pyudev raises for a device that goes away while it is looked at."""


class UdevWatcher:
    """A `Watcher` of this machine. Whole disks count that are on USB, in a card reader, or removable."""

    def __init__(
        self,
        *,
        describe: Callable[[pyudev.Device], Device | None] | None = None,
        receive_buffer: int = 0,
        control: Path = Path("/run/udev/control"),
    ) -> None:
        """`describe` decides which disks count, and may raise what pyudev raises for one that goes away.

        `receive_buffer`: bytes the kernel keeps for us unread, 0: its default; `control`: udevd's socket.
        """
        self._describe = describe or stick
        self._receive_buffer = receive_buffer
        self._control = control
        self._context: pyudev.Context | None = None
        self._monitor: pyudev.Monitor | None = None
        self._later: asyncio.TimerHandle | None = None
        self._known: dict[Path, Device] = {}
        self._hear: Callable[[Event], None] = _deaf
        self._degraded = ""

    @property
    def degraded(self) -> str:
        return self._degraded

    def start(self, hear: Callable[[Event], None]) -> None:
        if not self._control.exists():
            self._degraded = f"udev does not run here: there is no {self._control}"
            return
        try:
            self._context = pyudev.Context()
            self._hear = hear
            self._begin()
        except (ImportError, OSError, ValueError) as error:
            self.close()
            self._degraded = f"udev cannot be asked: {error}"

    def close(self) -> None:
        self._hear = _deaf
        self._end()
        self._known.clear()

    def _begin(self) -> None:
        """Listens first and enumerates then: what happens in between is heard, and changes nothing twice."""
        assert self._context is not None
        monitor = pyudev.Monitor.from_netlink(self._context)
        monitor.filter_by("block", "disk")
        if self._receive_buffer:
            monitor.set_receive_buffer_size(self._receive_buffer)
        monitor.start()
        self._monitor = monitor
        asyncio.get_running_loop().add_reader(monitor.fileno(), self._readable)
        self._enumerate(self._context)

    def _end(self) -> None:
        later, self._later = self._later, None
        if later is not None:
            later.cancel()
        monitor, self._monitor = self._monitor, None
        if monitor is not None:
            asyncio.get_running_loop().remove_reader(monitor.fileno())

    def _enumerate(self, context: pyudev.Context) -> None:
        """Tells the difference between what was known and what is there."""
        # What udev has not dealt with yet comes as an event, once its node may be opened.
        found = [
            disk for disk in context.list_devices(subsystem="block", DEVTYPE="disk") if disk.is_initialized
        ]
        paths = {Path(disk.sys_path) for disk in found}
        for path in [path for path in self._known if path not in paths]:
            self._now(path, None)
        for disk in found:
            self._now(Path(disk.sys_path), self._looked_at(disk))

    def _readable(self) -> None:
        """Takes every event that waits."""
        while self._monitor is not None:
            try:
                event = self._monitor.poll(0)
            except (OSError, ValueError):
                # ENOBUFS: some were lost; EINVAL, a ValueError to pyudev: one made no sense; or the socket
                # itself failed, and would never wake us again.
                self._start_over()
                return
            if event is None:
                return
            self._event(event)

    def _start_over(self) -> None:
        """With a new monitor, telling the difference that the lost events would have made."""
        self._end()
        try:
            self._begin()
        except (OSError, ValueError):
            self._end()
            self._later = asyncio.get_running_loop().call_later(_PATIENCE, self._start_over)

    def _event(self, event: pyudev.Device) -> None:
        path = Path(event.sys_path)
        known = self._known.get(path)
        sequence = _number(_property(event, "DISKSEQ"))
        if event.action == "remove":
            if known is not None and sequence < known.sequence and sequence:
                return  # of an earlier disk in the same place
            self._now(path, None)
            return
        device = self._looked_at(event)
        if device is not None and sequence and sequence != device.sequence:
            return  # it is about an earlier disk; the word about this one is on its way
        if device is not None and not device.sequence and _property(event, "DISK_MEDIA_CHANGE") == "1":
            self._now(path, None)
        self._now(path, device)

    def _looked_at(self, disk: pyudev.Device) -> Device | None:
        try:
            return self._describe(disk)
        except _GONE:
            return None

    def _now(self, path: Path, device: Device | None) -> None:
        """What is true of a place. Tells of it when it is another medium than before."""
        known = self._known.pop(path, None)
        if device is not None:
            self._known[path] = device
        if known is not None and device is not None and known.medium == device.medium:
            return
        if known is not None:
            self._hear(Event(Happening.PULLED, known))
        if device is not None:
            self._hear(Event(Happening.PLUGGED, device))


def _deaf(event: Event) -> None:
    """Hears events until somebody else does."""


def stick(disk: pyudev.Device) -> Device | None:
    """What there is to say of a disk. None for what is no stick, or holds no medium."""
    properties = disk.properties
    size = _attribute(disk, "size") * _SECTOR
    optical = properties.get("ID_CDROM") == "1" or disk.sys_name.startswith("sr")
    # A drive without a disc, or with a floppy whose motor stands still, has some size all the same.
    empty = optical and properties.get("ID_CDROM_MEDIA") != "1"
    if not size or empty or disk.sys_path.startswith(_VIRTUAL) or disk.sys_name.startswith("fd"):
        return None
    removable = _attribute(disk, "removable") == 1
    bus = _bus(disk)
    if (bus is Bus.OTHER and not removable) or Path(disk.sys_path) in system_disks():
        return None
    node = disk.device_node
    if node is None:
        return None
    return Device(
        node=Path(node),
        sys=Path(disk.sys_path),
        sequence=_attribute(disk, "diskseq"),
        size=size,
        bus=bus,
        optical=optical,
        removable=removable,
        read_only=_attribute(disk, "ro") == 1,
        vendor=_text(disk, "ID_VENDOR"),
        model=_text(disk, "ID_MODEL") or _text(disk, "ID_NAME"),
        serial=properties.get("ID_SERIAL_SHORT") or properties.get("ID_SERIAL") or "",
        ignored=properties.get("UDISKS_IGNORE") == "1",
    )


def _bus(disk: pyudev.Device) -> Bus:
    if disk.properties.get("ID_BUS") == "usb" or disk.find_parent("usb") is not None:
        return Bus.USB
    # What is soldered in speaks the same language as a card, but says that it is MMC.
    card = disk.find_parent("mmc")
    if card is not None and card.attributes.get("type") == b"SD":
        return Bus.CARD
    return Bus.OTHER


def _property(disk: pyudev.Device, name: str) -> str:
    try:
        return disk.properties.get(name) or ""
    except _GONE:
        return ""


def _attribute(disk: pyudev.Device, name: str) -> int:
    return _number(disk.attributes.get(name))


def _number(text: str | bytes | None) -> int:
    return int(text) if text else 0


def _text(disk: pyudev.Device, name: str) -> str:
    """What a device says of itself. udev keeps it with escapes, or mangled where it has nothing better."""
    escaped = disk.properties.get(f"{name}_ENC")
    if escaped is None:
        return (disk.properties.get(name) or "").replace("_", " ").strip()
    plain = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), os.fsencode(escaped))
    return plain.decode(errors="replace").strip()
