"""Sandboxed processes that make pictures and texts of bytes: a new one for each file, so none sees another's.

A decoder that crashes, hangs or fills its memory costs its own picture and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager

from core.errors import DriverCrashed, RumpusError
from core.host import deadlines
from core.host.walls import must_stand
from core.host.worker import Worker
from core.host.zygote import Zygote
from core.worker import protocol

_SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL


class Sheet:
    """A file in memory that host and decoder share, of a size that neither can change. Close it."""

    def __init__(self, size: int) -> None:
        self.descriptor = os.memfd_create("preview", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(self.descriptor, size)
            fcntl.fcntl(self.descriptor, fcntl.F_ADD_SEALS, _SEALS)
        except BaseException:
            os.close(self.descriptor)
            raise

    def __enter__(self) -> Sheet:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)

    def write(self, offset: int, data: bytes) -> None:
        os.pwrite(self.descriptor, data, offset)

    def read(self, length: int) -> bytes:
        return os.pread(self.descriptor, length, 0)


class Decoders:
    """Owns its zygote, started when something is first to be decoded, and every decoder. Close it."""

    def __init__(
        self,
        without: Collection[str] = (),
        seconds: Mapping[type[protocol.Request], float] = deadlines.SECONDS,
    ) -> None:
        self._without = frozenset(without)
        self._seconds = seconds
        self._zygote = Zygote("decoder")
        self._workers: set[Worker] = set()
        self._spare: asyncio.Task[Worker] | None = None
        """The next decoder, whose walls go up while it is not needed yet."""
        self._coming: set[asyncio.Task[Worker]] = set()
        """That one, and those that somebody waits for, or has waited for."""
        self._closed = False

    def warm(self) -> None:
        """Something will soon be decoded. Raises DriverCrashed."""
        if self._closed:
            raise DriverCrashed("closed")
        try:
            self._zygote.start()
        except OSError as error:
            raise DriverCrashed(f"no decoder could be started: {error.strerror}") from error
        if self._spare is None:
            self._spare = asyncio.get_running_loop().create_task(self._new())
            self._coming.add(self._spare)
            self._spare.add_done_callback(self._coming.discard)
            self._spare.add_done_callback(_heard)

    @asynccontextmanager
    async def decoder(self) -> AsyncIterator[Worker]:
        """One that has seen nothing yet, for as long as it is wanted.

        Raises SandboxUnavailable, DriverCrashed, DriverHung.
        """
        self.warm()
        spare, self._spare = self._spare, None
        assert spare is not None
        zygote = self._zygote
        try:
            worker = await asyncio.shield(spare)
        except asyncio.CancelledError:
            if self._spare is None and not self._closed:
                self._spare = spare
            else:
                spare.add_done_callback(_unwanted)
            raise
        except DriverCrashed:
            # Perhaps the zygote is gone: the next decoder is of another.
            if self._zygote is zygote:
                self._zygote = Zygote("decoder")
            await zygote.close()
            raise
        self.warm()
        try:
            yield worker
        finally:
            await worker.close()

    async def close(self) -> None:
        self._closed = True
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.cancel()
            await asyncio.wait({spare})
        await asyncio.gather(*(worker.close() for worker in self._workers.copy()))
        await self._zygote.close()
        if self._coming:  # without a zygote they end soon
            await asyncio.wait(self._coming.copy())

    async def _new(self) -> Worker:
        spawned = await self._zygote.spawn(None, self._without)
        worker = Worker(spawned, self._seconds, keep_reports=False)
        self._workers.add(worker)
        worker.ended.add_done_callback(lambda _: self._workers.discard(worker))
        try:
            must_stand((await worker.ready()).layers, self._without)
        except BaseException:
            await worker.close()
            raise
        return worker


def _heard(spare: asyncio.Task[Worker]) -> None:
    """Its error is for whoever takes it, and perhaps nobody does."""
    if not spare.cancelled():
        spare.exception()


def _unwanted(spare: asyncio.Task[Worker]) -> None:
    with contextlib.suppress(RumpusError, asyncio.CancelledError):
        spare.result().kill()
