"""One volume of a stick: opened when somebody wants to see it, for all who do, and again when it failed."""

from __future__ import annotations

import asyncio
import enum
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from core.entry import PartitionFacts, VolumeFacts
from core.errors import Cancelled, DeviceGone, RumpusError
from core.host import reports
from core.host.access import Medium
from core.host.changes import Changes
from core.host.lent import Lent
from core.host.names import shown
from core.host.supervisor import Supervisor
from core.host.uses import Uses
from core.host.volume import Volume
from core.worker import protocol
from core.worker.protocol import Request


class Bearer(Protocol):
    """What a volume needs of the stick that it is on."""

    path: Path
    medium: Medium | None
    error: RumpusError | None
    supervisor: Supervisor
    uses: Uses

    @property
    def make(self) -> str: ...

    @property
    def usable(self) -> bool: ...

    def lost(self, error: RumpusError) -> None: ...


class VolumeState(enum.Enum):
    CLOSED = enum.auto()
    OPENING = enum.auto()
    OPEN = enum.auto()
    FAILED = enum.auto()
    """`error` says why. It may be opened again."""
    GONE = enum.auto()
    """With its stick, for good."""


TRANSITIONS: Mapping[VolumeState, frozenset[VolumeState]] = {
    # It fails when it is closed and what was changed last cannot be written any more.
    VolumeState.CLOSED: frozenset({VolumeState.OPENING, VolumeState.FAILED, VolumeState.GONE}),
    VolumeState.OPENING: frozenset(
        {VolumeState.OPEN, VolumeState.FAILED, VolumeState.CLOSED, VolumeState.GONE}
    ),
    VolumeState.OPEN: frozenset(
        {VolumeState.OPENING, VolumeState.FAILED, VolumeState.CLOSED, VolumeState.GONE}
    ),
    VolumeState.FAILED: frozenset({VolumeState.OPENING, VolumeState.CLOSED, VolumeState.GONE}),
    VolumeState.GONE: frozenset(),
}


class _Attempt:
    """One try to open the volume, which any number of callers wait for."""

    def __init__(self, driver: str, code_page: str) -> None:
        self.driver = driver
        self.code_page = code_page
        self.waiting = 0
        self.task: asyncio.Task[None] | None = None
        self.writing: asyncio.Task[Changes] | None = None
        """Makes the volume writable, once somebody wants to change it."""
        self.error: RumpusError = Cancelled()
        """What those who wait are told when no volume comes of it."""

    def fits(self, driver: str, code_page: str) -> bool:
        """Whether it is what somebody wants; an empty wish is content with anything."""
        return driver in ("", self.driver) and code_page in ("", self.code_page)

    @property
    def changes(self) -> Changes | None:
        """Once the volume is writable."""
        done = self.writing is not None and self.writing.done() and not self.writing.cancelled()
        return self.writing.result() if done and self.writing and not self.writing.exception() else None


class StickVolume:
    """A place on a stick where a file system is or may be. Owns its `Volume` while there is one."""

    def __init__(
        self, stick: Bearer, partition: PartitionFacts, changed: Callable[[], None], *, alone: bool = False
    ) -> None:
        """`alone`: whether no other place on the stick has anything that is recognised."""
        self.stick = stick
        self.partition = partition
        named = shown(partition.label or partition.name)
        own = stick.make if alone and partition.system else shown(partition.system)
        self.name = named or own or _numbered(stick, partition)
        """For people. Without a label a stick is known by its make, not by a file system."""
        self.state = VolumeState.CLOSED
        self.error: RumpusError | None = None
        """Why it is FAILED or GONE."""
        self.volume: Volume | None = None
        """Set while it is OPEN."""
        self.lent: Lent | None = None
        """What shows it to other programs besides, while it is OPEN."""
        self._changed = changed
        self._opening = protocol.Open(id=0, partition=partition.number)
        self._operations: tuple[Request, ...] = ()
        self._attempt: _Attempt | None = None
        """The try under way, or the one that brought the open volume."""
        self._ending: set[asyncio.Task[Any]] = set()
        self._flushing: asyncio.Task[None] | None = None
        """What was changed before it was closed is being written: nobody reads it before that is over."""

    @property
    def story(self) -> tuple[Request, ...]:
        """How it was opened, and what was asked of it last: with this a report can tell how an error came."""
        asked = self.volume.operations if self.volume is not None else self._operations
        return self._opening, *(request for request in asked if not isinstance(request, protocol.Open))

    async def open(self, driver: str = "", code_page: str = "") -> Volume:
        """The volume; all who ask get the same one, and nobody who asks waits for it twice.

        When it is open with another driver or code page than the one that is named, it is opened anew.
        Cancelling the last caller that waits cancels the opening. Raises what `Supervisor.open` does,
        DeviceGone when its stick is, and Cancelled when it was closed meanwhile.
        """
        attempt = self._attempt
        if attempt is None or not attempt.fits(driver, code_page):
            attempt = self._begin(driver, code_page)
        attempt.waiting += 1
        try:
            if attempt.task is not None:
                await asyncio.wait({attempt.task})
        except asyncio.CancelledError:
            if attempt is self._attempt and attempt.waiting == 1 and self.state is VolumeState.OPENING:
                self._leave(VolumeState.CLOSED, None, Cancelled())
            raise
        finally:
            attempt.waiting -= 1
        if attempt is self._attempt and self.volume is not None:
            return self.volume
        raise attempt.error.with_traceback(None)

    @property
    def wish(self) -> protocol.Open:
        """With what it was opened last."""
        return self._opening

    async def take_back(self) -> None:
        """Other programs see it no more when this returns."""
        lent, self.lent = self.lent, None
        if lent is not None:
            await lent.end()

    @property
    def writing(self) -> Changes | None:
        """What it is changed with, once somebody asked for that; it is read-only before."""
        return self._attempt.changes if self._attempt is not None and self.volume is not None else None

    async def changes(self) -> Changes:
        """The means to change what is on it. The first who asks makes the host hand over a descriptor that
        can write; all get the same one, and after a refusal the next one asks anew.

        The user may be asked for a password. Raises as `open`, and ReadOnly, AccessDenied, DeviceBusy.
        """
        volume = await self.open()
        attempt = self._attempt
        if attempt is None or volume is not self.volume:
            raise Cancelled
        writing = attempt.writing
        if writing is None:
            writing = attempt.writing = asyncio.get_running_loop().create_task(self._become_writable(volume))
            writing.add_done_callback(lambda done: self._became_writable(attempt, done))
        await asyncio.wait({writing})
        if writing.cancelled():
            raise attempt.error.with_traceback(None)
        return writing.result()

    async def describe(self) -> VolumeFacts:
        """The facts of an open volume anew: what is free, what was found wrong. Observers hear of others."""
        volume = await self.open()
        before, facts = volume.facts, await volume.describe()
        if facts != before and volume is self.volume:
            self.name = shown(facts.label) or self.name
            self._changed()
        return facts

    async def close(self) -> None:
        """Ends the driver, once what was changed is on the medium; where that fails, it has FAILED.

        Whoever waits for the volume is told Cancelled. It may be opened again.
        """
        failed_with_its_stick = self.state is VolumeState.FAILED and not self.stick.usable
        if self.state not in (VolumeState.CLOSED, VolumeState.GONE) and not failed_with_its_stick:
            self._leave(VolumeState.CLOSED, None, Cancelled())
        await self.ended()

    async def finish(self) -> None:
        """As `close`, once everything that was changed is on the medium. Raises what writing it raises."""
        if self.volume is not None:
            await self.volume.flush()
        await self.close()

    def end(self, state: VolumeState, error: RumpusError | None) -> None:
        """The stick failed or is gone: so has this, at once. What was open is closed in the background."""
        if state in TRANSITIONS[self.state]:
            self._leave(state, error, error or DeviceGone())

    async def ended(self) -> None:
        """Returns when nothing is under way any more that a close or an end has started."""
        while self._ending:
            await asyncio.wait(self._ending)

    def _begin(self, driver: str, code_page: str) -> _Attempt:
        if self.state is VolumeState.GONE or not self.stick.usable:
            raise (self.error or self.stick.error or Cancelled()).with_traceback(None)
        changes = self._attempt.changes if self._attempt is not None else None
        if self._attempt is not None:
            self._stop(self._attempt, Cancelled())
        self._close_volume(changes)
        attempt = self._attempt = _Attempt(driver, code_page)
        number = self.partition.number
        self._opening = protocol.Open(id=0, partition=number, driver=driver, code_page=code_page)
        self._operations = ()
        attempt.task = asyncio.get_running_loop().create_task(self._run(attempt))
        if self.state is not VolumeState.OPENING:
            self._become(VolumeState.OPENING, None)
        return attempt

    async def _run(self, attempt: _Attempt) -> None:
        if self._flushing is not None:
            await asyncio.wait({self._flushing})
        medium, number = self.stick.medium, self.partition.number
        assert medium is not None
        try:
            volume = await self.stick.supervisor.open(medium, number, attempt.driver, attempt.code_page)
        except RumpusError as error:
            self._fail(attempt, error)
        except Exception as bug:  # noqa: BLE001 - a bug of ours is shown where it happened, with its traceback
            self._fail(attempt, reports.bug(bug))
        else:
            await self._arrived(attempt, volume)

    async def _arrived(self, attempt: _Attempt, volume: Volume) -> None:
        if attempt is not self._attempt:
            # Cancelled, but the cancellation was overtaken by the answer.
            await volume.close()
            return
        self.volume = volume
        volume.uses = self.stick.uses
        self.name = shown(volume.facts.label) or self.name
        volume.ended.add_done_callback(lambda ended: self._worker_ended(volume, ended.result()))
        self._become(VolumeState.OPEN, None)

    async def _become_writable(self, volume: Volume) -> Changes:
        if self.stick.medium is None:
            raise DeviceGone
        descriptor = await self.stick.medium.for_writing()
        try:
            changes = await volume.writable(descriptor)
        finally:
            os.close(descriptor)
        changes.before, changes.after = self._before_change, self._after_change
        return changes

    async def _before_change(self) -> None:
        if self.lent is not None:
            await self.lent.changing()

    def _after_change(self) -> None:
        if self.lent is not None:
            self.lent.changed()

    def _became_writable(self, attempt: _Attempt, writing: asyncio.Task[Changes]) -> None:
        if not writing.cancelled() and writing.exception() is None:
            self._changed()
        elif attempt is self._attempt:
            attempt.writing = None

    def _fail(self, attempt: _Attempt, error: RumpusError) -> None:
        if attempt is not self._attempt:
            return
        attempt.error = error
        self._attempt = None
        self._become(VolumeState.FAILED, error)
        if isinstance(error, DeviceGone):
            self.stick.lost(error)

    def _worker_ended(self, volume: Volume, error: RumpusError | None) -> None:
        if volume is not self.volume:
            return
        if self._attempt is not None and error is not None:
            self._attempt.error = error
        self._operations = volume.operations
        self.volume = self._attempt = None
        self._become(VolumeState.FAILED if error else VolumeState.CLOSED, error)

    def _leave(self, state: VolumeState, error: RumpusError | None, told: RumpusError) -> None:
        """Into a state without a volume. `told` is what those hear who wait for one."""
        attempt, self._attempt = self._attempt, None
        changes = attempt.changes if attempt is not None and not isinstance(error, DeviceGone) else None
        if attempt is not None:
            self._stop(attempt, told)
        self._close_volume(changes)
        self._become(state, error)

    def _close_volume(self, changes: Changes | None) -> None:
        volume, self.volume = self.volume, None
        if volume is not None:
            task = asyncio.get_running_loop().create_task(self._finish(volume, changes))
            self._keep(task)
            self._flushing = task if changes is not None else None

    async def _finish(self, volume: Volume, changes: Changes | None) -> None:
        """What was changed comes to the medium first."""
        try:
            if changes is not None and not volume.ended.done():
                await changes.flush()
        except RumpusError as error:
            if self.state is VolumeState.CLOSED:
                self._become(VolumeState.FAILED, error)
        finally:
            await volume.close()

    def _stop(self, attempt: _Attempt, told: RumpusError) -> None:
        attempt.error = told
        for task in (attempt.task, attempt.writing):
            if task is not None and not task.done():
                task.cancel()
                self._keep(task)

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _become(self, state: VolumeState, error: RumpusError | None) -> None:
        if state not in TRANSITIONS[self.state]:
            raise RuntimeError(f"a volume that is {self.state.name} cannot become {state.name}")
        self.state, self.error = state, error
        if self.lent is not None and state is not VolumeState.OPEN:
            self._keep(asyncio.get_running_loop().create_task(self.take_back()))
        self._changed()


def _numbered(stick: Bearer, partition: PartitionFacts) -> str:
    return f"{stick.make} ({partition.number})" if partition.number else stick.make
