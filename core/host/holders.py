"""Who holds a block device that cannot be opened exclusively: a mount, swap, a volume manager, a program."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from core.host.names import shown

_ESCAPE = re.compile(r"\\([0-7]{3})")


def holder(number: int, *, proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> str:
    """The holder of the device with that number (`st_rdev`), for people; empty when it is not known.

    A mount is named by its mount point. A whole disk is held by whoever holds one of its partitions, and a
    partition by whoever holds the disk. Of programs only those can be seen that this user may look into.
    """
    names, built = _related(number, sys)
    found = _mounted(names, proc) or _swapped(names, proc) or next(iter(built), "") or _running(names, proc)
    return shown(found)


def _related(number: int, sys: Path) -> tuple[dict[str, str], list[str]]:
    """Names by "major:minor" of a device, its partitions, its disk and what is built on them; the last apart.

    Built on a device are encrypted volumes, RAID and LVM, with the name that the device mapper gave them.
    """
    root = (sys / "dev" / "block" / _numbers(number)).resolve()
    names: dict[str, str] = {_numbers(number): root.name}
    built: list[str] = []
    if _read(root / "partition"):
        # The disk itself, but not its other partitions: they may be held without being in the way.
        names[_read(root.parent / "dev")] = root.parent.name
    todo, seen = [root], set[Path]()
    while todo:
        device = todo.pop(0)
        if device in seen:
            continue
        seen.add(device)
        name = _read(device / "dm" / "name") or device.name
        names[_read(device / "dev")] = name
        if device != root and not _read(device / "partition"):
            built.append(name)
        todo += [child for child in _children(device) if _read(child / "partition")]
        todo += [child.resolve() for child in _children(device / "holders")]
    return names, built


def _mounted(names: dict[str, str], proc: Path) -> str:
    """The mount point of one of the devices. mountinfo is described in proc(5)."""
    for line in _read(proc / "self" / "mountinfo").splitlines():
        place, _, source = line.partition(" - ")
        fields, sources = place.split(" "), source.split(" ")
        if len(fields) < 5 or len(sources) < 2:
            continue
        # btrfs shows a number of its own, but names its device.
        if fields[2] in names or Path(sources[1]).name in names.values():
            return _unescaped(fields[4])
    return ""


def _swapped(names: dict[str, str], proc: Path) -> str:
    for line in _read(proc / "swaps").splitlines()[1:]:
        if Path(_unescaped(line.split(" ")[0])).name in names.values():
            return "swap"
    return ""


def _running(names: dict[str, str], proc: Path) -> str:
    for process in _children(proc):
        if not process.name.isdecimal():
            continue
        for descriptor in _children(process / "fd"):
            try:
                if not descriptor.readlink().is_relative_to("/dev"):
                    continue
                opened = descriptor.stat()
            except OSError:
                continue  # it went away while we looked
            if stat.S_ISBLK(opened.st_mode) and _numbers(opened.st_rdev) in names:
                return f"{_read(process / 'comm')} (process {process.name})"
    return ""


def _numbers(number: int) -> str:
    return f"{os.major(number)}:{os.minor(number)}"


def _unescaped(path: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), path)


def _children(folder: Path) -> list[Path]:
    """Sorted; none where it cannot be read, which in /proc and /sys is an everyday answer."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="surrogateescape").strip()
    except OSError:
        return ""
