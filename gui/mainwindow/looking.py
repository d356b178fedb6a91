"""How the files are looked at: keeps the menu and the place on screen in line with each other."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QSettings

from gui.actions import Actions
from gui.browser.layouts import Mode
from gui.mainwindow.navigator import Navigator

_HIDDEN = "view/hidden"


class Looking(QObject):
    def __init__(self, actions: Actions, navigator: Navigator, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._navigator = navigator
        actions.details.triggered.connect(lambda: navigator.set_mode(Mode.DETAILS))
        actions.icons.triggered.connect(lambda: navigator.set_mode(Mode.ICONS))
        actions.hidden.toggled.connect(self._show_hidden)
        actions.sorting.triggered.connect(lambda _: self._sort())
        actions.reversed.triggered.connect(lambda _: self._sort())
        navigator.viewed.connect(self.refresh)

    def refresh(self) -> None:
        """The menu agrees with the active place, and with what a click on a column's title has done."""
        actions, view = self._actions, self._navigator.view
        icons = self._navigator.mode is Mode.ICONS
        (actions.icons if icons else actions.details).setChecked(True)
        actions.columns[view.column].setChecked(True)
        actions.reversed.setChecked(view.descending)
        actions.hidden.setChecked(view.with_hidden)

    def restore(self) -> None:
        hidden = QSettings().value(_HIDDEN) in (True, "true")
        self._navigator.look(replace(self._navigator.view, with_hidden=hidden))
        self.refresh()

    def save(self) -> None:
        """The rest is kept for each volume, as soon as it is changed."""
        QSettings().setValue(_HIDDEN, self._navigator.view.with_hidden)

    def _sort(self) -> None:
        actions = self._actions
        column = next(column for column, action in actions.columns.items() if action.isChecked())
        view = self._navigator.view
        self._navigator.look(replace(view, column=column, descending=actions.reversed.isChecked()))

    def _show_hidden(self, wanted: bool) -> None:
        self._navigator.look(replace(self._navigator.view, with_hidden=wanted))
