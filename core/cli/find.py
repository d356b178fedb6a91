"""`rumpus find`: files by name, kind, size and time."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from fnmatch import translate
from functools import partial
from pathlib import Path

from core.cli import output, source
from core.cli.output import Output
from core.cli.source import UsageError
from core.cli.walking import DEEPEST, Found, Places, matches
from core.entry import Entry, Kind, Zone
from core.errors import RumpusError
from core.host.clocks import host_time
from core.host.names import shown
from core.host.supervisor import Supervisor
from core.host.volume import Volume

HELP = "find files by name, kind, size and time"
_KINDS = {"f": Kind.FILE, "d": Kind.DIRECTORY, "l": Kind.SYMLINK, "s": Kind.OTHER}
_UNITS = {"": 512, "b": 512, "c": 1, "w": 2, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_SIZE = re.compile(r"([+-]?)(\d{1,18})([bcwkMG]?)")
Test = Callable[[Entry], bool]


def add(parser: argparse.ArgumentParser) -> None:
    # -size -2k: what looks like a negative number is a value, and argparse asks this pattern what does.
    parser._negative_number_matcher = re.compile(r"-\d+[bcwkMG]?$")
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("-name", metavar="PATTERN", help="the name fits, as in a shell")
    parser.add_argument("-iname", metavar="PATTERN", help="the same in capitals or not")
    parser.add_argument("-path", metavar="PATTERN", help="the whole path fits")
    parser.add_argument("-type", choices=_KINDS, help="file, directory, link or special")
    parser.add_argument("-size", metavar="[+-]N[ckMG]", help="so large, or larger (+) or smaller (-)")
    parser.add_argument("-newer", metavar="FILE", help="modified later than this one, on a stick or here")
    parser.add_argument("-empty", action="store_true", help="files without content and folders without files")
    parser.add_argument("-maxdepth", type=int, default=DEEPEST, metavar="N")
    parser.add_argument("-mindepth", type=int, default=0, metavar="N")
    parser.add_argument("-print0", action="store_true", help="names as they are, each ended by a NUL")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    async with Places(supervisor, arguments.choice, out) as places:
        since = await _moment(arguments.newer, places)
        async for place in places.each(arguments.sources):
            zone = place.volume.facts.zone
            tests = _tests(arguments)
            if since is not None:
                tests.append(partial(_is_newer, since, zone))
            path = re.compile(translate(arguments.path)).match if arguments.path else None
            for top in place.found:
                async for found in place.walk(top, arguments.maxdepth):
                    if found.depth < arguments.mindepth or (path is not None and not path(found.path)):
                        continue
                    if not all(test(found.entry) for test in tests):
                        continue
                    if arguments.empty and not await _is_empty(place.volume, found):
                        continue
                    if out.as_json:
                        out.record(output.fields(found.path, found.entry, zone))
                    elif arguments.print0:
                        sys.stdout.write(f"{found.path}\0")
                    else:
                        out.line("/".join(shown(part) for part in found.path.split("/")))


def _tests(arguments: argparse.Namespace) -> list[Test]:
    """Raises UsageError."""
    tests: list[Test] = []
    if arguments.name is not None:
        fits = re.compile(translate(arguments.name)).match
        tests.append(lambda entry: fits(entry.name) is not None)
    if arguments.iname is not None:
        fits_too = re.compile(translate(arguments.iname), re.IGNORECASE).match
        tests.append(lambda entry: fits_too(entry.name) is not None)
    if arguments.type is not None:
        tests.append(lambda entry: entry.kind is _KINDS[arguments.type])
    if arguments.size is not None:
        tests.append(_of_size(arguments.size))
    return tests


def _of_size(text: str) -> Test:
    """Counts in whole units, rounded up, as find does. Raises UsageError."""
    read = _SIZE.fullmatch(text)
    if read is None:
        raise UsageError(f"{text} is no size; +100k, -2M and 512c are")
    sign, number, unit = read[1], int(read[2]), _UNITS[read[3]]
    if sign == "+":
        return lambda entry: -(-entry.size // unit) > number
    if sign == "-":
        return lambda entry: -(-entry.size // unit) < number
    return lambda entry: -(-entry.size // unit) == number


def _is_newer(since: int, zone: Zone, entry: Entry) -> bool:
    return (host_time(entry.modified, zone) or 0) > since


async def _is_empty(volume: Volume, found: Found) -> bool:
    if found.entry.kind is not Kind.DIRECTORY:
        return found.entry.kind is Kind.FILE and found.entry.size == 0
    async for batch in volume.entries(found.entry.node):
        if batch:
            return False
    return True


def _moment_here(path: Path) -> int | None:
    return path.stat().st_mtime_ns if path.exists() else None


async def _moment(text: str | None, places: Places) -> int | None:
    """When the file was modified that others must be newer than. Raises UsageError, NotOpened."""
    if text is None:
        return None
    here = _moment_here(Path(text))
    if here is not None:
        return here
    found = source.parse(text)
    if not found.path:
        raise UsageError(f"there is no {shown(text)}")
    volume = await places.volume(found)
    try:
        (one,) = await matches(volume, found.path)
    except (RumpusError, ValueError) as error:
        raise UsageError(f"{shown(text)} is not one file") from error
    return host_time(one.entry.modified, volume.facts.zone) or 0
