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
