"""The process behind `core.mount.apart`: opens a volume on the descriptor it was given, and mounts it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from core.errors import DeviceGone, Fault, RumpusError
from core.host.access import Medium
from core.host.launching import Launched, Process
from core.host.supervisor import Supervisor
from core.mount.apart import Said, Wish, Word
from core.mount.mounted import Mount, mounted
from core.mount.options import Options
from core.mount.pulled import when_pulled


async def serve(wish: Wish) -> RumpusError | None:
    """Returns when nothing is mounted any more, with the reason; None when it was unmounted."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # before libfuse takes them
        loop.add_signal_handler(number, told.set)
    path, directory = Path(wish.path), Path(wish.directory)
    options = Options(steady=False, contained=True)
    with Medium(path, wish.descriptor, image=True) as medium:
        supervisor = Supervisor(without=wish.without)
        supervisor.start(launched(wish))
        async with supervisor:
            opening = partial(supervisor.open, medium, wish.partition, wish.driver, wish.code_page)
            volume = await opening()
            making = mounted(
                volume, medium.descriptor, wish.bounds, directory, options, wish.path, fresh=opening
            )
            async with volume, making as mount:
                mount.restarted = partial(say, Word.RESTARTED)
                say(Word.MOUNTED)
                waiting = {
                    asyncio.ensure_future(told.wait()),
                    asyncio.ensure_future(obey(mount)),
                }
                first: set[asyncio.Future[Any]] = {mount.ended, *waiting}
                with when_pulled(medium.descriptor, partial(mount.end, DeviceGone())):
                    await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
                for each in waiting:
                    each.cancel()
                return mount.ended.result() if mount.ended.done() else None


def launched(wish: Wish) -> Launched | None:
    """The zygote that came along."""
    if wish.zygote is None:
        return None
    number, watch, process = wish.zygote
    control = socket.socket(fileno=number)
    control.setblocking(False)
    for descriptor in (number, watch):
        os.set_inheritable(descriptor, False)
    return Launched(Process(process, watch), control)


async def obey(mount: Mount) -> None:
    """Does what is said on stdin, a word a line. Returns once it is closed: whoever wanted this is gone."""
    words = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(words), sys.stdin.buffer
    )
    while line := await words.readline():
        match line.decode().strip():
            case Word.CHANGING:
                mount.unsettle()
                say(Word.CHANGING)
            case Word.PULLED:
                mount.end(DeviceGone())
            case Word.CHANGED:
                try:
                    await mount.renew()
                except RumpusError as error:
                    mount.end(error)
                say(Word.CHANGED)


def say(word: Word, error: RumpusError | None = None) -> None:
    said = Said(word, None if error is None else Fault.of(error))
    sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
    sys.stdout.flush()


def main() -> None:
    wish = msgspec.json.decode(sys.argv[1], type=Wish)
    try:
        say(Word.ENDED, asyncio.run(serve(wish)))
    except RumpusError as error:
        say(Word.ENDED, error)
        sys.exit(1)
    except BrokenPipeError:
        pass
    os._exit(0)  # what is still open of the mount is taken from its users now
