"""Opens sticks: one sandboxed worker for each survey and each volume, and none without its walls."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterable, Mapping
from contextlib import aclosing, suppress
from typing import get_args, get_type_hints

import msgspec

from core.entry import PartitionFacts, Survey
from core.errors import RumpusError, SandboxUnavailable, SandboxViolation
from core.host import deadlines
from core.host.access import Medium
from core.host.decoders import Decoders
from core.host.launching import Launched
from core.host.volume import Volume
from core.host.walls import must_stand
from core.host.worker import Worker
from core.host.zygote import Zygote
from core.worker import protocol


class LayerReport(msgspec.Struct, frozen=True):
    """One line of `rumpus doctor`: a layer of the sandbox, or an attempt to break out that proves it."""

    name: str
    in_force: bool
    detail: str
    proved: bool | None = None
    """None for a layer; for an attempt, whether it was refused."""


ATTEMPTS = {
    "open": "open a file",
    "socket": "make a network connection",
    "fork": "start a process",
    "exec": "run a program",
    "ptrace": "trace another process",
    "steal": "take another stick's descriptor",
    "mmap-exec": "map executable memory",
    "memory": "allocate 8 GiB",
}
assert set(ATTEMPTS) == set(get_args(get_type_hints(protocol.Attempt)["what"]))


class Supervisor:
    """Owns the zygote and every worker. `start` it before any window or event loop."""

    def __init__(
        self,
        *,
        without: Iterable[str] = (),
        seconds: Mapping[type[protocol.Request], float] = deadlines.SECONDS,
    ) -> None:
        self.without = frozenset(without)
        """Layers that the user gave up, by name."""
        self._seconds = seconds
        self._zygote = Zygote()
        self._workers: set[Worker] = set()
        self.decoders = Decoders(self.without, seconds)
        """For previews; none is started before one is needed."""

    def start(self, launched: Launched | None = None) -> None:
        """Launches the zygote unless it runs, without waiting for it. Raises OSError."""
        self._zygote.start(launched)

    async def __aenter__(self) -> Supervisor:
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends every worker and the zygote."""
        await asyncio.gather(*(worker.close() for worker in self._workers.copy()))
        await self.decoders.close()
        await self._zygote.close()

    async def split(self) -> Launched:
        """As `Zygote.split`."""
        return await self._zygote.split()

    @property
    def processes(self) -> frozenset[int]:
        """The zygote and every worker."""
        workers = {worker.process for worker in self._workers}
        return frozenset(workers | ({self._zygote.process} if self._zygote.process else set()))

    async def survey(self, medium: Medium) -> Survey:
        """What the device holds. Raises SandboxUnavailable and what reading its partition table raises."""
        worker, _ = await self._walled(medium.descriptor)
        try:
            reply = await worker.ask(protocol.Look(id=0))
            assert isinstance(reply, protocol.Looked)
            return reply.survey
        finally:
            await worker.close()

    async def open(self, medium: Medium, partition: int = 0, driver: str = "", code_page: str = "") -> Volume:
        """Opens one partition (0: the whole device) with the driver that knows it best, or the named one.

        `code_page` is what names of 8.3 were written in ("cp866"), where the user knows it.

        Raises SandboxUnavailable, NotAFileSystem, UnsupportedFeature, CorruptStructure, MediumError,
        DeviceGone, NotFound, DriverCrashed, DriverHung.
        """
        worker, ready = await self._walled(medium.descriptor)
        try:
            return await _open(worker, ready, medium, partition, driver, code_page)
        except BaseException:
            await worker.close()
            raise

    async def find_and_open(
        self,
        medium: Medium,
        choose: Callable[[Survey], PartitionFacts],
        driver: str = "",
        code_page: str = "",
    ) -> tuple[PartitionFacts, Volume]:
        """Opens the partition that `choose` takes of what the device holds. As `survey` and `open`, but in
        one worker, and nothing is recognised twice. Raises what they and `choose` do."""
        worker, ready = await self._walled(medium.descriptor)
        try:
            reply = await worker.ask(protocol.Look(id=0))
            assert isinstance(reply, protocol.Looked)
            place = choose(reply.survey)
            best = driver or next(iter(place.drivers), "")
            return place, await _open(worker, ready, medium, place.number, best, code_page)
        except BaseException:
            await worker.close()
            raise

    async def format(
        self, medium: Medium, wish: protocol.Format, moved: Callable[[int], None] | None = None
    ) -> None:
        """Makes an empty volume in place of what is there. Nothing of it may be open meanwhile.

        `moved` hears the bytes written so far. Raises ReadOnly, SizeNotAllowed and NameNotAllowed, all
        before the first write, and as `open` does.
        """
        descriptor = await medium.for_writing()
        try:
            worker, _ = await self._walled(descriptor)
        finally:
            os.close(descriptor)
        try:
            async with aclosing(worker.converse(wish)) as replies:
                async for reply in replies:
                    if moved is not None and isinstance(reply, protocol.Moved):
                        moved(reply.done)
        finally:
            await worker.close()

    async def rehearse(
        self,
        medium: Medium,
        requests: Iterable[protocol.Rehearsed],
        touched: Callable[[int, int], None] = lambda offset, length: None,
    ) -> list[RumpusError | None]:
        """Asks a new worker all that once more, and brings what came of each: None when all was well.

        There are fewer than requests when the worker ended over one. `touched` hears (offset, length) of
        each part of the device before the worker reads it. Raises SandboxUnavailable.
        """
        worker, _ = await self._walled(medium.descriptor)
        tracing = asyncio.ensure_future(_trace(worker, touched))
        came: list[RumpusError | None] = []
        try:
            await asyncio.sleep(0)  # the trace is asked for first
            for request in requests:
                came.append(await _asked_again(worker, request))
                if worker.ended.done():
                    break
        finally:
            await worker.close()
            await asyncio.wait({tracing})
        return came

    async def inspect(self) -> list[LayerReport]:
        """Every layer on this machine, then every attempt to break out, each by a worker without a stick.

        An attempt that seccomp answers with death is tried again without seccomp, to see what stands behind.
        """
        worker, ready = await self._worker(None, self.without)
        await worker.close()
        reports = [LayerReport(name, True, words) for name, words in ready.layers.items()]
        reports += [LayerReport(name, False, reason) for name, reason in ready.missing.items()]
        for what, words in ATTEMPTS.items():
            refused, how = await self._attempt(what, self.without)
            if how == _FATAL:
                behind, second = await self._attempt(what, self.without | {"seccomp"})
                how += f"; without seccomp {second}" if behind else "; nothing stands behind seccomp"
            reports.append(LayerReport(words, refused, how, proved=refused))
        return reports

    async def _attempt(self, what: str, without: frozenset[str]) -> tuple[bool, str]:
        """Whether it was refused, and how."""
        worker, _ = await self._worker(None, without)
        try:
            reply = await worker.ask(protocol.Attempt(id=0, what=what))  # type: ignore[arg-type]
        except SandboxViolation:
            return True, _FATAL
        except RumpusError as error:
            return True, f"the worker ended ({error})"
        finally:
            await worker.close()
        if isinstance(reply, protocol.Refused):
            return True, f"refused: {os.strerror(reply.errno)}"
        return False, "it went through"

    async def _walled(self, descriptor: int) -> tuple[Worker, protocol.Ready]:
        """A worker on the device whose walls stand. It has read nothing yet."""
        worker, ready = await self._worker(descriptor, self.without)
        try:
            must_stand(ready.layers, self.without)
        except SandboxUnavailable:
            await worker.close()
            raise
        return worker, ready

    async def _worker(self, descriptor: int | None, without: frozenset[str]) -> tuple[Worker, protocol.Ready]:
        worker = Worker(await self._zygote.spawn(descriptor, without), self._seconds)
        self._workers.add(worker)
        worker.ended.add_done_callback(lambda _: self._workers.discard(worker))
        try:
            return worker, await worker.ready()
        except BaseException:
            await worker.close()
            raise


async def _open(
    worker: Worker, ready: protocol.Ready, medium: Medium, partition: int, driver: str, code_page: str
) -> Volume:
    reply = await worker.ask(protocol.Open(id=0, partition=partition, driver=driver, code_page=code_page))
    assert isinstance(reply, protocol.Opened)
    volume = Volume(worker, reply.facts, partition, ready.layers)
    volume.uncache = medium.uncache
    return volume


_FATAL = f"killed by seccomp ({signal.SIGSYS.name})"


async def _trace(worker: Worker, touched: Callable[[int, int], None]) -> None:
    """Until the worker ends."""
    count = 0
    with suppress(RumpusError):
        async with aclosing(worker.converse(protocol.Trace(id=0))) as replies:
            async for reply in replies:
                assert isinstance(reply, protocol.Touched)
                count += 1
                if count > _MOST_TOUCHED:
                    return
                touched(reply.offset, reply.length)


async def _asked_again(worker: Worker, request: protocol.Rehearsed) -> RumpusError | None:
    try:
        async with aclosing(worker.converse(request)) as replies:
            async for _ in replies:
                pass
    except RumpusError as error:
        return error
    return None


_MOST_TOUCHED = 1 << 19
"""More than any worker tells of (`core.worker.tracing`): going on behind it would be a breach."""
