"""The page of one volume: its files, or in their place what is to be said about it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.entry import Entry, Kind
from core.errors import DeviceGone, NotFound, RumpusError
from core.host import capsule
from core.host.access import open_medium
from core.host.names import shown
from core.host.sticks import Stick, StickState, StickVolume, VolumeState
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from core.worker import protocol
from gui.browser.browser import Browser
from gui.browser.results import Results
from gui.mainwindow.place import Crumb, Key, Place, found_again, path_of
from gui.mainwindow.waiting import Waiting
from gui.panes.error import ErrorPane
from gui.tasks import Tasks
from gui.translating import later, tr
from gui.walls import WallsPage

_QUIET = 300
"""Milliseconds without a change after which what was found is looked for anew."""

_LOST = (VolumeState.FAILED, VolumeState.GONE, StickState.FAILED, StickState.GONE, StickState.SAFE)
_UNCLEAN = later(
    "This stick was not ejected properly the last time. What was being written then may be damaged. "
    "Copy what matters from it before you put anything new on it."
)


class Page(QStackedWidget):
    """Shows one `StickVolume`, or a stick of which nothing is known yet.

    It opens the volume when it is entered. What it shows follows from the state of the volume alone.
    """

    moved = Signal()
    """It has come to another folder."""
    changed = Signal()
    """What can be done here, or what the status bar says, may be another."""
    asked = Signal(str)
    """An `Ask` of the error pane that is not for the page itself."""

    quick_wanted = Signal()
    """Space was pressed on a file."""

    opened = Signal(object)
    """The Entry of a file or link that was double-clicked, or Enter pressed on."""

    def __init__(self, key: Key, stick: Stick, supervisor: Supervisor, tasks: Tasks) -> None:
        super().__init__()
        self.key = key
        self.stick = stick
        self.crumbs: tuple[Crumb, ...] = ()
        self.searched = ""
        """What is searched for; empty while a folder is shown."""
        self.browser = Browser(tasks)
        self.pane = ErrorPane()
        self.walls = WallsPage(supervisor, tasks)
        self._waiting = Waiting()
        self._tasks = tasks
        self._supervisor = supervisor
        self._entering: asyncio.Task[None] | None = None
        self._read: Volume | None = None
        """The volume that the browser shows, and that the nodes of the crumbs belong to."""
        self._epoch = 0
        """Rises when nodes that are remembered elsewhere may mean something else, or nothing."""
        self._stood: dict[int, int] = {}
        """By node of a folder: the node of the entry where one stood when leaving it."""
        self._search_again = QTimer(self)
        self._search_again.setSingleShot(True)
        self._search_again.setInterval(_QUIET)
        self._search_again.timeout.connect(lambda: self.browser.reload() if self.searched else None)
        self._stood_on_found: int | None = None
        """The node of the match where one stood when leaving the results."""
        self._folder_error: RumpusError | None = None
        self._explained: tuple[RumpusError, str] | None = None
        """What the pane shows, which is not made anew each time: it may be unfolded, and have the focus."""
        for widget in (self._waiting, self.browser, self.pane, self.walls):
            self.addWidget(widget)
        self.browser.activated.connect(self._activated)
        self.browser.changed.connect(self.changed)
        self.browser.selection_changed.connect(self.changed)
        self.browser.failed.connect(self._folder_failed)
        self.pane.asked.connect(self.asked)
        self.walls.closed.connect(self.hide_walls)

    # what is here -------------------------------------------------------------------------------------------

    @property
    def stick_volume(self) -> StickVolume | None:
        """None while it is not known what the stick holds."""
        number = self.key.partition
        return next((each for each in self.stick.volumes if each.partition.number == number), None)

    @property
    def name(self) -> str:
        """For people."""
        volume = self.stick_volume
        return volume.name if volume is not None else self.stick.name

    @property
    def volume(self) -> Volume | None:
        """The open volume whose files are shown."""
        volume = self.stick_volume
        return volume.volume if volume is not None else None

    @property
    def place(self) -> Place:
        return Place(self.key, self.crumbs, self._session(self._read), self.searched)

    @property
    def error(self) -> RumpusError | None:
        """What stands in the place of the files."""
        source = self.stick_volume or self.stick
        if source.state in _LOST:
            return source.error or self.stick.error or DeviceGone()
        if source is self.stick and self.stick.state.usable and self.key.partition is not None:
            return NotFound(self.name)
        return self._folder_error

    @property
    def shows_files(self) -> bool:
        return self.currentWidget() is self.browser

    @property
    def folder(self) -> Entry:
        """The one that is shown."""
        if self.crumbs:
            return Entry(self.crumbs[-1].name, self.crumbs[-1].node, Kind.DIRECTORY)
        return Entry("", self._read.facts.root if self._read is not None else 0, Kind.DIRECTORY)

    def home_of(self, entry: Entry) -> tuple[Crumb, ...]:
        """The way to the folder where it lies: the one on screen, or of what was found any other."""
        results = self.browser.results
        if results is None:
            return self.crumbs
        return tuple(Crumb(folder.name, folder.node) for folder in results.way_to(entry))

    @property
    def title(self) -> str:
        """For people."""
        return shown(self.crumbs[-1].name) if self.crumbs else self.name

    def way_to(self, entry: Entry) -> tuple[str, ...]:
        """The names that lead from the root to an entry on screen, its own the last. Raw. Raises NotFound."""
        results = self._results_with(entry)
        above = results.way_to(entry) if results is not None else self.crumbs
        return (*(each.name for each in above), entry.name)

    def parent_of(self, entry: Entry) -> int:
        """The node of the folder that an entry on screen lies in. Raises NotFound."""
        results = self._results_with(entry)
        if results is None or self._read is None:
            return self.folder.node
        way = results.way_to(entry)
        return way[-1].node if way else self._read.facts.root

    def _results_with(self, entry: Entry) -> Results | None:
        results = self.browser.results
        if results is not None and not results.knows(entry):
            raise NotFound(entry.name)  # it is being searched anew, and where this lies is not known any more
        return results

    # going places -------------------------------------------------------------------------------------------

    def enter(self, place: Place, focus: int | None = None) -> None:
        """Shows a folder, opening the volume first where it is not. `focus` as in `Browser.read`."""
        self._leave()
        self._entering = self._tasks.spawn(self._enter(place, focus), self._not_entered)

    def enter_folder(self, crumbs: tuple[Crumb, ...], focus: int | None = None) -> None:
        """One that the volume on screen has told of."""
        self.enter(Place(self.key, crumbs, self.place.session), focus)

    def reload(self) -> None:
        if self.shows_files:
            self.browser.reload()
        else:
            self.enter(self.place)

    def go_up(self) -> None:
        if self.crumbs:
            self.enter_folder(self.crumbs[:-1], self.crumbs[-1].node)

    def go_to(self, path: str) -> None:
        """Shows the folder of that path, or says why there is none."""
        self._leave()
        self._entering = self._tasks.spawn(self._go_to(path), self._not_entered)

    def search(self, text: str, focus: int | None = None) -> None:
        """Shows what on the volume has such a name; the folder again where there is nothing to search for."""
        text = text.strip()
        if text == self.searched or self._read is None or self.volume is None:
            return
        self._leave()
        self.searched = text
        if text:
            self.browser.read(Results(self._read, text), self._read.facts.root, focus)
        else:
            node = self._node(self._read, self.crumbs)
            self.browser.read(self._read, node, self._stood.get(node))
        self.setCurrentWidget(self.browser)
        self.refresh()

    def reveal(self) -> None:
        """Goes to the folder where a match lies."""
        results = self.browser.results
        for entry in self.browser.selected[:1]:
            if results is not None:
                self._go_from_results(self.home_of(entry), entry.node)

    def take_focus(self) -> None:
        """What is shown gets the keyboard, and so does what will be shown in its place."""
        (self.currentWidget() or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def activate(self) -> None:
        """What Enter does."""
        for entry in self.browser.selected[:1]:
            self._activated(entry)

    def select_all(self) -> None:
        self.browser.view.selectAll()

    def follow(self, link: Entry) -> None:
        """Goes where a symbolic link leads, within the volume."""
        self._leave()
        self._entering = self._tasks.spawn(self._follow(link), self._not_entered)

    def show_changes(self, folder: int, pick: Sequence[int] = (), *, edit: int | None = None) -> None:
        """What a folder (by its node) holds is no longer what it held. The rest as in `Browser.renew`."""
        if self.searched:
            self._search_again.start()
        elif self._read is not None and self._read is self.volume and self.folder.node == folder:
            self.browser.renew(pick, edit=edit)

    def forget_nodes(self) -> None:
        """Something has another name or place now: folders that one was in are looked for by their names."""
        self._epoch += 1
        self._stood.clear()

    def _session(self, volume: Volume | None) -> tuple[int, int]:
        return (volume.pid, self._epoch) if volume is not None else (0, 0)

    def show_walls(self) -> None:
        if self.volume is not None:
            self.walls.show_volume(self.volume, self.name)
            self.setCurrentWidget(self.walls)
            self.changed.emit()

    def hide_walls(self) -> None:
        self.setCurrentWidget(self.browser)
        self.refresh()
        self.browser.setFocus()

    def stop(self) -> None:
        self._leave()
        self.browser.stop()

    def refresh(self) -> None:
        """Shows what the state of the volume asks for."""
        error = self.error
        if self.stick.state is StickState.EJECTING:
            self._waiting.wait(tr("Writing what is left, and ejecting {name}…", name=self.stick.name))
            self._turn_to(self._waiting)
        elif error is not None:
            self._explain(error)
        elif self.volume is None or self._read is not self.volume:
            self._waiting.wait(tr("Opening {name}…", name=self.name))
            self._turn_to(self._waiting)
        elif self.currentWidget() is not self.walls:
            self._turn_to(self.browser)
        self.changed.emit()

    def show_bug(self, error: RumpusError) -> None:
        """A mistake of ours, in the place of what it was made with."""
        self._folder_error = error
        self.refresh()

    async def capsule(self, error: RumpusError, report: str) -> bytes:
        """What led to an error, for somebody who is to see it elsewhere. Raises as `capsule.take`."""
        source = self.stick_volume
        story = source.story if source is not None else (protocol.Look(id=0),)
        layers = self.volume.layers if self.volume is not None else {}
        medium = self.stick.medium
        if medium is not None:
            return await capsule.take(self._supervisor, medium, error, story, layers=layers, report=report)
        try:
            medium = await open_medium(self.stick.path, ask=False)
        except RumpusError:  # it is gone, or held by others: the story alone has to do
            return await capsule.take(self._supervisor, None, error, story, report=report)
        with medium:
            return await capsule.take(self._supervisor, medium, error, story, report=report)

    def _explain(self, error: RumpusError) -> None:
        place = path_of(self.crumbs) if error is self._folder_error else ""
        if (error, place) != self._explained:
            self._explained = (error, place)
            self.pane.show_error(error, self.name, place=place)
        self._turn_to(self.pane)

    def _turn_to(self, widget: QWidget) -> None:
        if widget is not self._waiting:
            self._waiting.over()
        self.setCurrentWidget(widget)

    def _leave(self) -> None:
        current = self.browser.current
        if self.searched:
            self._stood_on_found = current.node if current is not None else None
        elif self._read is not None and current is not None:
            self._stood[self._node(self._read, self.crumbs)] = current.node
        if self._entering is not None:
            self._entering.cancel()
            self._entering = None
        self._folder_error = None

    async def _enter(self, place: Place, focus: int | None) -> None:
        stick_volume = self.stick_volume
        if stick_volume is None:
            self._entering = None
            self.refresh()
            return
        self.refresh()
        volume = await stick_volume.open()
        known = place.session == self._session(volume)
        crumbs = place.crumbs if known else await found_again(volume, place.crumbs)
        self._arrive(volume, crumbs, focus if known else None, place.search)

    async def _go_to(self, path: str) -> None:
        stick_volume = self.stick_volume
        if stick_volume is None:
            return
        volume = await stick_volume.open()
        crumbs: tuple[Crumb, ...] = ()
        for name in (part for part in path.split("/") if part not in ("", ".")):
            entry = await volume.lookup(self._node(volume, crumbs), name)
            if entry.kind is not Kind.DIRECTORY:
                self._arrive(volume, crumbs, entry.node)
                return
            crumbs = (*crumbs, Crumb(entry.name, entry.node))
        self._arrive(volume, crumbs, None)

    async def _follow(self, link: Entry) -> None:
        if self._read is None:
            return
        target = await self._read.read_link(link.node)
        here = [] if target.startswith("/") else [crumb.name for crumb in self.crumbs]
        for part in target.split("/"):
            if part == "..":
                here = here[:-1]
            elif part not in ("", "."):
                here.append(part)
        await self._go_to("/".join(here))

    def _arrive(self, volume: Volume, crumbs: tuple[Crumb, ...], focus: int | None, search: str = "") -> None:
        if volume is not self._read:
            self._stood.clear()
            self.browser.unclean.say(_UNCLEAN() if volume.facts.dirty else "")
        self._entering = None
        self._read, self.crumbs, self.searched = volume, crumbs, search
        node = self._node(volume, crumbs)
        if search:
            self.browser.read(Results(volume, search), volume.facts.root, self._stood_on_found)
        else:
            self.browser.read(volume, node, self._stood.get(node) if focus is None else focus)
        if self.currentWidget() is self.walls:
            self.setCurrentWidget(self.browser)
        self.refresh()
        self.moved.emit()

    def _activated(self, entry: Entry) -> None:
        results = self.browser.results
        if entry.kind is Kind.DIRECTORY and results is not None:
            self._go_from_results((*self.home_of(entry), Crumb(entry.name, entry.node)))
        elif entry.kind is Kind.DIRECTORY:
            self.enter_folder((*self.crumbs, Crumb(entry.name, entry.node)))
        else:
            self.opened.emit(entry)

    def _go_from_results(self, crumbs: tuple[Crumb, ...], focus: int | None = None) -> None:
        """The results are a place too, to which one can go back."""
        self.moved.emit()
        self.enter_folder(crumbs, focus)

    def _not_entered(self, error: RumpusError) -> None:
        self._entering = None
        if self.volume is not None:
            self._folder_failed(error)
        else:
            self.refresh()

    def _folder_failed(self, error: RumpusError) -> None:
        """Of a folder, while the volume is open: when the volume has failed, its own error is shown."""
        self._folder_error = error
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers() and self.shows_files:
            self.quick_wanted.emit()
            return
        if event.key() == Qt.Key.Key_Escape and (self.searched or self.browser.reader.view.only):
            self.browser.filter("")
            self.search("")
            return
        super().keyPressEvent(event)

    @staticmethod
    def _node(volume: Volume, crumbs: tuple[Crumb, ...]) -> int:
        return crumbs[-1].node if crumbs else volume.facts.root
