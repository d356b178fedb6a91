"""The first page of a PDF as a picture. Nothing in it is run: this PDFium has no script engine."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

from core.decode.picture import Picture

_MARK = b"%PDF-"
_MARK_WITHIN = 1024
"""Bytes from the start that the mark may come after (ISO 32000-1, annex H, implementation note 13)."""
_POINTS = 72
_FINEST = 300 / _POINTS
"""Pixels a point; a page the size of a stamp is shown no finer."""
_LONGEST_TITLE = 100

_NO_FONTS = (ctypes.POINTER(ctypes.c_char) * 1)()


class Locked(Exception):
    """It asks for a password."""


def _forget_fonts_of_the_system() -> None:
    """To look for one, a file would be opened, which is fatal here. PDFium brings the standard ones."""
    pdfium.FPDF_DestroyLibrary()
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=_NO_FONTS))


def recognised(data: bytes) -> bool:
    return _MARK in data[:_MARK_WITHIN]


def first_page(data: bytes, width: int, height: int) -> Picture:
    """At most so large. Raises Locked, MemoryError, and whatever the library does of broken files."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise Locked from error
        raise
    page = document[0]
    wide, high = page.get_size()
    scale = min(width / max(wide, 1), height / max(high, 1), _FINEST)
    drawn = page.render(scale=scale).to_pil().convert("RGBA")
    if drawn.width > width or drawn.height > height:
        drawn.thumbnail((width, height))
    count = len(document)
    facts = [("Format", "PDF"), ("Pages", f"{count} page" if count == 1 else f"{count} pages")]
    title = str(document.get_metadata_dict().get("Title", "")).strip()
    if title:
        facts.append(("Title", title[:_LONGEST_TITLE]))
    return Picture(drawn.width, drawn.height, drawn.tobytes(), facts)


_forget_fonts_of_the_system()
