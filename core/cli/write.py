"""`rumpus write`: what comes on stdin becomes a file of a stick."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile

from core.cli import source
from core.cli.output import Output
from core.cli.source import UsageError
from core.entry import Kind
from core.errors import NotFound, RumpusError, WrongKind
from core.host.changes import MAX_WRITE, Changes
from core.host.supervisor import Supervisor
from core.host.volume import Volume

HELP = "write standard input into a file on a stick"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument("-a", dest="append", action="store_true", help="at the end of what is there")
    parser.add_argument("-n", dest="keep", action="store_true", help="replace nothing")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    found = source.parse(arguments.source)
    if not found.path.strip("/"):
        raise UsageError(f"{arguments.source} names no file")
    with tempfile.TemporaryFile() as spool:
        # Whole before the first byte goes onto the stick: its size must be known, and a file is whole or not.
        await asyncio.to_thread(shutil.copyfileobj, sys.stdin.buffer, spool)
        spool.flush()
        async with source.changes_to(supervisor, found, arguments.choice) as (volume, changes):
            try:
                await _write(volume, changes, found.path, spool.fileno(), arguments)
            except RumpusError as error:
                out.problem(f"{found.name}:{found.path}", error)


async def _write(
    volume: Volume, changes: Changes, path: str, descriptor: int, arguments: argparse.Namespace
) -> None:
    above, _, name = path.rpartition("/")
    size = os.fstat(descriptor).st_size
    if arguments.append:
        try:
            entry = await volume.resolve(path)
        except NotFound:
            pass
        else:
            if entry.kind is not Kind.FILE:
                raise WrongKind(path, "file")
            for offset in range(0, size, MAX_WRITE):
                piece = os.pread(descriptor, MAX_WRITE, offset)
                await changes.write(entry.node, entry.size + offset, piece)
            return
    folder = await volume.resolve(above)
    await changes.store(folder.node, name, descriptor, size, replace=not arguments.keep)
