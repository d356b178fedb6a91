"""`rumpus chmod`: write permission, which is all that FAT and exFAT keep of a mode."""

from __future__ import annotations

import argparse
import re

from core.cli.output import Output
from core.cli.source import UsageError
from core.cli.walking import Found, change_each
from core.entry import Attribute
from core.host.changes import Changes
from core.host.supervisor import Supervisor
from core.host.volume import Volume

HELP = "change permissions of files, as far as the stick keeps them"
_WRITE = re.compile(r"[ugoa]*([+-])w")
_OCTAL = re.compile(r"0?[0-7]{3}")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("mode", metavar="MODE", help="+w, a-w, 644, 444, …")
    parser.add_argument("sources", nargs="+", metavar="SOURCE")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    writable = _read(arguments.mode)

    async def change(volume: Volume, changes: Changes, found: Found) -> str | None:
        if writable is None:
            return f"{volume.facts.system} holds no mode, only whether a file may be written"
        attributes = found.entry.attributes & ~Attribute.READ_ONLY
        await changes.set_attributes(found.entry.node, attributes | (0 if writable else Attribute.READ_ONLY))
        return None

    await change_each(supervisor, arguments.choice, out, arguments.sources, change)


def _read(mode: str) -> bool | None:
    """Whether it lets its owner write; None for what says more than that. Raises UsageError."""
    letters = _WRITE.fullmatch(mode)
    if letters is not None:
        return letters[1] == "+"
    if _OCTAL.fullmatch(mode):
        bits = int(mode, 8)
        # Who may read, and who may run, is the same for all files of such a system.
        plain = (
            bits & 0o444 == 0o444 and bits & 0o222 in (0, 0o200, 0o220, 0o222) and bits & 0o111 in (0, 0o111)
        )
        return bool(bits & 0o200) if plain else None
    if re.fullmatch(r"([ugoa]*[-+=][rwxXst]*,?)+", mode):
        return None
    raise UsageError(f"{mode} is no mode; +w, a-w, 644 and 444 are")
