"""NTFS volumes on which one folder is damaged on purpose: the names that are left are found."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import CorruptStructure
from tests.support.ntfs import ROOT, SHORT_NAME, blank_ntfs, mounted
from tests.support.ntfs_holiday import MANY, listed, opened, problems
from tests.support.ntfs_patching import ALLOCATION, INDEX_ROOT, Patched


@pytest.mark.parametrize(
    ("at", "new"),
    [(0, b"BAAD"), (510, b"??"), (16, b"\x07"), (4, b"\xff\xff"), (24, b"\xff\xff\xff\xff")],
)
def test_a_broken_block_costs_its_own_names_and_those_below_are_found(
    at: int, new: bytes, patched: Patched
) -> None:
    blocks = patched.blocks(patched.number("many"))
    assert len(blocks) > 5
    lost = len(patched.entries(patched.block(blocks[2])))
    patched.image[blocks[2] + at : blocks[2] + at + len(new)] = new
    found, error = listed(opened(patched), "many")
    assert MANY - lost <= len(found) < MANY
    assert not problems(found)
    assert isinstance(error, CorruptStructure)
    assert blocks[2] <= error.offset < blocks[2] + 4096
    all_but_the_folder = opened(patched)
    assert listed(all_but_the_folder)[1] is None


@pytest.mark.parametrize("length", [b"\0\0", b"\x08\0", b"\xff\xff", b"\x10\0"])
def test_a_broken_entry_costs_the_rest_of_its_block(length: bytes, patched: Patched) -> None:
    place = patched.blocks(patched.number("many"))[2]
    block = patched.block(place)
    entries = patched.entries(block)
    at = entries[len(entries) // 2][0]
    block[at + 8 : at + 10] = length
    patched.fix(place, block)
    found, error = listed(opened(patched), "many")
    assert MANY - len(entries) // 2 - 2 <= len(found) < MANY
    assert isinstance(error, CorruptStructure) and error.offset == place + at


def test_an_index_that_leads_to_itself_ends_and_every_name_comes_once(patched: Patched) -> None:
    number = patched.number("many")
    places = patched.blocks(number)
    record = patched.record(number)
    root = patched.attribute(record, INDEX_ROOT, "$I30")
    inner = [place for place in places if patched.block(place)[36] & 1]
    if inner:
        block = patched.block(inner[0])
        at, _ = patched.entries(block)[0]
        length = int.from_bytes(block[at + 8 : at + 10], "little")
        block[at + length - 8 : at + length] = block[16:24]
        patched.fix(inner[0], block)
    else:
        start = root.at + int.from_bytes(record[root.at + 20 : root.at + 22], "little")
        at = start + 16 + int.from_bytes(record[start + 16 : start + 20], "little")
        first, second = (at, at + int.from_bytes(record[at + 8 : at + 10], "little"))
        low = first + int.from_bytes(record[first + 8 : first + 10], "little")
        high = second + int.from_bytes(record[second + 8 : second + 10], "little")
        record[low - 8 : low] = record[high - 8 : high]
        patched.put(number, record)
    names: list[str] = []
    volume = opened(patched)
    with pytest.raises(CorruptStructure) as error:
        for batch in volume.entries(number):
            names += [entry.name for entry in batch]
    assert "cycle" in error.value.expected
    assert len(names) == len(set(names)) == MANY


def test_a_block_beyond_the_index_is_told_and_the_others_are_listed(patched: Patched) -> None:
    number = patched.number("many")
    found = patched.attribute(patched.record(number), ALLOCATION, "$I30")
    size = patched.index_size
    patched.patch(number, found, 48, struct.pack("<QQ", size, size))
    some, error = listed(opened(patched), "many")
    assert isinstance(error, CorruptStructure) and 0 < len(some) < MANY


def _rename(patched: Patched, folder: str, name: str, new: bytes) -> None:
    """Another name of as many bytes, wherever the old one stands in the folder's index blocks."""
    old = name.encode("utf-16-le")
    assert len(old) == len(new)
    for place in patched.blocks(patched.number(folder)):
        block = patched.block(place)
        if old in block:
            patched.fix(place, block.replace(old, new))


def test_an_unpaired_surrogate_survives_as_its_number(patched: Patched) -> None:
    name = "0123 with a long name"
    for number, text in ((123, "\udc00"), (124, "\udc01")):
        old = f"{number:04} with a long name"
        _rename(patched, "many", old, ("x" + text + old[2:]).encode("utf-16-le", "surrogatepass"))
    volume = opened(patched)
    found, _ = listed(volume, "many")
    shown = {"x\\udc0023 with a long name", "x\\udc0124 with a long name"}
    assert shown <= set(found) and name not in found and not problems(found)
    node = volume.lookup(ROOT, "many").node
    for each in shown:
        assert volume.lookup(node, each) == found[each]


def test_a_name_of_nothing_but_surrogates_still_crosses_the_wall(patched: Patched) -> None:
    from core.fs.ntfs.names import file_name

    shown, well_formed = file_name(b"\x00\xd8" * 255)
    assert well_formed and len(shown) <= 1024 and shown.encode()


@pytest.mark.parametrize("text", ["01/3", "01\0003"])
def test_a_name_with_a_slash_or_nul_is_a_problem(text: str, patched: Patched) -> None:
    _rename(patched, "many", "0123 with a long name", f"{text} with a long name".encode("utf-16-le"))
    found, error = listed(opened(patched), "many")
    assert error is None and len(found) == MANY
    assert problems(found) == {f"{text} with a long name".replace("/", "\\x2f").replace("\0", "\\x00")}


@pytest.mark.parametrize(
    "reference", [struct.pack("<Q", 2**40), struct.pack("<HIH", 22, 0, 1), struct.pack("<HIH", 64, 0, 99)]
)
def test_a_name_of_no_file_is_an_entry_with_a_problem(reference: bytes, patched: Patched) -> None:
    place = patched.blocks(patched.number("many"))[2]
    block = patched.block(place)
    at, name = patched.entries(block)[1]
    block[at : at + 8] = reference
    patched.fix(place, block)
    found, error = listed(opened(patched), "many")
    assert error is None and len(found) == MANY and problems(found) == {name}


def test_a_folder_in_two_places_is_a_problem_in_the_second(patched: Patched) -> None:
    """Whoever followed it would never arrive."""
    place = patched.blocks(patched.number("many"))[2]
    block = patched.block(place)
    (first, one), (second, two) = patched.entries(block)[1:3]
    for at, number in ((first, patched.number("many")), (second, ROOT)):
        sequence = int.from_bytes(patched.record(number)[16:18], "little")
        block[at : at + 8] = struct.pack("<Q", number | sequence << 48)
    patched.fix(place, block)
    volume = opened(patched)
    assert not problems(listed(volume)[0])
    found, _ = listed(volume, "many")
    assert problems(found) == {one, two}
    assert {found[one].kind, found[two].kind} == {Kind.DIRECTORY}


def test_a_short_name_whose_long_one_is_lost_is_shown(tmp_path: Path) -> None:
    image = blank_ntfs(tmp_path / "stick.img", 4 << 20)
    with mounted(image) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "A long name.text").write_bytes(b"")
        os.setxattr(folder / "sub" / "A long name.text", SHORT_NAME, b"ALONGN~1.TXT")
    patched = Patched(image)
    assert set(listed(opened(patched), "sub")[0]) == {"A long name.text"}
    number = patched.number("sub")
    record = patched.record(number)
    long = record.index("A long name.text".encode("utf-16-le"))
    record[long - 1] = 2
    patched.put(number, record)
    assert set(listed(opened(patched), "sub")[0]) == {"A long name.text", "ALONGN~1.TXT"}
