"""Searches and filters: keeps the line in the toolbar and the page on screen in line with each other."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gui.actions import Actions
from gui.mainwindow.gathering import Gathering
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.page import Page
from gui.mainwindow.searchfield import Scope, SearchField
from gui.tasks import Tasks


class Finding(QObject):
    def __init__(self, actions: Actions, navigator: Navigator, field: SearchField, tasks: Tasks) -> None:
        super().__init__(field)
        self._actions = actions
        self._navigator = navigator
        self._field = field
        self.gathering = Gathering(navigator, tasks)
        self._shown: Page | None = None
        actions.search.triggered.connect(lambda: field.begin(Scope.STICK))
        actions.filter.triggered.connect(lambda: field.begin(Scope.FOLDER))
        actions.reveal.triggered.connect(self._reveal)
        field.asked.connect(self._ask)
        field.scope_changed.connect(lambda: self._ask(field.text()))
        field.began.connect(self._gather)
        field.done.connect(self._go_on)

    def refresh(self, page: Page | None) -> None:
        """`page` is None while there is no volume on screen that could be searched."""
        can = page is not None
        for part in (self._field, self._actions.search, self._actions.filter):
            part.setEnabled(can)
        results = page.browser.results if page is not None else None
        one = page is not None and page.browser.selected_count == 1
        self._actions.reveal.setEnabled(results is not None and one)
        if page is None:
            self._field.clear()
            return
        text = page.searched or page.browser.reader.view.only
        if page is not self._shown:
            self._shown = page
            self._field.clear()
        if page.searched and self._field.scope is Scope.FOLDER and not self._field.hasFocus():
            self._field.set_scope(Scope.STICK)
        self._field.show_text(text)

    def _ask(self, text: str) -> None:
        page = self._navigator.page
        if page is None or page.volume is None:
            return
        if self._field.scope is Scope.STICK:
            page.browser.filter("")
            page.search(text)
        else:
            page.search("")
            page.browser.filter(text.strip())

    def _go_on(self) -> None:
        page = self._navigator.page
        if page is None:
            return
        page.take_focus()
        if page.browser.current is None:
            page.browser.stand_first()

    def _reveal(self) -> None:
        if self._navigator.page is not None:
            self._navigator.page.reveal()

    def _gather(self) -> None:
        """Reads the names of the stick while one is still about to type."""
        page = self._navigator.page
        volume = page.volume if page is not None else None
        if volume is not None and self._field.scope is Scope.STICK:
            self.gathering.begin(volume)
