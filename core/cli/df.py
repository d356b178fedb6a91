"""`rumpus df`: how full volumes are."""

from __future__ import annotations

import argparse

from core.cli import source
from core.cli.output import Output, human
from core.host.names import shown
from core.host.supervisor import Supervisor

_BLOCK = 1024
HELP = "how full a volume is"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("-h", dest="human", action="store_true", help="sizes in kB, MB, …")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    if not out.as_json:
        out.line(f"{'Volume':<24} {'Type':<8} {'Size':>12} {'Used':>12} {'Free':>12} Use% Label")
    for text in arguments.sources:
        found = source.parse(text)
        async with source.volume_of(supervisor, found, arguments.choice) as volume:
            facts = volume.facts
        free = facts.free
        used = None if free is None else max(0, facts.size - free)
        if out.as_json:
            amounts = {"size": facts.size, "used": used, "free": free}
            out.record({"volume": found.name, "system": facts.system, "label": facts.label, **amounts})
            continue
        size, taken, left = (
            "?" if amount is None else human(amount) if arguments.human else str(-(-amount // _BLOCK))
            for amount in (facts.size, used, free)
        )
        share = "?" if used is None else f"{-(-used * 100 // max(1, facts.size))}%"
        out.line(
            f"{shown(found.name):<24} {shown(facts.system):<8} {size:>12} {taken:>12} {left:>12} "
            f"{share:>4} {shown(facts.label)}".rstrip()
        )
