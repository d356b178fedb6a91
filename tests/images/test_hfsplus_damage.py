"""Damaged HFS+ and HFS volumes, named by their defect: what is still readable is read."""

from __future__ import annotations

from collections.abc import Iterator
from struct import pack, unpack_from

import pytest

from core.blockdev.fault import FaultyDevice
from core.entry import Entry, Kind
from core.errors import CorruptStructure, MediumError, RumpusError
from core.fs.content import Content
from core.fs.driver import Driver
from core.fs.hfs.driver import Hfs
from core.fs.hfsplus.driver import HfsPlus
from tests.support.hfs import HfsStick
from tests.support.hfsplus import HfsPlusStick
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of

FILES = [f"file {number:03}" for number in range(200)]


class Catalog:
    """Where the nodes of the catalog lie in an image whose volume header is sound."""

    def __init__(self, image: bytearray) -> None:
        self.image = image
        _, _, _, first, count = unpack_from(">QIIII", image, 1024 + 272)
        self.start = first * 4096
        self.nodes = range(1, count)

    def at(self, number: int) -> int:
        return self.start + number * 4096

    def kind(self, number: int) -> int:
        return int(unpack_from(">b", self.image, self.at(number) + 8)[0])

    def height(self, number: int) -> int:
        return self.image[self.at(number) + 9]

    def leaves(self) -> list[int]:
        return [number for number in self.nodes if self.kind(number) == -1 and self.height(number) == 1]

    def indices(self) -> list[int]:
        return [number for number in self.nodes if self.kind(number) == 0 and self.height(number) > 1]


@pytest.fixture
def catalog() -> Catalog:
    stick = HfsPlusStick(blocks=700)
    stick.add_folder("folder")
    for name in FILES:
        stick.add_file(f"folder/{name}", name.encode())
    found = Catalog(bytearray(stick.image()))
    assert len(found.leaves()) > 5
    assert found.indices()
    return found


def open_(catalog: Catalog) -> tuple[HfsPlus, MemoryDevice]:
    device = MemoryDevice(bytes(catalog.image))
    return HfsPlus.open(device), device


def survivors(volume: Driver, node: int) -> tuple[dict[str, Entry], RumpusError | None]:
    """What a listing gives before it ends or fails."""
    found: dict[str, Entry] = {}
    try:
        for batch in volume.entries(node):
            found |= {entry.name: entry for entry in batch}
    except RumpusError as error:
        return found, error
    return found, None


def folder_of(volume: Driver) -> int:
    return survivors(volume, volume.facts().root)[0]["folder"].node


def test_a_broken_index_loses_no_file(catalog: Catalog) -> None:
    for number in catalog.indices():
        catalog.image[catalog.at(number) : catalog.at(number) + 4096] = b"\xa5" * 4096
    volume, device = open_(catalog)
    found, error = survivors(volume, folder_of(volume))
    assert sorted(found) == FILES
    assert isinstance(error, CorruptStructure)
    assert content_of(volume, device, found["file 123"].node) == b"file 123"
    assert volume.lookup(folder_of(volume), "file 123") == found["file 123"]


def test_a_broken_leaf_loses_its_own_files_only(catalog: Catalog) -> None:
    leaf = catalog.leaves()[3]
    lost = sum(
        f"{name}".encode("utf-16-be") in catalog.image[catalog.at(leaf) : catalog.at(leaf + 1)]
        for name in FILES
    )
    catalog.image[catalog.at(leaf) + 8] = 7
    volume, _ = open_(catalog)
    found, error = survivors(volume, folder_of(volume))
    assert lost > 0
    assert len(FILES) - lost <= len(found) < len(FILES)
    assert isinstance(error, CorruptStructure)
    assert error.structure == "catalog"


@pytest.mark.parametrize("back", [0, 1, 3])
def test_leaves_in_a_circle_end(catalog: Catalog, back: int) -> None:
    leaves = catalog.leaves()
    at = catalog.at(leaves[4])
    catalog.image[at : at + 4] = pack(">I", leaves[4 - back])
    volume, _ = open_(catalog)
    found, error = survivors(volume, folder_of(volume))
    assert sorted(found) == FILES
    assert isinstance(error, CorruptStructure)


def test_an_index_in_a_circle_ends(catalog: Catalog) -> None:
    for number in catalog.indices():
        at, size = catalog.at(number), 4096
        count = unpack_from(">H", catalog.image, at + 10)[0]
        offsets = unpack_from(f">{count + 1}H", catalog.image, at + size - 2 * (count + 1))[::-1]
        for end in offsets[1:]:
            catalog.image[at + end - 4 : at + end] = pack(">I", number)
    volume, _ = open_(catalog)
    found, error = survivors(volume, volume.facts().root)
    assert "folder" in found
    assert isinstance(error, CorruptStructure)


def test_a_broken_record_is_an_entry_with_a_problem(catalog: Catalog) -> None:
    name = "file 050".encode("utf-16-be")
    at = next(_places(catalog.image, name)) + len(name)
    catalog.image[at : at + 2] = b"\0\x63"
    volume, _ = open_(catalog)
    found, error = survivors(volume, folder_of(volume))
    assert error is None
    assert sorted(found) == FILES
    assert [name for name, entry in found.items() if entry.problem is not None] == ["file 050"]


def _places(image: bytearray, wanted: bytes) -> Iterator[int]:
    at = image.find(wanted)
    while at >= 0:
        yield at
        at = image.find(wanted, at + 1)


def test_a_file_whose_blocks_lie_outside_fails_alone() -> None:
    stick = HfsPlusStick()
    stick.add_file("short", b"x" * 5000, size=50_000)
    stick.add_file("sound", b"y" * 5000)
    device = MemoryDevice(stick.image())
    volume = HfsPlus.open(device)
    found, error = survivors(volume, volume.facts().root)
    assert error is None
    content = Content(volume, device, found["short"].node)
    assert content.read(0, 50_000)[:5000] == b"x" * 5000
    with pytest.raises(CorruptStructure):
        content.read(40_000, 10)
    assert content_of(volume, device, found["sound"].node) == b"y" * 5000


def test_a_folder_that_lies_in_itself_is_not_entered() -> None:
    stick = HfsPlusStick()
    outer = stick.add_folder("outer")
    inner = stick.add_folder("outer/inner")
    image = bytearray(stick.image())
    for at in _places(image, pack(">HHII", 1, 0, 0, inner.number)):
        image[at + 8 : at + 12] = pack(">I", outer.number)
    volume = HfsPlus.open(MemoryDevice(bytes(image)))
    above = survivors(volume, volume.facts().root)[0]["outer"]
    assert above.problem is None
    below = survivors(volume, above.node)[0]["inner"]
    assert below.kind is Kind.DIRECTORY
    assert below.problem is not None


def test_the_root_is_not_entered_again_from_a_folder_that_claims_to_be_above_it() -> None:
    stick = HfsPlusStick()
    folder = stick.add_folder("folder")
    image = bytearray(stick.image())
    for at in _places(image, pack(">HHII", 1, 0, 0, folder.number)):
        image[at + 8 : at + 12] = pack(">I", 1)
    volume = HfsPlus.open(MemoryDevice(bytes(image)))
    above = survivors(volume, volume.facts().root)[0]["folder"]
    found, _ = survivors(volume, above.node)
    assert found
    assert all(entry.problem is not None for entry in found.values())


def test_an_unreadable_attributes_tree_is_a_warning() -> None:
    stick = HfsPlusStick()
    stick.add_file("file", b"content")
    stick.extended.append((stick.number("file"), "user.comment", b"hello"))
    image = bytearray(stick.image())
    first = unpack_from(">QIIII", image, 1024 + 352)[3]
    image[first * 4096 : first * 4096 + 14] = b"\xff" * 14
    device = MemoryDevice(bytes(image))
    volume = HfsPlus.open(device)
    assert [fault.values["structure"] for fault in volume.facts().warnings] == ["attributes"]
    found, _ = survivors(volume, volume.facts().root)
    assert content_of(volume, device, found["file"].node) == b"content"


def test_a_broken_index_of_hfs_loses_no_file() -> None:
    stick = HfsStick()
    stick.add_folder("folder")
    for name in FILES:
        stick.add_file(f"folder/{name}", name.encode())
    image = bytearray(stick.image())
    for at in range(0, len(image), 512):
        kind, height = unpack_from(">8xbB", image, at)
        if kind == 0 and 2 <= height <= 5 and image[at + 12 : at + 14] == b"\0\0" and image[at + 14] == 37:
            image[at : at + 512] = b"\xa5" * 512
    device = MemoryDevice(bytes(image))
    volume = Hfs.open(device)
    found, error = survivors(volume, folder_of(volume))
    assert sorted(found) == FILES
    assert isinstance(error, CorruptStructure)
    assert content_of(volume, device, found["file 123"].node) == b"file 123"


@pytest.mark.parametrize(("driver", "stick"), [(HfsPlus, HfsPlusStick()), (Hfs, HfsStick())])
def test_bad_sectors_at_the_start_are_made_up_for_by_the_copy(
    driver: type[Driver], stick: HfsPlusStick | HfsStick
) -> None:
    stick.add_file("file", b"content")
    device = FaultyDevice(MemoryDevice(stick.image()), bad=[(0, 1536)])
    probe = driver.probe(device)
    assert probe is not None
    assert probe.confidence < 50
    volume = driver.open(device)
    found, error = survivors(volume, volume.facts().root)
    assert (list(found), error) == (["file"], None)
    assert [fault.kind for fault in volume.facts().warnings] == ["MediumError"]


def test_a_leaf_in_a_bad_sector_loses_its_own_files_only(catalog: Catalog) -> None:
    bad = catalog.at(catalog.leaves()[4]) + 512
    device = FaultyDevice(MemoryDevice(bytes(catalog.image)), bad=[(bad, 512)])
    volume = HfsPlus.open(device)
    found, error = survivors(volume, folder_of(volume))
    assert 150 < len(found) < len(FILES)
    assert isinstance(error, MediumError)
