"""Where things are drawn in languages that are written from right to left."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem


def seen(option: QStyleOptionViewItem, rect: QRect) -> QRect:
    """Where a part of an item is, that was placed for a line that begins at the left."""
    return QStyle.visualRect(option.direction, option.rect, rect)


def corner(option: QStyleOptionViewItem, place: QPoint, size: int) -> QPoint:
    """The same of a drawing of that many pixels: its upper left corner."""
    return seen(option, QRect(place, QSize(size, size))).topLeft()
