"""Damaged pictures, pages and texts through the real walls: shown as far as may be, or said to be broken.

A library that imports or opens something late, on a path that only a damaged file takes, would be killed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from io import BytesIO

import pytest
from PIL import Image

from core.host.decoders import Decoders
from core.host.previewing import Nothing, Picture, Preview, Previewer, Reason
from tests.faults.test_hostile_previews import SECONDS, File
from tests.support.mutations import mutants
from tests.support.pictures import noise, pdf, with_small_picture

EACH = 15
OURS = {Reason.ATTACK, Reason.CRASHED, Reason.NO_DECODER}
"""What a damaged file must not lead to: the walls are for those that want more than to be damaged."""


def _saved(format: str, mode: str = "RGB", **options: object) -> bytes:
    file = BytesIO()
    Image.open(BytesIO(noise(160, 120))).convert(mode).save(file, format, **options)
    return file.getvalue()


def _exif() -> Image.Exif:
    held = Image.Exif()
    held[0x0112] = 6
    held[0x0110] = "Camera"
    held.get_ifd(0x8769)[0x9003] = "2026:11:12 10:24:36"
    return held


SOUND = {
    **{format: _saved(format) for format in ("GIF", "WEBP", "AVIF", "BMP", "JPEG2000", "PPM", "ICO")},
    **{f"{format} with EXIF": _saved(format, exif=_exif()) for format in ("JPEG", "PNG", "TIFF")},
    "JPEG with a small picture": with_small_picture(_saved("JPEG"), 320, 240),
    "JPEG in CMYK": _saved("JPEG", "CMYK"),
    "PNG with a palette": _saved("PNG", "P"),
    "TIFF in LZW": _saved("TIFF", compression="tiff_lzw"),
    "TIFF in JPEG": _saved("TIFF", compression="jpeg"),
    "PDF": pdf(b"BT /F1 48 Tf (Kiel) Tj ET " * 400),
    "text": ("Grüße aus Kiel, schön hier. " * 400).encode("cp1252"),
}


async def _previews(name: str) -> list[tuple[str, Preview]]:
    workshop = Decoders(seconds=SECONDS)
    try:
        previewer = Previewer(workshop)
        found = []
        for what, damaged in mutants(SOUND[name], EACH, seed=1):
            file = File(damaged)
            found.append((what, await previewer.preview(file, file.entry, 200, 150)))  # type: ignore[arg-type]
        return found
    finally:
        await workshop.close()


@pytest.mark.parametrize("name", SOUND)
def test_a_damaged_file_is_shown_or_said_to_be_broken(name: str) -> None:
    found = asyncio.run(_previews(name))
    ours = [
        (what, preview) for what, preview in found if isinstance(preview, Nothing) and preview.reason in OURS
    ]
    assert ours == []
    assert len(found) == EACH


def test_what_is_fuzzed_is_a_picture_before_it_is_damaged() -> None:
    async def kinds() -> Counter[type]:
        workshop = Decoders(seconds=SECONDS)
        try:
            files = [File(content) for name, content in SOUND.items() if name != "text"]
            previewer = Previewer(workshop)
            return Counter([type(await previewer.preview(f, f.entry, 200, 150)) for f in files])  # type: ignore[arg-type]
        finally:
            await workshop.close()

    assert asyncio.run(kinds()) == {Picture: len(SOUND) - 1}
