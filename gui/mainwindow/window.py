"""The window: puts its parts together, and does what its actions say."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QSettings, QSize, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from core.entry import Entry, Kind
from core.errors import RumpusError
from core.host import reports
from core.host.sticks import Change, Stick, Sticks, StickState, VolumeState
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from core.resources import resource
from gui.actions import Actions
from gui.browser.browser import Mode
from gui.icons import icon
from gui.mainwindow.drop import DropHint
from gui.mainwindow.navigator import Navigator, first_key
from gui.mainwindow.page import Page
from gui.mainwindow.place import Crumb, Key, Place, path_of
from gui.mainwindow.sidebar import Sidebar
from gui.mainwindow.sidebar_model import SidebarModel
from gui.mainwindow.statusbar import StatusBar
from gui.mainwindow.toolbar import Toolbar
from gui.mainwindow.welcome import Welcome
from gui.outgoing import Outgoing
from gui.panes.question import QuestionBar
from gui.properties import PropertiesPanel
from gui.tasks import Tasks
from gui.transfers import TransferStrip
from gui.wording import Ask, explain

SAMPLE = "sample-stick.img"
_SIZE = QSize(1040, 680)
_SMALLEST = QSize(560, 360)
_SIDEBAR = 232
_PROPERTIES = 272
_CALM = 40
"""Milliseconds in which changes are shown together."""


class MainWindow(QMainWindow):
    left = Signal()
    """The user is done: whoever owns the window ends the program."""

    def __init__(self, sticks: Sticks, supervisor: Supervisor, tasks: Tasks) -> None:
        super().__init__()
        self._sticks = sticks
        self._tasks = tasks
        self.actions_ = Actions(self)
        self.outgoing = Outgoing(tasks, self)
        self.toolbar = Toolbar(self.actions_)
        self.places = SidebarModel(self)
        self.sidebar = Sidebar(self.places)
        self.stack = QStackedWidget()
        self.welcome = Welcome()
        self.navigator = Navigator(sticks, supervisor, tasks, self.stack, self.welcome)
        self.properties = PropertiesPanel(tasks)
        self.question = QuestionBar(self.outgoing, tasks)
        self.transfers = TransferStrip(self.outgoing)
        self.status = StatusBar()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._drop_hint = DropHint(self)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM)
        self._described: tuple[Volume, Entry | None] | None = None
        self._lay_out()
        self._connect()
        self._restore()
        self._forget = sticks.observe(self._hear)
        self._refresh()

    # opening and closing ------------------------------------------------------------------------------------

    async def open_image(self, path: Path, *, show: bool = True) -> None:
        """Takes an image or device into the list, and goes there."""
        stick = await self._sticks.add_image(path)
        if show:
            self.navigator.go(Place(first_key(stick)))

    def open_images(self, paths: list[Path]) -> None:
        for path in paths:
            self._tasks.spawn(self.open_image(path))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._save()
        self._forget()
        self.navigator.stop()
        event.accept()
        self.left.emit()

    # what happens -------------------------------------------------------------------------------------------

    def _hear(self, change: Change, stick: Stick) -> None:
        self.places.update(self._sticks.sticks, self._sticks.degraded)
        self.navigator.hear(change, stick)
        plugged = change is Change.CHANGED and stick.state is StickState.READY and not stick.image
        if plugged and self.navigator.page is None:
            self.navigator.go(Place(first_key(stick)))

    def _page_made(self, page: Page) -> None:
        page.opened.connect(lambda entry: self._open_entry(page, entry))
        page.asked.connect(lambda ask: self._asked(page, Ask(ask)))
        page.browser.dragged.connect(lambda: self._drag(page))
        page.browser.menu_wanted.connect(self._file_menu)

    def _open_entry(self, page: Page, entry: Entry) -> None:
        if page.volume is None:
            return
        if entry.kind is Kind.SYMLINK:
            page.follow(entry)
        else:
            self.outgoing.open(page.volume, entry)

    def _asked(self, page: Page, ask: Ask) -> None:
        match ask:
            case Ask.RETRY | Ask.REOPEN:
                self._tasks.spawn(self._retry(page))
            case Ask.FORGET:
                self._tasks.spawn(self._sticks.forget(page.stick))
                self.navigator.go_home()
            case Ask.GO_UP:
                page.go_up()
            case Ask.SHOW_WALLS:
                page.show_walls()
            case Ask.COPY_READABLE | Ask.CHOOSE_FOLDER:
                self._copy_to()

    async def _retry(self, page: Page) -> None:
        if page.stick.state is StickState.FAILED:
            await self._sticks.retry(page.stick)
        if page is self.navigator.page:
            page.enter(page.place)

    def _failed(self, error: RumpusError, name: str = "") -> None:
        self.question.tell(explain(error, name).title)

    def _bug(self, error: Exception) -> None:
        """A mistake of ours is shown as one, with its traceback."""
        told = reports.bug(error)
        if self.navigator.page is not None:
            self.navigator.page.show_bug(told)
        else:
            self._failed(told)

    # what actions do ----------------------------------------------------------------------------------------

    def _chosen(self) -> tuple[Page, Volume, list[Entry]] | None:
        """The entries to work on: those that are selected, else the folder that is shown."""
        page = self.navigator.page
        if page is None or page.volume is None:
            return None
        return page, page.volume, page.browser.selected or [page.folder]

    def _copy_to(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        _, volume, entries = chosen
        settings = QSettings()
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
        dialog = QFileDialog(self, "Copy to", str(settings.value("copy/folder", home)))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Copy here")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def copy(folder: str) -> None:
            settings.setValue("copy/folder", folder)
            self.outgoing.copy_to(volume, entries, Path(folder))

        dialog.fileSelected.connect(copy)
        dialog.open()

    def _drag(self, page: Page) -> None:
        entries = page.browser.selected
        if page.volume is not None and entries:
            self.outgoing.drag(page.volume, entries, page.browser.view)

    def _choose_image(self) -> None:
        dialog = QFileDialog(self, "Open a disk image")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(["Disk images (*.img *.iso *.dd *.raw *.bin *.ima *.vfd)", "All files (*)"])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.open_images([Path(name) for name in names]))
        dialog.open()

    def _show_sample(self) -> None:
        self.open_images([resource(SAMPLE)])

    def _edit_path(self) -> None:
        page = self.navigator.page
        if page is not None:
            self.toolbar.breadcrumb.edit(path_of(page.crumbs))

    def _close_volume(self, key: Key | None = None) -> None:
        page = self.navigator.page
        key = key or (page.key if page is not None else None)
        for stick in self._sticks.sticks:
            for volume in stick.volumes:
                if key == Key(stick.id, volume.partition.number):
                    self._tasks.spawn(volume.close())
        if page is not None and page.key == key:
            page.stop()
            self.navigator.go_home()

    # menus --------------------------------------------------------------------------------------------------

    def _file_menu(self, place: QPoint) -> None:
        actions, page = self.actions_, self.navigator.page
        if page is None:
            return
        menu = self._menu()
        if page.browser.selected:
            menu.addAction(actions.open)
            menu.addSeparator()
            menu.addActions([actions.copy_to])
        else:
            menu.addActions([actions.copy_to, actions.select_all])
            menu.addSeparator()
            menu.addActions([actions.reload, actions.hidden])
        menu.addSeparator()
        menu.addAction(actions.properties)
        menu.popup(place)

    def _place_menu(self, key: Key, place: QPoint) -> None:
        stick = next((stick for stick in self._sticks.sticks if stick.id == key.stick), None)
        if stick is None:
            return
        volume = next((each for each in stick.volumes if each.partition.number == key.partition), None)
        menu = self._menu()
        menu.addAction("Open", lambda: self.navigator.choose(key))
        if volume is not None and volume.state is VolumeState.OPEN:
            menu.addAction("Show the walls", lambda: self._walls_of(key))
            menu.addAction("Properties", lambda: self._properties_of(key))
            menu.addSeparator()
            menu.addAction("Close", lambda: self._close_volume(key))
        if stick.image:
            menu.addSeparator()
            menu.addAction("Take off the list", lambda: self._tasks.spawn(self._sticks.forget(stick)))
        menu.popup(place)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _walls_of(self, key: Key) -> None:
        if self.navigator.page is None or self.navigator.page.key != key:
            self.navigator.choose(key)
        if self.navigator.page is not None:
            self.navigator.page.show_walls()

    def _properties_of(self, key: Key) -> None:
        if self.navigator.page is None or self.navigator.page.key != key:
            self.navigator.choose(key)
        if self.navigator.page is not None:
            self.navigator.page.browser.selection.clear()
        self.actions_.properties.setChecked(True)

    # drawing ------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Brings every part of the window in line with the page on screen."""
        page, actions = self.navigator.page, self.actions_
        volume = page.volume if page is not None else None
        files = page is not None and page.shows_files and volume is not None
        selected = page.browser.selected_count if page is not None and files else 0
        actions.back.setEnabled(self.navigator.history.can_go_back)
        actions.forward.setEnabled(self.navigator.history.can_go_forward)
        actions.up.setEnabled(page is not None and bool(page.crumbs))
        for action in (actions.location, actions.walls, actions.close_volume):
            action.setEnabled(volume is not None)
        for action in (actions.select_all, actions.copy_to, actions.details, actions.icons, actions.hidden):
            action.setEnabled(files)
        for action in (actions.reload, actions.properties):
            action.setEnabled(page is not None)
        actions.open.setEnabled(selected == 1)
        self.sidebar.show_current(page.key if page is not None else None)
        names = [crumb.name for crumb in page.crumbs] if page is not None else []
        drawing = "drive-image" if page is not None and page.stick.image else "drive-removable-media-usb"
        self.toolbar.breadcrumb.show_path(page.name if page is not None else "", drawing, names)
        self.status.show_summary(page.browser.summary() if page is not None and files else None)
        self.status.show_volume(volume)
        self.setWindowTitle(f"{page.title} \N{EN DASH} Rumpus" if page is not None else "Rumpus")
        self._describe(page)

    def _describe(self, page: Page | None) -> None:
        """Keeps the panel at the right in line with what is selected."""
        volume = page.volume if page is not None else None
        wanted = self.actions_.properties.isChecked() and volume is not None
        self.properties.setVisible(wanted)
        if not wanted or page is None or volume is None:
            self._described = None
            return
        browser = page.browser
        entry = browser.selected[0] if browser.selected_count == 1 else (page.folder if page.crumbs else None)
        if self._described == (volume, entry):
            return
        self._described = (volume, entry)
        if entry is None:
            self.properties.show_volume(volume)
        else:
            self.properties.show_entry(volume, entry)

    # dropping -----------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is None and event.mimeData().hasUrls():
            event.setDropAction(Qt.DropAction.LinkAction)
            event.accept()
            self._drop_hint.reveal()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_hint.hide()
        self.open_images([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        match event.button():
            case Qt.MouseButton.BackButton:
                self.actions_.back.trigger()
            case Qt.MouseButton.ForwardButton:
                self.actions_.forward.trigger()
            case _:
                super().mousePressEvent(event)

    # building -----------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setWindowIcon(icon("rumpus"))
        self.setMinimumSize(_SMALLEST)
        self.setAcceptDrops(True)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.question)
        column.addWidget(self.stack, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.setStyleSheet("QSplitter::handle { background: palette(mid); }")
        for widget, width in ((self.sidebar, _SIDEBAR), (middle, 0), (self.properties, _PROPERTIES)):
            self._splitter.addWidget(widget)
            widget.setMinimumWidth(min(width, 160) or 260)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([_SIDEBAR, _SIZE.width() - _SIDEBAR, _PROPERTIES])
        self.properties.hide()
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for part in (self.toolbar, self._splitter, self.transfers, self.status):
            rows.addWidget(part, 1 if part is self._splitter else 0)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        actions, navigator = self.actions_, self.navigator

        def on_page(do: str) -> None:
            if navigator.page is not None:
                getattr(navigator.page, do)()

        actions.back.triggered.connect(navigator.back)
        actions.forward.triggered.connect(navigator.forward)
        actions.up.triggered.connect(lambda: on_page("go_up"))
        actions.reload.triggered.connect(lambda: on_page("reload"))
        actions.walls.triggered.connect(lambda: on_page("show_walls"))
        actions.open.triggered.connect(lambda: on_page("activate"))
        actions.select_all.triggered.connect(lambda: on_page("select_all"))
        actions.location.triggered.connect(self._edit_path)
        actions.details.triggered.connect(lambda: navigator.set_mode(Mode.DETAILS))
        actions.icons.triggered.connect(lambda: navigator.set_mode(Mode.ICONS))
        actions.hidden.toggled.connect(navigator.show_hidden)
        actions.copy_to.triggered.connect(self._copy_to)
        actions.properties.toggled.connect(lambda _: self._refresh())
        actions.open_image.triggered.connect(self._choose_image)
        actions.close_volume.triggered.connect(lambda: self._close_volume())
        actions.quit.triggered.connect(self.close)
        self.welcome.image_wanted.connect(self._choose_image)
        self.welcome.sample_wanted.connect(self._show_sample)
        self.sidebar.chosen.connect(navigator.choose)
        self.sidebar.closed.connect(self._close_volume)
        self.sidebar.menu_wanted.connect(self._place_menu)
        self.toolbar.breadcrumb.went.connect(self._went)
        self.toolbar.breadcrumb.typed.connect(self._typed)
        self.status.walls_wanted.connect(lambda: on_page("show_walls"))
        navigator.page_made.connect(self._page_made)
        navigator.changed.connect(self._calm.start)
        self._calm.timeout.connect(self._refresh)
        self.outgoing.failed.connect(self._failed)
        self._tasks.failed.connect(self._failed)
        self._tasks.bug.connect(self._bug)

    def _typed(self, path: str) -> None:
        if self.navigator.page is not None:
            self.navigator.page.go_to(path)

    def _went(self, depth: int) -> None:
        page = self.navigator.page
        if page is not None:
            left: tuple[Crumb, ...] = page.crumbs[depth:]
            page.enter_folder(page.crumbs[:depth], left[0].node if left else None)

    def _restore(self) -> None:
        settings = QSettings()
        geometry, parts = settings.value("window/geometry"), settings.value("window/parts")
        if not (geometry and self.restoreGeometry(geometry)):
            self.resize(_SIZE)
        if parts:
            self._splitter.restoreState(parts)
        self._splitter.setHandleWidth(1)
        icons = settings.value("view/mode") == Mode.ICONS
        (self.actions_.icons if icons else self.actions_.details).setChecked(True)
        self.navigator.set_mode(Mode.ICONS if icons else Mode.DETAILS)

    def _save(self) -> None:
        settings = QSettings()
        settings.setValue("window/geometry", self.saveGeometry())
        settings.setValue("window/parts", self._splitter.saveState())
        settings.setValue("view/mode", str(self.navigator.mode))
