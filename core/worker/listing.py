"""What a folder holds, or once held, in replies that a packet holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

from core.entry import Deleted, Entry
from core.worker import protocol
from core.worker.protocol import Reply

T = TypeVar("T")


def listing(request: int, batches: Iterator[list[Entry]]) -> Iterator[Reply]:
    for batch in batches:
        rest = iter(batch)
        while piece := list(islice(rest, protocol.BATCH)):
            yield from _fitting(lambda entries: protocol.Entries(id=request, entries=entries), piece)


def exhuming(request: int, batches: Iterator[list[Deleted]]) -> Iterator[Reply]:
    for batch in batches:
        yield from _fitting(lambda deleted: protocol.Exhumed(id=request, deleted=deleted), batch)


def _fitting(reply_with: Callable[[list[T]], Reply], listed: list[T]) -> Iterator[Reply]:
    """One reply, or several when the names are so long that one packet would not hold them."""
    reply = reply_with(listed)
    if len(listed) > 1 and len(protocol.encode(reply)) > protocol.MAX_REPLY:
        half = len(listed) // 2
        yield from _fitting(reply_with, listed[:half])
        yield from _fitting(reply_with, listed[half:])
    else:
        yield reply
