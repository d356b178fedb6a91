"""Which files are not opened at once, and what is said of them."""

from __future__ import annotations

import pytest

from core.host.danger import judge

RLO, LRI, RLM = "\u202e", "\u2066", "\u200f"

DANGEROUS = {
    "setup.exe": "A Windows program.",
    "SETUP.EXE": "A Windows program.",
    "setup.exe. ": "A Windows program.",
    "invoice.pdf.exe": "A Windows program that pretends to be a PDF.",
    "invoice.pdf                    .scr": "A Windows program that pretends to be a PDF.",
    "holiday.JPG.Lnk": "A Windows shortcut that pretends to be a picture.",
    "letter.docx.js": "A Windows script that pretends to be a document.",
    "song.mp3.desktop": "A launcher that pretends to be music.",
    f"photo{RLO}gpj.exe": "A Windows program that pretends to be a picture.",
    f"harmless{RLO}fdp.txt": "A file whose name hides characters that make it read otherwise.",
    f"a{LRI}b.txt": "A file whose name hides characters that make it read otherwise.",
    "autorun.inf": "A list of orders, which some computers carry out when a stick is plugged in.",
    "AUTORUN.INF": "A list of orders, which some computers carry out when a stick is plugged in.",
    "run.sh": "A script.",
    "tool.AppImage": "A package that installs programs.",
    "card.iso": "A disk image, which the desktop would open without any walls.",
    "budget.xlsm": "A document with programs in it.",
    ".desktop": "A launcher, which can start a program.",
}
HARMLESS = [
    "beach.jpg",
    "README",
    "letter.pdf",
    "backup.tar.gz",
    "exe",
    "my.exe.notes.txt",
    "film.mkv",
    ".hidden",
    "",
    "...",
    f"\u05e9\u05dc\u05d5\u05dd{RLM}.txt",
]


@pytest.mark.parametrize("name", DANGEROUS)
def test_a_dangerous_name_is_told_in_one_sentence(name: str) -> None:
    found = judge(name)
    assert found is not None
    assert found.sentence == DANGEROUS[name]
    assert found.disguised == ("pretends" in found.sentence or "hides" in found.sentence)


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_name_is_opened_without_a_question(name: str) -> None:
    assert judge(name) is None


@pytest.mark.parametrize(
    ("name", "head", "sentence"),
    [
        ("beach.jpg", b"MZ\x90\x00\x03", "A Windows program that pretends to be a picture."),
        ("README", b"\x7fELF\x02\x01", "A Linux program."),
        ("notes.txt", b"#!/bin/sh\nrm", "A script that pretends to be a text."),
        ("photo.png", b"# a\n\n[Desktop Entry]\nExec=x", "A launcher that pretends to be a picture."),
        ("page", b"\xef\xbb\xbf <!DOCTYPE HTML><script>", "A web page, which a browser would run and"),
        ("link.pdf", b"L\0\0\0\x01\x14\x02\0", "A Windows shortcut that pretends to be a PDF."),
    ],
)
def test_first_bytes_give_away_what_a_name_conceals(name: str, head: bytes, sentence: str) -> None:
    found = judge(name, head)
    assert found is not None
    assert found.sentence.startswith(sentence)


@pytest.mark.parametrize(
    "head", [b"", b"\xff\xd8\xff\xe0", b"MZ is how some texts begin", b"PK\x03\x04", b"\0" * 512]
)
def test_honest_first_bytes_raise_no_question(head: bytes) -> None:
    assert judge("beach.jpg", head) is None
