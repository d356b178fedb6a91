"""The few parts that every pane is made of, so that they look alike: plain text, tinted drawings, a fold."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import colours, icons
from gui.translating import tr
from gui.wording import Tone

COLUMN = 680
"""Widest line of text, in logical pixels: about 90 characters."""

_NARROW = 50
"""Letters of width below which a page has room for words only."""

_LONG_WORD = re.compile(r"\S{40}")

_GRAVE = (QColor("#b8302a"), QColor("#ff857b"))
"""For light and for dark windows, each at least 4.5:1 against it."""


def tint(tone: Tone | None, palette: QPalette) -> QColor:
    """The colour of a tone; `None` is what is safe."""
    match tone:
        case Tone.CARE:
            return colours.amber(palette)
        case Tone.GRAVE:
            return _GRAVE[colours.is_dark(palette)]
        case Tone.CALM:
            return colours.quiet(palette)
        case None:
            return colours.green(palette)


class Text(QLabel):
    """A label that shows any text as it stands: no markup, no mnemonics, wrapped, and to be selected."""

    def __init__(
        self,
        text: str = "",
        *,
        scale: float = 1.0,
        bold: bool = False,
        fixed: bool = False,
        dim: bool = False,
        selectable: bool = True,
    ) -> None:
        super().__init__()
        self._dim = dim
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if fixed else self.font()
        if fixed:
            font.setPointSizeF(self.font().pointSizeF())
        font.setPointSizeF(font.pointSizeF() * scale)
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
        self.recolour()
        self.setText(text)

    def recolour(self) -> None:
        if self._dim:
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.WindowText, colours.quiet(QPalette()))
            self.setPalette(palette)


class Line(Text):
    """Text of one line that ends in an ellipsis where there is no room for the rest."""

    def __init__(self, text: str = "", *, bold: bool = False, dim: bool = False) -> None:
        self._whole = text
        super().__init__(bold=bold, dim=dim, selectable=False)
        self.setWordWrap(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._elide()

    @property
    def whole_width(self) -> int:
        """Logical pixels in which nothing of it is left out."""
        return self.fontMetrics().horizontalAdvance(self._whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        super().setText(room)


class Drawing(QLabel):
    """One of our symbolic drawings in the tint of a tone; `None` is the tint of what is safe."""

    def __init__(self, name: str, side: int, tone: Tone | None = Tone.CALM) -> None:
        super().__init__()
        self._name, self._side, self._tone = name, side, tone
        self.setFixedSize(QSize(side, side))
        self.draw()

    def draw(self, name: str = "", tone: Tone | None = Tone.CALM) -> None:
        if name:
            self._name, self._tone = name, tone
        colour = tint(self._tone, QPalette())
        self.setPixmap(icons.pixmap(self._name, self._side, colour, self.devicePixelRatio()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self.draw()
        super().changeEvent(event)


class Fold(QToolButton):
    """A heading that shows and hides what is below it."""

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setText(title)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self.clicked.connect(lambda: self.unfold(self._content.isHidden()))
        self.unfold(False)

    def unfold(self, unfolded: bool) -> None:
        self.setIcon(icons.icon("fold" if unfolded else "unfold"))
        self.setAccessibleDescription(tr("unfolded") if unfolded else tr("folded"))
        self._content.setVisible(unfolded)


class Card(QFrame):
    """A rounded sheet for facts, a little off the window's own colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setStyleSheet(
            "#card { background: palette(base); border: 1px solid palette(mid); border-radius: 8px; }"
        )


class Facts(QWidget):
    """(label, value) pairs: side by side, values in the fixed font, or stacked where there is little room."""

    def __init__(self, *, stacked: bool = False) -> None:
        super().__init__()
        self._stacked = stacked
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(2 if stacked else 6)
        self._grid.setColumnStretch(0 if stacked else 1, 1)

    def show_rows(self, rows: list[tuple[str, str]]) -> None:
        """Both halves are shown as they stand: clean them before."""
        clear(self._grid)
        for number, (name, value) in enumerate(rows):
            label = Text(_breakable(name), dim=True, selectable=False, scale=0.9 if self._stacked else 1.0)
            fact = Text(_breakable(value), fixed=not self._stacked)
            fact.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            fact.setAccessibleName(f"{name}: {value}")
            if self._stacked:
                fact.setContentsMargins(0, 0, 0, 8)
                self._grid.addWidget(label, 2 * number, 0)
                self._grid.addWidget(fact, 2 * number + 1, 0)
            else:
                label.setWordWrap(False)
                self._grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(fact, number, 1, Qt.AlignmentFlag.AlignTop)


class Page(QScrollArea):
    """One readable column in the middle, which scrolls when the window is too small for it."""

    def __init__(self, beside: QWidget) -> None:
        """`beside` stands left of the first line."""
        super().__init__()
        self._beside = beside
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        column = QWidget()
        column.setMaximumWidth(COLUMN)
        self.column = QVBoxLayout(column)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        ground = QWidget()
        ground.setMinimumSize(1, 1)  # its height depends on its width, which the layout's own minimum ignores
        self.setWidget(ground)
        ground.setAutoFillBackground(False)
        rows = QVBoxLayout(ground)
        rows.setContentsMargins(32, 36, 32, 32)
        across = QHBoxLayout()
        across.setSpacing(20)
        across.addStretch(1)
        across.addWidget(beside, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(column, 1000)
        across.addStretch(1)
        rows.addStretch(2)
        rows.addLayout(across)
        rows.addStretch(3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What stands beside the words goes where these need the room."""
        self._beside.setVisible(not narrow(self, _NARROW))
        super().resizeEvent(event)


def narrow(widget: QWidget, letters: int) -> bool:
    """Whether it has no room for that many of its letters in a line."""
    return widget.width() < letters * widget.fontMetrics().averageCharWidth()


def roomy(button: QPushButton) -> None:
    """One of the few buttons of a page: taller, and with room around its words."""
    button.setMinimumSize(button.sizeHint().width() + 20, 34)


def redress(window: QWidget) -> None:
    """Works colours out anew once the desktop has turned dark or light. Qt works a sheet out once."""
    for widget in (window, *window.findChildren(QWidget)):
        if sheet := widget.styleSheet():
            widget.setStyleSheet("")
            widget.setStyleSheet(sheet)
    for text in window.findChildren(Text):
        text.recolour()
    for drawing in window.findChildren(Drawing):
        drawing.draw()


def primary(button: QPushButton) -> None:
    """Makes it the one that meets the eye first, in the accent colour."""
    palette = QPalette()
    accent = QPalette().color(QPalette.ColorRole.Highlight).darker(120)  # styles lighten it again
    palette.setColor(QPalette.ColorRole.Button, accent)
    palette.setColor(QPalette.ColorRole.ButtonText, QPalette().color(QPalette.ColorRole.HighlightedText))
    button.setPalette(palette)


def clear(layout: QLayout) -> None:
    """Takes every widget out of a layout and away."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()


def _breakable(value: str) -> str:
    """Long words get places where a line may end, so that no name of a stick widens the window."""
    return _LONG_WORD.sub(lambda word: word[0] + "\N{ZERO WIDTH SPACE}", value)
