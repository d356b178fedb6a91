"""Pictures, made small enough to be shown. Of an animation, the first frame."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import AvifImagePlugin, ExifTags, Image, ImageFile, ImageOps

MOST_PIXELS = 50_000_000
"""Of a picture as it has to be unpacked. A JPEG is unpacked at an eighth of its size where that is enough."""
_SMALL = 256
"""Up to this side the small picture that a camera puts in front of the large one will do."""

_FORMATS = (
    *("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "JPEG2000"),
    *("ICO", "PPM", "PSD"),
)
_PREFIX = 16
_ORIENTATION, _MODEL, _TAKEN = 0x0112, 0x0110, 0x9003
_THUMBNAIL_AT, _THUMBNAIL_LENGTH = 0x0201, 0x0202
_SIDEWAYS = 5
"""Orientations from here on swap width and height (EXIF 2.32, section 4.6.4)."""

Image.MAX_IMAGE_PIXELS = None  # measured against MOST_PIXELS instead, once it is known how it is unpacked
warnings.simplefilter("ignore")  # to tell of a warning, its source file would be opened
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # no thread can be started behind the walls
Image.init()


class TooLarge(Exception):
    """More pixels than are unpacked."""


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    pixels: bytes
    """RGBA, four bytes a pixel, rows from the top without gaps."""
    facts: list[tuple[str, str]]


def recognised(data: bytes) -> bool:
    """Whether these may be the first bytes of a picture."""
    accepting = (Image.OPEN[name][1] for name in _FORMATS)
    return any(accepts is not None and accepts(data[:_PREFIX]) is True for accepts in accepting)


def picture(data: bytes, width: int, height: int) -> Picture:
    """At most so large. What there is of a damaged one is shown too.

    Raises TooLarge, MemoryError, and whatever the library does where there is nothing to be shown.
    """
    try:
        return _picture(data, width, height, [])
    except (TooLarge, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - a library's word for a broken picture may be any
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            return _picture(data, width, height, [("Damage", "the picture is not whole")])
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False


def _picture(data: bytes, width: int, height: int, remarks: list[tuple[str, str]]) -> Picture:
    with Image.open(BytesIO(data), formats=_FORMATS) as image:
        facts = [*remarks, *_facts(image)]
        return _shown(_embedded(image, width, height) or image, width, height, facts)


def embedded(head: bytes, width: int, height: int) -> Picture | None:
    """The small picture that the first bytes of a photograph hold, where it is large enough."""
    try:
        with Image.open(BytesIO(head), formats=("JPEG",)) as image:
            small = _embedded(image, width, height)
            return _shown(small, width, height, []) if small is not None else None
    except Exception:  # noqa: BLE001 - then the whole file is looked at
        return None


def _shown(image: Image.Image, width: int, height: int, facts: list[tuple[str, str]]) -> Picture:
    sideways = image.getexif().get(_ORIENTATION, 1) >= _SIDEWAYS
    room = (height, width) if sideways else (width, height)
    if image.width > room[0] or image.height > room[1]:
        image.draft("RGB", room)
    if image.width * image.height > MOST_PIXELS:
        raise TooLarge
    image.load()
    orientation = image.getexif()  # asked again, for a TIFF is turned as it is unpacked
    if orientation.get(_ORIENTATION, 1) < _SIDEWAYS:
        room = (width, height)
    if image.mode in ("I;16", "I;16L", "I;16B", "I;16N", "I"):
        plain: Image.Image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode in ("RGB", "RGBA", "L", "LA"):
        plain = image
    else:
        plain = image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    plain.thumbnail(room, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if plain is not image:
        plain.getexif().update(orientation)
    turned = ImageOps.exif_transpose(plain).convert("RGBA")
    return Picture(turned.width, turned.height, turned.tobytes(), facts)


def _embedded(image: Image.Image, width: int, height: int) -> Image.Image | None:
    """It must be of the same shape: some cameras put bars around it, and some programs leave an old one."""
    if max(width, height) > _SMALL or image.format not in ("JPEG", "MPO"):
        return None
    exif = image.getexif()
    first = exif.get_ifd(ExifTags.IFD.IFD1)
    at, length = first.get(_THUMBNAIL_AT), first.get(_THUMBNAIL_LENGTH)
    held = image.info.get("exif", b"")[len(b"Exif\0\0") :]
    if not isinstance(at, int) or not isinstance(length, int) or not 0 < at < at + length <= len(held):
        return None
    try:
        small = Image.open(BytesIO(held[at : at + length]), formats=("JPEG",))
    except Exception:  # noqa: BLE001 - then the large one is looked at
        return None
    same = abs(small.width * image.height - small.height * image.width) * 20 <= small.height * image.width
    if not same or max(small.size) * 4 < max(min(width, image.width), min(height, image.height)) * 3:
        return None
    small.getexif()[_ORIENTATION] = exif.get(_ORIENTATION, 1)
    return small


def _facts(image: Image.Image) -> Iterator[tuple[str, str]]:
    exif = image.getexif()
    width, height = image.size
    if exif.get(_ORIENTATION, 1) >= _SIDEWAYS and image.format != "TIFF":
        width, height = height, width
    yield "Dimensions", f"{width} \N{MULTIPLICATION SIGN} {height}"
    yield "Format", str(image.format)
    model, taken = exif.get(_MODEL), exif.get_ifd(ExifTags.IFD.Exif).get(_TAKEN)
    if isinstance(model, str) and model.strip("\0 "):
        yield "Camera", model.strip("\0 ")[:100]
    if isinstance(taken, str) and taken.strip("\0 "):
        yield "Taken", taken.strip("\0 ")[:100].replace(":", "-", 2)
