"""Reads many very small files for one reply.

First it is looked where a few of them lie, then they are read: files that were written one after the other
lie so too, and to read all of them at once costs a fraction of reading each.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice

from core.blockdev.device import BlockDevice
from core.errors import DeviceGone, MediumError, RumpusError
from core.fs.driver import HOLE, REUSED, Extent
from core.worker.copying import Source
from core.worker.protocol import MAX_GATHERED, Gather, Gathered

_SLICE_SECONDS = 0.008
"""How long other requests wait behind it."""
_ENOUGH_SECONDS = 0.1
"""After which it says what it has: somebody looks on, and may want it to stop."""
_GAP = 4096
"""Bytes between two files from which on they are not read together: the kernel reads whole pages anyway."""
_STRETCH = 256 * 1024
"""Bytes read together at most."""

Found = bytes | list[Extent] | MediumError | None
"""A file, where it lies, or why nothing more can be looked for; None where the host is to copy it alone."""


def gather(request: Gather, source: Source, device: BlockDevice) -> Iterator[Gathered | None]:
    """Raises DeviceGone. After a bad sector no more is read: each try on one may take the stick seconds."""
    contents: list[bytes | None] = []
    room = MAX_GATHERED
    enough = time.monotonic() + _ENOUGH_SECONDS
    try:
        while len(contents) < len(request.nodes):
            due = time.monotonic() + _SLICE_SECONDS
            # Anew in each slice, since between two of them the volume may be changed.
            for content in _read(_found(request.nodes[len(contents) :], source, due), device):
                contents.append(content if content is not None and len(content) <= room else None)
                room -= len(contents[-1] or b"")
                if time.monotonic() > due:
                    break
            if time.monotonic() > enough:
                break
            if len(contents) < len(request.nodes):
                yield None
    except MediumError:
        contents += [None] * (len(request.nodes) - len(contents))
    yield Gathered(id=request.id, contents=contents)


def _found(nodes: Sequence[int], source: Source, due: float) -> list[Found]:
    """As many of the files as there is time for, one at least."""
    found: list[Found] = []
    for node in nodes:
        try:
            found.append(_one(node, source))
        except DeviceGone:
            raise
        except MediumError as error:
            found.append(error)
            break
        except RumpusError:
            found.append(None)  # the host copies it alone, and hears why
        if time.monotonic() > due:
            break
    return found


def _one(node: int, source: Source) -> bytes | list[Extent] | None:
    driver = source(node)
    computed = driver.data(node)
    if computed is not None:
        content = b""
        for piece in computed:
            content = content + piece if content else piece
            if len(content) > MAX_GATHERED:
                return None
        return content
    size = 0
    extents: list[Extent] = []
    for extent in driver.extents(node):
        size += extent.length
        if extent.position == REUSED or size > MAX_GATHERED:
            return None
        extents.append(extent)
    return extents


def _read(files: list[Found], device: BlockDevice) -> Iterator[bytes | None]:
    """Raises MediumError where one cannot be read."""
    start, held = 0, b""
    together = True
    for number, file in enumerate(files, 1):
        if isinstance(file, MediumError):
            raise file
        if not isinstance(file, list):
            yield file
            continue
        content = b""
        for _, position, length in file:
            at = position - start
            if position == HOLE:
                piece = bytes(length)
            elif at >= 0 and at + length <= len(held):
                piece = held[at : at + length]
            else:
                end = position + length
                if together:
                    end = _end_of_stretch(position, end, islice(files, number, None))
                try:
                    held = device.read(position, end - position)
                except MediumError:
                    if end == position + length:
                        raise
                    together = False  # else each that is left would try the bad sector again
                    held = device.read(position, length)
                start = position
                piece = held[:length]
            content = content + piece if content else piece
        yield content


def _end_of_stretch(start: int, end: int, following: Iterator[Found]) -> int:
    """How far to read from `start` on, so that files that lie close behind come too."""
    for file in following:
        if not isinstance(file, list) or len(file) != 1:
            break
        _, position, length = file[0]
        if not end <= position < end + _GAP or position + length - start > _STRETCH:
            break
        end = position + length
    return end
