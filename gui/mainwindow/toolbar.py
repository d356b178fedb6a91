"""The first line of the window: back and forth, the path, the way to look at it, and the menu."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from gui.actions import Actions
from gui.icons import icon
from gui.mainwindow.breadcrumb import Breadcrumb
from gui.mainwindow.languages import LanguageMenu
from gui.mainwindow.searchfield import SearchField
from gui.translating import tr

_ICON = QSize(18, 18)
_BUTTON = 34


class Toolbar(QFrame):
    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setStyleSheet("#toolbar { border: none; border-bottom: 1px solid palette(mid); }")
        self.breadcrumb = Breadcrumb()
        self.field = SearchField()
        self.menu = QToolButton()
        self.menu.setIcon(icon("menu"))
        self.menu.setToolTip(tr("Menu (F10)"))
        self.menu.setAccessibleName(tr("Menu"))
        self.menu.setShortcut("F10")
        self.menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.languages = LanguageMenu(self.menu)
        self.menu.setMenu(_menu(actions, self.languages, self.menu))
        self.menu.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        across = QHBoxLayout(self)
        across.setContentsMargins(8, 7, 8, 7)
        across.setSpacing(2)
        for action in (actions.back, actions.forward, actions.up):
            across.addWidget(_button(action))
        across.addSpacing(8)
        across.addWidget(self.breadcrumb, 1)
        across.addSpacing(8)
        across.addWidget(self.field)
        across.addSpacing(4)
        for action in (actions.details, actions.icons, actions.split, actions.preview):
            across.addWidget(_button(action))
        across.addSpacing(4)
        across.addWidget(_dressed(self.menu))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Large letters widen the line to search in, and the path needs room too."""
        self.field.take(self.width() // 5)
        super().resizeEvent(event)


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setAccessibleName(action.text())
    return _dressed(button)


def _dressed(button: QToolButton) -> QToolButton:
    button.setAutoRaise(True)
    button.setIconSize(_ICON)
    button.setFixedSize(_BUTTON, _BUTTON)
    return button


def _menu(actions: Actions, languages: QMenu, parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.addActions([actions.open_image, actions.new_tab, actions.split])
    menu.addSeparator()
    view = menu.addMenu(tr("View"))
    view.addActions([actions.details, actions.icons])
    view.addMenu(actions.sort_menu(view))
    view.addActions([actions.hidden, actions.preview, actions.properties])
    edit = menu.addMenu(tr("Edit"))
    edit.addActions([actions.new_folder, actions.cut, actions.copy, actions.paste])
    edit.addActions([actions.select_all, actions.rename, actions.delete])
    menu.addSeparator()
    menu.addActions([actions.search, actions.filter, actions.reload, actions.location])
    menu.addSeparator()
    menu.addActions([actions.copy_to, actions.quick_look])
    menu.addSeparator()
    menu.addActions([actions.walls, actions.format, actions.close_volume, actions.eject])
    menu.addSeparator()
    menu.addAction(actions.past)
    settings = menu.addMenu(tr("Settings"))
    settings.addActions([actions.verify, actions.lend, actions.stay, actions.autostart])
    menu.addMenu(languages)
    menu.addSeparator()
    menu.addActions([actions.keys, actions.quit])
    return menu
