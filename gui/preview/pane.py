"""The preview beside the list: what is selected, without opening it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.entry import Entry
from core.host.names import shown
from core.host.previewing import Previewer
from core.host.volume import Volume
from gui.panes.parts import Line, Text
from gui.preview.sheet import Sheet
from gui.preview.viewing import Viewing
from gui.tasks import Tasks
from gui.translating import tr


class PreviewPane(QWidget):
    def __init__(self, previewer: Previewer, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet = Sheet()
        self.viewing = Viewing(previewer, self.sheet, tasks)
        self._title = Line(bold=True)
        self._facts = Text(dim=True, selectable=False)
        self._facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        # Always room for two lines: what a picture is made for must not depend on what it says of itself.
        self._facts.setFixedHeight(2 * self._facts.fontMetrics().lineSpacing())
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 10)
        column.setSpacing(4)
        column.addWidget(self.sheet, 1)
        column.addSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._facts)
        self.setMinimumHeight(160)
        self.viewing.shown.connect(lambda: self._facts.setText(" · ".join(self.sheet.facts)))

    def show_entry(self, volume: Volume, entry: Entry, following: Entry | None = None) -> None:
        """As `Viewing.view`."""
        self._title.setText(shown(entry.name))
        self.setAccessibleName(tr("Preview of {name}", name=shown(entry.name)))
        self.viewing.view(volume, entry, following)

    def clear(self) -> None:
        self._title.setText("")
        self._facts.setText("")
        self.viewing.stop()
        self.sheet.hint(tr("Select a file to look into it."))
