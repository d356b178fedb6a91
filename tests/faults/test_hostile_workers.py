"""A worker that an attacker has taken over can say anything. The host survives all of it, and ends it."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from core.errors import DriverCrashed, DriverHung, ProtocolViolation, RumpusError, SandboxViolation
from core.host.searching import search
from core.host.worker import Worker
from core.host.zygote import Spawned
from core.worker import protocol

QUICK = dict.fromkeys(protocol.ANSWERS, 0.3)
"""For those that never answer."""
PATIENT = dict.fromkeys(protocol.ANSWERS, 60.0)

_PRELUDE = """
import os, socket, sys, time, signal
import msgspec
from core.worker import protocol
from core.errors import *
from core.entry import *
host = socket.socket(fileno=int(sys.argv[1]))
def say(message): host.send(protocol.encode(message))
def hear(): return protocol.decode_request(host.recv(65536))
say(protocol.Ready(id=0, layers={}, missing={}))
"""


@asynccontextmanager
async def worker_that(
    does: str, prelude: str = _PRELUDE, seconds: dict[Any, float] = PATIENT
) -> AsyncIterator[Worker]:
    """A real process that speaks with the host over a real socket, and does this."""
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    read, write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", prelude + textwrap.dedent(does), str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            stderr=write,
        )
    os.close(write)
    exited = loop.create_future()
    watch = os.pidfd_open(process.pid)
    ending = os.dup(watch)

    def reap() -> None:
        loop.remove_reader(ending)
        os.close(ending)
        exited.set_result(process.wait())

    loop.add_reader(ending, reap)
    worker = Worker(Spawned(process.pid, watch, ours, read, exited), seconds)
    try:
        yield worker
    finally:
        await worker.close()
        await asyncio.wait_for(exited, 10)  # whatever it did, it is dead now


async def _stat(worker: Worker) -> Any:
    return await worker.ask(protocol.Stat(id=0, node=1))


async def _list(worker: Worker) -> list[Any]:
    async with aclosing(worker.converse(protocol.List(id=0, node=1))) as replies:
        return [reply async for reply in replies]


BREACHES = {
    "garbage": "host.send(os.urandom(4000))",
    "empty_map": "host.send(bytes([0x80]))",
    "a_2_gib_string": "host.send(bytes([0xdb, 0x7f, 0xff, 0xff, 0xff]) + b'x' * 100)",
    "a_2_gib_array": "host.send(bytes([0xdd, 0x7f, 0xff, 0xff, 0xff]) + b'x' * 100)",
    "deep_nesting": "host.send(bytes([0x91]) * 100000)",
    "a_packet_beyond_the_limit": "host.send(b'x' * (protocol.MAX_REPLY + 1))",
    "a_reply_to_nobody": "say(protocol.Done(id=4711))",
    "ready_twice": "say(protocol.Ready(id=0, layers={}, missing={}))",
    "the_wrong_reply": "say(protocol.Data(id=hear().id, data=b'no'))",
    "an_unknown_error": "say(protocol.Failed(id=hear().id, fault=Fault('KeyboardInterrupt', {})))",
    "an_error_with_wrong_fields": (
        "say(protocol.Failed(id=hear().id, fault=Fault('MediumError', {'offset': 'x'})))"
    ),
    "a_negative_size": "host.send(msgspec.msgpack.encode({'type': 'Known', 'id': hear().id, 'details': "
    "{'entry': ['name', 1, 0, -5]}}))",
}


@pytest.mark.parametrize("breach", BREACHES)
async def test_a_breach_of_protocol_ends_the_worker_and_is_named(breach: str) -> None:
    async with worker_that(f"{BREACHES[breach]}\ntime.sleep(60)") as worker:
        with pytest.raises(ProtocolViolation):
            await _stat(worker)
        assert isinstance(await worker.ended, ProtocolViolation)


ENDS: dict[str, tuple[str, type[RumpusError], str]] = {
    "exits": ("hear(); sys.exit(7)", DriverCrashed, "status 7"),
    "exits_quietly": ("hear(); os._exit(0)", DriverCrashed, "status 0"),
    "crashes": ("hear(); os.kill(os.getpid(), signal.SIGSEGV)", DriverCrashed, "SIGSEGV"),
    "runs_out_of_memory": ("hear(); os.kill(os.getpid(), signal.SIGKILL)", DriverCrashed, "SIGKILL"),
    "is_killed_by_its_sandbox": ("hear(); os.kill(os.getpid(), signal.SIGSYS)", SandboxViolation, ""),
    "closes_its_socket": ("hear(); host.close(); time.sleep(60)", DriverCrashed, "SIGKILL"),
    "loops": ("hear()\nwhile True: pass", DriverHung, "stat"),
    "ignores_requests": ("time.sleep(60)", DriverHung, "stat"),
    "stops": ("hear(); os.kill(os.getpid(), signal.SIGSTOP)", DriverHung, "stat"),
}


@pytest.mark.parametrize("end", ENDS)
async def test_a_worker_that_ends_or_hangs_is_explained(end: str) -> None:
    does, kind, words = ENDS[end]
    async with worker_that(does, seconds=QUICK if kind is DriverHung else PATIENT) as worker:
        await worker.ready()
        with pytest.raises(kind) as caught:
            await _stat(worker)
        assert words in str(caught.value)
        with pytest.raises(kind):  # and whoever asks later hears the same
            await _stat(worker)


async def test_a_crash_leaves_a_report_with_what_the_worker_said() -> None:
    async with worker_that("hear(); print('assertion failed: x', file=sys.stderr); os.abort()") as worker:
        await worker.ready()
        with pytest.raises(DriverCrashed) as caught:
            await _stat(worker)
    assert "SIGABRT" in caught.value.cause
    assert "assertion failed: x" in caught.value.report
    assert "Stat(id=" in caught.value.report


async def test_a_worker_that_never_starts_is_given_up() -> None:
    async with worker_that("time.sleep(60)", prelude="import time\n") as worker:
        with pytest.raises(DriverHung):
            await worker.ready(seconds=0.3)


FLOODS: dict[str, tuple[str, Callable[[Worker], Coroutine[Any, Any, Any]]]] = {
    "the_same_reply_forever": ("i = hear().id\nwhile True: say(protocol.Done(id=i))", _stat),
    "a_listing_nobody_asked_so_much_of": (
        "i = hear().id\nbatch = [Entry('x' * 200, 5, Kind.FILE)] * 400\n"
        "while True: say(protocol.Entries(id=i, entries=batch))",
        _list,
    ),
    "junk": ("while True: host.send(b'j' * 100000)", _stat),
}


@pytest.mark.parametrize("flood", FLOODS)
async def test_a_flood_ends_the_worker_and_not_the_host(flood: str) -> None:
    does, ask = FLOODS[flood]
    async with worker_that(does) as worker:
        with pytest.raises(ProtocolViolation):
            await ask(worker)
            await _stat(worker)


TALES = {
    "a_match_in_a_folder_never_told": "matches=[(1, Entry('x', 1, Kind.FILE))]",
    "a_folder_in_one_that_comes_later": "folders=[protocol.FolderAt(1, 'x', 1)]",
    "folders_too_deep": "folders=[protocol.FolderAt(n, 'x', n) for n in range(200)]",
    "a_miss_without_a_reason": "missed=[protocol.Missed(0, Fault('Nonsense', {}))]",
}


@pytest.mark.parametrize("tale", TALES)
async def test_a_search_that_is_told_nonsense_ends_and_says_so(tale: str) -> None:
    does = f"i = hear().id\nsay(protocol.Matches(id=i, looked=0, {TALES[tale]}))\ntime.sleep(60)"
    async with worker_that(does) as worker:
        await worker.ready()
        with pytest.raises(ProtocolViolation):
            [found async for found in search(worker, 0, "x")]
        assert isinstance(await worker.ended, ProtocolViolation)


async def test_a_flood_on_stderr_is_kept_bounded() -> None:
    does = "hear()\nfor _ in range(200): os.set_blocking(2, True); os.write(2, b'e' * 60000)\nos._exit(3)"
    async with worker_that(does) as worker:
        await worker.ready()
        with pytest.raises(DriverCrashed) as caught:
            await asyncio.wait_for(_list(worker), 30)
    assert len(caught.value.report) <= 8192


async def test_a_cancelled_request_frees_the_worker_for_the_next() -> None:
    does = """
        first = hear()
        cancel = hear()
        assert isinstance(cancel, protocol.Cancel) and cancel.target == first.id
        say(protocol.Entries(id=first.id, entries=[]))          # was already on its way
        say(protocol.Failed(id=first.id, fault=Fault.of(Cancelled())))
        say(protocol.Target(id=hear().id, target='free'))
        time.sleep(60)
    """
    async with worker_that(does) as worker:
        await worker.ready()
        listing = asyncio.create_task(_list(worker))
        await asyncio.sleep(0)
        listing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listing
        reply = await worker.ask(protocol.Link(id=0, node=1))
        assert isinstance(reply, protocol.Target)


async def test_a_worker_that_goes_on_after_a_cancel_is_ended() -> None:
    does = """
        first = hear()
        while True: say(protocol.Entries(id=first.id, entries=[]))
    """
    async with worker_that(does) as worker:
        await worker.ready()
        async with aclosing(worker.converse(protocol.List(id=0, node=1))) as replies:
            async for _ in replies:
                break
        assert isinstance(await asyncio.wait_for(worker.ended, 10), ProtocolViolation)


async def test_closing_leaves_no_descriptor_and_no_process() -> None:
    before = set(Path("/proc/self/fd").iterdir())
    async with worker_that("hear(); time.sleep(60)") as worker:
        await worker.ready()
    assert set(Path("/proc/self/fd").iterdir()) == before
