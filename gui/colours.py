"""The few colours that no palette has a role for, light and dark, each with at least 4.5:1 on its ground."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette


def is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Base).lightness() < 128


def amber(palette: QPalette) -> QColor:
    """For what is not as it seems, or wants care."""
    return QColor("#f4c069") if is_dark(palette) else QColor("#8a5300")


def green(palette: QPalette) -> QColor:
    """For walls that stand."""
    return QColor("#7fd6a2") if is_dark(palette) else QColor("#1f7a45")


def quiet(palette: QPalette) -> QColor:
    """For text that stands back: second lines, counts, headings."""
    text, ground = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
    return mixed(text, ground, 0.35)


def faint(palette: QPalette) -> QColor:
    """For lines between parts of the window, and the empty part of a bar."""
    text, ground = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
    return mixed(text, ground, 0.85)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """`share` of the other colour in the one."""
    return QColor.fromRgbF(
        one.redF() * (1 - share) + other.redF() * share,
        one.greenF() * (1 - share) + other.greenF() * share,
        one.blueF() * (1 - share) + other.blueF() * share,
    )
