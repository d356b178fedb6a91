"""NTFS volumes damaged on purpose, each in one structure of the whole: everything else can still be read."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import CorruptStructure, MediumError, NotAFileSystem, NotFound
from core.fs.ntfs.driver import Ntfs
from core.fs.registry import recognise
from tests.support.memory import MemoryDevice
from tests.support.ntfs import ROOT, blank_ntfs, mounted
from tests.support.ntfs_holiday import CONTENT, all_is_there, content_of, device_of, listed, opened, problems
from tests.support.ntfs_patching import DATA, FILE_NAME, Patched

# the boot sector --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "new"),
    [
        (0, bytes(512)),
        (3, b"WRONG   "),
        (11, b"\x01\x00"),
        (13, b"\x00"),
        (13, b"\x81"),
        (40, bytes(8)),
        (48, b"\xff" * 8),
        (64, b"\x81"),
        (68, b"\x00"),
        (510, b"\0\0"),
    ],
)
def test_a_broken_boot_sector_is_replaced_by_its_copy_and_told(
    place: int, new: bytes, patched: Patched
) -> None:
    patched.image[place : place + len(new)] = new
    all_is_there(patched)
    assert [fault.kind for fault in opened(patched).facts().warnings] == ["CorruptStructure"]
    driver, probe = recognise(device_of(patched))[0]
    assert (driver, probe.label) == (Ntfs, "HOLIDAY")
    patched.image[-512:] = bytes(512)
    assert recognise(device_of(patched)) == []
    with pytest.raises((NotAFileSystem, CorruptStructure)):
        opened(patched)


def test_a_volume_cut_short_is_told_and_what_is_there_can_be_read(patched: Patched) -> None:
    volume = opened(patched.image[: 6 << 20])
    assert any(fault.values["structure"] == "boot sector" for fault in volume.facts().warnings)
    found, error = listed(volume)
    assert error is None and {"small", "whole"} <= set(found)


# the table of files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 2, 3])
@pytest.mark.parametrize("how", ["magic", "fix-up", "zeros", "attributes"])
def test_broken_first_records_are_replaced_by_the_mirror_and_told(
    number: int, how: str, patched: Patched
) -> None:
    place = patched.place(number)
    if how == "magic":
        patched.image[place : place + 4] = b"BAAD"
    elif how == "fix-up":
        patched.image[place + 1022 : place + 1024] = b"??"
    elif how == "zeros":
        patched.image[place : place + 1024] = bytes(1024)
    else:
        patched.image[place + 20 : place + 22] = b"\xf0\xff"
    all_is_there(patched)
    facts = opened(patched).facts()
    assert facts.label == "HOLIDAY"
    if number in (0, 2, 3):  # nobody needs the record of the mirror itself
        assert {fault.kind for fault in facts.warnings} == {"CorruptStructure"}


def test_without_either_first_record_nothing_can_be_read(patched: Patched) -> None:
    for place in (patched.place(0), patched.mirror * patched.cluster):
        patched.image[place : place + 4] = b"BAAD"
    with pytest.raises(CorruptStructure) as error:
        opened(patched)
    assert error.value.structure == "file record" and error.value.offset == patched.place(0)


def test_bad_sectors_under_the_table_are_met_by_the_mirror(patched: Patched) -> None:
    class Bad(MemoryDevice):
        def read(self, offset: int, length: int) -> bytes:
            if offset < patched.place(1) and patched.place(0) < offset + length:
                raise MediumError(patched.place(0), 1024)
            return super().read(offset, length)

    volume = Ntfs.open(Bad(bytes(patched.image)))
    assert [fault.kind for fault in volume.facts().warnings] == ["MediumError"]
    assert "whole" in listed(volume)[0]


def test_a_table_whose_runs_stand_in_two_records_is_followed(tmp_path: Path) -> None:
    image = blank_ntfs(tmp_path / "stick.img", 6 << 20, "-c", "512")
    with mounted(image) as folder:
        for number in range(4000):
            try:
                (folder / f"{number:06}").write_bytes(b"%06d" % number * (200 if number % 2 else 1))
            except OSError:
                break
        for number in range(0, 3000, 3):
            (folder / f"{number:06}").unlink(missing_ok=True)
        for number in range(3000):
            try:
                (folder / f"again {number:06}").write_bytes(b"again %06d" % number)
            except OSError:
                break
    patched = Patched(image)
    before, _ = listed(opened(patched))
    assert len(patched.table) > 1
    patched.split(0, 20)
    place = patched.mirror * patched.cluster
    patched.image[place : place + 1024] = bytes(1024)
    after, error = listed(opened(patched))
    assert error is None and after == before
    volume = opened(patched)
    assert volume.facts().warnings == []
    assert len(list(volume.extents(0))) == len(patched.table)
    last = max(after, key=lambda name: after[name].node)
    assert content_of(patched, last).startswith(last.encode())


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.__setitem__(slice(0, 4), b"BAAD"),
        lambda raw: raw.__setitem__(slice(510, 512), b"??"),
        lambda raw: raw.__setitem__(slice(4, 8), b"\xff\xff\xff\xff"),
        lambda raw: raw.__setitem__(slice(6, 8), b"\0\0"),
        lambda raw: raw.__setitem__(slice(24, 28), b"\xff\xff\xff\xff"),
        lambda raw: raw.__setitem__(slice(44, 48), b"\x01\0\0\0"),
        lambda raw: raw.__setitem__(slice(60, 64), b"\x00\0\0\0"),
        lambda raw: raw.__setitem__(slice(60, 64), b"\xf8\xff\xff\x7f"),
        lambda raw: raw.__setitem__(slice(16, 18), b"\x77\x77"),
        lambda raw: raw.__setitem__(slice(22, 24), b"\0\0"),
        lambda raw: raw.__setitem__(slice(32, 40), b"\x05" + bytes(7)),
    ],
)
def test_a_broken_record_is_an_entry_with_a_problem(
    damage: Callable[[bytearray], None], patched: Patched
) -> None:
    place = patched.place(patched.number("whole"))
    raw = patched.image[place : place + 1024]
    damage(raw)
    patched.image[place : place + 1024] = raw
    volume = opened(patched)
    found, error = listed(volume)
    assert error is None and problems(found) == {"whole"}
    fault = found["whole"].problem
    assert fault is not None and fault.kind == "CorruptStructure"
    if fault.values["structure"] == "file record":
        assert place <= int(fault.values["offset"]) < place + 1024
        with pytest.raises((CorruptStructure, NotFound)):
            list(volume.extents(found["whole"].node))
    all_is_there(patched, but="whole")


# the volume -------------------------------------------------------------------------------------------------


def test_a_volume_marked_dirty_says_so(patched: Patched) -> None:
    assert not opened(patched).facts().dirty
    patched.patch(3, patched.attribute(patched.record(3), 0x70), 24 + 10, b"\1\0")
    assert opened(patched).facts().dirty


def test_a_log_that_was_not_closed_makes_the_volume_dirty(patched: Patched) -> None:
    cluster = patched.runs(patched.record(2), patched.attribute(patched.record(2), DATA))[0][0]
    page = bytearray(4096)
    page[0:8] = b"RSTR\x1e\0\x09\0"
    page[24:26] = struct.pack("<H", 48)
    page[48 + 8 : 48 + 16] = struct.pack("<HHHH", 1, 0xFFFF, 0, 0)
    patched.image[cluster * 4096 : cluster * 4096 + 4096] = page
    facts = opened(patched).facts()
    assert facts.dirty and dict(facts.facts)["Log"].startswith("not clean")
    page[48 + 14] = 2
    patched.image[cluster * 4096 : cluster * 4096 + 4096] = page
    assert not opened(patched).facts().dirty


def test_a_bitmap_that_cannot_be_read_leaves_the_free_space_unknown(patched: Patched) -> None:
    patched.image[patched.place(6) : patched.place(6) + 4] = b"BAAD"
    facts = opened(patched).facts()
    assert facts.free is None and len(facts.warnings) == 1


def test_a_broken_table_of_upper_case_is_told_and_names_are_found_all_the_same(patched: Patched) -> None:
    cluster = patched.runs(patched.record(10), patched.attribute(patched.record(10), DATA))[0][0]
    patched.image[cluster * 4096 : cluster * 4096 + 4096] = bytes(4096)
    volume = opened(patched)
    assert volume.lookup(ROOT, "WHOLE").name == "whole"
    assert len(volume.facts().warnings) == 1


def test_broken_names_of_a_file_do_not_hide_it(patched: Patched) -> None:
    number = patched.number("whole")
    patched.patch(number, patched.attribute(patched.record(number), FILE_NAME), 16, struct.pack("<I", 10))
    details = opened(patched).stat(number)
    assert details.links == 1 and details.entry.size == len(CONTENT["whole"])
    assert content_of(patched, "whole") == CONTENT["whole"]
