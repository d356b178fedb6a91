"""`rumpus chflags`: the attributes of the DOS family: hidden, system, archive, read-only."""

from __future__ import annotations

import argparse

from core.cli.output import Output
from core.cli.source import UsageError
from core.cli.walking import Found, change_each
from core.entry import Attribute
from core.host.changes import Changes
from core.host.supervisor import Supervisor
from core.host.volume import Volume

HELP = "change attributes of files: hidden, system, archive, readonly"
_FLAGS = {
    "readonly": Attribute.READ_ONLY,
    "rdonly": Attribute.READ_ONLY,
    "hidden": Attribute.HIDDEN,
    "system": Attribute.SYSTEM,
    "archive": Attribute.ARCHIVE,
    "arch": Attribute.ARCHIVE,
}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "flags", metavar="FLAG,…", help="readonly, hidden, system, archive; no… takes one away"
    )
    parser.add_argument("sources", nargs="+", metavar="SOURCE")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    put, take = _read(arguments.flags)

    async def change(volume: Volume, changes: Changes, found: Found) -> None:
        await changes.set_attributes(found.entry.node, found.entry.attributes & ~take | put)

    await change_each(supervisor, arguments.choice, out, arguments.sources, change)


def _read(text: str) -> tuple[int, int]:
    """Attributes to give and to take. Raises UsageError."""
    put = take = 0
    for word in text.split(","):
        flag = _FLAGS.get(word.removeprefix("no"))
        if flag is None:
            raise UsageError(f"{word} is no attribute; readonly, hidden, system and archive are")
        if word.startswith("no"):
            take |= flag
        else:
            put |= flag
    return put, take
