"""`rumpus ls --deleted`: lists what was deleted, with how sure it is that it is still there."""

from __future__ import annotations

import argparse
from contextlib import aclosing

from core.cli import output
from core.cli.output import Output
from core.cli.source import Source
from core.entry import Deleted, Kind, Sureness
from core.errors import RumpusError
from core.host import recovering
from core.host.names import shown
from core.host.volume import Volume

WIDTH = max(map(len, Sureness))


async def run(volume: Volume, found: Source, arguments: argparse.Namespace, out: Output) -> None:
    def trouble(path: str, error: RumpusError) -> None:
        out.problem(f"{found.name}:{path}", error)

    path = found.path.rstrip("/")
    try:
        folder, files = await recovering.find(volume, found.path)
        if files:
            _say(volume, path.rpartition("/")[0], recovering.addressed(files), arguments, out)
            return
        async with aclosing(
            recovering.walk(volume, folder, path, trouble, recursive=arguments.recursive)
        ) as walk:
            async for buried in walk:
                if arguments.recursive and buried.found and not out.as_json:
                    out.line(f"{shown(found.name)}:{shown(buried.path) or '/'}")
                _say(volume, buried.path, buried.found, arguments, out)
                if arguments.recursive and buried.found and not out.as_json:
                    out.line("")
    except RumpusError as error:
        trouble(found.path, error)


def _say(
    volume: Volume, path: str, found: dict[str, Deleted], arguments: argparse.Namespace, out: Output
) -> None:
    zone = volume.facts.zone
    for address, each in found.items():
        entry = each.entry
        if out.as_json:
            fields = output.fields(f"{path}/{address}", entry, zone)
            out.record({**fields, "sureness": each.sureness.value, "name_whole": each.name_whole})
            continue
        name = shown(address) + ("/" if entry.kind is Kind.DIRECTORY else "")
        line = f"{each.sureness.value:<{WIDTH}} "
        if arguments.long:
            size = output.human(entry.size) if arguments.human else str(entry.size)
            size = "-" if entry.kind is Kind.DIRECTORY else size
            line += f"{output.attributes(entry)} {size:>12} {output.date(entry.modified, zone)} "
            name += "" if each.name_whole else "  (a part of its name is lost)"
        out.line(line + name)
