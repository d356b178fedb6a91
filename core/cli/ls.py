"""`rumpus ls`: lists directories."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from core.cli import deleted, output, source
from core.cli.output import Output
from core.cli.walking import DEEPEST, circle, matches
from core.entry import Entry, Kind
from core.errors import RumpusError
from core.host.names import shown, shown_all
from core.host.supervisor import Supervisor
from core.host.volume import Volume

HELP = "list a folder"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("-a", dest="all", action="store_true", help="hidden files too (which is done anyway)")
    parser.add_argument("-l", dest="long", action="store_true", help="attributes, size and time too")
    parser.add_argument("-h", dest="human", action="store_true", help="sizes in kB, MB, …")
    parser.add_argument("-R", dest="recursive", action="store_true", help="folders within folders too")
    parser.add_argument("-S", dest="by_size", action="store_true", help="largest first")
    parser.add_argument("-t", dest="by_time", action="store_true", help="newest first")
    parser.add_argument(
        "--deleted", action="store_true", help="what was deleted, and how sure it is that it is still there"
    )
    parser.add_argument("-U", dest="unsorted", action="store_true", help="in the order of the medium")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    for text in arguments.sources:
        found = source.parse(text)
        async with source.volume_of(supervisor, found, arguments.choice) as volume:
            if arguments.deleted:
                await deleted.run(volume, found, arguments, out)
                continue
            listing = _Listing(volume, found.name, arguments, out)
            try:
                there = await matches(volume, found.path)
            except RumpusError as error:
                out.problem(f"{found.name}:{found.path}", error)
                continue
            for each in there:
                if each.entry.kind is Kind.DIRECTORY:
                    titled = len(there) > 1 or len(arguments.sources) > 1 or arguments.recursive
                    await listing.folder(each.entry, each.path.rstrip("/"), titled, ())
                else:
                    listing.say([each.entry], each.path.rpartition("/")[0])
            await listing.warn()


@dataclass
class _Listing:
    volume: Volume
    name: str
    arguments: argparse.Namespace
    out: Output

    async def folder(self, entry: Entry, path: str, titled: bool, above: tuple[int, ...]) -> None:
        if titled and not self.out.as_json:
            self.out.line(f"{shown(self.name)}:{_shown_path(path) or '/'}")
        entries: list[Entry] = []
        try:
            async for batch in self.volume.entries(entry.node):
                if self.arguments.unsorted:
                    self.say(batch, path)
                entries += batch
        except RumpusError as error:
            self.out.problem(f"{self.name}:{path or '/'}", error)
        if not self.arguments.unsorted:
            entries = self._sorted(entries)
            self.say(entries, path)
        for each in entries:
            if each.problem is not None:
                self.out.fault(f"{self.name}:{path}/{each.name}", each.problem)
        if not self.arguments.recursive:
            return
        above = (*above, entry.node)
        for each in entries:
            if each.kind is not Kind.DIRECTORY or each.problem is not None:
                continue
            if each.node in above or len(above) > DEEPEST:
                self.out.problem(f"{self.name}:{path}/{each.name}", circle())
                continue
            if not self.out.as_json:
                self.out.line("")
            await self.folder(each, f"{path}/{each.name}", True, above)

    def say(self, entries: Iterable[Entry], path: str) -> None:
        zone = self.volume.facts.zone
        if self.out.as_json:
            for entry in entries:
                self.out.record(output.fields(f"{path}/{entry.name}", entry, zone))
            return
        if not self.arguments.long:
            lines = shown_all([entry.name for entry in entries])
            sys.stdout.write("\n".join([*lines, ""]))
            return
        for entry in entries:
            size = output.human(entry.size) if self.arguments.human else str(entry.size)
            mark = "  ! damaged" if entry.problem is not None else ""
            when = output.date(entry.modified, zone)
            ending = "/" if entry.kind is Kind.DIRECTORY else ""
            size = "-" if entry.kind is Kind.DIRECTORY else size
            self.out.line(f"{output.attributes(entry)} {size:>12} {when} {shown(entry.name)}{ending}{mark}")

    async def warn(self) -> None:
        """What is wrong with the volume as a whole, found when it was opened or while it was listed."""
        try:
            facts = await self.volume.describe()
        except RumpusError as error:
            self.out.problem(self.name, error)
            return
        for fault in facts.warnings:
            self.out.fault(self.name, fault)

    def _sorted(self, entries: list[Entry]) -> list[Entry]:
        if self.arguments.by_size:
            return sorted(entries, key=lambda entry: (-entry.size, entry.name))
        if self.arguments.by_time:
            return sorted(entries, key=lambda entry: (-(entry.modified or 0), entry.name))
        return sorted(entries, key=lambda entry: entry.name.casefold())


def _shown_path(path: str) -> str:
    return "/".join(shown(part) for part in path.split("/"))
