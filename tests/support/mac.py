"""Volumes of the Macintosh that were made elsewhere, with a list of what is on them."""

from __future__ import annotations

import hashlib
import lzma
from pathlib import Path
from typing import NamedTuple

from core.entry import Kind
from core.fs.driver import Driver
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, walked

_DATA = Path(__file__).parent.parent / "images" / "data"


class Known(NamedTuple):
    """A file: size, SHA-256 of its content, mode and time of modification (None where nobody noted them)."""

    size: int
    sum: str
    mode: int | None
    modified: int | None


def image(name: str) -> bytes:
    return lzma.decompress((_DATA / f"{name}.img.xz").read_bytes())


def known(name: str) -> dict[str, Known]:
    """What the maker of an image put into it, by path."""
    found: dict[str, Known] = {}
    for line in (_DATA / "mac.tsv").read_text().splitlines():
        image_name, path, size, sum, mode, modified = line.split("\t")
        if image_name == f"{name}.img.xz":
            mode_bits = None if mode == "-" else int(mode, 8)
            when = None if modified == "-" else int(modified) * 10**9
            found[path] = Known(int(size), sum, mode_bits, when)
    return found


def files(volume: Driver, device: MemoryDevice) -> dict[str, Known]:
    """What is on a volume, in the same words."""
    return {
        path: Known(
            entry.size,
            hashlib.sha256(content_of(volume, device, entry.node)).hexdigest(),
            entry.mode,
            entry.modified,
        )
        for path, entry in walked(volume, volume.facts().root)
        if entry.kind is Kind.FILE
    }
