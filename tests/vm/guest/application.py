"""Runs in the guest: everything of the application but its window, told what to do in JSON lines.

Says each change of a stick as it happens, and answers orders:

    {"id": 1, "do": "greet"}            the next stick that is ready, opened and listed as soon as it is
    {"id": 2, "do": "list", "path": "/dev/sda"}
    {"id": 3, "do": "copy", "path": "/dev/sda", "sources": ["/a.bin"], "to": "/tmp/out"}
    {"id": 4, "do": "bring", "path": "/dev/sda", "sources": ["/tmp/in"]}    onto the stick
    {"id": 5, "do": "eject", "path": "/dev/sda"}
    {"id": 6, "do": "count"}            open descriptors, processes around drivers, and memory in bytes
    {"id": 7, "do": "close", "path": "/dev/sda"}
    {"id": 8, "do": "rest"}             answered once it knows of no stick any more

Every line has the guest's monotonic clock as "time".
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from core.cli.wording import sentence
from core.errors import Fault, NotFound, RumpusError
from core.host.copying_in import CopyIn
from core.host.loading import HostOrigin
from core.host.stick_volume import StickVolume
from core.host.sticks import Change, Stick, Sticks, StickState
from core.host.supervisor import Supervisor
from core.host.transfers import CopyOut
from core.host.unloading import Arrival
from core.host.watcher import UdevWatcher

Answer = dict[str, Any]


class Application:
    def __init__(self, sticks: Sticks) -> None:
        self._sticks = sticks
        self._ready: asyncio.Queue[Stick] = asyncio.Queue()
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def changed(self, change: Change, stick: Stick) -> None:
        say(
            change=change.name,
            stick=stick.id,
            path=str(stick.path),
            name=stick.name,
            state=stick.state.name,
            error=_fault(stick.error),
            volumes=[volume.state.name for volume in stick.volumes],
        )
        if change is Change.CHANGED and stick.state is StickState.READY:
            self._ready.put_nowait(stick)
        self._news.set()

    def obey(self, line: bytes) -> None:
        task = asyncio.create_task(self._obey(json.loads(line)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _obey(self, order: dict[str, Any]) -> None:
        number, what = order.pop("id"), order.pop("do")
        try:
            answer: Answer = await getattr(self, f"do_{what}")(**order)
        except RumpusError as error:
            answer = {"error": _fault(error), "sentence": sentence(error)}
        say(id=number, **answer)

    async def do_greet(self) -> Answer:
        while not self._ready.empty():
            self._ready.get_nowait()
        say(greets=True)
        stick = await self._ready.get()
        ready = time.monotonic()
        return {"stick": stick.id, "path": str(stick.path), "ready": ready, **await _list(_volume(stick))}

    async def do_list(self, path: str) -> Answer:
        return await _list(_volume(self._stick(path)))

    async def do_copy(self, path: str, sources: list[str], to: str) -> Answer:
        volume = await _volume(self._stick(path)).open()
        entries = [await volume.resolve(source) for source in sources]
        Path(to).mkdir(parents=True)
        arrivals: list[Arrival] = []
        job = CopyOut(volume, entries, Path(to), arrived=arrivals.append)
        job.observe(lambda job: say(copied=job.progress.bytes_done))
        await job.run()
        return {
            "state": job.state.name,
            "error": _fault(job.error),
            "sentence": sentence(job.error) if job.error else "",
            "problems": [[problem.path, _fault(problem.error)] for problem in job.problems],
            "lost": sum(arrival.lost for arrival in arrivals),
            "left": sorted(path.name for path in Path(to).iterdir()),
        }

    async def do_bring(self, path: str, sources: list[str]) -> Answer:
        place = _volume(self._stick(path))
        volume = await place.open()
        origin = HostOrigin([Path(source) for source in sources])
        job = CopyIn(volume, await place.changes(), origin, volume.facts.root)
        job.observe(lambda job: _account(job, path))
        await job.run()
        return {
            "state": job.state.name,
            "error": _fault(job.error),
            "files": job.progress.files_done,
            "written": _written(path),
        }

    async def do_close(self, path: str) -> Answer:
        """Lets go of the device, so that somebody else may have it."""
        await self._sticks.forget(self._stick(path))
        return {}

    async def do_eject(self, path: str) -> Answer:
        stick = self._stick(path)
        await stick.eject()
        return {"state": stick.state.name, "error": _fault(stick.error), "written": _written(path)}

    async def do_count(self) -> Answer:
        gc.collect()
        return {
            "descriptors": len(list(Path("/proc/self/fd").iterdir())),
            "walled": len(list(_walled())),
            "memory": _memory(),
        }

    async def do_rest(self) -> Answer:
        while self._sticks.sticks:
            self._news.clear()
            await self._news.wait()
        return {}

    def _stick(self, path: str) -> Stick:
        for stick in self._sticks.sticks:
            if str(stick.path) == path:
                return stick
        raise NotFound(path)


async def _list(place: StickVolume) -> Answer:
    volume = await place.open()
    opened = time.monotonic()
    names = [entry.name async for batch in volume.entries(volume.facts.root) for entry in batch]
    return {"opened": opened, "listed": time.monotonic(), "names": names, "worker": volume.pid}


def _volume(stick: Stick) -> StickVolume:
    """The one in which something was recognised."""
    for volume in stick.volumes:
        if volume.partition.system:
            return volume
    raise stick.error or NotFound("file system")


def _account(job: CopyIn, path: str) -> None:
    """What a person reads of a copy, and how many bytes the disk had been sent by then."""
    progress = job.progress
    say(brought=progress.bytes_done, of=progress.bytes, written=_written(path))


def _written(path: str) -> int:
    """Documentation/block/stat.rst: the seventh field."""
    return int(Path(f"/sys/block/{Path(path).name}/stat").read_text().split()[6]) * 512


def _memory() -> int:
    """Of this process alone."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no Private_Dirty")


def _walled() -> Any:
    """Processes that run drivers, and the one that forks them: they share its command line."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"core.worker.zygote" in (process / "cmdline").read_bytes():
                yield process.name
        except OSError:
            continue  # it ended while we looked


def _fault(error: RumpusError | None) -> dict[str, Any] | None:
    return None if error is None else msgspec.to_builtins(Fault.of(error))


def say(**fields: Any) -> None:
    print(json.dumps({"time": time.monotonic(), **fields}), flush=True)


async def main() -> None:
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
    )
    async with Supervisor() as supervisor:
        sticks = Sticks(supervisor, UdevWatcher())
        application = Application(sticks)
        sticks.observe(application.changed)
        async with sticks:
            say(started=True, degraded=sticks.degraded)
            async for line in orders:
                application.obey(line)


if __name__ == "__main__":
    asyncio.run(main())
