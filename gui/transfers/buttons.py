"""The buttons of a row: with their words where there is room, else as icons with a name and a tip."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gui import icons


class Buttons(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._worded: list[QToolButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def add(
        self, drawing: str, label: str, pressed: Callable[[], object], *, worded: bool = False
    ) -> QToolButton:
        """`worded`: whether it shows its label where there is room."""
        button = QToolButton()
        button.setIcon(icons.icon(drawing))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: pressed())
        name(button, label)
        if worded:
            self._worded.append(button)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._row.addWidget(button)
        return button

    def fit(self, room: int) -> None:
        """Leaves the words out, those of the first button first, until all fit into `room` pixels."""
        for button in self._worded:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for button in self._worded:
            if self._needed() <= room:
                break
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _needed(self) -> int:
        widths = [
            button.sizeHint().width() for button in self.findChildren(QToolButton) if button.isVisibleTo(self)
        ]
        return sum(widths) + self._row.spacing() * max(0, len(widths) - 1)


def name(button: QToolButton, label: str) -> None:
    """The same words for the eye, the ear and the tip."""
    if button.accessibleName() != label:
        button.setText(label.replace("&", "&&"))
        button.setAccessibleName(label)
        button.setToolTip(label)
