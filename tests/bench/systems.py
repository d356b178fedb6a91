"""Each driver beside an independent tool, on one volume of 5,000 files in one run, by processor time.

`python -m tests.bench.systems` prints JSON objects as `tests/bench/compare.py` does, for all systems or those
that are named. "list" is every name with its size and time, "read" is every byte of every file besides. Ours
is the driver over a cached device, as a worker has it; of the tool, which is written in C, its whole process.
"""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from core.entry import Entry, Kind
from core.fs.content import Content
from core.fs.driver import Driver
from core.fs.registry import recognise
from tests.bench.compare import say
from tests.support.discs import disc
from tests.support.exfat import blank_exfat
from tests.support.exfat import mounted as mounted_exfat
from tests.support.ext import ext_image
from tests.support.fat import blank_fat, mtools
from tests.support.ffs import ffs_image
from tests.support.hfsplus import HfsPlusStick
from tests.support.ntfs import blank_ntfs, mounted
from tests.support.volumes import device_of, listed

FOLDERS, FILES = 20, 250
TIMES = 3
MIB = 1 << 20

Make = Callable[[Path, Path], Path]
"""Given an empty folder and the files: an image with them."""


class Case(NamedTuple):
    make: Make
    lists: tuple[str, ...]
    reads: tuple[str, ...]
    """Commands, to which the image is appended. Empty where there is no tool."""


def _fat(folder: Path, source: Path) -> Path:
    image = blank_fat(folder / "stick.img", 64 * MIB, "-F", "32", "-s", "1")
    for path in sorted(source.iterdir()):
        mtools("mcopy", image, "-s", "-m", path, "::/")
    return image


def _exfat(folder: Path, source: Path) -> Path:
    image = blank_exfat(folder / "stick.img", 64 * MIB, "-c", "4096")
    with mounted_exfat(image) as volume:
        shutil.copytree(source, volume, dirs_exist_ok=True)
    return image


def _ext(folder: Path, source: Path) -> Path:
    return ext_image(folder / "stick.img", 96 * MIB, "-t", "ext4", "-N", "8192", source=source)


def _ntfs(folder: Path, source: Path) -> Path:
    image = blank_ntfs(folder / "stick.img", 96 * MIB)
    with mounted(image) as volume:
        shutil.copytree(source, volume, dirs_exist_ok=True)
    return image


def _iso(*options: str) -> Make:
    return lambda folder, source: disc(folder / "disc.iso", source, *options)


def _ffs(folder: Path, source: Path) -> Path:
    return ffs_image(folder / "stick.img", source, 1, "le", size="96m")


def _hfsplus(folder: Path, source: Path) -> Path:
    stick = HfsPlusStick("HOLIDAY", 24_000)
    for above in sorted(source.iterdir()):
        stick.add_folder(above.name)
        for path in sorted(above.iterdir()):
            stick.add_file(f"{above.name}/{path.name}", path.read_bytes())
    return stick.write(folder / "stick.img")


_7Z_LIST, _7Z_READ = ("7z", "l", "-slt"), ("7z", "x", "-so")
_FLS = ("fls", "-r", "-l", "-p")
CASES = {
    "FAT32": Case(_fat, _7Z_LIST, _7Z_READ),
    "exFAT": Case(_exfat, _FLS, ()),
    "ext4": Case(_ext, _7Z_LIST, _7Z_READ),
    "NTFS": Case(_ntfs, _7Z_LIST, _7Z_READ),
    "ISO 9660 with Rock Ridge": Case(_iso("-R"), _7Z_LIST, _7Z_READ),
    "ISO 9660 with Joliet": Case(_iso("-J"), _7Z_LIST, _7Z_READ),
    "UDF": Case(_iso("-udf"), _7Z_LIST, _7Z_READ),
    "HFS+": Case(_hfsplus, _7Z_LIST, _7Z_READ),
    "UFS1": Case(_ffs, _FLS, ()),
}
LIST, READ = 4, 20
"""How many times the tool's processor time listing and reading may take."""


def source_tree(folder: Path) -> Path:
    chance = random.Random(1)
    for above in range(FOLDERS):
        inner = folder / f"folder number {above}"
        inner.mkdir(parents=True)
        for number in range(FILES):
            (inner / f"{number:04} photograph of the harbour.jpeg").write_bytes(
                chance.randbytes(chance.choice((300, 3000, 9000)))
            )
    return folder


def everything(volume: Driver, node: int) -> list[Entry]:
    found: list[Entry] = []
    waiting = [node]
    while waiting:
        entries = list(listed(volume, waiting.pop()).values())
        found += entries
        waiting += [entry.node for entry in entries if entry.kind is Kind.DIRECTORY]
    return found


def ours(image: Path, *, read: bool) -> tuple[float, int]:
    """Seconds, and files seen."""
    began = time.process_time()
    with device_of(image) as device:
        volume = recognise(device)[0][0].open(device)
        files = [entry for entry in everything(volume, volume.facts().root) if entry.kind is Kind.FILE]
        if read:
            for entry in files:
                content = Content(volume, device, entry.node)
                assert len(content.read(0, content.size)) == entry.size
    return time.process_time() - began, len(files)


def theirs(command: tuple[str, ...], image: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*command, str(image)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def compared(name: str, case: Case, source: Path) -> bool:
    met = True
    with tempfile.TemporaryDirectory() as folder:
        image = case.make(Path(folder), source)
        for what, command, wanted in (("list", case.lists, LIST), ("read", case.reads, READ)):
            mine, peers = [], []
            for _ in range(TIMES):
                seconds, files = ours(image, read=what == "read")
                assert files == FOLDERS * FILES, (name, files)
                mine.append(seconds)
                if command:
                    peers.append(theirs(command, image))
            if not peers:
                print(f'{{"what": "{what} 5,000 files of {name}", "rumpus": {min(mine):.4f}}}', flush=True)
                continue
            limit = f"at most {wanted} times {command[0]}"
            ratio = min(mine) / min(peers)
            met &= say(f"{what} 5,000 files of {name}", min(mine), min(peers), limit, ratio <= wanted)
    return met


def main(names: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        source = source_tree(Path(folder) / "source")
        met = [compared(name, case, source) for name, case in CASES.items() if not names or name in names]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
