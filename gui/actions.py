"""Everything that a person can do here, declared once: for the toolbar, the menus and the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gui.browser.order import Column
from gui.icons import icon

_COLUMNS = {Column.NAME: "Name", Column.SIZE: "Size", Column.TYPE: "Type", Column.MODIFIED: "Modified"}


class Actions:
    """The actions of one window; each does what the window connects it to."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        make = self._make
        self.back = make("Back", "go-previous", "Alt+Left", "Back")
        self.forward = make("Forward", "go-next", "Alt+Right", "Forward")
        self.up = make("Up to the folder above", "go-up", "Alt+Up", "Backspace")
        self.reload = make("Read again", "refresh", "F5", "Ctrl+R")
        self.location = make("Type a path", "", "Ctrl+L", "F6")

        self.search = make("Search this stick", "search", "Ctrl+F")
        self.filter = make("Filter this folder", "", "Ctrl+Shift+F")
        self.reveal = make("Show in its folder", "folder")

        self.details = make("Details", "view-list", "Ctrl+1", checkable=True)
        self.icons = make("Icons", "view-grid", "Ctrl+2", checkable=True)
        self.views = QActionGroup(window)
        self.views.addAction(self.details)
        self.views.addAction(self.icons)
        self.hidden = make("Show hidden files", "", "Ctrl+H", checkable=True)
        self.sorting = QActionGroup(window)
        self.columns = {column: make(words, "", checkable=True) for column, words in _COLUMNS.items()}
        for action in self.columns.values():
            self.sorting.addAction(action)
        self.reversed = make("The other way round", "", checkable=True)

        self.open = make("Open", "")
        self.copy_to = make("Copy to…", "save", "Ctrl+Shift+C")
        self.new_folder = make("New folder", "folder-new", "Ctrl+Shift+N")
        self.rename = make("Rename…", "", "F2")
        self.delete = make("Delete…", "delete", "Del")
        self.cut = make("Cut", "", "Ctrl+X")
        self.copy = make("Copy", "copy", "Ctrl+C")
        self.paste = make("Paste", "paste", "Ctrl+V")
        self.select_all = make("Select all", "", "Ctrl+A")
        self.quick_look = make("Quick look (Space)", "")
        self.preview = make("Preview beside the list", "preview", "F9", checkable=True)
        self.properties = make("Properties", "info", "Alt+Return", "Ctrl+I", checkable=True)

        self.open_image = make("Open a disk image…", "drive-image", "Ctrl+O")
        self.walls = make("Show the walls", "shield", "Ctrl+Shift+W")
        self.format = make("Format…", "")
        self.eject = make("Eject", "eject", "Ctrl+E")
        self.close_volume = make("Close without ejecting", "", "Ctrl+Shift+E")
        self.stay = make("Keep running when the window is closed", "", checkable=True)
        self.autostart = make("Start with the session", "", checkable=True)
        self.lend = make("Let other programs read open sticks", "", checkable=True)
        self.quit = make("Quit", "", "Ctrl+Q")
        self.close_window = make("Close the window", "", "Ctrl+W")

    def sort_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu("Sort by", parent)
        menu.addActions(list(self.columns.values()))
        menu.addSeparator()
        menu.addAction(self.reversed)
        return menu

    def _make(self, text: str, name: str, *keys: str, checkable: bool = False) -> QAction:
        action = QAction(text, self._window)
        if name:
            action.setIcon(icon(name))
        action.setCheckable(checkable)
        shortcuts = [QKeySequence(key) for key in keys]
        action.setShortcuts(shortcuts)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        plain = text.rstrip("…")
        first = shortcuts[0].toString(QKeySequence.SequenceFormat.NativeText) if shortcuts else ""
        action.setToolTip(f"{plain} ({first})" if first else plain)
        self._window.addAction(action)
        return action
