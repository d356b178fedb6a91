"""What comes onto a stick: files of the host, and files of another stick or of the same.

Each copy asks what is to be asked before its first byte (`gui.asking`), and is shown in the transfer strip
until everything is on the medium. What was cut on a stick is removed there only then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.entry import Entry, Kind
from core.errors import Cancelled, DeviceGone, RumpusError
from core.host.comeback import Comeback
from core.host.copying_in import CopyIn
from core.host.crossing import StickOrigin
from core.host.jobs import TransferState
from core.host.loading import HostOrigin, Origin, Step
from core.host.preflight import Preflight, Verdict
from core.host.previewing import Previewer
from core.host.sticks import StickVolume
from core.host.volume import Volume
from gui import asking
from gui.clipboard import Held
from gui.panes.choice import ChoiceBar
from gui.preview.looks import Looks
from gui.proving import Proving
from gui.tasks import Tasks
from gui.translating import tr
from gui.wording import quoted
from gui.works import Inbound

_RHYTHM = 1.0
"""Seconds between two looks at how much room is left while a copy runs."""


@dataclass(frozen=True)
class Target:
    """A folder of an open volume."""

    at: StickVolume
    volume: Volume
    folder: int
    name: str
    """For people."""


class Incoming(QObject):
    started = Signal(object)
    """An Inbound, before its first byte."""
    changed = Signal(object, object)
    """A StickVolume, and the node of a folder of it which no longer holds what it held. It is an
    object: an int of a signal has 32 bits."""
    arrived = Signal(object, object, object)
    """A StickVolume, the node of a folder, and those of the entries that have come into it, at the end."""
    failed = Signal(object, str)
    """A RumpusError and the name of what it is about."""

    def __init__(self, tasks: Tasks, choices: ChoiceBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.comeback_of: Callable[[Volume], Comeback | None] = lambda volume: None
        """What knows the stick of a volume again."""
        self.previewer: Previewer | None = None
        """Shows what is asked about."""
        self.proving: Proving | None = None
        """Reads back what was copied, where that is wanted."""
        self._tasks = tasks
        self._choices = choices

    def copy_paths(self, target: Target, paths: Sequence[Path]) -> None:
        what = quoted(paths[0].name) if len(paths) == 1 else tr("%Ln items", "", len(paths))
        self._spawn(self._copy(target, HostOrigin(paths), what), target)

    def copy_held(self, target: Target, held: Held) -> None:
        """Entries of a stick; those that were cut are removed where they were, once they have arrived."""
        self._spawn(self._copy_held(target, held), target)

    def _spawn(self, work: object, target: Target) -> None:
        assert asyncio.iscoroutine(work)
        self._tasks.spawn(work, lambda error: self._failed(target, error))

    def _failed(self, target: Target, error: RumpusError) -> None:
        if isinstance(error, DeviceGone):
            target.at.stick.lost(error)
        self.failed.emit(error, target.at.name)

    async def _copy_held(self, target: Target, held: Held) -> None:
        entries = await held.entries()
        volume = await held.at.open()
        what = quoted(entries[0].name) if len(entries) == 1 else tr("%Ln items", "", len(entries))
        whole = await self._copy(target, StickOrigin(volume, entries), what, volume, moves=held.cut)
        if held.cut and whole:
            await self._remove(held, volume, whole)

    async def _copy(
        self,
        target: Target,
        origin: Origin,
        what: str,
        *read: Volume,
        moves: bool = False,
        before: CopyIn | None = None,
    ) -> list[Step]:
        """Returns what is wholly there. `read`: the volumes that it comes from. `before`: the job of which
        this is another try."""
        changes = await target.at.changes()
        came: list[int] = []

        def arrived(step: Step, entry: Entry) -> None:
            if step.above is None:
                came.append(entry.node)
                self.changed.emit(target.at, target.folder)

        async def consult(preflight: Preflight) -> Verdict:
            work.asked = True
            try:
                zone, name = target.volume.facts.zone, target.at.name
                with Looks(self.previewer, self._tasks, target.volume, *read) as looks:
                    return await asking.consult(self._choices, name, zone, preflight, looks)
            except Cancelled:
                work.dropped = True
                raise
            finally:
                work.asked = False

        if before is None:
            comeback = self.comeback_of(target.volume)
            job = CopyIn(
                target.volume,
                changes,
                origin,
                target.folder,
                arrived=arrived,
                consult=consult,
                comeback=comeback,
            )
        elif (next_try := before.again(target.volume, changes, arrived, consult)) is not None:
            job = next_try
        else:
            return []

        def again() -> None:
            self._spawn(self._again(target, origin, what, job, *read), target)

        def returned(volume: Volume) -> None:
            nonlocal target
            if job.comeback is not None:
                target = replace(target, at=job.comeback.at, volume=volume)
                work.volumes = (volume, *read)

        job.returned = returned
        proves = self.proving is not None and self.proving.always
        work = Inbound(
            job,
            what,
            target.at.name,
            target.name,
            (target.volume, *read),
            moves,
            again=again,
            proves=proves,
        )
        self.started.emit(work)
        looking = self._tasks.spawn(self._look_now_and_then(target), lambda _: None)
        try:
            await job.run()
        finally:
            looking.cancel()
        if isinstance(job.error, DeviceGone):
            target.at.stick.lost(job.error)
        else:
            self.arrived.emit(target.at, target.folder, came)
            if target.at.volume is target.volume:
                await target.at.describe()
        if job.state is not TransferState.DONE:
            return []
        same = not proves or self.proving is None or await self.proving.prove(work)
        return job.whole() if same else []

    async def _again(self, target: Target, origin: Origin, what: str, job: CopyIn, *read: Volume) -> None:
        """What was to be moved is only copied now: what of it was still to be removed, nobody knows."""
        if job.comeback is not None:
            target = replace(target, at=job.comeback.at)
        volume = await target.at.open()
        await self._copy(replace(target, volume=volume), origin, what, *read, before=job)

    async def _remove(self, held: Held, volume: Volume, whole: list[Step]) -> None:
        changes = await held.at.changes()
        arrived = {step.source.node for step in whole if isinstance(step.source, Entry)}
        folders = set()
        for path in held.paths:
            entry = await volume.resolve(path)
            if entry.node in arrived:
                await changes.remove(entry.node, recursive=entry.kind is Kind.DIRECTORY)
                folders.add((await volume.resolve(path.rpartition("/")[0])).node)
        for folder in folders:
            self.changed.emit(held.at, folder)
        await changes.flush()
        await held.at.describe()

    async def _look_now_and_then(self, target: Target) -> None:
        """How much room is left. What is wrong with the volume is said by the copy itself."""
        while target.at.volume is target.volume:
            await asyncio.sleep(_RHYTHM)
            await target.at.describe()
