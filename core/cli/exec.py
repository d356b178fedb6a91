"""`rumpus exec`: a program of this machine, with a stick mounted for just that long."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.cli import source
from core.cli.mount import add_options, mount_of
from core.cli.output import Output
from core.host.supervisor import Supervisor

_IN_FOLDER = ("/bin/sh", "-c", 'cd -- "$0" && exec "$@"')
"""Not as the folder that it is started in: this process would wait for itself to look the folder up."""
HELP = "run a program of this machine inside a stick"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", help="the stick, or a folder on it to start in")
    add_options(parser)
    parser.add_argument("words", nargs="+", metavar="-- COMMAND", help="run with the stick as its directory")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    """The exit status is the command's own."""
    found = source.parse(arguments.source)
    loop = asyncio.get_running_loop()
    with _folder() as directory:
        async with mount_of(supervisor, found, directory, arguments, out) as mount:
            inside = mount.directory / found.path.strip("/")
            process = await asyncio.create_subprocess_exec(
                *_IN_FOLDER,
                inside,
                *arguments.words,
                env={**os.environ, "RUMPUS_MOUNT": str(mount.directory)},
            )
            loop.add_signal_handler(signal.SIGINT, lambda: None)  # it hears of it itself
            loop.add_signal_handler(signal.SIGTERM, process.terminate)
            status = await process.wait()
    reason = mount.ended.result() if mount.ended.done() else None
    if reason is not None:
        out.problem(found.name, reason)
    out.status = status if status >= 0 else 128 - status


@contextmanager
def _folder() -> Iterator[Path]:
    """Removed in the end, though never with anything in it: that would be the stick's."""
    folder = Path(tempfile.mkdtemp(prefix="rumpus-"))
    try:
        yield folder
    finally:
        with suppress(OSError):
            folder.rmdir()
