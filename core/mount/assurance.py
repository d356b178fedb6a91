"""Whether what was read of a file is still its own, while somebody else changes the volume.

A place of the medium that was a file's may be given to another one at any moment of a change. So the medium
is looked at once more after the bytes were read, by a driver that remembers nothing: what the file has now,
it had when they were read.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Coroutine
from typing import Any

from core.entry import Entry
from core.host.volume import Volume
from core.mount.bridge import Bridge, failure
from core.mount.places import ZEROS, Bounds, Extent, Known, located
from core.mount.tree import Tree

Fresh = Callable[[], Coroutine[Any, Any, Volume]]
"""Opens the volume anew. Whoever calls it closes what it brings."""


class Assurance:
    """Called by threads of libfuse. Raises OSError."""

    def __init__(self, bridge: Bridge, bounds: Bounds, fresh: Fresh) -> None:
        self._bridge = bridge
        self._bounds = bounds
        self._fresh = fresh

    def check(self, path: str, entry: Entry, known: Known, offset: int, length: int) -> None:
        """Raises ESTALE unless the file at `path` is the one of `entry`, with `length` bytes of it from
        `offset` on where they are known to lie."""
        volume = self._bridge.ask(self._fresh())
        try:
            found = find_again(Tree(volume, self._bridge), path, entry)
            if length:
                extents = self._bridge.ask(located(volume, found.node, offset, self._bounds))
                now = Known()
                now.add(extents or [])
                if extents is not None and not _alike(known, now, offset, length):
                    raise failure(errno.ESTALE)
        finally:
            self._bridge.ask(volume.close())


def find_again(tree: Tree, path: str, entry: Entry) -> Entry:
    """What is at a path now, if that is still the same file. Raises ESTALE if not."""
    try:
        found = tree.entry(path)
    except OSError as error:
        gone = error.errno in (errno.ENOENT, errno.ENOTDIR)
        raise failure(errno.ESTALE if gone else errno.EIO) from error
    if (found.kind, found.size, found.modified) != (entry.kind, entry.size, entry.modified):
        raise failure(errno.ESTALE)
    return found


def _alike(before: Known, now: Known, offset: int, length: int) -> bool:
    """Whether these bytes of a file lie at the same places."""
    end = offset + length
    while offset < end:
        old, new = before.at(offset), now.at(offset)
        if old is None or new is None or _position(old, offset) != _position(new, offset):
            return False
        offset = min(old.offset + old.length, new.offset + new.length)
    return True


def _position(extent: Extent, offset: int) -> int:
    return ZEROS if extent.position == ZEROS else extent.position + offset - extent.offset
