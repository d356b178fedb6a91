"""What was said above the files goes once somebody goes on with something else, for which it is old."""

from __future__ import annotations

from core.entry import Entry, Kind
from gui.actions import Actions
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.page import Page
from gui.mainwindow.sidebar import Sidebar
from gui.mainwindow.toolbar import Toolbar
from gui.panes.question import QuestionBar


class Passing:
    """Made before whatever acts on these too: that may have something to say of its own."""

    def __init__(
        self,
        question: QuestionBar,
        actions: Actions,
        sidebar: Sidebar,
        toolbar: Toolbar,
        navigator: Navigator,
    ) -> None:
        self._question = question
        going = (actions.back, actions.forward, actions.up, actions.new_tab, actions.walls)
        doing = (actions.new_folder, actions.rename, actions.delete, actions.cut, actions.copy, actions.paste)
        leaving = (actions.copy_to, actions.format, actions.close_volume, actions.eject)
        for action in (*going, *doing, *leaving):
            action.triggered.connect(question.pass_by)
        sidebar.chosen.connect(question.pass_by)
        toolbar.breadcrumb.went.connect(question.pass_by)
        toolbar.breadcrumb.typed.connect(question.pass_by)
        navigator.page_made.connect(self._look_after)

    def _look_after(self, page: Page) -> None:
        page.browser.renamed.connect(self._question.pass_by)
        page.browser.activated.connect(self._activated)

    def _activated(self, entry: Entry) -> None:
        if entry.kind is Kind.DIRECTORY:  # of a file there may be something to ask
            self._question.pass_by()
