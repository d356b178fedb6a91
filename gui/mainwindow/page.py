"""The page of one volume: its files, or in their place what is to be said about it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from core.entry import Entry, Kind
from core.errors import NotFound, RumpusError, WrongKind
from core.host.scrambling import SYSTEMS
from core.host.sticks import Stick, StickState
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from gui.abilities import CHANGED
from gui.browser.results import Results
from gui.explanation import quoted
from gui.mainwindow.here import Here
from gui.mainwindow.place import Crumb, Key, Place, aim_of, found_again, path_of, walked
from gui.mainwindow.waiting import Waiting
from gui.panes.error import ErrorPane
from gui.tasks import Tasks
from gui.translating import later, tr
from gui.walls import WallsPage

_QUIET = 300
"""Milliseconds without a change after which what was found is looked for anew."""

_UNCLEAN = later(
    "This stick was not ejected properly the last time. What was being written then may be damaged. "
    "Copy what matters from it before you put anything new on it."
)


class Page(Here):
    """Shows one `StickVolume`, or a stick of which nothing is known yet.

    It opens the volume when it is entered. What it shows follows from the state of the volume alone.
    """

    met = Signal(object)
    """A `Volume` is about to be shown here for the first time."""
    moved = Signal()
    """It has come to another folder."""
    changed = Signal()
    """What can be done here, or what the status bar says, may be another."""
    asked = Signal(str)
    """An `Ask` of the error pane that is not for the page itself."""

    told = Signal(str)
    """A sentence that needs no answer."""
    quick_wanted = Signal()
    """Space was pressed on a file."""

    opened = Signal(object)
    """The Entry of a file or link that was double-clicked, or Enter pressed on."""

    def __init__(self, key: Key, stick: Stick, supervisor: Supervisor, tasks: Tasks) -> None:
        super().__init__(key, stick, tasks)
        self.pane = ErrorPane()
        self.walls = WallsPage(supervisor, tasks)
        self._waiting = Waiting()
        self._tasks = tasks
        self._entering: asyncio.Task[None] | None = None
        self._missed = False
        """Whether something may have changed here while the page was out of sight."""
        self._stood: dict[int, int] = {}
        """By node of a folder: the node of the entry where one stood when leaving it."""
        self._search_again = QTimer(self)
        self._search_again.setSingleShot(True)
        self._search_again.setInterval(_QUIET)
        self._search_again.timeout.connect(lambda: self.browser.reload() if self.searched else None)
        self._stood_on_found: int | None = None
        """The node of the match where one stood when leaving the results."""
        self._explained: tuple[RumpusError, str, int] | None = None
        """What the pane shows, which is not made anew each time: it may be unfolded, and have the focus."""
        for widget in (self._waiting, self.browser, self.pane, self.walls):
            self.addWidget(widget)
        self.browser.activated.connect(self._activated)
        self.browser.changed.connect(self.changed)
        self.browser.selection_changed.connect(self.changed)
        self.browser.failed.connect(self._folder_failed)
        self.pane.asked.connect(self.asked)
        self.walls.closed.connect(self.hide_walls)

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
        """Shows the folder of that path, or says why there is none, and stays where one is."""
        words = tr("There is no {path} on {stick}.", path=quoted(path), stick=quoted(self.name))
        unless = partial(self._not_there, words, self._folder_error)
        self._leave()
        self._entering = self._tasks.spawn(self._go_to(path), unless)

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
        words = tr("What the link {name} leads to is not there.", name=quoted(link.name))
        unless = partial(self._not_there, words, self._folder_error)
        self._leave()
        self._entering = self._tasks.spawn(self._follow(link), unless)

    def hear_of_changes(self, folder: int, pick: Sequence[int] = (), *, edit: int | None = None) -> None:
        """What a folder (by its node) holds is no longer what it held. The rest as in `Browser.renew`.

        Nothing is read for a page out of sight.
        """
        if not self.isVisible():
            self._missed = True
        elif self.searched:
            self._search_again.start()
        elif self._read is not None and self._read is self.volume and self.folder.node == folder:
            self.browser.renew(pick, edit=edit)

    def forget_nodes(self) -> None:
        """Something has another name or place now: folders that one was in are looked for by their names."""
        self._epoch += 1
        self._stood.clear()

    def hear_of_uprooting(self) -> None:
        """As `forget_nodes`, of what was done elsewhere: it may be a folder in which one is."""
        self.forget_nodes()
        if self.isVisible():
            self._look_again()
        else:
            self._missed = True

    def catch_up(self) -> None:
        """Goes on where one was, when somebody else has opened the volume anew."""
        if self.volume is not None and self._read is not self.volume and self._entering is None:
            self.enter(self.place)

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
        self.walls.stop()

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

    def _explain(self, error: RumpusError) -> None:
        place = path_of(self.crumbs) if error is self._folder_error else ""
        lost = len(self.stick.uses.interrupted)
        if (error, place, lost) != self._explained:
            self._explained = (error, place, lost)
            self.pane.show_error(error, self.name, place=place, lost=self.stick.uses.interrupted)
            source = self.stick_volume
            self.pane.may_scramble = source is not None and source.partition.system in SYSTEMS
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
        crumbs, last = await walked(volume, path)
        self._arrive(volume, crumbs, last.node if last is not None else None)

    async def _follow(self, link: Entry) -> None:
        if self._read is not None:
            await self._go_to(await aim_of(self._read, link, self.crumbs))

    def _arrive(self, volume: Volume, crumbs: tuple[Crumb, ...], focus: int | None, search: str = "") -> None:
        if volume is not self._read:
            self.met.emit(volume)
            self._stood.clear()
            self.browser.unclean.say(_UNCLEAN() if volume.facts.dirty else "")
        self._entering, self._missed = None, False
        self._read, self.crumbs, self.searched = volume, crumbs, search
        changed = volume.facts.driver in CHANGED
        self.browser.invitation = tr("Drop files here, or paste them.") if changed else ""
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

    def _not_there(self, words: str, before: RumpusError | None, error: RumpusError) -> None:
        """Who has mistyped a path has not lost the folder that is on screen."""
        if isinstance(error, NotFound | WrongKind) and self._read is not None and self._read is self.volume:
            self._entering, self._folder_error = None, before
            self.refresh()
            self.told.emit(words)
        else:
            self._not_entered(error)

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

    def _look_again(self) -> None:
        if self._read is not None and self._read is self.volume and self._entering is None:
            self._entering = self._tasks.spawn(self._find_again(self._read), self._not_entered)

    async def _find_again(self, volume: Volume) -> None:
        """Shows the folder as it is now; the one above it, where it is not there any more."""
        crumbs = await found_again(volume, self.crumbs)
        self._entering = None
        if crumbs != self.crumbs:
            self._arrive(volume, crumbs, None)
        elif self.searched:
            self._search_again.start()
        else:
            self.crumbs = crumbs
            self.browser.renew_at(self._node(volume, crumbs))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._missed:
            self._missed = False
            self._look_again()

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
