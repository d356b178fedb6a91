"""What leaves a stick: copies into a folder, files opened by the desktop, files dragged to another program.

Nothing from a stick is ever run; kinds that make other programs do what the stick's author wants are asked
about before they are opened. Other programs get a path where a mount shows them the file, read-only and not
executable. Where there is none, a file that is to be opened is copied into a private folder first.

Dragging without a mount extracts first and drags then: receivers ask for data while both programs wait, and
one that takes longer than a few seconds is given up by them; on Wayland there is no other way at all. When
the button was released before the files were there, they wait in the transfer strip to be dragged from it.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from shiboken6 import isValid

from core.entry import Entry, Kind
from core.errors import Cancelled, RumpusError
from core.host import danger, private
from core.host.checking import Check
from core.host.comeback import Comeback
from core.host.offloop import off_loop
from core.host.planning import Step
from core.host.preflight import Taken
from core.host.transfers import Conflict, CopyOut, TransferState
from core.host.volume import Volume
from gui import dangers, formats
from gui.dragging import drag_inside, drag_paths, is_held
from gui.tasks import Tasks
from gui.translating import tr
from gui.wording import quoted

if TYPE_CHECKING:
    from gui.proving import Proving

MOST_DRAGGED = 2_000_000_000
"""Bytes that a drag extracts. What is more takes longer than anybody holds a button: "Copy to…" is for it."""


Paths = Callable[[], Coroutine[Any, Any, list[Path]]]
"""Where other programs find files of a stick. Raises a RumpusError when they do not."""

ENDED = (TransferState.DONE, TransferState.FAILED, TransferState.CANCELLED)


class Purpose(enum.Enum):
    KEEP = enum.auto()
    """The user chose the folder."""
    OPEN = enum.auto()
    DRAG = enum.auto()


@dataclass(eq=False)
class Outbound:
    """One job and what it is for."""

    job: CopyOut
    purpose: Purpose
    what: str
    """For sentences: “beach.jpg”, or "3 items"."""
    stick: str
    """The volume's label, raw, perhaps empty."""
    entries: tuple[Entry, ...]
    dragged: bool = field(default=False)
    """Whether the drag that it was made for has begun."""
    volumes: tuple[Volume, ...] = ()
    """The one that is read."""
    again: Callable[[], None] | None = None
    """Starts another try for what did not arrive, as a work of its own."""
    proves: bool = False
    """Whether what arrives is read back without being asked."""
    check: Check | None = None
    """Reads it back, or has."""
    asked: bool = False
    """Whether it waits for an answer."""
    dropped: bool = False
    """Whether the user let it be before its first byte: nothing needs to be said of it."""


Ask = Callable[[Outbound, Sequence[tuple[Step, Taken]]], Awaitable[Mapping[Step, Conflict]]]


@dataclass(frozen=True)
class Question:
    """Why a file was not handed to the desktop at once."""

    volume: Volume
    entry: Entry
    sentence: str
    disguised: bool = False


class Outgoing(QObject):
    """Owns the private folders and every job that leaves a stick; `close` ends and removes them."""

    started = Signal(object)
    """An Outbound, before its first byte."""
    extracted = Signal(object)
    """An Outbound for a drag, whose files are there now; `dragged` says whether the drag begins by itself."""
    questioned = Signal(object)
    """A Question: the file stays closed unless the user wants to see its text."""
    told = Signal(str)
    """A sentence about why nothing was started."""
    failed = Signal(object, str)
    """A RumpusError and the name of what it is about."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.comeback_of: Callable[[Volume], Comeback | None] = lambda volume: None
        """What knows the stick of a volume again."""
        self.proving: Proving | None = None
        """Reads back what was copied, where that is wanted."""
        self.consult: Ask | None = None
        """Asks what is to become of what is there already; without it both are kept."""
        self.within: Callable[[], bool] = lambda: False
        """Whether the window shows another place to drop things onto, which takes them without a path."""
        self._tasks = tasks
        self._folders = private.PrivateFolders()
        self._jobs: set[CopyOut] = set()
        self._extracted: dict[tuple[Volume, tuple[int, ...]], Outbound] = {}
        tasks.spawn(asyncio.to_thread(private.remove_stale))

    def close(self) -> None:
        """Cancels what is under way and removes every private file. Call it when the tasks have ended."""
        for job in self._jobs:
            job.cancel()
        self._extracted.clear()
        self._folders.close()

    def copy_to(self, volume: Volume, entries: Sequence[Entry], folder: Path) -> CopyOut:
        """Starts to copy entries, and whatever is in them, into a folder that exists."""

        async def consult(found: Sequence[tuple[Step, Taken]]) -> Mapping[Step, Conflict]:
            outbound.asked = True
            try:
                return await self.consult(outbound, found) if self.consult is not None else {}
            except Cancelled:
                outbound.dropped = True
                raise
            finally:
                outbound.asked = False

        job = CopyOut(volume, entries, folder, comeback=self.comeback_of(volume), consult=consult)
        outbound = self._keep(job, entries)
        return job

    def _keep(self, job: CopyOut, entries: Sequence[Entry]) -> Outbound:
        outbound = _outbound(job, Purpose.KEEP, job.volume, entries)
        outbound.proves = self.proving is not None and self.proving.always

        def returned(volume: Volume) -> None:
            outbound.volumes = (volume,)

        def again() -> None:
            self._tasks.spawn(self._again(outbound), lambda error: self.failed.emit(error, outbound.stick))

        job.returned, outbound.again = returned, again
        self._start(outbound)
        return outbound

    async def _again(self, outbound: Outbound) -> None:
        volume = outbound.job.volume
        if outbound.job.comeback is not None:
            volume = await outbound.job.comeback.now(volume)
        job = outbound.job.again(volume)
        if job is not None:
            self._keep(job, outbound.entries)

    def open(self, volume: Volume, entry: Entry, paths: Paths | None = None) -> None:
        """Opens a file with the desktop's program for it, or asks first (`questioned`)."""
        if entry.kind is Kind.FILE:
            self._tasks.spawn(
                self._open(volume, entry, paths), lambda error: self.failed.emit(error, entry.name)
            )

    def drag(
        self, volume: Volume, entries: Sequence[Entry], source: QObject, paths: Paths | None = None
    ) -> None:
        """Drags entries from `source` by their paths, if the button is still down when these are known.

        Without paths entries are extracted first.
        """
        if paths is not None:
            self._tasks.spawn(self._drag_paths(volume, entries, source, paths))
        else:
            self._drag_pathless(volume, entries, source)

    async def _drag_paths(
        self, volume: Volume, entries: Sequence[Entry], source: QObject, paths: Paths
    ) -> None:
        def drag() -> None:
            if _can_drag(source):
                drag_paths(found, entries, source)

        try:
            found = await paths()
        except RumpusError:
            self._drag_pathless(volume, entries, source)
        else:
            self._soon(drag)

    def _drag_pathless(self, volume: Volume, entries: Sequence[Entry], source: QObject) -> None:
        """Within the window at once, where there is a place to drop onto; extracted for other programs."""

        def drag() -> None:
            if _can_drag(source) and drag_inside(entries, source):
                self._drag_extracted(volume, entries, source)

        ready = self._extracted.get(_key(volume, entries))
        if self.within() and not (ready is not None and _whole(ready)):
            self._soon(drag)
        else:
            self._drag_extracted(volume, entries, source)

    def _drag_extracted(self, volume: Volume, entries: Sequence[Entry], source: QObject) -> None:
        size = sum(entry.size for entry in entries if entry.kind is Kind.FILE)
        if size > MOST_DRAGGED:
            self.told.emit(
                tr("{size} are too much to drag. Copy them to a folder instead.", size=formats.size(size))
            )
            return
        ready = self._extracted.get(_key(volume, entries))
        if ready is not None and _whole(ready):
            self.drag_again(ready, source)
            return
        try:
            folder = self._folders.make(size)
        except RumpusError as error:
            self.failed.emit(error, _what(entries))
            return
        job = CopyOut(volume, entries, folder, flush=False)
        outbound = _outbound(job, Purpose.DRAG, volume, entries)
        self._extracted[_key(volume, entries)] = outbound
        forget = job.observe(lambda job: self._bound(job, forget))
        self._start(outbound, source)

    def drag_again(self, outbound: Outbound, source: QObject) -> None:
        """Drags what was extracted and waits in the transfer strip."""
        drag_paths(outbound.job.landed, outbound.entries, source)

    def _start(self, outbound: Outbound, source: QObject | None = None) -> None:
        self._jobs.add(outbound.job)
        self.started.emit(outbound)
        self._tasks.spawn(self._run(outbound, source))

    async def _run(self, outbound: Outbound, source: QObject | None) -> None:
        try:
            await outbound.job.run()
        finally:
            self._jobs.discard(outbound.job)
        if outbound.proves and self.proving is not None and outbound.job.state is TransferState.DONE:
            await self.proving.prove(outbound)
        if outbound.purpose is not Purpose.KEEP:
            await off_loop(_make_read_only, tuple(outbound.job.landed), undo=lambda _: None)
        if source is not None and _whole(outbound):
            self._soon(lambda: self._drag_if_held(outbound, source))

    def _soon(self, drag: Callable[[], None]) -> None:
        """A drag has an event loop of its own, which must not run inside a task."""
        QTimer.singleShot(0, self, drag)

    async def _open(self, volume: Volume, entry: Entry, paths: Paths | None) -> None:
        head = await volume.read(entry.node, 0, danger.HEAD)
        found = danger.judge(entry.name, head)
        if found is not None:
            self.questioned.emit(Question(volume, entry, dangers.sentence(found), found.disguised))
            return
        path = await self._path(volume, entry, paths)
        if path is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.questioned.emit(
                Question(volume, entry, tr("No program on this computer says that it opens this."))
            )

    async def _path(self, volume: Volume, entry: Entry, paths: Paths | None) -> Path | None:
        """A path for other programs, if only of a copy that is made for them; None when that fails."""
        if paths is not None:
            with contextlib.suppress(RumpusError):
                return (await paths())[0]
        job = CopyOut(volume, [entry], self._folders.make(entry.size), flush=False)
        outbound = _outbound(job, Purpose.OPEN, volume, [entry])
        self._jobs.add(job)
        self.started.emit(outbound)
        await self._run(outbound, None)
        return job.landed[0] if job.landed else None

    def _drag_if_held(self, outbound: Outbound, source: QObject) -> None:
        outbound.dragged = _can_drag(source)
        self.extracted.emit(outbound)
        if outbound.dragged:
            self.drag_again(outbound, source)

    def _bound(self, job: CopyOut, forget: Callable[[], None]) -> None:
        """Stops a drag of too much: what folders hold is known only when they have been walked."""
        if job.progress.bytes > MOST_DRAGGED and job.state not in ENDED:
            forget()
            job.cancel()
            self.told.emit(tr("This is too much to drag. Copy it to a folder instead."))


def _can_drag(source: QObject) -> bool:
    """Whether the button is still down, on something that is still there: a tab may have been closed."""
    return isValid(source) and is_held()


def _make_read_only(paths: Sequence[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):  # removed meanwhile, by whoever cleans that place
            if path.is_file():
                path.chmod(0o400)


def _outbound(job: CopyOut, purpose: Purpose, volume: Volume, entries: Sequence[Entry]) -> Outbound:
    return Outbound(job, purpose, _what(entries), volume.facts.label, tuple(entries), volumes=(volume,))


def _what(entries: Sequence[Entry]) -> str:
    return quoted(entries[0].name) if len(entries) == 1 else tr("%Ln items", "", len(entries))


def _key(volume: Volume, entries: Sequence[Entry]) -> tuple[Volume, tuple[int, ...]]:
    return volume, tuple(entry.node for entry in entries)


def _whole(outbound: Outbound) -> bool:
    """Whether everything that was extracted for a drag is still there."""
    job = outbound.job
    return job.state is TransferState.DONE and bool(job.landed) and all(path.exists() for path in job.landed)
