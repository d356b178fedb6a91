"""Copying onto a stick: one job takes files and folders of the host into a folder of a volume.

Progress counts what the medium has: at the end of the job the stick can be pulled out.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec import structs

from core.entry import Attribute, Entry, Kind
from core.errors import (
    AlreadyExists,
    DeviceGone,
    HostReadFailed,
    NoSpace,
    NotWritten,
    ReadOnly,
    RumpusError,
    TooLarge,
    WrongKind,
)
from core.host import names, verifying
from core.host.accounts import Account, Doing, account
from core.host.changes import Changes
from core.host.checking import Pair
from core.host.clocks import volume_time
from core.host.comeback import Comeback
from core.host.jobs import Fate, Job, Tracked, TransferState
from core.host.landing import Conflict
from core.host.loading import Origin, Step, in_batches, names_to_try, read_at, rest
from core.host.preflight import AT_ONCE, Consult, Unfit, Verdict, check_room, examine, foresight
from core.host.settling import Settling
from core.host.volume import Volume
from core.worker.protocol import NewFile

_BATCHES = 2
"""Besides, so many batches of small files: one is opened while the other is stored."""


class CopyIn(Job):
    """`parent` is a folder of the volume. `preserve`: times and attributes. `arrived` hears of every file and
    new folder that the volume has, if not yet the medium. `consult` is asked before the first byte when
    something does not fit or is there already; without it `conflict` stands for all, and what is unfit is
    left out and told of. `steps`: what is to go, when that is known already.
    """

    def __init__(
        self,
        volume: Volume,
        changes: Changes,
        origin: Origin,
        parent: int,
        *,
        conflict: Conflict = Conflict.KEEP_BOTH,
        preserve: bool = True,
        arrived: Callable[[Step, Entry], None] = lambda step, entry: None,
        consult: Consult | None = None,
        comeback: Comeback | None = None,
        steps: Sequence[Step] | None = None,
    ) -> None:
        super().__init__()
        self.comeback = comeback
        self.uses = volume.uses
        self._volume = volume
        self._changes = changes
        self._origin = origin
        origin.turn = self._turn
        self._parent = parent
        self._conflict = conflict
        self._preserve = preserve
        self._arrived = arrived
        self._consult = consult
        self._planned = steps is not None
        self._steps = list(steps or ())
        self._settling = Settling(changes, self._count, self._trouble)
        self._together = asyncio.Semaphore(_BATCHES)
        self._left_out: list[Step] = []
        """What does not fit, with all that would have been in it."""
        self._tracked: list[Step] | None = None

    def safe(self) -> list[str]:
        return [names.shown(step.path) for step in self._files() if self._settling.has(step)]

    def missing(self) -> list[str]:
        return [names.shown(step.path) for step in self._files() if not self._settling.has(step)]

    def account(self) -> Account:
        files = (step for step in self._files() if not step.passed)
        current = self.progress.current
        return account(Doing.COPYING_IN, current, files, self._settling.has, lambda step: step.path)

    def whole(self) -> list[Step]:
        """What was asked for and is on the medium with all that is in it, once the job is DONE.

        Nothing of it when there were any problems: then nobody can tell what is missing where.
        """
        if self.state is not TransferState.DONE or self.problems:
            return []
        lacking = {step.top for step in self._steps if step.folder and step.node is None}
        lacking |= {step.top for step in self._files() if not self._settling.has(step)}
        return [step for step in self._steps if step.above is None and step not in lacking]

    def _files(self) -> Iterator[Step]:
        return (step for step in self._steps if not step.folder)

    @property
    def volume(self) -> Volume:
        """Where it is now: another one once its stick was put back."""
        return self._volume

    def files(self) -> Sequence[Step]:
        if self._tracked is None or self.state is TransferState.PLANNING:
            self._tracked = [step for step in (*self._left_out, *self._steps) if not step.folder]
        return self._tracked

    def fate(self, file: Tracked) -> Fate:
        assert isinstance(file, Step)
        if file in self._errors:
            return Fate.FAILED
        if file.passed or self._settling.has(file):
            return Fate.SKIPPED if file.passed else Fate.ARRIVED
        if file.over:
            return Fate.FAILED
        return Fate.UNDER_WAY if self._settling.is_under_way(file) else Fate.WAITING

    @property
    def leftover(self) -> int:
        return sum(not (step.passed or self._settling.has(step)) for step in self._files())

    def again(
        self,
        volume: Volume,
        changes: Changes,
        arrived: Callable[[Step, Entry], None],
        consult: Consult | None,
    ) -> CopyIn | None:
        """Another job, for the files that did not arrive; None when there are none."""
        steps = rest(self._steps) if self._planned else None
        if steps is not None and not steps:
            return None
        return CopyIn(
            volume,
            changes,
            self._origin,
            self._parent,
            conflict=self._conflict,
            preserve=self._preserve,
            arrived=arrived,
            consult=consult,
            comeback=self.comeback,
            steps=steps,
        )

    # the job ------------------------------------------------------------------------------------------------

    async def _copy(self) -> None:
        if not self._planned:
            self._steps = await self._origin.plan(self._at_host, self._trouble)
            self._planned = True
        self._count_plan()
        await self._prepare()
        self.state = TransferState.RUNNING
        self._count_plan()
        while True:
            try:
                await self._take_all()
                self._flushes()
                await self._changes.flush()
                self._settling.settle()
                return
            except RumpusError as error:
                await self._wait(error)

    async def _take_all(self) -> None:
        batches = in_batches(self._steps, self._way)
        turn = asyncio.Lock()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(self._take(batches, turn))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

    async def _wait(self, error: RumpusError) -> None:
        """Until the stick is back. Raises the error when it is no matter of that.

        What was staged and not settled may be on it or not: that is looked at when its turn comes.
        """
        if self.comeback is None or (isinstance(error, DeviceGone) and self._origin.of_a_stick):
            raise error
        self._settling.settle()
        while True:
            self._volume = await self._back(error)
            try:
                self._changes = await self.comeback.changes()
                folder = await self._volume.stat(self._parent)
            except RumpusError as again:
                error = again
            else:
                break
        if folder.entry.kind is not Kind.DIRECTORY:
            raise WrongKind("the folder", "directory")
        for step in self._steps:
            step.node = None
        self._settling.restart(self._changes)
        over = [step for step in self._files() if step.over]
        done = sum(step.size for step in over)
        self.progress = structs.replace(self.progress, files_done=len(over), bytes_done=done)
        self._changed()

    def _count_plan(self) -> None:
        files = list(self._files())
        size = sum(step.size for step in files)
        self.progress = structs.replace(self.progress, files=len(files), bytes=size)
        self._changed()

    async def _prepare(self) -> None:
        """Before the first byte: what does not fit, and what is there already? Raises NoSpace, Cancelled."""
        await self._volume.describe()
        findings = await examine(self._volume, self._changes, self._steps, self._parent)
        large = {step for step, unfit in findings.unfit if isinstance(unfit.error, TooLarge)}
        preflight = foresight(self._steps, findings, large, self._volume)
        verdict = Verdict()
        if self._consult is not None and (findings.unfit or findings.taken or not preflight.fits):
            self._changed()
            verdict = await self._consult(preflight)
        self._leave_out(
            {
                step: unfit
                for step, unfit in findings.unfit
                if step in large or not (verdict.rename and unfit.instead)
            }
        )
        for step, taken in findings.taken:
            step.conflict = verdict.conflicts.get(taken.path)
        check_room(self._steps, findings, {step: self._way(step) for step, _ in findings.taken}, self._volume)

    def _leave_out(self, unfit: dict[Step, Unfit]) -> None:
        """These, and all that is in them."""
        out: set[Step] = set()
        for step in self._steps:
            if step in unfit:
                self._trouble(unfit[step].path, unfit[step].error, step)
                step.name = unfit[step].path.rpartition("/")[2]
            if step in unfit or step.above in out:
                out.add(step)
                step.over = True
        self._left_out += [step for step in self._steps if step in out]
        self._steps = [step for step in self._steps if step not in out]

    def _way(self, step: Step) -> Conflict:
        return step.conflict or self._conflict

    async def _take(self, batches: Iterator[list[Step]], turn: asyncio.Lock) -> None:
        """Folders are made one after the other, each before what is in it; files several at a time."""
        while True:
            await self._turn()
            async with turn:
                batch = next(batches, None)
                if batch is None:
                    return
                if batch[0].folder:
                    await self._make(batch[0])
                    continue
            for step in await self._store_together(batch):
                await self._store(step)

    async def _make(self, step: Step) -> None:
        parent = self._place(step)
        if parent is None:
            return
        try:
            step.node = await self._folder(step, parent)
        except RumpusError as error:
            self._refused(step, error)

    async def _folder(self, step: Step, parent: int) -> int:
        """The node of a folder of that name: the one that is there, or a new one."""
        for name in names_to_try(step.name):
            try:
                made = await self._changes.create(parent, name, Kind.DIRECTORY, self._time_of(step))
            except AlreadyExists:
                there = await self._volume.lookup(parent, name)
                if there.kind is Kind.DIRECTORY:
                    return there.node
                if self._way(step) is not Conflict.KEEP_BOTH:
                    raise
            else:
                self._arrived(step, made)
                return made.node
        raise AlreadyExists(step.name)

    async def _store_together(self, batch: list[Step]) -> list[Step]:
        """Stores small files of one folder in one request. Returns those that are to be stored alone."""
        parent = self._place(batch[0])
        if len(batch) == 1 or parent is None:
            return batch
        async with self._together:
            opening = self._origin.open_together(batch, self._at_host)
            if opening is None:
                return batch
            async with opening as opened:
                if not opened:
                    return batch
                self._count(current=batch[-1].path)
                self._settling.begin(opened)
                for step in opened:
                    step.tried = step.name
                try:
                    entries = await self._changes.store_all(
                        parent,
                        [self._new_file(step, os.fstat(opened[step]).st_size) for step in opened],
                        list(opened.values()),
                        replace=self._way(batch[0]) is Conflict.REPLACE,
                    )
                except NotWritten as error:
                    self._settling.doubt(error)
                    for step in batch:
                        self._trouble(step.path, error, step)
                        self._settling.end(step)
                    return []
                done = {step for step, entry in zip(opened, entries, strict=True) if entry is not None}
                for step, entry in zip(opened, entries, strict=True):
                    if entry is not None:
                        self._stored(step, entry)
        self._settling.settle()
        return [step for step in batch if step not in done]

    def pairs(self) -> list[Pair]:
        """The files that are on the medium, on both sides."""
        return [
            Pair(step.path, step.file, self._origin.other(step), step)
            for step in self._files()
            if step.file is not None and self._settling.has(step) and step not in self._errors
        ]

    def _stored(self, step: Step, entry: Entry) -> None:
        if self._settling.made(step, entry):
            self._arrived(step, entry)

    def _new_file(self, step: Step, size: int) -> NewFile:
        """What the stick is to know of a file."""
        attributes = Attribute.ARCHIVE | step.attributes if self._preserve and step.attributes else None
        return NewFile(step.name, size, self._time_of(step), None, attributes)

    async def _store(self, step: Step) -> None:
        parent = self._place(step)
        if parent is None:
            self._settling.end(step)
            return
        self._count(current=step.path)
        self._settling.begin([step])
        try:
            async with self._origin.open(step, self._at_host, partial(self._trouble, of=step)) as descriptor:
                entry = await self._store_somehow(step, parent, descriptor)
        except RumpusError as error:
            self._refused(step, error)
            self._settling.end(step)
        else:
            if entry is None:
                self._settling.end(step)
            else:
                self._stored(step, entry)
            self._settling.settle()

    async def _store_somehow(self, step: Step, parent: int, descriptor: int) -> Entry | None:
        """As the conflict policy has it; None when one of that name was to stay."""
        new, way = self._new_file(step, os.fstat(descriptor).st_size), self._way(step)
        if step.tried:  # it may have come to the medium although nobody heard of that any more
            read = partial(self._at_host, read_at, descriptor)
            there = await verifying.found(self._volume, parent, step.tried, new.size, read)
            if there is not None:
                return there
        for name in names_to_try(step.name):
            step.tried = name
            try:
                return await self._changes.store(
                    parent,
                    name,
                    descriptor,
                    new.size,
                    replace=way is Conflict.REPLACE,
                    modified=new.modified,
                    attributes=new.attributes,
                    moved=partial(self._settling.moved, step),
                    turn=self._turn,
                )
            except AlreadyExists:
                if way is Conflict.SKIP:
                    step.passed = True
                    return None
                if way is not Conflict.KEEP_BOTH:
                    raise
        raise AlreadyExists(step.name)

    def _time_of(self, step: Step) -> int | None:
        if not self._preserve or step.modified is None:
            return None
        return volume_time(step.modified, self._volume.facts.zone)

    def _place(self, step: Step) -> int | None:
        """Where it goes; None when its folder could not be made, which has been said."""
        return self._parent if step.above is None else step.above.node

    def _refused(self, step: Step, error: RumpusError) -> None:
        """One thing did not go. Raises the error again when nothing else will either."""
        if isinstance(error, NotWritten):
            self._settling.doubt(error)
        if isinstance(error, DeviceGone | NoSpace | ReadOnly) or self._volume.ended.done():
            raise error
        if isinstance(error, HostReadFailed) and isinstance(step.source, Path):
            error = HostReadFailed(str(step.source), error.errno)
        self._trouble(step.path, error, step)
