"""What files of well-known kinds begin and end with: whether bytes are what a name promises.

Only ever compared. Used on both sides of the wall, so nothing is imported here.
"""

from __future__ import annotations

HEAD = 512
"""Bytes from the start of a file that `begins` can use."""
TAIL = 512
"""Bytes from its end that `ends` can use."""

_ZIP = ((0, b"PK\x03\x04"), (0, b"PK\x05\x06"))
_OLE = ((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),)
_ISO_MEDIA = ((4, b"ftyp"), (4, b"moov"), (4, b"mdat"), (4, b"wide"), (4, b"free"), (4, b"skip"))
_TIFF = ((0, b"II*\0"), (0, b"MM\0*"))

_BEGINNINGS: tuple[tuple[str, tuple[tuple[int, bytes], ...]], ...] = (
    ("jpg jpeg jpe jfif", ((0, b"\xff\xd8\xff"),)),
    ("png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    ("gif", ((0, b"GIF87a"), (0, b"GIF89a"))),
    ("bmp", ((0, b"BM"),)),
    ("webp", ((8, b"WEBP"),)),
    ("tif tiff nef dng arw", _TIFF),
    ("cr2", ((8, b"CR\x02\0"),)),
    ("psd", ((0, b"8BPS"),)),
    ("heic heif avif mp4 m4v m4a mov 3gp", _ISO_MEDIA),
    ("pdf", ((0, b"%PDF-"),)),
    ("zip docx xlsx pptx odt ods odp epub jar apk", _ZIP),
    ("doc xls ppt msi", _OLE),
    ("rtf", ((0, b"{\\rtf"),)),
    ("gz tgz", ((0, b"\x1f\x8b"),)),
    ("bz2", ((0, b"BZh"),)),
    ("xz", ((0, b"\xfd7zXZ\0"),)),
    ("zst", ((0, b"\x28\xb5\x2f\xfd"),)),
    ("7z", ((0, b"7z\xbc\xaf\x27\x1c"),)),
    ("rar", ((0, b"Rar!\x1a\x07"),)),
    ("tar", ((257, b"ustar"),)),
    ("wav", ((8, b"WAVE"),)),
    ("avi", ((8, b"AVI "),)),
    ("flac", ((0, b"fLaC"),)),
    ("ogg oga opus ogv", ((0, b"OggS"),)),
    ("mp3", ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xfa"), (0, b"\xff\xf3"), (0, b"\xff\xf2"))),
    ("mkv webm", ((0, b"\x1a\x45\xdf\xa3"),)),
    ("mid midi", ((0, b"MThd"),)),
    ("exe dll scr sys", ((0, b"MZ"),)),
    ("elf so ko", ((0, b"\x7fELF"),)),
    ("sqlite", ((0, b"SQLite format 3\0"),)),
)
_BEGINNING = {extension: marks for extensions, marks in _BEGINNINGS for extension in extensions.split()}

_ENDINGS = (
    ("jpg jpeg jpe jfif", b"\xff\xd9"),
    ("png", b"IEND\xae\x42\x60\x82"),
    ("gif", b"\0;"),
    ("pdf", b"%%EOF"),
    ("zip docx xlsx pptx odt ods odp epub jar apk", b"PK\x05\x06"),
)
_ENDING = {extension: mark for extensions, mark in _ENDINGS for extension in extensions.split()}


def begins(name: str, head: bytes) -> bool | None:
    """Whether a file of that name may begin with these bytes; None when its kind has no fixed beginning."""
    marks = _BEGINNING.get(_extension(name))
    return None if marks is None else any(head.startswith(mark, at) for at, mark in marks)


def ends(name: str, tail: bytes) -> bool:
    """Whether these last bytes have what ends a file of that kind. False proves nothing."""
    mark = _ENDING.get(_extension(name))
    return mark is not None and mark in tail


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
