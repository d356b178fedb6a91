"""What the file systems of most sticks cannot hold: owners, links, special files. Refused in a sentence."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Coroutine
from typing import Any

from core.cli import source
from core.cli.output import Output
from core.host.supervisor import Supervisor

Run = Callable[[argparse.Namespace, Supervisor, Output], Coroutine[Any, Any, None]]


def refusing(what: str) -> Run:
    """A command that opens the stick, to say what its system cannot hold. Raises NotOpened."""

    async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
        for text in arguments.sources:
            found = source.parse(text)
            async with source.changes_to(supervisor, found, arguments.choice) as (volume, _):
                await volume.resolve(found.path.rpartition("/")[0])
                out.trouble(f"{found.name}:{found.path}", f"{volume.facts.system} holds no {what}")

    return run
