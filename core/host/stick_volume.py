"""One volume of a stick: opened when somebody wants to see it, for all who do, and again when it failed."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from core.entry import PartitionFacts
from core.errors import Cancelled, DeviceGone, RumpusError
from core.host import reports
from core.host.names import shown
from core.host.volume import Volume
from core.worker import protocol
from core.worker.protocol import Request

if TYPE_CHECKING:
    from core.host.stick import Stick


class VolumeState(enum.Enum):
    CLOSED = enum.auto()
    OPENING = enum.auto()
    OPEN = enum.auto()
    FAILED = enum.auto()
    """`error` says why. It may be opened again."""
    GONE = enum.auto()
    """With its stick, for good."""


TRANSITIONS: Mapping[VolumeState, frozenset[VolumeState]] = {
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
        self.error: RumpusError = Cancelled()
        """What those who wait are told when no volume comes of it."""

    def fits(self, driver: str, code_page: str) -> bool:
        """Whether it is what somebody wants; an empty wish is content with anything."""
        return driver in ("", self.driver) and code_page in ("", self.code_page)


class StickVolume:
    """A place on a stick where a file system is or may be. Owns its `Volume` while there is one."""

    def __init__(self, stick: Stick, partition: PartitionFacts, changed: Callable[[], None]) -> None:
        self.stick = stick
        self.partition = partition
        self.name = shown(partition.label or partition.name or partition.system) or _numbered(
            stick, partition
        )
        """For people."""
        self.state = VolumeState.CLOSED
        self.error: RumpusError | None = None
        """Why it is FAILED or GONE."""
        self.volume: Volume | None = None
        """Set while it is OPEN."""
        self._changed = changed
        self._opening = protocol.Open(id=0, partition=partition.number)
        self._operations: tuple[Request, ...] = ()
        self._attempt: _Attempt | None = None
        """The try under way, or the one that brought the open volume."""
        self._ending: set[asyncio.Task[None]] = set()

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

    async def close(self) -> None:
        """Ends the driver. Whoever waits for the volume is told Cancelled. It may be opened again."""
        failed_with_its_stick = self.state is VolumeState.FAILED and not self.stick.state.usable
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
        if self.state is VolumeState.GONE or not self.stick.state.usable:
            raise (self.error or self.stick.error or Cancelled()).with_traceback(None)
        if self._attempt is not None:
            self._stop(self._attempt, Cancelled())
        self._close_volume()
        attempt = self._attempt = _Attempt(driver, code_page)
        number = self.partition.number
        self._opening = protocol.Open(id=0, partition=number, driver=driver, code_page=code_page)
        self._operations = ()
        attempt.task = asyncio.get_running_loop().create_task(self._run(attempt))
        if self.state is not VolumeState.OPENING:
            self._become(VolumeState.OPENING, None)
        return attempt

    async def _run(self, attempt: _Attempt) -> None:
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
        if attempt is not None:
            self._stop(attempt, told)
        self._close_volume()
        self._become(state, error)

    def _close_volume(self) -> None:
        volume, self.volume = self.volume, None
        if volume is not None:
            self._keep(asyncio.get_running_loop().create_task(volume.close()))

    def _stop(self, attempt: _Attempt, told: RumpusError) -> None:
        attempt.error = told
        if attempt.task is not None and not attempt.task.done():
            attempt.task.cancel()
            self._keep(attempt.task)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _become(self, state: VolumeState, error: RumpusError | None) -> None:
        if state not in TRANSITIONS[self.state]:
            raise RuntimeError(f"a volume that is {self.state.name} cannot become {state.name}")
        self.state, self.error = state, error
        self._changed()


def _numbered(stick: Stick, partition: PartitionFacts) -> str:
    return f"{shown(stick.path.name)}@{partition.number}" if partition.number else shown(stick.path.name)
