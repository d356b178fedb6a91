"""`rumpus stat`: all that is known of files."""

from __future__ import annotations

import argparse

from core.cli import output
from core.cli.output import Output
from core.cli.walking import Found, Place, Places
from core.entry import Details, Kind
from core.errors import RumpusError
from core.host.names import shown
from core.host.supervisor import Supervisor

HELP = "all that is known of files"
_KINDS = {
    Kind.FILE: "regular file",
    Kind.DIRECTORY: "directory",
    Kind.SYMLINK: "symbolic link",
    Kind.OTHER: "special file",
}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument(
        "-c",
        dest="format",
        metavar="FORMAT",
        help="%%n name, %%s size, %%b blocks of 512 bytes, %%F kind, %%i number, %%a mode, %%A attributes, "
        "%%h links, %%u and %%g owners, %%y modified, %%x accessed, %%z changed, %%w created",
    )


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    async with Places(supervisor, arguments.choice, out) as places:
        async for place in places.each(arguments.sources):
            for found in place.found:
                try:
                    details = await place.volume.stat(found.entry.node)
                except RumpusError as error:
                    out.problem(place.where(found.path), error)
                    continue
                _say(place, found, details, arguments.format, out)


def _say(place: Place, found: Found, details: Details, form: str | None, out: Output) -> None:
    entry, zone = details.entry, place.volume.facts.zone
    times = {
        "modified": entry.modified,
        "accessed": details.accessed,
        "changed": details.changed,
        "created": details.created,
    }
    said = {name: output.moment(time, zone) for name, time in times.items()}
    if out.as_json:
        more = {"allocated": details.allocated, "links": details.links, "node": entry.node}
        owners = {"uid": details.uid, "gid": details.gid, "facts": dict(details.facts)}
        out.record({**output.fields(found.path, entry, zone), **said, **more, **owners})
        return
    allocated = entry.size if details.allocated is None else details.allocated
    letters = {
        "n": shown(found.path),
        "s": str(entry.size),
        "b": str(-(-allocated // 512)),
        "F": _KINDS[entry.kind],
        "i": str(entry.node),
        "a": "-" if entry.mode is None else f"{entry.mode:o}",
        "A": output.attributes(entry),
        "h": str(details.links),
        "u": _or_none(details.uid),
        "g": _or_none(details.gid),
        **{letter: said[name] or "-" for letter, name in zip("yxzw", times, strict=True)},
        "%": "%",
    }
    if form is not None:
        out.line(_formatted(form, letters))
        return
    out.line(f"  File: {letters['n']}")
    out.line(f"  Size: {letters['s']:<12} Blocks: {letters['b']:<10} {letters['F']}")
    out.line(f"Number: {letters['i']:<12} Links: {letters['h']}")
    out.line(f"Access: {letters['A']}  Uid: {letters['u']}  Gid: {letters['g']}")
    for name, time in said.items():
        if time is not None:
            out.line(f"{name.capitalize()}: {time}")


def _or_none(number: int | None) -> str:
    return "-" if number is None else str(number)


def _formatted(form: str, letters: dict[str, str]) -> str:
    pieces = form.split("%")
    text, rest = pieces[0], iter(pieces[1:])
    for piece in rest:
        if piece:
            text += letters.get(piece[0], "?") + piece[1:]
        else:
            text += "%" + next(rest, "")
    return text
