"""Where a folder breaks off: the row that stands there, and what is said of it."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem

from core.errors import CorruptStructure, MediumError, RumpusError
from gui import formats
from gui.browser.contents import Contents
from gui.browser.order import Column
from gui.translating import tr
from gui.wording import explain

_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
"""The keyboard can stand on it, and it can be neither selected, dragged nor renamed."""


def last_row(error: RumpusError) -> list[QStandardItem]:
    """Its cells. The delegate draws the text of the first one over all of them."""
    text, hint = _rest(error), tr("Double-click, or press Enter, to try again.")
    lines = f"<p><b>{escape(text)}</b></p><p>{escape(hint)}</p>{facts_of(error)}"
    cells = [QStandardItem() for _ in Column]
    for cell in cells:
        cell.setFlags(_FLAGS)
        cell.setToolTip(lines)
    cells[0].setText(text)
    cells[0].setAccessibleText(text)
    cells[0].setAccessibleDescription(hint)
    return cells


def _rest(error: RumpusError) -> str:
    match error:
        case CorruptStructure():
            return tr("The rest of this folder is damaged.")
        case MediumError():
            return tr("The rest of this folder can no longer be read.")
        case _:
            return tr("The rest is not shown. {why}", why=explain(error, "").title)


def missing(contents: Contents) -> str:
    """That something is not among the files of a folder, and why; empty when nothing is missing."""
    if contents.cut:
        number = formats.number(len(contents.entries))
        return tr("Only the first {number} entries of this folder are shown.", number=number)
    match contents.error:
        case None:
            return ""
        case CorruptStructure():
            return tr("Only a part of this folder is shown. The rest of it is damaged.")
        case MediumError():
            return tr("Only a part of this folder is shown. The rest of it can no longer be read.")
        case error:
            return tr("Only a part of this folder is shown. {why}", why=explain(error, "").title)


def facts_of(error: RumpusError | None) -> str:
    """What is known of the place where a folder breaks off, as markup."""
    rows = explain(error, "").details if error is not None else ()
    return "".join(f"<p>{escape(name)}: {escape(value)}</p>" for name, value in rows)
