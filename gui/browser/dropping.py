"""Where among the files something can be dropped, and how that is shown while it is dragged there."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QWidget

from core.entry import Entry
from gui.clipboard import OURS

_ROUND = 6.0


class DropMark(QWidget):
    """A frame around what would take it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def put_around(self, area: QRect) -> None:
        self.setGeometry(area)
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(accent, 2))
        accent.setAlpha(28)
        painter.setBrush(accent)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), _ROUND, _ROUND)
        painter.end()


class DropArea(QWidget):
    dropped = Signal(object, object, bool)
    """The QMimeData, valid only while the signal is handled; the Entry of the folder that it was dropped on,
    None for the folder that is shown; whether it was dragged from this window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = DropMark(self)
        self.setAcceptDrops(True)

    def folder_at(self, place: QPoint) -> tuple[Entry | None, QRect]:
        """The folder whose row is there, and its area; None, and the area of all files, elsewhere."""
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._consider(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._consider(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark.hide()
        entry, _ = self.folder_at(event.position().toPoint())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(event.mimeData(), entry, event.source() is not None)

    def _consider(self, event: QDragMoveEvent) -> None:
        data = event.mimeData()
        if not (data.hasUrls() or data.hasFormat(OURS)):
            event.ignore()
            return
        _, area = self.folder_at(event.position().toPoint())
        self._mark.put_around(area)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
