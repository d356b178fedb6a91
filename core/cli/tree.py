"""`rumpus tree`: folders within folders, drawn."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from core.cli import output
from core.cli.output import Output
from core.cli.walking import DEEPEST, Found, Place, Places, below, by_name, circle
from core.entry import Kind
from core.host.names import shown
from core.host.supervisor import Supervisor

HELP = "draw folders within folders"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("-L", dest="depth", type=int, default=DEEPEST, metavar="N", help="at most N levels")
    parser.add_argument("-d", dest="folders", action="store_true", help="folders only")
    parser.add_argument("-s", dest="sizes", action="store_true", help="with sizes")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    async with Places(supervisor, arguments.choice, out) as places:
        async for place in places.each(arguments.sources):
            for top in place.found:
                drawing = _Drawing(place, arguments, out)
                if not out.as_json:
                    out.line(shown(place.where(top.path)))
                await drawing.below(top, "", ())
                if not out.as_json:
                    out.line(f"\n{drawing.folders} folders, {drawing.files} files")


@dataclass
class _Drawing:
    place: Place
    arguments: argparse.Namespace
    out: Output
    folders: int = 0
    files: int = 0

    async def below(self, top: Found, margin: str, above: tuple[int, ...]) -> None:
        if top.entry.kind is not Kind.DIRECTORY or top.entry.problem is not None:
            return
        if top.entry.node in above:
            self.out.problem(self.place.where(top.path), circle())
            return
        if top.depth >= min(self.arguments.depth, DEEPEST):
            return
        entries = sorted(await self.place.entries(top), key=by_name)
        if self.arguments.folders:
            entries = [entry for entry in entries if entry.kind is Kind.DIRECTORY]
        for number, entry in enumerate(entries, 1):
            last = number == len(entries)
            found = Found(below(top.path, entry.name), entry, top.depth + 1)
            self.folders += entry.kind is Kind.DIRECTORY
            self.files += entry.kind is not Kind.DIRECTORY
            if self.out.as_json:
                self.out.record(output.fields(found.path, entry, self.place.volume.facts.zone))
            else:
                size = f"[{output.human(entry.size):>7}]  " if self.arguments.sizes else ""
                self.out.line(f"{margin}{'└── ' if last else '├── '}{size}{shown(entry.name)}")
            await self.below(found, margin + ("    " if last else "│   "), (*above, top.entry.node))
