"""What is broken about an exFAT volume as a whole is told, and what it has is read."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from core.blockdev.fault import FaultyDevice
from core.errors import CorruptStructure, NotAFileSystem
from core.fs.exfat.driver import ExFat
from core.fs.registry import recognise
from tests.support.exfat import UPCASE, Stick
from tests.support.exfat_holiday import CONTENT, holiday, opened, problem, warned
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed

# the boot regions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, bytes(512)),
        (3, b"NTFS    "),
        (40, b"\x01"),
        (80, b"\xff\xff\xff\x7f"),
        (88, b"\x01\0\0\0"),
        (92, bytes(4)),
        (96, b"\0\0\0\0"),
        (104, b"\x05\x02"),
        (108, b"\x20"),
        (109, b"\x20"),
        (110, b"\x02"),
        (110, b"\x00"),
        (300, b"\x00"),
        (510, b"\0\0"),
    ],
)
@pytest.mark.parametrize("sector_size", [512, 4096])
def test_the_backup_stands_in_for_a_broken_boot_region(sector_size: int, at: int, value: bytes) -> None:
    stick = Stick(sector_size, label="HOLIDAY")
    stick.add_file("file", CONTENT)
    stick.set_boot(at, value)
    device = MemoryDevice(bytes(stick.data))
    assert recognise(device)[0][1][:2] == ("exFAT", "HOLIDAY")
    volume = ExFat.open(device)
    assert content_of(volume, device, listed(volume)["file"].node) == CONTENT
    (warning,) = volume.facts().warnings
    assert warning.values["structure"] == "boot region"
    assert warning.values["offset"] < 12 * sector_size  # type: ignore[operator]


def test_flags_of_the_backup_are_not_believed() -> None:
    stick = holiday()
    stick.set_boot(106, b"\x06", backup=True)
    stick.set_boot(510, b"\0\0")
    volume, _ = opened(stick)
    assert volume.facts().dirty is False
    assert warned(volume) == ["boot region"]


def test_without_a_true_checksum_anywhere_the_main_region_is_believed_and_warned_about() -> None:
    stick = holiday()
    stick.set_boot(300, b"\0")
    stick.set_boot(300, b"\0", backup=True)
    volume, _ = opened(stick)
    assert "before" in listed(volume)
    assert warned(volume) == ["boot region"]


def test_two_broken_boot_regions_are_told_as_what_they_are() -> None:
    stick = holiday()
    stick.set_boot(108, b"\x20")
    stick.set_boot(108, b"\x20", backup=True)
    device = MemoryDevice(bytes(stick.data))
    assert [probe.system for _, probe in recognise(device)] == ["exFAT"]
    with pytest.raises(CorruptStructure) as broken:
        ExFat.open(device)
    assert broken.value.offset == 108
    stick.set_boot(0, bytes(512))
    with pytest.raises(NotAFileSystem):
        opened(stick)


def test_an_unreadable_boot_sector_is_read_from_its_backup() -> None:
    stick = holiday()
    device = FaultyDevice(MemoryDevice(bytes(stick.data)), bad=[(0, 512)])
    assert "before" in listed(ExFat.open(device))


def test_a_volume_cut_short_is_read_as_far_as_it_goes() -> None:
    stick = holiday()
    stick.add_file("near", CONTENT)
    stick.allocate(4096 * 200)
    stick.add_file("far", CONTENT)
    del stick.data[stick.position(100) :]
    volume, device = opened(stick)
    found = listed(volume)
    assert content_of(volume, device, found["near"].node) == CONTENT
    assert problem(found["far"]) == "a first cluster from 2 to 99"
    with pytest.raises(CorruptStructure):
        list(volume.extents(found["far"].node))
    assert "boot region" in warned(volume)
    assert volume.facts().size == len(stick.data)


@pytest.mark.parametrize(
    ("at", "value", "clusters"),
    [
        (84, b"\x01\0\0\0", 512 // 4 - 2),
        (72, struct.pack("<Q", 1000), (1000 - 27) // 8),
        (106, b"\x01", 300),
        (92, b"\0\1\1\0", 300),
    ],
)
def test_what_contradicts_itself_is_warned_about_and_bounded(at: int, value: bytes, clusters: int) -> None:
    stick = holiday()
    stick.set_boot(at, value)
    stick.seal_boot()
    stick.copy_boot()
    volume, _ = opened(stick)
    assert "before" in listed(volume)
    assert "boot region" in warned(volume)
    assert ("Clusters", str(clusters)) in volume.facts().facts


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (11, b"\x01"),
        (80, b"\x17\0\0\0"),
        (88, b"\x1a\0\0\0"),
        (92, bytes(4)),
        (96, b"\x01\0\0\0"),
        (96, b"\x2e\x01\0\0"),
        (108, b"\x08"),
        (108, b"\x0d"),
        (109, b"\x11"),
        (110, b"\0"),
        (510, b"\0\0"),
    ],
)
def test_fields_that_cannot_be_are_named_by_their_place_however_true_the_checksum(
    at: int, value: bytes
) -> None:
    stick = holiday()
    stick.set_boot(at, value)
    stick.seal_boot()
    stick.copy_boot()
    with pytest.raises(CorruptStructure) as broken:
        opened(stick)
    assert (broken.value.structure, broken.value.offset) == ("boot region", at)


# up-case table and bitmap -----------------------------------------------------------------------------------


def greek(upcase: bytes = UPCASE) -> Stick:
    stick = Stick(upcase=upcase)
    stick.add_file("Letter")
    return stick


def wrong_checksum(stick: Stick) -> None:
    stick.data[stick.place("", 32 + 4)] ^= 1


def no_table(stick: Stick) -> None:
    stick.data[stick.place("", 32)] = 0x02


def no_cluster(stick: Stick) -> None:
    stick.data[stick.place("", 32 + 20) : stick.place("", 32 + 24)] = b"\xff" * 4


def too_long(stick: Stick) -> None:
    stick.data[stick.place("", 32 + 24) : stick.place("", 32 + 32)] = b"\xfe" * 8


@pytest.mark.parametrize("damage", [wrong_checksum, no_table, no_cluster, too_long])
def test_without_a_sound_table_ascii_letters_are_compared_and_a_warning_says_so(
    damage: Callable[[Stick], None],
) -> None:
    stick = greek()
    damage(stick)
    volume, _ = opened(stick)
    assert volume.lookup(0, "lETTER").name == "Letter"
    assert len(warned(volume)) == 1


@pytest.mark.parametrize(
    "upcase",
    [
        struct.pack("<26H", *range(0x61, 0x7B)),
        struct.pack("<2H", 0xFFFF, 0x100),
        UPCASE + struct.pack("<4H", 0xFFFF, 0xFFF0, 0xFFFF, 0xFFF0),
        UPCASE + b"odd",
    ],
)
def test_a_table_that_cannot_be_one_is_not_used(upcase: bytes) -> None:
    volume, _ = opened(greek(upcase))
    assert volume.lookup(0, "lETTER").name == "Letter"
    assert warned(volume) == ["up-case table"]


@pytest.mark.parametrize(
    ("at", "value", "structure"),
    [
        (0, b"\x01", "root directory"),
        (20, b"\0\0\0\0", "cluster chain"),
        (20, b"\xff\xff\xff\0", "cluster chain"),
        (24, b"\x05", "allocation bitmap"),
        (1, b"\x01", "allocation bitmap"),
    ],
)
def test_free_space_is_not_known_without_a_sound_bitmap(at: int, value: bytes, structure: str) -> None:
    stick = greek()
    place = stick.place("", at)
    stick.data[place : place + len(value)] = value
    volume, _ = opened(stick)
    facts = volume.facts()
    assert facts.free is None
    assert structure in warned(volume)
    assert "Letter" in listed(volume)


def test_a_label_that_is_too_long_is_cut_and_a_guid_that_is_broken_left_out() -> None:
    stick = holiday()
    stick.data[stick.place("", 1)] = 200
    stick.add_slots("", b"\xa0\0\x12\x34" + bytes(28))
    volume, _ = opened(stick)
    facts = volume.facts()
    assert facts.label == "HOLIDAY" + "\0" * 4
    assert not any(label == "Volume GUID" for label, _ in facts.facts)
    assert warned(volume) == ["volume label", "volume GUID"]
