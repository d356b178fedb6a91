"""Previews of what is selected: beside the list, over it, and on the icons."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSplitter, QWidget

from core.entry import Entry, Kind
from core.host.previewing import Previewer
from core.host.supervisor import Supervisor
from gui.actions import Actions
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.page import Page
from gui.preview.pane import PreviewPane
from gui.preview.quick import QuickLook
from gui.preview.thumbnails import Thumbnails
from gui.tasks import Tasks

_HALF = 400
"""Logical pixels; each gets as much of the column as the other."""


class Previewing(QObject):
    """Owns the column at the right, in which the properties have their place too."""

    def __init__(
        self,
        actions: Actions,
        navigator: Navigator,
        supervisor: Supervisor,
        properties: QWidget,
        tasks: Tasks,
    ) -> None:
        super().__init__(navigator)
        self._actions = actions
        self._navigator = navigator
        self._supervisor = supervisor
        self._tasks = tasks
        self._previewer = Previewer(supervisor.decoders)
        self._properties = properties
        self._row, self._step = -1, 1
        self.pane = PreviewPane(self._previewer, tasks)
        self.quick = QuickLook(self._previewer, tasks, navigator.area)
        self.side = QSplitter(Qt.Orientation.Vertical)
        self.side.setChildrenCollapsible(False)
        self.side.setHandleWidth(1)
        self.side.addWidget(self.pane)
        self.side.addWidget(properties)
        self.side.setSizes([_HALF, _HALF])
        actions.quick_look.triggered.connect(self.look)
        actions.preview.setChecked(QSettings().value("view/preview") in (True, "true"))
        actions.preview.toggled.connect(self._toggled)
        navigator.page_made.connect(self._look_after)
        self.quick.walked.connect(self._walk)
        self.quick.opened.connect(self._open)
        self.quick.left.connect(self._go_on)

    def refresh(self, page: Page | None, *, roomy: bool) -> None:
        """`page` is None while there are no files on screen. The properties have been refreshed before."""
        volume = page.volume if page is not None else None
        entry = _entry(page)
        self._actions.preview.setEnabled(page is not None)
        self._actions.quick_look.setEnabled(page is not None and page.browser.current is not None)
        wanted = self._actions.preview.isChecked() and volume is not None and roomy
        self.pane.setVisible(wanted)
        self.side.setVisible(wanted or not self._properties.isHidden())
        if entry is not None and entry.kind is Kind.FILE:
            self._previewer.warm()
        if wanted and volume is not None and entry is not None:
            self.pane.show_entry(volume, entry, self._following(page))
        else:
            self.pane.clear()
        if self.quick.looking and page is not None:
            self.look()
        elif self.quick.looking:
            self.quick.leave()

    def look(self) -> None:
        """Shows the preview of the current entry over the list."""
        page = self._navigator.page
        if page is None or not page.shows_files:
            return
        entry = _entry(page) or page.browser.current
        if page.volume is not None and entry is not None:
            self.quick.look(page.volume, entry, self._following(page))

    def _following(self, page: Page | None) -> Entry | None:
        """The next one in the direction in which one walks."""
        if page is None:
            return None
        browser = page.browser
        row = browser.selection.currentIndex().row()
        if row != self._row:
            self._step, self._row = (1 if row > self._row else -1), row
        return browser.model.entry_at(row + self._step)

    def _toggled(self, wanted: bool) -> None:
        QSettings().setValue("view/preview", wanted)
        self._navigator.changed.emit()

    def _walk(self, event: QKeyEvent) -> None:
        page = self._navigator.page
        if page is not None:
            QCoreApplication.sendEvent(page.browser.view, event)

    def _open(self) -> None:
        if self._navigator.page is not None:
            self._navigator.page.activate()

    def _go_on(self) -> None:
        if self._navigator.page is not None:
            self._navigator.page.take_focus()

    def _look_after(self, page: Page) -> None:
        page.quick_wanted.connect(self.look)
        page.browser.use_thumbnails(Thumbnails(self._previewer, self._tasks, page))


def _entry(page: Page | None) -> Entry | None:
    """The one that is selected, or the one of several that the keyboard stands on."""
    if page is None or not page.shows_files or not page.browser.selected_count:
        return None
    return page.browser.current if page.browser.selected_count > 1 else page.browser.selected[0]
