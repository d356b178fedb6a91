"""`rumpus rm`: removes files and folders from a stick."""

from __future__ import annotations

import argparse

from core.cli import source
from core.cli.output import Output
from core.cli.source import UsageError
from core.cli.walking import Found, change_each
from core.entry import Kind
from core.host.changes import Changes
from core.host.supervisor import Supervisor
from core.host.volume import Volume

HELP = "remove files and folders from a stick"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("-r", "-R", dest="recursive", action="store_true", help="folders and all in them")
    parser.add_argument("-f", dest="force", action="store_true", help="no word of what is not there")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    for text in arguments.sources:
        if not source.parse(text).path.strip("/"):
            raise UsageError(f"{text} names no file; everything on a stick goes with: rumpus format")

    async def remove(volume: Volume, changes: Changes, found: Found) -> str | None:
        if found.entry.kind is Kind.DIRECTORY and not arguments.recursive:
            return "a folder is removed with -r only"
        await changes.remove(found.entry.node, recursive=arguments.recursive)
        return None

    force = arguments.force
    await change_each(supervisor, arguments.choice, out, arguments.sources, remove, may_be_missing=force)
