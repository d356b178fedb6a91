"""`rumpus du`: how much room files and folders take."""

from __future__ import annotations

import argparse

from core.cli.output import Output, human
from core.cli.walking import Found, Place, Places
from core.entry import Entry, Kind
from core.host.names import shown
from core.host.supervisor import Supervisor

_BLOCK = 1024
HELP = "how much room files and folders take"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("-s", dest="summary", action="store_true", help="only a sum for each SOURCE")
    parser.add_argument("-a", dest="all", action="store_true", help="files too, not only folders")
    parser.add_argument("-h", dest="human", action="store_true", help="sizes in kB, MB, …")
    parser.add_argument("-b", dest="bytes", action="store_true", help="bytes of content, not clusters in KiB")
    parser.add_argument("-c", dest="total", action="store_true", help="a sum of everything at the end")
    parser.add_argument("-d", dest="depth", type=int, metavar="N", help="folders at most N levels down")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    total = 0
    async with Places(supervisor, arguments.choice, out) as places:
        async for place in places.each(arguments.sources):
            for top in place.found:
                total += await _measure(place, top, arguments, out)
    if arguments.total:
        _say("total", total, arguments, out)


async def _measure(place: Place, top: Found, arguments: argparse.Namespace, out: Output) -> int:
    """Sums up what comes out of the walk, each folder behind what is in it."""
    sums: dict[int, int] = {}
    size = 0
    async for found in place.walk(top, after=True):
        size = _taken(found.entry, place, by_content=arguments.bytes)
        if found.entry.kind is Kind.DIRECTORY:
            size += sums.pop(found.depth + 1, 0)
        sums[found.depth] = sums.get(found.depth, 0) + size
        if _is_said(found, arguments):
            _say(found.path, size, arguments, out)
    return size


def _is_said(found: Found, arguments: argparse.Namespace) -> bool:
    if found.depth == 0:
        return True
    if arguments.summary or (arguments.depth is not None and found.depth > arguments.depth):
        return False
    return bool(arguments.all) or found.entry.kind is Kind.DIRECTORY


def _taken(entry: Entry, place: Place, *, by_content: bool) -> int:
    if entry.problem is not None:
        return 0
    unit = place.volume.facts.block_size or 1
    if by_content:
        return 0 if entry.kind is Kind.DIRECTORY else entry.size
    return -(-max(entry.size, entry.kind is Kind.DIRECTORY) // unit) * unit


def _say(path: str, size: int, arguments: argparse.Namespace, out: Output) -> None:
    if out.as_json:
        out.record({"path": path, "bytes": size})
        return
    said = human(size) if arguments.human else str(size if arguments.bytes else -(-size // _BLOCK))
    out.line(f"{said}\t{shown(path)}")
