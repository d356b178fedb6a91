"""What is rare on HFS+ volumes, in volumes built for it; where another tool can read it, beside that."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path
from struct import pack

import pytest

from core.entry import Attribute, Entry, Kind
from core.errors import CorruptStructure, UnsupportedFeature, WrongKind
from core.fs.content import Content
from core.fs.hfsplus import names
from core.fs.hfsplus.driver import HfsPlus
from core.fs.registry import recognise
from tests.support.disks import run, tool
from tests.support.hfs import HfsStick
from tests.support.hfsplus import HfsPlusStick
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed, walked

NOISE = random.Random(11).randbytes(90_000)
_ANGSTROM, _RINGED = "\u212b", "\u00c5"
"""A sign of its own to the Macintosh, which decomposes only the letter."""


def opened(stick: HfsPlusStick) -> tuple[HfsPlus, MemoryDevice, dict[str, Entry]]:
    device = MemoryDevice(stick.image())
    volume = HfsPlus.open(device)
    return volume, device, dict(walked(volume, volume.facts().root))


def by_7zip(image: Path, folder: Path) -> None:
    run("7z", "x", "-y", f"-o{folder}", image)


def by_sleuthkit(image: Path, number: int) -> bytes:
    done = subprocess.run(
        [tool("icat"), "-f", "hfs", str(image), str(number)], capture_output=True, check=True
    )
    return done.stdout


def test_a_file_in_more_pieces_than_its_record_has_room_for_is_whole(tmp_path: Path) -> None:
    stick = HfsPlusStick(block_size=512, node_size=1024, blocks=4000)
    contents = {f"in {pieces}": NOISE[: 600 * pieces] for pieces in (1, 7, 8, 9, 16, 17, 150)}
    for name, content in contents.items():
        stick.add_file(name, content, pieces=int(name[3:]))
    volume, device, found = opened(stick)
    assert {name: content_of(volume, device, found[name].node) for name in contents} == contents
    assert len(list(volume.extents(found["in 150"].node))) == 150
    path = stick.write(tmp_path / "stick.img")
    assert {name: by_sleuthkit(path, stick.number(name)) for name in contents} == contents


def test_a_file_with_two_names_is_one_file(tmp_path: Path) -> None:
    stick = HfsPlusStick()
    stick.add_folder("folder")
    inode = stick.add_inode(b"shared content")
    stick.add_hard_link("one", inode)
    stick.add_hard_link("folder/two", inode)
    volume, device, found = opened(stick)
    assert set(found) == {"one", "folder", "folder/two"}, "the private folder is not shown"
    one, two = found["one"], found["folder/two"]
    assert (one.name, two.name, one.node) == ("one", "two", two.node)
    assert content_of(volume, device, one.node) == b"shared content"
    details = volume.stat(one.node)
    assert (details.links, details.entry.name, details.uid) == (2, "", 501)
    assert volume.lookup(volume.facts().root, "one") == one
    assert by_sleuthkit(stick.write(tmp_path / "stick.img"), inode.number) == b"shared content"


def test_a_link_that_leads_nowhere_is_an_entry_with_a_problem() -> None:
    stick = HfsPlusStick()
    inode = stick.add_inode(b"content")
    stick.add_hard_link("good", inode)
    stick.add_hard_link("bad", inode).special = 999
    volume, _, found = opened(stick)
    assert found["good"].problem is None
    assert found["bad"].problem is not None
    with pytest.raises(CorruptStructure):
        list(volume.extents(found["bad"].node))


def test_a_folder_with_two_names_is_read_by_both() -> None:
    stick = HfsPlusStick()
    stick.add_folder("backup")
    folder = stick.add_inode(folder=True)
    stick.add_file(f".HFS+ Private Directory Data\r/{folder.name}/file", b"content")
    stick.add_hard_link("backup/monday", folder)
    stick.add_hard_link("backup/tuesday", folder)
    volume, device, found = opened(stick)
    assert found["backup/monday"].kind is Kind.DIRECTORY
    for day in ("monday", "tuesday"):
        assert content_of(volume, device, found[f"backup/{day}/file"].node) == b"content"
    assert all(entry.problem is None for entry in found.values())
    assert volume.stat(found["backup/monday"].node).links == 2


def test_linked_folders_that_lead_into_each_other_end() -> None:
    stick = HfsPlusStick()
    private = ".HFS+ Private Directory Data\r"
    one, two = stick.add_inode(folder=True), stick.add_inode(folder=True)
    stick.add_folder(f"{private}/{one.name}/deeper")
    stick.add_hard_link("in", one)
    stick.add_hard_link(f"{private}/{one.name}/deeper/on", two)
    stick.add_hard_link(f"{private}/{two.name}/back", one)
    device = MemoryDevice(stick.image())
    volume = HfsPlus.open(device)
    place, node, met = "", volume.facts().root, []
    for name in ("in", "deeper", "on", "back"):
        entry = listed(volume, node)[name]
        met.append(entry.problem is None)
        node, place = entry.node, name
    assert met == [True, True, True, False], place


def test_packed_files_are_read_from_attributes_and_from_resource_forks(tmp_path: Path) -> None:
    stick = HfsPlusStick()
    contents = {
        "text": b"a line of text\n" * 200,
        "noise": NOISE[:3000],
        "large": NOISE + bytes(100_000) + NOISE,
        "one chunk": b"x" * 65536,
    }
    methods = {"text": 3, "noise": 3, "large": 4, "one chunk": 4}
    for name, content in contents.items():
        stick.add_compressed(name, content, method=methods[name])
    volume, device, found = opened(stick)
    for name, content in contents.items():
        entry = found[name]
        assert (entry.size, entry.attributes) == (len(content), Attribute.COMPRESSED)
        assert content_of(volume, device, entry.node) == content
        with pytest.raises(WrongKind):
            volume.extents(entry.node)
    random_reads = Content(volume, device, found["large"].node)
    for at in (0, 65535, 65536, 131_000, 200_000, 65537):
        assert random_reads.read(at, 1000) == contents["large"][at : at + 1000]
    by_7zip(stick.write(tmp_path / "stick.img"), tmp_path / "copy")
    copied = tmp_path / "copy" / stick.label
    assert {name: (copied / name).read_bytes() for name in contents} == contents


@pytest.mark.parametrize(("method", "name"), [(5, "de-duplicated"), (8, "LZVN"), (12, "LZFSE"), (77, "77")])
def test_other_ways_of_packing_are_refused_by_name(method: int, name: str) -> None:
    stick = HfsPlusStick()
    stick.add_compressed("file", b"content", method=method)
    stick.add_file("beside", b"it")
    volume, device, found = opened(stick)
    assert found["file"].size == 7
    with pytest.raises(UnsupportedFeature, match=name):
        volume.data(found["file"].node)
    assert content_of(volume, device, found["beside"].node) == b"it"


def test_links_modes_and_owners_are_kept() -> None:
    stick = HfsPlusStick()
    stick.add_link("link", "some/where")
    stick.add_file("file", b"content", mode=0o4751, uid=7, gid=8)
    fifo = stick.add_file("pipe")
    fifo.mode = 0o010644
    stick.add_file("old", b"of Mac OS 9").mode = 0
    stick.extended.append((stick.number("file"), "user.comment", b"hello"))
    volume, _, found = opened(stick)
    assert (found["link"].kind, found["link"].size) == (Kind.SYMLINK, 10)
    assert volume.read_link(found["link"].node) == "some/where"
    assert found["pipe"].kind is Kind.OTHER
    assert (found["file"].mode, found["old"].mode) == (0o4751, None)
    details = volume.stat(found["file"].node)
    assert (details.uid, details.gid) == (7, 8)
    assert ("user.comment", "hello") in details.facts
    assert (details.created, details.accessed) == tuple((stick.moment + step) * 10**9 for step in (-100, 100))
    with pytest.raises(WrongKind):
        volume.read_link(found["file"].node)


def test_what_the_finder_knows_is_told() -> None:
    stick = HfsPlusStick()
    stick.add_file(
        "file", b"data", resource=b"r" * 5000, flags=1, finder=0x4000, kind=(b"PICT", b"ogle"), pieces=2
    )
    volume, _, found = opened(stick)
    assert found["file"].attributes == Attribute.READ_ONLY | Attribute.HIDDEN
    facts = dict(volume.stat(found["file"].node).facts)
    assert facts["Type and creator"] == "PICT ogle"
    assert facts["Resource fork"] == "5000 bytes"


def test_names_are_composed_as_people_expect_them() -> None:
    stick = HfsPlusStick(sensitive=True)
    wanted = ["Grüße", "한국어", "a:b", "é", "ǟ"]
    for name in wanted:
        stick.add_file(name)
    volume, _, found = opened(stick)
    assert set(found) == set(wanted)
    root = volume.facts().root
    assert volume.lookup(root, "Grüße").name == "Grüße"


def test_what_the_macintosh_does_not_decompose_is_not_composed_either() -> None:
    assert names.shown(_ANGSTROM.encode("utf-16-be")) == (_ANGSTROM, True)
    assert names.shown("A\u030a".encode("utf-16-be")) == (_RINGED, True)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [(b"\xd8\x00", "\\xd8\\x00"), (b"\0a\0:\0b", "a\\x3ab"), (b"", ""), (b"\0a\0\0", "a\u2400")],
)
def test_names_that_cannot_be_are_shown_all_the_same(raw: bytes, shown: str) -> None:
    assert names.shown(raw)[0] == shown


@pytest.mark.parametrize("sensitive", [False, True])
def test_case_matters_where_the_volume_says_so(sensitive: bool) -> None:
    stick = HfsPlusStick(sensitive=sensitive)
    stick.add_file("Photo ÄÖ", b"1")
    if sensitive:
        stick.add_file("photo äö", b"22")
    volume, _, _ = opened(stick)
    root = volume.facts().root
    assert volume.lookup(root, "Photo ÄÖ").size == 1
    assert volume.lookup(root, "photo äö").size == (2 if sensitive else 1)


def test_a_volume_wrapped_in_hfs_is_the_one_that_is_shown() -> None:
    stick = HfsPlusStick("Inner", blocks=300)
    stick.add_file("file", b"content", pieces=1)
    inner = stick.image()
    wrapper = HfsStick("Wrapper", blocks=2000, block_size=4096)
    wrapper.add_file("Where have all my files gone?", b"...")
    wrapper.embedded = pack(">2sHH", b"H+", 1500, 300)
    image = bytearray(wrapper.image())
    start = 16 * 512 + 1500 * 4096
    image[start : start + len(inner)] = inner
    device = MemoryDevice(bytes(image))
    driver, probe = recognise(device)[0]
    assert (driver, probe.system, probe.label) == (HfsPlus, "HFS+", "Inner")
    volume = HfsPlus.open(device)
    found = listed(volume, volume.facts().root)
    assert content_of(volume, device, found["file"].node) == b"content"
    assert next(iter(volume.extents(found["file"].node))).position > start
    assert volume.facts().size == len(inner)


def test_the_copy_of_the_header_stands_in_for_it() -> None:
    stick = HfsPlusStick()
    stick.add_file("file", b"content")
    damaged = bytearray(stick.image())
    damaged[1024:1536] = bytes(512)
    device = MemoryDevice(bytes(damaged))
    driver, probe = recognise(device)[0]
    assert driver is HfsPlus
    assert probe.confidence < 50
    volume = HfsPlus.open(device)
    assert list(listed(volume, volume.facts().root)) == ["file"]
    assert [fault.values["structure"] for fault in volume.facts().warnings] == ["volume header"]


def test_a_volume_that_was_not_unmounted_says_so() -> None:
    for flags, dirty in ((0x100, False), (0, True), (0x900, True), (0x8100, False)):
        assert HfsPlus.open(MemoryDevice(HfsPlusStick(attributes=flags).image())).facts().dirty is dirty
    locked = HfsPlus.open(MemoryDevice(HfsPlusStick(attributes=0x8100).image())).facts()
    assert ("Locked", "by software") in locked.facts
