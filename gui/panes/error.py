"""What stands in the place of a stick's files when something is wrong with it: one design for every error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QSaveFile, QStandardPaths, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import RumpusError
from core.host.accounts import Account
from gui import icons
from gui.panes.flow import Flow
from gui.panes.parts import Card, Drawing, Facts, Fold, Page, Text, clear, narrow, primary, roomy
from gui.translating import later, tr
from gui.wording import Explanation, Tone, explain

_ICON = 56
_REPORT_LINES = 14
_NARROW = 60
"""Letters of width below which a sentence stands below its heading."""
_TOP = Qt.AlignmentFlag.AlignTop
_TEXT = later("Text (*.txt)")
_CAPSULE = later("Capsule, with what it takes to see this again; no file's content (*.zip)")
_SCRAMBLED = later("Capsule for strangers, in which every name is scrambled (*.zip)")


class ErrorPane(QWidget):
    """Shows one error at a time; says by `asked` which of its actions (`gui.wording.Ask`) was chosen."""

    asked = Signal(str)
    capsule_wanted = Signal(str, bool)
    """A path: the report is to be saved there as a capsule; and whether under other names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.may_scramble = False
        """Whether names in a capsule can be replaced."""
        self._told = Explanation("", "")
        self._icon = Drawing("warning", _ICON)
        self._title = Text(scale=1.5, bold=True)
        self._sentences = QGridLayout()
        self._sentences.setHorizontalSpacing(12)
        self._sentences.setVerticalSpacing(10)
        self._sentences.setColumnStretch(2, 1)
        self._buttons = Flow(10)
        self._facts = Facts()
        self._report = QPlainTextEdit()
        self._report.setReadOnly(True)
        self._report.setTabChangesFocus(True)
        self._report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._report.setAccessibleName(tr("Report"))
        self._details = Card()
        self._fold = Fold(tr("Technical details"), self._details)
        self._copy = self._tool("copy", tr("Copy"), tr("Copy the technical details"))
        self._copy.clicked.connect(self._copy_details)
        self._save = self._tool("save", tr("Save report…"), tr("Save the technical details as a text file"))
        self._save.clicked.connect(self._choose_file)
        self._notice = Text(dim=True)
        self._notice.hide()
        self._lay_out()

    def show_error(
        self, error: RumpusError, subject: str, *, place: str = "", lost: Sequence[Account] = ()
    ) -> None:
        """`subject`: the stick, volume or file it happened to; `place`: the folder on it that was shown.

        `lost`: of a stick that was pulled out, what was going on then.
        """
        self._told = told = explain(error, subject, place, lost=lost)
        self.setAccessibleName(told.title)
        self.setAccessibleDescription(" ".join(filter(None, (told.safe, told.unsafe, told.advice))))
        self._icon.draw(told.icon, told.tone)
        self._title.setText(told.title)
        clear(self._sentences)
        for row, (drawing, tone, lead, sentence) in enumerate(_sentences(told)):
            heading = Text(lead, bold=True, selectable=False)
            heading.setWordWrap(False)
            text = Text(sentence)
            text.setAccessibleName(f"{lead}: {sentence}")
            self._sentences.addWidget(Drawing(drawing, 18, tone), 2 * row, 0, _TOP)
            self._sentences.addWidget(heading, 2 * row, 1, _TOP)
            self._sentences.addWidget(text, 2 * row, 2, _TOP)
        self._arrange()
        self._show_buttons(told)
        self._facts.show_rows(list(told.details))
        self._report.setPlainText(told.report)
        self._report.setVisible(bool(told.report))
        self._notice.hide()
        self._fold.unfold(False)

    def details(self) -> str:
        """All that is known, as the text that is copied and saved."""
        told = self._told
        said = [told.title, *filter(None, (told.safe, told.unsafe, told.advice))]
        facts = [f"{name}: {value}" for name, value in told.details]
        return "\n".join((*said, "", *facts, *(("", told.report) if told.report else ()), ""))

    def say(self, words: str) -> None:
        """Below the details: how something went that was done with them."""
        self._notice.setText(words)
        self._notice.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Each sentence beside its heading, or below it where there is little room for the letters."""
        below = narrow(self, _NARROW)
        for row in range(0, self._sentences.rowCount(), 2):
            before, after = ((row, 2), (row + 1, 1)) if below else ((row + 1, 1), (row, 2))
            item = self._sentences.itemAtPosition(*before)
            if item is not None and (text := item.widget()) is not None:
                self._sentences.removeWidget(text)
                self._sentences.addWidget(text, *after, 1, 2 if below else 1, _TOP)

    def _lay_out(self) -> None:
        within = QVBoxLayout(self._details)
        within.setContentsMargins(16, 14, 16, 14)
        within.setSpacing(12)
        within.addWidget(self._facts)
        within.addWidget(self._report)
        font = Text(fixed=True).font()
        self._report.setFont(font)
        self._report.setMinimumHeight(self._report.fontMetrics().lineSpacing() * _REPORT_LINES)
        below = Flow(4, right=1)
        for widget in (self._fold, self._copy, self._save):
            below.addWidget(widget)
        page = Page(self._icon)
        column = page.column
        column.addSpacing(8)
        column.addWidget(self._title)
        column.addSpacing(18)
        column.addLayout(self._sentences)
        column.addSpacing(24)
        column.addLayout(self._buttons)
        column.addSpacing(24)
        column.addLayout(below)
        column.addSpacing(6)
        column.addWidget(self._details)
        column.addSpacing(6)
        column.addWidget(self._notice)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)

    def _show_buttons(self, told: Explanation) -> None:
        clear(self._buttons)
        buttons = [QPushButton(action.label()) for action in told.actions]
        for action, button in zip(told.actions, buttons, strict=True):
            button.setObjectName(action.id)
            button.clicked.connect(lambda _=False, id=str(action.id): self.asked.emit(id))
            roomy(button)
            self._buttons.addWidget(button)
            button.show()  # at once, so that it can have the focus
        order: list[QWidget] = [*buttons, self._fold, self._copy, self._save, self._report]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
        if buttons:
            primary(buttons[0])
            self.setFocusProxy(buttons[0])

    def _tool(self, name: str, label: str, purpose: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icons.icon(name))
        button.setText(label)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAccessibleName(purpose)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self.details())
        self.say(tr("Copied."))

    def _choose_file(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"rumpus-report-{datetime.now():%Y%m%d-%H%M}.txt"
        dialog = QFileDialog(self, tr("Save report"), str(Path(folder) / name))
        dialog.setNameFilters([_TEXT(), _CAPSULE(), *([_SCRAMBLED()] if self.may_scramble else [])])
        dialog.setDefaultSuffix("txt")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filterSelected.connect(
            lambda kind: dialog.selectFile(str(Path(name).with_suffix(".txt" if kind == _TEXT() else ".zip")))
        )
        dialog.fileSelected.connect(
            lambda path: self._chosen(path, scramble=dialog.selectedNameFilter() == _SCRAMBLED())
        )
        dialog.open()

    def _chosen(self, path: str, *, scramble: bool = False) -> None:
        if path.endswith(".zip"):
            self.capsule_wanted.emit(path, scramble)
        else:
            self.say(save(path, self.details().encode(errors="replace")))


def save(path: str, content: bytes) -> str:
    """Writes a file of the host, whole or not at all. Returns how it went, as a sentence."""
    file = QSaveFile(path)
    saved = file.open(QSaveFile.OpenModeFlag.WriteOnly)
    saved = saved and file.write(content) == len(content) and file.commit()
    if saved:
        return tr("Saved as {name}.", name=Path(path).name)
    return tr("Not saved: {why}.", why=file.errorString())


def _sentences(told: Explanation) -> list[tuple[str, Tone | None, str, str]]:
    rows: list[tuple[str, Tone | None, str, str]] = [
        ("check", None, tr("Safe"), told.safe),
        ("warning", Tone.CARE, tr("Not safe"), told.unsafe),
        ("info", Tone.CALM, tr("What to do"), told.advice),
    ]
    return [row for row in rows if row[3].strip()]
