"""A row that goes on in the next line where there is no room, so that large letters widen nothing."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle


class Flow(QLayout):
    """Widgets, each in its own size: from the left, those from number `right` on at the right; or centred."""

    def __init__(self, spacing: int, *, right: int | None = None, centred: bool = False) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._right = right
        self._centred = centred
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        heights = [max(size.height() for _, size in line) for line in self._lines(width)]
        return sum(heights) + self.spacing() * max(len(heights) - 1, 0)

    def sizeHint(self) -> QSize:
        """All in one line."""
        sizes = [size for line in self._lines(1 << 20) for _, size in line]
        width = sum(size.width() for size in sizes) + self.spacing() * max(len(sizes) - 1, 0)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """The widest of them."""
        found = QSize()
        for item in self._items:
            found = found.expandedTo(item.minimumSize())
        return found

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent is not None else Qt.LayoutDirection.LeftToRight
        top = rect.top()
        for line in self._lines(rect.width()):
            left, height = rect.left(), max(size.height() for _, size in line)
            whole = sum(size.width() for _, size in line) + self.spacing() * (len(line) - 1)
            spare = max(rect.width() - whole, 0)
            if self._centred:
                left += spare // 2
            for number, size in line:
                if number == self._right or (self._right is not None and number > self._right):
                    left, spare = left + spare, 0
                place = QPoint(left, top + (height - size.height()) // 2)
                item = self._items[number]
                item.setGeometry(QStyle.visualRect(direction, rect, QRect(place, size)))
                left += size.width() + self.spacing()
            top += height + self.spacing()

    def _lines(self, width: int) -> Iterator[list[tuple[int, QSize]]]:
        """Which widgets, by number, stand together, and how large each is."""
        line: list[tuple[int, QSize]] = []
        used = 0
        for number, item in enumerate(self._items):
            if item.isEmpty():
                continue
            size = item.sizeHint().expandedTo(item.minimumSize())
            size.setWidth(min(size.width(), max(width, item.minimumSize().width())))
            if line and used + self.spacing() + size.width() > width:
                yield line
                line, used = [], 0
            used += size.width() + (self.spacing() if line else 0)
            line.append((number, size))
        if line:
            yield line
