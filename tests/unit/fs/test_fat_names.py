"""What ties long names to short ones, one by one and for a whole directory at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.fs.fat import names


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_checksums_of_a_directory_are_those_of_its_names(slots: list[bytes]) -> None:
    assert list(names.checksums(b"".join(slots))) == [names.checksum(slot[:11]) for slot in slots]


def test_a_checksum_is_the_one_of_the_specification() -> None:
    """FAT 1.03, page 28, worked out by its own words: rotate right, then add."""
    total = 0
    for byte in b"PHOTOG~1JPE":
        total = ((total & 1) << 7) + (total >> 1) + byte & 0xFF
    assert names.checksum(b"PHOTOG~1JPE") == total


def test_half_a_character_at_the_end_of_a_long_name_is_shown_as_one() -> None:
    raw = ("a" * 12).encode("utf-16-le") + b"\x00\xd8"
    piece = b"\x41" + raw[:10] + b"\x0f\0\0" + raw[10:22] + b"\0\0" + raw[22:]
    assert names.long_name(piece, 0, 1) == "a" * 12 + "\N{REPLACEMENT CHARACTER}"


def slot_of(text: str) -> bytes:
    """A piece of a long name with these 13 units."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return b"\x41" + raw[:10] + b"\x0f\0\0" + raw[10:22] + b"\0\0" + raw[22:26]


UNITS = st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])


@given(
    st.lists(
        st.text(UNITS, min_size=13, max_size=13) | st.text("ab\0\xff\uffff", min_size=13, max_size=13),
        min_size=1,
        max_size=20,
    ),
    st.binary(min_size=32, max_size=32),
)
def test_names_of_a_directory_are_what_each_is_by_itself(pieces: list[str], owner: bytes) -> None:
    data = b"".join(slot_of(piece) for piece in reversed(pieces)) + owner
    text = names.texts(data, b"\x0f" * len(pieces) + b"\x20")
    assert text is not None
    assert text[13:].partition("\0")[0] == names.long_name(data, 0, len(pieces))


def test_what_fills_up_a_piece_is_no_character_but_elsewhere_it_is_one() -> None:
    kinds = b"\x0f"
    assert names.texts(slot_of("a name\0" + "\uffff" * 6), kinds) == "a name\0" + "\xff" * 6
    for text in (
        "a\uffffname\0\uffff\uffff\uffff\uffff\uffff\uffff",
        "\uffff" * 13,
        "a name\0\uff41" + "\uffff" * 5,
    ):
        assert names.texts(slot_of(text), kinds) == text


def test_characters_of_two_units_are_left_to_the_way_that_knows_them() -> None:
    assert names.texts(slot_of("eleven char\N{BEACH WITH UMBRELLA}"), b"\x0f") is None
