"""Runs in the guest, or beside another program on an X server: the real window, looked at over JSON lines.

{"id": 1, "do": "look"}                 what a person sees: places, files, sentences, title
{"id": 2, "do": "shoot", "to": "/run/share/window.png"}
{"id": 3, "do": "choose", "place": "HOLIDAY"}                   clicks it in the sidebar
{"id": 4, "do": "drop", "paths": ["/run/share/source"]}         from another program, onto the files
{"id": 5, "do": "trigger", "action": "eject"}
{"id": 6, "do": "copy", "names": ["big.bin"], "to": "/tmp/out"}  of the folder that is shown
{"id": 7, "do": "hide"}                 as closing does where the program stays
{"id": 8, "do": "screen", "to": "/run/share/screen.png"}        all that is on the X server's screen
{"id": 9, "do": "open", "image": "/tmp/stick.img"}
{"id": 10, "do": "place", "at": [0, 0, 700, 500]}               the window, on the screen
{"id": 11, "do": "where", "file": "big.bin"}                    on the screen; without file: below all rows
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.host.supervisor import Supervisor

if TYPE_CHECKING:
    from gui.mainwindow.window import MainWindow

Answer = dict[str, Any]


def main() -> None:
    supervisor = Supervisor()
    supervisor.start()  # before Qt is loaded, as `gui.app` does

    from gui.start import application, loop_of
    from gui.translating import speak

    app = application(sys.argv[:1])
    speak(app, "en")
    with asyncio.Runner(loop_factory=lambda: loop_of(app)) as runner:
        runner.run(_run(supervisor))


async def _run(supervisor: Supervisor) -> None:
    from gui.start import open_window

    orders = asyncio.StreamReader()
    async with supervisor, open_window(supervisor) as window:
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
        window.show()
        say(started=True)
        async for line in orders:
            order = json.loads(line)
            number, what = order.pop("id"), order.pop("do")
            say(id=number, **_ORDERS[what](window, **order))


def _look(window: MainWindow) -> Answer:
    from PySide6.QtWidgets import QAbstractItemView, QLabel

    places = [
        item
        for row in range(window.places.rowCount())
        if (item := window.places.item_at(window.places.index(row)))
    ]
    views = [
        view
        for view in window.findChildren(QAbstractItemView)
        if view.isVisible() and view is not window.sidebar
    ]
    models = [model for view in views if (model := view.model()) is not None]
    return {
        "visible": window.isVisible(),
        "title": window.windowTitle(),
        "places": {place.name: place.facts for place in places},
        "files": [model.index(row, 0).data() for model in models for row in range(model.rowCount())],
        "sentences": [label.text() for label in window.findChildren(QLabel) if label.isVisible()],
    }


def _shoot(window: MainWindow, to: str) -> Answer:
    return {"saved": window.grab().save(to)}


def _choose(window: MainWindow, place: str) -> Answer:
    for row in range(window.places.rowCount()):
        item = window.places.item_at(window.places.index(row))
        if item is not None and item.name == place and item.key is not None:
            window.navigator.choose(item.key)
            return {"chosen": True}
    return {"chosen": False}


def _drop(window: MainWindow, paths: list[str]) -> Answer:
    from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
    from PySide6.QtGui import QDragEnterEvent, QDropEvent
    from PySide6.QtWidgets import QApplication

    page = window.navigator.page
    assert page is not None
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    copy, left, no = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = QPoint(page.browser.width() // 2, page.browser.height() - 20)
    entering = QDragEnterEvent(place, copy, data, left, no)
    QApplication.sendEvent(page.browser, entering)
    QApplication.sendEvent(page.browser, QDropEvent(QPointF(place), copy, data, left, no))
    return {"taken": entering.isAccepted()}


def _trigger(window: MainWindow, action: str) -> Answer:
    found = getattr(window.actions_, action)
    found.trigger()
    return {"enabled": found.isEnabled()}


def _copy(window: MainWindow, names: list[str], to: str) -> Answer:
    page = window.navigator.page
    assert page is not None and page.volume is not None
    Path(to).mkdir(parents=True, exist_ok=True)
    entries = [entry for entry in page.browser.model.contents.entries if entry.name in names]
    window.outgoing.copy_to(page.volume, entries, Path(to))
    return {"copied": len(entries)}


def _hide(window: MainWindow) -> Answer:
    window.hide()
    return {}


def _open(window: MainWindow, image: str) -> Answer:
    window.commands.open_images([Path(image)])
    return {}


def _place(window: MainWindow, at: list[int]) -> Answer:
    window.setGeometry(*at)
    return {}


def _where(window: MainWindow, file: str | None = None) -> Answer:
    from PySide6.QtCore import QPoint

    page = window.navigator.page
    view = page.browser.view if page is not None else None
    model = view.model() if view is not None else None
    if view is None or model is None:
        return {"at": None}
    area = view.viewport().rect()
    rows = {
        model.index(row, 0).data(): view.visualRect(model.index(row, 0)) for row in range(model.rowCount())
    }
    if file is not None and file not in rows:
        return {"at": None}
    spot = rows[file].center() if file is not None else area.bottomRight() / 2 + QPoint(0, area.height() // 3)
    there = view.viewport().mapToGlobal(spot)
    return {"at": [there.x(), there.y()]}


def _screen(window: MainWindow, to: str) -> Answer:
    screen = window.screen()
    return {"saved": screen.grabWindow(0).save(to)}


_ORDERS: dict[str, Callable[..., Answer]] = {
    "look": _look,
    "shoot": _shoot,
    "choose": _choose,
    "drop": _drop,
    "trigger": _trigger,
    "copy": _copy,
    "hide": _hide,
    "screen": _screen,
    "open": _open,
    "place": _place,
    "where": _where,
}


def say(**fields: Any) -> None:
    print(json.dumps({"time": time.monotonic(), **fields}), flush=True)


if __name__ == "__main__":
    main()
