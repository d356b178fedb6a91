"""What the window does when it is asked to: one method for each thing that a person can ask for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from core.entry import Entry, Kind
from core.errors import Fault, NotFound, RumpusError
from core.host import reports
from core.host.offloop import off_loop
from core.host.sticks import Stick, Sticks, StickVolume
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from core.resources import resource
from gui import refusals
from gui.ejecting import Ejecting
from gui.mainwindow.capsules import capsule_of
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.page import Page
from gui.mainwindow.place import Key, Place
from gui.mainwindow.tab import first_key
from gui.outgoing import Outgoing, Paths
from gui.panes.checkup import CheckupDialog
from gui.panes.deleted import DeletedDialog
from gui.panes.error import save
from gui.panes.format import FormatDialog
from gui.panes.question import QuestionBar
from gui.tasks import Tasks
from gui.transfers import TransferStrip
from gui.translating import later, tr
from gui.wording import Ask, explain, quoted

SAMPLE = "sample-stick.img"
_IMAGES = later("Disk images (*.img *.iso *.dd *.raw *.bin *.ima *.vfd)")


class Commands(QObject):
    def __init__(
        self,
        window: QWidget,
        sticks: Sticks,
        supervisor: Supervisor,
        navigator: Navigator,
        outgoing: Outgoing,
        question: QuestionBar,
        transfers: TransferStrip,
        tasks: Tasks,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._sticks = sticks
        self._supervisor = supervisor
        self._navigator = navigator
        self._outgoing = outgoing
        self._question = question
        self._transfers = transfers
        self._tasks = tasks
        self.paths_of: Callable[[Page, Sequence[Entry]], Coroutine[Any, Any, list[Path]]] | None = None
        """Where other programs find entries on screen, if they can."""
        self.ejecting = Ejecting(tasks, self)
        self.ejecting.ejected.connect(self._given_back)
        navigator.page_made.connect(self._look_after)
        outgoing.failed.connect(self.say_why)
        tasks.failed.connect(self.say_why)
        tasks.bug.connect(self.show_bug)

    # sticks and images --------------------------------------------------------------------------------------

    async def open_image(self, path: Path, *, show: bool = True) -> None:
        """Takes an image or device into the list, and goes there."""
        stick = await self._sticks.add_image(path)
        if show:
            self._navigator.go(Place(first_key(stick)))
            if self._navigator.page is not None:
                self._navigator.page.take_focus()

    def open_images(self, paths: list[Path]) -> None:
        for path in paths:
            self._tasks.spawn(self.open_image(path))

    def open_sample(self) -> None:
        self.open_images([resource(SAMPLE)])

    def choose_image(self) -> None:
        dialog = QFileDialog(self._window, tr("Open a disk image"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([_IMAGES(), tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.open_images([Path(name) for name in names]))
        dialog.open()

    def close_volume(self, key: Key | None = None) -> None:
        """Ends the driver of a volume, of the one on screen where none is named."""
        page = self._navigator.page
        key = key or (page.key if page is not None else None)
        stick, volume = self.find(key)
        if stick is not None and self._is_busy(stick):
            return
        if volume is not None:
            self._tasks.spawn(volume.close())
        self._navigator.leave(lambda page: page.key == key)

    def eject(self, key: Key | None = None) -> None:
        """Gives a stick back, the one on screen where none is named; an image is only closed."""
        page = self._navigator.page
        key = key or (page.key if page is not None else None)
        stick, _ = self.find(key)
        if stick is not None and stick.image:
            self.close_volume(key)
        elif stick is not None:
            self.ejecting.eject(stick)

    async def give_back(self, path: Path, end: bool) -> Fault | None:
        """Ejects the stick at a device file for another program: what came in the way, if something did."""
        stick = next((stick for stick in self._sticks.sticks if stick.path == path), None)
        if stick is None:
            return Fault.of(NotFound(str(path)))
        try:
            await stick.eject(end=end)
        except RumpusError as error:
            return Fault.of(error)
        self.ejecting.ejected.emit(stick)
        return None

    def _given_back(self, stick: Stick) -> None:
        if stick.error is not None and not any(page.isVisible() for page in self._pages_of(stick)):
            self.say_why(stick.error, stick.name)

    def format(self, key: Key | None = None) -> None:
        """Asks what is to be made of a stick, of the one on screen where none is named."""
        key = key or (self._navigator.page.key if self._navigator.page is not None else None)
        stick, volume = self.find(key)
        if stick is not None and stick.usable:
            self._tasks.spawn(self._format(stick, volume))

    async def _format(self, stick: Stick, volume: StickVolume | None) -> None:
        if await stick.is_of_the_system():
            self._question.tell(
                tr("{name} is never formatted: this computer runs from it.", name=quoted(stick.name))
            )
            return
        if self._is_busy(stick):
            return
        dialog = FormatDialog(stick, volume, self._sticks, self._tasks, self._window)
        dialog.formatted.connect(self._formatted)
        dialog.rejected.connect(lambda: self._show_again(stick))
        dialog.open()

    def check(self, key: Key) -> None:
        """Looks for what is wrong with a volume, and offers to repair it."""
        stick, volume = self.find(key)
        if stick is None or volume is None or not stick.usable or self._is_busy(stick):
            return
        dialog = CheckupDialog(volume, stick, self._sticks, self._tasks, self._window)
        dialog.repaired.connect(lambda _, text: self._question.tell(text))
        dialog.finished.connect(lambda _: self._show_again(stick))
        dialog.open()

    def deleted(self, key: Key) -> None:
        """Lists what was deleted on a volume, and copies out what is chosen of it."""
        stick, volume = self.find(key)
        if stick is None or volume is None or not stick.usable or self._is_busy(stick):
            return
        DeletedDialog(volume, stick, self._sticks, self._tasks, self.copy_entries, self._window).open()

    def _is_busy(self, stick: Stick) -> bool:
        """Whether something is under way on it, which is said then."""
        busy = bool(self._transfers.pending_on(stick))
        if busy:
            self._question.tell(
                tr("{name} is being read or written. Wait, or stop that first.", name=quoted(stick.name))
            )
        return busy

    def _show_again(self, stick: Stick) -> None:
        """After a try that came to nothing the volumes were closed."""
        for page in self._pages_of(stick):
            if page.volume is None:
                page.enter(page.place)

    def _formatted(self, stick: Stick, what: str) -> None:
        for tab in self._navigator.tabs_at(stick) or [self._navigator.tab]:
            tab.go(Place(first_key(stick)))
        self._navigator.prune(stick)
        self._question.tell(tr("{name} is empty now: {what}.", name=quoted(stick.name), what=what))

    def forget(self, stick: Stick) -> None:
        if self._is_busy(stick):
            return
        self._tasks.spawn(self._sticks.forget(stick))

    def find(self, key: Key | None) -> tuple[Stick | None, StickVolume | None]:
        for stick in self._sticks.sticks:
            if key is not None and stick.id == key.stick:
                number = key.partition
                return stick, next((each for each in stick.volumes if each.partition.number == number), None)
        return None, None

    def page_of(self, key: Key) -> Page | None:
        """Goes to a place, unless one is there."""
        if self._navigator.page is None or self._navigator.page.key != key:
            self._navigator.show(key)
        return self._navigator.page

    # files --------------------------------------------------------------------------------------------------

    def copy_to(self) -> None:
        """Asks for a folder, and copies into it what is selected, else the folder that is shown."""
        page = self._navigator.page
        if page is not None and page.volume is not None:
            self.copy_entries(page.volume, page.browser.selected or [page.folder])

    def copy_stick(self, stick: Stick) -> None:
        """Goes to a stick, and copies all that is on the volume that is shown first."""
        _, volume = self.find(first_key(stick))

        async def copy(volume: StickVolume) -> None:
            opened = await volume.open()
            self.copy_entries(opened, [opened.root])

        self.page_of(first_key(stick))
        if volume is not None:
            self._tasks.spawn(copy(volume))

    def copy_entries(self, volume: Volume, entries: list[Entry]) -> None:
        """Asks for a folder, and copies them into it."""
        settings = QSettings()
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
        dialog = QFileDialog(self._window, tr("Copy to"), str(settings.value("copy/folder", home)))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, tr("Copy here"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def copy(folder: str) -> None:
            settings.setValue("copy/folder", folder)
            self._outgoing.copy_to(volume, entries, Path(folder))

        dialog.fileSelected.connect(copy)
        dialog.open()

    def open_entry(self, page: Page, entry: Entry) -> None:
        if page.volume is None:
            return
        if entry.kind is Kind.SYMLINK:
            page.follow(entry)
        else:
            self._outgoing.open(page.volume, entry, self._paths(page, [entry]))

    def drag(self, page: Page) -> None:
        entries = page.browser.selected
        if page.volume is not None and entries:
            self._outgoing.drag(page.volume, entries, page.browser.view, self._paths(page, entries))

    def _paths(self, page: Page, entries: Sequence[Entry]) -> Paths | None:
        paths_of = self.paths_of
        return (lambda: paths_of(page, entries)) if paths_of is not None else None

    # when something is wrong --------------------------------------------------------------------------------

    def answer(self, page: Page, ask: Ask) -> None:
        """What a button of the error pane asks for."""
        match ask:
            case Ask.RETRY | Ask.REOPEN:
                self._tasks.spawn(self._retry(page))
            case Ask.FORGET:
                self.forget(page.stick)
                self._navigator.leave(lambda other: other.stick is page.stick)
            case Ask.TAKE_OVER:
                self.ejecting.take_over(page.stick, lambda: self._again(page))
            case Ask.EJECT:
                self.ejecting.eject(page.stick)
            case Ask.GO_UP:
                page.go_up()
            case Ask.SHOW_WALLS:
                page.show_walls()
            case Ask.COPY_READABLE | Ask.CHOOSE_FOLDER:
                self.copy_to()

    def _save_capsule(self, page: Page, path: str, scramble: bool) -> None:
        if page.error is None:
            return
        page.pane.say(tr("Reading once more what led to this…"))
        packing = capsule_of(page, self._supervisor, page.error, page.pane.details(), scramble=scramble)

        async def pack() -> None:
            self._say_on(page, await off_loop(save, path, await packing, undo=lambda _: None))

        self._tasks.spawn(
            pack(),
            lambda error: self._say_on(page, tr("Not saved: {why}", why=explain(error, page.name).title)),
        )

    def _say_on(self, page: Page, words: str) -> None:
        """Below its error; where its tab was closed meanwhile, above the files."""
        if page in self._navigator.pages:
            page.pane.say(words)
        else:
            self._question.tell(words)

    def say_why(self, error: RumpusError, name: str = "") -> None:
        """Of something that was asked for and did not come about; the files stay on screen."""
        told = explain(error, name)
        self._question.tell(told.title, told.advice if refusals.is_one(error) else "")

    def show_bug(self, error: Exception) -> None:
        """A mistake of ours is shown as one, with its traceback."""
        told = reports.bug(error)
        if self._navigator.page is not None:
            self._navigator.page.show_bug(told)
        else:
            self.say_why(told)

    async def _retry(self, page: Page) -> None:
        await self._sticks.retry(page.stick)
        self._again(page)

    def _again(self, page: Page) -> None:
        for other in self._pages_of(page.stick):
            other.enter(other.place)

    def _pages_of(self, stick: Stick) -> list[Page]:
        """Those in front of their tabs that show something of it."""
        return [tab.page for tab in self._navigator.tabs_at(stick) if tab.page is not None]

    def _look_after(self, page: Page) -> None:
        page.opened.connect(lambda entry: self.open_entry(page, entry))
        page.told.connect(self._question.tell)
        page.asked.connect(lambda ask: self.answer(page, Ask(ask)))
        page.pane.capsule_wanted.connect(lambda path, scramble: self._save_capsule(page, path, scramble))
        page.browser.dragged.connect(lambda: self.drag(page))
