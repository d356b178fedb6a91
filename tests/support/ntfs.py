"""NTFS volumes made by mkntfs and filled through ntfs-3g, and single bytes of them changed where no tool would.

What is changed here follows the documentation of the format and shares no declaration with the driver.
"""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.disks import run, sparse, tool

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
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip("needs FUSE (/dev/fuse)")
    folder = image.with_name(image.name + ".mounted")
    folder.mkdir(exist_ok=True)
    ended, lives = os.pipe()
    chosen = ",".join(("compression", "streams_interface=xattr", *options))
    done = subprocess.run(
        [tool(program), "-o", chosen, str(image), str(folder)],
        capture_output=True,
        text=True,
        pass_fds=(lives,),
        check=False,
    )
    os.close(lives)
    try:
        if done.returncode != 0:
            pytest.skip(f"{program}: {done.stderr.strip()}")
        try:
            yield folder
        finally:
            run("umount", folder)
            os.read(ended, 1)  # it goes on writing, and holds its end of the pipe for so long
    finally:
        os.close(ended)


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
