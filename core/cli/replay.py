"""`rumpus replay`: does once more, behind walls, what a crash capsule tells of."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cli import wording
from core.cli.output import Output
from core.cli.source import NotOpened
from core.errors import Fault, HostReadFailed, HostWriteFailed, RumpusError
from core.host import capsule
from core.host.capsule import Capsule
from core.host.names import shown
from core.host.offloop import off_loop
from core.host.scrambling import scrambled
from core.host.supervisor import Supervisor

HELP = "do once more, behind walls, what a crash capsule tells of"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("capsule", metavar="CAPSULE", help="a report that was saved as a capsule")
    parser.add_argument(
        "--scramble-names",
        metavar="NEW",
        help="save it anew with another name of equal length for each file, folder, label and target",
    )


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    try:
        found = await off_loop(capsule.load, Path(arguments.capsule), undo=lambda _: None)
        if arguments.scramble_names is not None:
            found = await scrambled(supervisor, found)
        came = await found.replay(supervisor)
    except OSError as error:
        failed = HostReadFailed(arguments.capsule, error.errno or 0)
        raise NotOpened(arguments.capsule, failed) from error
    except RumpusError as error:
        raise NotOpened(arguments.capsule, error) from error
    if arguments.scramble_names is not None:
        try:
            await off_loop(_save, Path(arguments.scramble_names), found, undo=lambda _: None)
        except OSError as error:
            raise HostWriteFailed(arguments.scramble_names, error.errno or 0) from error
    _say(found, came, out)


def _save(place: Path, found: Capsule) -> None:
    """Nothing that is there is overwritten."""
    with place.open("xb") as file:
        file.write(found.packed())


def _say(found: Capsule, came: list[RumpusError | None], out: Output) -> None:
    story = found.story
    faults = [Fault.of(error) if error is not None else None for error in came]
    again = story.error.kind in {fault.kind for fault in faults if fault is not None}
    if out.as_json:
        steps = [
            {"request": str(request), "came": _plain(fault)}
            for request, fault in zip(story.requests, faults, strict=False)
        ]
        out.record({"error": _plain(story.error), "again": again, "steps": steps})
    else:
        out.line(f"{shown(story.program)}, {shown(story.taken)}: {_words(story.error)}")
        for request, fault in zip(story.requests, faults, strict=False):
            out.line(f"  {shown(str(request))}: {_words(fault) if fault is not None else 'done'}")
        out.line("The same came of it." if again else "It did not come again.")
    if not again:
        out.problems += 1


def _words(fault: Fault) -> str:
    return wording.sentence(fault.error())


def _plain(fault: Fault | None) -> dict[str, object] | None:
    return None if fault is None else {"kind": fault.kind, **fault.values}
