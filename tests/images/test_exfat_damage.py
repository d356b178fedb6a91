"""What is broken on an exFAT volume is told where it is met, and everything else is read."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

import pytest

from core.blockdev.fault import FaultyDevice
from core.entry import Entry
from core.errors import (
    CorruptStructure,
    MediumError,
    NotAFileSystem,
    NotFound,
    WrongKind,
)
from core.fs.content import Content
from core.fs.exfat.driver import ExFat
from core.fs.registry import recognise
from tests.support.exfat import DIRECTORY, UPCASE, Stick, file_set, sealed
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed

CONTENT = random.Random(7).randbytes(10_000)


def holiday() -> Stick:
    stick = Stick(label="HOLIDAY")
    stick.add_file("before", CONTENT)
    return stick


def opened(stick: Stick) -> tuple[ExFat, MemoryDevice]:
    device = MemoryDevice(bytes(stick.data))
    return ExFat.open(device), device


def warned(volume: ExFat) -> list[str]:
    """The structures that the volume warns about."""
    return [str(fault.values["structure"]) for fault in volume.facts().warnings]


def problem(entry: Entry) -> str:
    """What a damaged entry was expected to have."""
    assert entry.problem is not None
    return str(entry.problem.values["expected"])


def rewritten(stick: Stick, at: int, length: int, change: Callable[[bytearray], object]) -> None:
    """Changes a set of `length` entries and gives it a true checksum again."""
    slots = bytearray(stick.data[at : at + 32 * length])
    change(slots)
    stick.data[at : at + 32 * length] = sealed(bytes(slots))


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


# sets of entries --------------------------------------------------------------------------------------------


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


# clusters ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("following", "found"),
    [(0, "a free cluster"), (0xFFFFFFF7, "a cluster marked bad"), (302, "cluster 302"), (1, "cluster 1")],
)
def test_a_chain_that_leads_nowhere_gives_what_is_sound_and_then_fails(following: int, found: str) -> None:
    stick = holiday()
    clusters = stick.allocate(5 * 4096)
    stick.put(clusters, CONTENT)
    stick.add_slots("", file_set("file", 5 * 4096, clusters[0]))
    stick.set_entry(clusters[2], following)
    volume, device = opened(stick)
    content = Content(volume, device, listed(volume)["file"].node)
    assert content.read(0, len(CONTENT)) == CONTENT
    with pytest.raises(CorruptStructure) as broken:
        content.read(3 * 4096, 1)
    assert (broken.value.structure, broken.value.found) == ("cluster chain", found)
    assert broken.value.offset == stick.table + 4 * clusters[2]


def test_a_chain_that_ends_early_or_meets_itself_gives_what_is_sound_and_then_fails() -> None:
    stick = holiday()
    short, circle = stick.allocate(2 * 4096), stick.allocate(3 * 4096)
    stick.set_entry(circle[2], circle[1])
    stick.add_slots("", file_set("short", 3 * 4096, short[0]))
    stick.add_slots("", file_set("circle", 100 * 4096, circle[0]))
    volume, _ = opened(stick)
    found = listed(volume)
    for name, clusters, what in (("short", 2, "2 clusters"), ("circle", 3, "a circle")):
        extents = volume.extents(found[name].node)
        assert next(extents).length == clusters * 4096
        with pytest.raises(CorruptStructure) as broken:
            next(extents)
        assert broken.value.found == what


def test_contiguous_clusters_beyond_the_volume_are_not_read() -> None:
    stick = holiday()
    stick.add_slots("", file_set("file", 10 * 4096, 300, contiguous=True))
    volume, device = opened(stick)
    entry = listed(volume)["file"]
    assert problem(entry) == "10 clusters in a row"
    assert next(volume.extents(entry.node)).length == 2 * 4096
    content = Content(volume, device, entry.node)
    assert content.read(0, 2 * 4096) == bytes(2 * 4096)
    with pytest.raises(CorruptStructure):
        content.read(2 * 4096, 1)


@pytest.mark.parametrize("contiguous", [False, True])
def test_a_cluster_of_two_files_is_warned_about(contiguous: bool) -> None:
    stick = holiday()
    clusters = stick.allocate(3 * 4096)
    stick.add_slots("", file_set("one", 3 * 4096, clusters[0], contiguous=contiguous))
    stick.add_slots("", file_set("two", 4096, clusters[2], contiguous=contiguous))
    volume, _ = opened(stick)
    for entry in listed(volume).values():
        list(volume.extents(entry.node))
        list(volume.extents(entry.node))
    (warning,) = volume.facts().warnings
    assert warning.values["found"] == f"cluster {clusters[2]} in two"


def test_a_folder_that_lies_in_itself_or_above_is_not_entered() -> None:
    stick = Stick(root_clusters=2)
    stick.add_folder("folder")
    inner, root = stick.folders["folder"][0], stick.folders[""]
    stick.add_slots("folder", file_set("itself", 4096, inner, attributes=DIRECTORY))
    stick.add_slots("folder", file_set("root", 8192, root[0], attributes=DIRECTORY))
    stick.add_slots("folder", file_set("half the root", 4096, root[1], attributes=DIRECTORY, contiguous=True))
    volume, _ = opened(stick)
    for _ in range(2):  # what was listed once is listed again
        folder = listed(volume)["folder"]
        found = listed(volume, folder.node)
        assert len(found) == 3
        for entry in found.values():
            with pytest.raises(CorruptStructure) as loop:
                listed(volume, entry.node)
            assert loop.value.expected == "clusters of its own"
            with pytest.raises(CorruptStructure):
                volume.lookup(entry.node, "folder")


def test_a_loop_does_not_take_the_root_away_whoever_is_asked_first() -> None:
    stick = holiday()
    stick.add_slots("", file_set("root", 4096, stick.folders[""][0], attributes=DIRECTORY))
    node = listed(opened(stick)[0])["root"].node
    volume, _ = opened(stick)
    with pytest.raises(CorruptStructure):
        listed(volume, node)
    assert list(listed(volume)) == ["before", "root"]


def test_a_folder_of_an_impossible_size_is_read_as_far_as_it_goes() -> None:
    stick = holiday()
    stick.add_folder("folder", 2)
    stick.add_file("folder/inside")
    first = stick.folders["folder"][0]
    stick.add_slots("", file_set("half", 2048, first, attributes=DIRECTORY))
    volume, _ = opened(stick)
    half = listed(volume)["half"]
    assert problem(half).startswith("whole clusters")
    assert list(listed(volume, half.node)) == ["inside"]


def test_a_folder_whose_chain_breaks_lists_what_is_sound_and_then_fails() -> None:
    stick = holiday()
    stick.add_folder("folder", 3)
    for number in range(90):
        stick.add_file(f"folder/{number:02}")
    stick.set_entry(stick.folders["folder"][1], 0)
    volume, _ = opened(stick)
    seen = []
    with pytest.raises(CorruptStructure):
        for batch in volume.entries(listed(volume)["folder"].node):
            seen += [entry.name for entry in batch]
    assert seen[:85] == [f"{number:02}" for number in range(85)]


def test_a_root_whose_chain_is_a_circle_opens_and_lists() -> None:
    stick = Stick(root_clusters=2)
    for number in range(84):
        stick.add_file(f"{number:02}")
    stick.add_slots("", b"\x05" * 64)
    stick.set_entry(stick.folders[""][1], stick.folders[""][0])
    volume, _ = opened(stick)
    seen = []
    with pytest.raises(CorruptStructure) as broken:
        for batch in volume.entries(0):
            seen += [entry.name for entry in batch]
    assert broken.value.found == "a circle"
    assert len(seen) == 84
    assert "cluster chain" in warned(volume)


def test_bad_sectors_in_a_folder_cost_the_names_in_them_only() -> None:
    stick = Stick(root_clusters=2)
    for number in range(80):
        stick.add_file(f"{number:02}")
    bad = stick.place("", 512)
    volume = ExFat.open(FaultyDevice(MemoryDevice(bytes(stick.data)), bad=[(bad, 1536)]))
    seen: list[Entry] = []
    with pytest.raises(MediumError):
        for batch in volume.entries(0):
            seen += batch
    assert [entry.name for entry in seen if entry.problem] == ["\ufffd"]  # nobody else's name
    sound = [entry.name for entry in seen if entry.problem is None]
    lost = [number for number in range(80) if f"{number:02}" not in sound]
    assert lost == list(range(4, 21))


def test_a_folder_that_cannot_be_read_is_given_up_soon() -> None:
    stick = Stick(root_clusters=100)
    for number in range(80):
        stick.add_file(f"{number:02}")
    bad = [(stick.place("", 512), 99 * 4096)]
    device = FaultyDevice(MemoryDevice(bytes(stick.data)), bad=bad)
    volume = ExFat.open(device)
    begun = device.operations
    with pytest.raises(MediumError):
        list(volume.entries(0))
    assert device.operations - begun < 50


def test_a_bad_sector_behind_the_last_name_of_a_folder_costs_nothing() -> None:
    stick = holiday()
    bad = stick.place("", 2048)
    volume = ExFat.open(FaultyDevice(MemoryDevice(bytes(stick.data)), bad=[(bad, 512)]))
    assert list(listed(volume)) == ["before"]


def test_nodes_that_are_none_are_refused() -> None:
    stick = holiday()
    place = stick.add_file("file", CONTENT)
    volume, _ = opened(stick)
    node = listed(volume)["file"].node
    for wrong in (1, 2, node + 2, node + 4, 2**40, 2**63 - 1, 2 * (len(stick.data) // 32), place):
        for use in (volume.stat, volume.extents, lambda at: list(volume.entries(at))):
            with pytest.raises(NotFound):
                use(wrong)
    with pytest.raises(WrongKind):
        list(volume.entries(node))
    with pytest.raises(WrongKind):
        volume.extents(0)


def test_a_file_as_large_as_its_claim_takes_no_time_and_no_room() -> None:
    stick = Stick(512, 512)
    stick.set_boot(92, struct.pack("<I", 2**32 - 11))
    stick.set_boot(72, struct.pack("<Q", 2**33))
    stick.set_boot(84, struct.pack("<I", 2**25 + 1))
    heap = 24 + 2**25 + 1
    stick.set_boot(88, struct.pack("<I", heap))
    stick.seal_boot()
    device = Sparse(stick, heap * 512)
    size = (2**32 - 11) * 512
    device.patch(
        heap * 512 + (stick.folders[""][0] - 2) * 512,
        file_set("all", size, 2, contiguous=True)
        + file_set("folder", size, 3, contiguous=True, attributes=DIRECTORY),
    )
    volume = ExFat.open(device)
    found = listed(volume)
    assert [extent.length for extent in volume.extents(found["all"].node)] == [size]
    assert volume.facts().free is None
    assert volume._directory(found["folder"].node).clusters * 512 == 256 << 20


class Sparse(MemoryDevice):
    """The boot regions, table and clusters of a small volume in a device of 4 TiB that is zeros elsewhere."""

    def __init__(self, stick: Stick, heap: int) -> None:
        super().__init__(b"")
        self.size = 2**42
        self._pieces = {0: bytes(stick.data[: stick.heap])}
        self.patch(heap, bytes(stick.data[stick.heap : stick.heap + 65536]))

    def patch(self, at: int, data: bytes) -> None:
        self._pieces[at] = data

    def read(self, offset: int, length: int) -> bytes:
        self.check(offset, length)
        read = bytearray(length)
        for at, data in self._pieces.items():
            start, end = max(offset, at), min(offset + length, at + len(data))
            if start < end:
                read[start - offset : end - offset] = data[start - at : end - at]
        return bytes(read)
