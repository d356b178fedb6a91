"""Whether the window is wide enough for a panel beside the files."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.actions import Actions
from gui.mainwindow.navigator import Navigator
from gui.panes.question import QuestionBar
from gui.translating import tr

_ONE, _TWO = 800, 1060
"""Logical pixels of width from which there is room, with one place on screen and with two."""


class Room:
    def __init__(
        self, window: QWidget, actions: Actions, navigator: Navigator, question: QuestionBar
    ) -> None:
        self._window = window
        self._navigator = navigator
        self._question = question
        for action in (actions.properties, actions.preview):
            action.triggered.connect(self._expect)

    @property
    def is_there(self) -> bool:
        return self._window.width() >= (_TWO if self._navigator.is_split else _ONE)

    def _expect(self, wanted: bool) -> None:
        """Nobody shall wait for what does not come."""
        if wanted and not self.is_there:
            self._question.tell(tr("The window is too narrow to show that beside the files."))
