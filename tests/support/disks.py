"""Disk images made and read back by real tools, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_SBIN = ("/usr/sbin", "/sbin")


def tool(name: str) -> str:
    """The path of a tool. Skips the test by the tool's name where it is missing."""
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(_SBIN))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(name: str, *arguments: str | Path, script: str | None = None) -> str:
    """What a tool prints. Its failure is the test's."""
    done = subprocess.run(
        [tool(name), *map(str, arguments)],
        input=script,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
    )
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    return done.stdout


def sparse(path: Path, size: int) -> Path:
    """An image of `size` bytes that takes no room. Skips where the file system has no files of that size."""
    with path.open("wb") as image:
        try:
            image.truncate(size)
        except OSError as error:
            pytest.skip(f"no sparse files of {size >> 30} GiB here: {error.strerror}")
    return path


@contextlib.contextmanager
def small_file_system(folder: Path) -> Iterator[Path]:
    """A file system of the host with 4 MiB, mounted there. Skips where this user may not mount one."""
    folder.mkdir()
    if os.geteuid() != 0 or os.system(f"mount -t tmpfs -o size=4m none {folder} 2>/dev/null") != 0:
        pytest.skip("this user may not mount a tmpfs")
    try:
        yield folder
    finally:
        os.system(f"umount {folder}")


def partition(path: Path, script: str, sector_size: int = 512) -> Path:
    """Writes a partition table, from a script in sfdisk's language. Starts and sizes count in sectors."""
    if sector_size == 512:
        run("sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", path, script=script)
        return path
    # The sfdisk of older systems knows no other sector size, but their fdisk does and reads its scripts.
    layout = path.with_name(path.name + ".layout")
    layout.write_text(script)
    commands = f"I\n{layout}\nw\n"
    output = run("fdisk", "--wipe", "always", "--sector-size", str(sector_size), path, script=commands)
    assert "Script successfully applied" in output, output
    return path


def make_fat(path: Path, offset: int, size: int, *options: str) -> None:
    """A FAT volume inside an image."""
    place = ("--offset", str(offset // 512)) if offset else ()
    run("mkfs.fat", *options, *place, path, str(size // 1024))


def as_sfdisk_reads(path: Path) -> dict[str, Any]:
    """`sfdisk --json`: its "partitiontable". Only for images of 512-byte sectors."""
    table: dict[str, Any] = json.loads(run("sfdisk", "--json", path))
    return table["partitiontable"]  # type: ignore[no-any-return]


def as_partx_reads(path: Path, sector_size: int = 512) -> dict[int, tuple[int, int]]:
    """What libblkid finds: number -> (offset, size) in bytes. An extended partition is among them."""
    columns = ("--raw", "--noheadings", "--output", "NR,START,SECTORS")
    lines = run("partx", *columns, "--sector-size", str(sector_size), path).splitlines()
    return {  # libblkid counts in 512 bytes whatever the sector size
        int(number): (int(start) * 512, int(sectors) * 512)
        for number, start, sectors in (line.split() for line in lines)
    }


@contextlib.contextmanager
def loop_node(path: Path, sector_size: int = 512) -> Iterator[Path]:
    """A real block device over an image. Skips where this user may not make one."""
    made = subprocess.run(
        [tool("losetup"), "--find", "--show", "--sector-size", str(sector_size), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip(f"losetup: {made.stderr.strip()}")
    device = made.stdout.strip()
    try:
        yield Path(device)
    finally:
        run("losetup", "--detach", device)


@contextlib.contextmanager
def loop_device(path: Path, sector_size: int = 512) -> Iterator[int]:
    """A descriptor of a real block device over an image. Skips where this user may not make one."""
    with loop_node(path, sector_size) as device:
        descriptor = os.open(device, os.O_RDONLY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
