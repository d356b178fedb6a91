"""Reads many very small files for one reply."""

from __future__ import annotations

import time
from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.errors import DeviceGone, MediumError, Reused, RumpusError
from core.fs.deleted import Remains
from core.fs.driver import HOLE, REUSED, Driver
from core.worker.copying import Source
from core.worker.protocol import MAX_GATHERED, Gather, Gathered

_SLICE_SECONDS = 0.008
"""How long other requests wait behind it."""


def gather(request: Gather, source: Source, device: BlockDevice) -> Iterator[Gathered | None]:
    """Raises DeviceGone. After a bad sector no more is read: each try on one may take the stick seconds."""
    contents: list[bytes | None] = []
    room = MAX_GATHERED
    due = time.monotonic() + _SLICE_SECONDS
    for node in request.nodes:
        content = None
        try:
            content = _whole(source(node), device, node, room)
        except DeviceGone:
            raise
        except MediumError:
            break
        except RumpusError:
            pass  # the host copies it alone, and hears why
        contents.append(content)
        room -= len(content or b"")
        if time.monotonic() > due:
            yield None
            due = time.monotonic() + _SLICE_SECONDS
    missing = len(request.nodes) - len(contents)
    yield Gathered(id=request.id, contents=contents + [None] * missing)


def _whole(driver: Driver | Remains, device: BlockDevice, node: int, room: int) -> bytes | None:
    """The bytes of a file, None where they are more than there is room for. The host knows its size."""
    content = b""
    for piece in driver.data(node) or _read(driver, device, node, room):
        content = content + piece if content else piece
        if len(content) > room:
            return None
    return content


def _read(driver: Driver | Remains, device: BlockDevice, node: int, room: int) -> Iterator[bytes]:
    """Raises Reused."""
    for offset, position, length in driver.extents(node):
        if position == REUSED:
            raise Reused(offset, length)
        length = min(length, room + 1 - offset)  # a byte more tells that it is too large
        yield bytes(length) if position == HOLE else device.read(position, length)
