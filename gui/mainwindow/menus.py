"""The menus that a click with the right button opens."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from core.host.sticks import StickState, VolumeState
from gui.abilities import can_be_changed
from gui.actions import Actions
from gui.browser.columns import Columns, titles
from gui.browser.layouts import Mode
from gui.mainwindow.commands import Commands
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.place import Key
from gui.mainwindow.tabbing import Tabbing
from gui.translating import tr


class Menus:
    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        commands: Commands,
        navigator: Navigator,
        tabbing: Tabbing,
    ) -> None:
        self._window = window
        self._actions = actions
        self._commands = commands
        self._navigator = navigator
        self._tabbing = tabbing

    def of_files(self, place: QPoint) -> None:
        """For what is selected, or for the folder where nothing is."""
        actions, page = self._actions, self._navigator.page
        if page is None:
            return
        menu = self._menu()
        if page.browser.selected_count:
            menu.addAction(actions.open)
            menu.setDefaultAction(actions.open)
            if self._tabbing.leads_somewhere:
                menu.addActions([actions.open_tab, actions.open_beside])
            menu.addAction(actions.quick_look)
            if page.browser.results is not None:
                menu.addAction(actions.reveal)
            menu.addSeparator()
            menu.addActions([actions.cut, actions.copy, actions.paste, actions.copy_to])
            menu.addSeparator()
            menu.addActions([actions.rename, actions.delete])
        else:
            menu.addActions([actions.new_folder, actions.paste])
            menu.addSeparator()
            menu.addActions([actions.copy_to, actions.select_all])
            menu.addSeparator()
            menu.addMenu(actions.sort_menu(menu))
            if page.browser.mode is Mode.DETAILS:
                columns = menu.addMenu(tr("Columns"))
                self._add_columns(columns, page.browser.details.columns)
            menu.addActions([actions.hidden, actions.reload])
        menu.addSeparator()
        menu.addAction(actions.properties)
        menu.popup(place)

    def of_columns(self, place: QPoint) -> None:
        """For the titles of the table, where the mouse is."""
        page = self._navigator.page
        if page is not None:
            menu = self._menu()
            self._add_columns(menu, page.browser.details.columns)
            menu.popup(place)

    @staticmethod
    def _add_columns(menu: QMenu, columns: Columns) -> None:
        for column, name in titles().items():
            action = menu.addAction(name, partial(columns.turn, column))
            action.setCheckable(True)
            action.setChecked(column in columns.shown)
        menu.addSeparator()
        menu.addAction(tr("The usual columns"), columns.reset)

    def of_place(self, key: Key, place: QPoint) -> None:
        """For a row of the sidebar."""
        stick, volume = self._commands.find(key)
        if stick is None:
            return
        menu = self._menu()
        menu.setDefaultAction(menu.addAction(tr("Open"), lambda: self._navigator.choose(key)))
        menu.addAction(tr("Open in a new tab"), lambda: self._tabbing.open_key(key))
        menu.addAction(tr("Open beside"), lambda: self._tabbing.open_key(key, beside=True))
        menu.addSeparator()
        if volume is not None and volume.state is VolumeState.OPEN:
            menu.addAction(tr("Show the walls"), lambda: self._walls(key))
            menu.addAction(tr("Properties"), lambda: self._properties(key))
            menu.addSeparator()
            menu.addAction(tr("Close"), lambda: self._commands.close_volume(key))
        menu.addSeparator()
        if stick.state.usable and volume is not None and can_be_changed(volume):
            menu.addAction(tr("Check…"), lambda: self._commands.check(key))
            menu.addAction(tr("Deleted files…"), lambda: self._commands.deleted(key))
        if stick.state.usable:
            menu.addAction(tr("Format…"), lambda: self._commands.format(key))
        if not stick.image:
            eject = menu.addAction(tr("Eject"), lambda: self._commands.eject(key))
            eject.setEnabled(stick.state.usable or stick.state is StickState.FAILED)
        if stick.image:
            menu.addAction(tr("Take off the list"), lambda: self._commands.forget(stick))
        menu.popup(place)

    def _walls(self, key: Key) -> None:
        page = self._commands.page_of(key)
        if page is not None:
            page.show_walls()

    def _properties(self, key: Key) -> None:
        page = self._commands.page_of(key)
        if page is not None:
            page.browser.selection.clear()
        self._actions.properties.setChecked(True)

    def _menu(self) -> QMenu:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu
