"""A line below the files that says what is not among them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from gui.panes.parts import Drawing, Text
from gui.wording import Tone


class Notice(QFrame):
    """Hides itself when there is nothing to say."""

    retried = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setStyleSheet(
            "#notice { background: palette(alternate-base); border: none;"
            " border-top: 1px solid palette(mid); }"
        )
        self._drawing = Drawing("warning", 20, Tone.CARE)
        self._text = Text()
        self._retry = QPushButton("Try again")
        self._retry.clicked.connect(self.retried)
        across = QHBoxLayout(self)
        across.setContentsMargins(14, 8, 10, 8)
        across.setSpacing(10)
        across.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(self._text, 1)
        across.addWidget(self._retry)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text() if not self.isHidden() else ""

    def say(self, text: str, *, again: bool = True) -> None:
        self._text.setText(text)
        self._retry.setVisible(again)
        self.setVisible(bool(text))
        self.setAccessibleName(text)
