"""`rumpus format`: makes an empty volume, after naming what will be lost."""

from __future__ import annotations

import argparse
import sys

from core.cli import source
from core.cli.output import Output, human
from core.cli.source import NotOpened, Source, UsageError
from core.entry import Survey
from core.errors import NotFound, RumpusError
from core.host import formatting
from core.host.names import shown
from core.host.supervisor import Supervisor

HELP = "make an empty volume on a stick or image"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", help="a whole stick or image, or STICK@PARTITION")
    parser.add_argument("--fs", choices=formatting.SYSTEMS, help="default: what fits a stick of that size")
    parser.add_argument("--label", default="", help="the name that the stick will have")
    parser.add_argument("--no-table", action="store_true", help="no partition table: the volume takes it all")
    parser.add_argument("--yes", action="store_true", help="do not ask")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    found = source.parse(arguments.source)
    if found.path:
        raise UsageError(f"{found.path} names a file; a whole stick or partition is formatted")
    if not arguments.yes and not sys.stdin.isatty():
        raise UsageError("everything on it would be lost; say --yes")
    async with source.medium_of(found) as medium:
        try:
            survey = await supervisor.survey(medium)
            size = _size(survey, found)
            system = arguments.fs or formatting.fitting(size)
            if not arguments.yes and not _agreed(found, survey, size, system):
                out.line("Nothing was changed.")
                return
            table = found.partition is None and not arguments.no_table
            await supervisor.format(
                medium,
                formatting.wish(system, arguments.label, partition=found.partition or 0, table=table),
            )
        except RumpusError as error:
            raise NotOpened(found.name, error) from error
    if out.as_json:
        out.record({"volume": found.name, "system": formatting.SYSTEMS[system], "label": arguments.label})
    else:
        out.line(f"{shown(found.name)} is an empty {formatting.SYSTEMS[system]} volume now.")


def _size(survey: Survey, found: Source) -> int:
    if not found.partition:
        return survey.size
    for partition in survey.partitions:
        if partition.number == found.partition:
            return partition.size
    raise NotFound(f"partition {found.partition}")


def _agreed(found: Source, survey: Survey, size: int, system: formatting.System) -> bool:
    """Whether the user, told what is there, types the name of the stick."""
    print(f"{shown(found.name)} ({human(size)}) will become an empty {formatting.SYSTEMS[system]} volume.")
    for partition in survey.partitions:
        if found.partition in (None, partition.number):
            label = f" “{shown(partition.label)}”" if partition.label else ""
            print(f"What is on it will be lost: {shown(partition.system) or 'unknown data'}{label}.")
    try:
        return input(f"Type {shown(found.name)} to go on: ").strip() == found.name
    except EOFError:
        return False
