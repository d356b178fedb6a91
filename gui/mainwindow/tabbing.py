"""Opens and closes tabs and the other half, as the keys, the menus and the middle button of the mouse ask."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings

from core.entry import Entry, Kind
from gui.actions import Actions
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.page import Page
from gui.mainwindow.place import Key, Place

_SPLIT = "window/split"


class Tabbing(QObject):
    def __init__(self, actions: Actions, navigator: Navigator, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._navigator = navigator
        actions.new_tab.triggered.connect(lambda: navigator.open_tab())
        actions.close_tab.triggered.connect(lambda: navigator.close_tab())
        actions.next_tab.triggered.connect(lambda: navigator.step(1))
        actions.previous_tab.triggered.connect(lambda: navigator.step(-1))
        actions.split.triggered.connect(navigator.split)
        actions.other_half.triggered.connect(navigator.turn_over)
        actions.open_tab.triggered.connect(self._open_selected)
        actions.open_beside.triggered.connect(lambda: self._open_selected(beside=True))
        navigator.page_made.connect(self._look_after)

    def refresh(self, page: Page | None) -> None:
        """`page`: the one that shows files now."""
        for action in (self._actions.open_tab, self._actions.open_beside):
            action.setEnabled(page is not None)
        several = len(self._navigator.half.tabs) > 1
        for action in (self._actions.next_tab, self._actions.previous_tab):
            action.setEnabled(several)
        self._actions.split.setChecked(self._navigator.is_split)
        self._actions.other_half.setEnabled(self._navigator.is_split)

    def open_key(self, key: Key, *, beside: bool = False, front: bool = True) -> None:
        """A row of the sidebar."""
        if beside:
            self._navigator.split(True, Place(key))
        else:
            self._navigator.open_tab(Place(key), front=front)

    @property
    def leads_somewhere(self) -> bool:
        """Whether what is selected is one folder."""
        return self._folder(self._navigator.page) is not None

    def restore(self) -> None:
        if QSettings().value(_SPLIT) in (True, "true"):
            self._navigator.split(True)
            self._navigator.turn_over()

    def save(self) -> None:
        """Only the split: folders of a stranger's stick are not opened without being asked for."""
        QSettings().setValue(_SPLIT, self._navigator.is_split)

    def _look_after(self, page: Page) -> None:
        page.browser.tab_wanted.connect(lambda entry: self._open_behind(page, entry))

    def _open_behind(self, page: Page, entry: Entry) -> None:
        if entry.kind is Kind.DIRECTORY:
            half = next((half for half in self._navigator.halves if half.tab.page is page), None)
            self._navigator.open_tab(page.place_of(entry), front=False, half=half)

    def _open_selected(self, *, beside: bool = False) -> None:
        page = self._navigator.page
        folder = self._folder(page)
        if page is None or folder is None:
            return
        if beside:
            self._navigator.split(True, page.place_of(folder))
        else:
            self._navigator.open_tab(page.place_of(folder))

    @staticmethod
    def _folder(page: Page | None) -> Entry | None:
        """The one that is selected, where it is a folder."""
        if page is None or not page.shows_files or page.browser.selected_count != 1:
            return None
        entry = page.browser.selected[0]
        return entry if entry.kind is Kind.DIRECTORY else None
