"""`rumpus doctor`: which walls stand around a driver on this machine, and the proof."""

from __future__ import annotations

import argparse

from msgspec import structs

from core.cli.output import Output
from core.cli.source import NotOpened
from core.errors import SandboxUnavailable
from core.host.supervisor import Supervisor
from core.host.walls import must_stand

HELP = "show the walls around drivers on this machine, and prove them"


def add(parser: argparse.ArgumentParser) -> None:
    """Takes no arguments of its own."""


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    reports = await supervisor.inspect()
    if out.as_json:
        for report in reports:
            out.record(structs.asdict(report))
    else:
        layers = [report for report in reports if report.proved is None]
        attempts = [report for report in reports if report.proved is not None]
        out.line("The walls around every driver on this machine:")
        for report in layers:
            out.line(f"  {'in force' if report.in_force else 'MISSING ':8}  {report.name}: {report.detail}")
        out.line("")
        out.line("What a driver tried that had been taken over:")
        for report in attempts:
            out.line(f"  {'refused' if report.proved else 'ALLOWED':8}  to {report.name}: {report.detail}")
    out.problems += sum(report.proved is False for report in reports)
    try:
        must_stand({report.name for report in reports if report.in_force}, supervisor.without)
    except SandboxUnavailable as error:
        raise NotOpened("this machine", error) from error
