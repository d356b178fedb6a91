"""Folders of this machine, to be compared with what a driver shows of a copy of them."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from core.entry import Kind


def found_below(folder: Path) -> Iterator[tuple[str, os.stat_result, Kind, int, str]]:
    """Of all that is below it: path, status, kind, size of files in bytes, and a hash or a link's target."""
    for where, folders, files in os.walk(folder):
        for name in folders + files:
            path = Path(where) / name
            status = path.lstat()
            kind, size, content = Kind.OTHER, 0, ""
            if stat.S_ISDIR(status.st_mode):
                kind = Kind.DIRECTORY
            elif stat.S_ISLNK(status.st_mode):
                kind, content = Kind.SYMLINK, str(path.readlink())
            elif stat.S_ISREG(status.st_mode):
                kind, size = Kind.FILE, status.st_size
                content = hashlib.sha256(path.read_bytes()).hexdigest()
            yield str(path.relative_to(folder)), status, kind, size, content
