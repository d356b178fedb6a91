"""Everything that a person can do here, declared once: for the toolbar, the menus and the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gui.browser.order import Column
from gui.icons import icon
from gui.translating import later, tr

_COLUMNS = {
    Column.NAME: later("Name"),
    Column.SIZE: later("Size"),
    Column.TYPE: later("Type"),
    Column.MODIFIED: later("Modified"),
}


def _with(text: str, key: str) -> str:
    """With a key that the files answer to themselves, where a menu writes the others."""
    return f"{text}\t{QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)}"


class Actions:
    """The actions of one window; each does what the window connects it to."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        make = self._make
        self.back = make(tr("Back"), "go-previous", "Alt+Left", "Back")
        self.forward = make(tr("Forward"), "go-next", "Alt+Right", "Forward")
        self.up = make(tr("Up to the folder above"), "go-up", "Alt+Up", "Backspace")
        self.reload = make(tr("Read again"), "refresh", "F5", "Ctrl+R")
        self.location = make(tr("Type a path"), "", "Ctrl+L", "Alt+D")

        self.new_tab = make(tr("New tab"), "tab-new", "Ctrl+T")
        self.close_tab = make(tr("Close the tab"), "", "Ctrl+W")
        self.next_tab = make(tr("Next tab"), "", "Ctrl+Tab", "Ctrl+PgDown")
        self.previous_tab = make(tr("Previous tab"), "", "Ctrl+Shift+Tab", "Ctrl+PgUp")
        self.split = make(tr("Two places side by side"), "view-split", "F3", checkable=True)
        self.other_half = make(tr("To the other side"), "", "F6")
        self.open_tab = make(tr("Open in a new tab"), "", "Ctrl+Return")
        self.open_beside = make(tr("Open beside"), "", "Ctrl+Shift+Return")

        self.search = make(tr("Search this stick"), "search", "Ctrl+F")
        self.filter = make(tr("Filter this folder"), "", "Ctrl+Shift+F")
        self.reveal = make(tr("Show in its folder"), "folder")

        self.details = make(tr("Details"), "view-list", "Ctrl+1", checkable=True)
        self.icons = make(tr("Icons"), "view-grid", "Ctrl+2", checkable=True)
        self.views = QActionGroup(window)
        self.views.addAction(self.details)
        self.views.addAction(self.icons)
        self.hidden = make(tr("Show hidden files"), "", "Ctrl+H", checkable=True)
        self.sorting = QActionGroup(window)
        self.columns = {column: make(words(), "", checkable=True) for column, words in _COLUMNS.items()}
        for action in self.columns.values():
            self.sorting.addAction(action)
        self.reversed = make(tr("The other way round"), "", checkable=True)

        self.open = make(_with(tr("Open"), "Return"), "")
        self.copy_to = make(tr("Copy to…"), "save", "Ctrl+Shift+C")
        self.new_folder = make(tr("New folder"), "folder-new", "Ctrl+Shift+N")
        self.rename = make(tr("Rename…"), "", "F2")
        self.delete = make(tr("Delete…"), "delete", "Del")
        self.cut = make(tr("Cut"), "", "Ctrl+X")
        self.copy = make(tr("Copy"), "copy", "Ctrl+C")
        self.paste = make(tr("Paste"), "paste", "Ctrl+V")
        self.select_all = make(tr("Select all"), "", "Ctrl+A")
        self.quick_look = make(_with(tr("Quick look"), "Space"), "")
        self.preview = make(tr("Preview beside the list"), "preview", "F9", checkable=True)
        self.properties = make(tr("Properties"), "info", "Alt+Return", "Ctrl+I", checkable=True)

        self.open_image = make(tr("Open a disk image…"), "drive-image", "Ctrl+O")
        self.walls = make(tr("Show the walls"), "shield", "Ctrl+Shift+W")
        self.format = make(tr("Format…"), "")
        self.eject = make(tr("Eject"), "eject", "Ctrl+E")
        self.close_volume = make(tr("Close without ejecting"), "", "Ctrl+Shift+E")
        self.verify = make(tr("Verify every copy"), "verify", checkable=True)
        self.past = make(tr("Transfers of this session"), "", "Ctrl+J")
        self.stay = make(tr("Keep running when the window is closed"), "", checkable=True)
        self.autostart = make(tr("Start with the session"), "", checkable=True)
        self.lend = make(tr("Let other programs read open sticks"), "", checkable=True)
        self.keys = make(tr("Keys"), "", "Ctrl+?", "F1")
        self.quit = make(tr("Quit"), "", "Ctrl+Q")

    def sort_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(tr("Sort by"), parent)
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
        plain = text.partition("\t")[0].rstrip("…")
        first = shortcuts[0].toString(QKeySequence.SequenceFormat.NativeText) if shortcuts else ""
        action.setToolTip(f"{plain} ({first})" if first else plain)
        self._window.addAction(action)
        return action
