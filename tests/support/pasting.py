"""What a person puts onto a stick in the window, is asked, and finds there afterwards."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.support.fat import blank_fat, mtools
from tests.support.window import Desk

BIG = os.urandom(3_000_000)
CTRL = Qt.KeyboardModifier.ControlModifier


def filled(folder: Path, name: str) -> Path:
    source = folder / f"source of {name}"
    for path in ("beach.jpg", "letter.txt", "trip/day 1/a.txt", "zoo/z"):
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_bytes(path.encode() * 10)
    stick = blank_fat(folder / f"{name}.img", 16 << 20, "-n", name)
    mtools("mcopy", stick, "-s", *sorted(source.iterdir()), "::/")
    return stick


def urls(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def read(stick: Path, path: str) -> bytes:
    return mtools("mtype", stick, f"::/{path}")


def selected(desk: Desk) -> list[str]:
    return [entry.name for entry in desk.page.browser.selected]


async def paste(desk: Desk, data: QMimeData) -> None:
    QApplication.clipboard().setMimeData(data)
    QTest.keyClick(desk.page.browser.view, Qt.Key.Key_V, CTRL)
    await desk.settled()


def asked(desk: Desk) -> str:
    return desk.reads(desk.window.editing.choices)


async def answer(desk: Desk, id: str, *, again: bool = False) -> None:
    choices = desk.window.editing.choices
    await desk.until(lambda: choices.asking, "it asks")
    choices._again.setChecked(again)
    choices.answer(id)
    await desk.until(lambda: choices.asking is None or not choices.asking.again or not again, "it went on")


def titles(desk: Desk) -> list[str]:
    return [label.accessibleName() for label in desk.window.transfers.findChildren(QLabel)]
