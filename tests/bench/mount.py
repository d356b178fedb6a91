"""A mounted stick beside its peers: the raw image, fuse2fs, exfat-fuse. As `compare`, one JSON object a line.

Each pair takes turns. Run as the first user the page cache is emptied before each turn, so that both sides
read from the disk; the figures with the image in the page cache come besides.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from tests.bench.compare import BIG, FILES, RUMPUS, image_with_a_big_file, image_with_many_files, run, say

_TURNS = 5
_STATS = 10_000
_ENOUGH = 20
"""Seconds after which one that takes so long is not tried again."""


@contextmanager
def mounted(command: list[object], directory: Path) -> Iterator[Path]:
    directory.mkdir(exist_ok=True)
    run(*command, directory)
    try:
        yield directory
    finally:
        run("umount", directory)


def ours(image: Path, directory: Path, *options: str) -> list[object]:
    return [RUMPUS, "mount", *options, image]


def seconds(action: Callable[..., object], *arguments: object) -> float:
    began = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - began


def read_through(path: Path) -> None:
    run("dd", f"if={path}", "of=/dev/null", "bs=1M", "status=none")


def forget() -> None:
    """Empties the page cache, where this user may."""
    os.sync()
    caches = Path("/proc/sys/vm/drop_caches")
    if os.access(caches, os.W_OK):
        caches.write_text("3\n")


def reading(image: Path, content: Path, at: Path) -> bool:
    """512 MiB, at 1 MiB a time, as `cat` does it: from the disk, and from memory."""
    met = True
    for where, before, wanted in (("disk", forget, 0.8), ("memory", lambda: None, 0.0)):
        raw, through = [], []
        for _ in range(_TURNS):
            before()
            raw.append(BIG / seconds(read_through, content))
            with mounted(ours(image, at), at) as stick:
                before()
                through.append(BIG / seconds(read_through, stick / "big"))
        one, other = median(through), median(raw)
        text = f">= {wanted}" if wanted else "no bound"
        met &= say(f"read 512 MiB, {where} (bytes/s), raw", one, other, text, one >= wanted * other)
    return met


def walking(image: Path, peers: dict[str, list[object]], at: Path) -> bool:
    """A folder of 12,000 files, the first time after it was mounted."""
    commands = {
        f"ls -l of {FILES} files": lambda stick: run("ls", "-l", f"{stick}/many"),
        f"find | wc -l of {FILES} files": lambda stick: run("sh", "-c", f"find {stick}/many | wc -l"),
        f"{_STATS} stats, each by name": lambda stick: stats(stick / "many"),
    }
    met = True
    for what, action in commands.items():
        for peer, command in {"": [], **peers}.items():
            if not peer:
                continue
            mine, other = [], []
            for _ in range(_TURNS):
                for times, how in ((mine, ours(image, at)), (other, command)):
                    if sum(times) > _ENOUGH:
                        continue
                    with mounted(how, at) as stick:
                        times.append(seconds(action, stick))
            bound = f"<= {_bound(what)}"
            ratio_met = median(mine) <= _bound(what) * median(other)
            met &= say(f"{what}, {peer}", median(mine), median(other), bound, ratio_met)
    return met


def _bound(what: str) -> float:
    return 2.0 if "stats" in what else 1.5


def stats(folder: Path) -> None:
    for number in range(_STATS):
        (folder / f"{number:05} photograph of the harbour.jpeg").stat()


def ready(image: Path, at: Path) -> bool:
    """From the command to its return, with the stick there."""
    times = []
    at.mkdir(exist_ok=True)
    for _ in range(2 * _TURNS):
        times.append(seconds(run, *ours(image, at), at))
        run("umount", at)
    empty = median(seconds(lambda: run(sys.executable, "-c", "import asyncio")) for _ in range(2 * _TURNS))
    return say(
        "mount to ready, python importing asyncio", median(times), empty, "<= 0.15 s", median(times) <= 0.15
    )


def peers(folder: Path, stack: ExitStack) -> dict[str, list[object]]:
    """The same files on volumes that other FUSE programs serve."""
    found: dict[str, list[object]] = {}
    if shutil.which("fuse2fs"):
        image = folder / "many.ext4"
        (folder / "tree").mkdir()
        (folder / "many").rename(folder / "tree" / "many")
        run("truncate", "-s", "64M", image)
        run("mke2fs", "-q", "-F", "-t", "ext4", "-N", "20000", "-d", folder / "tree", image)
        (folder / "tree" / "many").rename(folder / "many")
        found["fuse2fs"] = ["fuse2fs", "-o", "ro", image]
    if shutil.which("mount.exfat-fuse") and os.geteuid() == 0:
        image = folder / "many.exfat"
        run("truncate", "-s", "64M", image)
        run("mkfs.exfat", image)
        loop = ["losetup", "--find", "--show", str(image)]
        device = subprocess.run(loop, check=True, capture_output=True, text=True).stdout.strip()
        stack.callback(run, "losetup", "-d", device)
        with mounted(["mount.exfat-fuse", device], folder / "exfat") as at:
            shutil.copytree(folder / "many", at / "many")
        time.sleep(2)  # it goes on writing after it is unmounted, and tells nobody
        found["exfat-fuse"] = ["mount.exfat-fuse", "-o", "ro", device]
    return found


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="rumpus-bench-", dir=os.environ.get("BENCH_DIR")))
    at = folder / "at"
    stack = ExitStack()
    try:
        many = image_with_many_files(folder)
        met = [ready(many, at), walking(many, peers(folder, stack), at)]
        big = image_with_a_big_file(folder)
        met.append(reading(big, folder / "content", at))
    finally:
        subprocess.run(["umount", "-q", at], check=False)
        stack.close()
        shutil.rmtree(folder)
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
