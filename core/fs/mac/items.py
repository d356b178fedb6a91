"""What a catalog says of a file or folder, in words that HFS and HFS+ share."""

from __future__ import annotations

from typing import NamedTuple

from core.entry import Attribute
from core.fs.mac.forks import Fork

FINDER_PATH_ROOT, ROOT = 1, 2
"""The numbers of what the root folder lies in, and of the root folder itself."""
FIRST_USER = 16

INVISIBLE, ALIAS = 0x4000, 0x8000
_FINDER_FLAGS = {
    0x0001: "on desk",
    0x0040: "shared",
    0x0100: "initialised",
    0x0400: "custom icon",
    0x0800: "stationery",
    0x1000: "name locked",
    0x2000: "bundle",
    INVISIBLE: "invisible",
    ALIAS: "alias",
}
"""TN1150, "Finder Info", and Inside Macintosh: Macintosh Toolbox Essentials, "Finder Flags"."""


class Posix(NamedTuple):
    """TN1150, "HFS Plus Permissions". `special` is a link's target, a number of links or a device's."""

    uid: int
    gid: int
    admin_flags: int
    owner_flags: int
    mode: int
    special: int


class Item(NamedTuple):
    """A file or folder. Times in nanoseconds, sizes in bytes; `position` is where the record lies."""

    place: int
    position: int
    parent: int
    raw: bytes
    """The name as it stands on the volume."""
    is_folder: bool
    number: int
    created: int | None
    modified: int | None
    changed: int | None
    accessed: int | None
    backed_up: int | None
    locked: bool
    finder: int
    """The Finder's flags."""
    type: bytes
    creator: bytes
    data: Fork
    resource: Fork
    valence: int = 0
    posix: Posix | None = None


def attributes(item: Item) -> int:
    found = Attribute.HIDDEN if item.finder & INVISIBLE else 0
    return int(found | Attribute.READ_ONLY if item.locked else found)


def finder_facts(item: Item) -> list[tuple[str, str]]:
    """What the Finder keeps of an item, as facts."""
    flags = ", ".join(name for bit, name in _FINDER_FLAGS.items() if item.finder & bit)
    facts = [("Finder flags", flags)] if flags else []
    if item.is_folder:
        return facts
    if any(item.type) or any(item.creator):
        facts.insert(0, ("Type and creator", f"{_code(item.type)} {_code(item.creator)}"))
    if item.resource.size:
        facts.append(("Resource fork", f"{item.resource.size} bytes"))
    return facts


def _code(four: bytes) -> str:
    text = four.decode("mac_roman")
    return text if text.isprintable() else four.hex(" ")
