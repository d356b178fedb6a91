"""`rumpus cat`: a file's bytes on stdout."""

from __future__ import annotations

import argparse
import sys

from core.cli.content import bytes_of
from core.cli.output import Output
from core.cli.walking import Places
from core.errors import RumpusError
from core.host.supervisor import Supervisor

HELP = "print files"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    async with Places(supervisor, arguments.choice, out) as places:
        async for place in places.each(arguments.sources):
            for found in place.found:
                try:
                    async for piece in bytes_of(place.volume, found.entry):
                        sys.stdout.buffer.write(piece)
                except RumpusError as error:
                    out.problem(place.where(found.path), error)
                sys.stdout.buffer.flush()
