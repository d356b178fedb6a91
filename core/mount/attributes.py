"""An entry of a volume as stat(2) has it."""

from __future__ import annotations

import stat
from typing import NamedTuple

from core.entry import Attribute, Entry, Kind, Zone
from core.host.clocks import host_time
from core.mount.options import Options

_TYPES = {
    Kind.FILE: stat.S_IFREG,
    Kind.DIRECTORY: stat.S_IFDIR,
    Kind.SYMLINK: stat.S_IFLNK,
    Kind.OTHER: stat.S_IFSOCK,  # nothing stands behind it: opening fails, and waits for nobody
}
_USUAL = {Kind.FILE: 0o666, Kind.DIRECTORY: 0o777, Kind.SYMLINK: 0o777, Kind.OTHER: 0o000}
_WRITE = 0o222
_BLOCK = 512
_FARTHEST = 2**62
"""Nanoseconds: times beyond it (146 years from 1970) would not survive every program."""


class Attributes(NamedTuple):
    """`modified` in nanoseconds since 1970 UTC."""

    inode: int
    mode: int
    size: int
    blocks: int
    modified: int


def inode_of(node: int) -> int:
    """Stable while the volume is what it is. No file of the host has the number 0, and some roots do."""
    return node + 1


def attributes_of(entry: Entry, options: Options, zone: Zone) -> Attributes:
    """What the host is told of an entry. Nobody gets rights that the mount does not give."""
    mode = _USUAL[entry.kind] if entry.mode is None else entry.mode & 0o777
    if entry.kind is not Kind.SYMLINK:
        if entry.mode is None:
            mode &= ~options.umask
        if not options.writable or entry.attributes & Attribute.READ_ONLY:
            mode &= ~_WRITE
    modified = host_time(entry.modified, zone) or 0
    size = 0 if entry.kind is Kind.DIRECTORY else entry.size
    return Attributes(
        inode_of(entry.node),
        _TYPES[entry.kind] | mode,
        size,
        -(-size // _BLOCK),
        max(-_FARTHEST, min(modified, _FARTHEST)),
    )
