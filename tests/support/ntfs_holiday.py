"""A small NTFS stick to be damaged, and what can be read of it then."""

from __future__ import annotations

import os
import random
from pathlib import Path

from core.blockdev.cache import CachedDevice
from core.entry import Entry
from core.errors import RumpusError
from core.fs.content import Content
from core.fs.ntfs.driver import Ntfs
from tests.support.memory import MemoryDevice
from tests.support.ntfs import COMPRESSED, ROOT, blank_ntfs, mounted, set_attributes, words
from tests.support.ntfs_patching import Patched

MANY = 400
_chance = random.Random(7)
CONTENT = {
    "small": b"in its record",
    "whole": _chance.randbytes(50_000),
    "pieces": _chance.randbytes(24 * 4096),
    "packed": words(_chance, 400_000),
}


def holiday(folder: Path) -> Path:
    """Files of every kind of allocation, and a folder with MANY names."""
    image = blank_ntfs(folder / "stick.img", 8 << 20, "-L", "HOLIDAY")
    with mounted(image) as root:
        for name in ("small", "whole"):
            (root / name).write_bytes(CONTENT[name])
        with (root / "pieces").open("wb", 0) as one, (root / "other").open("wb", 0) as other:
            for at in range(0, len(CONTENT["pieces"]), 4096):
                for file in (one, other):
                    file.write(CONTENT["pieces"][at : at + 4096])
                    os.fsync(file.fileno())
        (root / "for packed").mkdir()
        set_attributes(root / "for packed", COMPRESSED)
        (root / "for packed" / "packed").write_bytes(CONTENT["packed"])
        (root / "for packed" / "packed").rename(root / "packed")
        (root / "many").mkdir()
        for number in range(MANY):
            (root / "many" / f"{number:04} with a long name").touch()
        (root / "folder/inner").mkdir(parents=True)
    return image


def opened(image: Patched | bytes | bytearray) -> Ntfs:
    return Ntfs.open(device_of(image))


def device_of(image: Patched | bytes | bytearray) -> CachedDevice:
    content = bytes(image.image if isinstance(image, Patched) else image)
    return CachedDevice(MemoryDevice(content))


def listed(volume: Ntfs, path: str = "") -> tuple[dict[str, Entry], RumpusError | None]:
    """What a folder has, and the error that its listing ended with."""
    node = ROOT
    for name in [name for name in path.split("/") if name]:
        node = volume.lookup(node, name).node
    found: dict[str, Entry] = {}
    try:
        for batch in volume.entries(node):
            found |= {entry.name: entry for entry in batch}
    except RumpusError as error:
        return found, error
    return found, None


def content_of(image: Patched | bytes | bytearray, name: str) -> bytes:
    device = device_of(image)
    volume = Ntfs.open(device)
    content = Content(volume, device, volume.lookup(ROOT, name).node)
    whole = b""
    while len(whole) < content.size:
        whole += content.read(len(whole), content.size - len(whole))
    return whole


def problems(found: dict[str, Entry]) -> set[str]:
    return {name for name, entry in found.items() if entry.problem is not None}


def all_is_there(image: Patched | bytes | bytearray, but: str = "") -> None:
    for name, content in CONTENT.items():
        if name != but:
            assert content_of(image, name) == content
    found, error = listed(opened(image), "many")
    assert error is None and len(found) == MANY and not problems(found)
