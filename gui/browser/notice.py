"""A line by the files that says what is not among them, or what to know about the stick that they are on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from gui.panes.parts import Drawing, Text
from gui.translating import tr
from gui.wording import Tone


class Notice(QFrame):
    """Hides itself when there is nothing to say."""

    retried = Signal()
    """Its button was pressed."""

    def __init__(self, button: str | None = None, *, above: bool = False) -> None:
        super().__init__()
        edge = "bottom" if above else "top"
        self.setObjectName("notice")
        self.setStyleSheet(
            "#notice { background: palette(alternate-base); border: none;"
            f" border-{edge}: 1px solid palette(mid); }}"
        )
        self._drawing = Drawing("warning", 20, Tone.CARE)
        self._text = Text()
        self._retry = QPushButton(tr("Try again") if button is None else button)
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
