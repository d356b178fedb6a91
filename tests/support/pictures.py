"""Picture files, honest and hostile."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image


def photograph(width: int = 640, height: int = 480, *, format: str = "JPEG", **options: object) -> bytes:
    """Red at the left, blue at the right."""
    image = Image.new("RGB", (width, height), (200, 0, 0))
    image.paste((0, 0, 200), (width // 2, 0, width, height))
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def noise(width: int, height: int) -> bytes:
    """A JPEG as large as a camera's: few areas of one colour."""
    file = BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(file, "JPEG", quality=75)
    return file.getvalue()


def turned(orientation: int, width: int = 640, height: int = 480, *, format: str = "JPEG") -> bytes:
    """A photograph whose camera was held so (EXIF 2.32, section 4.6.4)."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return photograph(width, height, format=format, exif=exif)


def with_small_picture(small: bytes, width: int = 3000, height: int = 2250) -> bytes:
    """A large photograph that holds a small JPEG for cameras to show (EXIF 2.32, section 4.5.8)."""
    first = struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, 1, 0, 26)
    second = struct.pack("<HHHIIHHIII", 2, 0x0201, 4, 1, 56, 0x0202, 4, 1, len(small), 0)
    held = b"II*\0" + struct.pack("<I", 8) + first + second + small
    return photograph(width, height, exif=b"Exif\0\0" + held)


def pdf(
    content: bytes = b"",
    *,
    font: str = "Helvetica",
    box: str = "0 0 400 200",
    count: int = 1,
    more: bytes = b"",
) -> bytes:
    """A page (ISO 32000-1): red at the left, and what `content` draws. `more` goes into the trailer."""
    drawn = b"0.78 0 0 rg 0 0 200 200 re f " + content
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{'3 0 R ' * count}] /Count {count} >>".encode(),
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        f"<< /Type /Font /Subtype /TrueType /BaseFont /{font} >>".encode(),
    ]
    file, places = b"%PDF-1.4\n", []
    for number, held in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, b"".join(places))
    end = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (
        len(places) + 1,
        more,
        len(file),
    )
    return file + table + end


def png(width: int, height: int, packed: bytes, *more: bytes) -> bytes:
    """Three bytes a pixel, packed by the caller; `more` are chunks before them."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def hostile() -> dict[str, bytes]:
    """Files that want the time, the memory or the process of whoever unpacks them."""
    zeros = zlib.compress(bytes(100_000_000), 9)
    pixel = zlib.compress(bytes(4))
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 60000, 60000, 0) + b"\x02\x02\x4c\x01\x00"
    gif = b"GIF89a" + struct.pack("<HHBBB", 60000, 60000, 0x80, 0, 0) + bytes(6)
    whole = photograph(format="PNG")
    return {
        "a_png_of_100000_by_100000": png(100_000, 100_000, zlib.compress(bytes(1_000_000))),
        "a_png_with_zip_bombs_for_texts": png(1, 1, pixel, *[_chunk(b"zTXt", b"a\0\0" + zeros)] * 20),
        "a_png_with_a_zip_bomb_for_a_profile": png(1, 1, pixel, _chunk(b"iCCP", b"a\0\0" + zeros)),
        "a_gif_of_60000_by_60000_without_end": gif + frame * 20_000,
        "a_jpeg_of_nothing_but_its_first_marks": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400,
        "a_tiff_that_leads_in_a_circle": b"II*\0\x08\0\0\0" + struct.pack("<HI", 0, 8) + bytes(100_000),
        "a_bmp_of_two_billion_pixels": b"BM"
        + struct.pack("<IHHI", 100, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 2**31 - 1, 2**31 - 1, 1, 24, 0, 0, 0, 0, 0, 0),
        "a_psd_of_300000_by_300000": b"8BPS\0\1"
        + bytes(6)
        + struct.pack(">HIIHH", 3, 300_000, 300_000, 8, 3),
        "an_ico_of_65535_pictures": b"\0\0\1\0\xff\xff" + bytes(65535 * 16),
        "a_pdf_page_of_a_billion_points": pdf(box="0 0 1000000000 1000000000"),
        "a_pdf_page_without_room": pdf(box="0 0 0 0"),
        "a_pdf_that_draws_without_end": pdf(b"1 0 0 rg 0 0 400 200 re f\n" * 2_000_000),
        "a_pdf_that_refers_to_itself": b"%PDF-1.4\n1 0 obj 1 0 R endobj\ntrailer << /Root 1 0 R /Prev 0 >>"
        b"\nstartxref\n0\n%%EOF\0",
        "a_png_whose_rows_are_garbage": whole[:60] + bytes(reversed(whole[60:])),
    }
