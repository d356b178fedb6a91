"""A line by the files that says what is not among them, or what to know about the stick that they are on."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from core.errors import CorruptStructure, MediumError
from gui import formats
from gui.browser.reading import MOST_ENTRIES, Outcome
from gui.panes.parts import Drawing, Text
from gui.translating import tr
from gui.wording import Tone, explain


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


def missing(outcome: Outcome) -> str:
    """What is not among the files of a folder, and why; empty when nothing is missing."""
    if outcome.cut:
        return tr(
            "Only the first {number} entries of this folder are shown.",
            number=formats.number(MOST_ENTRIES),
        )
    match outcome.error:
        case None:
            return ""
        case CorruptStructure():
            return tr("Only a part of this folder is shown. The rest of it is damaged.")
        case MediumError():
            return tr("Only a part of this folder is shown. The rest of it can no longer be read.")
        case error:
            return tr("Only a part of this folder is shown. {why}", why=explain(error, "").title)


def facts_of(outcome: Outcome) -> str:
    """What is known of the place where a folder breaks off."""
    if outcome.error is None:
        return ""
    rows = explain(outcome.error, "").details
    return "".join(f"<p>{escape(name)}: {escape(value)}</p>" for name, value in rows)
