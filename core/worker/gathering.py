"""Reads many very small files for one reply."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from core.blockdev.device import BlockDevice
from core.errors import DeviceGone, MediumError, RumpusError
from core.fs.deleted import Remains
from core.fs.driver import HOLE, REUSED, Driver
from core.worker.protocol import MAX_GATHERED, Gather, Gathered

_SLICE_SECONDS = 0.008
"""How long other requests wait behind it."""

Source = Callable[[int], Driver | Remains]
"""What a node is read from."""


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
    """The bytes of a file, None where they are more than there is room for."""
    size = driver.stat(node).entry.size
    if size > room:
        return None
    computed = driver.data(node)
    if computed is not None:
        return _joined(computed, size)
    pieces = []
    for _, position, length in driver.extents(node):
        if position == REUSED:
            return None
        pieces.append(bytes(length) if position == HOLE else device.read(position, length))
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _joined(pieces: Iterator[bytes], size: int) -> bytes | None:
    """None where they are more than there should be: so many would not be kept."""
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > size:
            return None
    return bytes(content)
