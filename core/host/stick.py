"""One stick or image: looked at once when it comes, held while it is there, let go of when it is gone."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from core.entry import PartitionFacts, Survey
from core.errors import AccessDenied, DeviceGone, RumpusError
from core.host import reports
from core.host.access import Medium, open_medium
from core.host.devices import Device
from core.host.names import shown
from core.host.offloop import off_loop
from core.host.stick_volume import StickVolume, VolumeState
from core.host.supervisor import Supervisor
from core.host.system_disks import holds_the_system
from core.worker import protocol


class StickState(enum.Enum):
    PROBING = enum.auto()
    READY = enum.auto()
    FORMATTING = enum.auto()
    """It is being made empty; then it is looked at anew."""
    FAILED = enum.auto()
    """`error` says why; it may be tried again."""
    GONE = enum.auto()
    """Pulled out or forgotten, for good: put back it is another stick."""


TRANSITIONS: Mapping[StickState, frozenset[StickState]] = {
    StickState.PROBING: frozenset({StickState.READY, StickState.FAILED, StickState.GONE}),
    StickState.READY: frozenset({StickState.FORMATTING, StickState.FAILED, StickState.GONE}),
    StickState.FORMATTING: frozenset({StickState.PROBING, StickState.GONE}),
    StickState.FAILED: frozenset({StickState.PROBING, StickState.GONE}),
    StickState.GONE: frozenset(),
}


class Stick:
    """A device or an image. Made by `Sticks` only. Owns its medium, open while it is READY."""

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
        """Why it is FAILED or GONE; None when it was forgotten."""
        self.survey: Survey | None = None
        self.volumes: tuple[StickVolume, ...] = ()
        self.supervisor = supervisor
        self.medium: Medium | None = None
        self._changed = changed
        self._probing: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        """For people: the label of its only volume, else what its maker calls it, else its file name."""
        known = [volume for volume in self.volumes if volume.partition.system]
        if len(known) == 1 and known[0].partition.label:
            return shown(known[0].partition.label)
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

        Only a stick that is READY can be formatted. Raises its error if it is not, AccessDenied for a disk
        that this system runs from, and what `Supervisor.format` raises.
        """
        if await self.is_of_the_system():
            raise AccessDenied(str(self.path), "this computer's system runs from it")
        if self.state is not StickState.READY or self.medium is None:
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
        if self.state is StickState.READY:
            self._let_go(StickState.FAILED, VolumeState.FAILED, error)

    def end(self, error: RumpusError | None) -> None:
        """It is gone, at once. What was open is closed in the background; `ended` waits for that."""
        if self.state is not StickState.GONE:
            self._let_go(StickState.GONE, VolumeState.GONE, error)

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
        self.volumes = tuple(StickVolume(self, partition, self._tell) for partition in partitions)
        self._become(StickState.READY, None)

    def _is_being_formatted(self) -> bool:
        return self.state is StickState.FORMATTING

    def _is_current(self) -> bool:
        return self.state is StickState.PROBING and asyncio.current_task() is self._probing

    def _let_go(self, state: StickState, volumes: VolumeState, error: RumpusError | None) -> None:
        medium, self.medium = self.medium, None
        probing, self._probing = self._probing, None
        # First, so that whoever hears of a volume finds its stick in the state that explains it.
        self._set(state, error)
        for volume in self.volumes:
            volume.end(volumes, error)
        self._keep(asyncio.get_running_loop().create_task(self._close(medium, probing)))
        self._tell()

    async def _close(self, medium: Medium | None, probing: asyncio.Task[None] | None) -> None:
        if probing is not None and not probing.done():
            probing.cancel()
            await asyncio.wait({probing})
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
        if state not in TRANSITIONS[self.state]:
            raise RuntimeError(f"a stick that is {self.state.name} cannot become {state.name}")
        self.state, self.error = state, error

    def _tell(self) -> None:
        self._changed(self)


def _close(medium: Medium | None) -> None:
    if medium is not None:
        medium.close()
