"""Sets of entries that are broken on an exFAT volume are told where they are met, and all else is read."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from core.errors import CorruptStructure, Fault, RumpusError
from core.fs.content import Content
from core.fs.driver import Extent
from core.fs.exfat.directory import node_of
from core.fs.exfat.driver import ExFat
from core.fs.exfat.sets import Sets
from tests.support.exfat import Stick, file_set, sealed
from tests.support.exfat_holiday import CONTENT, holiday, opened, problem, warned
from tests.support.volumes import content_of, listed


def rewritten(stick: Stick, at: int, length: int, change: Callable[[bytearray], object]) -> None:
    """Changes a set of `length` entries and gives it a true checksum again."""
    slots = bytearray(stick.data[at : at + 32 * length])
    change(slots)
    stick.data[at : at + 32 * length] = sealed(bytes(slots))


def test_a_wrong_checksum_is_a_problem_of_its_own_entry_only() -> None:
    stick = holiday()
    place = stick.add_file("damaged", CONTENT)
    stick.add_file("behind", CONTENT)
    stick.data[place + 64 + 2] = ord("D")
    volume, device = opened(stick)
    found = listed(volume)
    assert list(found) == ["before", "Damaged", "behind"]
    assert problem(found["Damaged"]).startswith("checksum")
    assert found["before"].problem is found["behind"].problem is None
    assert content_of(volume, device, found["Damaged"].node) == CONTENT
    assert volume.stat(found["Damaged"].node).entry == found["Damaged"]
    assert volume.lookup(0, "DAMAGED") == found["Damaged"]


@pytest.mark.parametrize(("contiguous", "true_sum"), [(False, False), (True, True)])
def test_a_file_is_read_alike_whether_its_whole_set_is_looked_at_or_what_reading_needs(
    contiguous: bool, true_sum: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever bit of the set is wrong; every third of them is tried."""
    stick = holiday()
    place = stick.add_file("some longer name", CONTENT, contiguous=contiguous)
    sound = bytes(stick.data)
    quick = 0
    for bit in range(0, 4 * 32 * 8, 3):
        stick.data[:] = sound
        stick.data[place + bit // 8] ^= 1 << bit % 8
        if true_sum:
            stick.data[place : place + 4 * 32] = sealed(bytes(stick.data[place : place + 4 * 32]))
        volume, _ = opened(stick)
        node = node_of(place, contiguous=False)
        quick += volume._sets.stream(node) is not None
        found = located(volume, node)
        with monkeypatch.context() as patch:
            patch.setattr(Sets, "stream", lambda *_: None)
            assert located(opened(stick)[0], node) == found, bit
    assert 230 < quick < 342, "most of such damage is nothing to reading"


def located(volume: ExFat, node: int) -> tuple[list[Extent], str, list[Fault]]:
    """Where a file lies, what ended that, and what was warned about."""
    found: list[Extent] = []
    try:
        found += volume.extents(node)
    except RumpusError as error:
        return found, str(error), list(volume._warnings)
    return found, "", list(volume._warnings)


@pytest.mark.parametrize(
    ("at", "value", "name", "expected"),
    [
        (1, 0, "damaged by something", "at least 2 secondary entries"),
        (1, 1, "damaged by something", "at least 2 secondary entries"),
        (1, 2, "damaged by some", "checksum"),
        (1, 9, "damaged by something", "9 secondary entries"),
        (32, 0x40, "\ufffd", "3 secondary entries"),
        (32, 0xC1, "\ufffd", "checksum"),
        (64, 0x41, "\ufffd", "3 secondary entries"),
        (64, 0xE0, "\ufffd", "checksum"),
        (96, 0x00, "damaged by some", "3 secondary entries"),
        (96, 0x85, "damaged by some", "3 secondary entries"),
        (96, 0xC0, "damaged by some", "checksum"),
    ],
)
def test_a_set_that_is_not_whole_is_listed_with_what_is_left_of_its_name(
    at: int, value: int, name: str, expected: str
) -> None:
    stick = holiday()
    place = stick.add_file("damaged by something", CONTENT)
    stick.data[place + at] = value
    behind = 0 if value == 0 and at == 96 else stick.add_file("behind", CONTENT)
    volume, _ = opened(stick)
    found = listed(volume)
    assert problem(found[name]).startswith(expected)
    assert volume.stat(found[name].node).entry == found[name]
    assert found["before"].problem is None
    assert not behind or found["behind"].problem is None
    volume.facts()


@pytest.mark.parametrize(
    ("at", "value", "expected"),
    [
        (33, b"\x00", "an allocation possible"),
        (35, b"\x00", "a name of 1 to 15 characters"),
        (35, b"\x10", "a name of 1 to 15 characters"),
        (40, struct.pack("<Q", 10_001), "at most 10000 valid bytes"),
        (52, b"\x01\0\0\0", "a first cluster from 2 to 301"),
        (52, b"\xff\xff\xff\xff", "a first cluster from 2 to 301"),
        (56, b"\xff" * 8, "at most 1228800 bytes"),
        (66, "/".encode("utf-16-le"), "a name"),
        (66, b"\0\0", "a name"),
        (66, "\n".encode("utf-16-le"), "a name"),
    ],
)
def test_numbers_that_cannot_be_are_a_problem_and_reading_stays_bounded(
    at: int, value: bytes, expected: str
) -> None:
    stick = holiday()
    place = stick.add_file("numbers", CONTENT)

    def change(slots: bytearray) -> None:
        slots[at : at + len(value)] = value

    rewritten(stick, place, 3, change)
    volume, device = opened(stick)
    _, entry = listed(volume).values()
    assert problem(entry) == expected
    assert entry.size < 2**63
    assert volume.stat(entry.node).entry == entry
    try:
        content = Content(volume, device, entry.node)
        assert content.read(0, 1000) == CONTENT[:1000]
        content.read(entry.size - 1, 1)
    except CorruptStructure:
        assert at in (40, 52, 56)


@pytest.mark.parametrize("head", [0xC0, 0xC1])
def test_a_second_stream_or_name_in_a_set_is_a_problem(head: int) -> None:
    stick = holiday()
    stick.add_file("twice", CONTENT, extra=b"\xe0" + bytes(31) + bytes([head]) + bytes(31))
    volume, _ = opened(stick)
    assert problem(listed(volume)["twice"]) == "one stream extension, then the name"


def test_a_name_of_dots_is_a_problem() -> None:
    stick = holiday()
    stick.add_file("..")
    volume, _ = opened(stick)
    assert problem(listed(volume)[".."]) == "a name"


def test_a_wrong_name_hash_is_warned_about_and_the_file_is_found() -> None:
    stick = holiday()
    stick.add_file("hashed", CONTENT, hashed=0x1234)
    volume, _ = opened(stick)
    entry = volume.lookup(0, "HASHED")
    assert (entry.name, entry.problem) == ("hashed", None)
    volume.stat(entry.node)
    assert warned(volume) == ["stream extension"]


def test_strange_entries_are_warned_about_and_passed_over() -> None:
    stick = holiday()
    stick.add_slots("", b"\xc1" + bytes(31))
    stick.add_slots("", b"\x86" + bytes(31))
    stick.add_slots("", b"\x80" + bytes(31) + b"\xc0" + bytes(31))
    stick.add_folder("folder")
    stick.add_slots("folder", b"\x81" + bytes(31))
    stick.add_file("folder/inside")
    volume, _ = opened(stick)
    found = listed(volume)
    assert list(found) == ["before", "folder"]
    assert list(listed(volume, found["folder"].node)) == ["inside"]
    warnings = [fault.values["found"] for fault in volume.facts().warnings]
    assert warnings == ["0xc1 alone", "0x86", "0x80", "0x81"]


def test_two_of_what_there_is_one_of_are_warned_about() -> None:
    stick = holiday()
    stick.add_slots("", b"\x83\x01X\0" + bytes(28))
    volume, _ = opened(stick)
    assert volume.facts().label == "HOLIDAY"
    assert warned(volume) == ["root directory"]


def test_a_set_cut_off_by_the_end_of_its_folder_is_listed() -> None:
    stick = holiday()
    stick.add_folder("folder")
    for number in range(42):
        stick.add_file(f"folder/{number:02}")
    stick.add_slots("folder", file_set("cut off")[:64])
    volume, _ = opened(stick)
    found = listed(volume, listed(volume)["folder"].node)
    assert len(found) == 43
    assert problem(found["\ufffd"]) == "2 secondary entries"
    assert volume.stat(found["\ufffd"].node).entry == found["\ufffd"]
