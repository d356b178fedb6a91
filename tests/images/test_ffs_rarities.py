"""What few volumes of the Fast File System have, and what damage leaves of them."""

from __future__ import annotations

import os
import struct
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from core.entry import Kind
from core.errors import CorruptStructure, NotAFileSystem, UnsupportedFeature
from core.fs.content import Content
from core.fs.driver import HOLE
from core.fs.ffs.driver import Ffs
from core.fs.registry import recognise
from tests.support.ffs import SUPERBLOCK, ffs_image
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed, walked

MIB = 1 << 20
WHEN = 1_709_212_456_123_456_789
CASES = [(1, "le"), (1, "be"), (2, "le"), (2, "be")]
LONG = "a/rather/long/way/" * 10 + "to go"


class Made(NamedTuple):
    """An image that can be changed by hand."""

    device: MemoryDevice
    version: int
    mark: str

    @property
    def content(self) -> bytearray:
        return self.device.content

    def field(self, offset: int, code: str = "i") -> int:
        return int(struct.unpack_from(self.mark + code, self.content, SUPERBLOCK + offset)[0])

    def put(self, offset: int, code: str, *values: int) -> None:
        struct.pack_into(self.mark + code, self.content, offset, *values)

    def inode(self, number: int) -> int:
        """Where an inode of the first group lies."""
        return self.field(16) * self.field(52) + number * (128 if self.version == 1 else 256)

    @property
    def pointers(self) -> tuple[int, str]:
        return (40, "I") if self.version == 1 else (112, "Q")

    def volume(self) -> Ffs:
        return Ffs.open(self.device)


@pytest.fixture(params=CASES, ids=lambda case: f"UFS{case[0]} {case[1]}")
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    version, order = request.param
    source = tmp_path / "source"
    (source / "folder").mkdir(parents=True)
    for number in range(4):
        (source / f"file {number}").write_bytes(bytes([65 + number]) * 50_000)
    (source / "folder" / "inner").write_bytes(b"inside\n")
    (source / "short link").symlink_to("folder/inner")
    (source / "long link").symlink_to(LONG)
    os.mkfifo(source / "pipe")
    for path in (*source.iterdir(), source / "folder" / "inner"):
        os.utime(path, ns=(WHEN, WHEN), follow_symlinks=False)
    (source / "file 0").chmod(0o4751)
    image = ffs_image(
        tmp_path / "stick.img", source, version, order, "bsize=4096", "fsize=512", label="LABEL"
    )
    return Made(MemoryDevice(image.read_bytes()), version, "<" if order == "le" else ">")


def test_links_are_read_from_inodes_and_from_blocks(made: Made) -> None:
    volume = made.volume()
    found = listed(volume, 2)
    assert volume.read_link(found["short link"].node) == "folder/inner"
    assert volume.read_link(found["long link"].node) == LONG
    assert found["long link"].kind is Kind.SYMLINK


def test_what_is_no_file_is_shown_and_never_opened(made: Made) -> None:
    pipe = listed(made.volume(), 2)["pipe"]
    assert (pipe.kind, pipe.problem) == (Kind.OTHER, None)


def test_a_device_has_its_number(made: Made) -> None:
    pipe = listed(made.volume(), 2)["pipe"]
    at, code = made.pointers
    made.put(made.inode(pipe.node), "H", 0o020600)
    made.put(made.inode(pipe.node) + at, code, 0x0501)
    assert ("Device", "0x501") in made.volume().stat(pipe.node).facts


def test_modes_owners_and_times_are_kept(made: Made) -> None:
    volume = made.volume()
    file = listed(volume, 2)["file 0"]
    details = volume.stat(file.node)
    assert file.mode == 0o4751
    assert (details.uid, details.gid, details.links) == (os.getuid(), os.getgid(), 1)
    assert file.modified is not None
    assert file.modified // 10**9 == WHEN // 10**9
    at = made.inode(file.node)
    made.put(at + (28 if made.version == 1 else 64), "i", 123_456_789)
    assert made.volume().stat(file.node).entry.modified == WHEN
    assert details.allocated is not None
    assert details.allocated >= 50_000
    assert details.created is None
    if made.version == 2:
        made.put(made.inode(file.node) + 56, "q", WHEN // 10**9)
        assert made.volume().stat(file.node).created == WHEN // 10**9 * 10**9


def test_a_file_may_reach_through_three_levels_of_pointers(made: Made) -> None:
    """Nearly all of it is a hole, as in an image of a disk."""
    file = listed(made.volume(), 2)["file 1"]
    at, code = made.pointers
    place = made.inode(file.node) + at
    first = struct.unpack_from(made.mark + code, made.content, place)[0]
    per = 4096 // struct.calcsize(code)
    fragments = [first + 8 * index for index in range(4)]
    for above, below in pairwise(fragments):
        made.content[above * 512 : above * 512 + 4096] = bytes(4096)
        made.put(above * 512 + 4096 - struct.calcsize(code), code, below)
    made.content[fragments[3] * 512 : fragments[3] * 512 + 4096] = b"deep" * 1024
    made.put(place, f"15{code}", *[0] * 14, fragments[0])
    size = (12 + per + per**2 + per**3) * 4096
    made.put(made.inode(file.node) + (8 if made.version == 1 else 16), "Q", size)
    volume = made.volume()
    assert [(extent.position == HOLE, extent.length) for extent in volume.extents(file.node)] == [
        (True, size - 4096),
        (False, 4096),
    ]
    content = Content(volume, made.device, file.node)
    assert content.read(size - 5000, 6000) == bytes(904) + b"deep" * 1024
    assert content.read(123_456, 10) == bytes(10)
    made.put(made.inode(file.node) + (8 if made.version == 1 else 16), "Q", size + 1)
    assert listed(made.volume(), 2)["file 1"].problem is not None


def test_pointers_in_a_circle_end(made: Made) -> None:
    file = listed(made.volume(), 2)["file 2"]
    at, code = made.pointers
    place = made.inode(file.node) + at
    first = struct.unpack_from(made.mark + code, made.content, place)[0]
    per = 4096 // struct.calcsize(code)
    made.put(first * 512, f"{per}{code}", *[first] * per)
    made.put(place, f"15{code}", *[0] * 14, first)
    made.put(made.inode(file.node) + (8 if made.version == 1 else 16), "Q", per**3 * 4096)
    with pytest.raises(CorruptStructure):
        list(made.volume().extents(file.node))


def test_a_broken_superblock_is_replaced_by_its_copy(made: Made) -> None:
    before = dict(walked(made.volume(), 2))
    made.content[SUPERBLOCK : SUPERBLOCK + 1376] = bytes(1376)
    driver, probe = recognise(made.device)[0]
    assert (driver, probe.system) == (Ffs, f"UFS{made.version}")
    volume = made.volume()
    assert dict(walked(volume, 2)) == before
    assert [fault.values["structure"] for fault in volume.facts().warnings] == ["superblock"]
    free = volume.facts().free
    assert free is not None
    assert 0 < free < 4 * MIB


@pytest.mark.parametrize("order", ["le", "be"])
def test_ufs2_has_its_superblock_at_64_kib_where_freebsd_made_it(tmp_path: Path, order: str) -> None:
    """In this image, inodes that are not in use lie there."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "file").write_bytes(b"content")
    options = ("bsize=4096", "fsize=512", "density=1024")
    image = ffs_image(tmp_path / "stick.img", source, 2, order, *options)
    made = Made(MemoryDevice(image.read_bytes()), 2, "<" if order == "le" else ">")
    before = dict(walked(made.volume(), 2))
    made.put(SUPERBLOCK + 1000, "q", 65536)
    assert made.inode(20) < 65536 < 65536 + 1376 < made.inode(made.field(184))
    made.content[65536 : 65536 + 1376] = made.content[SUPERBLOCK : SUPERBLOCK + 1376]
    made.content[SUPERBLOCK : SUPERBLOCK + 1376] = bytes(1376)
    volume = made.volume()
    assert dict(walked(volume, 2)) == before
    assert volume.facts().warnings == []
    assert recognise(made.device)[0][1].confidence == 90


@pytest.mark.parametrize(("field", "value"), [(48, 12345), (52, 3), (44, 0), (188, -5), (184, 0), (16, -1)])
def test_a_superblock_without_sense_is_not_trusted(made: Made, field: int, value: int) -> None:
    made.put(SUPERBLOCK + field, "i", value)
    volume = made.volume()
    assert listed(volume, 2)["folder"].kind is Kind.DIRECTORY
    assert len(volume.facts().warnings) == 1


def test_a_volume_that_was_pulled_out_is_dirty(made: Made) -> None:
    assert not made.volume().facts().dirty
    before = made.volume().facts().free
    made.content[SUPERBLOCK + 209] = 0
    facts = made.volume().facts()
    assert facts.dirty
    assert facts.free == before


def test_soft_updates_are_told(made: Made) -> None:
    made.put(SUPERBLOCK + 1312, "I", 0x02)
    assert ("Features", "soft updates") in made.volume().facts().facts


def test_a_volume_that_was_never_finished_is_refused_by_name(made: Made) -> None:
    made.put(SUPERBLOCK + 1372, "I", 0x19960408)
    with pytest.raises(UnsupportedFeature):
        made.volume()


def test_a_broken_entry_costs_its_chunk_alone(made: Made) -> None:
    """Folders are made of chunks of 512 bytes, each of which begins with an entry."""
    volume = made.volume()
    at, code = made.pointers
    place = struct.unpack_from(made.mark + code, made.content, made.inode(2) + at)[0] * 512
    many = bytearray(1024)
    for number, name in ((0, b"lost"), (512, b"kept")):
        struct.pack_into(made.mark + "IHBB", many, number, listed(volume, 2)["file 0"].node, 512, 8, 4)
        many[number + 8 : number + 12] = name
    struct.pack_into(made.mark + "H", many, 4, 7)
    made.content[place : place + 1024] = many
    made.put(made.inode(2) + (8 if made.version == 1 else 16), "Q", 1024)
    found = []
    with pytest.raises(CorruptStructure):
        for batch in made.volume().entries(2):
            found += [entry.name for entry in batch]
    assert found == ["kept"]


def test_a_folder_inside_itself_ends(made: Made) -> None:
    volume = made.volume()
    folder = listed(volume, 2)["folder"].node
    inner = listed(volume, folder)["inner"].node
    at, code = made.pointers
    place = struct.unpack_from(made.mark + code, made.content, made.inode(folder) + at)[0] * 512
    where = made.content.find(struct.pack(made.mark + "I", inner), place, place + 512)
    made.put(where, "I", folder)
    entry = listed(made.volume(), folder)["inner"]
    assert (entry.kind, entry.problem is not None) == (Kind.DIRECTORY, True)


@pytest.mark.parametrize(
    "made", [case for case in CASES if case[0] == 1], indirect=True, ids=lambda case: f"UFS1 {case[1]}"
)
def test_the_format_from_before_44bsd_is_read(made: Made) -> None:
    """Users had 16 bits and entries no kind."""
    file = listed(made.volume(), 2)["file 0"].node
    at, code = made.pointers
    place = struct.unpack_from(made.mark + code, made.content, made.inode(2) + at)[0] * 512
    where = place
    while where < place + 512:
        length = struct.unpack_from(made.mark + "H", made.content, where + 4)[0]
        made.put(where + 6, "H", made.content[where + 7])
        where += length
    made.put(SUPERBLOCK + 1320, "ii", 0, 0)
    made.put(made.inode(file) + 4, "HH", 11, 22)
    volume = made.volume()
    assert set(listed(volume, 2)) >= {"file 0", "file 3", "folder", "short link"}
    details = volume.stat(file)
    assert (details.uid, details.gid) == (11, 22)


def test_names_that_are_no_text_stay_apart(made: Made) -> None:
    at, code = made.pointers
    place = struct.unpack_from(made.mark + code, made.content, made.inode(2) + at)[0] * 512
    for name, other in ((b"file 0", b"fil\xff 0"), (b"file 1", b"fil/ 1")):
        where = made.content.find(name, place)
        made.content[where : where + 6] = other
    found = listed(made.volume(), 2)
    assert found["fil\\xff 0"].problem is None
    assert found["fil\\x2f 1"].problem is not None


def test_a_file_beyond_the_volume_fails_alone(made: Made) -> None:
    volume = made.volume()
    file, other = (listed(volume, 2)[name].node for name in ("file 1", "file 2"))
    at, code = made.pointers
    made.put(made.inode(file) + at + struct.calcsize(code) * 3, code, 2**31)
    volume = made.volume()
    extents = volume.extents(file)
    assert next(extents).length == 3 * 4096
    with pytest.raises(CorruptStructure):
        list(extents)
    assert content_of(volume, made.device, other) == b"C" * 50_000


def test_copies_in_later_groups_are_found_too(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "file").write_bytes(b"content")
    image = ffs_image(tmp_path / "stick.img", source, 1, "le", "bsize=4096", "fsize=512", size="40m")
    content = bytearray(image.read_bytes())
    assert struct.unpack_from("<I", content, SUPERBLOCK + 44)[0] > 1
    content[SUPERBLOCK + 48 : SUPERBLOCK + 56] = b"\xff" * 8
    content[16384 : 16384 + 1376] = bytes(1376)
    volume = Ffs.open(MemoryDevice(content))
    assert "file" in listed(volume, 2)
    assert volume.layout.offset > MIB


def test_without_any_superblock_there_is_nothing() -> None:
    with pytest.raises(NotAFileSystem):
        Ffs.open(MemoryDevice(bytes(MIB)))
