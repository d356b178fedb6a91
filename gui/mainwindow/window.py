"""The window: puts its parts together, and keeps each in line with the page on screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from core.host.comeback import Comeback
from core.host.previewing import Previewer
from core.host.sticks import Change, Stick, Sticks
from core.host.supervisor import Supervisor
from core.mount.lending import Lending
from gui.actions import Actions
from gui.icons import icon
from gui.mainwindow.commands import Commands
from gui.mainwindow.describing import Describing
from gui.mainwindow.drop import DropHint
from gui.mainwindow.editing import Editing
from gui.mainwindow.finding import Finding
from gui.mainwindow.keys import KeysDialog
from gui.mainwindow.looking import Looking
from gui.mainwindow.menus import Menus
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.page import Page
from gui.mainwindow.passing import Passing
from gui.mainwindow.place import Place, path_of
from gui.mainwindow.previewing import Previewing
from gui.mainwindow.room import Room
from gui.mainwindow.sharing import Sharing
from gui.mainwindow.sidebar import Sidebar
from gui.mainwindow.sidebar_model import SidebarModel
from gui.mainwindow.statusbar import StatusBar
from gui.mainwindow.tab import first_key
from gui.mainwindow.tabbing import Tabbing
from gui.mainwindow.toolbar import Toolbar
from gui.mainwindow.welcome import Welcome
from gui.outgoing import Outgoing
from gui.panes.held import HeldBar
from gui.panes.parts import redress
from gui.panes.question import QuestionBar
from gui.properties import PropertiesPanel
from gui.proving import Proving
from gui.ring import Rings
from gui.tasks import Tasks
from gui.transfers import TransferStrip

_SIZE = QSize(1040, 680)
_SMALLEST = QSize(560, 360)
_SIDEBAR = 232
_PROPERTIES = 272
_CALM = 40
"""Milliseconds in which changes are shown together."""


class MainWindow(QMainWindow):
    left = Signal()
    """The user is done: whoever owns the window ends the program."""
    stepped_back = Signal()
    """The window was closed, and the program is to go on without it."""

    def __init__(self, sticks: Sticks, supervisor: Supervisor, tasks: Tasks) -> None:
        super().__init__()
        self._sticks = sticks
        self._tasks = tasks
        self.actions_ = Actions(self)
        self.outgoing = Outgoing(tasks, self)
        self.toolbar = Toolbar(self.actions_)
        self.places = SidebarModel(self)
        self.sidebar = Sidebar(self.places)
        self.navigator = Navigator(sticks, supervisor, tasks, self._new_welcome)
        self.properties = PropertiesPanel(tasks)
        self.describing = Describing(self.actions_, self.properties)
        self.previewing = Previewing(self.actions_, self.navigator, supervisor, self.properties, tasks)
        self.question = QuestionBar(self.outgoing, tasks)
        self._passing = Passing(self.question, self.actions_, self.sidebar, self.toolbar, self.navigator)
        self.room = Room(self, self.actions_, self.navigator, self.question)
        self.proving = Proving(tasks, self.actions_.verify, self)
        self.transfers = TransferStrip(self.outgoing, proving=self.proving)
        self.status = StatusBar()
        self.commands = Commands(
            self, sticks, supervisor, self.navigator, self.outgoing, self.question, self.transfers, tasks
        )
        self.editing = Editing(self, self.actions_, self.navigator, tasks)
        self.transfers.follow(self.editing.started)
        self.outgoing.within = lambda: self.navigator.is_split
        self.outgoing.comeback_of = self.editing.incoming.comeback_of = partial(Comeback.of, sticks)
        self.editing.incoming.previewer = self.editing.changing.previewer = Previewer(supervisor.decoders)
        self.outgoing.consult = self.editing.consult
        self.outgoing.proving = self.editing.incoming.proving = self.proving
        self.proving.device_of = sticks.device_of
        self.proving.told.connect(self.question.tell)
        self.editing.failed.connect(self.commands.say_why)
        self.editing.told.connect(self.question.tell)
        self.toolbar.languages.told.connect(self.question.tell)
        self.sharing = Sharing(
            self, Lending(supervisor.without), self.actions_, self.navigator, self.editing.choices, tasks
        )
        self.sharing.told.connect(self.question.tell)
        self.commands.paths_of = self.sharing.paths
        self.editing.copied = partial(self.sharing.offer, self.editing.clipboard)
        self.held = HeldBar(self.commands.ejecting)
        self.finding = Finding(self.actions_, self.navigator, self.toolbar.field, tasks)
        self.looking = Looking(self.actions_, self.navigator, self)
        self.tabbing = Tabbing(self.actions_, self.navigator, self)
        self.menus = Menus(self, self.actions_, self.commands, self.navigator, self.tabbing)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._drop_hint = DropHint(self)
        self.rings = Rings(self)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM)
        self.stays = False
        """Whether closing it never ends the program: it was started without a window."""
        self._greeted: set[int] = set()
        """Sticks that were shown of themselves, or not, once it was known what they are."""
        self._leaving = False
        self._lay_out()
        self._connect_actions()
        self._connect_parts()
        self._restore()
        self._forget = sticks.observe(self._hear)
        self._refresh()
        self.navigator.tab.take_focus()

    # keeping in line ----------------------------------------------------------------------------------------

    def _hear(self, change: Change, stick: Stick) -> None:
        self.places.update(self._sticks.sticks, self._sticks.degraded)
        self.navigator.hear(change, stick)
        self.transfers.look_again()
        if stick.state.usable and stick.id not in self._greeted:
            self._greeted.add(stick.id)
            idle = self.navigator.idle
            if not stick.image and idle is not None:
                focus = self.focusWidget()
                idle.go(Place(first_key(stick)))
                if focus is not None and idle.isAncestorOf(focus):
                    idle.take_focus()

    def _refresh(self) -> None:
        page, actions = self.navigator.page, self.actions_
        volume = page.volume if page is not None else None
        files = page is not None and page.shows_files and volume is not None
        selected = page.browser.selected_count if page is not None and files else 0
        actions.back.setEnabled(self.navigator.history.can_go_back)
        actions.forward.setEnabled(self.navigator.history.can_go_forward)
        actions.up.setEnabled(page is not None and bool(page.crumbs))
        actions.open.setEnabled(selected == 1)
        for action in (actions.reload, actions.properties):
            action.setEnabled(page is not None)
        actions.format.setEnabled(page is not None and page.stick.usable)
        for action in (actions.location, actions.walls, actions.close_volume):
            action.setEnabled(volume is not None)
        actions.eject.setEnabled(page is not None and self.places.can_eject(page.key))
        for action in (actions.select_all, actions.copy_to, actions.details, actions.icons, actions.hidden):
            action.setEnabled(files)
        self.editing.refresh(page if files else None)
        self.finding.refresh(page if volume is not None else None)
        self.tabbing.refresh(page if files else None)
        self.sidebar.show_current(page.key if page is not None else None)
        names = [crumb.name for crumb in page.crumbs] if page is not None else []
        drawing = "drive-image" if page is not None and page.stick.image else "drive-removable-media-usb"
        self.toolbar.breadcrumb.show_path(page.name if page is not None else "", drawing, names)
        self.status.show_summary(page.browser.summary() if page is not None and files else None)
        self.status.show_volume(volume)
        self.setWindowTitle(f"{page.title} \N{EN DASH} Rumpus" if page is not None else "Rumpus")
        roomy = self.room.is_there
        self.describing.refresh(page, roomy=roomy)
        self.previewing.refresh(page if files else None, roomy=roomy)

    def _turn(self) -> None:
        """Another place is the active one: at once, for the next key is meant for it."""
        self.looking.refresh()
        self._refresh()

    def sees(self, stick: Stick | None) -> bool:
        """Whether somebody looks at the window, and at that stick in it where one is named."""
        here = stick is None or any(tab.isVisible() for tab in self.navigator.tabs_at(stick))
        return here and self.isActiveWindow() and not self.isMinimized()

    def show_stick(self, stick: Stick | None) -> None:
        """Comes to the front, with a stick where one is named and still there."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()
        if stick in self._sticks.sticks:
            self.commands.page_of(first_key(stick))

    # the path -----------------------------------------------------------------------------------------------

    def _edit_path(self) -> None:
        page = self.navigator.page
        if page is not None:
            self.toolbar.breadcrumb.edit(path_of(page.crumbs))

    def _typed(self, path: str) -> None:
        if self.navigator.page is not None:
            self.navigator.page.go_to(path)
            self._on_page(Page.take_focus)()

    def _went(self, depth: int) -> None:
        page = self.navigator.page
        if page is not None:
            left = page.crumbs[depth:]
            page.enter_folder(page.crumbs[:depth], left[0].node if left else None)

    def _on_page(self, do: Callable[[Page], None]) -> Callable[[], None]:
        """Does it with the page that is on screen when the time comes."""

        def now() -> None:
            if self.navigator.page is not None:
                do(self.navigator.page)

        return now

    # Qt tells -----------------------------------------------------------------------------------------------

    def quit(self) -> None:
        """Ends the program, though a copy that is cut off by it is asked about first."""
        pending = self.transfers.pending
        if pending:
            self.show_stick(None)
            self.editing.ask_to_leave(pending, self.leave)
        else:
            self.leave()

    def leave(self) -> None:
        """Closes the window for good, whatever is set or under way."""
        self._leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._leaving and (self.stays or self.actions_.stay.isChecked()):
            event.ignore()
            self.stepped_back.emit()
            return
        pending = [] if self._leaving else self.transfers.pending
        if pending:
            event.ignore()
            self.editing.ask_to_leave(pending, self.leave)
            return
        self._save()
        self._forget()
        self.navigator.stop()
        event.accept()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no part of it wants."""
        if event.key() == Qt.Key.Key_Escape:
            self.question.pass_by()
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            QTimer.singleShot(0, self, self._redress)
        super().changeEvent(event)

    def _redress(self) -> None:
        redress(self)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._calm.start()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        match event.button():
            case Qt.MouseButton.BackButton:
                self.actions_.back.trigger()
            case Qt.MouseButton.ForwardButton:
                self.actions_.forward.trigger()
            case _:
                super().mousePressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is None and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.LinkAction)
            event.accept()
            shows_files = self.navigator.page is not None and self.navigator.page.shows_files
            self._drop_hint.reveal(self.sidebar if shows_files else self)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_hint.hide()
        urls = event.mimeData().urls()
        self.commands.open_images([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
        event.setDropAction(Qt.DropAction.LinkAction)
        event.accept()

    @property
    def stack(self) -> QStackedWidget:
        """What the active tab shows: a page, or the welcome."""
        return self.navigator.tab

    @property
    def welcome(self) -> QWidget:
        return self.navigator.tab.home

    def _new_welcome(self) -> Welcome:
        welcome = Welcome()
        welcome.image_wanted.connect(lambda: self.commands.choose_image())
        welcome.sample_wanted.connect(lambda: self.commands.open_sample())
        return welcome

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
        column.addWidget(self.held)
        column.addWidget(self.editing.choices)
        column.addWidget(self.navigator.area, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.setStyleSheet("QSplitter::handle { background: palette(mid); }")
        for widget, least in ((self.sidebar, 160), (middle, 260), (self.previewing.side, 200)):
            self._splitter.addWidget(widget)
            widget.setMinimumWidth(least)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([_SIDEBAR, _SIZE.width() - _SIDEBAR, _PROPERTIES])
        self.previewing.side.hide()
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for part in (self.toolbar, self._splitter, self.transfers, self.status):
            rows.addWidget(part, 1 if part is self._splitter else 0)
        self.setCentralWidget(whole)

    def _connect_actions(self) -> None:
        actions, navigator, commands = self.actions_, self.navigator, self.commands
        actions.back.triggered.connect(navigator.back)
        actions.forward.triggered.connect(navigator.forward)
        actions.up.triggered.connect(self._on_page(Page.go_up))
        actions.reload.triggered.connect(self._on_page(Page.reload))
        actions.walls.triggered.connect(self._on_page(Page.show_walls))
        actions.open.triggered.connect(self._on_page(Page.activate))
        actions.select_all.triggered.connect(self._on_page(Page.select_all))
        actions.location.triggered.connect(self._edit_path)
        actions.properties.toggled.connect(lambda _: self._refresh())
        actions.copy_to.triggered.connect(commands.copy_to)
        actions.open_image.triggered.connect(commands.choose_image)
        actions.format.triggered.connect(lambda: commands.format())
        actions.close_volume.triggered.connect(lambda: commands.close_volume())
        actions.eject.triggered.connect(lambda: commands.eject())
        actions.past.triggered.connect(lambda: self.transfers.show_past(not self.transfers.shows_past))
        actions.keys.triggered.connect(lambda: KeysDialog(actions, self).open())
        actions.quit.triggered.connect(self.quit)

    def _connect_parts(self) -> None:
        navigator, commands = self.navigator, self.commands
        self.sidebar.chosen.connect(navigator.choose)
        self.sidebar.picked.connect(self._on_page(Page.take_focus))
        self.sidebar.tab_wanted.connect(lambda key: self.tabbing.open_key(key, front=False))
        self.sidebar.ejected.connect(commands.eject)
        self.sidebar.menu_wanted.connect(self.menus.of_place)
        self.toolbar.breadcrumb.went.connect(self._went)
        self.toolbar.breadcrumb.typed.connect(self._typed)
        self.status.walls_wanted.connect(self.actions_.walls.trigger)
        navigator.page_made.connect(lambda page: page.browser.menu_wanted.connect(self.menus.of_files))
        navigator.columns_wanted.connect(self.menus.of_columns)
        self.question.answered.connect(self._on_page(Page.take_focus))
        navigator.changed.connect(self._calm.start)
        navigator.turned.connect(self._turn)
        navigator.emptied.connect(self.close)
        self._calm.timeout.connect(self._refresh)

    # between two runs ---------------------------------------------------------------------------------------

    def _restore(self) -> None:
        settings = QSettings()
        geometry, parts = settings.value("window/geometry"), settings.value("window/parts")
        if not (geometry and self.restoreGeometry(geometry)):
            self.resize(_SIZE)
        if parts:
            self._splitter.restoreState(parts)
            self._splitter.setHandleWidth(1)
        self.looking.restore()
        self.tabbing.restore()

    def _save(self) -> None:
        settings = QSettings()
        self.looking.save()
        self.tabbing.save()
        settings.setValue("window/geometry", self.saveGeometry())
        settings.setValue("window/parts", self._splitter.saveState())
