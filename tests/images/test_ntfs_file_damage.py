"""NTFS volumes on which one file is damaged on purpose: what is sound of it and all others can be read."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from core.blockdev.fault import FaultyDevice
from core.entry import Attribute
from core.errors import CorruptStructure, MediumError, NotFound, UnsupportedFeature
from core.fs.content import Content
from core.fs.driver import HOLE
from core.fs.ntfs import lznt1
from core.fs.ntfs.driver import Ntfs
from core.worker.copying import Copying
from core.worker.protocol import Copied
from tests.support.ntfs_holiday import CONTENT, all_is_there, content_of, device_of, listed, opened, problems
from tests.support.ntfs_patching import DATA, Patched

# where the bytes lie ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "packed",
    [
        b"\x11\x00\x10",
        b"\x11\xff\x10",
        b"\x11\x04\x80",
        b"\x41\x04\xff\xff\xff\x7f",
        b"\x88" + b"\xff" * 16,
        b"\x18" + b"\xff" * 7 + b"\x7f\x10",
        b"\xf1\x04\x10",
        b"\x1f\x04\x10",
        b"\x10\x10",
        b"",
    ],
)
def test_absurd_runs_fail_their_file_alone(packed: bytes, patched: Patched) -> None:
    number = patched.number("pieces")
    patched.set_runs(number, packed)
    volume = opened(patched)
    assert volume.stat(number).entry.size == len(CONTENT["pieces"])
    with pytest.raises(CorruptStructure) as error:
        list(volume.extents(number))
    assert error.value.structure == ("runs" if packed else "file record")
    all_is_there(patched, but="pieces")


def test_what_is_sound_of_a_file_comes_before_its_damage(patched: Patched) -> None:
    number = patched.number("pieces")
    runs = patched.runs(patched.record(number), patched.attribute(patched.record(number), DATA))
    assert len(runs) > 3
    first, second = runs[:2]
    packed = struct.pack("<BBH", 0x21, first[1], first[0])
    packed += struct.pack("<BBh", 0x21, second[1], second[0] - first[0]) + b"\x11\x01\x00\x44" + b"\xff" * 8
    patched.set_runs(number, packed)
    device = device_of(patched)
    volume = Ntfs.open(device)
    good = (first[1] + second[1] + 1) * 4096
    found = []
    with pytest.raises(CorruptStructure):
        for extent in volume.extents(number):
            found.append(extent)
    assert sum(extent.length for extent in found) == good
    whole = Content(volume, device, number).read(0, 1 << 20)
    assert whole[: good - 4096] == CONTENT["pieces"][: good - 4096]


def test_bytes_that_were_never_written_are_zeros(patched: Patched) -> None:
    number = patched.number("whole")
    found = patched.attribute(patched.record(number), DATA)
    for valid in (0, 1, 4096, 30_000, 50_000):
        patched.patch(number, found, 56, struct.pack("<Q", valid))
        assert content_of(patched, "whole") == CONTENT["whole"][:valid] + bytes(50_000 - valid)
        extents = list(opened(patched).extents(number))
        assert sum(extent.length for extent in extents) == 50_000
        assert (extents[-1].position == HOLE) == (valid < 50_000)
    patched.patch(number, found, 56, b"\xff" * 8)
    assert content_of(patched, "whole") == CONTENT["whole"]


def test_bytes_that_were_never_written_are_zeros_in_a_compressed_file(patched: Patched) -> None:
    number = patched.number("packed")
    found = patched.attribute(patched.record(number), DATA)
    for valid in (0, 1, 65_536, 100_000):
        patched.patch(number, found, 56, struct.pack("<Q", valid))
        assert content_of(patched, "packed") == CONTENT["packed"][:valid] + bytes(400_000 - valid)


@pytest.mark.parametrize("size", [2**63, 2**64 - 1])
def test_a_size_that_cannot_be_is_a_problem_of_the_file(size: int, patched: Patched) -> None:
    patched.patch_value("whole", DATA, 48, struct.pack("<Q", size))
    found, _ = listed(opened(patched))
    assert problems(found) == {"whole"}


def test_a_size_beyond_the_clusters_fails_behind_them(patched: Patched) -> None:
    number = patched.patch_value("whole", DATA, 48, struct.pack("<QQ", 2**62, 2**62))
    device = device_of(patched)
    volume = Ntfs.open(device)
    content = Content(volume, device, number)
    assert content.read(0, 50_000) == CONTENT["whole"]
    with pytest.raises(CorruptStructure):
        content.read(2**61, 1)


# attribute lists --------------------------------------------------------------------------------------------


def test_a_file_whose_runs_stand_in_two_records_is_whole(patched: Patched) -> None:
    patched.split(patched.number("pieces"), 20)
    all_is_there(patched)


@pytest.mark.parametrize(
    "damage",
    [
        lambda p: p.image.__setitem__(slice(p.place(20), p.place(20) + 4), b"BAAD"),
        lambda p: p.rebuild(20, [], base=p.number("pieces")),
        lambda p: p.split(p.number("other"), 20),
    ],
    ids=["broken", "empty", "another file's"],
)
def test_a_continuation_that_is_lost_costs_its_part_of_the_file(
    damage: Callable[[Patched], None], patched: Patched
) -> None:
    number = patched.number("pieces")
    patched.split(number, 20)
    damage(patched)
    device = device_of(patched)
    volume = Ntfs.open(device)
    found, error = listed(volume)
    assert error is None and not problems(found)
    good = Content(volume, device, number).read(0, 1 << 20)
    assert 0 < len(good) < len(CONTENT["pieces"])
    assert CONTENT["pieces"].startswith(good)
    with pytest.raises(CorruptStructure):
        list(volume.extents(number))
    with pytest.raises(NotFound):
        volume.stat(21)
    all_is_there(patched, but="pieces")


def test_what_could_not_be_read_is_tried_again_when_it_is_asked_for_again(patched: Patched) -> None:
    number = patched.number("pieces")
    patched.move(number, 20)
    device = FaultyDevice(device_of(patched), bad=[(patched.place(20), 1)])
    volume = Ntfs.open(device)
    with pytest.raises(MediumError):
        volume.extents(number)
    device.mend()
    assert Content(volume, device, number).read(0, 1 << 20) == CONTENT["pieces"]


@pytest.mark.parametrize(
    ("offset", "new"),
    [(24 + 4, b"\0\0"), (24 + 4, b"\xff\xff"), (24 + 6, b"\xff"), (16, b"\xff\xff\xff\x7f"), (8, b"\1")],
)
def test_a_broken_attribute_list_is_a_problem_of_the_file(offset: int, new: bytes, patched: Patched) -> None:
    number = patched.number("pieces")
    patched.split(number, 20)
    patched.patch(number, patched.attribute(patched.record(number), 0x20), offset, new)
    found, error = listed(opened(patched))
    assert error is None and problems(found) == {"pieces"}
    all_is_there(patched, but="pieces")


def test_a_gap_between_the_pieces_of_a_file_is_no_hole(patched: Patched) -> None:
    number = patched.number("pieces")
    patched.split(number, 20)
    first = patched.attribute(patched.record(20), DATA)
    reach = int.from_bytes(patched.record(20)[first.at + 16 : first.at + 24], "little")
    patched.patch(20, first, 16, struct.pack("<Q", reach + 1))
    device = device_of(patched)
    good = Content(Ntfs.open(device), device, number).read(0, 1 << 20)
    assert good == CONTENT["pieces"][: reach * 4096]


def test_an_attribute_list_that_leads_to_itself_ends(patched: Patched) -> None:
    number = patched.number("pieces")
    patched.split(number, 20)
    record = patched.record(number)
    found = patched.attribute(record, 0x20)
    raw = bytes(record[found.at : found.at + found.length])
    own = struct.pack("<Q", number | int.from_bytes(record[16:18], "little") << 48)
    assert raw[-16:-8] == struct.pack("<HIH", 20, 0, 20)
    patched.patch(number, found, found.length - 16, own)
    volume = opened(patched)
    with pytest.raises(CorruptStructure):
        list(volume.extents(number))


# compression ------------------------------------------------------------------------------------------------


def test_a_broken_unit_costs_itself_and_a_copy_has_the_rest(patched: Patched, tmp_path: Path) -> None:
    number = patched.number("packed")
    runs = patched.runs(patched.record(number), patched.attribute(patched.record(number), DATA))
    second = next(cluster for cluster, _ in runs[2:] if cluster >= 0)
    patched.image[second * 4096 : second * 4096 + 4096] = b"\xff" * 4096
    device = device_of(patched)
    volume = Ntfs.open(device)
    content = Content(volume, device, number)
    assert content.read(0, 400_000) == CONTENT["packed"][:65_536]
    with pytest.raises(CorruptStructure):
        content.read(65_536, 10)
    assert content.read(131_072, 1000) == CONTENT["packed"][131_072:132_072]
    with (tmp_path / "out").open("wb") as file:
        done = [*Copying(volume, device, file.fileno()).run(1, number)][-1]
    assert isinstance(done, Copied)
    assert [(lost.offset, lost.length) for lost in done.lost] == [(65_536, 65_536)]
    copied = (tmp_path / "out").read_bytes()
    wanted = CONTENT["packed"]
    assert copied == wanted[:65_536] + bytes(65_536) + wanted[131_072:]


def test_packed_noise_is_refused_or_unpacked_to_no_more_than_its_unit() -> None:
    chance = random.Random(3)
    for _ in range(500):
        packed = bytearray(chance.randbytes(chance.choice((0, 1, 2, 50, 3000))))
        packed[:2] = (0xB000 | min(len(packed) - 3, 0xFFF) & 0xFFF).to_bytes(2, "little")
        try:
            assert len(lznt1.unpacked(bytes(packed), 65_536, 0)) == 65_536
        except CorruptStructure:
            continue


@pytest.mark.parametrize("unit", [0, 9, 255])
def test_a_compression_unit_that_cannot_be_is_refused(unit: int, patched: Patched) -> None:
    number = patched.patch_value("packed", DATA, 34, struct.pack("<H", unit))
    stream = opened(patched).data(number)
    assert stream is not None
    with pytest.raises((CorruptStructure, UnsupportedFeature)):
        list(stream)


def test_an_unknown_method_of_compression_is_refused_by_name(patched: Patched) -> None:
    number = patched.patch_value("packed", DATA, 12, b"\x05\0")
    with pytest.raises(UnsupportedFeature) as error:
        opened(patched).data(number)
    assert "0x5" in error.value.name


def test_an_encrypted_file_is_listed_and_refused_by_name(patched: Patched) -> None:
    number = patched.patch_value("whole", DATA, 12, b"\x00\x40")
    patched.patch_value("whole", 0x10, 24 + 32, struct.pack("<I", 0x4020))
    volume = opened(patched)
    found, _ = listed(volume)
    assert found["whole"].attributes == Attribute.ENCRYPTED | Attribute.ARCHIVE
    assert found["whole"].size == len(CONTENT["whole"])
    for read in (volume.extents, volume.data):
        with pytest.raises(UnsupportedFeature) as error:
            read(number)
        assert "EFS" in error.value.name
