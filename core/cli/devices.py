"""`rumpus devices`: the sticks that are plugged in, and what is on them."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

from core.cli.output import Output, human
from core.entry import PartitionFacts
from core.errors import Fault, RumpusError
from core.host.names import shown
from core.host.sticks import Stick, Sticks
from core.host.supervisor import Supervisor
from core.host.watcher import UdevWatcher

_TABLES = {"mbr": "MBR", "gpt": "GPT", "apm": "Apple map", "none": "no partition table", "": "cannot be read"}
HELP = "list the sticks that are plugged in"


def add(parser: argparse.ArgumentParser) -> None:
    """Takes no arguments of its own."""


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    async with Sticks(supervisor, UdevWatcher()) as sticks:
        found = sticks.sticks
        await asyncio.gather(*(stick.settled() for stick in found))
        if sticks.degraded:
            print(f"rumpus: no stick can be seen: {sticks.degraded}", file=sys.stderr)
            out.problems += 1
        elif not found and not out.as_json:
            out.line("No stick is plugged in.")
        for stick in found:
            if out.as_json:
                out.record(_plain(stick))
            else:
                _say(stick, out)
            _complain(stick, out)


def _say(stick: Stick, out: Output) -> None:
    kind = stick.survey.table if stick.survey else ""
    table = _TABLES.get(kind, shown(kind))
    out.line(f"{_where(stick)}: {stick.name}, {human(stick.size)}, {table}")
    for volume in stick.volumes:
        part = volume.partition
        label = shown(part.label or part.name)
        holds = shown(part.system) or "nothing that was recognised"
        name = f" “{label}”" if label else ""
        out.line(f"  {_where(stick, part)}: {human(part.size)}, {holds}{name}")


def _complain(stick: Stick, out: Output) -> None:
    if stick.error is not None:
        out.problem(str(stick.path), stick.error)
    for fault in stick.survey.warnings if stick.survey else ():
        out.fault(str(stick.path), fault)
    for volume in stick.volumes:
        if volume.partition.problem is not None:
            out.fault(_where(stick, volume.partition), volume.partition.problem)


def _where(stick: Stick, partition: PartitionFacts | None = None) -> str:
    """As the other commands take it."""
    return shown(f"{stick.path}@{partition.number}" if partition and partition.number else str(stick.path))


def _plain(stick: Stick) -> dict[str, Any]:
    """A stick for programs."""
    device = stick.device
    return {
        "device": str(stick.path),
        "name": stick.name,
        "size": stick.size,
        "state": stick.state.name.lower(),
        "table": stick.survey.table if stick.survey else None,
        "vendor": device.vendor if device else "",
        "model": device.model if device else "",
        "serial": device.serial if device else "",
        "read_only": device.read_only if device else False,
        "partitions": [
            {
                "number": volume.partition.number,
                "size": volume.partition.size,
                "system": volume.partition.system,
                "label": volume.partition.label,
                "problem": _fault(volume.partition.problem),
            }
            for volume in stick.volumes
        ],
        "problem": _fault(stick.error),
    }


def _fault(error: RumpusError | Fault | None) -> dict[str, Any] | None:
    if error is None:
        return None
    fault = error if isinstance(error, Fault) else Fault.of(error)
    return {"kind": fault.kind, **fault.values}
