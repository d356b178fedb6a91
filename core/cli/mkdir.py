"""`rumpus mkdir`: makes folders on a stick."""

from __future__ import annotations

import argparse

from core.cli import source
from core.cli.output import Output
from core.cli.source import UsageError
from core.entry import Kind
from core.errors import AlreadyExists, NotFound, RumpusError
from core.host.changes import Changes
from core.host.supervisor import Supervisor
from core.host.volume import Volume

HELP = "make folders on a stick"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("-p", dest="parents", action="store_true", help="those above too; no error if there")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    for text in arguments.sources:
        found = source.parse(text)
        if not found.path:
            raise UsageError(f"{text} names no folder to make; {text}:/NAME does")
        async with source.changes_to(supervisor, found, arguments.choice) as (volume, changes):
            try:
                await _make(volume, changes, found.path, parents=arguments.parents)
            except RumpusError as error:
                out.problem(f"{found.name}:{found.path}", error)


async def _make(volume: Volume, changes: Changes, path: str, *, parents: bool) -> None:
    above, _, name = path.rstrip("/").rpartition("/")
    if parents and above:
        try:
            await volume.resolve(above)
        except NotFound:
            await _make(volume, changes, above, parents=True)
    folder = await volume.resolve(above)
    try:
        await changes.create(folder.node, name, Kind.DIRECTORY)
    except AlreadyExists:
        if not parents or (await volume.lookup(folder.node, name)).kind is not Kind.DIRECTORY:
            raise
