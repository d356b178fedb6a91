"""`rumpus diff`: in what two files or folders differ, on a stick or on this machine."""

from __future__ import annotations

import argparse
import difflib

from core.cli.beside import Side, side_of
from core.cli.cmp import first_difference
from core.cli.output import Output
from core.cli.walking import DEEPEST, Places
from core.errors import RumpusError
from core.host.names import shown
from core.host.supervisor import Supervisor

HELP = "in what two files or folders differ"
_LARGEST = 1 << 20
"""Bytes of a text that is compared line by line."""


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", metavar="FILE", help="on a stick or here")
    parser.add_argument("second", metavar="FILE")
    parser.add_argument("-r", dest="recursive", action="store_true", help="folders within folders too")
    parser.add_argument("-q", dest="brief", action="store_true", help="only which files differ")
    parser.add_argument("-u", dest="unified", action="store_true", help="as a patch (what is done anyway)")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    async with Places(supervisor, arguments.choice, out) as places:
        one, other = [await side_of(text, places) for text in (arguments.first, arguments.second)]
        await _compare(one, other, 0, arguments, out)


async def _compare(one: Side, other: Side, depth: int, arguments: argparse.Namespace, out: Output) -> None:
    try:
        if one.is_folder and other.is_folder:
            await _folders(one, other, depth, arguments, out)
        elif one.is_file and other.is_file:
            await _files(one, other, arguments, out)
        else:
            _say("kinds differ", one, other, out)
    except RumpusError as error:
        out.problem(one.name, error)


async def _folders(one: Side, other: Side, depth: int, arguments: argparse.Namespace, out: Output) -> None:
    here, there = await one.inside(), await other.inside()
    for name in sorted(here.keys() | there.keys()):
        if name not in there:
            _only(one, name, out)
        elif name not in here:
            _only(other, name, out)
        elif not (here[name].is_folder and there[name].is_folder) or (
            arguments.recursive and depth < DEEPEST
        ):
            await _compare(here[name], there[name], depth + 1, arguments, out)


async def _files(one: Side, other: Side, arguments: argparse.Namespace, out: Output) -> None:
    if await first_difference(one, other) is None:
        return
    first = None if arguments.brief or out.as_json else await _text(one)
    second = None if first is None else await _text(other)
    if first is not None and second is not None:
        out.problems += 1
        for line in difflib.unified_diff(first, second, shown(one.name), shown(other.name), lineterm=""):
            out.line(shown(line))
    else:
        _say("files differ", one, other, out)


async def _text(side: Side) -> list[str] | None:
    """Its lines, None when it is no text or a long one."""
    data = b""
    async for piece in side.bytes():
        data += piece
        if len(data) > _LARGEST:
            return None
    try:
        return None if b"\0" in data else data.decode().splitlines()
    except UnicodeDecodeError:
        return None


def _say(what: str, one: Side, other: Side, out: Output) -> None:
    out.problems += 1
    if out.as_json:
        out.record({"difference": what, "first": one.name, "second": other.name})
    else:
        out.line(f"{what.capitalize()}: {shown(one.name)} {shown(other.name)}")


def _only(folder: Side, name: str, out: Output) -> None:
    out.problems += 1
    if out.as_json:
        out.record({"difference": "only in one", "folder": folder.name, "name": name})
    else:
        out.line(f"Only in {shown(folder.name)}: {shown(name)}")
