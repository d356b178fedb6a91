"""The process behind `core.mount.apart`: opens a volume on the descriptor it was given, and mounts it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from core.errors import DeviceGone, Fault, RumpusError
from core.host.access import Medium
from core.host.supervisor import Supervisor
from core.mount.apart import Said, Wish
from core.mount.mounted import mounted
from core.mount.pulled import when_pulled


async def serve(wish: Wish) -> RumpusError | None:
    """Returns when nothing is mounted any more, with the reason; None when it was unmounted."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # before libfuse takes them
        loop.add_signal_handler(number, told.set)
    path, directory = Path(wish.path), Path(wish.directory)
    with Medium(path, wish.descriptor, image=True) as medium:
        async with Supervisor(without=wish.without) as supervisor:
            volume = await supervisor.open(medium, wish.partition, wish.driver, wish.code_page)
            making = mounted(volume, medium.descriptor, wish.bounds, directory, name=wish.path)
            async with volume, making as mount:
                say(None)
                loop.add_reader(sys.stdin.fileno(), told.set)  # closed: whoever wanted this is gone, or done
                waiting = asyncio.ensure_future(told.wait())
                first: set[asyncio.Future[Any]] = {mount.ended, waiting}
                with when_pulled(medium.descriptor, partial(mount.end, DeviceGone())):
                    await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
                loop.remove_reader(sys.stdin.fileno())
                waiting.cancel()
                return mount.ended.result() if mount.ended.done() else None


def say(error: RumpusError | None) -> None:
    sys.stdout.write(msgspec.json.encode(Said(None if error is None else Fault.of(error))).decode() + "\n")
    sys.stdout.flush()


def main() -> None:
    wish = msgspec.json.decode(sys.argv[1], type=Wish)
    try:
        say(asyncio.run(serve(wish)))
    except RumpusError as error:
        say(error)
        sys.exit(1)
    except BrokenPipeError:
        pass
    os._exit(0)  # what is still open of the mount is taken from its users now
