"""A mount in a process of its own, for programs that must never wait for themselves: the window.

A window that looks at a file of a mount, if only to draw its icon, waits for the kernel, and the kernel waits
for whoever serves the mount. So that is another process, with a worker of its own on the same descriptor. It
ends with the one that started it. What is mounted is only read, and is what was on the stick when it was
mounted: after changes mount it anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from core.errors import DriverCrashed, Fault, RumpusError
from core.host.access import Medium
from core.mount.places import Bounds

_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.insert(0, sys.argv.pop()); from core.mount.server import main; main()"
_LONGEST = 64 * 1024
_GRACE = 10.0
"""Seconds that it has to unmount, once it is told to."""


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the process is told: device `descriptor`, and where and how to mount which part of it."""

    descriptor: int
    path: str
    partition: int
    bounds: Bounds
    directory: str
    driver: str = ""
    code_page: str = ""
    without: list[str] = []


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it says, one a line: that it is mounted (no fault), and why it is no more."""

    fault: Fault | None = None


class Apart:
    """`ended` resolves when nothing is mounted any more: with the reason, None if it was unmounted."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.ended: asyncio.Future[RumpusError | None] = asyncio.get_running_loop().create_future()


@asynccontextmanager
async def mounted_apart(medium: Medium, wish: Wish) -> AsyncIterator[Apart]:
    """`wish.descriptor` is set here. Raises NotMounted, and as Supervisor.open does."""
    wish = msgspec.structs.replace(wish, descriptor=medium.descriptor)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", _START, msgspec.json.encode(wish).decode(), str(_ROOT)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        pass_fds=(medium.descriptor,),
        start_new_session=True,
        limit=_LONGEST,
        env=dict(os.environ),
    )
    mount = Apart(Path(wish.directory))
    listening: asyncio.Task[None] | None = None
    try:
        error = await _heard(process)
        if error is not None:
            raise error
        listening = asyncio.create_task(_listen(process, mount))
        yield mount
    finally:
        assert process.stdin is not None
        process.stdin.close()  # which tells it to end
        try:
            await asyncio.wait_for(process.wait(), _GRACE)
        except TimeoutError:
            process.kill()
            await process.wait()
        if listening is not None:
            await listening


async def _heard(process: asyncio.subprocess.Process) -> RumpusError | None:
    """The next thing that it says; that it ends without a word is a mistake of ours."""
    assert process.stdout is not None
    line = b""
    with contextlib.suppress(ValueError):  # longer than a line may be
        line = await process.stdout.readline()
    try:
        fault = msgspec.json.decode(line, type=Said).fault
    except msgspec.MsgspecError:
        return DriverCrashed("the process that serves a mount ended")
    return None if fault is None else fault.error()


async def _listen(process: asyncio.subprocess.Process, mount: Apart) -> None:
    error = await _heard(process)
    mount.ended.set_result(error)
