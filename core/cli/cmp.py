"""`rumpus cmp`: whether two files are the same, byte by byte."""

from __future__ import annotations

import argparse

from core.cli.beside import Side, side_of
from core.cli.output import Output
from core.cli.walking import Places
from core.host.names import shown
from core.host.supervisor import Supervisor

HELP = "compare two files byte by byte"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", metavar="FILE", help="on a stick or here")
    parser.add_argument("second", metavar="FILE")
    parser.add_argument("-s", dest="silent", action="store_true", help="only the exit status tells")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    async with Places(supervisor, arguments.choice, out) as places:
        one, other = [await side_of(text, places) for text in (arguments.first, arguments.second)]
        difference = await first_difference(one, other)
    if difference is None:
        return
    out.problems += 1
    offset, line, ended = difference
    if out.as_json:
        out.record({"first": one.name, "second": other.name, "byte": offset + 1, "line": line})
    elif not arguments.silent:
        if ended:
            out.line(f"EOF on {shown(ended)} after byte {offset}")
        else:
            out.line(f"{shown(one.name)} {shown(other.name)} differ: byte {offset + 1}, line {line}")


async def first_difference(one: Side, other: Side) -> tuple[int, int, str] | None:
    """Offset and line where two files begin to differ, and the name of the one that ended there.

    None when they are the same. Raises what reading either raises.
    """
    sources = [one.bytes(), other.bytes()]
    rests = [b"", b""]
    offset, line = 0, 1
    while True:
        for number in (0, 1):
            if not rests[number]:
                rests[number] = await anext(sources[number], b"")
        length = min(map(len, rests))
        if not length:
            if rests[0] == rests[1]:
                return None
            return offset, line, other.name if rests[0] else one.name
        pieces = [rest[:length] for rest in rests]
        if pieces[0] != pieces[1]:
            at = next(n for n, (a, b) in enumerate(zip(*pieces, strict=True)) if a != b)
            return offset + at, line + pieces[0].count(b"\n", 0, at), ""
        line += pieces[0].count(b"\n")
        offset += length
        rests = [rest[length:] for rest in rests]
