"""`rumpus rmdir`: removes empty folders from a stick."""

from __future__ import annotations

import argparse

from core.cli import source
from core.cli.output import Output
from core.cli.source import UsageError
from core.entry import Kind
from core.errors import RumpusError, WrongKind
from core.host.changes import Changes
from core.host.supervisor import Supervisor
from core.host.volume import Volume

HELP = "remove empty folders from a stick"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("-p", dest="parents", action="store_true", help="those above too, as far as empty")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    for text in arguments.sources:
        found = source.parse(text)
        if not found.path.strip("/"):
            raise UsageError(f"{text} names no folder")
        async with source.changes_to(supervisor, found, arguments.choice) as (volume, changes):
            path = found.path.rstrip("/")
            try:
                await _remove(volume, changes, path)
                while arguments.parents and (path := path.rpartition("/")[0]):
                    await _remove(volume, changes, path)
            except RumpusError as error:
                out.problem(f"{found.name}:{path}", error)


async def _remove(volume: Volume, changes: Changes, path: str) -> None:
    entry = await volume.resolve(path)
    if entry.kind is not Kind.DIRECTORY:
        raise WrongKind(path, "directory")
    await changes.remove(entry.node)
