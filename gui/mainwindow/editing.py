"""What is done to a stick from the keyboard, the menus and the clipboard, wherever one is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.actions import Actions
from gui.mainwindow.changing import Changing
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.page import Page
from gui.panes.choice import ChoiceBar
from gui.tasks import Tasks


class Editing(QObject):
    """Connects the actions that change sticks, and says which of them can be taken now."""

    started = Signal(object)
    """A `Work` for the transfer strip."""
    failed = Signal(object, str)
    """A RumpusError and the name of what it is about."""

    def __init__(self, window: QWidget, actions: Actions, navigator: Navigator, tasks: Tasks) -> None:
        super().__init__(window)
        self.choices = ChoiceBar()
        self.changing = Changing(tasks, self.choices, self)
        self._actions = actions
        self._navigator = navigator
        self.changing.started.connect(self.started)
        self.changing.failed.connect(self.failed)
        self.choices.answered.connect(self._on_page(Page.take_focus))
        navigator.page_made.connect(self._look_after)
        actions.new_folder.triggered.connect(self._on_page(self.changing.new_folder))
        actions.rename.triggered.connect(self._on_page(_edit_name))
        actions.delete.triggered.connect(self._on_page(self.changing.delete))

    def refresh(self, page: Page | None) -> None:
        """`page`: the one that shows files now."""
        actions = self._actions
        selected = page.browser.selected_count if page is not None else 0
        actions.new_folder.setEnabled(page is not None)
        actions.rename.setEnabled(selected == 1)
        actions.delete.setEnabled(selected > 0)

    def _look_after(self, page: Page) -> None:
        page.browser.renamed.connect(lambda entry, name: self.changing.rename(page, entry, name))

    def _on_page(self, do: Callable[[Page], None]) -> Callable[[], None]:
        """Does it with the page that shows files when the time comes."""

        def now() -> None:
            page = self._navigator.page
            if page is not None and page.shows_files:
                do(page)

        return now


def _edit_name(page: Page) -> None:
    for entry in page.browser.selected[:1]:
        page.browser.edit(entry.node)
