"""One stick or image: looked at once when it comes, held while it is there, let go of when it is gone."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from core.entry import PartitionFacts, Survey
from core.errors import AccessDenied, Cancelled, DeviceGone, Ejected, RumpusError
from core.host import giving_back, reports
from core.host.access import Medium, open_medium
from core.host.accounts import Account, Doing
from core.host.devices import Device
from core.host.holders import Hold, Holder
from core.host.names import shown
from core.host.offloop import off_loop
from core.host.stick_volume import StickVolume, VolumeState
from core.host.supervisor import Supervisor
from core.host.system_disks import holds_the_system
from core.host.uses import Uses
from core.worker import protocol


class StickState(enum.Enum):
    """A stick is absent before the first and after the last of them: it is in no list then."""

    PROBING = enum.auto()
    READY = enum.auto()
    """It is known what it holds, and nothing of it is open."""
    OPEN = enum.auto()
    """At least one of its volumes is."""
    BUSY = enum.auto()
    """Something is done with it that a person waits for: a copy, or the like."""
    EJECTING = enum.auto()
    SAFE = enum.auto()
    """It can be pulled out: everything is on it, and nobody holds it."""
    FORMATTING = enum.auto()
    """It is being made empty; then it is looked at anew."""
    FAILED = enum.auto()
    """`error` says why; it may be tried again."""
    GONE = enum.auto()
    """Pulled out or forgotten, for good: put back it is another stick."""

    @property
    def usable(self) -> bool:
        """Whether its volumes can be opened. Its medium is open then."""
        return self in (StickState.READY, StickState.OPEN, StickState.BUSY)


_AWAY = {StickState.EJECTING, StickState.FAILED, StickState.GONE}
TRANSITIONS: Mapping[StickState, frozenset[StickState]] = {
    StickState.PROBING: frozenset({StickState.READY, StickState.FAILED, StickState.GONE}),
    StickState.READY: frozenset({StickState.OPEN, StickState.BUSY, StickState.FORMATTING, *_AWAY}),
    StickState.OPEN: frozenset({StickState.READY, StickState.BUSY, StickState.FORMATTING, *_AWAY}),
    StickState.BUSY: frozenset({StickState.READY, StickState.OPEN, StickState.FAILED, StickState.GONE}),
    StickState.EJECTING: frozenset({StickState.SAFE, StickState.FAILED, StickState.GONE}),
    StickState.SAFE: frozenset({StickState.PROBING, StickState.GONE}),
    StickState.FORMATTING: frozenset({StickState.PROBING, StickState.GONE}),
    StickState.FAILED: frozenset({StickState.PROBING, StickState.EJECTING, StickState.GONE}),
    StickState.GONE: frozenset(),
}


class Stick:
    """A device or an image. Made by `Sticks` only. Owns its medium, open while it is `usable`."""

    def __init__(
        self,
        number: int,
        path: Path,
        supervisor: Supervisor,
        changed: Callable[[Stick], None],
        device: Device | None = None,
        *,
        image: bool = False,
    ) -> None:
        self.id = number
        """Unique for the life of the program."""
        self.path = path
        self.image = image
        self.device = device
        """What the host says of it; None for an image, and for a device that was only named by its path."""
        self.size = device.size if device else 0
        """Bytes, 0 while it is unknown."""
        self.state = StickState.PROBING
        self.error: RumpusError | None = None
        """Why it is FAILED or GONE, None when it was forgotten; Ejected from when it is SAFE."""
        self.survey: Survey | None = None
        self.volumes: tuple[StickVolume, ...] = ()
        self.supervisor = supervisor
        self.medium: Medium | None = None
        self.uses = Uses(self._tell)
        """What is done with it that a person waits for."""
        self._changed = changed
        self._probing: asyncio.Task[None] | None = None
        self._ejecting: asyncio.Task[RumpusError | None] | None = None
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def usable(self) -> bool:
        """Whether its volumes can be opened."""
        return self.state.usable

    @property
    def name(self) -> str:
        """For people: the label of its only volume, else what its maker calls it, else its file name."""
        known = [volume for volume in self.volumes if volume.partition.system]
        if len(known) == 1 and known[0].partition.label:
            return shown(known[0].partition.label)
        return self.make

    @property
    def make(self) -> str:
        """For people: what its maker calls it, else its file name."""
        maker = f"{self.device.vendor} {self.device.model}".strip() if self.device else ""
        return shown(maker or self.path.name)

    def probe(self, *, ask: bool, after: Iterable[Stick] = ()) -> None:
        """Opens the medium and looks at it, in the background. `ask` as in `open_medium`.

        `after`: sticks whose end is waited for, since they may still hold the same device.
        """
        if self.state is not StickState.PROBING:
            self._drop_volumes(None)
            self._become(StickState.PROBING, None)
        self._probing = asyncio.get_running_loop().create_task(self._probe(ask, tuple(after)))

    async def settled(self) -> None:
        """Returns when it is known what the stick is: READY, FAILED or GONE."""
        while self.state is StickState.PROBING and self._probing is not None:
            await asyncio.wait({self._probing})

    async def is_of_the_system(self) -> bool:
        """Whether this system runs from it: such a disk is shown when it is named, and never formatted."""
        return await off_loop(holds_the_system, self.path, undo=lambda _: None)

    async def format(self, wish: protocol.Format, moved: Callable[[int], None] | None = None) -> None:
        """Makes an empty volume in place of what is there (`core.host.formatting.wish`), and returns when it
        is known what the stick is then. `moved` hears the bytes written so far.

        Only a stick that is READY or OPEN can be formatted. Raises its error if it is not, DeviceBusy while
        something is done with it, AccessDenied for a disk that this system runs from, and what
        `Supervisor.format` raises.
        """
        if await self.is_of_the_system():
            raise AccessDenied(str(self.path), "this computer's system runs from it")
        if self.uses:
            raise giving_back.refusal(self.path, await self.held_by())
        if StickState.FORMATTING not in TRANSITIONS[self.state] or self.medium is None:
            raise (self.error or DeviceGone()).with_traceback(None)
        volumes, medium = self.volumes, self.medium
        self._set(StickState.FORMATTING, None)
        self._drop_volumes(None)
        self._tell()
        for volume in volumes:
            await volume.ended()
        if not self._is_being_formatted():
            raise (self.error or DeviceGone()).with_traceback(None)
        try:
            await self.supervisor.format(medium, wish, moved)
        finally:
            if self._is_being_formatted():
                self.probe(ask=True)
                await self.settled()

    def lost(self, error: RumpusError) -> None:
        """The medium does not answer any more, whether or not the system has noticed that it is gone."""
        if self.state.usable:
            self._let_go(StickState.FAILED, VolumeState.FAILED, error)

    def end(self, error: RumpusError | None) -> None:
        """It is gone, at once. What was open is closed in the background; `ended` waits for that."""
        if self.state is not StickState.GONE:
            # Once the medium was given back, nothing could be lost any more.
            given_back = self.state is StickState.EJECTING and self.medium is None
            if error is not None and (given_back or self.state is StickState.SAFE):
                error = self.error or Ejected()
            self._let_go(StickState.GONE, VolumeState.GONE, error)

    async def held_by(self) -> list[Holder]:
        """Who keeps it from being ejected: jobs of ours, mounts, other programs. Raises as `disk_at`."""
        ours = [Holder(Hold.OURS, use.what) for use in self.uses]
        disk = await off_loop(giving_back.disk_at, self.path, undo=lambda _: None)
        lent = [volume.lent for volume in self.volumes if volume.lent is not None]
        for each in lent:
            await each.begun()  # its process may hold the stick before it is known to be ours
        return ours + await giving_back.held_by(disk, self.supervisor.processes, lent)

    async def eject(self, *, end: bool = False, wait: bool = False) -> None:
        """Writes everything that waits, lets go of the stick and switches it off: it is SAFE then.

        `wait`: for jobs of ours to finish. `end`: them, mounts and other programs, whatever holds it. Raises
        DeviceBusy, naming all who hold it, while the stick stays as it is; AccessDenied when they cannot be
        ended; WrongKind for an image; DeviceGone. What the last writing raises leaves it FAILED.
        """
        if self._ejecting is not None and end:
            self.uses.cancel()
        if self._ejecting is None:
            self._ejecting = asyncio.get_running_loop().create_task(self._eject(end, wait))
            self._ejecting.add_done_callback(self._ejected)
        ejecting = self._ejecting
        await asyncio.wait({ejecting})
        error = (self.error or Cancelled()) if ejecting.cancelled() else ejecting.result()
        if error is not None and not isinstance(self.error, Ejected):
            raise error.with_traceback(None)

    def keep(self) -> None:
        """An eject that still waits for jobs to finish is given up."""
        if self._ejecting is not None and self.state is not StickState.EJECTING:
            self._ejecting.cancel()

    async def take_over(self) -> None:
        """Unmounts what the desktop has mounted of it, and has another look. Raises as `eject`."""
        for holder in await self.held_by():
            if holder.hold is Hold.MOUNT:
                await giving_back.unmount(self.path, holder)
        if self.state is StickState.FAILED:
            self.probe(ask=True)
        await self.settled()

    async def ended(self) -> None:
        """Returns when nothing of a stick that failed or is gone is open any more."""
        while self._ending:
            await asyncio.wait(self._ending)

    async def _probe(self, ask: bool, after: tuple[Stick, ...]) -> None:
        medium = None
        try:
            for stick in (self, *after):
                await stick.ended()
            medium = self.medium or await open_medium(self.path, ask=ask)
            survey = await self.supervisor.survey(medium)
        except RumpusError as error:
            self._refused(medium, error)
        except Exception as bug:  # noqa: BLE001 - a bug of ours is shown where it happened, with its traceback
            self._refused(medium, reports.bug(bug))
        except BaseException:
            _close(medium)
            raise
        else:
            self._known(medium, survey)

    def _refused(self, medium: Medium | None, error: RumpusError) -> None:
        _close(medium)
        if self._is_current():
            self.medium = None
            self._become(StickState.FAILED, error)

    def _known(self, medium: Medium, survey: Survey) -> None:
        if not self._is_current():
            # Cancelled, but the cancellation was overtaken by the answer.
            medium.close()
            return
        self.medium, self.survey = medium, survey
        self.size = survey.size
        # A table without a partition still leaves a place to show: the device itself.
        partitions = survey.partitions or [PartitionFacts(number=0, offset=0, size=survey.size)]
        alone = sum(bool(partition.system) for partition in partitions) == 1
        self.volumes = tuple(
            StickVolume(self, partition, self._tell, alone=alone) for partition in partitions
        )
        self._become(StickState.READY, None)

    async def _eject(self, end: bool, wait: bool) -> RumpusError | None:
        """What came in the way."""
        try:
            await self.settled()
            disk = await off_loop(giving_back.disk_at, self.path, undo=lambda _: None)
            await self._free(end, wait)
            self._become(StickState.EJECTING, None)
        except RumpusError as error:
            return error
        try:
            await self._give_back()
            await giving_back.refuse_held(disk)
            powered = await giving_back.switch_off(disk)
            if powered:
                await giving_back.refuse_held(disk)
        except RumpusError as error:
            if self.state is StickState.EJECTING:
                self._let_go(StickState.FAILED, VolumeState.FAILED, error)
            return error
        if self.state is StickState.EJECTING:
            self._let_go(StickState.SAFE, VolumeState.GONE, Ejected(powered))
        return None

    async def _free(self, end: bool, wait: bool) -> None:
        """Nobody holds it any more when this returns."""
        if end:
            self.uses.cancel()
        if end or wait:
            await self.uses.over()
        held = await self.held_by()
        if held and end:
            await giving_back.end(self.path, held)
            held = await self.held_by()
        if not self.uses:  # they may have ended while the host was looked at
            held = [holder for holder in held if holder.hold is not Hold.OURS]
        if held or self.uses:
            raise giving_back.refusal(self.path, held)
        if StickState.EJECTING not in TRANSITIONS[self.state]:
            raise self.error or Cancelled()

    async def _give_back(self) -> None:
        for volume in self.volumes:
            await volume.finish()
        if self.medium is not None:
            await self.medium.flush()
        medium, self.medium = self.medium, None
        _close(medium)

    def _ejected(self, ejecting: asyncio.Task[RumpusError | None]) -> None:
        if ejecting is self._ejecting:
            self._ejecting = None

    def _is_being_formatted(self) -> bool:
        return self.state is StickState.FORMATTING

    def _is_current(self) -> bool:
        return self.state is StickState.PROBING and asyncio.current_task() is self._probing

    def _let_go(self, state: StickState, volumes: VolumeState, error: RumpusError | None) -> None:
        medium, self.medium = self.medium, None
        started = [task for task in (self._probing, self._ejecting) if task is not None]
        self._probing = None
        if isinstance(error, DeviceGone):
            self.uses.interrupt()
            if self._is_being_formatted():
                self.uses.note(Account(Doing.FORMATTING))
        # First, so that whoever hears of a volume finds its stick in the state that explains it.
        self._set(state, error)
        for volume in self.volumes:
            volume.end(volumes, error)
        started = [task for task in started if task is not asyncio.current_task()]
        self._keep(asyncio.get_running_loop().create_task(self._close(medium, started)))
        self._tell()

    async def _close(self, medium: Medium | None, started: list[asyncio.Task[Any]]) -> None:
        for task in started:
            task.cancel()
        if started:
            await asyncio.wait(started)
        for volume in self.volumes:
            await volume.ended()
        _close(medium)

    def _drop_volumes(self, error: RumpusError | None) -> None:
        for volume in self.volumes:
            volume.end(VolumeState.GONE, error)
        self.volumes = ()

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _become(self, state: StickState, error: RumpusError | None) -> None:
        self._set(state, error)
        self._tell()

    def _set(self, state: StickState, error: RumpusError | None) -> None:
        if state is self.state and state.usable:
            return
        if state not in TRANSITIONS[self.state]:
            raise RuntimeError(f"a stick that is {self.state.name} cannot become {state.name}")
        self.state, self.error = state, error

    def _tell(self) -> None:
        if self.state.usable:
            self._set(self._in_use(), None)
        self._changed(self)

    def _in_use(self) -> StickState:
        if self.uses:
            return StickState.BUSY
        opened = any(volume.state is VolumeState.OPEN for volume in self.volumes)
        return StickState.OPEN if opened else StickState.READY


def _close(medium: Medium | None) -> None:
    if medium is not None:
        medium.close()
