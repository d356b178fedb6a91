"""Who holds a block device: a mount, swap, a volume manager, a program; each so that it can be ended."""

from __future__ import annotations

import enum
import os
import re
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

from core.errors import DeviceBusy
from core.host.names import shown

_UDEV = frozenset({"(udev-worker)", "systemd-udevd", "udevd"})
_ESCAPE = re.compile(r"\\([0-7]{3})")


class Hold(enum.Enum):
    """In which way somebody holds a device, for people."""

    OURS = "in use here"
    """A copy or the like of this very program."""
    MOUNT = "mounted on"
    PROGRAM = "in use by"
    SWAP = "in use as"
    BUILT = "in use for"
    """An encrypted volume, RAID or LVM that is built on it."""


ENDABLE = frozenset({Hold.OURS, Hold.MOUNT, Hold.PROGRAM})
"""What may be ended for a person who asks for it."""


class Holder(msgspec.Struct, frozen=True):
    hold: Hold
    what: str
    """For people: a mount point, or a program with its process."""
    mount: Path = Path()
    """Of a MOUNT."""
    source: Path = Path()
    """The block device of a MOUNT."""
    process: int = 0
    """Of a PROGRAM."""
    passing: bool = False
    """Whether it is udev, which is done in a moment and is not to be ended."""


def holders(
    number: int,
    *,
    ours: Collection[int] = (),
    programs: bool = True,
    proc: Path = Path("/proc"),
    sys: Path = Path("/sys"),
) -> list[Holder]:
    """All who hold the device with that number (`st_rdev`), but not this process and those of `ours`.

    A whole disk is held by whoever holds one of its partitions, and a partition by whoever holds the disk. Of
    programs only those can be seen that this user may look into; without `programs` nobody looks.
    """
    names, built = _related(number, sys)
    mounts = list(_mounted(names, proc))
    found = mounts + ([Holder(Hold.SWAP, "swap")] if _swapped(names, proc) else [])
    found += [Holder(Hold.BUILT, shown(name)) for name in built]
    if programs:
        found += _running(names, [mount.mount for mount in mounts], ours, proc)
    return found


def holder(number: int, *, proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> Holder | None:
    """The one that is most likely in the way; None when nobody is known."""
    found = holders(number, proc=proc, sys=sys, programs=False) or holders(number, proc=proc, sys=sys)
    return found[0] if found else None


def busy(path: Path, number: int) -> DeviceBusy:
    """The error about a device that is held."""
    found = holder(number)
    mount = found.what if found is not None and found.hold is Hold.MOUNT else ""
    return DeviceBusy(str(path), found.what if found is not None else "", mount)


def program(process: int, proc: Path = Path("/proc")) -> Holder:
    """A process as a holder."""
    name = _read(proc / str(process) / "comm")
    what = shown(f"{name} (process {process})")
    return Holder(Hold.PROGRAM, what, process=process, passing=name in _UDEV)


def users(mount: Path, *, ours: Collection[int] = (), proc: Path = Path("/proc")) -> list[Holder]:
    """The programs that keep a mount from being taken away: a file open there, or at work in it."""
    return [program(int(process.name), proc) for process in _processes(ours, proc) if _uses(process, mount)]


def family(process: int, *, proc: Path = Path("/proc")) -> set[int]:
    """A process, those that it started, and so on."""
    found: set[int] = set()
    todo = [process]
    while todo:
        found.add(parent := todo.pop())
        for thread in _children(proc / str(parent) / "task"):
            todo += [child for child in map(int, _read(thread / "children").split()) if child not in found]
    return found


def _uses(process: Path, mount: Path) -> bool:
    places = [process / "cwd", process / "root", process / "exe", *_children(process / "fd")]
    return any(_leads_into(place, mount) for place in places)


def _leads_into(link: Path, folder: Path) -> bool:
    try:
        return link.readlink().is_relative_to(folder)
    except OSError:
        return False  # not ours to look at, or gone meanwhile


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


def _mounted(names: dict[str, str], proc: Path) -> Iterator[Holder]:
    """The mounts of one of the devices, the innermost first. mountinfo is described in proc(5)."""
    for line in reversed(_read(proc / "self" / "mountinfo").splitlines()):
        place, _, source = line.partition(" - ")
        fields, sources = place.split(" "), source.split(" ")
        if len(fields) < 5 or len(sources) < 2:
            continue
        # btrfs shows a number of its own, but names its device.
        if fields[2] in names or Path(sources[1]).name in names.values():
            point = _unescaped(fields[4])
            yield Holder(Hold.MOUNT, shown(point), mount=Path(point), source=Path(_unescaped(sources[1])))


def _swapped(names: dict[str, str], proc: Path) -> bool:
    lines = _read(proc / "swaps").splitlines()[1:]
    return any(Path(_unescaped(line.split(" ")[0])).name in names.values() for line in lines)


def _running(
    names: dict[str, str], mounts: list[Path], ours: Collection[int], proc: Path
) -> Iterator[Holder]:
    """Who has one of the devices open, or uses one of the mounts."""
    for process in _processes(ours, proc):
        opened = any(_is_one_of(descriptor, names) for descriptor in _children(process / "fd"))
        if opened or any(_uses(process, mount) for mount in mounts):
            yield program(int(process.name), proc)


def _is_one_of(descriptor: Path, names: dict[str, str]) -> bool:
    try:
        if not descriptor.readlink().is_relative_to("/dev"):
            return False
        opened = descriptor.stat()
    except OSError:
        return False  # it went away while we looked
    return stat.S_ISBLK(opened.st_mode) and _numbers(opened.st_rdev) in names


def _processes(ours: Collection[int], proc: Path) -> Iterator[Path]:
    for process in _children(proc):
        if process.name.isdecimal() and int(process.name) not in (os.getpid(), *ours):
            yield process


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
