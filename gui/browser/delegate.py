"""Draws entries: a name with its mark beside it in the table, a tile with an icon above its name."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem

from gui import colours, icons
from gui.browser.marks import Concern, Mark
from gui.browser.model import MARK, THUMBNAIL, FolderModel, Ink
from gui.browser.naming import NameEditing
from gui.browser.order import Column
from gui.directions import corner, seen

Index = QModelIndex | QPersistentModelIndex

DISPLAY = int(Qt.ItemDataRole.DisplayRole)
DECORATION = int(Qt.ItemDataRole.DecorationRole)
FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
HINT = int(Qt.ItemDataRole.AccessibleDescriptionRole)

ROW_ICON = 22
TILE = QSize(136, 142)
TILE_ICON = 72
THUMBNAIL_SIDE = 108
"""The widest that a thumbnail may be; it is no higher than an icon."""
_BADGE = 16
_GAP = 6
_PAD = 8
_ROUND = 8.0
_LINES = 2
_END_ICON, _END_LINES = 48, 3
"""Where a folder breaks off there is a sentence instead of a name."""
_WIDTH = 100
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_SELECTED = QStyle.StateFlag.State_Selected
_LIT = _SELECTED | QStyle.StateFlag.State_MouseOver
_MOST_TEXTS = 4096


def badged(index: Index) -> bool:
    """Whether a sign is drawn at the name. Damage has an icon of its own instead."""
    mark = index.data(MARK)
    return isinstance(mark, Mark) and mark.concern is not Concern.DAMAGED


class CellDelegate(NameEditing):
    """One cell of the table. It draws the text itself: the style asks eight questions about each cell first,
    which makes a screen of rows take twice as long as it may."""

    def __init__(self, row_height: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._row_height = row_height
        self._short: dict[tuple[str, int], str] = {}
        """Texts as they fit into a width, in the font that was drawn with last."""
        self._font = QFont()
        self._palette = -1
        self._inks: dict[Ink, QColor] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_WIDTH, self._row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, row, column, state = index.model(), index.row(), index.column(), option.state
        if not isinstance(model, FolderModel):
            return
        rect, palette = option.rect, option.palette
        if palette.cacheKey() != self._palette:
            self._dip(palette)
        if row >= model.count:
            self._end(painter, option, index)
            return
        text, ink = model.cell(row, column)
        if state & _LIT:
            painter.fillRect(rect, _ground(option, palette) or QColor())
        colour = self._inks[Ink.PLAIN if state & _SELECTED else ink]
        left, width = rect.x() + _PAD, rect.width() - 2 * _PAD
        name = column == Column.NAME
        if name:
            ratio = painter.device().devicePixelRatio()
            drawn = index.data(DECORATION)
            if isinstance(drawn, QIcon):
                place = QPoint(left, rect.center().y() - ROW_ICON // 2 + 1)
                size = QSize(ROW_ICON, ROW_ICON)
                painter.drawPixmap(corner(option, place, ROW_ICON), drawn.pixmap(size, ratio))
            left, width = left + ROW_ICON + _GAP, width - ROW_ICON - _GAP
            if model.mark_at(row) is not None and badged(index):
                self._badge(painter, option, QRect(left, rect.y(), width, rect.height()), text, colour)
                width -= _BADGE + 2 * _GAP
        painter.setPen(colour)
        painter.setFont(option.font)
        side = _RIGHT if column == Column.SIZE else _LEFT
        room = seen(option, QRect(left, rect.y(), width, rect.height()))
        painter.drawText(room, side, self._fit(option, text, width, name))

    def _end(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Where the folder breaks off: one text over all columns, which have nothing of their own there."""
        if index.column() != Column.NAME:
            return
        view, whole = option.widget, QStyleOptionViewItem(option)
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
        whole.rect = QRect(0, option.rect.y(), width, option.rect.height())
        place = QPoint(_PAD, whole.rect.center().y() - ROW_ICON // 2 + 1)
        ratio = painter.device().devicePixelRatio()
        drawn = icons.pixmap("warning", ROW_ICON, self._inks[Ink.CARE], ratio)
        painter.drawPixmap(corner(whole, place, ROW_ICON), drawn)
        left = _PAD + ROW_ICON + _GAP
        painter.setFont(option.font)
        for role, ink in ((DISPLAY, Ink.PLAIN), (HINT, Ink.QUIET)):
            text, room = str(index.data(role)), width - left - _PAD
            if room > 0:
                painter.setPen(self._inks[ink])
                line = seen(whole, QRect(left, whole.rect.y(), room, whole.rect.height()))
                painter.drawText(line, _LEFT, self._fit(option, text, room, False))
            left += option.fontMetrics.horizontalAdvance(text) + 2 * _PAD

    def _fit(self, option: QStyleOptionViewItem, text: str, width: int, is_name: bool) -> str:
        if option.font != self._font or len(self._short) >= _MOST_TEXTS:
            self._font = QFont(option.font)
            self._short.clear()
        short = self._short.get((text, width))
        if short is None:
            elide = Qt.TextElideMode.ElideMiddle if is_name else Qt.TextElideMode.ElideRight
            short = self._short[text, width] = option.fontMetrics.elidedText(text, elide, width)
        return short

    def _dip(self, palette: QPalette) -> None:
        self._palette = palette.cacheKey()
        plain = palette.color(QPalette.ColorRole.Text)
        self._inks = {Ink.PLAIN: plain, Ink.QUIET: colours.quiet(palette), Ink.CARE: colours.amber(palette)}

    def name_rect(self, option: QStyleOptionViewItem, height: int) -> QRect:
        room = option.rect.adjusted(_PAD + ROW_ICON, 0, -_PAD, 0)
        return seen(option, QRect(room.left(), room.center().y() - height // 2, room.width(), height))

    @staticmethod
    def _badge(
        painter: QPainter, option: QStyleOptionViewItem, room: QRect, text: str, colour: QColor
    ) -> None:
        """Behind the name, or at the end of the cell where the name does not fit."""
        end = room.left() + option.fontMetrics.horizontalAdvance(text) + 2 * _GAP
        place = QPoint(min(end, room.right() - _BADGE), room.center().y() - _BADGE // 2 + 1)
        ratio = painter.device().devicePixelRatio()
        drawn = icons.pixmap("warning", _BADGE, colour, ratio)
        painter.drawPixmap(corner(option, place, _BADGE), drawn)


class TileDelegate(NameEditing):
    """All tiles have one size, whatever their names: the view need not ask each for its own."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return TILE

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette, metrics = QGuiApplication.palette(), option.fontMetrics
        ground = option.rect.adjusted(4, 4, -4, -4)
        width = ground.width() - 2 * _GAP
        model = index.model()
        ends = isinstance(model, FolderModel) and index.row() >= model.count
        side, most = (_END_ICON, _END_LINES) if ends else (TILE_ICON, _LINES)
        lines = _lines(str(index.data(DISPLAY) or ""), option.font, metrics, width, most)
        place = QPoint(ground.center().x() - side // 2 + 1, ground.top() + _PAD)
        top = place.y() + side + _GAP
        ground.setBottom(top + len(lines) * metrics.lineSpacing() + _GAP)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, QRectF(ground), option, palette)
        ratio = painter.device().devicePixelRatio()
        drawn, thumbnail = index.data(DECORATION), index.data(THUMBNAIL)
        if isinstance(thumbnail, QPixmap):
            self._thumbnail(painter, QRect(place, QSize(TILE_ICON, TILE_ICON)), thumbnail, palette)
        elif isinstance(drawn, QIcon):
            painter.drawPixmap(place, drawn.pixmap(QSize(side, side), ratio))
        elif ends:
            painter.drawPixmap(place, icons.pixmap("warning", side, colours.amber(palette), ratio))
        if badged(index):
            self._badge(painter, place + QPoint(TILE_ICON - _BADGE + 2, TILE_ICON - _BADGE), palette, ratio)
        colour = index.data(FOREGROUND)
        painter.setPen(colour if isinstance(colour, QColor) else palette.color(QPalette.ColorRole.Text))
        painter.setFont(option.font)
        for number, line in enumerate(lines):
            left = ground.left() + _GAP + (width - metrics.horizontalAdvance(line)) // 2
            painter.drawText(left, top + metrics.ascent() + number * metrics.lineSpacing(), line)
        painter.restore()

    def name_rect(self, option: QStyleOptionViewItem, height: int) -> QRect:
        room = option.rect.adjusted(4, 0, -4, 0)
        return QRect(room.left(), room.top() + 4 + _PAD + TILE_ICON + _GAP // 2, room.width(), height)

    @staticmethod
    def _badge(painter: QPainter, place: QPoint, palette: QPalette, ratio: float) -> None:
        """On a ground of its own, for the icon below has lines too."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawEllipse(QRectF(place.x() - 4, place.y() - 4, _BADGE + 8, _BADGE + 8))
        painter.drawPixmap(place, icons.pixmap("warning", _BADGE, colours.amber(palette), ratio))

    @staticmethod
    def _thumbnail(painter: QPainter, room: QRect, thumbnail: QPixmap, palette: QPalette) -> None:
        """In the place of the icon, and a little wider than it."""
        ratio = painter.device().devicePixelRatio()
        size = QSizeF(thumbnail.size()) / ratio
        largest = QSizeF(THUMBNAIL_SIDE, room.height())
        if size.width() > largest.width() or size.height() > largest.height():
            size.scale(largest, Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(QRectF(room).center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place.toRect(), thumbnail)
        painter.setPen(colours.faint(palette))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.toRect())

    @staticmethod
    def _ground(painter: QPainter, rect: QRectF, option: QStyleOptionViewItem, palette: QPalette) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        ground = _ground(option, palette)
        if ground is not None:
            painter.setBrush(ground)
            painter.drawRoundedRect(rect, _ROUND, _ROUND)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(palette.color(QPalette.ColorRole.Highlight))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)


def _ground(option: QStyleOptionViewItem, palette: QPalette) -> QColor | None:
    """Pale, so that icons of any colour are seen on it; paler where the keyboard is elsewhere."""
    base, accent = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Highlight)
    if option.state & _SELECTED:
        return colours.mixed(accent, base, 0.72 if option.widget.hasFocus() else 0.86)
    return colours.mixed(accent, base, 0.9) if option.state & QStyle.StateFlag.State_MouseOver else None


def _lines(text: str, font: QFont, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    """At most so many; where they do not suffice, the last one loses its middle."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while len(lines) < most and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start = line.textStart()
        whole = len(lines) < most - 1
        piece = text[start : start + line.textLength()] if whole else text[start:]
        lines.append(metrics.elidedText(piece.strip(), Qt.TextElideMode.ElideMiddle, width))
    layout.endLayout()
    return lines
