"""The FAT driver's writing beside its peers, on fresh images, in one run: ratios, as in `compare`.

python -m tests.bench.writing
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from core.blockdev.cache import CachedDevice
from core.blockdev.descriptor import DescriptorDevice, measure
from core.entry import Kind
from core.fs.fat.writing.writer import FatWriter
from tests.bench.compare import TOOLS, run, say

COUNTS = (1000, 4000, 12_000)
SMALL = 300
PATIENCE = 60
"""Seconds after which a peer is stopped."""
BIG = 1 << 30
SLICE = 8 << 20


def timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def blank(path: Path, size: int) -> Path:
    path.unlink(missing_ok=True)
    run("truncate", "-s", str(size), path)
    run("mkfs.fat", "-F", "32", "-s", "8", path)
    os.sync()
    return path


def copy_in(image: Path, files: list[Path], folder: str | None) -> None:
    """What a worker does: the bytes go from descriptor to descriptor, to where the driver says."""
    target = os.open(image, os.O_RDWR)
    device = CachedDevice(DescriptorDevice(target, *measure(target)))
    writer = FatWriter.open(device)
    parent = 0 if folder is None else writer.create(0, folder, Kind.DIRECTORY).node
    for file in files:
        source = os.open(file, os.O_RDONLY)
        size = os.fstat(source).st_size
        reservation = writer.reserve(parent, file.name, size)
        for offset, position, length in reservation.extents:
            while length:
                os.lseek(target, position, os.SEEK_SET)
                moved = os.sendfile(target, source, offset, min(length, SLICE))
                offset, position, length = offset + moved, position + moved, length - moved
        os.close(source)
        writer.commit(reservation)
    writer.flush()
    os.close(target)


def small_files(folder: Path, what: str, name: str) -> tuple[float, bool]:
    """(how much faster than mcopy the most files went in, whether the time for one file stays the same)."""
    seconds, faster = [], 0.0
    image = folder / "small.img"
    for count in COUNTS:
        source = folder / f"{what} {count}"
        source.mkdir()
        for number in range(count):
            (source / name.format(number)).write_bytes(os.urandom(SMALL))
        files = sorted(source.iterdir())
        blank(image, 300 << 20)
        ours = timed(partial(copy_in, image, files, "many"))
        run("fsck.fat", "-n", image)
        blank(image, 300 << 20)
        peer = timed(partial(given_up, "mcopy", "-s", "-i", image, source, "::/many"))
        seconds.append(ours)
        faster = peer / ours
        say(f"copy in {count:,} small files, {what}, mcopy -s", ours, peer, "", True)
    return faster, seconds[-1] / COUNTS[-1] <= 1.6 * seconds[0] / COUNTS[0]


def given_up(*command: object) -> None:
    """Runs a peer, for so long at most. What it was stopped at is less than it would have taken."""
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(
            list(map(str, command)), check=True, stdout=subprocess.DEVNULL, env=TOOLS, timeout=PATIENCE
        )


def all_small_files(folder: Path) -> bool:
    alike, linear = small_files(folder, "names that begin alike", "photograph of the harbour {:05}.jpeg")
    apart, _ = small_files(folder, "names that do not", "{:05} photograph of the harbour.jpeg")
    figures = {
        "names that begin alike": round(alike, 1),
        "names that do not": round(apart, 1),
        "linear": linear,
    }
    print(json.dumps({"what": "times as fast as mcopy -s", **figures, "met": alike >= 20 and linear}))
    return alike >= 20 and linear


def big_file(folder: Path) -> bool:
    content = folder / "content"
    with content.open("wb") as file:
        for _ in range(BIG >> 20):
            file.write(os.urandom(1 << 20))
    image, plain = folder / "big.img", folder / "plain"
    ours, peers = [], []
    for _ in range(3):
        blank(image, BIG + (64 << 20))
        ours.append(timed(lambda: copy_in(image, [content], None)))
        run("fsck.fat", "-n", image)
        image.unlink()
        blank(plain, BIG + (64 << 20))
        peers.append(
            timed(
                lambda: run(
                    "dd", f"if={content}", f"of={plain}", "bs=1M", "conv=fsync,notrunc", "status=none"
                )
            )
        )
        plain.unlink()
    mine, peer = sorted(ours)[1], sorted(peers)[1]
    return say("copy in 1 GiB, dd conv=fsync (speed)", peer, mine, ">= 0.9", peer >= 0.9 * mine)


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="rumpus-bench-", dir=os.environ.get("BENCH_DIR")))
    try:
        met = [all_small_files(folder), big_file(folder)]
    finally:
        shutil.rmtree(folder)
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
