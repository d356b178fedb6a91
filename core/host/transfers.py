"""Copying out of a stick: one job takes entries of a volume into a folder of the host.

Round trips, not bytes, make many small files slow, so files are copied in batches: while the worker reads
one batch, a thread gives the last one its names and opens the next. The event loop never touches the host's
files itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import structs

from core.entry import Entry
from core.errors import DeviceGone, HostWriteFailed, NotFound, RumpusError
from core.host import names
from core.host.accounts import Account, Doing, account
from core.host.checking import Pair
from core.host.comeback import Comeback
from core.host.jobs import Fate, Job, Problem, Progress, Tracked, TransferState
from core.host.landing import Conflict
from core.host.planning import Listed, Plan, PlannedFile, PlannedFolder, Planner, Step
from core.host.preflight import Taken
from core.host.unloading import TINY, Arrival, Flight, Manner, Unloading
from core.host.volume import Volume
from core.worker.protocol import GATHERED, MAX_GATHERED, TOGETHER

__all__ = ["Arrival", "Conflict", "CopyOut", "Problem", "Progress", "TransferState"]

_BATCH_FILES = TOGETHER
"""A worker has 64 descriptors and lets a batch be cancelled while the next one begins."""
_BATCH_STEPS = 64
"""Where not all of them are tiny: those wait for the others to get their names."""
_SMALL = 256 * 1024
"""Bytes of a file up to which it is copied together with others."""
_AT_ONCE = 3
"""Batches under way: one is read, two are written, since the kernel takes its time to make a file."""
_BATCH_BYTES = 8 * 1024 * 1024

Consult = Callable[[Sequence[tuple[Step, Taken]]], Awaitable[Mapping[Step, Conflict]]]
"""Asks whoever wanted the copy what is to become of each; REPLACE of a folder joins the one that is here, and
what it says nothing of goes the job's own way. Raises Cancelled when they want it no more."""


class CopyOut(Job):
    """`folder` must exist. `name` is what a single entry shall be called there, instead of its own name.
    Of a volume's root, only what is in it is copied. `preserve`: times, and whether it may be written to.
    `flush`: the job ends when everything is on the host's disk, not in its memory. `arrived` hears of every
    file that landed. `listed`: what lies in a folder, when not all that the volume has there is wanted.
    `plan`: what to copy, when that is known already. `consult` is asked before the first byte about what is
    here already; without it `conflict` stands for all.
    """

    def __init__(
        self,
        volume: Volume,
        entries: Sequence[Entry],
        folder: Path,
        *,
        conflict: Conflict = Conflict.KEEP_BOTH,
        recursive: bool = True,
        preserve: bool = True,
        flush: bool = True,
        name: str = "",
        arrived: Callable[[Arrival], None] = lambda _: None,
        listed: Listed | None = None,
        comeback: Comeback | None = None,
        plan: Plan | None = None,
        consult: Consult | None = None,
    ) -> None:
        super().__init__()
        self.uses = volume.uses
        self.comeback = comeback
        self.folder = folder
        self._volume = volume
        self._entries = tuple(entries)
        self._recursive = recursive
        self._listed = listed
        self._flush = flush
        self._consult = consult
        self._passed_over: list[PlannedFile] = []
        """What is in folders that were to be skipped."""
        self._arrived = arrived
        self._planned = plan is not None
        self._plan = plan or Plan()
        self._manner = Manner(conflict, preserve, volume.facts.zone, name)
        self._unloading = Unloading(folder, self._manner, self._trouble, lambda: self._volume.ended.done())
        self._landed: dict[PlannedFile, Arrival] = {}
        """The files that arrived whole."""
        self._flying: set[Step] = set()
        self._tracked: list[PlannedFile] | None = None
        self._medium = asyncio.Lock()
        """One batch at a time is read, so that a stick is read in order."""

    @property
    def landed(self) -> list[Path]:
        """What was asked for, as it is now on the host, in order of arrival."""
        return self._unloading.landed

    def safe(self) -> list[str]:
        return [names.shown(step.path) for step in self._files() if step.arrived]

    def missing(self) -> list[str]:
        return [names.shown(step.path) for step in self._files() if not step.arrived]

    def account(self) -> Account:
        files = (step for step in self._files() if not step.passed)
        current = self.progress.current
        return account(Doing.COPYING_OUT, current, files, lambda step: step.arrived, lambda step: step.path)

    @property
    def volume(self) -> Volume:
        """Where it is now: another one once its stick was put back."""
        return self._volume

    @property
    def leftover(self) -> int:
        return sum(not (step.arrived or step.passed) for step in self._files())

    def pairs(self) -> list[Pair]:
        """The files that arrived whole, on both sides."""
        return [Pair(each.path, each.entry, each.target, each.step) for each in self._landed.values()]

    def files(self) -> Sequence[PlannedFile]:
        if self._tracked is None or len(self._tracked) != self._plan.files + len(self._passed_over):
            self._tracked = [*self._files(), *self._passed_over]
        return self._tracked

    def fate(self, file: Tracked) -> Fate:
        assert isinstance(file, PlannedFile)
        if file in self._errors:
            return Fate.FAILED
        if file.arrived or file.passed:
            return Fate.ARRIVED if file.arrived else Fate.SKIPPED
        if file.over:
            return Fate.FAILED
        return Fate.UNDER_WAY if file in self._flying else Fate.WAITING

    def again(self, volume: Volume | None = None) -> CopyOut | None:
        """Another job, for the files that did not arrive; for all when it is not known yet which those are.

        None when there are none. `volume`: the same one where it has been opened anew.
        """
        plan = self._plan.rest() if self._planned else None
        if plan is not None and not plan.files:
            return None
        return CopyOut(
            volume or self._volume,
            self._entries,
            self.folder,
            conflict=self._manner.conflict,
            recursive=self._recursive,
            preserve=self._manner.preserve,
            flush=self._flush,
            name=self._manner.name,
            arrived=self._arrived,
            listed=self._listed,
            comeback=self.comeback,
            plan=plan,
        )

    def _files(self) -> Iterator[PlannedFile]:
        return (step for step in self._plan.steps if isinstance(step, PlannedFile))

    # the job ------------------------------------------------------------------------------------------------

    async def _copy(self) -> None:
        try:
            await self._at_host(self._unloading.open)
            if self._volume.ended.done():
                await self._wait(DeviceGone())
            if not self._planned:
                await self._make_plan()
                await self._ask_about_taken()
            await self._at_host(self._unloading.prepare, self._plan)
            self.state = TransferState.RUNNING
            self._grown()
            while not await self._take_all():
                pass
            if self._flush:  # may take minutes and changes nothing, so a cancelled job does not wait for it
                self._flushes()
                await asyncio.get_running_loop().run_in_executor(None, self._unloading.flush)
        finally:
            await self._at_host(self._unloading.clean)

    async def _make_plan(self) -> None:
        planner = Planner(
            self._volume, self._trouble, self._grown, recursive=self._recursive, listed=self._listed
        )
        self._plan = planner.plan
        await planner.walk(self._entries)
        self._planned = True

    async def _ask_about_taken(self) -> None:
        """Raises Cancelled."""
        if self._consult is None:
            return
        taken = await self._at_host(self._unloading.taken, self._plan)
        if not taken:
            return
        ways = await self._consult(taken)
        for step, way in ways.items():
            step.conflict = way
        skipped = {
            step for step, way in ways.items() if way is Conflict.SKIP and isinstance(step, PlannedFolder)
        }
        if skipped:
            self._passed_over = self._plan.leave_out(skipped)
        joined = {step for step, way in ways.items() if way is Conflict.REPLACE}
        for step in self._plan.steps:  # what lies in a folder that is joined joins what is there too
            if isinstance(step, PlannedFolder) and step.above in joined:
                step.conflict = Conflict.REPLACE
                joined.add(step)

    async def _take_all(self) -> bool:
        """Whether that went to its end, and the stick was not pulled out and put back meanwhile."""
        batches = _batches([step for step in self._plan.steps if not step.over])
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(_AT_ONCE):
                    group.create_task(self._take(batches))
        except ExceptionGroup as several:
            error = several.exceptions[0]
            if not isinstance(error, RumpusError):
                raise error from None
            await self._wait(error)
            return False
        finally:
            self._hear()  # of what still landed when this was broken off
        return True

    async def _wait(self, error: RumpusError) -> None:
        """Until the stick is back. Raises the error when it is no matter of that."""
        await self._at_host(self._unloading.drop)
        self._recount()
        self._volume = await self._back(error)
        self._recount()

    def _recount(self) -> None:
        """What is over, and nothing of what was under way."""
        over = [step for step in self._files() if step.over]
        done = sum(step.entry.size for step in over)
        self._flying.clear()
        self.progress = structs.replace(self.progress, files_done=len(over), bytes_done=done)
        self._changed()

    async def _take(self, batches: Iterator[list[Step]]) -> None:
        for batch in batches:
            await self._turn()
            left = await self._at_host(self._unloading.begin, batch)
            self._count_others(batch, left)
            if not left:
                continue
            async with self._medium:
                self._flying.update(flight.step for flight in left)
                if self.has_returned:
                    for flight in left:
                        await self._see_whether_there(flight)
                read, left = await self._read(left)
                while left:  # it takes long: what has come is not to wait for the rest
                    await self._settle(read)
                    await self._turn()
                    read, left = await self._read(left)
            await self._settle(read)

    def _count_others(self, batch: list[Step], flights: list[Flight]) -> None:
        """Those of a batch that need not come are done."""
        files = sum(isinstance(step, PlannedFile) for step in batch) - len(flights)
        size = sum(step.size for step in batch) - sum(flight.step.size for flight in flights)
        self._count(files=files, bytes=size, current=batch[-1].path)

    async def _settle(self, flights: list[Flight]) -> None:
        fatal = await self._at_host(self._unloading.settle, flights)
        self._flying.difference_update(flight.step for flight in flights)
        self._hear()
        if fatal is not None:
            raise fatal
        self._count(files=len(flights), bytes=sum(flight.step.size - flight.moved for flight in flights))

    def _hear(self) -> None:
        """Takes note of what landed."""
        arrivals = self._unloading.arrivals
        while arrivals:
            arrival = arrivals.popleft()
            if not arrival.lost:
                self._landed[arrival.step] = arrival
            self._arrived(arrival)

    async def _read(self, flights: list[Flight]) -> tuple[list[Flight], list[Flight]]:
        """Has them read, tiny ones at once. Returns those that were, and those left where it takes long."""
        tiny = [flight for flight in flights if flight.unfinished is None and flight.error is None]
        read, left = flights, []
        if tiny and (count := await self._gather(tiny)) < len(tiny):
            read = tiny[:count]
            done = set(read)
            left = [flight for flight in flights if flight not in done]
        alone = [flight for flight in read if flight.content is None and flight.error is None]
        for first in range(0, len(alone), TOGETHER):  # a worker takes on only so many at a time
            await self._fly_all(alone[first : first + TOGETHER])
        return read, left

    async def _gather(self, tiny: list[Flight]) -> int:
        """Fetches tiny files at once. Returns of how many it is known now whether they come so."""
        files = [(flight.step.entry.node, flight.step.entry.size) for flight in tiny]
        try:
            contents = await self._volume.gather(files)
        except RumpusError as error:
            if isinstance(error, DeviceGone) or self._volume.ended.done():
                for flight in tiny:
                    flight.error = error
            return len(tiny)
        for flight, content in zip(tiny, contents, strict=False):
            flight.content = content
        return len(contents)

    async def _fly_all(self, flights: list[Flight]) -> None:
        if any(flight.unfinished is None for flight in flights):
            await self._at_host(self._unloading.open_all, flights)
        ready = [flight for flight in flights if flight.error is None]
        await asyncio.gather(*map(self._fly, await self._fly_together(ready)))

    async def _fly_together(self, flights: list[Flight]) -> list[Flight]:
        """Copies the small files of a batch at once. Returns the others, and what did not arrive whole."""
        small = [flight for flight in flights if flight.step.entry.size <= _SMALL]
        if len(small) < 2:
            return flights
        try:
            files = [(flight.step.entry.node, flight.open.descriptor) for flight in small]
            whole = await self._volume.copy_all(files)
        except RumpusError:
            return flights  # each tells why
        landed = {id(flight) for flight, done in zip(small, whole, strict=True) if done}
        return [flight for flight in flights if id(flight) not in landed]

    async def _fly(self, flight: Flight) -> None:
        entry, unfinished = flight.step.entry, flight.open

        def moved(done: int) -> None:
            done = min(done, entry.size)
            self._count(bytes=done - flight.moved, current=flight.step.path)
            flight.moved = done

        try:
            copied = await self._volume.copy(entry.node, unfinished.descriptor, moved, self._turn)
            flight.lost = copied.lost
        except HostWriteFailed as error:
            flight.error = HostWriteFailed(str(unfinished.folder.path / unfinished.name), error.errno)
        except RumpusError as error:
            flight.error = error

    async def _see_whether_there(self, flight: Flight) -> None:
        """A stick that was somewhere else meanwhile may no longer have the file that was to be copied."""
        planned = flight.step.entry
        try:
            now = (await self._volume.stat(planned.node)).entry
        except RumpusError as error:
            flight.error = error
        else:
            if (now.kind, now.size, now.modified) != (planned.kind, planned.size, planned.modified):
                flight.error = NotFound(planned.name)

    def _grown(self) -> None:
        self.progress = structs.replace(self.progress, files=self._plan.files, bytes=self._plan.bytes)
        self._changed()


def _batches(steps: list[Step]) -> Iterator[list[Step]]:
    """Small files in company, a large one by itself, so that no other waits for it to get its name."""
    batch: list[Step] = []
    files = large = tiny = 0
    """Files with a descriptor, their bytes, and those of the others."""
    for step in steps:
        size = step.size
        if size <= TINY:
            tiny += size
        else:
            files, large = files + 1, large + size
        if batch and (
            tiny > MAX_GATHERED
            or files > _BATCH_FILES
            or large > _BATCH_BYTES
            or len(batch) >= (_BATCH_STEPS if files else GATHERED)
        ):
            yield batch
            batch = []
            files, large, tiny = (0, 0, size) if size <= TINY else (1, size, 0)
        batch.append(step)
    if batch:
        yield batch
