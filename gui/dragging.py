"""The drags that begin in the window: of paths, for every program, or of entries, for other places in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl
from PySide6.QtGui import QCursor, QDrag, QGuiApplication
from PySide6.QtWidgets import QApplication

from core.entry import Entry
from gui import icons
from gui.clipboard import OURS


def is_held() -> bool:
    """Whether the button is still down with which it began."""
    return bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)


def drag_paths(paths: Sequence[Path], entries: Sequence[Entry], source: QObject) -> None:
    _drag(uris(paths), entries, source)


def drag_inside(entries: Sequence[Entry], source: QObject) -> bool:
    """Of what has no paths. Whether it was let go of where only other programs could take it."""
    data = QMimeData()
    data.setData(OURS, b"")
    taken = _drag(data, entries, source) is not Qt.DropAction.IgnoreAction
    return not taken and QApplication.topLevelAt(QCursor.pos()) is None


def uris(paths: Sequence[Path]) -> QMimeData:
    data = QMimeData()
    if paths:
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def _drag(data: QMimeData, entries: Sequence[Entry], source: QObject) -> Qt.DropAction:
    drag = QDrag(source)
    drag.setMimeData(data)
    drag.setPixmap(icons.icon_for(entries[0]).pixmap(48, 48))
    return drag.exec(Qt.DropAction.CopyAction)
