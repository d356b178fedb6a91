"""What a copy will do, found out before its first byte: every file and folder, counted and in order.

A stick may lead in circles and list one folder under many names. Each folder is therefore walked once, to a
bounded depth, and the whole plan is bounded too.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field

import msgspec

from core.entry import Entry, Kind
from core.errors import CorruptStructure, DeviceGone, RumpusError, UnsupportedFeature, WrongKind
from core.host.landing import Conflict
from core.host.volume import Volume

DEEPEST = 128
"""Folders within folders."""
MOST = 2_000_000
"""Files and folders that one copy takes on (some 300 MB of plan)."""

Listed = Callable[[int], AsyncGenerator[list[Entry], None]]


class _Planned(msgspec.Struct, eq=False, gc=False):
    """Thousands are made at once and refer in no circle: the collector of garbage need not look at them."""

    entry: Entry
    above: PlannedFolder | None
    """None for what goes directly into the target."""
    over: bool = False
    """Whether nothing more needs to be done to have it, or can be."""
    made: str = ""
    """The name that it has got on the host; a file perhaps with gaps in it."""
    conflict: Conflict | None = None
    """What is to become of it where its name is taken, if not what the job does with all."""

    @property
    def path(self) -> str:
        """Where it is on the stick, from the entry that was asked for. Raw."""
        parts = [self.entry.name]
        above = self.above
        while above is not None:
            parts.append(above.entry.name)
            above = above.above
        return "/".join(part for part in reversed(parts) if part) or "/"


class PlannedFolder(_Planned, eq=False, gc=False):
    """A folder to make."""

    @property
    def size(self) -> int:
        return 0


class PlannedFile(_Planned, eq=False, gc=False):
    arrived: bool = False
    """Whole."""
    passed: bool = False
    """Whether one of its name was there and was to stay."""

    @property
    def size(self) -> int:
        return self.entry.size


Step = PlannedFolder | PlannedFile


def top_of(step: Step) -> Step:
    """The entry that was asked for and brought this step into the plan."""
    while step.above is not None:
        step = step.above
    return step


def _is_settled(step: PlannedFile) -> bool:
    return step.arrived or step.passed


def _folders_above(step: Step) -> Iterator[PlannedFolder]:
    above = step.above
    while above is not None:
        yield above
        above = above.above


@dataclass(slots=True)
class Plan:
    """`steps` in the order to take them: a folder, its files, then the folders in it."""

    steps: list[Step] = field(default_factory=list)
    files: int = 0
    bytes: int = 0

    def add(self, step: Step) -> None:
        self.steps.append(step)
        if isinstance(step, PlannedFile):
            self.files += 1
            self.bytes += step.entry.size

    def leave_out(self, tops: Set[Step]) -> list[PlannedFile]:
        """Takes these out, with all that is in them. Returns the files, as passed over."""
        out: set[Step] = set()
        for step in self.steps:
            if step in tops or step.above in out:
                out.add(step)
        steps, self.steps = self.steps, []
        self.files = self.bytes = 0
        for step in steps:
            if step not in out:
                self.add(step)
        passed = [step for step in steps if step in out and isinstance(step, PlannedFile)]
        for step in passed:
            step.passed = step.over = True
        return passed

    def rest(self) -> Plan:
        """A plan for the files that have not arrived, into the folders that were made for them."""
        rest = Plan()
        folders: dict[PlannedFolder, PlannedFolder] = {}
        left = [step for step in self.steps if isinstance(step, PlannedFile) and not _is_settled(step)]
        needed = {above for step in left for above in _folders_above(step)}
        for step in self.steps:
            above = folders.get(step.above) if step.above is not None else None
            if isinstance(step, PlannedFolder) and step in needed:
                folders[step] = PlannedFolder(step.entry, above, made=step.made, conflict=step.conflict)
                rest.add(folders[step])
            elif isinstance(step, PlannedFile) and not _is_settled(step):
                rest.add(PlannedFile(step.entry, above, made=step.made, conflict=step.conflict))
        return rest


class Planner:
    """Walks the entries; `trouble` hears what is left out and why, `grown` is told now and then."""

    def __init__(
        self,
        volume: Volume,
        trouble: Callable[[str, RumpusError], None],
        grown: Callable[[], None],
        *,
        recursive: bool,
        listed: Listed | None = None,
    ) -> None:
        """`listed`: what lies in a folder, when not all that the volume has there is wanted."""
        self.plan = Plan()
        self._volume = volume
        self._listed = listed or volume.entries
        self._trouble = trouble
        self._grown = grown
        self._recursive = recursive
        self._seen: set[int] = set()
        self._taken = 0

    async def walk(self, entries: Sequence[Entry]) -> None:
        """Fills the plan. Raises only what ends the volume, and UnsupportedFeature beyond MOST."""
        for entry in entries:
            self._seen.clear()  # a folder may be asked for together with one above it
            waiting: list[tuple[PlannedFolder, int]] = []
            self._take(entry, None, 0, waiting)
            while waiting:
                folder, depth = waiting.pop()
                self.plan.add(folder)
                found: list[tuple[PlannedFolder, int]] = []
                await self._list(folder, depth, found)
                waiting += reversed(found)

    async def _list(
        self, folder: PlannedFolder, depth: int, waiting: list[tuple[PlannedFolder, int]]
    ) -> None:
        try:
            async for batch in self._listed(folder.entry.node):
                for entry in batch:
                    self._take(entry, folder, depth + 1, waiting)
                if self._taken > MOST:
                    raise UnsupportedFeature(f"a copy of more than {MOST} files")
                self._grown()
        except RumpusError as error:
            if isinstance(error, DeviceGone) or self._volume.ended.done() or self._taken > MOST:
                raise
            self._trouble(folder.path, error)

    def _take(
        self,
        entry: Entry,
        above: PlannedFolder | None,
        depth: int,
        waiting: list[tuple[PlannedFolder, int]],
    ) -> None:
        self._taken += 1
        if entry.kind is Kind.FILE and entry.problem is None:
            self.plan.add(PlannedFile(entry, above))
            return
        step = PlannedFolder(entry, above)
        error: RumpusError | None = None
        if entry.problem is not None:
            error = entry.problem.error()
        elif entry.kind is not Kind.DIRECTORY:
            error = WrongKind(entry.name, "file or directory")
        elif not self._recursive:
            error = WrongKind(entry.name, "file")
        elif entry.node in self._seen or depth > DEEPEST:
            error = CorruptStructure("directory", 0, "a folder in one place", "one that leads in a circle")
        if error is not None:
            self._trouble(step.path, error)
        else:
            self._seen.add(entry.node)
            waiting.append((step, depth))
