"""The dialog that lists what was deleted on a volume and what is left of it, and recovers what is chosen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.entry import Entry, Kind, Sureness
from core.errors import RumpusError
from core.host import recovering
from core.host.names import shown
from core.host.sticks import Change, Stick, Sticks, StickVolume
from core.host.volume import Volume
from gui import formats
from gui.panes.parts import Text, primary
from gui.tasks import Tasks
from gui.translating import later, tr
from gui.wording import explain, quoted

_WIDTH, _HEIGHT = 680, 300
_MOST_LISTED = 5000
_NAME, _SIZE, _SURE = range(3)
_ENTRY = Qt.ItemDataRole.UserRole

_SURENESS = {
    Sureness.GOOD: later("Whole"),
    Sureness.LIKELY: later("Whole, most likely"),
    Sureness.DOUBTFUL: later("Perhaps something else"),
    Sureness.PARTLY: later("A part of it"),
    Sureness.GONE: later("Overwritten"),
}
assert set(_SURENESS) == set(Sureness)


class DeletedDialog(QDialog):
    """Open it with `open()`. `copy` is called with what was chosen, once the dialog is closed."""

    def __init__(
        self,
        place: StickVolume,
        stick: Stick,
        sticks: Sticks,
        tasks: Tasks,
        copy: Callable[[Volume, list[Entry]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._place, self._stick, self._copy = place, stick, copy
        self._volume: Volume | None = None
        self._unread = self._more = 0
        """Folders that could not be looked into, and files beyond those that are listed."""
        self.setWindowTitle(tr("Deleted files"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = Text(bold=True, scale=1.25)
        self._advice = Text()
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setMinimumHeight(_HEIGHT)
        self.list.setHeaderLabels([tr("Name"), tr("Size"), tr("What is left")])
        self.list.setAccessibleName(tr("Deleted files"))
        self.list.itemChanged.connect(lambda item, column: self._chosen_changed())
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._all = QPushButton(tr("Choose all"))
        self._all.clicked.connect(self.choose_all)
        self._recover = QPushButton(tr("Recover to…"))
        self._recover.clicked.connect(self.recover)
        self._close = QPushButton(tr("Close"))
        self._close.setDefault(True)
        self._close.clicked.connect(self.reject)
        for button in (self._all, self._recover):
            button.setAutoDefault(False)
            button.setEnabled(False)
        primary(self._close)
        self._lay_out()
        self._say(
            tr("Looking at {name}", name=quoted(place.name)), tr("Nothing on the stick is changed by that.")
        )
        self._forget = sticks.observe(self._hear)
        self.finished.connect(self._finished)
        self._looking = tasks.spawn(self._look(), self._failed)

    @property
    def chosen(self) -> list[Entry]:
        items = (self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount()))
        return [
            item.data(_NAME, _ENTRY)
            for item in items
            if item is not None and item.checkState(_NAME) is Qt.CheckState.Checked
        ]

    def choose_all(self) -> None:
        """All of which anything is left."""
        self.list.blockSignals(True)
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None and not item.isDisabled():
                item.setCheckState(_NAME, Qt.CheckState.Checked)
        self.list.blockSignals(False)
        self._chosen_changed()

    def recover(self) -> None:
        volume, chosen = self._volume, self.chosen
        if volume is not None and chosen:
            self.accept()
            self._copy(volume, chosen)

    # looking ------------------------------------------------------------------------------------------------

    async def _look(self) -> None:
        volume = self._volume = await self._place.open()
        walk = recovering.walk(volume, volume.root, "", self._trouble, recursive=True)
        async with aclosing(walk) as folders:
            async for buried in folders:
                for address, each in buried.found.items():
                    if each.entry.kind is not Kind.FILE:
                        continue
                    if self.list.topLevelItemCount() < _MOST_LISTED:
                        sureness = await recovering.judged(volume, each)
                        self._add(f"{buried.path}/{address}", each.entry, sureness)
                    else:
                        self._more += 1
        self._show()

    def _trouble(self, path: str, error: RumpusError) -> None:
        self._unread += 1

    def _add(self, path: str, entry: Entry, sureness: Sureness) -> None:
        item = QTreeWidgetItem([shown(path), formats.size(entry.size), _SURENESS[sureness]()])
        item.setToolTip(_NAME, shown(path))
        item.setTextAlignment(_SIZE, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setData(_NAME, _ENTRY, entry)
        if sureness is Sureness.GONE:
            item.setDisabled(True)
        else:
            item.setCheckState(_NAME, Qt.CheckState.Unchecked)
        self.list.addTopLevelItem(item)

    def _show(self) -> None:
        self._bar.hide()
        count = self.list.topLevelItemCount() + self._more
        name = quoted(self._place.name)
        advice = []
        if count:
            advice.append(tr("What is written to the stick now may take their place."))
        if self._more:
            advice.append(tr("%Ln more are not listed.", "", self._more))
        if self._unread:
            advice.append(tr("%Ln folders could not be looked into.", "", self._unread))
        title = (
            tr("%Ln deleted files are still known on {name}.", "", count, name=name)
            if count
            else tr("No deleted file is known on {name}.", name=name)
        )
        self._say(title, " ".join(advice))
        self._all.setEnabled(bool(count))
        for widget in (self.list, self._all, self._recover):
            widget.setVisible(bool(count))
        self.adjustSize()

    def _failed(self, error: RumpusError) -> None:
        self._bar.hide()
        told = explain(error, self._place.name)
        self._say(told.title, told.advice)

    # the dialog ---------------------------------------------------------------------------------------------

    def _chosen_changed(self) -> None:
        self._recover.setEnabled(bool(self.chosen))

    def _hear(self, change: Change, stick: Stick) -> None:
        if stick is self._stick and change is Change.REMOVED:
            self.reject()

    def _finished(self, _: int) -> None:
        self._forget()
        self._looking.cancel()

    def _say(self, title: str, advice: str) -> None:
        self._title.setText(title[:1].upper() + title[1:])
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.setAccessibleName(self._title.text())

    def _lay_out(self) -> None:
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column in (_SIZE, _SURE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QHBoxLayout()
        buttons.addWidget(self._all)
        buttons.addStretch(1)
        buttons.addWidget(self._recover)
        buttons.addWidget(self._close)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(24, 22, 24, 20)
        lines.addStrut(_WIDTH - 48)
        lines.setSpacing(14)
        for widget in (self._title, self._advice, self._bar, self.list):
            lines.addWidget(widget)
        lines.addSpacing(6)
        lines.addLayout(buttons)
