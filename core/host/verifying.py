"""Reads a copied file again, from the stick and from the host, and compares the two."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import blake2b

from core.entry import Entry, Kind
from core.errors import Differs, MediumError, NotFound
from core.host.turns import Turn, at_once
from core.host.volume import Volume
from core.worker.protocol import MAX_READ

_PIECES = 8
"""Requests to the stick at once; so many pieces are held in memory."""


async def compare(
    volume: Volume,
    entry: Entry,
    read: Callable[[int, int], Awaitable[bytes]],
    moved: Callable[[int], None] = lambda done: None,
    turn: Turn = at_once,
) -> str:
    """The BLAKE2b digest, in hex, that both sides have; `read(offset, length)` reads the host's.

    `moved` hears the bytes compared so far; nothing goes on while `turn` does not return. Raises Differs for
    the piece that differs, and what reading raises.
    """
    digest = blake2b()
    for offset in range(0, entry.size, _PIECES * MAX_READ):
        end = min(entry.size, offset + _PIECES * MAX_READ)
        starts = range(offset, end, MAX_READ)
        pieces = await asyncio.gather(
            *(volume.read(entry.node, start, min(MAX_READ, end - start)) for start in starts)
        )
        theirs = b"".join(pieces)
        must_be_same(theirs, await read(offset, end - offset), offset)
        digest.update(theirs)
        moved(end)
        await turn()
    return digest.hexdigest()


def must_be_same(theirs: bytes, ours: bytes, offset: int = 0) -> None:
    """Raises Differs from the first byte that is not, for pieces of a file from `offset` on."""
    if theirs != ours:
        pairs = enumerate(zip(theirs, ours, strict=False))
        same = next((number for number, (one, other) in pairs if one != other), min(len(theirs), len(ours)))
        raise Differs(offset + same, max(len(theirs), len(ours)) - same)


async def found(
    volume: Volume, parent: int, name: str, size: int, read: Callable[[int, int], Awaitable[bytes]]
) -> Entry | None:
    """The file of that name in a folder, if it is one with just these bytes. Raises as `compare` else."""
    try:
        there = await volume.lookup(parent, name)
        if there.kind is not Kind.FILE or there.size != size:
            return None
        await compare(volume, there, read)
    except (NotFound, MediumError):
        return None
    return there
