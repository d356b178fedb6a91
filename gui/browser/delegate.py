"""Draws the names of entries, each with its mark beside it or on the corner of its icon."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui import icons
from gui.browser.marks import Concern, Mark
from gui.browser.model import MARK
from gui.colours import amber

_BADGE = 16
_GAP = 6


class NameDelegate(QStyledItemDelegate):
    """`row_height` is that of a row in a table; None draws icons with their names below."""

    def __init__(self, row_height: int | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._row_height = row_height

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if self._row_height is not None and self._badge(index) and option.rect.width() > 0:
            room = self._text_rect(option).width() - _BADGE - 2 * _GAP
            option.text = option.fontMetrics.elidedText(option.text, option.textElideMode, max(room, 0))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        return hint if self._row_height is None else QSize(hint.width(), self._row_height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        if not self._badge(index):
            return
        laid = QStyleOptionViewItem(option)
        self.initStyleOption(laid, index)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = QGuiApplication.palette()
        colour = palette.highlightedText().color() if selected else amber(palette)
        badge = icons.pixmap("warning", _BADGE, colour, painter.device().devicePixelRatio())
        painter.drawPixmap(self._place(laid), badge)

    def _place(self, option: QStyleOptionViewItem) -> QPoint:
        if self._row_height is None:
            corner = self._part(QStyle.SubElement.SE_ItemViewItemDecoration, option).bottomRight()
            return corner - QPoint(_BADGE - 4, _BADGE - 4)
        text = self._text_rect(option)
        end = text.left() + option.fontMetrics.horizontalAdvance(option.text) + 2 * _GAP
        left = min(end, text.right() - _BADGE)
        return QPoint(left, text.center().y() - _BADGE // 2 + 1)

    def _text_rect(self, option: QStyleOptionViewItem) -> QRect:
        return self._part(QStyle.SubElement.SE_ItemViewItemText, option)

    @staticmethod
    def _part(part: QStyle.SubElement, option: QStyleOptionViewItem) -> QRect:
        style = option.widget.style()
        return style.subElementRect(part, option, option.widget)

    @staticmethod
    def _badge(index: QModelIndex | QPersistentModelIndex) -> bool:
        mark = index.data(MARK)
        return isinstance(mark, Mark) and mark.concern is not Concern.DAMAGED
