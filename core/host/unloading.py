"""The host's side of a copy: takes a plan step by step into a target, and knows what arrived.

Plain functions that may block; one thread at a time calls them. What is not taken is said to `trouble`; what
would go wrong for every further step is raised.
"""

from __future__ import annotations

import errno
import stat
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from core.entry import Attribute, Entry, Kind, Zone
from core.errors import CorruptStructure, DeviceGone, HostWriteFailed, MediumError, RumpusError
from core.host import names
from core.host.clocks import host_time
from core.host.landing import Conflict, Folder, Unfinished
from core.host.planning import Plan, PlannedFile, PlannedFolder, Step, top_of
from core.host.preflight import Taken
from core.worker.protocol import Lost

_USELESS_TARGET = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE}
)
"""What fails for one file and would fail for all of them."""
TINY = 16 * 1024
"""Bytes of a file up to which it comes through a message, many in one."""


class Arrival(msgspec.Struct, eq=False, gc=False):
    """A file that landed. Paths are put together only where somebody looks at them: there are thousands."""

    step: PlannedFile
    folder: Path
    name: str
    """In that folder of the host."""
    lost: int = 0
    """Bytes of it that could not be read and are holes."""

    @property
    def path(self) -> str:
        """On the stick. Raw."""
        return self.step.path

    @property
    def target(self) -> Path:
        return self.folder / self.name

    @property
    def entry(self) -> Entry:
        return self.step.entry


@dataclass(frozen=True)
class Manner:
    """How things are to land; see `CopyOut`."""

    conflict: Conflict
    preserve: bool
    zone: Zone
    name: str = ""


class Flight(msgspec.Struct, eq=False):
    """A file under way: the worker writes to `unfinished`, whoever waits for it fills in the rest.

    A tiny one comes as `content` instead, and has no file before `Unloading.settle`.
    """

    step: PlannedFile
    folder: Folder
    name: str
    """Which the host's file is to have."""
    unfinished: Unfinished | None = None
    content: bytes | None = None
    moved: int = 0
    lost: Sequence[Lost] = ()
    error: RumpusError | None = None

    @property
    def open(self) -> Unfinished:
        """The file of one that is no tiny one."""
        assert self.unfinished is not None
        return self.unfinished


@dataclass(eq=False)
class _Place:
    """Where a planned folder is; `folder` is None until it is made, and when it could not be made."""

    folder: Folder | None
    left: int
    """Steps that still go into it."""


class Unloading:
    """Owns the open folders and unfinished files of one job: `clean` removes and closes them."""

    def __init__(
        self,
        target: Path,
        manner: Manner,
        trouble: Callable[[str, RumpusError, Step], None],
        ended: Callable[[], bool],
    ) -> None:
        self.landed: list[Path] = []
        """What was asked for, as it is on the host."""
        self.arrivals: deque[Arrival] = deque()
        """Files that landed and that nobody has taken out of here yet."""
        self._path = target
        self._manner = manner
        self._trouble = trouble
        self._ended = ended
        """Whether the volume is gone."""
        self._places: dict[PlannedFolder | None, _Place] = {}
        self._unfinished: set[Unfinished] = set()

    def open(self) -> None:
        """Opens the target. Raises HostWriteFailed when there is none, or nothing can be created in it."""
        target = Folder.open(self._path)
        self._places[None] = _Place(target, 0)
        target.check_writable()

    @property
    def _target(self) -> Folder:
        target = self._places[None].folder
        assert target is not None
        return target

    def taken(self, plan: Plan) -> list[tuple[Step, Taken]]:
        """What of a plan is here already: of what was asked for anything, and files in folders that would be
        joined. Links lead nowhere."""
        here: dict[Step | None, Path | None] = {None: self._path}
        found = []
        for step in plan.steps:
            above = here.get(step.above)
            if is_root(step):
                here[step] = above
                continue
            path = above / self._host_name(step) if above is not None else None
            there = _there(path) if path is not None else None
            if path is None or there is None:
                continue
            joined = isinstance(step, PlannedFolder) and there.kind is Kind.DIRECTORY
            if joined:
                here[step] = path
            if not joined or _is_asked_for(step):
                entry = step.entry
                when = host_time(entry.modified, self._manner.zone)
                found.append((step, Taken(step.path, step.size, when, there, entry, path)))
        return found

    def prepare(self, plan: Plan) -> None:
        """Raises HostWriteFailed when there is not enough room.

        What would replace something or be skipped needs room that cannot be told, so it is not counted.
        """
        inside = Counter(step.above for step in plan.steps)
        counted = {}
        needed = 0
        for step in plan.steps:
            if isinstance(step, PlannedFolder):
                self._places[step] = _Place(None, inside[step])
            if step.above is None:
                keep_both = self._manner.conflict is Conflict.KEEP_BOTH
                counted[step] = keep_both or self._target.stranger(self._host_name(step)) is None
            if isinstance(step, PlannedFile) and counted[top_of(step)]:
                needed += step.entry.size
        if needed > self._target.free():
            raise HostWriteFailed(str(self._target.path), errno.ENOSPC)

    def begin(self, batch: list[Step]) -> list[Flight]:
        """Makes the folders of a batch and opens its files."""
        flights = []
        for step in batch:
            if step.over:
                continue
            above = self._places[step.above].folder
            if isinstance(step, PlannedFolder):
                self._enter(step, above)
            elif (flight := self._start(step, above)) is not None:
                flights.append(flight)
            else:
                self._leave(step)
        return flights

    def open_all(self, flights: list[Flight]) -> None:
        """Makes the files of tiny ones that are to come alone. What goes wrong is then their error."""
        for flight in flights:
            try:
                if flight.unfinished is None:
                    self._open(flight)
            except HostWriteFailed as error:
                flight.error = error

    def settle(self, flights: list[Flight]) -> RumpusError | None:
        """Gives files their names, or removes them; makes and writes tiny ones, all in one go.

        Returns why nothing more can arrive, if that is so.
        """
        fatal = None
        for flight in flights:
            step = flight.step
            try:
                name = self._finish(flight) if flight.content is None else self._place(flight, flight.content)
            except RumpusError as error:
                self._close(flight)
                if self._ends_all(error):
                    fatal = fatal or error
                    continue  # it is still to come
                self._trouble(step.path, error, step)
            else:
                self._close(flight)
                step.passed = name is None
                if name is not None:
                    step.made = name
                    step.arrived = not flight.lost
                    lost = sum(piece.length for piece in flight.lost)
                    arrival = Arrival(step, flight.folder.path, name, lost)
                    self.arrivals.append(arrival)
                    if _is_asked_for(step):
                        self.landed.append(arrival.target)
            self._leave(step)
        return fatal

    def flush(self) -> None:
        """Waits until what landed is on the host's disk. Raises HostWriteFailed."""
        self._target.flush()

    def drop(self) -> None:
        """Removes what is unfinished, since it begins anew."""
        for unfinished in self._unfinished:
            unfinished.discard()
        self._unfinished.clear()

    def clean(self) -> None:
        self.drop()
        for place in self._places.values():
            if place.folder is not None:
                place.folder.close()
        self._places.clear()

    def _start(self, step: PlannedFile, above: Folder | None) -> Flight | None:
        if above is None:  # it could not be made, which has been said
            return None
        flight = Flight(step, above, self._host_name(step))
        try:
            if above.lets(flight.name, self._conflict(step)):
                if step.entry.size > TINY:
                    self._open(flight)
                return flight
        except HostWriteFailed as error:
            self._refused(step, error)
            return None
        step.passed = True
        return None

    def _open(self, flight: Flight) -> None:
        unfinished = flight.unfinished = flight.folder.begin(flight.name)
        self._unfinished.add(unfinished)

    def _close(self, flight: Flight) -> None:
        if flight.unfinished is not None:
            flight.unfinished.discard()
            self._unfinished.discard(flight.unfinished)

    def _enter(self, step: PlannedFolder, above: Folder | None) -> None:
        place = self._places[step]
        step.over = True
        if is_root(step):
            place.folder = above
        elif above is not None:
            try:
                place.folder = above.folder(self._host_name(step), self._conflict(step))
            except HostWriteFailed as error:
                self._refused(step, error)
            else:
                step.made = place.folder.path.name
                if _is_asked_for(step):
                    self.landed.append(place.folder.path)
        if place.left == 0:
            self._leave_folder(step)

    def _place(self, flight: Flight, content: bytes) -> str | None:
        """As `_finish`, for one whose bytes have come, all of them."""
        step = flight.step
        return flight.folder.place(
            flight.name,
            content,
            self._conflict(step),
            modified=self._time_of(step.entry),
            read_only=self._manner.preserve and _is_read_only(step.entry),
        )

    def _finish(self, flight: Flight) -> str | None:
        """The name that it has now, None when one of that name was to stay. Raises why it cannot be there."""
        if flight.error is not None:
            raise flight.error
        step, entry = flight.step, flight.step.entry
        modified = self._time_of(entry)
        read_only = self._manner.preserve and _is_read_only(entry)
        unfinished = flight.open
        lost = [_whole(piece) for piece in flight.lost]
        if lost and (step.made or sum(piece.length for piece in flight.lost) >= entry.size):
            # Nothing of it could be read, and zeros would look like a file; or what could is there already.
            raise lost[0]
        if (size := unfinished.size()) != entry.size:
            raise CorruptStructure("file", 0, f"{entry.size} bytes", f"{size} bytes")
        name = unfinished.finish(self._conflict(step), modified=modified, read_only=read_only)
        for error in lost:
            self._trouble(step.path, error, step)
        return name

    def _leave(self, step: Step) -> None:
        """A step is over; so is its folder if it was the last one there."""
        step.over = True
        if step.above is not None:
            place = self._places[step.above]
            place.left -= 1
            if place.left == 0:
                self._leave_folder(step.above)

    def _leave_folder(self, step: PlannedFolder) -> None:
        folder = self._places.pop(step).folder
        if folder is not None and not is_root(step):
            folder.close(self._time_of(step.entry))
        self._leave(step)

    def _refused(self, step: Step, error: HostWriteFailed) -> None:
        """The host would not take one thing. Raises the error again when it will not take others either."""
        if self._ends_all(error):
            raise error
        self._trouble(step.path, error, step)

    def _ends_all(self, error: RumpusError) -> bool:
        if isinstance(error, HostWriteFailed):
            return error.errno in _USELESS_TARGET
        return isinstance(error, DeviceGone) or self._ended()

    def _conflict(self, step: Step) -> Conflict:
        """What was made before is joined, or replaced by what is better."""
        return Conflict.REPLACE if step.made else step.conflict or self._manner.conflict

    def _host_name(self, step: Step) -> str:
        if step.made:
            return step.made
        if self._manner.name and step.above is None:
            return self._manner.name
        return names.host_name(step.entry.name)

    def _time_of(self, entry: Entry) -> int | None:
        return host_time(entry.modified, self._manner.zone) if self._manner.preserve else None


def _there(path: Path) -> Entry | None:
    """What has a name here, as an entry with a time in UTC."""
    try:
        found = path.lstat()
    except OSError:
        return None
    kind = Kind.OTHER
    if stat.S_ISDIR(found.st_mode):
        kind = Kind.DIRECTORY
    elif stat.S_ISREG(found.st_mode):
        kind = Kind.FILE
    name = path.name.encode(errors="replace").decode()
    return Entry(name, 0, kind, found.st_size, found.st_mtime_ns)


def is_root(step: Step) -> bool:
    """Whether it is a volume's root, of which only what is in it is copied."""
    return step.above is None and isinstance(step, PlannedFolder) and not step.entry.name


def _is_asked_for(step: Step) -> bool:
    return step.above is None or is_root(step.above)


def _is_read_only(entry: Entry) -> bool:
    if entry.mode is not None:
        return not entry.mode & 0o200
    return bool(entry.attributes & Attribute.READ_ONLY)


def _whole(piece: Lost) -> RumpusError:
    """Why a piece is missing. What a bad sector cost is the whole piece, and not the sector alone."""
    error = piece.fault.error()
    return MediumError(error.offset, piece.length) if isinstance(error, MediumError) else error
