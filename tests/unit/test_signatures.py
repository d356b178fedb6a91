"""What a file begins and ends with, against what its name promises."""

from __future__ import annotations

import pytest

from core import signatures


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("photo.JPG", b"\xff\xd8\xff\xe0", True),
        ("photo.jpg", b"\x89PNG\r\n\x1a\n", False),
        ("film.mp4", b"\0\0\0\x20ftypisom", True),
        ("letter.docx", b"PK\x03\x04", True),
        ("backup.tar", bytes(257) + b"ustar", True),
        ("song.wav", b"RIFF\0\0\0\0AVI ", False),
        ("empty.pdf", b"", False),
        ("notes.txt", b"anything", None),
        ("no extension", b"\xff\xd8\xff", None),
    ],
)
def test_the_beginning_of_well_known_kinds_is_known(name: str, head: bytes, expected: bool | None) -> None:
    assert signatures.begins(name, head) is expected


@pytest.mark.parametrize(
    ("name", "tail", "expected"),
    [
        ("photo.jpeg", b"...\xff\xd9", True),
        ("paper.pdf", b"%%EOF\r\n", True),
        ("archive.zip", b"PK\x05\x06" + bytes(18), True),
        ("photo.jpeg", b"...", False),
        ("notes.txt", b"\xff\xd9", False),
    ],
)
def test_so_is_the_end_of_some(name: str, tail: bytes, expected: bool) -> None:
    assert signatures.ends(name, tail) is expected
