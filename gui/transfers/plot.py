"""Speed over time, as a small plot."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import colours, formats
from gui.translating import tr

_HEIGHT = 34
_WIDE, _NARROW = 148, 84
_HEADROOM = 0.12
"""Share of the height that stays free above the highest speed."""


class SpeedPlot(QWidget):
    """Takes the whole width for the whole copy, however long that was."""

    def __init__(self) -> None:
        super().__init__()
        self._speeds: tuple[float, ...] = ()
        self._rests = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Speed over time"))
        self.show_wide(True)

    def show_wide(self, wide: bool) -> None:
        self.setFixedSize(QSize(_WIDE if wide else _NARROW, _HEIGHT))

    def show_speeds(self, speeds: list[float], *, rests: bool = False) -> None:
        """In bytes a second, oldest first, at even distances in time. `rests`: nothing is moving now."""
        if (tuple(speeds), rests) == (self._speeds, self._rests):
            return
        self._speeds, self._rests = tuple(speeds), rests
        words = ""
        if speeds:
            highest = formats.size(round(max(speeds)))
            now = formats.size(round(speeds[-1]))
            words = tr("{now}/s now, {highest}/s at most", now=now, highest=highest)
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        highest = max(self._speeds, default=0.0)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colours.faint(self.palette()), 1))
        painter.drawLine(frame.bottomLeft(), frame.bottomRight())
        if highest <= 0 or len(self._speeds) < 2:
            return
        colour = self._colour()
        line = self._line(frame, highest)
        area = QPainterPath(line)
        area.lineTo(frame.bottomRight())
        area.lineTo(frame.bottomLeft())
        area.closeSubpath()
        fill = QLinearGradient(frame.topLeft(), frame.bottomLeft())
        fill.setColorAt(0, _with_alpha(colour, 110))
        fill.setColorAt(1, _with_alpha(colour, 20))
        painter.fillPath(area, fill)
        painter.strokePath(line, QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))

    def _line(self, frame: QRectF, highest: float) -> QPainterPath:
        step = frame.width() / (len(self._speeds) - 1)
        tall = frame.height() * (1 - _HEADROOM)
        points = [
            QPointF(frame.left() + number * step, frame.bottom() - tall * speed / highest)
            for number, speed in enumerate(self._speeds)
        ]
        path = QPainterPath(points[0])
        for point in points[1:]:
            path.lineTo(point)
        return path

    def _colour(self) -> QColor:
        palette = self.palette()
        return colours.quiet(palette) if self._rests else palette.color(QPalette.ColorRole.Highlight)


def _with_alpha(colour: QColor, alpha: int) -> QColor:
    faded = QColor(colour)
    faded.setAlpha(alpha)
    return faded
