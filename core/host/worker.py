"""One worker as the host sees it: requests with deadlines, replies validated, and its end, explained.

Nothing that a worker says is believed before it has been decoded and matched with a request that is waiting
for just that. The first breach ends the worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping

import msgspec

from core.errors import (
    DriverCrashed,
    DriverHung,
    ProtocolViolation,
    RumpusError,
    SandboxViolation,
)
from core.host import deadlines, reports
from core.host.zygote import Spawned
from core.worker import protocol
from core.worker.protocol import Reply, Request

_STDERR_KEPT = 64 * 1024
_OPERATIONS_KEPT = 50
_DRAIN = 16
"""Packets taken in one turn of the event loop, so that a chatty worker cannot hold it."""
_LATE = 64
"""Replies that may come after a request was cancelled."""
_WAIT_FOR_STATUS = 1.0
"""Seconds to wait for the zygote's word on how a worker ended before going on without it."""


class _Exchange:
    """One request under way and the replies that have come for it and were not fetched yet."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.name = type(request).__name__
        self.allowed: tuple[type, ...] = (*protocol.ANSWERS[type(request)], protocol.Failed)
        self.replies: deque[Reply] = deque()
        self.arrived = asyncio.Event()
        self.unasked = protocol.CREDIT
        self.passed_over = 0
        """Replies that were outdated before anybody fetched them, and are still to be asked for anew."""


class Worker:
    """Owns the socket, the pidfd and the stderr of one worker; `close` gives them back on every path."""

    def __init__(
        self,
        spawned: Spawned,
        seconds: Mapping[type[Request], float] = deadlines.SECONDS,
        *,
        keep_reports: bool = True,
    ) -> None:
        self.process = spawned.process
        self.ended: asyncio.Future[RumpusError | None] = asyncio.get_running_loop().create_future()
        """Resolves once, when the worker is gone: with the reason, or None when it was closed by us."""
        self._loop = asyncio.get_running_loop()
        self._seconds = seconds
        self._report: Callable[[str, list[str], str], str] = reports.save if keep_reports else _unsaved
        self._host = spawned.host
        self._watch = spawned.watch
        self._stderr = spawned.stderr
        self._exited = spawned.exited
        self._exchanges: dict[int, _Exchange] = {}
        self._next = 1
        self._said = bytearray()
        self._operations: deque[Request] = deque(maxlen=_OPERATIONS_KEPT)
        self._ready: asyncio.Future[protocol.Ready] = self._loop.create_future()
        self._ending: asyncio.Task[None] | None = None
        self._open = True
        self._packet = memoryview(bytearray(protocol.MAX_REPLY + 1))
        """The one that is heard just now. A new one each time would be new pages of memory each time."""
        self._writable: asyncio.Future[None] | None = None
        self._loop.add_reader(self._host.fileno(), self._hear)
        self._loop.add_reader(self._stderr, self._overhear)

    async def ready(self, seconds: float = deadlines.READY) -> protocol.Ready:
        """The worker's first word: its walls stand. Raises DriverHung, DriverCrashed."""
        try:
            return await asyncio.wait_for(asyncio.shield(self._ready), seconds)
        except TimeoutError:
            raise self.breach(DriverHung("start", seconds)) from None

    async def ask(self, request: Request, *descriptors: int) -> Reply:
        """The single reply to a short request. Raises the worker's error, or why there is none."""
        async with contextlib.aclosing(self.converse(request, *descriptors)) as replies:
            async for reply in replies:
                return reply
        raise ProtocolViolation(f"{type(request).__name__} ended without an answer")

    async def converse(self, request: Request, *descriptors: int) -> AsyncGenerator[Reply, None]:
        """Every reply to a request up to its final one. Leaving early cancels it in the worker.

        Raises the worker's error, DriverHung after too long a silence, and the reason when the worker ends.
        """
        exchange = _Exchange(request)
        request = exchange.request = msgspec.structs.replace(request, id=self._number(exchange))
        finished = False
        try:
            await self._send(request, descriptors)
            while not finished:
                reply = await self._reply(exchange)
                if isinstance(reply, protocol.Failed):
                    finished = True
                    raise self._understood(reply, exchange)
                finished = isinstance(reply, protocol.FINAL)
                if not isinstance(reply, protocol.Done):
                    yield reply
                if isinstance(reply, protocol.CREDITED):
                    count, exchange.passed_over = 1 + exchange.passed_over, 0
                    await self._tell(protocol.More(id=self._number(), target=request.id, count=count))
                    exchange.unasked += count
        finally:
            if finished or not self._open:
                self._exchanges.pop(request.id, None)
            else:
                # What is still under way for it is dropped on arrival, up to its final reply.
                exchange.allowed = ()
                self._cancel(request.id)

    @property
    def operations(self) -> tuple[Request, ...]:
        """The last requests, oldest first."""
        return tuple(self._operations)

    def _told(self) -> list[str]:
        return [str(request)[:200] for request in self._operations]

    async def close(self) -> None:
        """Kills the worker and gives its descriptors back.

        Then its own copies are closed too, so that the device is free for others; unless the kernel does not
        let it die, which is not waited for.
        """
        self._end(None)
        await asyncio.wait({self.ended})
        await asyncio.wait({self._exited}, timeout=_WAIT_FOR_STATUS)

    def kill(self) -> None:
        """As `close`, without waiting for anything."""
        self._end(None)

    # sending ------------------------------------------------------------------------------------------------

    def _number(self, exchange: _Exchange | None = None) -> int:
        number = self._next
        self._next = self._next % (2**32 - 1) + 1
        if exchange is not None:
            self._exchanges[number] = exchange
        return number

    async def _send(self, request: Request, descriptors: Iterable[int]) -> None:
        kept = msgspec.structs.replace(request, data=b"") if isinstance(request, protocol.Write) else request
        self._operations.append(kept)
        await self._tell(request, descriptors)

    async def _tell(self, request: Request, descriptors: Iterable[int] = ()) -> None:
        packet = protocol.encode(request)
        while self._open:
            try:
                socket.send_fds(self._host, [packet], list(descriptors), socket.MSG_NOSIGNAL)
                return
            except BlockingIOError:
                await self._until_writable()
            except OSError:
                # The worker is gone; its end explains itself through the reading side.
                await self._until_ended()
        raise await self._until_ended()

    async def _until_writable(self) -> None:
        if self._writable is None:
            self._writable = self._loop.create_future()
            self._loop.add_writer(self._host.fileno(), self._set_writable)
        try:
            await asyncio.wait_for(asyncio.shield(self._writable), deadlines.READY)
        except TimeoutError:
            raise self.breach(DriverHung("take a request", deadlines.READY)) from None

    def _set_writable(self) -> None:
        self._loop.remove_writer(self._host.fileno())
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None

    def _cancel(self, target: int) -> None:
        packet = protocol.encode(protocol.Cancel(id=self._number(), target=target))
        try:
            self._host.send(packet, socket.MSG_NOSIGNAL)
        except BlockingIOError:
            self.breach(DriverHung("cancel", 0))
        except OSError:
            return  # the worker is gone, and with it what was to be cancelled

    # receiving ----------------------------------------------------------------------------------------------

    def _hear(self) -> None:
        for _ in range(_DRAIN):
            if not self._open:
                return
            try:
                length = self._host.recv_into(self._packet)
            except BlockingIOError:
                return
            except OSError:
                length = 0
            if not length:
                self._end(DriverCrashed("the worker ended"))
                return
            try:
                self._heard(self._packet[:length])
            except (msgspec.MsgspecError, UnicodeError) as error:
                self.breach(ProtocolViolation(f"not a message: {error}"[:200]))
            except ProtocolViolation as violation:
                self.breach(violation)

    def _heard(self, packet: memoryview) -> None:
        if len(packet) > protocol.MAX_REPLY:
            raise ProtocolViolation("a message beyond the size limit")
        reply = protocol.decode_reply(packet)
        if isinstance(reply, protocol.Ready):
            if self._ready.done() or reply.id != 0:
                raise ProtocolViolation("ready twice")
            self._ready.set_result(reply)
            return
        exchange = self._exchanges.get(reply.id)
        if exchange is None:
            raise ProtocolViolation(f"{type(reply).__name__} to a request nobody made")
        if not exchange.allowed:
            self._drop(reply, exchange)
            return
        if not isinstance(reply, exchange.allowed):
            raise ProtocolViolation(f"{type(reply).__name__} as an answer to {exchange.name}")
        if isinstance(reply, protocol.CREDITED):
            exchange.unasked -= 1
            if exchange.unasked < 0:
                raise ProtocolViolation("more of a listing than was asked for")
        if isinstance(reply, protocol.Moved) and exchange.replies:
            exchange.passed_over += len(exchange.replies)
            exchange.replies.clear()  # only the latest state of a copy matters
        exchange.replies.append(reply)
        exchange.arrived.set()

    def _drop(self, reply: Reply, exchange: _Exchange) -> None:
        """A reply to a request that was cancelled meanwhile: a few may still have been on their way."""
        exchange.unasked -= 1
        if exchange.unasked < -_LATE:
            raise ProtocolViolation(f"{exchange.name} goes on after it was cancelled")
        if isinstance(reply, protocol.FINAL):
            del self._exchanges[reply.id]

    async def _reply(self, exchange: _Exchange) -> Reply:
        seconds = self._seconds[type(exchange.request)]
        waited = 0.0
        while not exchange.replies:
            if not self._open:
                raise await self._until_ended()
            exchange.arrived.clear()
            try:
                async with asyncio.timeout(seconds):  # wait_for would cost a task for each reply
                    await exchange.arrived.wait()
            except TimeoutError:
                if not self._open:
                    continue
                waited += seconds
                if waited < deadlines.ON_MEDIUM and deadlines.waits_for_medium(self.process):
                    continue
                raise self.breach(DriverHung(exchange.name.lower(), waited)) from None
        return exchange.replies.popleft()

    def _understood(self, reply: protocol.Failed, exchange: _Exchange) -> RumpusError:
        try:
            error = reply.fault.error()
        except ProtocolViolation as violation:
            return self.breach(violation)
        if isinstance(error, DriverCrashed):
            error.report = self._report(error.cause, self._told(), error.report)
        return error

    def _overhear(self) -> None:
        try:
            said = os.read(self._stderr, 16384)
        except BlockingIOError:
            return
        if not said:
            self._loop.remove_reader(self._stderr)
            return
        self._said += said
        del self._said[:-_STDERR_KEPT]

    # the end ------------------------------------------------------------------------------------------------

    def breach(self, error: RumpusError) -> RumpusError:
        """Ends the worker for what it did, and returns the error to raise."""
        self._end(error)
        return error

    def _end(self, error: RumpusError | None) -> None:
        if not self._open:
            return
        self._open = False
        died_by_itself = isinstance(error, DriverCrashed)
        if not died_by_itself:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._watch, signal.SIGKILL)
        self._loop.remove_reader(self._host.fileno())
        self._loop.remove_writer(self._host.fileno())
        self._host.close()
        self._ending = self._loop.create_task(self._bury(error, died_by_itself))

    async def _bury(self, error: RumpusError | None, died_by_itself: bool) -> None:
        if died_by_itself:
            error = await self._autopsy()
        elif isinstance(error, ProtocolViolation | DriverHung):
            self._overhear()
            self._report(str(error), self._told(), self._said.decode(errors="replace"))
        self._loop.remove_reader(self._stderr)
        os.close(self._stderr)
        os.close(self._watch)
        self.ended.set_result(error)
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        if not self._ready.done():
            self._ready.set_exception(error or DriverCrashed("closed"))
            self._ready.exception()
        for exchange in self._exchanges.values():
            exchange.arrived.set()

    async def _autopsy(self) -> RumpusError:
        """Why a worker that was not killed by us is gone."""
        try:
            status = await asyncio.wait_for(asyncio.shield(self._exited), _WAIT_FOR_STATUS)
        except TimeoutError:
            # The socket was closed by a process that still runs, or nobody is left to tell.
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._watch, signal.SIGKILL)
            status = -signal.SIGKILL
        self._overhear()
        if status == -signal.SIGSYS:
            self._report("sandbox violation", self._told(), self._said.decode(errors="replace"))
            return SandboxViolation("")
        cause = f"ended with status {status}"
        if status < 0:
            with contextlib.suppress(ValueError):
                cause = f"killed by {signal.Signals(-status).name}"
        said = self._said.decode(errors="replace")
        return DriverCrashed(cause, self._report(cause, self._told(), said)[:8192])

    async def _until_ended(self) -> RumpusError:
        await asyncio.wait({self.ended})
        return self.ended.result() or DriverCrashed("closed")


def _unsaved(cause: str, operations: list[str], said: str) -> str:
    return said
