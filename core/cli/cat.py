"""`rumpus cat`: a file's bytes on stdout."""

from __future__ import annotations

import argparse
import sys

from core.cli import source
from core.cli.output import Output
from core.errors import MediumError, RumpusError
from core.host.supervisor import Supervisor
from core.host.volume import Volume

_PIECE = 128 * 1024
HELP = "print files"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    for text in arguments.sources:
        found = source.parse(text)
        async with source.volume_of(supervisor, found, arguments.choice) as volume:
            try:
                await _print(volume, found.path)
            except RumpusError as error:
                out.problem(f"{found.name}:{found.path}", error)


async def _print(volume: Volume, path: str) -> None:
    entry = await volume.resolve(path)
    offset = 0
    while True:
        piece = await volume.read(entry.node, offset, _PIECE)
        if not piece:
            break
        sys.stdout.buffer.write(piece)
        offset += len(piece)
    sys.stdout.buffer.flush()
    if offset < entry.size:
        raise MediumError(offset, entry.size - offset)
