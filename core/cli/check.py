"""`rumpus check`: looks for what is wrong with a volume, and changes nothing."""

from __future__ import annotations

import argparse
import sys

import msgspec

from core.cli import source, wording
from core.cli.output import Output
from core.cli.source import UsageError
from core.entry import Finding, FindingKind
from core.errors import RumpusError
from core.host.names import shown
from core.host.supervisor import Supervisor

HELP = "look for what is wrong with a volume"

_SENTENCES = {
    FindingKind.NOT_CLEAN: "it was pulled out while something was written, or errors were met on it before",
    FindingKind.BOOT_SECTOR: "the boot sector and its backup are not what they should be",
    FindingKind.TABLES_DIFFER: "the copies of the allocation table differ",
    FindingKind.FREE_COUNT: "the count of free clusters is wrong",
    FindingKind.ENTRY: "the directory entry is damaged",
    FindingKind.NAME_PIECES: "pieces of a long name belong to no file",
    FindingKind.NAME_TWICE: "two entries have the same name",
    FindingKind.CHAIN: "its clusters cannot be followed to their end",
    FindingKind.TOO_SHORT: "it has fewer clusters than its size needs: the end of it is missing",
    FindingKind.TOO_LONG: "it has more clusters than its size needs",
    FindingKind.SHARED: "some of its clusters belong to another file too (cross-linked)",
    FindingKind.LOST: "clusters are taken that belong to no file (lost)",
    FindingKind.PARENT: "the way back to the folder above leads elsewhere",
    FindingKind.UNREADABLE: "a part of it cannot be read",
}
assert set(_SENTENCES) == set(FindingKind)


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument(
        "-v", dest="verbose", action="store_true", help="with the place of each on the volume"
    )


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    found = source.parse(arguments.source)
    if found.path.strip("/"):
        raise UsageError(f"{found.path} names a file; a whole volume is checked")
    async with source.volume_of(supervisor, found, arguments.choice) as volume:
        count = 0
        try:
            async for finding in volume.check():
                count += 1
                _say(finding, found.name, arguments, out)
        except RumpusError as error:
            out.problem(found.name, error)
            return
    if not out.as_json and not count:
        out.line(f"{shown(found.name)}: nothing is wrong with it.")
    out.problems += count


def _say(finding: Finding, name: str, arguments: argparse.Namespace, out: Output) -> None:
    if out.as_json:
        out.record(
            {
                "finding": finding.kind.value,
                "path": finding.path,
                "clusters": finding.clusters,
                "fault": msgspec.to_builtins(finding.fault),
            }
        )
        return
    where = f"{name}:{finding.path}" if finding.path else name
    clusters = f" ({finding.clusters} clusters)" if finding.clusters else ""
    out.line(f"{shown(where)}: {_SENTENCES[finding.kind]}{clusters}")
    if arguments.verbose:
        out.line(f"    {wording.sentence(finding.fault.error())}")
    sys.stdout.flush()
