"""The icon among the status icons, where the desktop has such a place: a menu for each stick.

Qt speaks StatusNotifierItem there. Nothing can be done here only: stock GNOME shows no such icons.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from core.host.names import shown
from core.host.sticks import Change, Stick, Sticks, StickState
from gui import formats
from gui.ejecting import Ejecting
from gui.icons import icon
from gui.mainwindow.sidebar_model import briefly
from gui.prose import said
from gui.translating import tr

_CALM = 100
"""Milliseconds in which changes are shown together."""
_MOST = 12
"""Sticks that the menu has room for; a hub full of others is in a menu of its own, in portions."""


class Tray(QObject):
    wanted = Signal(object)
    """A Stick to show in the window, or None for the window itself."""
    copied = Signal(object)
    """A Stick whose files are to be copied somewhere."""

    def __init__(
        self, sticks: Sticks, ejecting: Ejecting, settings: list[QAction], parent: QObject | None = None
    ) -> None:
        """`settings`: actions that follow the sticks in the menu, the one that quits the last."""
        super().__init__(parent)
        self._sticks = sticks
        self._ejecting = ejecting
        self._settings = settings
        self.menu = QMenu()
        self.icon = QSystemTrayIcon(icon("rumpus"), self)
        self.icon.setToolTip("Rumpus")
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM)
        self._calm.timeout.connect(self.refresh)
        self._forget = sticks.observe(self._hear)
        self.refresh()

    @property
    def there(self) -> bool:
        """Whether there is a place where somebody sees it."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def close(self) -> None:
        self._forget()
        self._calm.stop()
        self.icon.hide()
        self.menu.deleteLater()

    def refresh(self) -> None:
        self.menu.clear()
        self.menu.addAction(tr("Show Rumpus"), lambda: self.wanted.emit(None))
        self.menu.addSeparator()
        sticks = [stick for stick in self._sticks.sticks if not stick.image]
        for stick in sticks[:_MOST]:
            self._add(self.menu, stick)
        for start in range(_MOST, len(sticks), _MOST):
            others = sticks[start : start + _MOST]
            names = f"{shown(others[0].name)} … {shown(others[-1].name)}"
            more = self.menu.addMenu(_plain(names))
            for stick in others:
                self._add(more, stick)
        if not sticks:
            self.menu.addAction(tr("No stick is plugged in")).setEnabled(False)
        self.menu.addSeparator()
        self.menu.addActions(self._settings)
        self.icon.setVisible(self.there)

    def _add(self, above: QMenu, stick: Stick) -> None:
        menu = above.addMenu(icon("drive-removable-media-usb"), _plain(stick.name))
        menu.addAction(_plain(state_of(stick))).setEnabled(False)
        menu.addSeparator()
        usable = stick.state.usable
        menu.addAction(tr("Open"), self._with(stick, self.wanted.emit))
        menu.addAction(tr("Copy to…"), self._with(stick, self.copied.emit)).setEnabled(usable)
        eject = menu.addAction(icon("eject"), tr("Eject"), self._with(stick, self._ejecting.eject))
        eject.setEnabled(usable or stick.state is StickState.FAILED)

    def _with(self, stick: Stick, do: Callable[[Stick], object]) -> Callable[[], None]:
        def now() -> None:
            if stick in self._sticks.sticks:
                do(stick)

        return now

    def _hear(self, change: Change, stick: Stick) -> None:
        self._calm.start()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.wanted.emit(None)


def state_of(stick: Stick) -> str:
    """For people, in a few words."""
    size = formats.size(stick.size)
    match stick.state:
        case StickState.PROBING:
            return tr("Looking at it…")
        case StickState.READY:
            return tr("{size}, ready", size=size)
        case StickState.OPEN:
            return tr("{size}, open", size=size)
        case StickState.BUSY:
            return tr(
                "{size}, in use: {what}", size=size, what=next((said(use.what) for use in stick.uses), "")
            )
        case StickState.FORMATTING:
            return tr("Formatting…")
        case StickState.EJECTING:
            return tr("Ejecting…")
        case _:
            return briefly(stick.error) if stick.error is not None else tr("Gone")


def _plain(text: str) -> str:
    """A menu takes & for a mnemonic."""
    return text.replace("&", "&&")
