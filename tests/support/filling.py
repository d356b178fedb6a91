"""Volumes that are filled in every way in which a driver can write."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from core.blockdev.device import BlockDevice
from core.blockdev.fault import FaultyDevice
from core.entry import Kind
from core.errors import MediumError
from core.fs.writable import WritableDriver
from tests.support.memory import MemoryDevice
from tests.support.volumes import put_in


def fill(
    writer: WritableDriver, device: BlockDevice, cluster_size: int, names: Iterable[str], seed: int
) -> dict[str, bytes]:
    """Makes files of those names and more, some of them cut, grown or between others that are removed.

    What should be in the volume then, by path.
    """
    chance = random.Random(seed)
    made: dict[str, bytes] = {}
    folder = writer.create(0, "folder", Kind.DIRECTORY)
    inner = writer.create(folder.node, "inner folder", Kind.DIRECTORY)
    writer.create(0, "empty folder", Kind.DIRECTORY)
    for number, name in enumerate(names):
        above, node = ("folder/inner folder/", inner.node) if number % 2 else ("", 0)
        made[above + name] = chance.randbytes(chance.randrange(5000))
        put_in(writer, device, node, name, made[above + name])
    sizes = (0, 1, cluster_size - 1, cluster_size, cluster_size + 1, 3 * cluster_size, 3 * cluster_size + 5)
    for number, size in enumerate(sizes):
        name = f"{number} bytes around a cluster"
        entry = writer.create(folder.node, name, Kind.FILE)
        made[f"folder/{name}"] = chance.randbytes(size)
        for start in range(0, size, 777):
            writer.write(entry.node, start, made[f"folder/{name}"][start : start + 777])
    for number in range(12):
        put_in(writer, device, 0, f"gap{number}", bytes(cluster_size))
    for number in range(0, 12, 2):
        writer.remove(writer.lookup(0, f"gap{number}").node)
        made[f"gap{number + 1}"] = bytes(cluster_size)
    grown = writer.create(0, "grown", Kind.FILE)
    writer.write(grown.node, 2 * cluster_size, b"end")
    writer.write(grown.node, 5, b"start")
    made["grown"] = bytes(5) + b"start" + bytes(2 * cluster_size - 10) + b"end"
    cut = writer.create(0, "cut", Kind.FILE)
    content = chance.randbytes(4 * cluster_size)
    writer.write(cut.node, 0, content)
    writer.truncate(cut.node, cluster_size + 1)
    writer.truncate(cut.node, 1)
    writer.truncate(cut.node, cluster_size * 2)
    writer.write(cut.node, cluster_size + 3, b"middle")
    made["cut"] = content[:1] + bytes(cluster_size + 2) + b"middle" + bytes(cluster_size - 9)
    return made


def flush_twice(kind: type[WritableDriver], image: Path) -> None:
    """Makes the file "first" and a "folder" on a stick that takes nothing at first, then what it refused."""
    memory = MemoryDevice(image.read_bytes())
    failing = False

    def before(operation: str, offset: int, length: int) -> None:
        if failing and operation == "write":
            raise MediumError(offset, length)

    writer = kind.open(FaultyDevice(memory, before=before))
    writer.create(0, "first", Kind.FILE)
    writer.create(0, "folder", Kind.DIRECTORY)
    failing = True
    with pytest.raises(MediumError):
        writer.flush()
    failing = False
    writer.flush()
    image.write_bytes(memory.content)
