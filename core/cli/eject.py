"""`rumpus eject`: a stick that is to be pulled out."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cli import source
from core.cli.output import Output
from core.cli.source import NotOpened
from core.errors import RumpusError
from core.host import giving_back
from core.host.giving_back import Disk
from core.host.holders import ENDABLE, Holder
from core.host.names import shown
from core.host.offloop import off_loop
from core.host.supervisor import Supervisor

HELP = "make a stick safe to be pulled out, or say who still holds it"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", help="a device, or the place where it is mounted")
    parser.add_argument(
        "--end", action="store_true", help="unmount it, and end the programs that hold it; none is killed"
    )


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    place = source.parse(arguments.source).device
    try:
        disk = await off_loop(giving_back.disk_at, place, undo=lambda _: None)
    except RumpusError as error:
        raise NotOpened(str(place), error) from error
    held = await giving_back.held_by(disk)
    if held and arguments.end:
        await giving_back.end(place, held)
        held = await giving_back.held_by(disk)
    if held:
        _name(place, disk, held, out, ended=arguments.end)
        return
    powered = await giving_back.switch_off(disk)
    if powered:
        await giving_back.refuse_held(disk)
    if out.as_json:
        out.record({"device": str(disk.node), "safe": True, "powered": powered, "held_by": []})
    else:
        why = f" (it could not be switched off: {powered})" if powered else ""
        out.line(f"{shown(str(disk.node))} can be pulled out{why}")


def _name(place: Path, disk: Disk, held: list[Holder], out: Output, *, ended: bool) -> None:
    for holder in held:
        out.trouble(str(place), f"{holder.hold.value}: {holder.what}")
    if out.as_json:
        named = [
            {"kind": holder.hold.name.lower(), "name": holder.what, "process": holder.process}
            for holder in held
        ]
        out.record({"device": str(disk.node), "safe": False, "powered": "", "held_by": named})
    elif not ended and all(holder.hold in ENDABLE for holder in held):
        out.line("Nothing was done. With --end they are ended, and the stick is ejected.")
