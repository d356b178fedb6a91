"""`rumpus touch`: sets times of files on a stick, and makes empty ones."""

from __future__ import annotations

import argparse
import time
from datetime import datetime

from core.cli import source
from core.cli.output import Output
from core.cli.source import UsageError
from core.cli.walking import matches
from core.entry import Kind
from core.errors import NotFound, RumpusError
from core.host.changes import Changes
from core.host.clocks import volume_time
from core.host.supervisor import Supervisor
from core.host.volume import Volume

HELP = "set times of files on a stick, or make empty files"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("-c", dest="no_create", action="store_true", help="make no files")
    parser.add_argument("-a", dest="accessed", action="store_true", help="only when it was looked at")
    parser.add_argument("-m", dest="modified", action="store_true", help="only when it was changed")
    parser.add_argument("-d", dest="date", metavar="TIME", help="this time, such as 2026-11-25T14:30")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    try:
        when = datetime.fromisoformat(arguments.date).timestamp() if arguments.date else time.time()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{arguments.date} is no time; 2026-11-25T14:30 is") from None
    for text in arguments.sources:
        found = source.parse(text)
        if not found.path.strip("/"):
            raise UsageError(f"{text} names no file")
        async with source.changes_to(supervisor, found, arguments.choice) as (volume, changes):
            try:
                await _touch(volume, changes, found.path, int(when * 1e9), arguments)
            except RumpusError as error:
                out.problem(f"{found.name}:{found.path}", error)


async def _touch(
    volume: Volume, changes: Changes, path: str, when: int, arguments: argparse.Namespace
) -> None:
    moment = volume_time(when, volume.facts.zone)
    try:
        found = await matches(volume, path)
    except NotFound:
        if arguments.no_create:
            return
        above, _, name = path.rpartition("/")
        await changes.create((await volume.resolve(above)).node, name, Kind.FILE, moment)
        return
    both = arguments.accessed == arguments.modified
    for each in found:
        await changes.set_times(
            each.entry.node,
            modified=moment if both or arguments.modified else None,
            accessed=moment if both or arguments.accessed else None,
        )
