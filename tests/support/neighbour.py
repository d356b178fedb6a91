"""A program that is not Rumpus, on an X server: a file can be dragged out of it, and files dropped on it.

It says what happens as JSON lines: "shown" with its middle on the screen, "accepted" when what is under the
pointer would take the file, "entered" when something is dragged over it, and "dropped" with whether it
lies in a mount and the SHA-256 of each file, read in the very moment of the drop as programs do.
It ends with its input.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QRect, QSocketNotifier, Qt, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


def say(event: str, **fields: Any) -> None:
    print(json.dumps({"event": event, **fields}), flush=True)


class Neighbour(QWidget):
    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self.setAcceptDrops(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag = QDrag(self)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._file))])
        drag.setMimeData(data)
        drag.actionChanged.connect(lambda action: say("accepted", action=action.name))
        drag.exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()
        say("entered")

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls()]
        sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
        say("dropped", files=sums, mounted=all(path.parent.is_mount() for path in paths))


def main() -> None:
    application = QApplication(sys.argv)
    neighbour = Neighbour(Path(sys.argv[1]))
    neighbour.setGeometry(QRect(800, 100, 300, 300))
    neighbour.show()
    middle = neighbour.mapToGlobal(neighbour.rect().center())
    say("shown", at=[middle.x(), middle.y()])
    ended = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    ended.activated.connect(application.quit)
    application.exec()


if __name__ == "__main__":
    main()
