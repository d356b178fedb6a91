"""NTFS volumes made by mkntfs and filled through ntfs-3g, and bytes of them changed where no tool would.

What is changed here follows the documentation of the format and shares no declaration with the driver.
"""

from __future__ import annotations

import contextlib
import os
import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from core.entry import Kind
from tests.support.disks import run, sparse
from tests.support.host_trees import found_below
from tests.support.mounts import served

ROOT = 5
ATTRIBUTES = "system.ntfs_attrib_be"
REPARSE = "system.ntfs_reparse_data"
SHORT_NAME = "system.ntfs_dos_name"
COMPRESSED = 0x800


def blank_ntfs(path: Path, size: int, *options: str) -> Path:
    """A freshly made volume that takes all of a sparse image."""
    sparse(path, size)
    run("mkntfs", "-Q", "-F", "-q", *options, path)
    return path


@contextlib.contextmanager
def mounted(image: Path, *options: str, program: str = "ntfs-3g") -> Iterator[Path]:
    """The volume as ntfs-3g shows it, writable. Skips where there is no FUSE for this user."""
    chosen = ",".join(("compression", "streams_interface=xattr", *options))
    with served(image, program, "-o", chosen, str(image)) as folder:
        yield folder


def set_attributes(path: Path, attributes: int) -> None:
    """DOS attributes. Of a folder, COMPRESSED makes what is created in it compressed."""
    os.setxattr(path, ATTRIBUTES, attributes.to_bytes(4, "big"), follow_symlinks=False)


def set_reparse(path: Path, tag: int, data: bytes) -> None:
    os.setxattr(path, REPARSE, struct.pack("<IHH", tag, len(data), 0) + data, follow_symlinks=False)


def link_data(target: str, shown: str, relative: bool | None = None) -> bytes:
    """The data of a junction, or of a symbolic link where `relative` says of which kind."""
    first, second = target.encode("utf-16-le"), shown.encode("utf-16-le")
    flags = b"" if relative is None else struct.pack("<I", relative)
    places = struct.pack("<4H", 0, len(first), len(first) + 2, len(second))
    return places + flags + first + b"\0\0" + second + b"\0\0"


class Seen(NamedTuple):
    """What a person can know of one file. `content` is a hash, or the target of a link."""

    kind: Kind
    size: int
    modified: int
    links: int
    content: str


def tree_of_mount(folder: Path) -> dict[str, Seen]:
    """Every file and folder as ntfs-3g shows it."""
    return {
        path: Seen(kind, size, status.st_mtime_ns, 1 if kind is Kind.DIRECTORY else status.st_nlink, content)
        for path, status, kind, size, content in found_below(folder)
    }


def words(chance: random.Random, length: int) -> bytes:
    """Text that compresses as text does."""
    some = [chance.randbytes(chance.randrange(1, 6)).hex().encode() for _ in range(300)]
    return b" ".join(chance.choice(some) for _ in range(length // 3))[:length]


def fill(volume: Path) -> None:
    """Files of every kind and size that a driver may trip over."""
    chance = random.Random(1)
    for size in (0, 1, 300, 600, 700, 760, 1000, 4096, 4097, 65_536, 65_537, 300_000):
        (volume / f"of {size} bytes").write_bytes(chance.randbytes(size))
    fill_packed(volume / "packed", chance)
    with (volume / "sparse").open("wb") as file:
        for place in (0, 70_000, 500_000, 9_000_000):
            file.seek(place)
            file.write(chance.randbytes(5000))
        file.truncate(20_000_000)
    with (volume / "one in pieces").open("wb", 0) as one, (volume / "other in pieces").open("wb", 0) as other:
        for _ in range(400):
            for file in (one, other):
                file.write(chance.randbytes(4096))
                os.fsync(file.fileno())
    (volume / "many").mkdir()
    for number in range(800):
        name = f"{number:05} has a name long enough to fill blocks with"
        (volume / "many" / name).write_bytes(b"x" * (number % 900))
    os.link(volume / "of 300 bytes", volume / "many" / "hard link")
    os.link(volume / "of 300 bytes", volume / "hard link")
    (volume / "link").symlink_to("many/hard link")
    (volume / "long link").symlink_to("../" + "t" * 250)
    (volume / "a/b/c/d/e").mkdir(parents=True)
    (volume / "a/b/c/d/e/deep").write_bytes(b"deep")
    (volume / "Grüße naïve 日本語 😀").write_bytes(b"unicode")
    (volume / ("n" * 255)).write_bytes(b"long")
    os.mknod(volume / "device", 0o060666, os.makedev(8, 1))
    for place in (volume / "of 0 bytes", volume / "many", volume / "packed" / "text of 5000"):
        os.utime(place, ns=(1_000_000_000_000_000_000, 1_234_567_890_123_456_700))


def fill_packed(folder: Path, chance: random.Random) -> None:
    """Compressed files, or as good as that where clusters are too large for it."""
    folder.mkdir()
    set_attributes(folder, COMPRESSED)
    for size in (1, 600, 5000, 65_535, 65_536, 65_537, 400_000):
        (folder / f"text of {size}").write_bytes(words(chance, size))
        (folder / f"noise of {size}").write_bytes(chance.randbytes(size))
        (folder / f"zeros of {size}").write_bytes(bytes(size))
    (folder / "runs").write_bytes(b"".join(b"a" * 1000 + chance.randbytes(50) for _ in range(300)))
    kinds = (lambda: words(chance, 70_000), lambda: chance.randbytes(70_000), lambda: bytes(70_000))
    (folder / "mixed").write_bytes(b"".join(kinds[number % 3]() for number in range(12)))
    with (folder / "holes").open("wb") as file:
        for place in (0, 300_000, 5_000_000):
            file.seek(place)
            file.write(words(chance, 10_000))
        file.truncate(6_000_000)
