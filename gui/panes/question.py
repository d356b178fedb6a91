"""The bar that asks before a file is handed to the desktop, and shows such a file as harmless text."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from core.errors import RumpusError
from core.host.volume import Volume
from gui import formats
from gui.outgoing import Outgoing, Question
from gui.panes.bar import Bar
from gui.panes.parts import Text
from gui.plain import dump_lines, harmless_line
from gui.tasks import Tasks
from gui.translating import tr
from gui.wording import Tone, explain, quoted

_SHOWN = 64 * 1024
"""Bytes of a file that are shown as text."""
_DUMPED = 4 * 1024
"""Bytes that are shown as numbers, when they are no text."""
_LINES = 14


class QuestionBar(Bar):
    """Asks one question at a time, never in the way of anything else. Hides itself when it has none."""

    answered = Signal()
    """It had the keyboard, and is gone."""

    def __init__(self, outgoing: Outgoing, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__("question", "warning", parent)
        self._tasks = tasks
        self._question: Question | None = None
        self._show = QPushButton(tr("Show it as text"))
        self._show.clicked.connect(self._show_text)
        self._keep = QPushButton(tr("Keep it closed"))
        self._keep.clicked.connect(self.close_bar)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName(tr("The file as text"))
        self._text.setFont(Text(fixed=True).font())
        self._text.setFixedHeight(self._text.fontMetrics().lineSpacing() * _LINES)
        self._lay_out()
        outgoing.questioned.connect(self.ask)
        outgoing.told.connect(self.tell)
        self.hide()

    def ask(self, question: Question) -> None:
        self._question = question
        self._drawing.draw("warning", Tone.CARE)
        self._say(
            tr(
                "{name} stays closed. {sentence}",
                name=quoted(question.entry.name, tr("The file")),
                sentence=question.sentence,
            ),
            tr(
                "Rumpus never runs anything from a stick. "
                "Its text can be shown here, where it can do nothing."
            ),
        )
        self._show.show()

    def tell(self, sentence: str, advice: str = "") -> None:
        """Says something that needs no answer."""
        self._question = None
        self._drawing.draw("info", Tone.CALM)
        self._say(sentence, advice)
        self._keep.setText(tr("Close"))
        self._show.hide()

    def close_bar(self) -> None:
        self._question = None
        self._text.clear()
        focus = QApplication.focusWidget()
        held = focus is not None and self.isAncestorOf(focus)
        self.hide()
        if held:
            self.answered.emit()

    def pass_by(self) -> None:
        """One goes on with something else, for which what is said here is old."""
        if not self.isHidden():
            self.close_bar()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
            return
        super().keyPressEvent(event)

    def _say(self, title: str, advice: str) -> None:
        self._title.setText(title)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._text.hide()
        self._keep.setText(tr("Keep it closed"))
        self.setAccessibleName(title)
        self.show()

    def _show_text(self) -> None:
        if self._question is not None:
            question = self._question
            self._tasks.spawn(self._fetch(question), lambda error: self._unreadable(question, error))

    async def _fetch(self, question: Question) -> None:
        content = await _beginning(question.volume, question.entry.node)
        if question is self._question:
            self._text.setPlainText(as_text(content, question.entry.size))
            self._text.show()
            self._show.hide()
            self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _unreadable(self, question: Question, error: RumpusError) -> None:
        if question is self._question:
            self.tell(explain(error, question.entry.name).title)

    def _lay_out(self) -> None:
        self._buttons.addWidget(self._show)
        self._buttons.addWidget(self._keep)
        self._whole.addWidget(self._text)


async def _beginning(volume: Volume, node: int) -> bytes:
    content = b""
    while len(content) < _SHOWN:
        piece = await volume.read(node, len(content), _SHOWN - len(content))
        if not piece:
            break
        content += piece
    return content


def as_text(content: bytes, size: int) -> str:
    """A file's beginning as lines that can do nothing: no control characters, nothing that turns text around.

    Bytes that are no text become numbers. `size` is the whole file's.
    """
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        lines, taken = list(dump_lines(content[:_DUMPED])), min(len(content), _DUMPED)
    else:
        encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        text = content.decode(encoding, errors="replace")
        lines, taken = [harmless_line(line) for line in text.splitlines()], len(content)
    if taken < size:
        lines += [
            "",
            tr("(the first {taken} of {size} bytes)", taken=formats.number(taken), size=formats.number(size)),
        ]
    return "\n".join(lines)
