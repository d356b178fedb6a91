"""What is known of a copy onto a stick before its first byte: what does not fit, and what is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.entry import Entry, Kind
from core.errors import AlreadyExists, DeviceGone, NameNotAllowed, NoSpace, RumpusError, TooLarge
from core.host import names
from core.host.changes import Changes
from core.host.landing import Conflict
from core.host.loading import Step
from core.host.volume import Volume

_MOST_NAMES = 1000
AT_ONCE = 16
"""Files under way. A worker has 64 descriptors."""


@dataclass(frozen=True)
class Unfit:
    """What the volume cannot hold as it is: NameNotAllowed, TooLarge, or AlreadyExists where two of the same
    copy have one name for it."""

    path: str
    """As it was planned. Raw."""
    error: RumpusError
    instead: str = ""
    """The name that it can have, empty where another name would not help."""


@dataclass(frozen=True)
class Taken:
    """A file whose name is taken."""

    path: str
    size: int
    modified: int | None
    """Nanoseconds since 1970 UTC, of the new one."""
    there: Entry
    """What has the name; its time is in the volume's zone."""
    source: Path | Entry | None = None
    """The new one, on the host or on the stick that it comes from."""
    at: Path | None = None
    """Where `there` is, when that is on the host; its time is in UTC then."""


@dataclass(frozen=True)
class Preflight:
    files: int
    bytes: int
    needed: int
    """Bytes, in whole clusters, for everything that is not unfit."""
    free: int | None
    spared: int = 0
    """Bytes of it that are not needed when nothing is copied whose name is taken."""
    unfit: tuple[Unfit, ...] = ()
    taken: tuple[Taken, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether there is an answer with which it would fit."""
        return self.free is None or self.needed - self.spared <= self.free


@dataclass(frozen=True)
class Verdict:
    """What is to become of it all. What is unfit and gets no other name is left out."""

    rename: bool = False
    """Whether the unfit get the names that they can have."""
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    """By path of what is taken, where it is not the job's own way."""


Consult = Callable[[Preflight], Awaitable[Verdict]]
"""Asks whoever wanted the copy. Raises Cancelled when they want it no more."""


@dataclass
class Findings:
    """The steps behind a `Preflight`, so that a verdict can be carried out."""

    unfit: list[tuple[Step, Unfit]] = field(default_factory=list)
    taken: list[tuple[Step, Taken]] = field(default_factory=list)


async def examine(volume: Volume, changes: Changes, steps: Sequence[Step], parent: int) -> Findings:
    """Gives steps whose name cannot be the one that they could have, and tells of them."""
    findings = Findings()
    await _vet(changes, steps, findings)
    _compare(steps, findings)
    limit = volume.facts.largest_file
    for step in steps:
        if limit is not None and not step.folder and step.size > limit:
            findings.unfit.append((step, Unfit(step.path, TooLarge(step.size, limit))))
    unfit = {step for step, _ in findings.unfit}
    await _look(volume, [step for step in steps if step not in unfit or step.folder], parent, findings)
    return findings


def room(steps: Sequence[Step], unit: int) -> int:
    """Bytes that they take, in whole clusters of `unit` bytes."""
    return sum(unit if step.folder else _clusters(step.size, unit) for step in steps)


def replaced_room(pairs: Sequence[tuple[Step, Entry]], unit: int, at_once: int) -> int:
    """Bytes that files need which take the place of others: each old one stays until the new one is whole."""
    grown = sum(max(0, room([step], unit) - _clusters(old.size, unit)) for step, old in pairs)
    return grown + sum(sorted(room([step], unit) for step, _ in pairs)[-at_once:])


def _clusters(size: int, unit: int) -> int:
    unit = max(1, unit)
    return -(-size // unit) * unit


def folded(name: str) -> str:
    """Names that agree in this are one name for a system that does not tell capital letters from others."""
    return name.upper()


async def _vet(changes: Changes, steps: Sequence[Step], findings: Findings) -> None:
    asked = sorted({step.name for step in steps if _is_text(step.name)})
    reasons = dict(zip(asked, await changes.vet(asked), strict=True))
    wrong = [step for step in steps if reasons.get(step.name, "a character in it is not allowed")]
    if not wrong:
        return
    others = sorted({names.stick_name(step.name) for step in wrong})
    refused = dict(zip(others, await changes.vet(others), strict=True))
    for step in wrong:
        said = step.name.encode(errors="replace").decode()
        reason = reasons.get(step.name, "a character in it is not allowed")
        other = names.stick_name(step.name)
        path = step.path.encode(errors="replace").decode()
        findings.unfit.append(
            (step, Unfit(path, NameNotAllowed(said, reason), "" if refused[other] else other))
        )
    for step in wrong:
        if not refused[names.stick_name(step.name)]:
            step.name = names.stick_name(step.name)


def _compare(steps: Sequence[Step], findings: Findings) -> None:
    """Of files in one folder whose names are one for the volume, the later ones get a number."""
    seen: dict[tuple[Step | None, str], Step] = {}
    for step in steps:
        first = seen.setdefault((step.above, folded(step.name)), step)
        if first is step or (first.folder and step.folder and first.name == step.name):
            continue
        for number in range(2, _MOST_NAMES):
            name = names.marked(step.name, f" ({number})")
            if seen.setdefault((step.above, folded(name)), step) is step:
                findings.unfit.append((step, Unfit(step.path, AlreadyExists(step.name), name)))
                step.name = name
                break


async def _look(volume: Volume, steps: Sequence[Step], parent: int, findings: Findings) -> None:
    """Which names are taken. Each folder of the volume is listed once, and only one that is there."""
    there: dict[Step | None, dict[str, Entry]] = {None: await _names(volume, parent)}
    for step in steps:
        known = there.get(step.above)
        found = known.get(folded(step.name)) if known is not None else None
        if found is None:
            continue
        if step.folder and found.kind is Kind.DIRECTORY:
            there[step] = await _names(volume, found.node)
        elif not step.folder:
            taken = Taken(step.path, step.size, step.modified, found, step.source)
            findings.taken.append((step, taken))


async def _names(volume: Volume, node: int) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    try:
        async for batch in volume.entries(node):
            for entry in batch:
                found.setdefault(folded(entry.name), entry)
    except RumpusError as error:
        if isinstance(error, DeviceGone) or volume.ended.done():
            raise
        return found  # a damaged folder: what else is there is found out when a name is refused
    return found


def _is_text(name: str) -> bool:
    """Names of the host are bytes, and some are no text (PEP 383)."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_room(
    steps: Sequence[Step], findings: Findings, ways: Mapping[Step, Conflict], volume: Volume
) -> None:
    """`ways`: what is to become of each step whose name is taken. Raises NoSpace."""
    unit, free = volume.facts.block_size, volume.facts.free
    replaced = [
        (step, taken.there)
        for step, taken in findings.taken
        if ways[step] is Conflict.REPLACE and taken.there.kind is Kind.FILE
    ]
    apart = {step for step, _ in replaced} | {step for step in ways if ways[step] is Conflict.SKIP}
    needed = room([step for step in steps if step not in apart], unit)
    needed += replaced_room(replaced, unit, AT_ONCE)
    if free is not None and needed > free:
        raise NoSpace(needed, free)


def foresight(steps: Sequence[Step], findings: Findings, large: set[Step], volume: Volume) -> Preflight:
    """What a person is asked about. `large`: those that are too large for the volume."""
    facts = volume.facts
    files = [step for step in steps if not step.folder]
    return Preflight(
        len(files),
        sum(step.size for step in files),
        room([step for step in steps if step not in large], facts.block_size),
        facts.free,
        room([step for step, _ in findings.taken], facts.block_size),
        tuple(unfit for _, unfit in findings.unfit),
        tuple(taken for _, taken in findings.taken),
    )
