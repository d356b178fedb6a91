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
from core.fs.driver import DEFAULTS, Driver, Options

D = TypeVar("D", bound=Driver)


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


def listed(volume: Driver, node: int = 0) -> dict[str, Entry]:
    return {entry.name: entry for batch in volume.entries(node) for entry in batch}


def walked(volume: Driver, node: int = 0, above: str = "") -> Iterator[tuple[str, Entry]]:
    for name, entry in listed(volume, node).items():
        yield above + name, entry
        if entry.kind is Kind.DIRECTORY:
            yield from walked(volume, entry.node, f"{above}{name}/")


def content_of(volume: Driver, device: BlockDevice, node: int) -> bytes:
    content = Content(volume, device, node)
    return content.read(0, content.size)
