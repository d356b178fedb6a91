"""Clusters that are not where an exFAT volume says cost what lies in them, and nothing else."""

from __future__ import annotations

import struct

import pytest

from core.blockdev.fault import FaultyDevice
from core.entry import Entry
from core.errors import CorruptStructure, MediumError, NotFound, WrongKind
from core.fs.content import Content
from core.fs.exfat.driver import ExFat
from tests.support.exfat import DIRECTORY, Stick, file_set
from tests.support.exfat_holiday import CONTENT, holiday, opened, problem, warned
from tests.support.memory import MemoryDevice
from tests.support.volumes import listed


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
