"""Rumpus beside its peers on one image, in one run: ratios, because times belong to the machine.

`make bench` prints one JSON object a line: {"what", "rumpus", "peer", "ratio", "wanted", "met"}; times are
medians in seconds, memory in bytes. Exits 1 when a ratio is missed.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from core.host.access import open_medium
from core.host.supervisor import Supervisor

RUMPUS = Path(sys.executable).with_name("rumpus")
FILES = 12_000
BIG = 512 << 20
TOOLS = {**os.environ, "MTOOLS_SKIP_CHECK": "1"}


def run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, env=TOOLS)


def beyond(
    *pairs: tuple[Callable[[], object], Callable[[], object]],
    times: int = 15,
    before: Callable[[], object] = lambda: None,
) -> list[float]:
    """For each pair, seconds that its first action takes more than its second: the median of so many turns.

    The two follow each other, and the pairs take turns, so that a busy moment meets them all.
    """
    taken: list[list[float]] = [[] for _ in pairs]
    for _ in range(times):
        for (whole, empty), mine in zip(pairs, taken, strict=True):
            moments = []
            for action in (whole, empty):
                before()
                began = time.perf_counter()
                action()
                moments.append(time.perf_counter() - began)
            mine.append(moments[0] - moments[1])
    return [statistics.median(mine) for mine in taken]


def say(what: str, rumpus: float, peer: float, wanted: str, met: bool) -> bool:
    figures = {"rumpus": rumpus, "peer": peer, "ratio": rumpus / peer}
    rounded = {name: round(value, 4) for name, value in figures.items()}
    print(json.dumps({"what": what, **rounded, "wanted": wanted, "met": met}), flush=True)
    return met


def image_with_many_files(folder: Path) -> Path:
    """/many holds 12,000 long-named empty files, /none holds nothing."""
    image = folder / "many.img"
    run("truncate", "-s", "64M", image)
    run("mkfs.fat", "-F", "32", "-s", "1", image)
    source = folder / "many"
    source.mkdir()
    for number in range(FILES):
        (source / f"{number:05} photograph of the harbour.jpeg").touch()
    run("mmd", "-i", image, "::/none")
    run("mcopy", "-s", "-i", image, source, "::/many")
    return image


def image_with_a_big_file(folder: Path) -> Path:
    content = folder / "content"
    with content.open("wb") as file:
        for _ in range(BIG >> 20):
            file.write(os.urandom(1 << 20))
    image = folder / "big.img"
    run("truncate", "-s", str(BIG + (64 << 20)), image)
    run("mkfs.fat", "-F", "32", "-s", "8", image)
    run("mcopy", "-i", image, content, "::/big")
    run("mcopy", "-i", image, "/dev/null", "::/empty")
    # Written anew in large pieces, as its peer was: a page cache of small ones costs a third of the speed.
    with image.open("rb") as source, (folder / "stick.img").open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
    image.unlink()
    return folder / "stick.img"


PYFATFS = """
import sys, types
stub = types.ModuleType("pkg_resources")  # which its package fs still imports, and setuptools no longer has
stub.declare_namespace = lambda name: None
sys.modules["pkg_resources"] = stub
from pyfatfs.PyFatFS import PyFatFS
PyFatFS(sys.argv[1]).listdir(sys.argv[2])  # takes names in 8.3 as they lie on the disk, in capitals
"""


def listing(image: Path) -> bool:
    """Without starting the program, which listing an empty folder takes too; in the order of the
    medium, as mdir."""
    python = [sys.executable, "-W", "ignore", "-c", PYFATFS, image]
    ours, mtools = beyond(
        (
            lambda: run(RUMPUS, "ls", "-U", f"{image}:/many"),
            lambda: run(RUMPUS, "ls", "-U", f"{image}:/none"),
        ),
        (
            lambda: run("mdir", "-f", "-i", image, "::/many"),
            lambda: run("mdir", "-f", "-i", image, "::/none"),
        ),
    )
    (slow,) = beyond((lambda: run(*python, "/MANY"), lambda: run(*python, "/NONE")), times=5)
    first = say("list 12,000 names, mdir -f", ours, mtools, "<= 1.5", ours <= 1.5 * mtools)
    return say("list 12,000 names, pyfatfs", ours, slow, "<= 0.1", ours <= slow / 10) and first


def copying(image: Path, folder: Path) -> bool:
    """Without starting the program, which copying an empty file takes too."""
    out, plain = folder / "out", folder / "plain"

    def clean() -> None:
        out.unlink(missing_ok=True)
        plain.unlink(missing_ok=True)
        os.sync()

    ours, peer = beyond(
        (lambda: run(RUMPUS, "cp", f"{image}:/big", out), lambda: run(RUMPUS, "cp", f"{image}:/empty", out)),
        (
            lambda: run("sh", "-c", f"cat {folder / 'content'} > {plain}"),
            lambda: run("sh", "-c", f"cat /dev/null > {plain}"),
        ),
        times=9,
        before=clean,
    )
    clean()
    ours, peer = BIG / ours, BIG / peer
    return say("copy out 512 MiB, cat (bytes/s)", ours, peer, ">= 0.9", ours >= 0.9 * peer)


async def opening(image: Path) -> bool:
    async with Supervisor() as supervisor:
        times, private = [], 0
        for _ in range(7):
            began = time.perf_counter()
            with await open_medium(image) as medium:
                await supervisor.survey(medium)
                async with await supervisor.open(medium) as volume:
                    async for _batch in volume.entries(volume.root.node):
                        break
                    times.append(time.perf_counter() - began)
                    private = private_memory(volume.pid)
        inserted = statistics.median(times)
        first = say("image added to first listing", inserted, 0.1, "<= 0.1 s", inserted <= 0.1)
        return (
            say("private memory of a worker", private, 10 << 20, "<= 10 MiB", private <= 10 << 20) and first
        )


def private_memory(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="rumpus-bench-", dir=os.environ.get("BENCH_DIR")))
    try:
        many = image_with_many_files(folder)
        met = [listing(many), asyncio.run(opening(many))]
        met.append(copying(image_with_a_big_file(folder), folder))
    finally:
        shutil.rmtree(folder)
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
