"""Damage done to FAT volumes on purpose, each kind with what it is about and where it shows."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from core.entry import FindingKind
from tests.support.fat import blank_fat, mtools

WIDTHS = {12: 1 << 20, 16: 5 << 20, 32: 36 << 20}
SECTOR = 512
FILES = ("one.txt", "a long name for two.txt", "folder/three.txt", "folder/inner/four.txt")
CONTENTS = {
    name: b"".join(b"%03d%d\n" % (number, place) for number in range(1000))
    for place, name in enumerate(FILES)
}
CONTENT = b"x" * 5000
"""Of files that come later."""


class Image:
    """A volume of clusters of one sector with some files, to be damaged byte by byte."""

    def __init__(self, path: Path, width: int) -> None:
        self.path = blank_fat(path, WIDTHS[width], "-F", str(width), "-s", "1", "-n", "HOLIDAY")
        self.width = width
        content = path.with_name("content")
        mtools("mmd", self.path, "::/folder", "::/folder/inner")
        for name in FILES:
            content.write_bytes(CONTENTS[name])
            mtools("mcopy", self.path, content, f"::/{name}")
        content.write_bytes(CONTENT)
        data = self.path.read_bytes()
        self.reserved = struct.unpack_from("<H", data, 14)[0] * SECTOR
        short, wide = struct.unpack_from("<H", data, 22)[0], struct.unpack_from("<I", data, 36)[0]
        self.table_size = (short or wide) * SECTOR

    def entry(self, name: bytes) -> int:
        """Where the directory entry with that short name lies."""
        return self.path.read_bytes().index(name)

    def first(self, name: bytes) -> int:
        at = self.entry(name)
        data = self.path.read_bytes()
        high = struct.unpack_from("<H", data, at + 20)[0] if self.width == 32 else 0
        return struct.unpack_from("<H", data, at + 26)[0] | high << 16

    def put(self, at: int, data: bytes) -> None:
        with self.path.open("r+b") as file:
            file.seek(at)
            file.write(data)

    def link(self, cluster: int, value: int, tables: int = 2) -> None:
        """Sets an entry of the allocation table in both copies."""
        for table in range(tables):
            start = self.reserved + table * self.table_size
            if self.width == 12:
                data = self.path.read_bytes()
                at = start + cluster * 3 // 2
                old = struct.unpack_from("<H", data, at)[0]
                new = old & 0x000F | value << 4 if cluster & 1 else old & 0xF000 | value & 0xFFF
                self.put(at, struct.pack("<H", new & 0xFFFF))
            else:
                form = "<H" if self.width == 16 else "<I"
                self.put(start + cluster * self.width // 8, struct.pack(form, value & (1 << self.width) - 1))


def _lost(image: Image) -> None:
    mtools("mcopy", image.path, image.path.with_name("content"), "::/lost.txt")
    image.put(image.entry(b"LOST    TXT"), b"\xe5")


def _shared(image: Image) -> None:
    image.put(image.entry(b"THREE   TXT") + 26, struct.pack("<H", image.first(b"ONE     TXT")))


def _too_short(image: Image) -> None:
    image.link(image.first(b"ONE     TXT") + 3, 0xFFFFFFF)


def _too_long(image: Image) -> None:
    image.put(image.entry(b"ONE     TXT") + 28, struct.pack("<I", 100))


def _circle(image: Image) -> None:
    first = image.first(b"ONE     TXT")
    image.link(first + 5, first)


def _tables(image: Image) -> None:
    image.link(image.first(b"ONE     TXT") + 9, 0xFFFFFF8 + 1, tables=1)


def _twice(image: Image) -> None:
    mtools("mcopy", image.path, image.path.with_name("content"), "::/ONE2.TXT")
    image.put(image.entry(b"ONE2    TXT"), b"ONE     TXT")


def _name(image: Image) -> None:
    image.put(image.entry(b"ONE     TXT"), b"O\x01E")


def _parent(image: Image) -> None:
    at = image.entry(b"INNER      ")
    cluster = image.first(b"INNER      ")
    data = image.path.read_bytes()
    dots = data.index(b"..         ", at)
    while struct.unpack_from("<H", data, dots - 32 + 26)[0] != cluster:
        dots = data.index(b"..         ", dots + 1)
    image.put(dots + 26, struct.pack("<H", cluster + 1))


def _short_twice(image: Image) -> None:
    """Two entries whose long names differ have the same 8.3 name."""
    content = image.path.with_name("content")
    content.write_bytes(CONTENTS["a long name for two.txt"])
    mtools("mcopy", image.path, content, "::/b long name for two.txt")
    data = image.path.read_bytes()
    slot = data.index(b"BLONGN~1")
    first = data.index(b"ALONGN~1")
    old, new = _sum(data[slot : slot + 11]), data[first : first + 11]
    image.put(slot, new)
    for piece in (slot - 32, slot - 64):
        assert data[piece + 13] == old
        image.put(piece + 13, bytes([_sum(new)]))


def _sum(short: bytes) -> int:
    total = 0
    for byte in short:
        total = ((total & 1) << 7) + (total >> 1) + byte & 0xFF
    return total


def _information(image: Image) -> None:
    image.put(SECTOR, b"\0")


def _boot(image: Image) -> None:
    image.put(11, b"\0\3")


def _backup(image: Image) -> None:
    image.put(6 * SECTOR + 3, b"other")


def _count(image: Image) -> None:
    image.put(SECTOR + 488, struct.pack("<I", 7))


def _dirty(image: Image) -> None:
    image.put(65 if image.width == 32 else 37, b"\1")


def _in_use(image: Image) -> None:
    image.link(1, {12: 0xFFF, 16: 0x3FFF, 32: 0x03FFFFFF}[image.width])


def _pieces(image: Image) -> None:
    at = image.path.read_bytes().index("a long name f".encode("utf-16-le")[:10])
    image.put(at - 1 - 32, b"\xe5")


def _piece_type(image: Image) -> None:
    at = image.path.read_bytes().index("a long name f".encode("utf-16-le")[:10])
    image.put(at + 11, b"\7")


def _wrong_sum(image: Image) -> None:
    image.put(image.entry(b"ALONGN"), b"B")


def _outside(image: Image) -> None:
    image.put(image.entry(b"ONE     TXT") + 26, b"\xee\xee")
    image.put(image.entry(b"ONE     TXT") + 20, b"\xee\x0e" if image.width == 32 else b"\0\0")


def _folder_outside(image: Image) -> None:
    image.put(image.entry(b"INNER      ") + 26, b"\xee\xee")
    image.put(image.entry(b"INNER      ") + 20, b"\xee\x0e" if image.width == 32 else b"\0\0")


def _folder_size(image: Image) -> None:
    image.put(image.entry(b"INNER      ") + 28, b"\1")


def _folder_twice(image: Image) -> None:
    """A folder's entry leads to the folder that it lies in."""
    image.put(image.entry(b"INNER      ") + 26, struct.pack("<H", image.first(b"FOLDER     ")))


def _folder_shared(image: Image) -> None:
    image.put(image.entry(b"FOUR    TXT") + 26, struct.pack("<H", image.first(b"INNER      ")))


def _no_folder(image: Image) -> None:
    """A file's entry says that it is a folder."""
    image.put(image.entry(b"THREE   TXT") + 11, b"\x10")


def _label(image: Image) -> None:
    image.put(image.entry(b"THREE   TXT") + 11, b"\x28")


def _early_end(image: Image) -> None:
    """Zeros where an entry was hide those behind it."""
    mtools("mcopy", image.path, image.path.with_name("content"), "::/ZERO.TXT")
    mtools("mcopy", image.path, image.path.with_name("content"), "::/BEHIND.TXT")
    image.put(image.entry(b"ZERO    TXT"), bytes(32))


def _first_entry(image: Image) -> None:
    start = image.reserved
    image.put(start, b"\0")


def _many(image: Image) -> None:
    """Several at once, as a stick that was pulled out while it was written has them."""
    for do in (_dirty, _lost, _too_short, _parent, _folder_size, _piece_type):
        do(image)


class Damage(NamedTuple):
    kind: FindingKind
    path: str
    """"" where it does not matter."""
    do: Callable[[Image], None]
    loses: frozenset[str] = frozenset()
    """Files that are not as before once it is repaired."""
    widths: tuple[int, ...] = (12, 16, 32)


_ONE, _THREE = frozenset({"one.txt"}), frozenset({"folder/three.txt"})
DAMAGES = {
    "lost": Damage(FindingKind.LOST, "", _lost),
    "shared": Damage(FindingKind.SHARED, "/folder/three.txt", _shared, _THREE),
    "too short": Damage(FindingKind.TOO_SHORT, "/one.txt", _too_short, _ONE),
    "too long": Damage(FindingKind.TOO_LONG, "/one.txt", _too_long, _ONE),
    "circle": Damage(FindingKind.CHAIN, "/one.txt", _circle, _ONE),
    "tables": Damage(FindingKind.TABLES_DIFFER, "", _tables),
    "twice": Damage(FindingKind.NAME_TWICE, "/ONE.TXT", _twice),
    "short twice": Damage(FindingKind.NAME_TWICE, "/b long name for two.txt", _short_twice),
    "name": Damage(FindingKind.ENTRY, "", _name, _ONE),
    "parent": Damage(FindingKind.PARENT, "/folder/inner", _parent),
    "information": Damage(FindingKind.BOOT_SECTOR, "", _information, widths=(32,)),
    "boot sector": Damage(FindingKind.BOOT_SECTOR, "", _boot, widths=(32,)),
    "backup": Damage(FindingKind.BOOT_SECTOR, "", _backup, widths=(32,)),
    "count": Damage(FindingKind.FREE_COUNT, "", _count, widths=(32,)),
    "dirty": Damage(FindingKind.NOT_CLEAN, "", _dirty),
    "in use": Damage(FindingKind.NOT_CLEAN, "", _in_use, widths=(16, 32)),
    "pieces": Damage(FindingKind.NAME_PIECES, "/", _pieces, frozenset({"a long name for two.txt"})),
    "piece type": Damage(FindingKind.NAME_PIECES, "/", _piece_type),
    "wrong sum": Damage(FindingKind.ENTRY, "", _wrong_sum, frozenset({"a long name for two.txt"})),
    "outside": Damage(FindingKind.ENTRY, "/one.txt", _outside, _ONE),
    "folder outside": Damage(
        FindingKind.ENTRY, "/folder/inner", _folder_outside, frozenset({"folder/inner/four.txt"})
    ),
    "folder size": Damage(FindingKind.ENTRY, "/folder/inner", _folder_size),
    "folder twice": Damage(
        FindingKind.SHARED, "/folder/inner", _folder_twice, frozenset({"folder/inner/four.txt"})
    ),
    "folder shared": Damage(
        FindingKind.SHARED, "/folder/inner/four.txt", _folder_shared, frozenset({"folder/inner/four.txt"})
    ),
    "no folder": Damage(FindingKind.PARENT, "/folder/three.txt", _no_folder),
    "label": Damage(FindingKind.ENTRY, "/folder", _label),
    "early end": Damage(FindingKind.BEHIND_END, "/", _early_end),
    "first entry": Damage(FindingKind.TABLES_DIFFER, "", _first_entry),
    "many": Damage(FindingKind.TOO_SHORT, "/one.txt", _many, _ONE),
}
