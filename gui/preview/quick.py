"""Quick look: the preview over the list, large, for as long as one looks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from core.entry import Entry, Kind
from core.host.names import shown
from core.host.previewing import Previewer
from core.host.volume import Volume
from gui import formats
from gui.icons import icon
from gui.panes.parts import Line
from gui.preview.sheet import Sheet
from gui.preview.viewing import Viewing
from gui.tasks import Tasks
from gui.translating import tr

_MARGIN = 28
_WALK = (
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
)
_LEAVE = (Qt.Key.Key_Space, Qt.Key.Key_Escape)
_OPEN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QuickLook(QFrame):
    walked = Signal(QKeyEvent)
    """A key that is meant for the list behind."""
    opened = Signal()
    left = Signal()

    def __init__(self, previewer: Previewer, tasks: Tasks, over: QWidget) -> None:
        """Covers `over`, and goes with it."""
        super().__init__(over)
        self.setObjectName("quick")
        self.setStyleSheet(
            "#quick { background: palette(window); border: 1px solid palette(mid); border-radius: 10px; }"
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sheet = Sheet()
        self.sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewing = Viewing(previewer, self.sheet, tasks)
        self._over = over
        self._title = Line(bold=True)
        self._facts = Line(dim=True)
        close = QToolButton()
        close.setIcon(icon("cancel"))
        close.setAutoRaise(True)
        close.setToolTip(tr("Close (Space)"))
        close.setAccessibleName(tr("Close the preview"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.leave)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._facts)
        top = QHBoxLayout()
        top.addLayout(names, 1)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 14)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.sheet, 1)
        over.installEventFilter(self)
        self.sheet.installEventFilter(self)
        self.viewing.shown.connect(self._tell)
        self.hide()

    @property
    def looking(self) -> bool:
        return not self.isHidden()

    def look(self, volume: Volume, entry: Entry, following: Entry | None = None) -> None:
        """As `Viewing.view`."""
        self._title.setText(shown(entry.name))
        self.setAccessibleName(tr("Preview of {name}", name=shown(entry.name)))
        if not self.looking:
            self._fit()
            self.show()
            self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.viewing.view(volume, entry, following)

    def leave(self) -> None:
        if self.looking:
            self.hide()
            self.viewing.stop()
            self.left.emit()

    def _tell(self) -> None:
        entry = self.viewing.entry
        size = [formats.size(entry.size)] if entry is not None and entry.kind is Kind.FILE else []
        self._facts.setText(" · ".join([*size, *self.sheet.facts]))

    def _fit(self) -> None:
        area: QRect = self._over.rect()
        margin = min(_MARGIN, area.width() // 12)
        self.setGeometry(area.adjusted(margin, margin, -margin, -margin))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() is QEvent.Type.Resize and self.looking:
            self._fit()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _LEAVE:
            self.leave()
        elif event.key() in _OPEN:
            self.leave()
            self.opened.emit()
        elif event.key() in _WALK:
            self.walked.emit(event)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # what is behind is not meant
