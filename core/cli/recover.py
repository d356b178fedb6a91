"""`rumpus recover`: copies deleted files out of a stick, and says of each how sure it is.

The stick is only read.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from core.cli import progress, source
from core.cli.deleted import WIDTH
from core.cli.output import Output
from core.cli.signals import ended_by_signals
from core.cli.source import Source, UsageError
from core.entry import Sureness
from core.errors import HostWriteFailed, RumpusError
from core.host.landing import Conflict, Folder
from core.host.names import shown
from core.host.recovering import Recovery, find
from core.host.supervisor import Supervisor
from core.host.transfers import Arrival, CopyOut
from core.host.volume import Volume

HELP = "copy deleted files out of a stick"

_MEANING = {
    Sureness.GOOD: "where all of it lay is known, and no other file lies there",
    Sureness.LIKELY: "the same if it lay in one piece, as most files do",
    Sureness.DOUBTFUL: "its place is a guess, or what lies there does not look like it",
    Sureness.PARTLY: "other files lie where some of it may have lain",
    Sureness.GONE: "other files lie where it lay: nothing is copied",
}
assert set(_MEANING) == set(Sureness)


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="a folder, for all that was deleted in and below it, or a deleted file as ls --deleted names it",
    )
    parser.add_argument("folder", metavar="FOLDER", help="where to put it, here")
    parser.add_argument("--sure", action="store_true", help="leave out what is less than likely")
    meaning = "\n".join(f"  {each.value:<{WIDTH}}  {what}" for each, what in _MEANING.items())
    parser.epilog = f"How sure it is that what comes is what was deleted:\n{meaning}\n\n{parser.epilog}"


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    found = [source.parse(text) for text in arguments.sources]
    if any(not each.path for each in found):
        raise UsageError(f"say which folder of it, such as {arguments.sources[0]}:/")
    folder = _folder(Path(arguments.folder))
    for each in found:
        async with source.volume_of(supervisor, each, arguments.choice) as volume:
            if await _recover(volume, each, folder, arguments, out):
                return


def _folder(path: Path) -> Path:
    """Makes the folder when only the one above is there. Raises UsageError, HostWriteFailed."""
    if not path.is_dir():
        if not path.parent.is_dir():
            raise UsageError(f"there is no folder {shown(str(path.parent))}")
        with Folder.open(path.parent) as above:
            above.folder(path.name, Conflict.REFUSE).close()
    return path


async def _recover(
    volume: Volume, found: Source, folder: Path, arguments: argparse.Namespace, out: Output
) -> bool:
    """Returns whether to stop there: the host has no room, the stick is gone."""

    def trouble(path: str, error: RumpusError) -> None:
        out.problem(f"{found.name}:{path}", error)

    recovery = Recovery(volume, only_sure=arguments.sure)
    above = found.path.rstrip("/").rpartition("/")[0]
    try:
        entry, files = await find(volume, found.path)
        if files:
            await recovery.add_files(files, above)
        else:
            await recovery.add_folder(entry, found.path.rstrip("/"), trouble)
    except RumpusError as error:
        trouble(found.path, error)
        return volume.ended.done()
    counts: Counter[Sureness] = Counter()

    def arrived(arrival: Arrival) -> None:
        sureness = recovery.sureness[arrival.entry.node]
        counts[sureness] += 1
        _say(arrival, f"{found.name}:{above}/{arrival.path}", sureness, out)

    job = CopyOut(
        volume, recovery.entries, folder, conflict=Conflict.KEEP_BOTH, arrived=arrived, listed=recovery.listed
    )
    with ended_by_signals(job), progress.bar(job):
        await job.run()
    for problem in job.problems:
        trouble(f"{above}/{problem.path}", problem.error)
    for path, sureness in recovery.gone:
        if sureness is Sureness.GONE:
            out.trouble(f"{found.name}:{path}", _MEANING[Sureness.GONE])
    if not out.as_json:
        _sum_up(counts, recovery.gone)
    if job.error is not None:
        trouble(found.path, job.error)
    return isinstance(job.error, HostWriteFailed) or volume.ended.done()


def _say(arrival: Arrival, where: str, sureness: Sureness, out: Output) -> None:
    if out.as_json:
        out.record(
            {
                "source": where,
                "target": str(arrival.target),
                "size": arrival.entry.size,
                "lost": arrival.lost,
                "sureness": sureness.value,
            }
        )
    else:
        lost = f"  ({arrival.lost} bytes of it are lost)" if arrival.lost else ""
        out.line(f"{sureness.value:<{WIDTH}} {shown(where)} -> {shown(str(arrival.target))}{lost}")


def _sum_up(counts: Counter[Sureness], left: list[tuple[str, Sureness]]) -> None:
    kinds = ", ".join(f"{counts[each]} {each.value}" for each in Sureness if counts[each])
    gone = sum(sureness is Sureness.GONE for _, sureness in left)
    text = f"{counts.total()} files recovered" + (f" ({kinds})" if kinds else "")
    text += f"; {gone} gone" if gone else ""
    text += f"; {len(left) - gone} left out" if len(left) > gone else ""
    print(f"rumpus: {text}", file=sys.stderr)
