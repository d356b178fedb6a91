"""Shows one preview: a picture, words, bytes, or why there is nothing to be seen."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase, QImage, QPainter, QPaintEvent, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from core.entry import Entry, Kind
from core.host.previewing import Bytes, Nothing, Picture, Preview, Reason, Words
from gui import formats, icons
from gui.panes.parts import Text
from gui.plain import dump_lines, harmless
from gui.prose import said
from gui.translating import later, tr

_ICON = 72
_ROWS = {16: 640, 8: 340, 4: 0}
"""Bytes a line, and the logical pixels in which such a line fits."""
_REASONS = {
    Reason.EMPTY: later("This file is empty."),
    Reason.TOO_LARGE: later("This picture is too large for a preview."),
    Reason.LOCKED: later("This file is locked with a password."),
    Reason.BROKEN: later("This picture is damaged."),
    Reason.UNREADABLE: later("This file cannot be read from the stick."),
    Reason.CRASHED: later("No preview: what unpacked this file failed at it. Nothing else was touched."),
    Reason.TOO_SLOW: later("No preview: unpacking this file took too long, and was ended."),
    Reason.ATTACK: later(
        "No preview: this file made what unpacked it try what it must not. It was ended, and "
        "nothing else was touched."
    ),
    Reason.NO_DECODER: later("No preview: the walls for it could not be put up."),
}


def image_of(picture: Picture) -> QImage:
    """Null where the pixels are not as many as they should be."""
    if len(picture.pixels) != 4 * picture.width * picture.height:
        return QImage()
    stride = 4 * picture.width
    # A copy, for an image of foreign memory does not keep it alive.
    return QImage(picture.pixels, picture.width, picture.height, stride, QImage.Format.Format_RGBA8888).copy()


class PictureView(QWidget):
    """A picture as large as it is, or as large as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self.setMinimumSize(1, 1)

    def show_image(self, image: QImage) -> None:
        self._pixmap = QPixmap.fromImage(image)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pixmap.isNull():
            return
        ratio = self.devicePixelRatio()
        size = QSize(round(self._pixmap.width() / ratio), round(self._pixmap.height() / ratio))
        if size.width() > self.width() or size.height() > self.height():
            size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(
            (self.width() - size.width()) // 2,
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._pixmap.hasAlpha():
            painter.fillRect(place, self.palette().color(QPalette.ColorRole.Mid))
            painter.fillRect(place, Qt.BrushStyle.Dense4Pattern)
        painter.drawPixmap(place, self._pixmap)


class Sheet(QStackedWidget):
    outgrown = Signal()
    """There is more room now than the picture was made for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = PictureView()
        self._words = QPlainTextEdit()
        self._words.setReadOnly(True)
        self._words.setFrameShape(QFrame.Shape.NoFrame)
        self._words.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._words.setAccessibleName(tr("Text of the file"))
        self._drawing = PictureView()
        self._drawing.setFixedHeight(_ICON)
        self._reason = Text(dim=True, selectable=False)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing = QWidget()
        column = QVBoxLayout(self._nothing)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(self._drawing)
        column.addWidget(self._reason)
        column.addStretch(3)
        for widget in (self._picture, self._words, self._nothing):
            self.addWidget(widget)
        self._made_for = QSize()
        self._cut_to_fit = False
        self.facts: list[str] = []
        """What is known of what is shown, for people."""
        self.setCurrentWidget(self._nothing)

    @property
    def room(self) -> QSize:
        """In pixels of the screen."""
        return self.size() * self.devicePixelRatio()

    @property
    def text(self) -> str:
        """What is to be read, for tests and for the ear."""
        if self.currentWidget() is self._words:
            return self._words.toPlainText()
        return self._reason.text() if self.currentWidget() is self._nothing else ""

    def show_preview(self, entry: Entry, preview: Preview) -> None:
        self._cut_to_fit = False
        match preview:
            case Picture():
                self._show_picture(entry, preview)
            case Words():
                self.facts = [preview.encoding]
                if preview.cut:
                    self.facts.append(tr("the first {size}", size=formats.size(len(preview.text))))
                self._show_words(harmless(preview.text), QPlainTextEdit.LineWrapMode.WidgetWidth)
            case Bytes():
                self.facts = [tr("bytes")]
                if len(preview.head) < entry.size:
                    self.facts.append(tr("the first {size}", size=formats.size(len(preview.head))))
                width = next(width for width, least in _ROWS.items() if self.width() >= least)
                lines = "\n".join(dump_lines(preview.head, width))
                self._show_words(lines, QPlainTextEdit.LineWrapMode.NoWrap)
            case Nothing():
                self.show_nothing(entry, _REASONS[preview.reason]() if preview.reason in _REASONS else "")

    def show_nothing(self, entry: Entry, words: str) -> None:
        self.facts = []
        ratio = self.devicePixelRatio()
        self._drawing.show_image(icons.icon_for(entry).pixmap(QSize(_ICON, _ICON), ratio).toImage())
        self._reason.setText(words)
        self.setCurrentWidget(self._nothing)

    def hint(self, words: str = "") -> None:
        """While nothing is looked at."""
        self.facts = []
        self._drawing.show_image(QImage())
        self._reason.setText(words)
        self.setCurrentWidget(self._nothing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room, made = self.room, self._made_for
        if self._cut_to_fit and (room.width() > made.width() and room.height() > made.height()):
            self.outgrown.emit()

    def _show_picture(self, entry: Entry, picture: Picture) -> None:
        image = image_of(picture)
        if image.isNull():
            self.show_nothing(entry, _REASONS[Reason.BROKEN]())
            return
        self.facts = [said(value) for _, value in picture.facts]
        self._made_for = self.room
        # What fills its room in one direction may have been larger.
        self._cut_to_fit = picture.width >= self.room.width() or picture.height >= self.room.height()
        self._picture.show_image(image)
        self._picture.setAccessibleName(tr("Picture: {facts}", facts=", ".join(self.facts)))
        self.setCurrentWidget(self._picture)

    def _show_words(self, words: str, wrap: QPlainTextEdit.LineWrapMode) -> None:
        self._words.setLineWrapMode(wrap)
        self._words.setPlainText(words)
        self.setCurrentWidget(self._words)


def kind_of(entry: Entry) -> str:
    """Where there is no file to look into."""
    return {Kind.DIRECTORY: tr("A folder"), Kind.SYMLINK: tr("A link")}.get(entry.kind, "")
