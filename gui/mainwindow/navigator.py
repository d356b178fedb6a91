"""Which places are open, in which tab of which half, and which of them the toolbar and the keys are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QSplitter, QVBoxLayout, QWidget

from core.host.sticks import Change, Stick, Sticks, StickVolume
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from gui.browser.contents import View
from gui.browser.layouts import Layouts, Mode
from gui.mainwindow.half import Half
from gui.mainwindow.history import History
from gui.mainwindow.page import Page
from gui.mainwindow.place import Key, Place
from gui.mainwindow.tab import Tab
from gui.tasks import Tasks


class Navigator(QObject):
    """Owns one half of the window or two, and is asked by the rest for the place that is active."""

    changed = Signal()
    """Another page, another folder, or something new about them."""
    turned = Signal()
    """Another tab, or the other half, is the active one."""
    page_made = Signal(object)
    viewed = Signal()
    """The order, or what is hidden, is another."""
    columns_wanted = Signal(QPoint)
    """A menu of the columns of the active place, at a place on the screen."""
    emptied = Signal()
    """The last tab was closed by the user."""

    def __init__(
        self, sticks: Sticks, supervisor: Supervisor, tasks: Tasks, new_home: Callable[[], QWidget]
    ) -> None:
        self.area = QWidget()
        """Where the halves are."""
        super().__init__(self.area)
        self._parts = QSplitter(Qt.Orientation.Horizontal)
        self._parts.setChildrenCollapsible(False)
        self._parts.setHandleWidth(1)
        self._parts.setStyleSheet("QSplitter::handle { background: palette(mid); }")
        around = QVBoxLayout(self.area)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._parts)
        self._layouts = Layouts()
        self._with_hidden = False
        self._sticks = sticks
        self._supervisor = supervisor
        self._tasks = tasks
        self._new_home = new_home
        self._halves: list[Half] = []
        self._half = self._new_half()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._application = application
        application.focusChanged.connect(self._focused)

    # what is open -------------------------------------------------------------------------------------------

    @property
    def halves(self) -> tuple[Half, ...]:
        return tuple(self._halves)

    @property
    def half(self) -> Half:
        """The active one."""
        return self._half

    @property
    def tabs(self) -> tuple[Tab, ...]:
        return tuple(tab for half in self._halves for tab in half.tabs)

    @property
    def tab(self) -> Tab:
        """The active one."""
        return self._half.tab

    @property
    def page(self) -> Page | None:
        """The one in the active tab; None while it is the welcome."""
        return self.tab.page

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(page for tab in self.tabs for page in tab.pages)

    @property
    def history(self) -> History[Place]:
        return self.tab.history

    @property
    def is_split(self) -> bool:
        return len(self._halves) > 1

    @property
    def idle(self) -> Tab | None:
        """A tab on screen in which nothing is looked at, the active one first."""
        fronts = sorted((half.tab for half in self._halves), key=lambda tab: tab is not self.tab)
        return next((tab for tab in fronts if tab.page is None), None)

    def tabs_at(self, stick: Stick) -> list[Tab]:
        """Those that show something of a stick."""
        return [tab for tab in self.tabs if tab.page is not None and tab.page.stick is stick]

    # going places -------------------------------------------------------------------------------------------

    def choose(self, key: Key) -> None:
        self.tab.choose(key)

    def go(self, place: Place) -> None:
        self.tab.go(place)

    def back(self) -> None:
        self.tab.back()

    def forward(self) -> None:
        self.tab.forward()

    def go_home(self) -> None:
        self.tab.go_home()

    def show(self, key: Key) -> None:
        """Goes to the tab where a place is open, else there in the active one."""
        for half in self._halves:
            for tab in half.tabs:
                if tab.page is not None and tab.page.key == key:
                    half.bring(tab)
                    self.activate(half)
                    return
        self.choose(key)

    def leave(self, matches: Callable[[Page], bool]) -> None:
        """Nothing more is to be seen of some pages."""
        for tab in self.tabs:
            if tab.page is not None and matches(tab.page):
                tab.page.stop()
                tab.go_home()
        self._tidy()

    # tabs and halves ----------------------------------------------------------------------------------------

    def open_tab(self, place: Place | None = None, *, front: bool = True, half: Half | None = None) -> None:
        """Another tab at a place, at the one that is active where none is named."""
        place = place or self._here
        tab = self._new_tab()
        (half or self._half).add(tab, front=front)
        if place is not None:
            tab.go(place)
        if front:
            self.activate(half or self._half)
            tab.take_focus()

    def close_tab(self, tab: Tab | None = None) -> None:
        """The active one where none is named. With its last tab a half goes, and then the window."""
        tab = tab or self.tab
        half = next(half for half in self._halves if tab in half.tabs)
        if len(half.tabs) > 1:
            self._close(half, tab)
            self.tab.take_focus()
        elif self.is_split:
            self._close_half(half)
        else:
            self.emptied.emit()

    def step(self, by: int) -> None:
        """To another tab of the half, so many to the right."""
        if len(self._half.tabs) > 1:
            self._half.step(by)
            self.tab.take_focus()

    def split(self, wanted: bool, place: Place | None = None) -> None:
        """Shows another half, at a place or at the one that is active, or the active one alone again."""
        if wanted and not self.is_split:
            place = place or self._here
            half = self._new_half()
            if place is not None:
                half.tab.go(place)
            width = self._parts.width()
            self._parts.setSizes([width - width // 2, width // 2])
            self.activate(half)
            half.tab.take_focus()
        elif wanted and place is not None:
            half = self.other
            half.tab.go(place)
            self.activate(half)
        elif not wanted and self.is_split:
            self._close_half(self.other)

    @property
    def _here(self) -> Place | None:
        """The folder that is active."""
        return replace(self.page.place, search="") if self.page is not None else None

    @property
    def other(self) -> Half:
        """The half that is not active; the active one, where there is no split."""
        return next((half for half in self._halves if half is not self._half), self._half)

    def turn_over(self) -> None:
        """To the other half."""
        self.activate(self.other)
        self.tab.take_focus()

    def activate(self, half: Half) -> None:
        if half is not self._half:
            self._half = half
            self._mark()
            self.turned.emit()

    # how it looks -------------------------------------------------------------------------------------------

    @property
    def mode(self) -> Mode:
        return self.page.browser.mode if self.page is not None else self._layouts.usual.mode

    @property
    def view(self) -> View:
        if self.page is not None:
            return replace(self.page.browser.reader.view, only="")
        usual = self._layouts.usual
        return View(usual.column, usual.descending, self._with_hidden)

    def set_mode(self, mode: Mode) -> None:
        """Of the active place, whose volume is looked at in this way from now on."""
        if self.page is not None and mode is not self.mode:
            self.page.browser.set_mode(mode)
            self._keep(self.page)

    def look(self, view: View) -> None:
        """In which order, as `set_mode`; and whether with hidden files, the same for all pages."""
        before, self._with_hidden = self.view, view.with_hidden
        for page in self.pages:
            own = view if page is self.page else page.browser.reader.view
            page.browser.look(replace(own, with_hidden=view.with_hidden))
        if self.page is not None and replace(view, with_hidden=before.with_hidden) != before:
            self._keep(self.page)
        self.viewed.emit()

    # what happens to sticks ---------------------------------------------------------------------------------

    def hear(self, change: Change, stick: Stick) -> None:
        """A stick came, went, or is not what it was."""
        for tab in self.tabs:
            tab.hear(change, stick)
        if change is Change.REMOVED:
            self._tidy()
        self.changed.emit()

    def prune(self, stick: Stick) -> None:
        """It has other volumes than it had: nothing leads to those that it has no more."""
        for tab in self.tabs:
            tab.prune(stick)
        self.changed.emit()

    def show_changes(self, at: StickVolume, folder: int, nodes: Sequence[int] = ()) -> None:
        """A folder of a volume, by its node, holds something else, perhaps these new entries."""
        for page in self._at(at):
            if not page.searched or nodes:
                page.hear_of_changes(folder, nodes)

    def show_own_changes(
        self,
        by: Page,
        at: StickVolume,
        folder: int,
        pick: Sequence[int] = (),
        *,
        edit: int | None = None,
    ) -> None:
        """As `show_changes`, of what was done on a page, whose tab may be closed by now.

        There it is shown as `Browser.renew` has it.
        """
        for page in self._all_at(at):
            if page is by:
                page.hear_of_changes(folder, pick, edit=edit)
            else:
                page.hear_of_changes(folder)

    def uproot(self, by: Page, at: StickVolume) -> None:
        """Something on a volume has another name or place now, by what was done on a page."""
        for page in self._all_at(at):
            if page is by:
                page.forget_nodes()
            else:
                page.hear_of_uprooting()

    def stop(self) -> None:
        self._layouts.save()
        self._application.focusChanged.disconnect(self._focused)
        for tab in self.tabs:
            tab.stop()

    # parts --------------------------------------------------------------------------------------------------

    def _at(self, at: StickVolume) -> Iterator[Page]:
        """The pages in front of their tabs that show something of a volume."""
        for tab in self.tabs:
            if tab.page is not None and tab.page.stick_volume is at:
                yield tab.page

    def _all_at(self, at: StickVolume) -> list[Page]:
        """As `_at`, with those behind them."""
        return [page for page in self.pages if page.stick_volume is at]

    def _make_page(self, key: Key, stick: Stick) -> Page:
        page = Page(key, stick, self._supervisor, self._tasks)
        page.browser.lay_out(self._layouts.usual)
        page.browser.look(replace(page.browser.reader.view, with_hidden=self._with_hidden))
        page.met.connect(lambda volume: self._met(page, volume))
        page.browser.laid_out.connect(lambda: self._keep(page))
        page.browser.sorted_by.connect(lambda view: self._on_titles(page, lambda: self.look(view)))
        page.browser.columns_wanted.connect(
            lambda at: self._on_titles(page, lambda: self.columns_wanted.emit(at))
        )
        self.page_made.emit(page)
        return page

    def _on_titles(self, page: Page, do: Callable[[], None]) -> None:
        """A click on a column's title does not take the keyboard there, though it is meant for that half."""
        for half in self._halves:
            if half.tab.page is page:
                self.activate(half)
        do()

    def _met(self, page: Page, volume: Volume) -> None:
        page.browser.lay_out(self._layouts.of(volume.facts))
        if page is self.page:
            self.viewed.emit()

    def _keep(self, page: Page) -> None:
        self._layouts.keep(page.volume.facts if page.volume is not None else None, page.browser.layout_)

    def _new_tab(self) -> Tab:
        tab = Tab(self._sticks, self._make_page, self._new_home())
        tab.changed.connect(lambda: self.changed.emit() if tab is self.tab else None)
        return tab

    def _new_half(self) -> Half:
        half = Half()
        half.add(self._new_tab(), front=True)
        self._halves.append(half)
        self._parts.addWidget(half)
        half.setMinimumWidth(240)
        half.turned.connect(lambda: self._turned(half))
        half.pressed.connect(lambda: self._pressed(half))
        half.closed.connect(self.close_tab)
        half.wanted.connect(lambda: self._new_tab_in(half))
        return half

    def _new_tab_in(self, half: Half) -> None:
        self.activate(half)
        self.open_tab()

    def _pressed(self, half: Half) -> None:
        self.activate(half)
        half.tab.take_focus()

    def _turned(self, half: Half) -> None:
        self.activate(half) if half is not self._half else self.turned.emit()

    def _close(self, half: Half, tab: Tab) -> None:
        half.remove(tab)
        tab.stop()
        tab.deleteLater()

    def _close_half(self, half: Half) -> None:
        self._halves.remove(half)
        for tab in half.tabs:
            tab.stop()
        half.hide()
        half.deleteLater()
        self._half = self._halves[0]
        self._mark()
        self.turned.emit()
        self.tab.take_focus()

    def _tidy(self) -> None:
        """Closes tabs out of sight in which there is nothing any more."""
        for half in self._halves:
            for tab in half.tabs:
                if tab.page is None and tab is not half.tab:
                    self._close(half, tab)

    def _mark(self) -> None:
        for half in self._halves:
            half.mark(split=self.is_split, active=half is self._half)

    def _focused(self, _: QWidget | None, widget: QWidget | None) -> None:
        for half in self._halves:
            if widget is not None and half.isAncestorOf(widget):
                self.activate(half)
