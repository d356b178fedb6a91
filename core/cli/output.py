"""What commands print: results on stdout, problems on stderr, both fit for people and for programs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

from core.cli import wording
from core.entry import Attribute, Entry, Kind, Zone
from core.errors import Fault, RumpusError
from core.host.names import shown

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
_LETTERS = {Kind.FILE: "-", Kind.DIRECTORY: "d", Kind.SYMLINK: "l", Kind.OTHER: "?"}


class Output:
    """Counts the problems that it prints, which decide the exit status."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.problems = 0
        self.status: int | None = None
        """The exit status, where it is not the number of problems that decides."""

    def line(self, text: str) -> None:
        print(text)

    def record(self, fields: dict[str, Any]) -> None:
        """One JSON object on one line. Keeps names as they are: JSON escapes what would move a cursor."""
        import json  # takes longer than most commands have to spare

        print(json.dumps(fields))

    def problem(self, where: str, error: RumpusError) -> None:
        self.trouble(where, wording.sentence(error))

    def trouble(self, where: str, sentence: str) -> None:
        self.problems += 1
        text = shown(where) + ": " if where else ""
        print(f"rumpus: {text}{sentence}", file=sys.stderr)

    def fault(self, where: str, fault: Fault) -> None:
        self.problem(where, fault.error())


def moment(nanoseconds: int | None, zone: Zone) -> str | None:
    """ISO 8601: with its zone where the volume has one, wall-clock time as it stands where it has none."""
    if nanoseconds is None:
        return None
    try:
        when = datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    when = when.replace(microsecond=nanoseconds // 1000 % 1_000_000)
    if zone is Zone.LOCAL:
        when = when.replace(tzinfo=None)
    return when.isoformat()


def date(nanoseconds: int | None, zone: Zone) -> str:
    """16 characters: the time as this user's clock shows it."""
    if nanoseconds is None:
        return "-".rjust(16)
    try:
        when = datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC)
        local = when if zone is Zone.LOCAL else when.astimezone()
    except (OverflowError, ValueError, OSError):
        return "?".rjust(16)
    return local.strftime("%Y-%m-%d %H:%M").rjust(16)


def human(size: int) -> str:
    """A size in decimal units, as sticks are sold."""
    amount = float(size)
    for unit in _UNITS:
        if amount < 999.5 or unit == _UNITS[-1]:
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 99.5 else f"{amount:.1f} {unit}"


def attributes(entry: Entry) -> str:
    """`drhsa`: kind, read-only, hidden, system, archive; POSIX bits where the system keeps them."""
    letter = _LETTERS[entry.kind]
    if entry.mode is not None:
        bits = "".join(
            name if entry.mode >> (8 - place) & 1 else "-" for place, name in enumerate("rwxrwxrwx")
        )
        return letter + bits
    flags = (
        (Attribute.READ_ONLY, "r"),
        (Attribute.HIDDEN, "h"),
        (Attribute.SYSTEM, "s"),
        (Attribute.ARCHIVE, "a"),
    )
    return letter + "".join(name if entry.attributes & flag else "-" for flag, name in flags)


def fields(path: str, entry: Entry, zone: Zone) -> dict[str, Any]:
    """An entry for programs."""
    problem = entry.problem
    return {
        "path": path,
        "name": entry.name,
        "kind": entry.kind.name.lower(),
        "size": entry.size,
        "modified": moment(entry.modified, zone),
        "attributes": [str(flag.name).lower() for flag in Attribute if entry.attributes & flag],
        "mode": None if entry.mode is None else f"{entry.mode:04o}",
        "problem": None if problem is None else {"kind": problem.kind, **problem.values},
    }
