"""What is on screen while a volume is being opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

_PATIENCE = 150
"""Milliseconds before it is worth saying that something takes its time."""


class Waiting(QWidget):
    """Says what is being waited for, unless it is over at once."""

    def __init__(self) -> None:
        super().__init__()
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(220)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._reveal(True))
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self._words)
        column.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._reveal(False)

    def wait(self, words: str) -> None:
        self._words.setText(words)
        if not self._timer.isActive() and self._words.isHidden():
            self._timer.start(_PATIENCE)

    def over(self) -> None:
        self._timer.stop()
        self._reveal(False)

    def _reveal(self, shown: bool) -> None:
        self._words.setVisible(shown)
        self._bar.setVisible(shown)
