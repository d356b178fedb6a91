"""The line in which a name is typed, in the place where it stands among the files."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.entry import Entry
from core.host.names import shown
from gui.browser.model import FolderModel
from gui.translating import tr

Index = QModelIndex | QPersistentModelIndex

_MOST = 255
"""Characters of a name; the file system has the last word."""


class NameEditing(QStyledItemDelegate):
    """Edits the first column. The text is the name as it is shown, so nothing hidden stays hidden in it."""

    renamed = Signal(object, str)
    """An Entry, and the name that it is to have."""
    suggestion = ""
    """What the line begins with, where that is not the name: what was typed before and did not go."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        line = QLineEdit(parent)
        line.setMaxLength(_MOST)
        line.setAutoFillBackground(True)
        line.setBackgroundRole(QPalette.ColorRole.Base)
        line.setAccessibleName(tr("New name"))
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Once: a folder that is read anew meanwhile does not take away what was typed."""
        entry = _entry(index.model(), index.row())
        if not isinstance(editor, QLineEdit) or entry is None or editor.property("begun"):
            return
        editor.setProperty("begun", True)
        editor.setProperty("refused", self.suggestion)
        editor.setText(self.suggestion or shown(entry.name))
        self.suggestion = ""

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        entry = _entry(model, index.row())
        if isinstance(editor, QLineEdit) and entry is not None:
            name = editor.text().strip()
            given_up = name == editor.property("refused") and not editor.property("entered")
            if name and name != shown(entry.name) and not given_up:
                self.renamed.emit(entry, name)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Whoever goes elsewhere after a refusal has not asked for the same name once more."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            editor.setProperty("entered", event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter))
        return super().eventFilter(editor, event)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(self.name_rect(option, editor.sizeHint().height()))

    def name_rect(self, option: QStyleOptionViewItem, height: int) -> QRect:
        """Where the name is drawn, and room for a line of this height."""
        raise NotImplementedError


def stem_length(name: str, *, folder: bool = False) -> int:
    """Characters before the extension: what one usually wants to type anew."""
    stem, dot, _ = name.rpartition(".")
    return len(stem) if dot and stem and not folder else len(name)


def _entry(model: QAbstractItemModel, row: int) -> Entry | None:
    return model.entry_at(row) if isinstance(model, FolderModel) else None
