"""The bytes of files for commands that look at them, on a stick or on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from core.entry import Entry
from core.errors import HostReadFailed, MediumError
from core.host.volume import Volume

PIECE = 128 * 1024


async def bytes_of(volume: Volume, entry: Entry) -> AsyncIterator[bytes]:
    """A file of a stick in pieces. Raises as Volume.read, MediumError where it is shorter than it says."""
    offset = 0
    while True:
        piece = await volume.read(entry.node, offset, PIECE)
        if not piece:
            break
        yield piece
        offset += len(piece)
    if offset < entry.size:
        raise MediumError(offset, entry.size - offset)


async def bytes_here(path: Path) -> AsyncIterator[bytes]:
    """A file of this machine in pieces. Raises HostReadFailed."""
    try:
        with await asyncio.to_thread(path.open, "rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece
    except OSError as error:
        raise HostReadFailed(str(path), error.errno or 0) from error
