"""`rumpus info`: what is known of a stick, a volume or a file."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from core.cli import output, source
from core.cli.output import Output, human
from core.cli.source import NotOpened, Source
from core.entry import Details, PartitionFacts, Survey, VolumeFacts
from core.errors import RumpusError
from core.host.names import shown
from core.host.supervisor import Supervisor

HELP = "what is known of a stick, its partitions, or one file"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    found = source.parse(arguments.source)
    if found.path:
        async with source.volume_of(supervisor, found, arguments.choice) as volume:
            try:
                details = await volume.stat((await volume.resolve(found.path)).node)
            except RumpusError as error:
                out.problem(f"{found.name}:{found.path}", error)
            else:
                _say_file(found, details, volume.facts, out)
        return
    async with source.medium_of(found) as medium:
        try:
            survey = await supervisor.survey(medium)
        except RumpusError as error:
            raise NotOpened(found.name, error) from error
        chosen = [part for part in survey.partitions if found.partition in (None, part.number)]
        if not chosen and found.partition is not None:  # beside a file system that takes the whole device
            chosen = [PartitionFacts(number=found.partition, offset=0, size=0)]
        _say_survey(found, survey, out)
        for partition in chosen:
            where = f"{found.device}@{partition.number}" if partition.number else str(found.device)
            if partition.problem is not None:
                out.fault(where, partition.problem)
                continue
            choice = arguments.choice
            try:
                async with await supervisor.open(
                    medium, partition.number, choice.driver, choice.code_page
                ) as volume:
                    _say_volume(where, volume.facts, partition.drivers, out)
            except RumpusError as error:
                if len(chosen) == 1:
                    raise NotOpened(where, error) from error
                out.problem(where, error)


def _say_survey(found: Source, survey: Survey, out: Output) -> None:
    for fault in survey.warnings:
        out.fault(str(found.device), fault)
    if out.as_json:
        out.record({"device": str(found.device), **_plain(survey)})
        return
    table = {"mbr": "MBR", "gpt": "GPT", "apm": "Apple partition map"}.get(
        survey.table, "none, the file system takes all of it"
    )
    _table(
        out,
        ("Device", shown(str(found.device))),
        ("Size", f"{human(survey.size)} ({survey.size} bytes, sectors of {survey.sector_size})"),
        ("Partition table", table),
    )
    for part in survey.partitions:
        if part.number:
            holds = part.system or "nothing that was recognised"
            name = f" “{shown(part.label or part.name)}”" if part.label or part.name else ""
            out.line(f"  {part.number}: {human(part.size)}, {shown(part.type)}, holds {holds}{name}")


def _say_volume(where: str, facts: VolumeFacts, drivers: list[str], out: Output) -> None:
    """`drivers` are those that recognise it."""
    others = ", ".join(f"--driver {shown(name)}" for name in drivers if name != facts.driver)
    if out.as_json:
        out.record({"volume": where, **_plain(facts)})
    else:
        out.line("")
        _table(
            out,
            ("Volume", shown(where)),
            ("File system", facts.system),
            ("Driver", shown(facts.driver) + (f" (or {others})" if others else "")),
            ("Label", shown(facts.label) or "none"),
            ("Serial number", shown(facts.uuid) or "none"),
            ("Size", human(facts.size)),
            ("Free", "not known" if facts.free is None else human(facts.free)),
            ("Cluster size", f"{facts.block_size} bytes"),
            ("State", "was not unmounted cleanly" if facts.dirty else "clean"),
            *((shown(label), shown(value) or "none") for label, value in facts.facts),
            ("Limits", shown(facts.limits) or "none"),
        )
    for fault in facts.warnings:
        out.fault(where, fault)


def _say_file(found: Source, details: Details, volume: VolumeFacts, out: Output) -> None:
    entry, zone = details.entry, volume.zone
    times = {
        "modified": entry.modified,
        "created": details.created,
        "accessed": details.accessed,
        "changed": details.changed,
    }
    if out.as_json:
        known = {name: output.moment(time, zone) for name, time in times.items()}
        more = {"allocated": details.allocated, "facts": dict(details.facts)}
        out.record({**output.fields(found.path, entry, zone), **known, **more})
    else:
        _table(
            out,
            ("Name", shown(entry.name) or "/"),
            ("Kind", entry.kind.name.lower()),
            ("Size", f"{human(entry.size)} ({entry.size} bytes)"),
            ("Attributes", output.attributes(entry)),
            *((name.capitalize(), output.moment(time, zone) or "") for name, time in times.items() if time),
            *((shown(label), shown(value)) for label, value in details.facts),
        )
    if entry.problem is not None:
        out.fault(f"{found.name}:{found.path}", entry.problem)


def _table(out: Output, *rows: tuple[str, str]) -> None:
    width = max(len(label) for label, _ in rows) + 2
    for label, value in rows:
        out.line(f"{label + ':':<{width}} {value}")


def _plain(value: Survey | VolumeFacts) -> dict[str, Any]:
    return dict(msgspec.to_builtins(value))
