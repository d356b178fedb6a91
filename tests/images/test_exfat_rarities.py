"""exFAT volumes as few tools write them: healthy but rare ones."""

from __future__ import annotations

import random
import struct
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import NotFound, UnsupportedFeature
from core.fs.driver import HOLE, Extent
from core.fs.exfat import checksums
from core.fs.exfat.directory import Parser
from core.fs.exfat.driver import ExFat
from core.fs.exfat.table import free_clusters
from core.fs.registry import recognise
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.disks import run
from tests.support.exfat import DIRECTORY, Stick, file_set, sealed, stamp, sum_16
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed, walked

CONTENT = random.Random(7).randbytes(10_000)


def opened(stick: Stick) -> tuple[ExFat, MemoryDevice]:
    device = MemoryDevice(bytes(stick.data))
    return ExFat.open(device), device


def described(stick: Stick) -> list[str]:
    """The structures that the volume warns about."""
    return [str(fault.values["structure"]) for fault in opened(stick)[0].facts().warnings]


@pytest.mark.parametrize("sector_size", [512, 1024, 2048, 4096])
def test_the_volumes_of_these_tests_are_sound_and_read_back(tmp_path: Path, sector_size: int) -> None:
    stick = Stick(sector_size, label="HELLO", clusters=400)
    stick.add_folder("plain")
    stick.add_folder("in a row", 2, contiguous=True)
    stick.add_file("plain/chain", CONTENT, scattered=True)
    stick.add_file("in a row/in a row too", CONTENT, contiguous=True)
    stick.add_file("empty")
    volume, device = opened(stick)
    assert volume.facts().warnings == []
    files = {name: entry for name, entry in walked(volume) if entry.kind is Kind.FILE}
    assert all(entry.problem is None for entry in files.values())
    assert {name: content_of(volume, device, entry.node) for name, entry in files.items()} == {
        "plain/chain": CONTENT,
        "in a row/in a row too": CONTENT,
        "empty": b"",
    }
    if sector_size == 512:
        run("fsck.exfat", "-n", stick.write(tmp_path / "stick.img"))


def test_contiguous_files_do_not_look_at_the_table_and_are_one_piece() -> None:
    stick = Stick()
    place = stick.add_file("file", CONTENT, contiguous=True)
    first = struct.unpack_from("<I", stick.data, place + 32 + 20)[0]
    stick.set_entry(first, 0xFFFFFFF7)
    volume, _ = opened(stick)
    extents = list(volume.extents(listed(volume)["file"].node))
    assert extents == [Extent(0, stick.position(first), len(CONTENT))]


def test_bytes_behind_the_valid_ones_are_zeros_and_a_hole() -> None:
    stick = Stick()
    stick.add_file("some", CONTENT, valid=5000)
    stick.add_file("none", CONTENT, valid=0)
    volume, device = opened(stick)
    found = listed(volume)
    assert (found["some"].size, found["some"].problem) == (len(CONTENT), None)
    assert content_of(volume, device, found["some"].node) == CONTENT[:5000] + bytes(5000)
    assert content_of(volume, device, found["none"].node) == bytes(len(CONTENT))
    assert list(volume.extents(found["none"].node)) == [Extent(0, HOLE, len(CONTENT))]
    assert ("Bytes written", "5000") in volume.stat(found["some"].node).facts


def test_label_guid_and_flags_are_told() -> None:
    stick = Stick(label="数据 Stick")
    guid = uuid.uuid4()
    stick.add_slots("", sealed(struct.pack("<BBHH16s10x", 0xA0, 0, 0, 0, guid.bytes_le)))
    stick.set_boot(106, b"\x02")
    volume, _ = opened(stick)
    facts = volume.facts()
    assert (facts.label, facts.uuid, facts.dirty, facts.warnings) == ("数据 Stick", "1234-5678", True, [])
    assert ("Volume GUID", str(guid)) in facts.facts
    assert ("Revision", "1.00") in facts.facts


def test_a_medium_that_failed_before_is_warned_about() -> None:
    stick = Stick()
    stick.set_boot(106, b"\x04")
    assert described(stick) == ["boot region"]


def test_fields_that_change_all_the_time_are_no_part_of_the_checksum() -> None:
    stick = Stick()
    stick.set_boot(112, b"\x37")
    assert described(stick) == []


@pytest.mark.parametrize(
    ("at", "value", "feature"), [(110, b"\x02", "TexFAT"), (104, b"\x05\x02", "exFAT revision 2.05")]
)
def test_what_is_beyond_the_driver_is_refused_by_its_name(at: int, value: bytes, feature: str) -> None:
    stick = Stick()
    stick.set_boot(at, value)
    stick.seal_boot()
    stick.copy_boot()
    device = MemoryDevice(bytes(stick.data))
    assert recognise(device)[0][1].system == "exFAT"
    with pytest.raises(UnsupportedFeature) as refused:
        ExFat.open(device)
    assert refused.value.name == feature


def test_a_later_minor_revision_is_read() -> None:
    stick = Stick()
    stick.add_file("file", CONTENT)
    stick.set_boot(104, b"\x63\x01")
    stick.seal_boot()
    volume, _ = opened(stick)
    assert "file" in listed(volume)
    assert volume.facts().warnings == []


# names ------------------------------------------------------------------------------------------------------


def test_names_are_compared_by_the_table_of_the_volume() -> None:
    upcase = struct.pack("<2H26H", 0xFFFF, 0x61, *range(0x41, 0x5B))
    upcase += struct.pack("<4H", 0xFFFF, 0xE9 - 0x7B, 0xC9, 0xFFFF)  # é alone has an upper case besides
    stick = Stick(upcase=upcase)
    stick.add_file("Café", CONTENT)
    stick.add_file("über", CONTENT, hashed=sum_16("üBER".encode("utf-16-le")))
    volume, _ = opened(stick)
    assert volume.lookup(0, "cAFÉ").name == "Café"
    assert volume.lookup(0, "üBer").name == "über"
    with pytest.raises(NotFound):
        volume.lookup(0, "Über")
    assert volume.facts().warnings == []


def test_a_table_that_is_not_compressed_is_read() -> None:
    table = [ord(upper) if len(upper := chr(code).upper()) == 1 and ord(upper) < 65536 else code
             for code in range(65536)]  # fmt: skip
    stick = Stick(upcase=struct.pack("<65536H", *table), cluster_size=8192)
    stick.add_file("ÇA", CONTENT)
    volume, _ = opened(stick)
    assert volume.lookup(0, "ça").name == "ÇA"
    assert volume.facts().warnings == []


def test_names_beyond_the_plane_and_of_255_units_are_read_whole() -> None:
    stick = Stick()
    names = ["😀" * 127, "数" * 255, "a", "fifteen letters", "sixteen letters!", "d" * 241]
    for name in names:
        stick.add_file(name)
    volume, _ = opened(stick)
    assert list(listed(volume)) == names
    for name in names:
        assert volume.lookup(0, name.upper()).name == name
        assert volume.stat(volume.lookup(0, name).node).entry.name == name
    assert volume.facts().warnings == []


def test_a_name_is_found_by_its_hash_without_a_look_at_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    stick = Stick(root_clusters=4)
    for number in range(100):
        stick.add_file(f"{number:03}")
    volume, _ = opened(stick)
    monkeypatch.setattr(Parser, "entries", lambda *_: pytest.fail("lists all"))
    assert [volume.lookup(0, f"{number:03}").name for number in (0, 50, 99)] == ["000", "050", "099"]


def test_half_a_surrogate_pair_is_replaced_and_does_no_harm() -> None:
    stick = Stick()
    stick.add_file("half \ud83d pair")
    stick.add_file("ends in half\ud83d")
    volume, _ = opened(stick)
    for name in ("half \ufffd pair", "ends in half\ufffd"):
        assert volume.stat(volume.lookup(0, name).node).entry.problem is None


@pytest.mark.parametrize("extra", [(0xE0,), (0xE1,), (0xE0, 0xE1, 0xE7), (0xFF,) * 30])
def test_vendor_and_other_benign_entries_of_a_file_are_passed_over(extra: tuple[int, ...]) -> None:
    stick = Stick()
    slots = b"".join(bytes([head, 1]) + bytes(range(30)) for head in extra)
    stick.add_file("before", CONTENT)
    stick.add_file("vendor's", CONTENT, extra=slots)
    stick.add_file("behind", CONTENT)
    volume, device = opened(stick)
    found = listed(volume)
    assert list(found) == ["before", "vendor's", "behind"]
    assert found["vendor's"].problem is None
    assert content_of(volume, device, found["vendor's"].node) == CONTENT
    assert volume.stat(found["vendor's"].node).entry == found["vendor's"]
    assert volume.facts().warnings == []


def test_benign_primary_entries_are_passed_over_with_what_belongs_to_them() -> None:
    stick = Stick()
    stick.add_slots("", sealed(b"\xa1" + bytes(31)))
    stick.add_slots("", sealed(b"\xa5" + bytes(31) + b"\xc0" + bytes(31) + b"\xc1" + bytes(31)))
    stick.add_file("file")
    volume, _ = opened(stick)
    assert list(listed(volume)) == ["file"]
    assert volume.facts().warnings == []


def test_an_unknown_critical_entry_makes_a_file_unknown_but_not_a_folder() -> None:
    stick = Stick()
    unknown = b"\xc5\x01" + bytes(30)
    stick.add_file("file", CONTENT, extra=unknown)
    stick.add_folder("folder")
    stick.add_file("folder/inside", CONTENT)
    first = stick.folders["folder"][0]
    stick.add_slots("", file_set("strange", 4096, first, attributes=DIRECTORY, extra=unknown))
    volume, _ = opened(stick)
    found = listed(volume)
    for name in ("file", "strange"):
        problem = found[name].problem
        assert problem is not None
        assert problem.values == {"name": "critical secondary entry 0xc5"}
    with pytest.raises(UnsupportedFeature):
        list(volume.extents(found["file"].node))
    assert list(listed(volume, found["strange"].node)) == ["inside"]


def test_a_set_of_entries_may_go_over_the_end_of_a_cluster() -> None:
    stick = Stick(512, 512, clusters=2500)
    for folder, contiguous in (("chain", False), ("in a row", True)):
        stick.add_folder(folder, 40, contiguous=contiguous, scattered=not contiguous)
        for number in range(100):
            stick.add_file(f"{folder}/{number:03} a name of three pieces for a set of 6 slots", b"x")
    volume, _ = opened(stick)
    for folder in ("chain", "in a row"):
        node = listed(volume)[folder].node
        found = listed(volume, node)
        assert len(found) == 100
        for name, entry in found.items():
            assert entry.problem is None
            assert volume.stat(entry.node).entry == entry
            assert volume.lookup(node, name.upper()) == entry
    assert volume.facts().warnings == []


def test_a_folder_without_clusters_is_empty() -> None:
    stick = Stick()
    stick.add_slots("", file_set("nothing", attributes=DIRECTORY))
    volume, _ = opened(stick)
    entry = listed(volume)["nothing"]
    assert (entry.kind, entry.problem) == (Kind.DIRECTORY, None)
    assert listed(volume, entry.node) == {}


def test_nothing_behind_the_end_mark_is_listed_or_found() -> None:
    stick = Stick(root_clusters=3)
    stick.add_file("file")
    stick.add_slots("", bytes(32))
    stick.add_file("stale")
    stick.add_slots("", b"\x05" * (8192 - 288))
    stick.add_slots("", b"\x83\x01X\0" + bytes(28))
    volume, _ = opened(stick)
    assert list(listed(volume)) == ["file"]
    assert volume.facts().label == ""
    with pytest.raises(NotFound):
        volume.lookup(0, "stale")


# times ------------------------------------------------------------------------------------------------------

NOON = stamp(2024, 7, 1, 12)
NOON_UTC = 1_719_835_200 * 10**9


@pytest.mark.parametrize(
    ("hundredths", "offset", "expected"),
    [
        (0, 0x80, NOON_UTC),
        (199, 0x80, NOON_UTC + 1_990_000_000),
        (1, 0x80 | 8, NOON_UTC + 10_000_000 - 7200 * 10**9),
        (0, 0x80 | 0x7F, NOON_UTC + 900 * 10**9),
        (0, 0x80 | 0x40, NOON_UTC + 16 * 3600 * 10**9),
        (0, 0x80 | 0x3F, NOON_UTC - (15 * 3600 + 45 * 60) * 10**9),
        (200, 0x80, None),
    ],
)
def test_times_have_hundredths_and_their_offset_from_utc(
    hundredths: int, offset: int, expected: int | None
) -> None:
    stick = Stick()
    stick.add_file("file", modified=(NOON, hundredths, offset))
    volume, _ = opened(stick)
    entry = listed(volume)["file"]
    assert entry.modified == expected
    details = volume.stat(entry.node)
    assert (details.entry.modified, details.created) == (expected, expected)
    if hundredths == 0:
        assert details.accessed == expected


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_berlin")
def test_times_without_an_offset_are_wall_clock_times_of_this_machine() -> None:
    stick = Stick()
    stick.add_file("summer", modified=(NOON, 0, 0))
    stick.add_file("winter", modified=(stamp(2024, 1, 1, 12), 0, 0))
    volume, _ = opened(stick)
    for entry in listed(volume).values():
        assert entry.modified is not None
        assert time.localtime(entry.modified // 10**9).tm_hour == 12


async def test_times_without_an_offset_are_read_behind_the_walls_too(tmp_path: Path) -> None:
    stick = Stick()
    stick.add_file("file", modified=(NOON, 0, 0))
    async with Supervisor() as supervisor:
        with await open_medium(stick.write(tmp_path / "stick.img")) as medium:
            async with await supervisor.open(medium) as volume:
                entry = await volume.resolve("/FILE")
    assert entry.modified is not None
    assert abs(entry.modified - NOON_UTC) <= 16 * 3600 * 10**9


@pytest.mark.parametrize("when", [0, stamp(2024, 13, 1), stamp(2024, 2, 30), stamp(2024, 1, 1, 24)])
def test_what_is_no_time_is_none(when: int) -> None:
    stick = Stick()
    stick.add_file("file", modified=(when, 0, 0x80))
    volume, _ = opened(stick)
    entry = listed(volume)["file"]
    assert (entry.modified, entry.problem) == (None, None)


# free space -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("clusters", [296, 300, 303])
def test_free_clusters_are_counted_whatever_the_bits_of_no_cluster_say(clusters: int) -> None:
    stick = Stick(clusters=clusters)
    stick.add_file("file", CONTENT)
    stick.data[stick.position(stick.bitmap[0]) + clusters // 8] |= 0xFF << clusters % 8 & 0xFF
    volume, _ = opened(stick)
    assert volume.facts().free == (clusters - 6) * 4096


def test_a_bitmap_that_would_take_long_to_count_is_left_alone() -> None:
    device = MemoryDevice(b"")
    assert free_clusters(device, [(0, 2**29)], 2**32 - 11) is None
    assert device.reads == []


@pytest.mark.parametrize("count", [1, 8, 9, 250])
def test_checksums_of_many_sets_at_once_are_those_of_each(count: int) -> None:
    chance = random.Random(count)
    for length in (3, 4, 19, 256):
        data = chance.randbytes(32 * length * count)
        data = bytes(byte | 0xF0 if chance.random() < 0.5 else byte for byte in data)  # so that sums overflow
        starts = range(0, length * count, length)
        expected = [sum_16(data[32 * at : 32 * (at + length)], (2, 3)) for at in starts]
        assert checksums.of_sets(data, starts, length) == expected
