"""The FAT driver's writing beside its peers, on fresh images, in one run: ratios, as in `compare`.

Then the whole command beside mcopy, through all walls and with its start, in both directions.

python -m tests.bench.writing
"""

from __future__ import annotations

import json
import os
import resource
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
from core.worker.carrying import Carrier
from tests.bench.compare import RUMPUS, TOOLS, run, say

COUNTS = (1000, 4000, 12_000)
SMALL = 300
PATIENCE = 60
"""Seconds after which a peer is stopped."""
BIG = 1 << 30


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
    carrier = Carrier()
    parent = 0 if folder is None else writer.create(0, folder, Kind.DIRECTORY).node
    for file in files:
        source = os.open(file, os.O_RDONLY)
        size = os.fstat(source).st_size
        reservation = writer.reserve(parent, file.name, size)
        for offset, position, length in reservation.extents:
            while length:
                moved = carrier.carry(source, offset, target, position, length)
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


def commands(folder: Path) -> bool:
    """The best of five. The processor's time is told too: of the two it is the one that other work disturbs
    less. Each copy out has a folder of its own, which stays: ext4 passes over the inodes of files that were
    removed in the last minutes one by one, which took mcopy seven times as long as the copy itself.
    """
    source, image, out = folder / "many", folder / "commands.img", folder / "out"
    source.mkdir()
    for number in range(COUNTS[-1]):
        (source / f"{number:05} photograph of the harbour.jpeg").write_bytes(os.urandom(SMALL))
    taken: dict[str, list[tuple[float, float]]] = {}

    def measured(what: str, *command: object) -> None:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = timed(lambda: run(*command))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        taken.setdefault(what, []).append((seconds, spent))

    for turn in range(5):
        blank(image, 300 << 20)
        measured("in, mcopy", "mcopy", "-s", "-i", image, source, "::/many")
        blank(image, 300 << 20)
        measured("in", RUMPUS, "cp", "-r", source, f"{image}:/")
        for what, command in (
            ("out", (RUMPUS, "cp", "-r", f"{image}:/many")),
            ("out, mcopy", ("mcopy", "-s", "-i", image, "::/many")),
        ):
            folder_of_its_own = out / f"{what} {turn}"
            folder_of_its_own.mkdir(parents=True)
            os.sync()
            measured(what, *command, folder_of_its_own)
        measured("start", RUMPUS, "ls", f"{image}:/")
    met = []
    for way in ("in", "out"):
        ours, peer = (min(taken[what]) for what in (way, f"{way}, mcopy"))
        print(
            json.dumps(
                {"what": f"processor, copy {way}", "rumpus": round(ours[1], 2), "peer": round(peer[1], 2)}
            )
        )
        told = f"the command: copy {way} {COUNTS[-1]:,} small files, mcopy -s"
        met.append(say(told, ours[0], peer[0], "<= 1", ours[0] <= peer[0]))
    print(
        json.dumps(
            {"what": "of that, to start and list a folder", "rumpus": round(min(taken["start"])[0], 2)}
        )
    )
    return all(met)


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
    mine, peer = BIG / min(ours), BIG / min(peers)
    return say("copy in 1 GiB, dd conv=fsync (bytes/s)", mine, peer, ">= 0.9", mine >= 0.9 * peer)


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="rumpus-bench-", dir=os.environ.get("BENCH_DIR")))
    try:
        met = [all_small_files(folder), commands(folder), big_file(folder)]
    finally:
        shutil.rmtree(folder)
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
