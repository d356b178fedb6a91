"""What goes on when the window is closed: its tray, and whether and how the program stays."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings

from core.host.sticks import Sticks
from gui import autostart
from gui.mainwindow.window import MainWindow
from gui.tray import Tray

_STAY = "background/stay"


class Background(QObject):
    """Owns the tray; `close` it."""

    def __init__(self, window: MainWindow, sticks: Sticks) -> None:
        super().__init__(window)
        self._window = window
        actions = window.actions_
        actions.stay.setChecked(QSettings().value(_STAY) in (True, "true"))
        actions.stay.toggled.connect(lambda on: QSettings().setValue(_STAY, on))
        actions.autostart.setChecked(autostart.is_on())
        actions.autostart.toggled.connect(self._turn)
        self.tray = Tray(sticks, window.commands.ejecting, [actions.stay, actions.autostart, actions.quit])
        self.tray.wanted.connect(window.show_stick)
        self.tray.copied.connect(self._copy)
        window.commands.ejecting.held.connect(lambda held: window.show_stick(held.stick))
        window.stepped_back.connect(self.step_back)

    def step_back(self) -> None:
        """Out of sight; without a tray the window stays in reach, as small as it gets."""
        if self.tray.there:
            self._window.hide()
        else:
            self._window.showMinimized()

    def close(self) -> None:
        self.tray.close()

    def _copy(self, stick: object) -> None:
        self._window.show_stick(None)
        self._window.commands.copy_stick(stick)  # type: ignore[arg-type]

    def _turn(self, on: bool) -> None:
        done = autostart.turn(on)
        self._window.actions_.autostart.setChecked(on if done else not on)
