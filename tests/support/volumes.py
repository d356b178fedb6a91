"""What a test of any driver does with an image: open it, list it, walk it, read it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from core.blockdev.cache import CachedDevice
from core.blockdev.descriptor import DescriptorDevice, measure
from core.blockdev.device import BlockDevice
from core.entry import Entry, Kind
from core.fs.content import Content
from core.fs.deleted import Remains
from core.fs.driver import DEFAULTS, Driver, Options
from core.fs.writable import WritableDriver

D = TypeVar("D", bound=Driver)
W = TypeVar("W", bound=WritableDriver)


@contextmanager
def device_of(image: Path) -> Iterator[BlockDevice]:
    descriptor = os.open(image, os.O_RDONLY)
    try:
        yield CachedDevice(DescriptorDevice(descriptor, *measure(descriptor)))
    finally:
        os.close(descriptor)


@contextmanager
def volume_of(driver: type[D], image: Path, options: Options = DEFAULTS) -> Iterator[D]:
    with device_of(image) as device:
        yield driver.open(device, options)


@contextmanager
def writer_of(driver: type[W], image: Path, options: Options = DEFAULTS) -> Iterator[tuple[W, BlockDevice]]:
    """A volume to write on, and the device below it. What was not flushed at the end is lost."""
    descriptor = os.open(image, os.O_RDWR)
    try:
        device = CachedDevice(DescriptorDevice(descriptor, *measure(descriptor)))
        yield driver.open(device, options), device
    finally:
        os.close(descriptor)


def put_in(writer: WritableDriver, device: BlockDevice, parent: int, name: str, content: bytes) -> Entry:
    """Copies a file in as a worker does it: the bytes go straight to their places. Replaces."""
    reservation = writer.reserve(parent, name, len(content), replace=True)
    for offset, position, length in reservation.extents:
        device.write(position, content[offset : offset + length])
    return writer.commit(reservation)


def listed(volume: Driver, node: int = 0) -> dict[str, Entry]:
    return {entry.name: entry for batch in volume.entries(node) for entry in batch}


def walked(volume: Driver, node: int = 0, above: str = "") -> Iterator[tuple[str, Entry]]:
    for name, entry in listed(volume, node).items():
        yield above + name, entry
        if entry.kind is Kind.DIRECTORY:
            yield from walked(volume, entry.node, f"{above}{name}/")


def content_of(volume: Driver | Remains, device: BlockDevice, node: int) -> bytes:
    content = Content(volume, device, node)
    return content.read(0, content.size)
