"""Gives a disk back to the person who put it in: finds who holds it, ends those, and switches it off."""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import os
import signal
import stat
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from core.errors import AccessDenied, DeviceBusy, DeviceGone, NotFound, WrongKind
from core.host import holders
from core.host.holders import Hold, Holder
from core.host.lent import Lent
from core.host.names import shown
from core.host.offloop import off_loop
from core.host.system_disks import system_disks

_ENDING = 10.0
"""Seconds that a program has to end after it was asked to."""
_LOOKING = 5.0
"""Seconds that udev has for its look at a disk that was written."""
_AGAIN = 0.02
_CDROMEJECT = 0x5309
"""linux/cdrom.h: START STOP UNIT with LOEJ, on any drive that speaks SCSI."""
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Disk:
    """A whole disk."""

    node: Path
    number: int
    """`st_rdev`"""
    sys: Path


def disk_at(path: Path, sys: Path = Path("/sys")) -> Disk:
    """The disk of a device file, of a partition or of a mount point.

    Raises NotFound, WrongKind, DeviceGone, and AccessDenied for one that this computer runs from.
    """
    try:
        found = path.stat()
        mounted = stat.S_ISDIR(found.st_mode) and path.is_mount()
    except (OSError, ValueError) as error:
        raise NotFound(str(path)) from error
    if not stat.S_ISBLK(found.st_mode) and not mounted:
        raise WrongKind(str(path), "device")
    number = found.st_dev if mounted else found.st_rdev
    place = (sys / "dev" / "block" / f"{os.major(number)}:{os.minor(number)}").resolve()
    if (place / "partition").exists():
        place = place.parent
    if place in system_disks(sys=sys):
        raise AccessDenied(str(path), "this computer runs from it")
    try:
        major, _, minor = (place / "dev").read_text().strip().partition(":")
    except OSError as error:
        raise DeviceGone from error
    return Disk(Path("/dev", place.name.replace("!", "/")), os.makedev(int(major), int(minor)), place)


async def held_by(disk: Disk, ours: Collection[int] = (), lent: Collection[Lent] = ()) -> list[Holder]:
    """Who holds it, but this process and those of `ours`; also through what shows it to other programs.

    udev, which looks at a disk whenever somebody has written to it, is waited for.
    """
    places = [(each.process, each.place) for each in lent]
    clock = asyncio.get_running_loop().time
    end = clock() + _LOOKING
    while True:
        held = await off_loop(_held_by, disk, ours, places, undo=lambda _: None)
        if not held or not all(holder.passing for holder in held) or clock() > end:
            return held
        await asyncio.sleep(_AGAIN)


def _held_by(disk: Disk, ours: Collection[int], lent: list[tuple[int, Path]]) -> list[Holder]:
    roots = (*ours, *(process for process, _ in lent))
    ours = {each for process in roots for each in holders.family(process)}
    places = {place for _, place in lent}
    found = [each for each in holders.holders(disk.number, ours=ours) if each.mount not in places]
    through = [user for _, place in lent for user in holders.users(place, ours=ours)]
    return list(dict.fromkeys(found + through))


def refusal(path: Path, held: Iterable[Holder]) -> DeviceBusy:
    """The error that names them all."""
    held = list(held)
    mount = held[0].what if len(held) == 1 and held[0].hold is Hold.MOUNT else ""
    return DeviceBusy(str(path), ", ".join(holder.what for holder in held), mount)


async def refuse_held(disk: Disk) -> None:
    """Raises DeviceBusy when somebody holds it."""
    held = await held_by(disk)
    if held:
        raise refusal(disk.node, held)


async def end(path: Path, held: Iterable[Holder]) -> None:
    """Unmounts, and asks programs to end. Raises AccessDenied, and DeviceBusy naming what cannot be ended.

    Nothing is killed: a program may have to ask its user about what is not saved.
    """
    held = list(held)
    for holder in held:
        if holder.hold is Hold.PROGRAM:
            await _terminate(path, holder)
    for holder in held:
        if holder.hold is Hold.MOUNT:
            await unmount(path, holder)
    left = [holder for holder in held if holder.hold not in holders.ENDABLE]
    if left:
        raise refusal(path, left)


async def unmount(path: Path, holder: Holder) -> None:
    """Raises DeviceBusy naming the programs that use the mount, AccessDenied."""
    from core.host import udisks_drive  # D-Bus takes longer to import than most commands take to run

    try:
        await udisks_drive.unmount(holder.source)
    except udisks_drive.Unavailable as absent:
        if os.geteuid() != 0:
            raise AccessDenied(str(path), str(absent)) from absent
        refused = await off_loop(_umount, holder.mount, undo=lambda _: None)
    except udisks_drive.Refused as error:
        refused = str(error.args[0])
    else:
        return
    if refused:
        using = await off_loop(holders.users, holder.mount, undo=lambda _: None)
        if using:
            raise refusal(path, using)
        raise AccessDenied(str(path), f"{holder.what} cannot be unmounted: {refused}")


async def switch_off(disk: Disk) -> str:
    """Cuts the power of a disk that nobody holds. Why that was not possible, for people; empty when it was.

    The disk can be pulled out then all the same. Raises DeviceBusy when somebody took it meanwhile.
    """
    from core.host import udisks_drive

    try:
        await udisks_drive.switch_off(disk.node)
    except udisks_drive.Unavailable as absent:
        return await off_loop(_take_off, disk, undo=lambda _: None) and shown(str(absent))
    except udisks_drive.Refused as error:
        await refuse_held(disk)
        return shown(str(error.args[0]))
    return ""


def _umount(mount: Path) -> str:
    """umount2(2); the kernel's word where it fails."""
    if _LIBC.umount2(os.fsencode(mount), 0) == 0:
        return ""
    return os.strerror(ctypes.get_errno())


def _take_off(disk: Disk) -> str:
    """Switches it off without udisks2, as root. The kernel's word where it fails.

    A disk that is alone on its USB device goes off the bus with it: the kernel empties the drive's cache and
    stops it first. Of a card reader only the card is ejected, and the other slots keep their power.
    """
    port = next((each for each in disk.sys.parents if (each / "bDeviceClass").exists()), None)
    try:
        if port is not None and _disks(port) > 1:
            _eject_medium(disk)
            return ""
        (disk.sys / "device" / "delete").write_text("1")
        if port is not None:
            (port / "remove").write_text("1")
    except OSError as error:
        return error.strerror or "refused"
    return ""


def _disks(port: Path) -> int:
    """How many disks hang on a USB device."""
    return sum(Path(folder).parent.name == "block" for folder, _, _ in os.walk(port) if "block" in folder)


def _eject_medium(disk: Disk) -> None:
    descriptor = os.open(disk.node, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(descriptor, _CDROMEJECT)
    finally:
        os.close(descriptor)


async def _terminate(path: Path, holder: Holder) -> None:
    """SIGTERM, through a descriptor: the number could be somebody else's by now."""
    try:
        watch = os.pidfd_open(holder.process)
    except ProcessLookupError:
        return
    try:
        if holders.program(holder.process) != holder:
            return
        signal.pidfd_send_signal(watch, signal.SIGTERM)
        await _exit(watch)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise AccessDenied(str(path), f"{holder.what}: {error.strerror}") from error
    except TimeoutError as error:
        raise refusal(path, [holder]) from error
    finally:
        os.close(watch)


async def _exit(watch: int) -> None:
    """Until the process is gone. A pidfd can be read then."""
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    loop.add_reader(watch, gone.set)
    try:
        async with asyncio.timeout(_ENDING):
            await gone.wait()
    finally:
        loop.remove_reader(watch)
