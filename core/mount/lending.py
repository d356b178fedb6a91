"""The mounts of a window: one for each open volume whose files other programs are to see.

Made when they are needed first, in a process of their own (`core.mount.apart`), and taken back with the
volume: before its stick is ejected, when it is closed, and at once when it is pulled out.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from core.entry import Entry
from core.errors import Cancelled, DeviceGone, NotMounted, RumpusError
from core.host.names import host_name
from core.host.offloop import off_loop
from core.host.sticks import StickVolume, VolumeState
from core.mount import host
from core.mount.apart import Apart, Wish, mounted_apart
from core.mount.attributes import inode_of
from core.mount.places import Bounds
from core.mount.runtime import Runtime, remove_stale
from core.mount.tree import fits

_QUIET = 0.3
"""Seconds without a change after which the volume is shown anew."""
_PATIENCE = 3.0
"""Seconds that somebody waits for that."""


class Loan:
    """One mount of one volume: a `core.host.lent.Lent`."""

    def __init__(self, at: StickVolume, directory: Path, without: Collection[str]) -> None:
        self.process = 0
        self.zygote = 0
        """The process that starts its workers."""
        self.place = directory
        self.ready: asyncio.Future[Path] = asyncio.get_running_loop().create_future()
        """Resolves when it is mounted, or with the RumpusError for which it is not."""
        self.ready.add_done_callback(lambda ready: ready.cancelled() or ready.exception())
        self.reason: RumpusError | None = None
        """Why it ended by itself."""
        self._at = at
        self._without = without
        self._mount: Apart | None = None
        self._known = asyncio.Event()
        """Set once `process` is, or there will be none."""
        self._told = asyncio.Event()
        self._unsettled = False
        self._shown = asyncio.Event()
        """Set while it is shown as the medium has it."""
        self._shown.set()
        self._quiet: asyncio.TimerHandle | None = None
        self._showing: asyncio.Task[None] | None = None
        self.task: asyncio.Task[None] = asyncio.get_running_loop().create_task(self._run())

    async def begun(self) -> None:
        await self._known.wait()

    async def changing(self) -> None:
        if self._quiet is not None:
            self._quiet.cancel()
        if not self._unsettled:
            self._unsettle()
            if self._mount is not None:
                await self._mount.changing()

    def changed(self) -> None:
        writing = self._at.writing
        if writing is None or writing.under_way or writing.settled < writing.staged:
            return  # shown once the medium has it
        if self._quiet is not None:
            self._quiet.cancel()
        self._quiet = asyncio.get_running_loop().call_later(_QUIET, self._show)

    async def settled(self) -> None:
        """Returns when it is shown as it is, or is not soon."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._shown.wait()

    async def end(self) -> None:
        if isinstance(self._at.error, DeviceGone) and self._mount is not None:
            self._mount.pulled()
        self._told.set()
        await asyncio.wait({self.task})

    def _unsettle(self) -> None:
        self._unsettled = True
        self._shown.clear()

    def _show(self) -> None:
        self._unsettled = False
        self._showing = asyncio.get_running_loop().create_task(self._show_anew())

    async def _show_anew(self) -> None:
        if self._mount is not None:
            await self._mount.changed()
        if not self._unsettled:
            self._shown.set()

    def _begun(self, process: int) -> None:
        self.process = process
        self._known.set()

    async def _run(self) -> None:
        medium, opened, partition = self._at.stick.medium, self._at.wish, self._at.partition
        try:
            if medium is None:
                raise DeviceGone
            wish = Wish(
                -1,
                str(self._at.stick.path),
                partition.number,
                Bounds(partition.offset, partition.size),
                str(self.place),
                opened.driver,
                opened.code_page,
                sorted(self._without),
            )
            zygote = await self._at.stick.supervisor.split()
            self.zygote = zygote.process.pid
            async with mounted_apart(medium, wish, self._begun, zygote) as mount:
                await self._serve(mount)
        except RumpusError as error:
            self.reason = error
        finally:
            self._known.set()
            if self._quiet is not None:
                self._quiet.cancel()
            if self._showing is not None:
                await asyncio.wait({self._showing})
            if not self.ready.done():
                self.ready.set_exception(self.reason or Cancelled())
            with contextlib.suppress(OSError):
                self.place.rmdir()

    async def _serve(self, mount: Apart) -> None:
        self._mount = mount
        if self._at.writing is not None:  # it may have been changed while this was being mounted
            self._unsettle()
            await mount.changing()
            self.changed()
        if not self._told.is_set():
            self.ready.set_result(self.place)
        told = asyncio.ensure_future(self._told.wait())
        first: set[asyncio.Future[Any]] = {told, mount.ended}
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if mount.ended.done():
            self.reason = mount.ended.result()


class Lending:
    """Owns the mounts of a window: `close` it. Belongs to one event loop."""

    def __init__(self, without: Collection[str] = ()) -> None:
        self.wanted = True
        """Whether anything may be mounted."""
        self.broken: Callable[[StickVolume, RumpusError], object] = lambda at, error: None
        """Hears of a mount that ended although its volume is open."""
        self._without = without
        self._runtime = Runtime()
        self._refusal: RumpusError | None = None
        """Why nothing can be mounted on this machine, once that is known."""
        self._refused: dict[StickVolume, RumpusError] = {}
        """Not tried again by itself: where it failed for a reason of the volume."""
        self._loans: dict[StickVolume, Loan] = {}

    async def begin(self) -> None:
        """Takes away what a window left that was killed."""
        await remove_stale()

    def prepare(self, at: StickVolume) -> None:
        """Mounts a volume in the background, if that can be, because it may be needed soon."""
        with contextlib.suppress(RumpusError):
            self._loan(at)

    def retry(self, at: StickVolume) -> None:
        """As `prepare`, although it has failed before."""
        self._refused.pop(at, None)
        self.prepare(at)

    async def directory(self, at: StickVolume) -> Path:
        """Where an open volume is mounted, once it is. Raises NotMounted, and what kept it from that."""
        return await asyncio.shield(self._loan(at).ready)

    async def paths(
        self, at: StickVolume, ways: Sequence[Sequence[str]], entries: Sequence[Entry]
    ) -> list[Path]:
        """Where other programs find entries of a volume: each with the names that lead to it from the root.

        Raises as `directory`, and NotMounted where they are not found there.
        """
        loan = self._loan(at)
        directory = await asyncio.shield(loan.ready)
        await loan.settled()
        return await off_loop(_paths, directory, ways, entries, undo=lambda _: None)

    async def turn(self, wanted: bool) -> None:
        """Whether anything may be mounted from now on; if not, what is mounted is taken back."""
        self.wanted = wanted
        if not wanted:
            await asyncio.gather(*(loan.end() for loan in tuple(self._loans.values())))

    async def close(self) -> None:
        await self.turn(False)
        self._runtime.close()

    def _loan(self, at: StickVolume) -> Loan:
        known = self._loans.get(at)
        if known is not None:
            return known
        refusal = self._refusal or self._refused.get(at)
        if refusal is not None:
            raise refusal.with_traceback(None)
        if not self.wanted:
            raise NotMounted("", "sticks are not shown to other programs")
        if at.state is not VolumeState.OPEN:
            raise at.error or NotMounted("", "it is not open")
        try:
            host.check_fuse()
            directory = self._runtime.make(at.name)
        except RumpusError as error:
            self._refusal = error
            raise
        loan = self._loans[at] = at.lent = Loan(at, directory, self._without)
        loan.task.add_done_callback(lambda _: self._over(at, loan))
        return loan

    def _over(self, at: StickVolume, loan: Loan) -> None:
        del self._loans[at]
        if at.lent is loan:
            at.lent = None
        if loan.reason is not None and at.state is VolumeState.OPEN:
            self._refused[at] = loan.reason
            self.broken(at, loan.reason)


def _paths(directory: Path, ways: Sequence[Sequence[str]], entries: Sequence[Entry]) -> list[Path]:
    """Names may be others there, and are told apart by the numbers of what they name."""
    found = []
    for way, entry in zip(ways, entries, strict=True):
        path, inode = directory.joinpath(*map(_name, way)), inode_of(entry.node)
        try:
            if path.lstat().st_ino != inode and way:
                with os.scandir(path.parent) as there:
                    path = next(Path(each.path) for each in there if each.inode() == inode)
        except (OSError, StopIteration) as error:
            raise NotMounted(str(path), "it is not found there") from error
        found.append(path)
    return found


def _name(name: str) -> str:
    return name if fits(name) else host_name(name)
