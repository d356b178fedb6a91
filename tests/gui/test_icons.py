"""Icons: there for every name, legible on light and dark, and cheap for thousands of rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from core.entry import Entry, Kind
from core.errors import Fault
from gui import icons

NAMES = (
    *("drive-removable-media-usb", "drive-image", "folder", "text", "image", "audio", "video", "archive"),
    *("pdf", "document", "executable", "file", "unknown", "damaged", "shield", "shield-broken", "warning"),
    *("eject", "go-previous", "go-next", "go-up", "view-list", "view-grid", "search", "copy", "cancel"),
    *("pause", "settings", "rumpus", "fold", "unfold", "refresh", "save", "info", "check"),
)


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    before = QPalette(qapp.palette())
    yield qapp
    qapp.setPalette(before)


def ink(icon: QIcon, side: int = 24) -> list[QColor]:
    image = icon.pixmap(QSize(side, side)).toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return [pixel for pixel in pixels if pixel.alpha() > 200]


@pytest.mark.parametrize("window", ["#f6f6f7", "#232325"])
@pytest.mark.parametrize("name", NAMES)
def test_every_icon_can_be_seen_on_light_and_on_dark(app: QApplication, name: str, window: str) -> None:
    app.setPalette(QPalette(QColor("#444444" if window == "#232325" else "#eeeeee"), QColor(window)))
    ground = QColor(window).lightnessF()
    assert any(abs(pixel.lightnessF() - ground) > 0.3 for pixel in ink(icons.icon(name)))


def test_symbolic_icons_follow_the_palette_after_they_were_made(app: QApplication) -> None:
    icon = icons.icon("shield")
    app.setPalette(QPalette(QColor("#eeeeee"), QColor("#ffffff")))
    light = ink(icon)
    app.setPalette(QPalette(QColor("#333333"), QColor("#111111")))
    dark = ink(icon)
    assert max(pixel.lightnessF() for pixel in light) < 0.5 < min(pixel.lightnessF() for pixel in dark)


def test_an_icon_fills_the_size_it_is_asked_for(qapp: QApplication) -> None:
    for ratio in (1.0, 2.0):
        drawn = icons.icon("folder").pixmap(QSize(16, 16), ratio)
        assert drawn.size() == QSize(16, 16) * ratio
        assert drawn.devicePixelRatio() == ratio


@pytest.mark.parametrize(
    ("name", "drawing"),
    [
        ("beach.JPG", "image"),
        ("letter.pdf", "pdf"),
        ("figures.xlsx", "spreadsheet"),
        ("song.mp3", "audio"),
        ("film.mkv", "video"),
        ("all.zip", "archive"),
        ("notes.txt", "text"),
        ("setup.exe", "executable"),
        ("invoice.pdf.exe", "executable"),
        ("README", "file"),
        ("odd.\u202etxt", "file"),
        ("x." + "y" * 500, "file"),
    ],
)
def test_a_file_looks_like_what_its_name_says(qapp: QApplication, name: str, drawing: str) -> None:
    assert icons.icon_for(Entry(name, 1, Kind.FILE)) is icons.icon(drawing)


def test_folders_links_and_damage_have_their_own_looks(qapp: QApplication) -> None:
    assert icons.icon_for(Entry("setup.exe", 1, Kind.DIRECTORY)) is icons.icon("folder")
    assert icons.icon_for(Entry("a.txt", 1, Kind.SYMLINK)) is icons.icon("symlink")
    broken = Entry("a.txt", 1, Kind.FILE, problem=Fault(kind="DeviceGone"))
    assert icons.icon_for(broken) is icons.icon("damaged")


def test_thousands_of_rows_share_a_few_icons(qapp: QApplication) -> None:
    entries = [Entry(f"IMG_{number}.jpg", number, Kind.FILE) for number in range(5000)]
    assert len({id(icons.icon_for(entry)) for entry in entries}) == 1
    strangers = [Entry(f"x.{number}", number, Kind.FILE) for number in range(5000)]
    assert len({id(icons.icon_for(entry)) for entry in strangers}) < 10
