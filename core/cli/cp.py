"""`rumpus cp`: copies files and folders out of a stick or onto one, as cp does between folders.

In one thing it is no cp: names that a stranger's stick made up do not replace files that are here, unless
-f says so. A whole stick copied into a home folder would else bring its own .bashrc.
"""

from __future__ import annotations

import argparse
import errno
import sys
from functools import partial
from pathlib import Path

from core.cli import onto, progress, proving, source
from core.cli.output import Output
from core.cli.proving import Proof
from core.cli.signals import ended_by_signals
from core.cli.source import Source, UsageError
from core.cli.walking import Found, Places
from core.cli.wording import sentence
from core.entry import Entry, Kind
from core.errors import HostWriteFailed, RumpusError
from core.host.landing import Folder
from core.host.names import shown
from core.host.supervisor import Supervisor
from core.host.transfers import Arrival, Conflict, CopyOut
from core.host.volume import Volume

HELP = "copy files and folders out of a stick, or onto one"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="what to copy, on a stick or here")
    parser.add_argument("destination", metavar="DEST", help="a folder that is there, or a new name")
    parser.add_argument("-r", "-R", dest="recursive", action="store_true", help="folders too")
    parser.add_argument("-p", dest="preserve", action="store_true", help="keep times and write protection")
    parser.add_argument("-v", dest="verbose", action="store_true", help="name each file as it arrives")
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument("-f", dest="force", action="store_true", help="replace files that are there")
    existing.add_argument("-n", dest="skip", action="store_true", help="leave files alone that are there")
    existing.add_argument(
        "--keep-both", action="store_true", help="give a copy another name when its name is taken"
    )
    proving.add(parser)
    parser.add_argument("--sync", action="store_true", help="end when all of it is on the disk")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    target = source.parse(arguments.destination)
    if _is_on_a_stick(arguments.destination, target):
        await onto.run(arguments, target, supervisor, out)
        return
    found = [_of_a_stick(text) for text in arguments.sources]
    destination = Path(arguments.destination)
    _check(found, destination, arguments)
    proof = Proof(arguments, out, onto_stick=False)
    missing = dict.fromkeys(found)
    try:
        async with Places(supervisor, arguments.choice, out) as places:
            async for place in places.each(arguments.sources):
                missing.pop(place.source, None)
                if len(place.found) > 1 and not _is_folder(destination):
                    raise UsageError(f"{shown(arguments.destination)} is not a folder, and several files fit")
                for here in place.found:
                    if await _copy(place.volume, place.source, here, destination, arguments, out, proof):
                        return
    finally:
        for each in missing:
            proof.leave_out(f"{each.name}:{each.path}", "not found, or not tried")
        proof.close()


def _is_on_a_stick(text: str, target: Source) -> bool:
    return bool(target.path) and target.device.exists() and not Path(text).exists()


def _of_a_stick(text: str) -> Source:
    found = source.parse(text)
    if not found.path:
        raise UsageError(f"{text} names no file on a stick; IMAGE-or-DEVICE:/PATH does, such as {text}:/")
    return found


def _check(found: list[Source], destination: Path, arguments: argparse.Namespace) -> None:
    """What can be known to make no sense before a stick is opened. Raises UsageError."""
    if arguments.receipt is not None and len({(each.device, each.partition) for each in found}) > 1:
        raise UsageError("a receipt is of one stick, and there are several")
    if len(found) > 1 and not destination.is_dir():
        raise UsageError(f"{shown(arguments.destination)} is not a folder, and there are several sources")
    if not destination.is_dir() and not destination.parent.is_dir():
        raise UsageError(f"there is no folder {shown(str(destination.parent))}")


def _is_folder(path: Path) -> bool:
    return path.is_dir()


async def _copy(
    volume: Volume,
    found: Source,
    each: Found,
    destination: Path,
    arguments: argparse.Namespace,
    out: Output,
    proof: Proof,
) -> bool:
    """Copies one source. Returns whether to stop there: the host has no room, the stick is gone."""
    where = f"{found.name}:{each.path}"
    entry = each.entry
    if entry.kind is Kind.DIRECTORY and not arguments.recursive:
        out.trouble(where, "a folder is copied with -r only")
        proof.leave_out(where, "a folder is copied with -r only")
        return False
    try:
        folder, name = _target(destination, entry)
    except RumpusError as error:
        out.problem(where, error)
        proof.leave_out(where, sentence(error))
        return False
    above = each.path[: each.path.rindex("/") + 1]

    def arrived(arrival: Arrival) -> None:
        if not (proof.wanted or arguments.verbose or out.as_json):
            return
        say = partial(_say, arrival, f"{found.name}:{above}", arguments, out)
        proof.arrived(arrival.step, say, whole=not arrival.lost)

    job = CopyOut(
        volume,
        [entry],
        folder,
        conflict=_conflict(arguments, named=bool(name)),
        preserve=arguments.preserve,
        flush=arguments.sync,
        name=name,
        arrived=arrived,
    )
    with ended_by_signals(job), progress.bar(job):
        await job.run()
    await proof.check(job, volume, where, str(destination))
    for problem in job.problems:
        out.problem(f"{found.name}:{above}{problem.path}", problem.error)
    if any(_is_taken(problem.error) for problem in job.problems):
        print("rumpus: -f replaces files, --keep-both keeps both, -n leaves the old ones", file=sys.stderr)
    if job.error is None:
        return False
    out.problem(job.error.path if isinstance(job.error, HostWriteFailed) else where, job.error)
    if job.progress.files:
        safe = sum(1 for _ in job.safe())
        print(f"rumpus: {safe} of {job.progress.files} files arrived whole", file=sys.stderr)
    return True


def _target(destination: Path, entry: Entry) -> tuple[Path, str]:
    """The folder to copy into and the name to have there, "" for the entry's own. Raises HostWriteFailed."""
    if destination.is_dir():
        return destination, ""
    if entry.name:
        return destination.parent, destination.name
    # A stick's root has no name: a new folder gets what is in it.
    with Folder.open(destination.parent) as above:
        above.folder(destination.name, Conflict.REFUSE).close()
    return destination, ""


def _conflict(arguments: argparse.Namespace, *, named: bool) -> Conflict:
    """What a copy may do to a file that is here. Only a name that was typed replaces one unasked."""
    if arguments.skip:
        return Conflict.SKIP
    if arguments.keep_both:
        return Conflict.KEEP_BOTH
    return Conflict.REPLACE if arguments.force or named else Conflict.REFUSE


def _say(arrival: Arrival, above: str, arguments: argparse.Namespace, out: Output, verified: bool) -> None:
    if out.as_json:
        out.record(
            {
                "source": above + arrival.path,
                "target": str(arrival.target),
                "size": arrival.entry.size,
                "lost": arrival.lost,
                "verified": verified,
            }
        )
    elif arguments.verbose:
        out.line(f"{shown(above + arrival.path)} -> {shown(str(arrival.target))}")


def _is_taken(error: RumpusError) -> bool:
    return isinstance(error, HostWriteFailed) and error.errno == errno.EEXIST
