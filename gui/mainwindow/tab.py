"""One tab: which page is in front in it, and how one got there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.host.sticks import Change, Stick, Sticks, StickState
from gui.mainwindow.history import History
from gui.mainwindow.page import Page
from gui.mainwindow.place import Crumb, Key, Place


class Tab(QStackedWidget):
    """Owns the pages, one for each volume that was visited in it, and the history over all of them."""

    changed = Signal()
    """Another page, another folder, or something new about them."""

    def __init__(self, sticks: Sticks, make_page: Callable[[Key, Stick], Page], home: QWidget) -> None:
        super().__init__()
        self.history: History[Place] = History()
        self.page: Page | None = None
        """The page in front; None while it is the welcome."""
        self.home = home
        self._sticks = sticks
        self._make_page = make_page
        self._pages: dict[Key, Page] = {}
        self.addWidget(home)

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(self._pages.values())

    def choose(self, key: Key) -> None:
        """What a click in the sidebar means: the volume where one was last, or its root when one is there."""
        page = self._page(key)
        if page is None:
            return
        here = page is self.page and page.shows_files
        self.go(Place(key) if here else page.place)

    def go(self, place: Place) -> None:
        self.history.visit(place)
        self._show(place)

    def back(self) -> None:
        self._walk(self.history.back())

    def forward(self) -> None:
        self._walk(self.history.forward())

    def go_home(self) -> None:
        page, self.page = self.page, None
        self.setCurrentWidget(self.home)
        if page is not None and page.stick.state is StickState.GONE:
            self._drop(page)
        self.changed.emit()

    def hear(self, change: Change, stick: Stick) -> None:
        """A stick came, went, or is not what it was."""
        if stick.state.usable:
            self._welcome_back(stick)
        if change is Change.REMOVED:
            self._removed(stick)
        elif self.page is not None and self.page.key == Key(stick.id) and stick.volumes:
            self.go(Place(first_key(stick)))
        for page in self.pages:
            if page.stick is stick:
                page.refresh()
        if self.page is not None and self.page.stick is stick:
            self.page.catch_up()

    def stop(self) -> None:
        for page in self.pages:
            page.stop()

    def prune(self, stick: Stick) -> None:
        """It has other volumes than it had: nothing leads to those that it has no more."""
        known = keys_of(stick)
        if self.page is not None and self.page.stick is stick and self.page.key not in known:
            self._show(Place(first_key(stick)))
        for page in self.pages:
            if page.stick is stick and page.key not in known:
                self._drop(page)
        self.history.prune(lambda place: place.key.stick != stick.id or place.key in known)

    def take_focus(self) -> None:
        if self.page is not None:
            self.page.take_focus()
        else:
            self.home.setFocus()

    def _walk(self, place: Place | None) -> None:
        if place is not None:
            self._show(place)

    def _show(self, place: Place) -> None:
        page = self._page(place.key)
        if page is None:
            return
        left, self.page = self.page, page
        self.setCurrentWidget(page)
        page.enter(place)
        if left is not None and left is not page and left.stick.state is StickState.GONE:
            self._drop(left)
        self.changed.emit()

    def _page(self, key: Key) -> Page | None:
        if key in self._pages:
            return self._pages[key]
        stick = next((stick for stick in self._sticks.sticks if stick.id == key.stick), None)
        if stick is None:
            return None
        page = self._pages[key] = self._make_page(key, stick)
        page.moved.connect(lambda: self._moved(page))
        page.changed.connect(lambda: self.changed.emit() if page is self.page else None)
        self.addWidget(page)
        return page

    def _moved(self, page: Page) -> None:
        if page is self.page:
            self.history.visit(page.place)
            self.changed.emit()

    def _removed(self, stick: Stick) -> None:
        """Its pages go, but the one in front stays and says what happened, if something did."""
        for page in self.pages:
            if page.stick is stick and (page is not self.page or stick.error is None):
                self._drop(page)
        known = {each.id for each in self._sticks.sticks}
        self.history.prune(lambda place: place.key.stick in known)
        if self.page is None:
            self.go_home()

    def _drop(self, page: Page) -> None:
        if page is self.page:
            self.page = None
        page.stop()
        self._pages.pop(page.key, None)
        self.removeWidget(page)
        page.deleteLater()

    def _welcome_back(self, stick: Stick) -> None:
        """Goes on where one was, when the stick is put back whose absence the page tells of."""
        page = self.page
        if page is None or page.stick.state is not StickState.GONE or not _same(page.stick, stick):
            return
        wanted = Key(stick.id, page.key.partition)
        if wanted in keys_of(stick):
            self.go(Place(wanted, tuple(Crumb(crumb.name, 0) for crumb in page.crumbs)))


def keys_of(stick: Stick) -> list[Key]:
    """Its volumes, or the stick itself while nothing is known of them."""
    return [Key(stick.id, volume.partition.number) for volume in stick.volumes] or [Key(stick.id)]


def first_key(stick: Stick) -> Key:
    """The first volume in which something was recognised."""
    known = [volume for volume in stick.volumes if volume.partition.system]
    return Key(stick.id, known[0].partition.number) if known else keys_of(stick)[0]


def _same(one: Stick, other: Stick) -> bool:
    """Whether both are the same thing, as far as it says so itself."""
    if one is other or one.device is None or other.device is None:
        return False
    said = [(each.vendor, each.model, each.serial, each.size) for each in (one.device, other.device)]
    return said[0] == said[1] and bool(one.device.serial)
