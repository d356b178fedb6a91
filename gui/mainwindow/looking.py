"""How the files are looked at: keeps the menu and the place on screen in line with each other."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QSettings

from gui.actions import Actions
from gui.browser.browser import Mode
from gui.browser.contents import View
from gui.browser.order import Column
from gui.mainwindow.navigator import Navigator


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
        settings = QSettings()
        icons = settings.value("view/mode") == Mode.ICONS
        self._navigator.set_mode(Mode.ICONS if icons else Mode.DETAILS)
        order = str(settings.value("view/order", ""))
        column = next((each for each in Column if each.name.lower() == order.removeprefix("-")), Column.NAME)
        hidden = settings.value("view/hidden") in (True, "true")
        self._navigator.look(View(column, order.startswith("-"), hidden))
        self.refresh()

    def save(self) -> None:
        settings, view = QSettings(), self._navigator.view
        settings.setValue("view/mode", str(self._navigator.mode))
        settings.setValue("view/order", "-" * view.descending + view.column.name.lower())
        settings.setValue("view/hidden", view.with_hidden)

    def _sort(self) -> None:
        actions = self._actions
        column = next(column for column, action in actions.columns.items() if action.isChecked())
        view = self._navigator.view
        self._navigator.look(replace(view, column=column, descending=actions.reversed.isChecked()))

    def _show_hidden(self, wanted: bool) -> None:
        self._navigator.look(replace(self._navigator.view, with_hidden=wanted))
