"""Sticks for the guest, made on the host by mkfs.fat and mtools, with what is on them."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

from tests.support.disks import make_fat, partition, sparse
from tests.support.fat import mtools

MIB = 1 << 20
_START = MIB


def files_of(seed: int, big: int = 4 * MIB) -> dict[str, bytes]:
    """A stick's files by path: the same ones for the same seed."""
    chance = random.Random(seed)
    names = ["README.TXT", "Grüße aus Kiel.txt", "Photos/2026/beach with a rather long name.jpg", "empty"]
    files = {name: chance.randbytes(chance.randrange(1, 40_000)) for name in names}
    files["empty"] = b""
    files |= {f"many/file number {number:03}.dat": chance.randbytes(700) for number in range(150)}
    files["big.bin"] = chance.randbytes(big)
    return files


def stick(folder: Path, files: dict[str, bytes], label: str = "HOLIDAY", size: int = 64 * MIB) -> Path:
    """A stick with one FAT partition, as they are sold."""
    image = partition(sparse(folder / f"{label}.img", size), f"start={_START // 512}, type=c\n")
    make_fat(image, _START, size - _START, "-F", "16", "-n", label)
    _fill(Path(f"{image}@@{_START}"), files, folder / f"{label}.files")
    return image


def bare_stick(folder: Path, files: dict[str, bytes], sector_size: int, label: str = "BARE") -> Path:
    """A stick without a partition table, whose file system counts in sectors of that size."""
    image = sparse(folder / f"{label}.img", 128 * MIB)
    make_fat(image, 0, 128 * MIB, "-F", "16", "-S", str(sector_size), "-n", label)
    _fill(image, files, folder / f"{label}.files")
    return image


def sums(files: dict[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file, by its path."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def place_of(image: Path, content: bytes) -> int:
    """Where in the image some bytes lie that are nowhere else in it."""
    at = image.read_bytes().find(content)
    assert at > 0
    return at


def lay_out(folder: Path, files: dict[str, bytes]) -> Path:
    """The files as files of this machine."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def _fill(image: Path, files: dict[str, bytes], folder: Path) -> None:
    mtools("mcopy", image, "-s", "-m", *sorted(lay_out(folder, files).iterdir()), "::/")
