"""Changes to what is on a stick: new folders, other names and places, and what is to be gone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.entry import Entry, Kind
from core.errors import AlreadyExists, Cancelled, DeviceGone, NameNotAllowed, RumpusError
from core.host.changes import Changes
from core.host.clocks import host_time
from core.host.landing import Conflict
from core.host.names import marked, shown
from core.host.preflight import Taken
from core.host.previewing import Previewer
from core.host.removing import Remove
from core.host.sticks import StickVolume
from core.host.volume import Volume
from gui import asking
from gui.clipboard import Held
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.page import Page
from gui.panes.choice import Answer, Choice, ChoiceBar
from gui.preview.looks import Looks
from gui.tasks import Tasks
from gui.translating import tr
from gui.wording import quoted
from gui.works import Removal

_MOST_NAMES = 1000
_KEEP, _DELETE = "keep", "delete"

_Change = Callable[[Page, StickVolume], Coroutine[Any, Any, None]]


class Changing(QObject):
    """Each change is asked of the volume, shown in place, and then brought to the medium."""

    started = Signal(object)
    """A Removal, before the first thing is gone."""
    failed = Signal(object, str)
    """A RumpusError and the name of what it is about."""

    def __init__(self, navigator: Navigator, tasks: Tasks, choices: ChoiceBar, parent: QObject) -> None:
        super().__init__(parent)
        self.previewer: Previewer | None = None
        """Shows what is asked about."""
        self._navigator = navigator
        self._tasks = tasks
        self._choices = choices

    def new_folder(self, page: Page) -> None:
        """Makes one in the folder that is shown, and lets its name be typed."""
        self._do(page, self._new_folder, page.name)

    def rename(self, page: Page, entry: Entry, name: str) -> None:
        self._do(page, lambda page, at: self._rename(page, at, entry, name), entry.name)

    def delete(self, page: Page) -> None:
        """What is selected, when the answer to a question is yes."""
        entries = page.browser.selected
        if entries:
            self._do(page, lambda page, at: self._delete(page, at, entries), page.name)

    def move(self, page: Page, held: Held, folder: int, moved: Callable[[], None]) -> None:
        """What was cut on the volume of the page, into another folder of it; `moved` is called in the end."""
        self._do(page, lambda page, at: self._move(page, at, held, folder, moved), page.name)

    def _do(self, page: Page, change: _Change, name: str) -> None:
        at = page.stick_volume
        if at is not None and page.volume is not None:
            self._tasks.spawn(change(page, at), lambda error: self._failed(at, error, name))

    def _failed(self, at: StickVolume, error: RumpusError, name: str) -> None:
        tell_of_loss(at, error)
        self.failed.emit(error, name)

    async def _new_folder(self, page: Page, at: StickVolume) -> None:
        changes, folder = await at.changes(), page.folder
        there = {entry.name.casefold() for entry in page.browser.model.contents.entries}
        for name in _numbered(tr("New folder")):
            if name.casefold() in there:
                continue
            try:
                made = await changes.create(folder.node, name, Kind.DIRECTORY)
            except AlreadyExists:
                continue
            self._navigator.show_own_changes(page, at, folder.node, [made.node], edit=made.node)
            break
        await settle(at)

    async def _rename(self, page: Page, at: StickVolume, entry: Entry, name: str) -> None:
        parent, folder = page.parent_of(entry), page.folder
        changes = await at.changes()
        try:
            renamed = await changes.rename(entry.node, parent, name)
        except (AlreadyExists, NameNotAllowed) as error:
            self.failed.emit(error, page.name)
            here = page.folder.node == folder.node or page.searched
            if here and page in self._navigator.pages:
                page.browser.edit(entry.node, name)
            return
        self._navigator.uproot(page, at)
        self._navigator.show_own_changes(page, at, folder.node, [renamed.node])
        await settle(at)

    async def _move(
        self, page: Page, at: StickVolume, held: Held, folder: int, moved: Callable[[], None]
    ) -> None:
        changes, volume, here = await at.changes(), await at.open(), page.folder.node
        entries = await held.entries()
        came: list[int] = []
        ways: dict[str, str] = {}
        try:
            for number, entry in enumerate(entries):
                node = await self._move_one(changes, volume, entry, folder, ways, len(entries) - number - 1)
                came += [node] if node is not None else []
            moved()
        finally:
            self._navigator.uproot(page, at)
            self._navigator.show_own_changes(page, at, here, came if folder == here else ())
        for node in {folder, *await held.folders()} - {here}:
            self._navigator.show_own_changes(page, at, node)
        await settle(at)

    async def _move_one(
        self, changes: Changes, volume: Volume, entry: Entry, folder: int, ways: dict[str, str], left: int
    ) -> int | None:
        """Its node then; None when it is to stay. `ways` has the answer for all, once there is one."""
        try:
            return (await changes.rename(entry.node, folder, entry.name)).node
        except AlreadyExists:
            there = await volume.lookup(folder, entry.name)
        if there.node == entry.node:
            return entry.node
        zone, is_folder = volume.facts.zone, entry.kind is Kind.DIRECTORY
        way = ways.get("all", "")
        if not way:
            taken = Taken(entry.name, entry.size, host_time(entry.modified, zone), there, entry)
            with Looks(self.previewer, self._tasks, volume, volume) as looks:
                question = asking.taken(volume.facts.label, taken, zone, left, looks, folder=is_folder)
                answer = await self._choices.ask(question)
            if answer.id == asking.STOP:
                raise Cancelled
            way = answer.id
            if answer.again:
                ways["all"] = way
        if way == Conflict.SKIP.value:
            return None
        if way == Conflict.REPLACE.value and not is_folder and there.kind is Kind.FILE:
            return (await changes.rename(entry.node, folder, entry.name, replace=True)).node
        for number in range(2, _MOST_NAMES):
            with contextlib.suppress(AlreadyExists):
                return (await changes.rename(entry.node, folder, marked(entry.name, f" ({number})"))).node
        raise AlreadyExists(entry.name)

    async def _delete(self, page: Page, at: StickVolume, entries: Sequence[Entry]) -> None:
        changes, folder, volume = await at.changes(), page.folder, page.volume
        if volume is None or (await self._choices.ask(deletion(entries, page.name))).id != _DELETE:
            return
        job = Remove(volume, changes, entries)
        self.started.emit(Removal(job, what(entries), page.name, (volume,)))
        forget = job.observe(lambda _: self._navigator.show_own_changes(page, at, folder.node))
        try:
            await job.run()
        finally:
            forget()
            self._navigator.uproot(page, at)
            self._navigator.show_own_changes(page, at, folder.node)
        if job.error is None:
            await at.describe()
        else:
            tell_of_loss(at, job.error)


async def settle(at: StickVolume) -> None:
    """Shows what is free now, and returns when everything is on the medium."""
    await at.describe()
    await (await at.changes()).flush()


def tell_of_loss(at: StickVolume, error: RumpusError) -> None:
    """A stick that went while it was written is lost to those who read it too."""
    if isinstance(error, DeviceGone):
        at.stick.lost(error)


def what(entries: Sequence[Entry]) -> str:
    """For sentences: “beach.jpg”, or "3 items"."""
    return quoted(entries[0].name) if len(entries) == 1 else tr("%Ln items", "", len(entries))


def deletion(entries: Sequence[Entry], stick: str) -> Choice:
    """The question before something is deleted."""
    folders = sum(entry.kind is Kind.DIRECTORY for entry in entries)
    single = len(entries) == 1
    return Choice(
        tr("Delete {what} from {stick}?", what=what(entries), stick=quoted(stick)),
        (
            Answer(_DELETE, tr("Delete {what}", what=what(entries)), grave=True),
            Answer(_KEEP, tr("Keep it") if single else tr("Keep them")),
        ),
        tr("This cannot be undone: a stick has no rubbish bin.")
        + (" " + tr("Everything in the %Ln folders goes with them.", "", folders) if folders else ""),
        listed=() if single else tuple(_described(entry) for entry in entries),
    )


def _described(entry: Entry) -> str:
    name = shown(entry.name)
    return tr("{name} (folder)", name=name) if entry.kind is Kind.DIRECTORY else name


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in range(2, _MOST_NAMES):
        yield marked(name, f" {number}")
