"""Every key of the window on one page, as the actions have them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.actions import Actions
from gui.panes.parts import Text
from gui.translating import tr

_CAP = """
    QLabel {
        background: palette(base); border: 1px solid palette(mid); border-bottom-width: 2px;
        border-radius: 4px; padding: 1px 6px;
    }
"""
_SHARE = 0.95
"""Of the window, that the page may take before it is scrolled."""

Row = tuple[str, str]
"""What it does, and the key that does it, as people write it."""


class KeysDialog(QDialog):
    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys"))
        across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        across.setContentsMargins(22, 20, 22, 20)
        across.setSpacing(28)
        for groups in _sides(actions):
            side = QVBoxLayout()
            side.setSpacing(20)
            for title, rows in groups:
                side.addLayout(_group(title, rows))
            side.addStretch(1)
            across.addLayout(side, 1)
        inside = QWidget()
        inside.setLayout(across)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        room = parent.size() * _SHARE
        if inside.sizeHint().width() > room.width():
            across.setDirection(QBoxLayout.Direction.TopToBottom)
        wanted = inside.sizeHint() + QSize(4, 4)
        if wanted.height() > room.height():
            wanted += QSize(area.verticalScrollBar().sizeHint().width(), 0)
        self.resize(wanted.boundedTo(room))


def _group(title: str, rows: Sequence[Row]) -> QVBoxLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(0, 1)
    for number, (words, key) in enumerate(rows):
        name, cap = QLabel(words), QLabel(key)
        for label in (name, cap):
            label.setTextFormat(Qt.TextFormat.PlainText)
        cap.setStyleSheet(_CAP)
        name.setBuddy(cap)
        grid.addWidget(name, number, 0)
        grid.addWidget(cap, number, 1, Qt.AlignmentFlag.AlignRight)
    column = QVBoxLayout()
    column.setSpacing(7)
    column.addWidget(Text(title, bold=True, selectable=False))
    column.addLayout(grid)
    return column


def _sides(actions: Actions) -> list[list[tuple[str, list[Row]]]]:
    """Three columns of groups."""
    a = actions
    going = [a.back, a.forward, a.up, a.location, a.search, a.filter, a.reload]
    tabs = [a.new_tab, a.open_tab, a.close_tab, a.next_tab, a.previous_tab]
    sides = [a.split, a.open_beside, a.other_half]
    looking = [a.details, a.icons, a.hidden, a.preview, a.properties]
    files = [a.select_all, a.copy_to, a.cut, a.copy, a.paste, a.new_folder, a.rename, a.delete]
    sticks = [a.open_image, a.walls, a.eject, a.close_volume]
    menu = (tr("Menu of what is selected"), _written("Shift+F10"))
    return [
        [
            (tr("Going places"), [(tr("Open"), _written("Return")), *_rows(going)]),
            (tr("Looking"), [(tr("Quick look"), _written("Space")), *_rows(looking)]),
        ],
        [(tr("Tabs"), _rows(tabs)), (tr("Side by side"), _rows(sides)), (tr("Sticks"), _rows(sticks))],
        [
            (tr("Files"), [*_rows(files), menu]),
            (tr("Window"), [(tr("Menu"), _written("F10")), *_rows([a.past, a.keys, a.quit])]),
        ],
    ]


def _rows(actions: Sequence[QAction]) -> list[Row]:
    return [(action.text().rstrip("…"), _written(action.shortcut())) for action in actions]


def _written(key: QKeySequence | str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
