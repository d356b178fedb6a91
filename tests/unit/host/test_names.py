"""A name from a stick never misleads as a label and never escapes as a path."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.host.names import (
    LONGEST_HOST_NAME,
    LONGEST_LABEL,
    host_name,
    marked,
    shown,
    shown_all,
    unfinished,
)

any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=600)
nasty = st.text(
    st.sampled_from(
        "./-~ aé漢\0\n\r\t\x1b\x7f\x85\u200b\u200c\u200d\u200e\u202e\u2028\u2066\u061c\ufeff\ud800\ue000"
    )
)
names = any_text | nasty

BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]


def misleading(text: str) -> list[str]:
    """What of a text would draw nothing, break the line or move its neighbours (joiners apart)."""
    return [
        character
        for character in text
        if unicodedata.category(character) in {"Cc", "Cs", "Co", "Zl", "Zp"}
        or (unicodedata.category(character) == "Cf" and character not in "\u200c\u200d")
    ]


@given(names)
def test_a_label_is_one_line_with_every_character_visible(name: str) -> None:
    label = shown(name)
    assert misleading(label) == []
    assert len(label.splitlines()) <= 1
    assert len(label) <= LONGEST_LABEL
    label.encode()


@given(names)
@example("\u0600\u200c\u0600")  # a joiner between signs that are not shown
def test_a_label_that_was_cleaned_is_stable(name: str) -> None:
    assert shown(shown(name)) == shown(name)


@given(names)
def test_a_host_name_is_one_safe_component(name: str) -> None:
    made = host_name(name)
    assert made not in ("", ".", "..")
    assert "/" not in made
    assert not made.startswith("-")
    assert misleading(made) == []
    assert 1 <= len(made.encode()) <= LONGEST_HOST_NAME
    assert os.path.normpath(f"/folder/{made}") == f"/folder/{made}"
    assert host_name(made) == made


@given(names)
def test_a_host_name_can_really_be_created_in_its_folder_and_nowhere_else(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.mktemp("names")
    made = folder / host_name(name)
    made.touch()
    assert [found.name for found in folder.iterdir()] == [host_name(name)]
    hidden = folder / unfinished(host_name(name), "0123456789abcdef")
    hidden.touch()
    assert hidden.parent == folder
    assert len(list(folder.iterdir())) == 2


@given(names, st.sampled_from([" (2)", " (9999)", " (damaged)"]))
def test_a_marked_name_keeps_its_extension_and_fits(name: str, mark: str) -> None:
    made = marked(host_name(name), mark)
    assert mark in made
    assert len(made.encode()) <= LONGEST_HOST_NAME


def test_the_extension_survives_whatever_is_cut() -> None:
    assert shown("x" * 2000 + ".pdf.exe").endswith(".pdf.exe")
    assert host_name("漢" * 400 + ".jpeg").endswith("漢.jpeg")
    assert marked("photo.jpeg", " (2)") == "photo (2).jpeg"
    assert marked("README", " (2)") == "README (2)"
    assert marked(".bashrc", " (2)") == ".bashrc (2)"
    assert marked("archive.tar.gz", " (2)") == "archive.tar (2).gz"


@pytest.mark.parametrize("code", BIDI, ids=lambda code: f"U+{code:04X}")
def test_a_programme_cannot_turn_its_extension_around(code: int) -> None:
    name = f"invoice{chr(code)}fdp.exe"
    assert shown(name) == "invoice\ufffdfdp.exe"
    assert host_name(name) == "invoice_fdp.exe"


@pytest.mark.parametrize(
    ("name", "label", "on_host"),
    [
        ("a\nb", "a␊b", "a_b"),
        ("a\tb\x7f", "a␉b␡", "a_b_"),
        ("a\x85b", "a\ufffdb", "a_b"),
        ("pay\u200bpal", "pay\ufffdpal", "pay_pal"),
        ("pay\u200dpal", "pay\ufffdpal", "pay_pal"),
        ("\u3164", "\ufffd", "_"),
        ("broken\ud83d", "broken\ufffd", "broken_"),
        ("line\u2028two", "line\ufffdtwo", "line_two"),
        ("a/b", "a/b", "a_b"),
        ("../../etc/passwd", "../../etc/passwd", ".._.._etc_passwd"),
        ("..", "..", "__"),
        (".", ".", "_"),
        ("", "", "_"),
        ("-rf", "-rf", "_-rf"),
        ("nul\0", "nul␀", "nul_"),
    ],
)
def test_what_is_seen_and_what_is_created(name: str, label: str, on_host: str) -> None:
    assert shown(name) == label
    assert host_name(name) == on_host


@pytest.mark.parametrize(
    "name",
    [
        "Ferien in Österreich (2026).jpg",
        "Путешествие.odt",
        "旅行の写真.png",
        "می‌خواهم.txt",
        "👨‍👩‍👧‍👦 ❤️.heic",
        "क्‍ष.txt",
        ".profile",
    ],
)
def test_names_that_people_use_stay_as_they_are(name: str) -> None:
    assert shown(name) == name
    assert host_name(name) == name


def test_a_tower_of_combining_marks_does_not_draw_over_its_neighbours() -> None:
    assert "\u0301" * 9 not in shown("e" + "\u0301" * 200)
    assert shown("e\u0301\u0323.txt") == "e\u0301\u0323.txt"


def test_a_label_of_a_path_like_name_is_no_path(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    assert (tmp_path / "inside" / host_name("../outside")).resolve().parent == tmp_path / "inside"


@given(st.lists(st.text("ab\n\u202e\u0301", max_size=3) | st.just("long" * 64)))
def test_many_names_at_once_are_shown_as_each_by_itself(many: list[str]) -> None:
    assert list(shown_all(many)) == [shown(name) for name in many]
