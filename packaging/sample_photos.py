"""Draws three views of a harbour, from morning to evening, into the folder that is named."""

from __future__ import annotations

import math
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 800
FINE = 2
"""Drawn so many times as large, for smooth edges."""
HOURS = (8, 13, 17)
SKIES = (
    ((255, 214, 170), (120, 170, 214)),
    ((226, 240, 250), (70, 140, 205)),
    ((250, 150, 90), (60, 50, 110)),
)
"""At the horizon, and at the top."""
MODEL, EXIF, TAKEN = 0x0110, 0x8769, 0x9003

Colour = tuple[int, ...]


def _shaded(colour: Colour, share: float) -> Colour:
    return tuple(int(part * share) for part in colour)


def _boat(draw: ImageDraw.ImageDraw, left: int, water: int) -> None:
    def at(*places: tuple[int, int]) -> list[tuple[int, int]]:
        return [(left + x * FINE, water + y * FINE) for x, y in places]

    draw.polygon(at((0, 0), (300, 0), (255, 46), (48, 46)), fill=(122, 52, 40))
    draw.line(at((130, 0), (130, -230)), fill=(70, 46, 34), width=7 * FINE)
    draw.polygon(at((138, -220), (138, -24), (272, -24)), fill=(250, 246, 234))
    draw.polygon(at((122, -190), (122, -24), (40, -24)), fill=(232, 222, 200))


def view(number: int) -> Image.Image:
    low, high = SKIES[number]
    width, height = WIDTH * FINE, HEIGHT * FINE
    ramp = Image.linear_gradient("L").resize((width, height))
    drawn = Image.composite(Image.new("RGB", ramp.size, low), Image.new("RGB", ramp.size, high), ramp)
    sun = Image.new("L", ramp.size)
    x, y = (300 + 300 * number) * FINE, (330 - 170 * (number == 1)) * FINE
    ImageDraw.Draw(sun).ellipse((x - 120, y - 120, x + 120, y + 120), fill=255)
    drawn.paste((255, 244, 214), mask=sun.filter(ImageFilter.GaussianBlur(14)))
    draw = ImageDraw.Draw(drawn)
    for hill, share in ((90, 0.6), (50, 0.48)):
        shore = [(x, 470 - hill * math.sin(x / WIDTH * math.pi * 2 + hill)) for x in range(0, WIDTH + 10, 10)]
        outline = [(0, 500), *shore, (WIDTH, 500)]
        draw.polygon([(x * FINE, y * FINE) for x, y in outline], fill=_shaded(low, share))
    for wave in range(24):
        top = (480 + wave * wave * 0.7) * FINE
        crest = [
            (x, top + (3 + wave) * math.sin(x / (40 + 14 * wave) + wave * 2.1))
            for x in range(0, width + 10, 10)
        ]
        draw.polygon([*crest, (width, height), (0, height)], fill=_shaded(high, 0.62 - 0.34 * wave / 24))
    _boat(draw, (220 + 260 * number) * FINE, 585 * FINE)
    return drawn.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def main(folder: Path) -> None:
    for number, hour in enumerate(HOURS):
        held = Image.Exif()
        held[MODEL] = "Sample camera"
        held.get_ifd(EXIF)[TAKEN] = f"2026:11:12 {hour:02}:24:36"
        view(number).save(folder / f"pier {number + 1}.jpg", quality=86, exif=held)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
