"""The path in the toolbar: one button a folder, or a line to type in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from core.host.names import shown
from gui.icons import icon
from gui.translating import tr

_LONGEST = 26
"""Characters of one folder's name; the rest of it is in its tooltip."""
_HEIGHT = 34


class Breadcrumb(QStackedWidget):
    went = Signal(int)
    """How many folders below the root the one is that was clicked; 0 is the root."""
    typed = Signal(str)
    """A path from the root of the volume."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("breadcrumb")
        self.setStyleSheet(
            "#breadcrumb { background: palette(base); border: 1px solid palette(mid); border-radius: 7px; }"
            "#breadcrumb[bare=true] { background: transparent; border-color: transparent; }"
        )
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._trail = Trail()
        self._trail.went.connect(self.went)
        self._line = _Line()
        self._line.setFrame(False)
        self._line.setClearButtonEnabled(True)
        self._line.setTextMargins(8, 0, 4, 0)
        self._line.setPlaceholderText(tr("A path on this stick, such as /Photos/2026"))
        self._line.setAccessibleName(tr("Path"))
        self._line.returnPressed.connect(self._entered)
        self._line.left.connect(self._close_line)
        self.addWidget(self._trail)
        self.addWidget(self._line)

    def show_path(self, root: str, drawing: str, names: list[str]) -> None:
        """`root` is the name of the volume, for people; `names` are those of the folders, raw."""
        self._trail.show_path(root, drawing, names)
        self.setProperty("bare", not root)
        self.style().polish(self)

    def edit(self, path: str) -> None:
        """Lets a path be typed, beginning with the one on screen."""
        self._line.setText(path)
        self._line.selectAll()
        self.setCurrentWidget(self._line)
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def names(self) -> list[str]:
        """As they are on screen, from the root."""
        return self._trail.names

    def _entered(self) -> None:
        path = self._line.text()
        self._close_line()
        self.typed.emit(path)

    def _close_line(self) -> None:
        self.setCurrentWidget(self._trail)


class _Line(QLineEdit):
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class Trail(QWidget):
    """Buttons from the root to here. Where there is no room, the first ones go into a menu."""

    went = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._across = QHBoxLayout(self)
        self._across.setContentsMargins(4, 0, 4, 0)
        self._across.setSpacing(0)
        self._more = QToolButton()
        self._more.setText("…")
        self._more.setAutoRaise(True)
        self._more.setAccessibleName(tr("Folders above"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._more)
        self._more.setMenu(self._menu)
        self._more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._across.addWidget(self._more)
        self._more.hide()
        self._across.addStretch(1)
        self._steps: list[tuple[QToolButton, QLabel | None]] = []
        self._shown: tuple[str, str, tuple[str, ...]] = ("", "", ())

    @property
    def names(self) -> list[str]:
        return [self._shown[0], *(shown(name) for name in self._shown[2])] if self._shown[0] else []

    def show_path(self, root: str, drawing: str, names: list[str]) -> None:
        if (root, drawing, tuple(names)) == self._shown:
            return
        self._shown = (root, drawing, tuple(names))
        for button, mark in self._steps:
            for widget in (button, mark):
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
        self._steps = []
        if root:
            self._add(root, 0, last=not names, drawing=drawing)
        for depth, name in enumerate(names, 1):
            self._add(shown(name), depth, last=depth == len(names))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            for _, mark in self._steps:
                if mark is not None:
                    self._draw(mark)
        super().changeEvent(event)

    def _draw(self, mark: QLabel) -> None:
        mark.setPixmap(icon("unfold").pixmap(QSize(12, 12), self.devicePixelRatio()))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _HEIGHT)

    def _add(self, name: str, depth: int, *, last: bool, drawing: str = "") -> None:
        mark = None
        if depth:
            mark = QLabel()
            self._draw(mark)
            self._across.insertWidget(self._across.count() - 1, mark)
        button = QToolButton()
        button.setAutoRaise(True)
        button.setText(_short(name).replace("&", "&&"))
        button.setAccessibleName(name)
        if drawing:
            button.setIcon(icon(drawing))
            button.setIconSize(QSize(16, 16))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        if last:
            font = button.font()
            font.setWeight(QFont.Weight.DemiBold)
            button.setFont(font)
        button.clicked.connect(lambda: self.went.emit(depth))
        self._across.insertWidget(self._across.count() - 1, button)
        QWidget.setTabOrder(self._steps[-1][0] if self._steps else self._more, button)
        self._steps.append((button, mark))

    def _fit(self) -> None:
        """Hides folders from the root on, until the rest fits; the last one always stays."""
        room = self.width() - 16
        widths = [
            button.sizeHint().width() + (mark.sizeHint().width() if mark else 0)
            for button, mark in self._steps
        ]
        first = 0
        while first < len(widths) - 1 and sum(widths[first:]) + (40 if first else 0) > room:
            first += 1
        self._menu.clear()
        for depth, (button, mark) in enumerate(self._steps):
            button.setVisible(depth >= first)
            if mark is not None:
                mark.setVisible(depth >= first)
            if depth < first:
                entry = self._menu.addAction(button.text())
                entry.triggered.connect(lambda _=False, depth=depth: self.went.emit(depth))
        self._more.setVisible(first > 0)


def _short(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    return name[: _LONGEST - 9] + "…" + name[-8:]
