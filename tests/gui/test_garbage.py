"""Nothing of the window is destroyed in a thread that is not the window's."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.garbage import Collector, collect_due


class Cycle(QObject):
    """Holds itself, and notes the thread in which it goes."""

    def __init__(self, gone: list[threading.Thread]) -> None:
        super().__init__()
        self.itself = self
        self.gone = gone

    def __del__(self) -> None:
        self.gone.append(threading.current_thread())


def litter() -> None:
    """Enough of it that the collector would run by itself."""
    for _ in range(20_000):
        cycle: list[object] = []
        cycle.append(cycle)


def test_a_busy_thread_does_not_collect_what_is_the_windows(qapp: QApplication, qtbot: QtBot) -> None:
    gone: list[threading.Thread] = []
    with Collector():
        Cycle(gone)
        thread = threading.Thread(target=litter)
        thread.start()
        thread.join()
        assert gone == []
        qtbot.waitUntil(lambda: gone != [])
    assert gone == [threading.main_thread()]
    assert gc.isenabled()


def test_nothing_is_collected_while_nothing_is_due() -> None:
    gc.collect()
    with Collector():
        gone: list[threading.Thread] = []
        Cycle(gone)
        collect_due()
        assert gone == []
    assert gone == [threading.main_thread()]


def test_what_was_there_before_the_window_is_not_looked_through_again_and_again() -> None:
    with Collector():
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0
