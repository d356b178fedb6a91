"""A ring around the button that the keyboard stands on, for styles that hardly show it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from shiboken6 import isValid

_WIDTH, _ROUND = 2.0, 5.0


class Ring(QWidget):
    """Over a button, and of its size. The mouse does not notice it."""

    def __init__(self, button: QWidget) -> None:
        super().__init__(button)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.resize(button.size())
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QPalette().color(QPalette.ColorRole.Highlight), _WIDTH))
            edge = _WIDTH / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), _ROUND, _ROUND)


class Rings(QObject):
    """Puts one around each flat button that is come to by the keyboard, not by a click."""

    def __init__(self, window: QWidget) -> None:
        """They go with the window, and are in its dialogs too."""
        super().__init__(window)
        self.ring: Ring | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._turn)

    def _turn(self, _: QWidget | None, widget: QWidget | None) -> None:
        if self.ring is not None and isValid(self.ring):
            self.ring.hide()
            self.ring.deleteLater()
        self.ring = None
        flat = isinstance(widget, QToolButton) and widget.autoRaise()
        if widget is not None and flat and _by_keyboard(widget):
            self.ring = Ring(widget)


def _by_keyboard(widget: QWidget) -> bool:
    """As Qt marks the window in which Tab was pressed last, and not the mouse."""
    return widget.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
