"""`rumpus cp` towards a stick."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from core.cli import progress, source
from core.cli.output import Output
from core.cli.proving import Proof
from core.cli.signals import ended_by_signals
from core.cli.source import Source, UsageError
from core.entry import Entry, Kind
from core.errors import NotFound, RumpusError
from core.host.changes import Changes
from core.host.copying_in import CopyIn
from core.host.landing import Conflict
from core.host.loading import HostOrigin, Step
from core.host.names import shown
from core.host.receipts import sources_in_words
from core.host.supervisor import Supervisor
from core.host.volume import Volume


async def run(arguments: argparse.Namespace, target: Source, supervisor: Supervisor, out: Output) -> None:
    sources = [_of_the_host(text, arguments) for text in arguments.sources]
    async with source.changes_to(supervisor, target, arguments.choice) as (volume, changes):
        try:
            folder, name = await _place(volume, target, len(sources))
        except RumpusError as error:
            out.problem(f"{target.name}:{target.path}", error)
            return
        await _copy(volume, changes, sources, (folder, name), target, arguments, out)


def _of_the_host(text: str, arguments: argparse.Namespace) -> Path:
    path = Path(text)
    if not path.exists():
        if source.parse(text).path:
            raise UsageError(f"{text} is on a stick; copy it out first, and then onto the other one")
        raise UsageError(f"there is no {shown(text)}")
    if path.is_dir() and not arguments.recursive:
        raise UsageError(f"{shown(text)} is a folder, which is copied with -r only")
    return path


async def _place(volume: Volume, target: Source, count: int) -> tuple[Entry, str]:
    """The folder to copy into and the name to have there, "" for the source's own.

    Raises NotFound and WrongKind, UsageError for several sources and no folder.
    """
    try:
        entry = await volume.resolve(target.path)
    except NotFound:
        above, _, name = target.path.rstrip("/").rpartition("/")
        folder = await volume.resolve(above)
        if count > 1 or folder.kind is not Kind.DIRECTORY:
            raise
        return folder, name
    if entry.kind is Kind.DIRECTORY:
        return entry, ""
    if count > 1:
        raise UsageError(f"{shown(target.path)} is not a folder, and there are several sources")
    above, _, name = target.path.rstrip("/").rpartition("/")
    return await volume.resolve(above), name


async def _copy(
    volume: Volume,
    changes: Changes,
    sources: list[Path],
    place: tuple[Entry, str],
    target: Source,
    arguments: argparse.Namespace,
    out: Output,
) -> None:
    folder, name = place
    where = f"{target.name}:{target.path}"
    proof = Proof(arguments, out, onto_stick=True)

    def arrived(step: Step, entry: Entry) -> None:
        if not step.folder:
            proof.arrived(step, partial(_say, step, entry, target, arguments, out))

    job = CopyIn(
        volume,
        changes,
        HostOrigin(sources, name),
        folder.node,
        conflict=_conflict(arguments),
        preserve=arguments.preserve,
        arrived=arrived,
    )
    with ended_by_signals(job), progress.bar(job):
        await job.run()
    for problem in job.problems:
        out.problem(problem.path, problem.error)
    if job.error is not None:
        out.problem(where, job.error)
    await proof.check(job, volume, sources_in_words(sources), where)
    proof.close()


def _conflict(arguments: argparse.Namespace) -> Conflict:
    """As cp has it: what is typed here is the user's own, and so is what it replaces."""
    if arguments.skip:
        return Conflict.SKIP
    return Conflict.KEEP_BOTH if arguments.keep_both else Conflict.REPLACE


def _say(
    step: Step, entry: Entry, target: Source, arguments: argparse.Namespace, out: Output, verified: bool
) -> None:
    if out.as_json:
        out.record(
            {
                "source": str(step.source),
                "target": f"{target.name}:{step.path}",
                "size": entry.size,
                "verified": verified,
            }
        )
    elif arguments.verbose:
        out.line(f"{shown(str(step.source))} -> {shown(target.name)}: {shown(step.path)}")
