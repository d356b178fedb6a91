"""FAT images made by mkfs.fat and mtools, and what mtools reads back from them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.blockdev.cache import CachedDevice
from core.blockdev.descriptor import DescriptorDevice, measure
from core.blockdev.device import BlockDevice
from core.entry import Entry, Kind
from core.fs.content import Content
from core.fs.driver import Driver, Options
from core.fs.fat.driver import Fat
from core.fs.fat.writing.writer import FatWriter
from tests.support.disks import run, sparse, tool

_ENVIRONMENT = {**os.environ, "MTOOLS_SKIP_CHECK": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def mtools(name: str, image: Path, *arguments: str | Path, code_page: int = 437) -> bytes:
    """What a command of mtools prints about an image."""
    settings = image.with_name("mtoolsrc")
    settings.write_text(f"default_codepage={code_page}\n")
    done = subprocess.run(
        [tool(name), "-i", str(image), *map(str, arguments)],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={**_ENVIRONMENT, "MTOOLSRC": str(settings)},
        check=False,
    )
    assert done.returncode == 0, (name, arguments, done.stderr)
    return done.stdout


def blank_fat(path: Path, size: int, *options: str) -> Path:
    """A freshly made FAT volume that takes all of a sparse image."""
    run("mkfs.fat", *options, sparse(path, size))
    return path


@contextmanager
def device_of(image: Path) -> Iterator[BlockDevice]:
    descriptor = os.open(image, os.O_RDONLY)
    try:
        yield CachedDevice(DescriptorDevice(descriptor, *measure(descriptor)))
    finally:
        os.close(descriptor)


@contextmanager
def volume_of(image: Path, options: Options | None = None) -> Iterator[Fat]:
    with device_of(image) as device:
        yield Fat.open(device, options or Options())


@contextmanager
def writer_of(image: Path, options: Options | None = None) -> Iterator[tuple[FatWriter, BlockDevice]]:
    """A volume to write on, and the device below it. What was not flushed at the end is lost."""
    descriptor = os.open(image, os.O_RDWR)
    try:
        device = CachedDevice(DescriptorDevice(descriptor, *measure(descriptor), writable=True))
        yield FatWriter.open(device, options or Options()), device
    finally:
        os.close(descriptor)


def put_in(writer: FatWriter, device: BlockDevice, parent: int, name: str, content: bytes) -> Entry:
    """Copies a file in as a worker does it: the bytes go straight to their places. Replaces."""
    reservation = writer.reserve(parent, name, len(content), replace=True)
    for offset, position, length in reservation.extents:
        device.write(position, content[offset : offset + length])
    return writer.commit(reservation)


def listed(driver: Driver, node: int = 0) -> dict[str, Entry]:
    return {entry.name: entry for batch in driver.entries(node) for entry in batch}


def walked(driver: Driver, node: int = 0, above: str = "") -> Iterator[tuple[str, Entry]]:
    for name, entry in listed(driver, node).items():
        yield above + name, entry
        if entry.kind is Kind.DIRECTORY:
            yield from walked(driver, entry.node, f"{above}{name}/")


def content_of(driver: Driver, device: BlockDevice, node: int) -> bytes:
    content = Content(driver, device, node)
    return content.read(0, content.size)
