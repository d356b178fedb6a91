"""Discs of ISO 9660 and UDF: made by real tools from a folder, and kept from other systems."""

from __future__ import annotations

import hashlib
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.entry import Kind
from core.fs.driver import Driver
from tests.support.disks import run
from tests.support.host_trees import found_below
from tests.support.volumes import content_of, walked

DATA = Path(__file__).parents[1] / "images" / "data"


def disc(image: Path, source: Path, *options: str) -> Path:
    run("genisoimage", "-quiet", "-input-charset", "utf-8", *options, "-o", image, source)
    return image


def xorriso_disc(image: Path, source: Path, *options: str) -> Path:
    """By the other tool that makes them, which shares no code with the first."""
    run("xorrisofs", "-quiet", "-input-charset", "utf-8", *options, "-o", image, source)
    return image


def packed_disc(image: Path, source: Path, version: int = 1) -> Path:
    """With every file compressed that gets smaller by it."""
    packing = ("-set_filter_r", "--zisofs", "/", "--")
    chosen = ("-zisofs", "version_2=on") if version == 2 else ()
    run("xorriso", *chosen, "-outdev", f"stdio:{image}", "-map", source, "/", *packing, "-commit")
    return image


class Seen(NamedTuple):
    """What a person can know of one file. `content` is a hash, or the target of a link."""

    kind: Kind
    size: int
    modified: int | None
    mode: int | None
    content: str


def seen_of_host(folder: Path) -> dict[str, Seen]:
    return {
        path: Seen(kind, size, int(status.st_mtime) * 10**9, status.st_mode & 0o7777, content)
        for path, status, kind, size, content in found_below(folder)
    }


def seen_of_volume(volume: Driver, device: BlockDevice) -> dict[str, Seen]:
    found: dict[str, Seen] = {}
    for path, entry in walked(volume, volume.facts().root):
        assert entry.problem is None, (path, entry)
        content, size = "", 0
        if entry.kind is Kind.FILE:
            size, content = entry.size, hashlib.sha256(content_of(volume, device, entry.node)).hexdigest()
        elif entry.kind is Kind.SYMLINK:
            content = volume.read_link(entry.node)
        found[path] = Seen(entry.kind, size, entry.modified, entry.mode, content)
    return found


class Kept(NamedTuple):
    """One file of an image that another system made. Fields that its tool does not keep are None."""

    path: str
    size: int
    digest: str
    mode: int | None
    modified: int | None


def kept(name: str) -> Iterator[Kept]:
    """What is on the image NAME.xz beside it: path, size, the start of its hash, mode, seconds since 1970."""
    for line in lzma.decompress((DATA / f"{name}.tsv.xz").read_bytes()).decode().splitlines():
        path, size, digest, mode, modified = line.split("\t")
        yield Kept(
            path,
            int(size),
            digest,
            None if mode == "-" else int(mode, 8),
            None if modified == "-" else int(modified),
        )


def image_of(name: str) -> bytes:
    return lzma.decompress((DATA / f"{name}.xz").read_bytes())
