"""A desktop that turns dark or light while the window is open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from gui import colours
from gui.panes.parts import Text, tint
from gui.wording import Tone
from tests.gui.gallery import palette
from tests.support.window import Desk

Role = QPalette.ColorRole


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    before = QPalette(qapp.palette())
    yield qapp
    qapp.setPalette(before)


async def test_every_part_of_the_window_turns_dark_with_the_desktop(
    desk: Desk, dressed: QApplication
) -> None:
    dressed.setPalette(palette(dark=False))
    await desk.choose("HOLIDAY")
    desk.window.actions_.properties.setChecked(True)
    desk.select("README.txt")
    await desk.settled()
    dressed.setPalette(palette(dark=True))
    await desk.until(lambda: not left_light(desk.window), "all of it is dark")
    dressed.setPalette(palette(dark=False))
    await desk.until(lambda: left_light(desk.window), "and light again")


def left_light(window: QWidget) -> list[str]:
    """Visible widgets whose text or ground is still that of the day."""
    found = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.objectName() != "qt_scrollarea_viewport":
            worn = widget.palette()
            ground, text = worn.color(Role.Window), worn.color(Role.WindowText)
            if ground.lightness() > 128 or (isinstance(widget, Text) and text.lightness() < 128):
                found.append(f"{type(widget).__name__} {widget.accessibleName()}")
    return found


def luminance(colour: QColor) -> float:
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_to_be_read_stands_out_from_its_ground(dressed: QApplication, dark: bool) -> None:
    """WCAG 2.2, 1.4.3: 4.5:1 for text; 1.4.11: 3:1 for what else must be seen."""
    worn = palette(dark=dark)
    dressed.setPalette(worn)
    grounds = [worn.color(role) for role in (Role.Window, Role.Base, Role.AlternateBase)]
    inks = {
        "amber": colours.amber(worn),
        "green": colours.green(worn),
        "quiet": colours.quiet(worn),
        "grave": tint(Tone.GRAVE, worn),
        "text": worn.color(Role.WindowText),
    }
    too_faint = {
        f"{name} on {ground.name()}": round(contrast(ink, ground), 2)
        for name, ink in inks.items()
        for ground in grounds
        if contrast(ink, ground) < 4.5
    }
    assert too_faint == {}
    assert contrast(worn.color(Role.Highlight), worn.color(Role.Base)) >= 3


def test_contrast_is_measured_as_the_guidelines_say() -> None:
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)
