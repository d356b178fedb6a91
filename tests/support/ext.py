"""ext2, ext3 and ext4 volumes made and read by e2fsprogs, and the trees that go into them."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from core.blockdev.cache import CachedDevice
from core.blockdev.device import BlockDevice
from core.entry import Kind
from core.fs.content import Content
from core.fs.ext.driver import Ext
from tests.support.memory import MemoryDevice
from tests.support.stick import blank_image

ROOT = 2
_PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
_TOOLS = {**os.environ, "PATH": _PATH, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
_KINDS = {stat.S_IFREG: Kind.FILE, stat.S_IFDIR: Kind.DIRECTORY, stat.S_IFLNK: Kind.SYMLINK}

needs_e2fsprogs = pytest.mark.skipif(
    not (shutil.which("mke2fs", path=_PATH) and shutil.which("debugfs", path=_PATH)),
    reason="needs e2fsprogs",
)


def run(*command: object, check: bool = True, text: str | None = None) -> str:
    """What a command says on its standard output."""
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        env=_TOOLS,
        input=None if text is None else text.encode(),
    )
    if check and done.returncode:
        raise AssertionError(f"{command}: {done.stdout!r} {done.stderr!r}")
    return done.stdout.decode(errors="backslashreplace")


def ext_image(path: Path, size: int, *options: object, source: Path | None = None) -> Path:
    """A volume with the files of `source`. Options are mke2fs's."""
    blank_image(path, size)
    tree = ("-d", source) if source is not None else ()
    run("mke2fs", "-q", "-F", "-F", *options, *tree, path)
    return path


def debugfs(image: Path, *requests: str, write: bool = False) -> str:
    """What debugfs says to these requests, one after the other."""
    mode = ("-w",) if write else ()
    return run("debugfs", *mode, "-f", "-", image, text="\n".join(requests) + "\n")


def dumpe2fs(image: Path) -> dict[str, str]:
    """The superblock's fields by their names there."""
    lines = (line.partition(":") for line in run("dumpe2fs", "-h", image).splitlines())
    return {name.strip(): value.strip() for name, _, value in lines}


class Seen(NamedTuple):
    """What a person can know of one file. `content` is a hash, or the target of a link."""

    kind: Kind
    mode: int
    size: int
    seconds: int
    links: int
    content: str


def device_of(image: Path | bytes) -> BlockDevice:
    return CachedDevice(MemoryDevice(image if isinstance(image, bytes) else image.read_bytes()))


def opened(image: Path | bytes) -> tuple[Ext, BlockDevice]:
    device = device_of(image)
    return Ext.open(device), device


def content_of(volume: Ext, device: BlockDevice, path: str) -> bytes:
    """A file's bytes by its path."""
    content = Content(volume, device, node_of(volume, path))
    return content.read(0, content.size)


def node_of(volume: Ext, path: str) -> int:
    node = ROOT
    for name in path.split("/"):
        node = volume.lookup(node, name).node
    return node


def tree_of_volume(volume: Ext, device: BlockDevice, node: int = ROOT, above: str = "") -> dict[str, Seen]:
    """Every file of a volume, which must all be sound."""
    found: dict[str, Seen] = {}
    for batch in volume.entries(node):
        for entry in batch:
            assert entry.problem is None, entry
            details = volume.stat(entry.node)
            assert (details.entry.size, details.entry.modified) == (entry.size, entry.modified)
            assert entry.modified is not None and entry.mode is not None
            content = ""
            if entry.kind is Kind.FILE:
                content = _hash_of(_pieces(Content(volume, device, entry.node)))
            elif entry.kind is Kind.SYMLINK:
                content = volume.read_link(entry.node)
            path = above + entry.name
            seconds = entry.modified // 1_000_000_000
            found[path] = Seen(entry.kind, entry.mode, entry.size, seconds, details.links, content)
            if entry.kind is Kind.DIRECTORY:
                found |= tree_of_volume(volume, device, entry.node, path + "/")
    return found


def tree_of_host(folder: Path) -> dict[str, Seen]:
    """The same of a directory of this machine."""
    found: dict[str, Seen] = {}
    top = os.fsencode(folder)
    for where, folders, files in os.walk(top):
        for name in folders + files:
            path = os.path.join(where, name)  # noqa: PTH118 - names are bytes
            status = os.lstat(path)
            kind = _KINDS.get(stat.S_IFMT(status.st_mode), Kind.OTHER)
            content = ""
            if kind is Kind.FILE:
                content = _hash_of(_pieces_of_host(path))
            elif kind is Kind.SYMLINK:
                content = os.readlink(path).decode(errors="backslashreplace")  # noqa: PTH115
            shown = os.path.relpath(path, top).decode(errors="backslashreplace")
            size = status.st_size if kind in (Kind.FILE, Kind.SYMLINK) else 0
            seconds = status.st_mtime_ns // 1_000_000_000
            mode = stat.S_IMODE(status.st_mode)
            found[shown] = Seen(kind, mode, size, seconds, status.st_nlink, content)
    return found


def _pieces(content: Content) -> Iterator[bytes]:
    at = 0
    while at < content.size:
        piece = content.read(at, 1 << 20)
        at += len(piece)
        yield piece


def _pieces_of_host(path: bytes) -> Iterator[bytes]:
    with open(path, "rb") as file:  # noqa: PTH123 - names are bytes
        while piece := file.read(1 << 20):
            yield piece


def _hash_of(pieces: Iterator[bytes]) -> str:
    total = hashlib.sha256()
    for piece in pieces:
        total.update(piece)
    return total.hexdigest()


def source_tree(folder: Path, many: int = 600) -> Path:
    """Files of every kind and size that a driver may trip over."""
    chance = random.Random(1)
    folder.mkdir()
    for size in (0, 1, 59, 60, 61, 100, 150, 156, 160, 161, 1000, 1024, 4096, 4097, 65_536, 300_000):
        (folder / f"of {size} bytes").write_bytes(chance.randbytes(size))
    (folder / "large").write_bytes(chance.randbytes(3_000_001))
    with (folder / "sparse").open("wb") as file:
        for place in (0, 70_000, 500_000, 9_000_000):
            file.seek(place)
            file.write(chance.randbytes(5000))
        file.truncate(20_000_000)
    (folder / "many").mkdir()
    for number in range(many):
        name = f"{number:05} has a name long enough to fill blocks with"
        (folder / "many" / name).write_bytes(b"x" * (number % 70))
    (folder / "few").mkdir()
    (folder / "few" / "one").write_bytes(b"1")
    (folder / "none").mkdir()
    (folder / "a/b/c/d/e").mkdir(parents=True)
    (folder / "a/b/c/d/e/deep").write_bytes(b"deep")
    (folder / "Grüße naïve 日本語").write_bytes(b"unicode")
    (folder / ("n" * 255)).write_bytes(b"long")
    with open(os.fsencode(folder) + b"/not \xff\xfe utf-8", "wb") as file:  # noqa: PTH123 - bytes
        file.write(b"bytes")
    for length in (1, 59, 60, 61, 150, 1000):
        (folder / f"link of {length}").symlink_to("t" * length)
    os.link(folder / "few/one", folder / "hard link")
    os.mkfifo(folder / "fifo")
    (folder / "of 1 bytes").chmod(0o4751)
    (folder / "few").chmod(0o1777)
    for place in (folder / "of 0 bytes", folder / "few", folder / "link of 60"):
        os.utime(place, (1_000_000_000, 1_234_567_890), follow_symlinks=False)
    return folder


def place_of_inode(image: Path, path: str) -> int:
    """Where a file's inode lies, as debugfs knows it."""
    said = run("debugfs", "-R", f"imap {path}", image)
    block, offset = re.findall(r"located at block (\d+), offset (0x[0-9a-f]+)", said)[0]
    return int(block) * int(dumpe2fs(image)["Block size"]) + int(offset, 16)


def blocks_of(image: Path, path: str) -> list[int]:
    """The numbers of a file's blocks, those of its map among them."""
    return [int(number) for number in run("debugfs", "-R", f"blocks {path}", image).split()]


def patched(image: Path, place: int, new: bytes) -> bytes:
    """The image with these bytes at that place."""
    content = image.read_bytes()
    return content[:place] + new + content[place + len(new) :]
