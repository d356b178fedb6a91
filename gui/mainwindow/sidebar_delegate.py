"""Draws the rows of the sidebar."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui import colours, icons
from gui.directions import corner, seen
from gui.mainwindow.sidebar_model import ITEM, Item, Look, Sort
from gui.panes.parts import tint
from gui.wording import Tone

_MARGIN = 6
"""Between the edge of the sidebar and the rounded ground of a row."""
_INSET = 10
_ICON = 28
_SMALL = 14
_BUTTON = 22
_BAR = 4
_ROUND = 7.0
_FOCUSED = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_KeyboardFocusChange
_HEADING_SCALE = 0.85
_FACTS_SCALE = 0.9


class SidebarDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        item = index.data(ITEM)
        line = QFontMetrics(option.font).height()
        if not isinstance(item, Item):
            return QSize(0, 0)
        match item.sort:
            case Sort.HEADING:
                return QSize(120, line + (14 if index.row() == 0 else 24))
            case Sort.HINT:
                width = _width(option) - 2 * (_MARGIN + _INSET)
                words = QFontMetrics(_font(option, _FACTS_SCALE)).boundingRect(
                    QRect(0, 0, max(width, 60), 1000), Qt.TextFlag.TextWordWrap, item.name
                )
                return QSize(120, words.height() + 10)
            case _:
                return QSize(120, 2 * line + 18 + (_BAR + 5 if item.used is not None else 0))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item = index.data(ITEM)
        if not isinstance(item, Item):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        match item.sort:
            case Sort.HEADING:
                self._heading(painter, option, item)
            case Sort.HINT:
                self._hint(painter, option, item)
            case _:
                self._place(painter, option, item)
        painter.restore()

    def _heading(self, painter: QPainter, option: QStyleOptionViewItem, item: Item) -> None:
        font = _font(option, _HEADING_SCALE)
        font.setWeight(QFont.Weight.DemiBold)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.8)
        painter.setFont(font)
        painter.setPen(colours.quiet(QPalette()))
        room = option.rect.adjusted(_MARGIN + _INSET, 0, -_INSET, -5)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, item.name.upper())

    def _hint(self, painter: QPainter, option: QStyleOptionViewItem, item: Item) -> None:
        painter.setFont(_font(option, _FACTS_SCALE))
        painter.setPen(colours.quiet(QPalette()))
        room = option.rect.adjusted(_MARGIN + _INSET, 3, -_MARGIN - _INSET, -3)
        painter.drawText(room, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, item.name)

    def _place(self, painter: QPainter, option: QStyleOptionViewItem, item: Item) -> None:
        palette, selected = QPalette(), bool(option.state & QStyle.StateFlag.State_Selected)
        ground = option.rect.adjusted(_MARGIN, 1, -_MARGIN, -1)
        text, quiet = palette.color(QPalette.ColorRole.WindowText), colours.quiet(palette)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver) and item.sort is Sort.PLACE
        if selected or over:
            accent = palette.color(QPalette.ColorRole.Highlight) if selected else text
            window = palette.color(QPalette.ColorRole.Window)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.mixed(accent, window, 0.78 if selected else 0.93))
            painter.drawRoundedRect(QRectF(ground), _ROUND, _ROUND)
            if selected:
                quiet = colours.mixed(text, window, 0.25)
        if option.state & _FOCUSED == _FOCUSED:
            painter.setPen(palette.color(QPalette.ColorRole.Highlight))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(ground).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
        ratio = painter.device().devicePixelRatio()
        line = QFontMetrics(option.font).height()
        left, top = ground.left() + _INSET, ground.top() + 8
        if not item.inner:
            drawn = icons.icon(item.icon).pixmap(QSize(_ICON, _ICON), ratio)
            place = QPoint(left, top + (2 * line - _ICON) // 2)
            painter.drawPixmap(corner(option, place, _ICON), drawn)
        left += _ICON + 10
        right = ground.right() - (_BUTTON + 5 if item.ejectable else _INSET)
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold if selected else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(text)
        first = QRect(left, top, right - left, line)
        _line(painter, seen(option, first), item.name, Qt.TextElideMode.ElideMiddle)
        second = QRect(left, top + line + 1, ground.right() - _INSET - left, line)
        if item.look in (Look.ISOLATED, Look.WRONG):
            name, colour = (
                ("shield", colours.green(palette))
                if item.look is Look.ISOLATED
                else ("warning", tint(Tone.CARE, palette))
            )
            mark = icons.pixmap(name, _SMALL, colour, ratio)
            place = QPoint(second.left(), second.center().y() - _SMALL // 2 + 1)
            painter.drawPixmap(corner(option, place, _SMALL), mark)
            second.setLeft(second.left() + _SMALL + 5)
        painter.setFont(_font(option, _FACTS_SCALE))
        painter.setPen(quiet)
        fits = painter.fontMetrics().horizontalAdvance(item.facts) <= second.width()
        facts = item.facts if fits or not item.short else item.short
        _line(painter, seen(option, second), facts, Qt.TextElideMode.ElideRight)
        if item.used is not None:
            bar = QRect(left, second.bottom() + 4, ground.right() - _INSET - left, _BAR)
            taken = QRect(bar.topLeft(), QSize(max(round(bar.width() * item.used), _BAR), _BAR))
            _bar(painter, seen(option, bar), seen(option, taken), palette)
        if item.ejectable:
            self._button(painter, option, text, ratio)

    def _button(self, painter: QPainter, option: QStyleOptionViewItem, colour: QColor, ratio: float) -> None:
        rect = button_rect(option.rect, option.direction)
        view = option.widget
        place = QPoint(-1, -1)
        if isinstance(view, QAbstractItemView):
            place = view.viewport().mapFromGlobal(QCursor.pos())
        over = bool(option.state & QStyle.StateFlag.State_MouseOver) and rect.contains(place)
        if over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.mixed(colour, option.palette.color(QPalette.ColorRole.Window), 0.85))
            painter.drawRoundedRect(QRectF(rect), _ROUND - 1, _ROUND - 1)
        mark = icons.pixmap("eject", 16, colour if over else colours.quiet(QPalette()), ratio)
        painter.drawPixmap(rect.center() - QPoint(7, 7), mark)


def button_rect(row: QRect, direction: Qt.LayoutDirection) -> QRect:
    """Where the eject mark of a row is."""
    rect = QRect(row.right() - _MARGIN - _BUTTON - 5, row.top() + 5, _BUTTON, _BUTTON)
    return QStyle.visualRect(direction, row, rect)


def _bar(painter: QPainter, rect: QRect, taken: QRect, palette: QPalette) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.faint(palette))
    painter.drawRoundedRect(QRectF(rect), _BAR / 2, _BAR / 2)
    painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
    painter.drawRoundedRect(QRectF(taken), _BAR / 2, _BAR / 2)


def _line(painter: QPainter, room: QRect, text: str, elide: Qt.TextElideMode) -> None:
    short = painter.fontMetrics().elidedText(text, elide, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)


def _font(option: QStyleOptionViewItem, scale: float) -> QFont:
    font = QFont(option.font)
    font.setPointSizeF(font.pointSizeF() * scale)
    return font


def _width(option: QStyleOptionViewItem) -> int:
    view = option.widget
    return view.viewport().width() if isinstance(view, QAbstractItemView) else 200
