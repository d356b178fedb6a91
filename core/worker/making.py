"""Makes an empty volume on a device that the host opened for writing."""

from __future__ import annotations

import time
from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.blockdev.partition import Partition
from core.blockdev.partitioning import retype, single, write_table
from core.blockdev.tables import read_table
from core.blockdev.window import Window
from core.errors import NotFound
from core.fs.formatting import Request
from core.fs.registry import FORMATTERS
from core.worker.protocol import Format, Moved

_SAY_EVERY = 0.05
"""Seconds."""


def make(device: BlockDevice, wanted: Format) -> Iterator[Moved | None]:
    """Raises NotFound, SizeNotAllowed, NameNotAllowed before the first write; MediumError, DeviceGone."""
    formatter = FORMATTERS[wanted.system]
    identity = int.from_bytes(wanted.identity, "little")
    place = single(device, wanted.label) if wanted.table else _place(device, wanted.partition)
    volume = device if place.number == 0 else Window(device, place.offset, place.size)
    hidden = place.offset // device.sector_size
    request = Request(wanted.label, identity, wanted.when, hidden)
    formatter.check(volume.size, volume.sector_size, request)
    if wanted.table:
        write_table(device, place, formatter.table_type, identity >> 64)
    said = time.monotonic()
    for done in formatter.write(volume, request):
        now = time.monotonic()
        if now - said < _SAY_EVERY:
            yield None
            continue
        said = now
        yield Moved(id=wanted.id, done=done)
    if place.number and not wanted.table:
        retype(device, place, formatter.table_type)
        device.flush()


def _place(device: BlockDevice, number: int) -> Partition:
    if number == 0:
        return Partition(0, 0, device.size)
    for partition in read_table(device).partitions:
        if partition.number == number:
            if partition.problem is not None:
                raise partition.problem.error()
            return partition
    raise NotFound(f"partition {number}")
