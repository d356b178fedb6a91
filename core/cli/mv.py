"""`rumpus mv`: moves and renames on one stick."""

from __future__ import annotations

import argparse

from core.cli import source
from core.cli.output import Output
from core.cli.source import Source, UsageError
from core.cli.walking import Found, matches
from core.entry import Entry, Kind
from core.errors import NotFound, RumpusError, WrongKind
from core.host.changes import Changes
from core.host.supervisor import Supervisor
from core.host.volume import Volume

HELP = "move or rename on a stick"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("destination", metavar="DEST", help="on the same stick: a folder, or a new name")
    parser.add_argument("-n", dest="keep", action="store_true", help="replace nothing")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    target = source.parse(arguments.destination)
    found = [source.parse(text) for text in arguments.sources]
    for each in found:
        if not each.path.strip("/") or not target.path:
            raise UsageError("mv moves on a stick, from STICK:/PATH to STICK:/PATH")
        if (each.device, each.partition) != (target.device, target.partition):
            raise UsageError("mv moves on one stick; cp copies between a stick and here")
    async with source.changes_to(supervisor, target, arguments.choice) as (volume, changes):
        moved: list[Found] = []
        for each in found:
            try:
                moved += await matches(volume, each.path)
            except RumpusError as error:
                out.problem(f"{each.name}:{each.path}", error)
        several = len(moved) > 1 or len(found) > 1
        for one in moved:
            try:
                await _move(volume, changes, one.entry, target, several=several, keep=arguments.keep)
            except RumpusError as error:
                out.problem(f"{target.name}:{one.path}", error)


async def _move(
    volume: Volume, changes: Changes, entry: Entry, target: Source, *, several: bool, keep: bool
) -> None:
    above, _, name = target.path.rstrip("/").rpartition("/")
    try:
        there = await volume.resolve(target.path)
    except NotFound:
        if several:
            raise
    else:
        if several and there.kind is not Kind.DIRECTORY:
            raise WrongKind(target.path, "directory")  # the second would replace the first
        if there.kind is Kind.DIRECTORY and there.node != entry.node:
            await changes.rename(entry.node, there.node, entry.name, replace=not keep)
            return
    parent = await volume.resolve(above)
    await changes.rename(entry.node, parent.node, name, replace=not keep)
