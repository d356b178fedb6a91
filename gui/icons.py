"""Icons by name: the desktop's theme where it has a legible set of them, our own drawings where it has not.

Our symbolic drawings take the colour of the text around them, so they follow the palette when it changes
between light and dark.
"""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QMimeDatabase, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from core.entry import Entry, Kind
from core.host import danger
from core.resources import resource

_ACTIONS = {
    "go-previous": "go-previous",
    "go-next": "go-next",
    "go-up": "go-up",
    "view-list": "view-list-details",
    "view-grid": "view-list-icons",
    "search": "edit-find",
    "copy": "edit-copy",
    "cancel": "process-stop",
    "pause": "media-playback-pause",
    "resume": "media-playback-start",
    "settings": "preferences-system",
    "eject": "media-eject",
    "refresh": "view-refresh",
    "save": "document-save-as",
    "folder-new": "folder-new",
    "delete": "edit-delete",
    "paste": "edit-paste",
}
_FILES = {
    "folder": "folder",
    "file": "application-octet-stream",
    "text": "text-x-generic",
    "document": "x-office-document",
    "pdf": "application-pdf",
    "spreadsheet": "x-office-spreadsheet",
    "image": "image-x-generic",
    "audio": "audio-x-generic",
    "video": "video-x-generic",
    "archive": "package-x-generic",
    "web": "text-html",
    "executable": "application-x-executable",
}
_THEMED = _ACTIONS | _FILES
"""Our names and the Icon Naming Specification's. A set comes from one hand: all from the theme, or none."""
_OURS = {theirs: ours for ours, theirs in _THEMED.items()}

_TURNED = {"go-previous": "go-next", "go-next": "go-previous", "unfold": "go-previous"}
"""What points the other way in languages that are written from right to left."""
_LEGIBLE = 2.0
"""Contrast (WCAG 2) against the window that a theme's icon needs, so as not to vanish in the dark."""
_MOST_PIXMAPS = 512

_BY_KIND = {Kind.DIRECTORY: "folder", Kind.SYMLINK: "symlink", Kind.OTHER: "unknown"}
_BY_MIME = (
    ("application/pdf", "pdf"),
    ("text/html", "web"),
    ("text/", "text"),
    ("image/", "image"),
    ("audio/", "audio"),
    ("video/", "video"),
    ("application/zip", "archive"),
    ("application/gzip", "archive"),
    ("application/vnd.rar", "archive"),
    ("application/zstd", "archive"),
)
_BY_ICON = {
    "package-x-generic": "archive",
    "x-office-document": "document",
    "x-office-spreadsheet": "spreadsheet",
    "x-office-presentation": "document",
    "text-x-generic": "text",
    "image-x-generic": "image",
    "audio-x-generic": "audio",
    "video-x-generic": "video",
}


def icon(name: str) -> QIcon:
    """The icon of that name: one of resources/icons, or its name in the Icon Naming Specification.

    Made once and shared; it draws itself anew when the palette changes.
    """
    to_the_left = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return _shared(_TURNED.get(name, name) if to_the_left else name)


@cache
def _shared(name: str) -> QIcon:
    return QIcon(_Drawing(_OURS.get(name, name)))


def icon_for(entry: Entry) -> QIcon:
    """By kind and by what the name's extension says; nothing of the file is read."""
    if entry.problem is not None:
        return icon("damaged")
    ours = _BY_KIND.get(entry.kind)
    return icon(ours or _by_extension(entry.name.rpartition(".")[2].casefold() if "." in entry.name else ""))


@lru_cache(maxsize=1024)
def _by_extension(extension: str) -> str:
    if not extension.isalnum():
        return "file"
    if danger.judge(f"x.{extension}") is not None and extension not in ("html", "htm"):
        return "executable"
    kind = QMimeDatabase().mimeTypeForFile(f"x.{extension}", QMimeDatabase.MatchMode.MatchExtension)
    if kind.isDefault():
        return "file"
    for start, ours in _BY_MIME:
        if kind.name().startswith(start):
            return ours
    return _BY_ICON.get(kind.genericIconName(), "file")


def pixmap(name: str, size: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """One of our symbolic drawings in a colour of its own, `size` logical pixels wide."""
    drawn = _rendered(name, QSize(round(size * ratio), round(size * ratio)), colour)
    drawn.setDevicePixelRatio(ratio)
    return drawn


class _Drawing(QIconEngine):
    """Paints one name at whatever size and in whatever palette it is asked for."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(rect, self.scaledPixmap(rect.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """`size` in logical pixels, as Qt 6.8 and later pass it."""
        pixels = (QSizeF(size) * scale).toSize()
        palette = QGuiApplication.palette()
        role = (
            QPalette.ColorRole.HighlightedText
            if mode is QIcon.Mode.Selected
            else QPalette.ColorRole.WindowText
        )
        group = QPalette.ColorGroup.Disabled if mode is QIcon.Mode.Disabled else QPalette.ColorGroup.Active
        colour = palette.color(group, role)
        themed = _from_theme(self._name, palette.color(QPalette.ColorRole.Window).rgba(), QIcon.themeName())
        drawn = (
            themed.pixmap(size, scale, mode, state)
            if themed is not None
            else _cached(
                self._name, pixels.width(), pixels.height(), colour.rgba(), mode is QIcon.Mode.Disabled
            )
        )
        drawn = QPixmap(drawn)
        drawn.setDevicePixelRatio(scale)
        return drawn

    def clone(self) -> QIconEngine:
        return _Drawing(self._name)

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        side = min(size.width(), size.height())
        return QSize(side, side)


@lru_cache(maxsize=_MOST_PIXMAPS)
def _cached(name: str, width: int, height: int, rgba: int, faded: bool) -> QPixmap:
    drawn = _rendered(name, QSize(width, height), QColor.fromRgba(rgba))
    if not faded or _symbolic(name):
        return drawn
    pale = QPixmap(drawn.size())
    pale.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pale)
    painter.setOpacity(0.4)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return pale


def _rendered(name: str, size: QSize, colour: QColor) -> QPixmap:
    source = _source(name).replace(b"currentColor", colour.name().encode())
    renderer = QSvgRenderer(QByteArray(source))
    drawn = QPixmap(size)
    drawn.fill(Qt.GlobalColor.transparent)
    side = min(size.width(), size.height())
    painter = QPainter(drawn)
    painter.setOpacity(colour.alphaF())
    renderer.render(painter, QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side))
    painter.end()
    return drawn


@cache
def _source(name: str) -> bytes:
    place = resource(f"icons/{name}.svg")
    return (place if place.is_file() else resource("icons/unknown.svg")).read_bytes()


def _symbolic(name: str) -> bool:
    return b"currentColor" in _source(name)


@lru_cache(maxsize=64)
def _from_theme(name: str, window: int, theme: str) -> QIcon | None:
    """The theme's icon, when the theme has its whole set and every one can be seen on the window."""
    names = next((names for names in (_ACTIONS, _FILES) if name in names), None)
    if names is None or not _complete(tuple(names.values()), window, theme):
        return None
    return QIcon.fromTheme(names[name])


@lru_cache(maxsize=16)
def _complete(names: tuple[str, ...], window: int, theme: str) -> bool:
    return all(QIcon.hasThemeIcon(name) and _can_be_seen(QIcon.fromTheme(name), window) for name in names)


def _can_be_seen(drawn: QIcon, window: int) -> bool:
    image = drawn.pixmap(QSize(24, 24)).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    ground = _luminance(QColor.fromRgba(window))
    inked = [
        _contrast(_luminance(image.pixelColor(x, y)), ground)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 128
    ]
    return bool(inked) and sum(contrast >= _LEGIBLE for contrast in inked) * 4 >= len(inked)


def _luminance(colour: QColor) -> float:
    """Relative luminance (WCAG 2), from 0 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
