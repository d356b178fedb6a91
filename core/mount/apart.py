"""A mount in a process of its own, for programs that must never wait for themselves: the window.

A window that looks at a file of a mount, if only to draw its icon, waits for the kernel, and the kernel waits
for whoever serves the mount. So that is another process, with a worker of its own on the same descriptor. It
ends with the one that started it. What is mounted is only read. Whoever changes the volume says so before
(`changing`), and shows it anew when the medium has it (`changed`); in between what is read is made sure of.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from core.errors import DriverCrashed, DriverHung, Fault, NotMounted, RumpusError
from core.host.access import Medium
from core.host.launching import Launched, Split
from core.mount.places import Bounds

_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.insert(0, sys.argv.pop()); from core.mount.server import main; main()"
_LONGEST = 64 * 1024
_GRACE = 10.0
"""Seconds that it has to unmount, once it is told to."""
_ANSWER = 10.0
"""Seconds that it has to answer a word."""


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
    zygote: tuple[int, int, int] | None = None
    """What starts its workers, where it need not launch that itself: socket, pidfd, process."""


class Word(enum.StrEnum):
    """What is said, one a line: to the process as such, by it within a `Said`."""

    MOUNTED = "mounted"
    CHANGING = "changing"
    CHANGED = "changed"
    PULLED = "pulled"
    """The stick is not there any more."""
    RESTARTED = "restarted"
    """The worker crashed, and another one has taken its place."""
    ENDED = "ended"


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    word: Word
    fault: Fault | None = None
    """Why, where something went wrong."""


class Apart:
    """`ended` resolves when nothing is mounted any more: with the reason, None if it was unmounted."""

    def __init__(self, directory: Path, process: asyncio.subprocess.Process) -> None:
        self.directory = directory
        self.ended: asyncio.Future[RumpusError | None] = asyncio.get_running_loop().create_future()
        self.restarted: Callable[[RumpusError], object] = lambda error: None
        """Hears why the worker was replaced by another one."""
        self._process = process
        self._one = asyncio.Lock()
        self._answer: asyncio.Future[None] | None = None

    @property
    def process(self) -> int:
        return self._process.pid

    async def changing(self) -> None:
        """Returns once what is read is made sure of. Does nothing when the mount has ended."""
        await self._order(Word.CHANGING)

    async def changed(self) -> None:
        """Returns once the volume is shown as the medium has it now."""
        await self._order(Word.CHANGED)

    def pulled(self) -> None:
        """The stick is not there any more: whatever is asked fails at once."""
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(Word.PULLED.encode() + b"\n")

    def heard(self, said: Said) -> None:
        error = None if said.fault is None else said.fault.error()
        if said.word is Word.ENDED:
            self.over(error)
        elif said.word is Word.RESTARTED and error is not None:
            self.restarted(error)
        elif self._answer is not None and not self._answer.done():
            self._answer.set_result(None)

    def over(self, error: RumpusError | None) -> None:
        if not self.ended.done():
            self.ended.set_result(error)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(None)

    async def _order(self, word: Word) -> None:
        async with self._one:
            assert self._process.stdin is not None
            if self.ended.done() or self._process.stdin.is_closing():
                return
            self._answer = asyncio.get_running_loop().create_future()
            with contextlib.suppress(ConnectionError):
                self._process.stdin.write(word.encode() + b"\n")
            try:
                await asyncio.wait_for(asyncio.shield(self._answer), _ANSWER)
            except TimeoutError:
                # What it would show might be another file's: better nothing.
                self.over(DriverHung(word.value, _ANSWER))
                with contextlib.suppress(ProcessLookupError):
                    self._process.kill()


@asynccontextmanager
async def mounted_apart(
    medium: Medium,
    wish: Wish,
    begun: Callable[[int], object] = lambda process: None,
    zygote: Launched | None = None,
) -> AsyncIterator[Apart]:
    """`wish.descriptor` is set here; `begun` hears the number of the process before anything is mounted.

    `zygote` is one to be used, and is given away: it ends with the mount. Raises NotMounted, and as
    Supervisor.open does.
    """
    wish = msgspec.structs.replace(wish, descriptor=medium.descriptor)
    given: tuple[int, ...] = ()
    if zygote is not None and isinstance(zygote.process, Split):
        given = (zygote.control.fileno(), zygote.process.watch)
        wish = msgspec.structs.replace(wish, zygote=(*given, zygote.process.pid))
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", _START, msgspec.json.encode(wish).decode(), str(_ROOT)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=(medium.descriptor, *given),
            start_new_session=True,
            limit=_LONGEST,
            env=dict(os.environ),
        )
    except OSError as error:
        raise NotMounted(wish.directory, f"no process for it could be started ({error.strerror})") from error
    finally:
        if zygote is not None and isinstance(zygote.process, Split):
            zygote.control.close()
            os.close(zygote.process.watch)
    begun(process.pid)
    mount = Apart(Path(wish.directory), process)
    listening: asyncio.Task[None] | None = None
    try:
        first = await _heard(process)
        if first.fault is not None:
            raise first.fault.error()
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


async def _heard(process: asyncio.subprocess.Process) -> Said:
    """The next thing that it says; that it ends without a word is a mistake of ours."""
    assert process.stdout is not None
    line = b""
    with contextlib.suppress(ValueError):  # longer than a line may be
        line = await process.stdout.readline()
    try:
        return msgspec.json.decode(line, type=Said)
    except msgspec.MsgspecError:
        return Said(Word.ENDED, Fault.of(DriverCrashed("the process that serves a mount ended")))


async def _listen(process: asyncio.subprocess.Process, mount: Apart) -> None:
    while True:
        said = await _heard(process)
        mount.heard(said)
        if said.word is Word.ENDED:
            return
