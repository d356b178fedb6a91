"""Renders every pane to PNG files, light and dark, narrow and wide, for a person to look at.

    QT_QPA_PLATFORM=offscreen .venv/bin/python tests/gui/gallery.py FOLDER [WORD …]

With words, only pictures whose name contains one of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from core import errors
from gui.panes.error import ErrorPane

HOSTILE = "<b>Your PC</b> is \u202einfected\u202c & must be <a href='http://x'>repaired</a>"
REPORT = """Saved as /home/anna/.local/state/rumpus/reports/20261112-102436-00.txt
Rumpus driver report, 2026-11-12 10:24:36 +0100
Cause: ZeroDivisionError

Last operations:
  Open(id=1, partition=0, driver='', code_page='')
  List(id=2, node=0)

What the worker said:
Traceback (most recent call last):
  File "core/fs/fat/driver.py", line 120, in entries
ZeroDivisionError: division by zero
"""
ERRORS: dict[str, tuple[errors.RumpusError, str, str]] = {
    "gone": (errors.DeviceGone(), "BACKUP", ""),
    "medium": (errors.MediumError(1_953_125_376, 65_536), "HOLIDAY", "/Photos/2026"),
    "corrupt-volume": (
        errors.CorruptStructure("boot sector", 11, "512, 1024, 2048 or 4096", "77"),
        "BACKUP",
        "",
    ),
    "corrupt-folder": (
        errors.CorruptStructure("directory entry", 41_216, "a first cluster below 8,097", "65,520"),
        "HOLIDAY",
        "/Photos/raw",
    ),
    "unsupported": (errors.UnsupportedFeature("BitLocker encryption"), "WORK", ""),
    "nothing": (
        errors.NotAFileSystem("zeros in its first 64 kB, and no partition table"),
        "Kingston 32 GB",
        "",
    ),
    "denied": (errors.AccessDenied("/dev/sdb1", "Permission denied"), "SanDisk Ultra", ""),
    "busy": (errors.DeviceBusy("/dev/sdb1", "Files, mounted on /media/anna/HOLIDAY"), "HOLIDAY", ""),
    "crashed": (errors.DriverCrashed("ZeroDivisionError: division by zero", REPORT), "HOLIDAY", ""),
    "hung": (errors.DriverHung("list", 10.0), "HOLIDAY", ""),
    "attack": (errors.SandboxViolation("execve"), "FREE MUSIC", ""),
    "protocol": (errors.ProtocolViolation("more bytes than were asked for"), "FREE MUSIC", ""),
    "no-wall": (errors.SandboxUnavailable("seccomp"), "HOLIDAY", ""),
    "not-found": (errors.NotFound("Photos/2025"), "HOLIDAY", "/Photos/2025"),
    "wrong-kind": (errors.WrongKind("Photos", "file"), "HOLIDAY", "/"),
    "full": (errors.HostWriteFailed("/home/anna/Documents", 28), "film.mkv", ""),
    "cancelled": (errors.Cancelled(), "HOLIDAY", ""),
    "hostile": (errors.CorruptStructure(HOSTILE, 7, HOSTILE * 4, HOSTILE * 40), HOSTILE, "/" + HOSTILE * 9),
}


def _error(name: str) -> QWidget:
    error, subject, place = ERRORS[name]
    pane = ErrorPane()
    pane.show_error(error, subject, place=place)
    return pane


def _unfolded(name: str) -> QWidget:
    pane = _error(name)
    assert isinstance(pane, ErrorPane)
    pane._fold.unfold(True)
    return pane


def pictures() -> Iterator[tuple[str, Callable[[], QWidget], int, int]]:
    """(name, what makes the widget, width, height)."""
    for name in ERRORS:
        yield f"error-{name}", lambda name=name: _error(name), 700, 560
    for name in ("gone", "crashed", "hostile"):
        yield f"unfolded-{name}", lambda name=name: _unfolded(name), 700, 820
        yield f"wide-{name}", lambda name=name: _unfolded(name), 1400, 900


def palette(*, dark: bool) -> QPalette:
    """What a desktop in light and dark gives, for a platform that gives nothing."""
    drawn = QPalette(QColor("#3a3a3d" if dark else "#f3f3f4"), QColor("#2a2a2c" if dark else "#f6f6f7"))
    drawn.setColor(QPalette.ColorRole.Base, QColor("#202022" if dark else "#ffffff"))
    drawn.setColor(QPalette.ColorRole.AlternateBase, QColor("#262628" if dark else "#f4f4f5"))
    drawn.setColor(QPalette.ColorRole.Mid, QColor("#48484c" if dark else "#d0d0d4"))
    drawn.setColor(QPalette.ColorRole.Highlight, QColor("#3584e4"))
    drawn.setColor(QPalette.ColorRole.HighlightedText, QColor("#ffffff"))
    return drawn


def main(folder: Path, words: list[str]) -> None:
    app = QApplication(["gallery"])
    app.setStyle("Fusion")
    folder.mkdir(parents=True, exist_ok=True)
    for dark in (False, True):
        app.setPalette(palette(dark=dark))
        for name, make, width, height in pictures():
            if words and not any(word in name for word in words):
                continue
            widget = make()
            widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            widget.resize(width, height)
            widget.show()
            for _ in range(4):
                app.processEvents()
            drawn = QPixmap(widget.size() * 2)
            drawn.setDevicePixelRatio(2)
            drawn.fill(app.palette().color(QPalette.ColorRole.Window))
            widget.render(drawn)
            drawn.save(str(folder / f"{name}-{'dark' if dark else 'light'}.png"))
            widget.hide()
            widget.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
