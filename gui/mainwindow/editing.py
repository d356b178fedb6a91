"""What is done to a stick from the keyboard, the menus and the clipboard, wherever one is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.entry import Entry
from core.errors import NotFound, ReadOnly
from core.host.landing import Conflict
from core.host.planning import Step
from core.host.preflight import Taken
from gui import asking, telling
from gui.abilities import expect_changes
from gui.actions import Actions
from gui.clipboard import Clipboard, Held, Offered, offered
from gui.incoming import Incoming, Target
from gui.mainwindow.changing import Changing
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.page import Page
from gui.outgoing import Outbound
from gui.panes.choice import Answer, Choice, ChoiceBar
from gui.preview.looks import Looks
from gui.tasks import Tasks
from gui.telling import Work
from gui.translating import tr

_LEAVE, _STAY = "leave", "stay"


class Editing(QObject):
    """Connects the actions that change sticks, and says which of them can be taken now."""

    started = Signal(object)
    """A `Work` for the transfer strip."""
    failed = Signal(object, str)
    """A RumpusError and the name of what it is about."""
    told = Signal(str)
    """A sentence that needs no answer."""

    def __init__(self, window: QWidget, actions: Actions, navigator: Navigator, tasks: Tasks) -> None:
        super().__init__(window)
        self.choices = ChoiceBar()
        self.changing = Changing(navigator, tasks, self.choices, self)
        self.incoming = Incoming(tasks, self.choices, self)
        self.clipboard = Clipboard()
        self.copied: Callable[[Page, Sequence[Entry], Held], object] = lambda page, entries, held: None
        """Hears of what is on the clipboard now."""
        self._dragged: Held | None = None
        """What a drag that began here is about."""
        self._leaving: asyncio.Task[None] | None = None
        self._tasks = tasks
        self._actions = actions
        self._navigator = navigator
        self.changing.started.connect(self.started)
        self.changing.failed.connect(self.failed)
        self.incoming.started.connect(self.started)
        self.incoming.failed.connect(self.failed)
        self.incoming.changed.connect(navigator.show_changes)
        self.incoming.arrived.connect(navigator.show_changes)
        self.choices.answered.connect(self._on_page(Page.take_focus))
        navigator.page_made.connect(self._look_after)
        actions.new_folder.triggered.connect(self._on_page(self.changing.new_folder))
        actions.rename.triggered.connect(self._on_page(self._edit_name))
        actions.cut.triggered.connect(self._on_page(lambda page: self._hold(page, cut=True)))
        actions.copy.triggered.connect(self._on_page(lambda page: self._hold(page, cut=False)))
        actions.paste.triggered.connect(self._on_page(self.paste))
        actions.delete.triggered.connect(self._on_page(self.changing.delete))

    def refresh(self, page: Page | None) -> None:
        """`page`: the one that shows files now."""
        actions = self._actions
        in_folder = page is not None and not page.searched
        selected = page.browser.selected_count if page is not None else 0
        actions.rename.setEnabled(selected == 1)
        for action in (actions.new_folder, actions.paste):
            action.setEnabled(in_folder)
        for action in (actions.cut, actions.copy, actions.delete):
            action.setEnabled(selected > 0)

    def ask_to_leave(self, pending: Sequence[Work], leave: Callable[[], None]) -> None:
        """Before the window is closed while a person waits for something."""
        if self._leaving is None or self._leaving.done():
            self._leaving = self._tasks.spawn(self._ask_to_leave(pending, leave))

    async def _ask_to_leave(self, pending: Sequence[Work], leave: Callable[[], None]) -> None:
        choice = Choice(
            tr("%Ln things are still under way.", "", len(pending)),
            (
                Answer(_LEAVE, tr("Stop and close"), grave=True),
                Answer(_STAY, tr("Keep going")),
            ),
            tr("What has arrived whole stays. What is on its way is stopped, and no half file is left."),
            listed=tuple(telling.headline(work) for work in pending),
        )
        if (await self.choices.ask(choice)).id == _LEAVE:
            QTimer.singleShot(0, self, leave)  # which ends this task too

    async def consult(
        self, outbound: Outbound, found: Sequence[tuple[Step, Taken]]
    ) -> Mapping[Step, Conflict]:
        """What is to become of files that are in a folder of this computer already."""
        folder, stick = outbound.job.folder.name or "/", outbound.stick or tr("the stick")
        with Looks(self.incoming.previewer, self._tasks, None, outbound.job.volume) as looks:
            return await asking.consult_here(self.choices, folder, stick, found, looks)

    def paste(self, page: Page) -> None:
        """Into the folder that is shown."""
        content = self.clipboard.take()
        if isinstance(content, Held):
            self._bring(page, content, page.folder, moves=content.cut)
        else:
            self._copy_in(page, content, page.folder)

    def _drop(self, page: Page, data: QMimeData, folder: Entry | None, inside: bool) -> None:
        held = self._dragged
        if page.searched and folder is None:
            self.told.emit(
                tr("These are the results of a search. Drop it onto one of the folders, or into one.")
            )
            return
        if not inside or held is None:
            self._copy_in(page, offered(data), folder or page.folder)
            return
        here = held.at is page.stick_volume
        if here and folder is not None and "/".join(page.way_to(folder)) in held.paths:
            return  # a hand has slipped: nothing can be moved into itself
        if folder is not None or not here or not held.lie_in(path_to(page)):
            self._bring(page, held, folder or page.folder, moves=here)

    def _bring(self, page: Page, held: Held, folder: Entry, *, moves: bool) -> None:
        """What lies on a stick here. Within one volume it is moved by its name, else copied."""
        target = _target(page, folder)
        if target is None:
            return
        if moves and held.at is target.at:
            self.changing.move(page, held, folder.node, lambda: self.clipboard.spent(held))
        else:
            self.incoming.copy_held(target, held)
            if held.cut:
                self.clipboard.spent(held)

    def _copy_in(self, page: Page, found: Offered, folder: Entry) -> None:
        target = _target(page, folder)
        if target is not None and found.paths:
            self.incoming.copy_paths(target, found.paths)
        if found.elsewhere:
            self.told.emit(tr("Only files that are on this computer can be copied to a stick."))
        elif not found.paths:
            self.told.emit(tr("There are no files on the clipboard."))
        elif found.cut:
            self.told.emit(
                tr("The originals stay where they are. Delete them there once the copy is complete.")
            )

    def _hold(self, page: Page, *, cut: bool) -> None:
        held = _held(page, cut=cut)
        if held is not None:
            self.clipboard.put(held)
            self.copied(page, page.browser.selected, held)

    def _look_after(self, page: Page) -> None:
        page.browser.renamed.connect(lambda entry, name: self.changing.rename(page, entry, name))
        page.browser.dropped.connect(lambda data, folder, inside: self._drop(page, data, folder, inside))
        page.browser.dragged.connect(lambda: self._note_drag(page))

    def _edit_name(self, page: Page) -> None:
        """Lets one be typed, unless it is known already that it cannot be kept."""
        try:
            if page.stick_volume is not None:
                expect_changes(page.stick_volume)
        except ReadOnly as error:
            self.failed.emit(error, page.name)
            return
        for entry in page.browser.selected[:1]:
            page.browser.edit(entry.node)

    def _note_drag(self, page: Page) -> None:
        self._dragged = _held(page, cut=False)

    def _on_page(self, do: Callable[[Page], None]) -> Callable[[], None]:
        """Does it with the page that shows files when the time comes."""

        def now() -> None:
            page = self._navigator.page
            if page is not None and page.shows_files:
                do(page)

        return now


def path_to(page: Page) -> str:
    """From the root to the folder that is shown, raw."""
    return "/".join(crumb.name for crumb in page.crumbs)


def _held(page: Page, *, cut: bool) -> Held | None:
    at, entries = page.stick_volume, page.browser.selected
    if at is None or not entries:
        return None
    try:
        paths = tuple("/".join(page.way_to(entry)) for entry in entries)
    except NotFound:
        return None
    return Held(at, paths, cut)


def _target(page: Page, folder: Entry) -> Target | None:
    at, volume = page.stick_volume, page.volume
    return Target(at, volume, folder.node, folder.name or page.name) if at and volume else None
