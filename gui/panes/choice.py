"""The bar over the files that asks one question at a time, and is in nobody's way but theirs who asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase, QIcon, QImage, QKeyEvent, QPalette, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui import colours
from gui.explanation import Tone
from gui.panes.parts import Card, Drawing, Text, clear, primary, tint
from gui.translating import tr

_MOST_LINES = 6
_MOST_LISTED = 200
_GLANCE, _PAGE, _ICON = 96, 140, 48
"""Logical pixels of a look at a file, of the width of a text, and of the icon in their place."""
_SMALL = 0.7
"""Of the text in a look, beside the usual size."""


@dataclass(frozen=True)
class Answer:
    id: str
    label: str
    grave: bool = False
    """Whether something is lost by it: such a button is never the one that Enter presses unasked."""


@dataclass(frozen=True)
class Side:
    """One of two things that are compared."""

    heading: str
    facts: tuple[str, ...]
    icon: QIcon | None = None
    """Of its kind, in place of a look at it."""
    look: asyncio.Future[QImage | str | None] | None = None
    """Brings a picture, or the beginning of a text that is harmless."""


@dataclass(frozen=True)
class Choice:
    """One question. All texts are for people: names from a stick have been made harmless."""

    title: str
    answers: tuple[Answer, ...]
    """The last one is what Escape means."""
    advice: str = ""
    listed: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    again: str = ""
    """What a box says that lets the answer stand for the questions to come; empty where there is none."""
    focus: int = -1
    """Which answer has the keyboard at first."""
    icon: str = "warning"
    tone: Tone = Tone.CARE


@dataclass(frozen=True)
class Reply:
    id: str
    again: bool = False


class ChoiceBar(QFrame):
    answered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turn = asyncio.Lock()
        self._reply: asyncio.Future[Reply] | None = None
        self._choice = Choice("", ())
        self._drawing = Drawing("warning", 24, Tone.CARE)
        self._title = Text(bold=True)
        self._advice = Text(dim=True)
        self._list = QPlainTextEdit()
        self._list.setReadOnly(True)
        self._list.setTabChangesFocus(True)
        self._list.setAccessibleName(tr("What it is about"))
        self._sides = QHBoxLayout()
        self._sides.setSpacing(10)
        self._again = QCheckBox()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._lay_out()
        self.hide()

    async def ask(self, choice: Choice) -> Reply:
        """The answer; questions that come meanwhile wait. Cancelling the caller takes the question away."""
        async with self._turn:
            self._reply = asyncio.get_running_loop().create_future()
            self._choice = choice
            self._show_choice(choice)
            try:
                return await self._reply
            finally:
                self._reply = None
                self.hide()
                self.answered.emit()

    def answer(self, id: str) -> None:
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(Reply(id, self._again.isVisibleTo(self) and self._again.isChecked()))

    @property
    def asking(self) -> Choice | None:
        """What is on screen."""
        return self._choice if self._reply is not None else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._choice.answers:
            self.answer(self._choice.answers[-1].id)
            return
        super().keyPressEvent(event)

    def _show_choice(self, choice: Choice) -> None:
        self._drawing.draw(choice.icon, choice.tone)
        self._title.setText(choice.title)
        self._advice.setText(choice.advice)
        self._advice.setVisible(bool(choice.advice))
        lines = list(choice.listed[:_MOST_LISTED])
        if len(choice.listed) > _MOST_LISTED:
            lines.append(tr("… and %Ln more", "", len(choice.listed) - _MOST_LISTED))
        self._list.setPlainText("\n".join(lines))
        height = min(len(lines), _MOST_LINES) * self._list.fontMetrics().lineSpacing()
        self._list.setFixedHeight(height + 2 * self._list.frameWidth() + 10)
        self._list.setVisible(bool(lines))
        clear(self._sides)
        for side in choice.sides:
            self._sides.addWidget(_card(side), 1)
        self._again.setText(choice.again.replace("&", "&&"))
        self._again.setChecked(False)
        self._again.setVisible(bool(choice.again))
        self._again.setPalette(_seen(QPalette()))
        self._show_buttons(choice)
        self.setAccessibleName(choice.title)
        self.setAccessibleDescription(choice.advice)
        self.show()

    def _show_buttons(self, choice: Choice) -> None:
        clear(self._buttons)
        self._buttons.addStretch(1)
        buttons = []
        for answer in choice.answers:
            button = QPushButton(answer.label.replace("&", "&&"))
            button.setAutoDefault(True)
            button.clicked.connect(lambda _=False, id=answer.id: self.answer(id))
            if answer.grave:
                palette = QPalette()
                palette.setColor(QPalette.ColorRole.ButtonText, tint(Tone.GRAVE, QPalette()))
                button.setPalette(palette)
            self._buttons.addWidget(button)
            button.show()
            buttons.append(button)
        if buttons:
            if not choice.answers[choice.focus].grave:
                primary(buttons[choice.focus])
            buttons[choice.focus].setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self.setObjectName("choice")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setStyleSheet(
            "#choice { background: palette(alternate-base); border: none;"
            " border-bottom: 1px solid palette(mid); }"
        )
        lines = QVBoxLayout()
        lines.setSpacing(4)
        lines.addWidget(self._title)
        lines.addWidget(self._advice)
        lines.addWidget(self._list)
        lines.addLayout(self._sides)
        below = QHBoxLayout()
        below.addWidget(self._again)
        below.addLayout(self._buttons, 1)
        lines.addSpacing(4)
        lines.addLayout(below)
        across = QHBoxLayout(self)
        across.setContentsMargins(14, 12, 12, 12)
        across.setSpacing(12)
        across.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(lines, 1)


def _seen(palette: QPalette) -> QPalette:
    """In the dark some styles draw a box in the colour of its ground, and nothing is seen of it."""
    if colours.is_dark(palette):
        palette.setColor(QPalette.ColorRole.Base, colours.faint(palette).lighter(150))
    return palette


def _card(side: Side) -> Card:
    card = Card()
    across = QHBoxLayout(card)
    across.setContentsMargins(10, 8, 12, 8)
    across.setSpacing(10)
    if side.icon is not None:
        across.addWidget(_Glance(side), 0, Qt.AlignmentFlag.AlignVCenter)
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addStretch(1)
    column.addWidget(Text(side.heading, dim=True, selectable=False, scale=0.9))
    for fact in side.facts:
        column.addWidget(Text(fact))
    column.addStretch(1)
    across.addLayout(column, 1)
    return card


class _Glance(QLabel):
    """What one of two files looks like: its kind at first, and then itself."""

    def __init__(self, side: Side) -> None:
        super().__init__()
        assert side.icon is not None
        self.setFixedSize(_GLANCE, _GLANCE)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setPixmap(side.icon.pixmap(QSize(_ICON, _ICON), self.devicePixelRatio()))
        alive = [True]  # Qt may have destroyed this by the time a look arrives
        self.destroyed.connect(alive.clear)
        if side.look is not None:
            side.look.add_done_callback(lambda look: self._show(look) if alive else None)

    def _show(self, look: asyncio.Future[QImage | str | None]) -> None:
        if look.cancelled() or look.exception() is not None:
            return
        match look.result():
            case QImage() as image:
                ratio = self.devicePixelRatio()
                side = round(_GLANCE * ratio)
                picture = QPixmap.fromImage(image)
                if picture.width() > side or picture.height() > side:
                    keep, smooth = (
                        Qt.AspectRatioMode.KeepAspectRatio,
                        Qt.TransformationMode.SmoothTransformation,
                    )
                    picture = picture.scaled(side, side, keep, smooth)
                picture.setDevicePixelRatio(ratio)
                self.setPixmap(picture)
                self.setAccessibleName(tr("Picture"))
            case str() as text if text.strip():
                font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
                font.setPointSizeF(self.font().pointSizeF() * _SMALL)
                self.setFont(font)
                self.setFixedWidth(_PAGE)
                palette = QPalette()
                palette.setColor(QPalette.ColorRole.WindowText, colours.quiet(QPalette()))
                self.setPalette(palette)
                self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                self.setText(text)
                self.setAccessibleName(text)
