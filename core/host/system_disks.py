"""The disks that this system itself runs from: even on USB they are no sticks."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

_ITS_OWN = re.compile(
    r"/|/(home|nix|opt|srv)"
    r"|/(boot|efi|usr|var|etc|cdrom|isodevice|lib/live|run/live|run/initramfs|run/archiso)(/.*)?"
)
"""Mount points that a system has for itself, a live system's among them. A stick is mounted elsewhere."""
_ESCAPE = re.compile(r"\\([0-7]{3})")


def system_disks(*, proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> frozenset[Path]:
    """Their places in sysfs: whole disks, also those below encryption, RAID and volume managers."""
    todo = [device for device in _in_use(proc, sys) if device.exists()]
    disks, seen = set[Path](), set[Path]()
    while todo:
        device = todo.pop()
        if device in seen:
            continue
        seen.add(device)
        if (device / "partition").exists():
            todo.append(device.parent)
            continue
        disks.add(device)
        todo += [slave.resolve() for slave in _children(device / "slaves")]
    return frozenset(disks)


def holds_the_system(path: Path, *, proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> bool:
    """Whether a path leads to such a disk or to a partition of one. Looks at files: not in an event loop."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return False
    if not stat.S_ISBLK(found.st_mode):
        return False
    number = f"{os.major(found.st_rdev)}:{os.minor(found.st_rdev)}"
    device = (sys / "dev" / "block" / number).resolve()
    disk = device.parent if (device / "partition").exists() else device
    return disk in system_disks(proc=proc, sys=sys)


def _in_use(proc: Path, sys: Path) -> Iterator[Path]:
    """What is mounted for the system, or swapped to. Both files are described in proc(5)."""
    for line in _lines(proc / "self" / "mountinfo"):
        place, _, source = line.partition(" - ")
        fields, sources = place.split(" "), source.split(" ")
        if len(fields) >= 5 and len(sources) >= 2 and _ITS_OWN.fullmatch(_unescaped(fields[4])):
            yield (sys / "dev" / "block" / fields[2]).resolve()
            yield from _named(_unescaped(sources[1]), sys)  # btrfs has a number that is no device's
    for line in _lines(proc / "swaps")[1:]:
        yield from _named(_unescaped(line.split(" ")[0]), sys)


def _named(source: str, sys: Path) -> Iterator[Path]:
    if source.startswith("/dev/"):
        yield (sys / "class" / "block" / Path(source).resolve().name).resolve()


def _unescaped(path: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), path)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return []


def _children(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
