"""The line to search in: the whole stick, or only the folder on screen."""

from __future__ import annotations

import enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QToolButton, QWidget

from core.host.searching import LONGEST
from gui.icons import icon
from gui.translating import later, tr

_HEIGHT = 34
_WIDEST, _NARROWEST = 230, 110


class Scope(enum.Enum):
    STICK = later("Search this stick")
    FOLDER = later("Filter this folder")


class SearchField(QLineEdit):
    asked = Signal(str)
    """What there is to look for now, perhaps nothing."""
    scope_changed = Signal()
    began = Signal()
    """One is about to type."""
    done = Signal()
    """One goes on among what was found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setStyleSheet(
            "#search { background: palette(base); border: 1px solid palette(mid); border-radius: 7px;"
            " padding: 0 4px; }"
            "#search:focus { border-color: palette(highlight); }"
        )
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDEST)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMaxLength(LONGEST)
        self.setClearButtonEnabled(True)
        self.scope = Scope.STICK
        self._turn = QAction(icon("search"), "", self)
        self._turn.triggered.connect(self._turn_round)
        self.addAction(self._turn, QLineEdit.ActionPosition.LeadingPosition)
        self.textEdited.connect(self.asked)
        self._hear_the_cross()
        self.set_scope(Scope.STICK)

    def take(self, width: int) -> None:
        """At most that much, in logical pixels, of what is there for it and for others."""
        self.setMaximumWidth(min(max(width, _NARROWEST), _WIDEST))

    def set_scope(self, scope: Scope) -> None:
        """Where it looks. What was typed is looked for there."""
        turned = scope is not self.scope
        self.scope = scope
        words = scope.value()
        self._turn.setIcon(icon("search" if scope is Scope.STICK else "folder"))
        self._turn.setToolTip(
            tr("Search this stick. Click to look in this folder only.")
            if scope is Scope.STICK
            else tr("Filter this folder. Click to look in the whole stick.")
        )
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
        if turned:
            self.scope_changed.emit()

    def begin(self, scope: Scope) -> None:
        self.set_scope(scope)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def show_text(self, text: str) -> None:
        """What is looked for on screen, unless one is typing it."""
        if not self.hasFocus() and self.text().strip() != text:
            self.setText(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.began.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.clear()
                self.asked.emit("")
                self.done.emit()
            case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.done.emit()
            case _:
                super().keyPressEvent(event)

    def _turn_round(self) -> None:
        self.begin(Scope.FOLDER if self.scope is Scope.STICK else Scope.STICK)

    def _hear_the_cross(self) -> None:
        """Which empties the line without a word."""
        for action in self.findChildren(QAction):
            if action is not self._turn:
                action.triggered.connect(lambda: self.asked.emit(""))
        for button in self.findChildren(QToolButton):
            ours = button.defaultAction() is self._turn
            button.setAccessibleName(tr("Where to look") if ours else tr("Clear"))
