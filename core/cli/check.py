"""`rumpus check`: looks for what is wrong with a volume, and repairs it when that is wanted."""

from __future__ import annotations

import argparse
import os
import sys

from core.cli import findings, source
from core.cli.output import Output, human
from core.cli.source import NotOpened, Source, UsageError
from core.errors import RumpusError
from core.host.access import Medium
from core.host.names import shown
from core.host.repairing import Repair
from core.host.supervisor import Supervisor
from core.host.volume import Volume

HELP = "look for what is wrong with a volume, and repair it"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument(
        "-v", dest="verbose", action="store_true", help="with the place of each on the volume"
    )
    parser.add_argument("--repair", action="store_true", help="show what would be changed, then ask")
    parser.add_argument(
        "--keep-lost", action="store_true", help="make files of clusters that belong to none (FILE0000.CHK)"
    )
    parser.add_argument("--yes", action="store_true", help="repair without a question")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    found = source.parse(arguments.source)
    if found.path.strip("/"):
        raise UsageError(f"{found.path} names a file; a whole volume is checked")
    if (arguments.yes or arguments.keep_lost) and not arguments.repair:
        raise UsageError("--yes and --keep-lost go with --repair")
    async with source.opened(supervisor, found, arguments.choice) as (medium, volume):
        try:
            if arguments.repair:
                await _repair(volume, medium, found, arguments, out)
            else:
                await _check(volume, found, arguments, out)
        except RumpusError as error:
            out.problem(found.name, error)


async def _check(volume: Volume, found: Source, arguments: argparse.Namespace, out: Output) -> int:
    """How much is wrong with the volume."""
    count = 0
    async for finding in volume.check():
        count += 1
        findings.say(finding, found.name, out, verbose=arguments.verbose)
        sys.stdout.flush()
    if not out.as_json and not count:
        out.line(f"{shown(found.name)}: nothing is wrong with it.")
    out.problems += count
    return count


async def _repair(
    volume: Volume, medium: Medium, found: Source, arguments: argparse.Namespace, out: Output
) -> None:
    repair = volume.repair()
    await repair.plan(
        keep=arguments.keep_lost,
        told=lambda finding, left: findings.say(
            finding, found.name, out, verbose=arguments.verbose, remedy=True, left=left
        ),
    )
    written = bool(repair.mended_count) and _agreed(repair, found, arguments, out)
    if written:
        try:
            descriptor = await medium.for_writing()
        except RumpusError as error:
            raise NotOpened(found.name, error) from error
        try:
            await repair.apply(descriptor)
        finally:
            os.close(descriptor)
    if out.as_json:
        out.record({"sectors": repair.sectors, "bytes": repair.size, "written": written})
    elif not repair.mended_count:
        text = "nothing of it can be repaired" if repair.left_count else "nothing is wrong with it"
        out.line(f"{shown(found.name)}: {text}.")
    elif not written:
        out.line("Nothing was changed.")
    if not written:
        out.problems += repair.mended_count + repair.left_count
    elif await _still_wrong(volume):
        out.problems += 1
        if not out.as_json:
            out.line(f"{shown(found.name)} is repaired, but for what is left as it is.")
    elif not out.as_json:
        out.line(f"{shown(found.name)} is repaired: nothing is wrong with it now.")


async def _still_wrong(volume: Volume) -> bool:
    """Whether a check of what is on the medium now finds anything."""
    async for _ in volume.check():
        return True
    return False


def _agreed(repair: Repair, found: Source, arguments: argparse.Namespace, out: Output) -> bool:
    """Whether the user, told what will be written, types the name of the stick."""
    if not out.as_json:
        out.line(f"{human(repair.size)} would be written to {shown(found.name)}.")
        if repair.freed:
            lost = "What is in lost clusters goes then"
            out.line(f"{lost}: {repair.freed} of them. With --keep-lost they become files instead.")
    sys.stdout.flush()
    if arguments.yes:
        return True
    if not sys.stdin.isatty():
        if not out.as_json:
            out.line("Say --yes to have it done.")
        return False
    try:
        return input(f"Type {shown(found.name)} to repair it: ").strip() == found.name
    except EOFError:
        return False
