"""A strip above the files: a drawing, what is said, and the buttons that answer it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.panes.parts import Drawing, Text, narrow
from gui.wording import Tone

_NARROW = 85
"""Letters of width below which the buttons stand below what is said, not beside it."""


class Bar(QFrame):
    def __init__(self, name: str, drawing: str, parent: QWidget | None = None) -> None:
        """`name` is the object's, for its style."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setStyleSheet(
            f"#{name} {{ background: palette(alternate-base); border: none;"
            " border-bottom: 1px solid palette(mid); }"
        )
        self._drawing = Drawing(drawing, 24, Tone.CARE)
        self._title = Text(bold=True)
        self._advice = Text(dim=True)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(self._title)
        lines.addWidget(self._advice)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(12)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(12)
        self._beside.addLayout(lines, 1)
        self._beside.addLayout(self._buttons)
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(self._beside, 1)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(14, 10, 12, 10)
        self._whole.addLayout(across)

    def resizeEvent(self, event: QResizeEvent) -> None:
        below, directions = narrow(self, _NARROW), QBoxLayout.Direction
        self._beside.setDirection(directions.TopToBottom if below else directions.LeftToRight)
        side = Qt.AlignmentFlag.AlignRight if below else Qt.AlignmentFlag(0)
        self._beside.setAlignment(self._buttons, side)
        super().resizeEvent(event)
