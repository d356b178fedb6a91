"""`rumpus rm`: removes files and folders from a stick."""

from __future__ import annotations

import argparse

from core.cli import source
from core.cli.output import Output
from core.cli.source import UsageError
from core.cli.walking import matches
from core.entry import Kind
from core.errors import NotFound, RumpusError
from core.host.supervisor import Supervisor

HELP = "remove files and folders from a stick"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("-r", "-R", dest="recursive", action="store_true", help="folders and all in them")
    parser.add_argument("-f", dest="force", action="store_true", help="no word of what is not there")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    for text in arguments.sources:
        found = source.parse(text)
        if not found.path.strip("/"):
            raise UsageError(f"{text} names no file; everything on a stick goes with: rumpus format")
        async with source.changes_to(supervisor, found, arguments.choice) as (volume, changes):
            where = f"{found.name}:{found.path}"
            try:
                for each in await matches(volume, found.path):
                    where = f"{found.name}:{each.path}"
                    if each.entry.kind is Kind.DIRECTORY and not arguments.recursive:
                        out.trouble(where, "a folder is removed with -r only")
                        continue
                    await changes.remove(each.entry.node, recursive=arguments.recursive)
            except NotFound as error:
                if not arguments.force:
                    out.problem(where, error)
            except RumpusError as error:
                out.problem(where, error)
