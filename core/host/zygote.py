"""The host's end of the zygote: starts it, has it fork workers, hears how they end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec

from core.errors import DriverCrashed, ProtocolViolation, RumpusError
from core.host.launching import Launched, Process, launch
from core.worker import protocol, spawning

_GRACE = 2
"""Seconds that the zygote has to end by itself."""


class Spawned(msgspec.Struct):
    """A worker that was just forked. Whoever holds this owns and closes the three descriptors."""

    process: int
    watch: int
    """pidfd: readable once the worker is gone."""
    host: socket.socket
    stderr: int
    exited: asyncio.Future[int]
    """Exit status, or minus the number of the signal; never set when the zygote is gone too."""


class _Forked(NamedTuple):
    """A worker or another zygote. Whoever holds this owns the two descriptors."""

    process: int
    watch: int
    host: socket.socket
    exited: asyncio.Future[int]


class _Waiting(msgspec.Struct):
    """What the host expects to hear of one of them: its process number and pidfd, then its exit status."""

    spawned: asyncio.Future[tuple[int, int]]
    exited: asyncio.Future[int]


class Zygote:
    """Started with `start`, before there is a window or an event loop; ends with `close`.

    `spawn` may be called from one event loop only. When the zygote dies its workers die with it.
    """

    def __init__(self, kind: str = "driver") -> None:
        self._kind = kind
        self._process: Process | None = None
        self._control: socket.socket | None = None
        self._waiting: dict[int, _Waiting] = {}
        self._next = 1
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self, launched: Launched | None = None) -> None:
        """Launches the process unless it runs, and does not wait for it: its imports run while the caller
        starts up. Raises OSError."""
        if self._process is None:
            self._process, self._control = launched or launch(self._kind)

    @property
    def process(self) -> int | None:
        return self._process.pid if self._process is not None else None

    async def spawn(self, device: int | None, without: Collection[str] = ()) -> Spawned:
        """A new worker on the device. Raises DriverCrashed when the zygote cannot give one."""
        read, write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        given = [write, *([] if device is None else [device])]
        try:
            forked = await self._forked(given, without=sorted(without))
        except BaseException:
            os.close(read)
            raise
        finally:
            os.close(write)
        return Spawned(forked.process, forked.watch, forked.host, read, forked.exited)

    async def split(self) -> Launched:
        """Another zygote, for another process: whoever holds this owns both of its descriptors. It ends when
        its socket is closed, and not with this one. Raises DriverCrashed."""
        forked = await self._forked(splits=True)
        return Launched(Process(forked.process, forked.watch), forked.host)

    async def _forked(
        self, given: Sequence[int] = (), *, without: Sequence[str] = (), splits: bool = False
    ) -> _Forked:
        """What the zygote forks, with a socket to it, and a copy of each descriptor `given`."""
        control = self._listen()
        loop = asyncio.get_running_loop()
        number, waiting = self._next, _Waiting(loop.create_future(), loop.create_future())
        self._next += 1
        self._waiting[number] = waiting
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        try:
            packet = spawning.encode(spawning.Spawn(id=number, without=list(without), splits=splits))
            socket.send_fds(control, [packet], [theirs.fileno(), *given])
            process, watch = await waiting.spawned
        except BaseException as error:
            ours.close()
            _give_up(waiting)
            if isinstance(error, OSError):  # it has not heard of this one, and will say nothing of it
                self._waiting.pop(number, None)
                raise DriverCrashed(f"the process that starts workers is gone: {error.strerror}") from error
            raise
        finally:
            theirs.close()
        return _Forked(process, watch, ours, waiting.exited)

    async def close(self) -> None:
        """Ends the zygote, which takes every worker with it."""
        self._hang_up(DriverCrashed("closed"))
        process, self._process = self._process, None
        if process is not None:
            if not await _has_ended(process):
                process.kill()
            process.wait()

    def _listen(self) -> socket.socket:
        if self._control is None:
            raise DriverCrashed("the process that starts workers is not running")
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(self._control.fileno(), self._hear)
        return self._control

    def _hear(self) -> None:
        assert self._control is not None
        try:
            packet, descriptors, _, _ = socket.recv_fds(self._control, protocol.MAX_REQUEST, 1)
        except BlockingIOError:
            return
        except OSError:
            packet, descriptors = b"", []
        if not packet:
            status = self._process.poll() if self._process else None
            self._hang_up(DriverCrashed(f"the process that starts workers ended ({status})"))
            return
        try:
            self._heard(spawning.decode_news(packet), descriptors)
        except msgspec.MsgspecError as error:
            self._hang_up(ProtocolViolation(f"from the zygote: {error}"))

    def _heard(self, news: spawning.News, descriptors: list[int]) -> None:
        waiting = self._waiting.get(news.id)
        match news:
            case spawning.Spawned() if waiting and descriptors and not waiting.spawned.done():
                waiting.spawned.set_result((news.pid, descriptors.pop()))
            case spawning.Spawned() if descriptors:
                # Whoever asked has given up meanwhile.
                _kill(descriptors[0])
            case spawning.Spawned() if waiting and not waiting.spawned.done():
                # It was lost on its way. The worker ends when it finds its socket closed.
                waiting.spawned.set_exception(DriverCrashed("no descriptor is left for another worker"))
            case spawning.NotSpawned() if waiting:
                del self._waiting[news.id]
                if not waiting.spawned.done():
                    waiting.spawned.set_exception(DriverCrashed(f"no worker could be forked: {news.reason}"))
            case spawning.Exited() if waiting:
                del self._waiting[news.id]
                if not waiting.exited.done():
                    waiting.exited.set_result(news.status)
        for descriptor in descriptors:
            os.close(descriptor)

    def _hang_up(self, error: RumpusError) -> None:
        if self._control is not None:
            if self._loop is not None:
                self._loop.remove_reader(self._control.fileno())
            self._control.close()
            self._control = None
        for waiting in self._waiting.values():
            if not waiting.spawned.done():
                waiting.spawned.set_exception(error)
        self._waiting.clear()


async def _has_ended(process: Process) -> bool:
    """Waits for that, but not for ever."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(process.watch, ended.set)
    try:
        async with asyncio.timeout(_GRACE):
            await ended.wait()
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(process.watch)
    return True


def _give_up(waiting: _Waiting) -> None:
    """Ends the worker that nobody wants any more, if it has been forked; otherwise it ends on arrival."""
    if waiting.spawned.done() and not waiting.spawned.cancelled() and waiting.spawned.exception() is None:
        _, watch = waiting.spawned.result()
        _kill(watch)
        os.close(watch)


def _kill(watch: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has found its socket closed, and ended
        signal.pidfd_send_signal(watch, signal.SIGKILL)
