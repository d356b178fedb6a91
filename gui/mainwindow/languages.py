"""The menu of the languages that the window can speak."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from gui import translating
from gui.translating import tr


class LanguageMenu(QMenu):
    told = Signal(str)
    """A sentence about when another language is spoken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        # Whoever cannot read the language that is on screen looks for this word.
        super().__init__(tr("Language"), parent)
        group = QActionGroup(self)
        names = {"": tr("As the desktop has it"), **translating.languages()}
        for language, name in names.items():
            action = self.addAction(name)
            action.setData(language)
            action.setCheckable(True)
            action.setChecked(language == translating.chosen())
            group.addAction(action)
        group.triggered.connect(lambda action: self._choose(action.data()))

    def _choose(self, language: str) -> None:
        if language != translating.chosen():
            translating.choose(language)
            self.told.emit(tr("Rumpus speaks it when it is started again."))
