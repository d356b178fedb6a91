"""LFS whose superblocks or inodes are damaged: another superblock serves, and other files stay whole."""

from __future__ import annotations

import hashlib
import lzma
import random
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from core.blockdev.fault import FaultyDevice
from core.entry import Kind
from core.errors import CorruptStructure, NotAFileSystem, UnsupportedFeature
from core.fs.driver import Driver
from core.fs.lfs.checkpoints import checkpoints
from core.fs.lfs.driver import Lfs
from core.fs.lfs.geometry import read_geometry
from core.fs.registry import recognise
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.lfs import FIRST, lfs_image, lfs_stick, resum, second
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed, walked

DATA = Path(__file__).with_name("data")
WHEN = 1_000_000_000
FOLDERS = ["folder"]
FILES = {"file": b"content" * 3000, "folder/inner": b"inside", "empty": b"", "sparse": bytes(40_000) + b"end"}
CASES = [(1, "<"), (1, ">"), (2, "<"), (2, ">")]
MADE_BY_NETBSD = ["lfsv1", "lfsv2"]
Damage = Callable[[bytearray], None]


def _zeroed(content: bytearray) -> None:
    content[FIRST : FIRST + 512] = bytes(512)


def _noise(content: bytearray) -> None:
    content[FIRST : FIRST + 512] = random.Random(1).randbytes(512)


def _field(at: int) -> Damage:
    def damage(content: bytearray) -> None:
        content[FIRST + at] ^= 0x55

    return damage


FIELDS = {"magic": 0, "version": 4, "size": 8, "block size": 20, "fragment size": 24, "ifile": 52}
FIELDS |= {"log": 72, "segments": 96, "entries": 104, "places": 188, "flags": 322, "serial": 336, "sum": 508}
DAMAGES = {"zeroed": _zeroed, "noise": _noise, **{name: _field(at) for name, at in FIELDS.items()}}


@pytest.fixture(params=CASES, ids=lambda case: f"version {case[0]}, {case[1]}")
def case(request: pytest.FixtureRequest) -> tuple[int, str]:
    version, mark = request.param
    return version, mark


def made(case: tuple[int, str]) -> MemoryDevice:
    version, mark = case
    return MemoryDevice(lfs_stick(FOLDERS, FILES, WHEN, version, mark).image)


def told(files: Mapping[str, bytes]) -> dict[str, tuple[int, str]]:
    """Sizes and digests: what differs is soon told."""
    return {path: (len(content), hashlib.sha256(content).hexdigest()) for path, content in files.items()}


def files_of(volume: Driver, device: MemoryDevice) -> dict[str, tuple[int, str]]:
    return told(
        {
            path: content_of(volume, device, entry.node)
            for path, entry in walked(volume, 2)
            if entry.kind is Kind.FILE
        }
    )


def by_netbsd(name: str) -> bytearray:
    return bytearray(lzma.decompress((DATA / f"{name}.img.xz").read_bytes()))


def wanted() -> dict[str, tuple[int, str]]:
    lines = (DATA / "bsd-tree.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {path: (int(size), sha256) for path, size, sha256, *_ in (line.split("\t") for line in lines)}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", MADE_BY_NETBSD)
def test_without_its_first_superblock_a_volume_of_netbsd_is_whole(name: str, damage: str) -> None:
    content = by_netbsd(name)
    DAMAGES[damage](content)
    device = MemoryDevice(content)
    assert [driver for driver, _ in recognise(device)] == [Lfs]
    volume = Lfs.open(device)
    (fault,) = volume.facts().warnings
    assert (fault.values["structure"], int(fault.values["offset"]) // 512) == ("superblock", FIRST // 512)
    assert files_of(volume, device) == wanted()


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_superblock_that_is_written_in_turns_serves(case: tuple[int, str], damage: str) -> None:
    version, mark = case
    stick = lfs_stick(FOLDERS, FILES, WHEN, version, mark)
    stick.put("newer", b"newer")
    stick.flush()
    stick.checkpoint()
    DAMAGES[damage](stick.image)
    device = MemoryDevice(stick.image)
    assert [driver for driver, _ in recognise(device)] == [Lfs]
    volume = Lfs.open(device)
    assert ("Superblock at", str(second(version))) in volume.facts().facts
    assert len(volume.facts().warnings) == 1
    assert files_of(volume, device) == told({**FILES, "newer": b"newer"})


def test_a_first_superblock_that_cannot_be_read_is_replaced(case: tuple[int, str]) -> None:
    memory = made(case)
    device = FaultyDevice(memory, bad=[(FIRST, 512)])
    assert [driver for driver, _ in recognise(device)] == [Lfs]
    volume = Lfs.open(device)
    assert [fault.kind for fault in volume.facts().warnings] == ["MediumError"]
    assert files_of(volume, memory) == told(FILES)


@pytest.mark.parametrize("segment", [1 << power for power in range(16, 25)])
@pytest.mark.parametrize("version", [1, 2])
def test_copies_are_found_on_large_volumes_of_segments_of_any_usual_size(segment: int, version: int) -> None:
    """newfs_lfs(8) makes ten superblocks, at least five segments apart."""
    copy = bytes(lfs_stick(FOLDERS, FILES, WHEN, version, "<").image[FIRST : FIRST + 512])
    start = FIRST if version == 1 else 0
    size = start + 97 * segment + 4096
    place = start + 9 * segment

    class Wide(MemoryDevice):
        def read(self, offset: int, length: int) -> bytes:
            self.check(offset, length)
            self.reads.append((offset, length))
            inside = place <= offset and offset + length <= place + 512
            return copy[offset - place : offset - place + length] if inside else bytes(length)

    device = Wide(b"")
    device.size = size
    assert [driver for driver, _ in recognise(device)] == [Lfs]
    probed = [length for offset, length in device.reads if offset >= 5 << 16]
    assert len(probed) < 250
    assert max(probed) <= 4096


def test_a_stick_of_another_system_is_not_searched_for_copies() -> None:
    content = bytearray(1 << 20)
    content[1080:1082] = b"\x53\xef"
    device = MemoryDevice(content)
    assert Lfs.probe(device) is None
    assert all(offset < 32768 for offset, _ in device.reads)


def test_copies_in_unusual_places_are_found_by_who_asks_for_the_driver() -> None:
    content = lfs_stick(FOLDERS, FILES, WHEN, 2, "<").image
    copy = content[FIRST : FIRST + 512]
    for place in range(0, len(content), 65536):
        content[place : place + 512] = bytes(512)
    _zeroed(content)
    place = 3 * 65536 + 4096
    content[place : place + 512] = copy
    device = MemoryDevice(content)
    assert recognise(device) == []
    assert ("Superblock at", str(place)) in Lfs.open(device).facts().facts


def test_a_broken_superblock_still_tells_where_the_others_are() -> None:
    stick = lfs_stick(FOLDERS, FILES, WHEN, 2, "<")
    content, place = stick.image, 3 * 65536 + 1024
    struct.pack_into("<10I", content, FIRST + 188, FIRST // 1024, place // 1024, *[0] * 8)
    resum(content, FIRST, "<")
    for other in stick.superblocks[1:]:
        content[other : other + 512] = bytes(512)
    content[place : place + 512] = content[FIRST : FIRST + 512]
    content[FIRST + 8] ^= 1
    device = MemoryDevice(content)
    assert ("Superblock at", str(place)) in Lfs.open(device).facts().facts
    assert len(device.reads) < 100


def test_a_stick_full_of_superblocks_is_not_read_for_ever() -> None:
    """Each of which says that there are more of them, elsewhere."""
    stick = lfs_stick(FOLDERS, FILES, WHEN, 2, "<").image
    copy, half = bytearray(stick[FIRST : FIRST + 512]), 4 << 20
    content = bytearray(2 * half)
    places = range(1024, half, 4096)  # where newfs_lfs would put none
    for number, place in enumerate(places):
        others = (half + places[(10 * number + each) % len(places)] for each in range(10))
        struct.pack_into("<10I", copy, 188, *(other // 1024 for other in others))
        resum(copy, 0, "<")
        content[place - 1024 : place - 512] = copy if (place - 1024) % 65536 not in (0, FIRST) else bytes(512)
        content[half + place : half + place + 512] = copy
    found, _ = checkpoints(MemoryDevice(content))
    assert 10 < len(found) < 1000


def test_without_any_superblock_it_is_no_file_system() -> None:
    device = MemoryDevice(bytes(4 << 20))
    with pytest.raises(NotAFileSystem):
        Lfs.open(device)


async def test_a_copy_serves_through_the_wall(case: tuple[int, str], tmp_path: Path) -> None:
    image = lfs_image(tmp_path / "stick.img", FOLDERS, FILES, WHEN, *case)
    with image.open("r+b") as file:
        file.seek(FIRST)
        file.write(bytes(512))
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            survey = await supervisor.survey(medium)
            assert [part.system for part in survey.partitions] == ["LFS"]
            async with await supervisor.open(medium) as volume:
                entry = await volume.resolve("folder/inner")
                assert await volume.read(entry.node, 0, 100) == FILES["folder/inner"]


def test_the_newest_checkpoint_counts_wherever_it_is(case: tuple[int, str]) -> None:
    device = made(case)
    content, place = device.content, second(case[0])
    first, other = content[FIRST : FIRST + 512], content[place : place + 512]
    content[FIRST : FIRST + 512], content[place : place + 512] = other, first
    facts = Lfs.open(device).facts()
    assert ("Superblock at", str(place)) in facts.facts
    assert (facts.warnings, facts.dirty) == ([], False)


def test_a_checkpoint_whose_ifile_is_gone_gives_way_to_the_one_before(case: tuple[int, str]) -> None:
    version, mark = case
    stick = lfs_stick(FOLDERS, FILES, WHEN, version, mark)
    stick.checkpoint()
    content = stick.image
    struct.pack_into(mark + "I", content, FIRST + 52, 8)
    age, at = ("I", 80) if version == 1 else ("Q", 336)
    struct.pack_into(mark + age, content, FIRST + at, 2**31)
    resum(content, FIRST, mark)
    device = MemoryDevice(content)
    volume = Lfs.open(device)
    assert files_of(volume, device) == told(FILES)
    assert [fault.values["structure"] for fault in volume.facts().warnings] == ["block of inodes"]
    for place in stick.superblocks[1:]:
        device.content[place : place + 512] = bytes(512)
    with pytest.raises(CorruptStructure):
        Lfs.open(device)


def test_lfs_that_was_pulled_out_is_dirty(case: tuple[int, str]) -> None:
    device = made(case)
    assert not Lfs.open(device).facts().dirty
    struct.pack_into(case[1] + "H", device.content, FIRST + 322, 0)
    resum(device.content, FIRST, case[1])
    assert Lfs.open(device).facts().dirty


@pytest.mark.parametrize(("field", "value"), [(4, 3), (0, 0x19620701)])
def test_other_versions_of_lfs_are_refused_by_name(field: int, value: int) -> None:
    device = made((2, "<"))
    struct.pack_into("<I", device.content, FIRST + field, value)
    resum(device.content, FIRST, "<")
    with pytest.raises(UnsupportedFeature):
        Lfs.open(device)


@pytest.mark.parametrize("field", [332, 344], ids=["summary", "block of inodes"])
def test_what_is_smaller_than_a_fragment_is_no_part_of_a_log(field: int) -> None:
    """Such a log would stand still: the same place of it could be told a thousand times."""
    device = made((2, "<"))
    struct.pack_into("<I", device.content, FIRST + field, 512)
    resum(device.content, FIRST, "<")
    with pytest.raises(CorruptStructure) as told:
        read_geometry(device, FIRST)
    assert told.value.offset == FIRST + field


def test_an_inode_that_is_not_in_its_block_costs_its_file_alone(case: tuple[int, str]) -> None:
    device = made(case)
    volume = Lfs.open(device)
    node = listed(volume, 2)["file"].node
    inode = volume.inodes([node])[node]
    assert not isinstance(inode, Exception)
    struct.pack_into(case[1] + "I", device.content, inode.position + 4, 77)
    found = listed(Lfs.open(device), 2)
    assert found["file"].problem is not None
    assert found["folder"].problem is None
    assert content_of(volume, device, found["sparse"].node) == FILES["sparse"]
