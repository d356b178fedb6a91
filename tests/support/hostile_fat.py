"""A FAT16 stick with what strangers' sticks have: damage, and names that are not what they seem."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from tests.support.fat import blank_fat, mtools

MANY = 160
"""Files in the folder that breaks off."""
_SECTOR = 512
_WHEN = 1_794_478_476
"""2026-11-12 10:14:36 UTC, in seconds: pictures of it are the same each time."""


def hostile_stick(folder: Path) -> Path:
    """/half breaks off after some files; /broken.txt leads nowhere; names turn around and have markup."""
    image = blank_fat(folder / "hostile.img", 8 << 20, "-F", "16", "-s", "1", "-n", "STRANGE")
    source = folder / "source"
    half = source / "half"
    half.mkdir(parents=True)
    for number in range(MANY):
        (half / f"file {number}.txt").touch()
    (source / "broken.txt").write_text("lost")
    (source / "plain.txt").write_text("plain")
    (source / "invoice.pdf.exe").write_text("MZ")
    (source / "harm\u202egpj.exe").write_text("MZ")
    (source / "QbQ loud.txt").write_text("markup")
    (source / ".hidden").write_text("hidden")
    (source / "secret.txt").write_text("hidden too")
    for path in source.rglob("*"):
        os.utime(path, (_WHEN, _WHEN))
    for path in sorted(source.iterdir()):
        mtools("mcopy", image, "-s", "-m", path, "::/")
    mtools("mattrib", image, "+h", "::/secret.txt")
    content = bytearray(image.read_bytes())
    _lead_nowhere(content, b"BROKEN  TXT")
    _break_off(content, b"HALF       ", after=10)
    content = content.replace("QbQ".encode("utf-16-le"), "<b>".encode("utf-16-le"))
    image.write_bytes(content)
    return image


def _lead_nowhere(content: bytearray, name: bytes) -> None:
    """Gives a directory entry a first cluster beyond the end of the volume."""
    struct.pack_into("<H", content, content.index(name) + 26, 0xEEEE)


def _break_off(content: bytearray, name: bytes, after: int) -> None:
    """Ends the chain of a folder in a cluster that does not exist."""
    (reserved,) = struct.unpack_from("<H", content, 14)
    (cluster,) = struct.unpack_from("<H", content, content.index(name) + 26)
    table = reserved * _SECTOR
    for _ in range(after):
        (cluster,) = struct.unpack_from("<H", content, table + 2 * cluster)
    struct.pack_into("<H", content, table + 2 * cluster, 0xEEEE)
