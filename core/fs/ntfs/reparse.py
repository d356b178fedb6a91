"""Reparse points: files that stand for something else. [MS-FSCC] section 2.1.2."""

from __future__ import annotations

from struct import Struct as Packed
from typing import NamedTuple

from core.entry import Kind
from core.errors import CorruptStructure, RumpusError, UnsupportedFeature
from core.fs.ntfs.names import shown

LONGEST = 16 * 1024
"""Bytes of reparse data that Windows allows."""
_HEAD = Packed("<IHH")
_NAMES = Packed("<HHHH")
"""Place and length of the target, and of how it is to be shown."""

MOUNT_POINT, SYMLINK, LINUX_SYMLINK = 0xA0000003, 0xA000000C, 0xA000001D
OVERLAY = 0x80000017
_RELATIVE = 0x1
_IS_CLOUD, _CLOUD = 0xFFFF0FFF, 0x9000001A
_SPECIAL = {
    0x80000023: "socket",
    0x80000024: "FIFO",
    0x80000025: "character device",
    0x80000026: "block device",
}
_TAGS = {
    MOUNT_POINT: "junction",
    SYMLINK: "symbolic link",
    LINUX_SYMLINK: "symbolic link of Linux",
    OVERLAY: "system compression",
    0x80000013: "deduplication",
    0x8000001B: "application link",
    0x80000007: "single instance",
    0xC0000004: "hierarchical storage",
    0x80000006: "hierarchical storage",
    **_SPECIAL,
}
_OVERLAY_OF_FILES = 2
"""The provider that packs a file into a stream of its own; another keeps many files in an archive."""
_OFFLINE = 0x1000 | 0x40000 | 0x400000
"""DOS attributes of files whose bytes are elsewhere."""
_PREFIXES = ("\\??\\", "\\\\?\\", "\\\\.\\")


class Point(NamedTuple):
    tag: int
    data: bytes
    position: int

    @property
    def name(self) -> str:
        if self.tag & _IS_CLOUD == _CLOUD:
            return "cloud file"
        return _TAGS.get(self.tag, f"reparse tag {self.tag:#010x}")


def parsed(raw: bytes, position: int) -> Point:
    """Raises CorruptStructure."""
    if len(raw) >= _HEAD.size:
        tag, length, _ = _HEAD.unpack_from(raw)
        if _HEAD.size + length <= len(raw):
            return Point(tag, raw[_HEAD.size : _HEAD.size + length], position)
    raise CorruptStructure("reparse point", position, "its data inside the attribute", f"{len(raw)} bytes")


def kind(point: Point, is_directory: bool, attributes: int) -> tuple[Kind, RumpusError | None]:
    """What a person sees it as, and what keeps it from being read."""
    tag = point.tag
    if tag in (MOUNT_POINT, SYMLINK, LINUX_SYMLINK):
        return Kind.SYMLINK, None
    if tag in _SPECIAL:
        return Kind.OTHER, None
    if tag & _IS_CLOUD == _CLOUD:
        if is_directory:
            return Kind.DIRECTORY, None
        away = attributes & _OFFLINE
        return Kind.FILE, UnsupportedFeature("a file that is kept in the cloud only") if away else None
    if tag == OVERLAY and not is_directory:
        if overlay_method(point) is None:
            return Kind.FILE, UnsupportedFeature(f"{point.name} in an archive")
        return Kind.FILE, None
    return Kind.OTHER, UnsupportedFeature(point.name)


def overlay_method(point: Point) -> int | None:
    """By which method the system packed a file into a stream of its own, None where it did not."""
    if point.tag != OVERLAY or len(point.data) < 16:
        return None
    provider = int.from_bytes(point.data[4:8], "little")
    return int.from_bytes(point.data[12:16], "little") if provider == _OVERLAY_OF_FILES else None


def target(point: Point) -> str:
    """Where a link leads, with slashes. Raises CorruptStructure."""
    if point.tag == LINUX_SYMLINK:
        return point.data[4:].decode("utf-8", "backslashreplace").replace("\0", "\\x00")
    start = _NAMES.size + (4 if point.tag == SYMLINK else 0)
    if len(point.data) < start:
        raise _corrupt(point, f"{len(point.data)} bytes")
    at, length, shown_at, shown_length = _NAMES.unpack_from(point.data)
    relative = point.tag == SYMLINK and int.from_bytes(point.data[8:12], "little") & _RELATIVE
    if not length:
        at, length = shown_at, shown_length
    names = point.data[start:]
    if at + length > len(names) or length & 1 or not length:
        raise _corrupt(point, f"{length} bytes at {at}")
    text = shown(names[at : at + length]).replace("\0", "\\x00")
    return _with_slashes(text, bool(relative))


def _with_slashes(text: str, relative: bool) -> str:
    if not relative:
        for prefix in _PREFIXES:
            if text.startswith(prefix):
                text = text[len(prefix) :]
                if text[:4].upper() == "UNC\\":
                    text = "\\\\" + text[4:]
                break
    return text.replace("\\", "/")


def _corrupt(point: Point, found: str) -> CorruptStructure:
    return CorruptStructure("reparse point", point.position, "a target inside it", found)
