"""What UDF allows and few write, and damage that stays where it is."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from core.blockdev.fault import FaultyDevice
from core.entry import Attribute, Entry, Kind
from core.errors import CorruptStructure, MediumError, RumpusError, UnsupportedFeature
from core.fs.registry import recognise
from core.fs.udf import scrambling, tags
from core.fs.udf.driver import Udf
from core.fs.udf.structures import NAMED
from tests.support.disguises import disguised, left, spelt
from tests.support.memory import MemoryDevice
from tests.support.udf import (
    ANCHOR,
    BLOCK_DEVICE,
    DIRECTORY,
    EXTENDED,
    FILE,
    INLINE,
    LINK,
    LONG,
    MAIN,
    RESERVE,
    SHORT,
    START,
    Disc,
    Node,
)
from tests.support.udf_words import seal
from tests.support.volumes import content_of, listed, walked

SIZE = 2048
CONTENT = random.Random(7).randbytes(51_200)


def opened(image: bytes | bytearray) -> tuple[Udf, MemoryDevice]:
    device = MemoryDevice(bytes(image))
    return Udf.open(device), device


def tree(volume: Udf, device: MemoryDevice) -> dict[str, bytes | None]:
    """Each file's bytes by its path; None for folders."""
    return {
        path: content_of(volume, device, entry.node) if entry.kind is Kind.FILE else None
        for path, entry in walked(volume, volume.facts().root)
    }


def some(made: Disc) -> dict[str, bytes | None]:
    """A few files of each form, in a folder and out of it."""
    wanted: dict[str, bytes | None] = {"folder": None}
    made.add("folder", Node(DIRECTORY))
    for number, form in enumerate((SHORT, LONG, EXTENDED, INLINE)):
        for path in (f"file {number}", f"folder/文件 {number}"):
            content = CONTENT[: 900 if form == INLINE else 40_000 + number]
            made.add(path, Node(FILE, content, form=form, scattered=number < 2))
            wanted[path] = content
    return wanted


@pytest.mark.parametrize("block_size", [512, 1024, 2048, 4096])
@pytest.mark.parametrize("extended", [False, True])
def test_blocks_of_every_size_hold_all_forms(block_size: int, extended: bool, tmp_path: Path) -> None:
    made = Disc(block_size=block_size, blocks=(6 << 20) // block_size, extended=extended)
    wanted = some(made)
    volume, device = opened(made.write(tmp_path / "image").read_bytes())
    assert volume.facts().block_size == block_size
    assert tree(volume, device) == wanted


def test_a_table_of_before_2_00_serves(tmp_path: Path) -> None:
    made = Disc("virtual", revision=0x0150, extended=False, old_table=True)
    wanted = some(made)
    assert tree(*opened(made.write(tmp_path / "image").read_bytes())) == wanted


@pytest.mark.parametrize("tail", [SIZE * 3, 9 << 20])
def test_a_disc_written_once_may_be_on_a_larger_stick(tail: int, tmp_path: Path) -> None:
    made = Disc("virtual")
    wanted = some(made)
    assert tree(*opened(made.write(tmp_path / "image").read_bytes() + bytes(tail))) == wanted


def test_without_its_table_a_disc_written_once_is_named_as_damaged(tmp_path: Path) -> None:
    made = Disc("virtual")
    some(made)
    image = made.write(tmp_path / "image").read_bytes()
    with pytest.raises(CorruptStructure) as error:
        opened(image[:-SIZE])
    assert error.value.structure == "virtual allocation table"


def test_entries_that_were_written_anew_are_the_newest(tmp_path: Path) -> None:
    made = Disc(strategy=4096)
    wanted = some(made)
    assert tree(*opened(made.write(tmp_path / "image").read_bytes())) == wanted


def test_holes_are_zeros(tmp_path: Path) -> None:
    made = Disc()
    content = CONTENT[:4096] + bytes(40 * 4096) + CONTENT[:5000]
    made.add("sparse", Node(FILE, content, scattered=True))
    volume, device = opened(made.write(tmp_path / "image").read_bytes())
    entry = listed(volume, volume.facts().root)["sparse"]
    assert content_of(volume, device, entry.node) == content
    assert [extent.position for extent in volume.extents(entry.node)].count(-1) == 1


def test_links_devices_and_modes_are_told(tmp_path: Path) -> None:
    parts = (
        b"\x02\0\0\0"
        + b"\x05\x04\0\0\x08usr"
        + b"\x03\0\0\0"
        + b"\x04\0\0\0"
        + b"\x05\x05\0\0\x10\x65\x87\x4e\xf6"
    )
    attribute = struct.pack("<IBxxxIIIII", 12, 1, 24, 0, 8, 17, 0)[:24]
    made = Disc()
    made.add("link", Node(LINK, parts, form=INLINE, mode=0o777))
    made.add("disk", Node(BLOCK_DEVICE, inside=bytes(24) + attribute, mode=0o660))
    made.add("program", Node(FILE, b"x", mode=0o6755, modified=1_000_000_000))
    made.add("hidden", Node(FILE, characteristics=1, flags=0x20 | 0x400))
    volume, _ = opened(made.write(tmp_path / "image").read_bytes())
    found = listed(volume, volume.facts().root)
    assert volume.read_link(found["link"].node) == "/usr/.././文件"
    assert found["disk"].kind is Kind.OTHER
    assert dict(volume.stat(found["disk"].node).facts)["Device"] == "8:17"
    assert (found["program"].mode, found["program"].modified) == (0o6755, 10**18)
    assert found["hidden"].attributes == Attribute.HIDDEN | Attribute.ARCHIVE | Attribute.SYSTEM
    details = volume.stat(found["program"].node)
    assert (details.uid, details.gid, details.created) == (1000, 100, 10**18)


def test_a_link_as_long_as_a_film_is_not_read_for_a_capsule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrambling, "_LARGEST", 4096)
    made = Disc()
    made.add("link", Node(LINK, b"\x05\x04\0\0\x08usr" * 1024, mode=0o777))
    image = made.write(tmp_path / "image").read_bytes()
    volume, device = opened(image)
    place = image.index(b"\x08usr" + b"\x05\x04\0\0\x08usr")
    device.reads.clear()
    disguised(volume, place)
    assert not [read for read in device.reads if read[0] <= place < sum(read)]


def test_a_name_behind_the_end_of_its_folder_is_not_told_in_a_capsule(tmp_path: Path) -> None:
    """Though its sums say that it is sound."""
    made = Disc()
    made.add("first", Node(FILE))
    made.add("diary of Anna", Node(FILE))
    image = bytearray(made.write(tmp_path / "image").read_bytes())
    at = image.index(b"diary of Anna") - 39
    assert tags.identifier(bytes(image[at : at + 16])) == NAMED
    image[at + 36] = 0xFC
    image[at + 10 : at + 12] = (22).to_bytes(2, "little")
    seal(image, at)
    volume, _ = opened(image)
    assert left(disguised(volume, len(image)), spelt(["diary of Anna"])) == []


def test_named_streams_are_told(tmp_path: Path) -> None:
    made = Disc()
    made.add("file", Node(FILE, b"x", streams={"*UDF Macintosh Resource Fork": b"y" * 3000, "other": b""}))
    volume, _ = opened(made.write(tmp_path / "image").read_bytes())
    facts = dict(volume.stat(listed(volume, volume.facts().root)["file"].node).facts)
    assert facts["Stream *UDF Macintosh Resource Fork"] == "3000 bytes"
    assert facts["Stream other"] == "0 bytes"


def entry_of(made: Disc, path: str) -> int:
    """Where a file's entry lies in the image."""
    return made.sectors(*made.node(path).where)[0] * made.size


def damaged(image: bytearray, at: int) -> bytearray:
    image[at] ^= 0xFF
    return image


def test_any_anchor_and_either_sequence_serve(tmp_path: Path) -> None:
    made = Disc()
    wanted = some(made)
    image = bytearray(made.write(tmp_path / "image").read_bytes())
    for lost in (ANCHOR, made.blocks - 1):
        copy = damaged(bytearray(image), lost * SIZE + 20)
        assert tree(*opened(copy)) == wanted
    for start, warned in ((MAIN, True), (RESERVE, False)):
        volume, device = opened(damaged(bytearray(image), (start + 2) * SIZE + 100))
        assert tree(volume, device) == wanted
        assert bool(volume.facts().warnings) == warned
    both = damaged(damaged(bytearray(image), (MAIN + 2) * SIZE + 100), (RESERVE + 2) * SIZE + 100)
    with pytest.raises(CorruptStructure):
        opened(both)
    assert recognise(MemoryDevice(bytes(both)))[0][0] is Udf
    none = damaged(damaged(bytearray(image), ANCHOR * SIZE), (made.blocks - 1) * SIZE)
    assert recognise(MemoryDevice(bytes(none)))[0][0] is Udf
    with pytest.raises(CorruptStructure) as error:
        opened(none)
    assert error.value.structure == "anchor"


@pytest.mark.parametrize("which", [0, 1])
def test_a_metadata_file_and_its_mirror_stand_in_for_each_other(which: int, tmp_path: Path) -> None:
    made = Disc("metadata")
    wanted = some(made)
    image = bytearray(made.write(tmp_path / "image").read_bytes())
    volume, device = opened(damaged(image, (START + which) * SIZE + 60))
    assert tree(volume, device) == wanted
    assert len(volume.facts().warnings) == 1


def test_an_entry_that_is_broken_is_read_from_the_mirror(tmp_path: Path) -> None:
    made = Disc("metadata")
    wanted = some(made)
    image = bytearray(made.write(tmp_path / "image").read_bytes())
    for path in ("file 0", "folder", "folder/文件 3"):
        damaged(image, entry_of(made, path) + 60)
    found = tree(*opened(image))
    assert found.keys() == wanted.keys()
    assert found["file 0"] == wanted["file 0"]


def problems(volume: Udf, node: int) -> tuple[dict[str, Entry], list[RumpusError]]:
    found: dict[str, Entry] = {}
    try:
        for batch in volume.entries(node):
            found |= {entry.name: entry for entry in batch}
    except RumpusError as error:
        return found, [error]
    return found, []


def test_a_broken_file_is_an_entry_with_a_problem(tmp_path: Path) -> None:
    made = Disc()
    wanted = some(made)
    image = bytearray(made.write(tmp_path / "image").read_bytes())
    volume, device = opened(damaged(image, entry_of(made, "file 1") + 60))
    found, raised = problems(volume, volume.facts().root)
    assert raised == []
    assert {name for name, entry in found.items() if entry.problem is not None} == {"file 1"}
    with pytest.raises(CorruptStructure):
        volume.stat(found["file 1"].node)
    assert content_of(volume, device, found["file 0"].node) == wanted["file 0"]


def test_a_broken_name_hides_no_other(tmp_path: Path) -> None:
    made = Disc()
    some(made)
    image = bytearray(made.write(tmp_path / "image").read_bytes())
    volume, _ = opened(damaged(image, image.index(b"\x08file 1") + 2))
    found, raised = problems(volume, volume.facts().root)
    assert set(found) == {"folder", "file 0", "file 2", "file 3"}
    assert len(raised) == 1


def test_a_bad_sector_hides_only_what_lies_in_it(tmp_path: Path) -> None:
    made = Disc(blocks=2000)
    for number in range(200):
        made.add(f"file number {number:03} of two hundred", Node(FILE, form=INLINE))
    image = made.write(tmp_path / "image").read_bytes()
    place = image.index(b"\x08file number 100 of")
    device = FaultyDevice(MemoryDevice(image), bad=[(place, 1)])
    volume = Udf.open(device)
    found, raised = problems(volume, volume.facts().root)
    assert [type(error) for error in raised] == [MediumError]
    assert 150 < len(found) < 200


def test_a_folder_inside_itself_is_shown_as_a_problem(tmp_path: Path) -> None:
    made = Disc()
    made.add("outer", Node(DIRECTORY)).children["inner"] = Node(DIRECTORY)
    image = bytearray(made.write(tmp_path / "image").read_bytes())
    at = image.index(b"\x08inner") - 38
    outer = made.node("outer").where
    image[at + 24 : at + 28] = outer[1].to_bytes(4, "little")
    seal(image, at)
    volume, _ = opened(image)
    inner = listed(volume, listed(volume, volume.facts().root)["outer"].node)["inner"]
    assert inner.problem is not None


def test_names_that_are_paths_are_shown_as_problems(tmp_path: Path) -> None:
    made = Disc()
    for name in ("..", "a\0b"):
        made.root.children[name] = Node(FILE)
    made.root.children["../up"] = Node(FILE)
    volume, _ = opened(made.write(tmp_path / "image").read_bytes())
    found, _ = problems(volume, volume.facts().root)
    assert set(found) == {"..", "a\\x00b", "..\\x2fup"}
    assert all(entry.problem is not None for entry in found.values())


def test_what_is_beyond_the_driver_is_refused_by_name(tmp_path: Path) -> None:
    made = Disc("metadata")
    some(made)
    whole = made.write(tmp_path / "image").read_bytes()
    image = bytearray(whole.replace(b"*UDF Metadata Partition", b"*UDF Tomorrow Partition"))
    for start in (MAIN, RESERVE):
        seal(image, (start + 2) * SIZE)
    with pytest.raises(UnsupportedFeature) as error:
        opened(image)
    assert error.value.name == "partition map *UDF Tomorrow Partition"
    image = bytearray(whole)
    entry = entry_of(made, "file 0")
    image[entry + 20 : entry + 22] = (5).to_bytes(2, "little")
    seal(image, entry)
    damaged(image, made.sectors(*made.node("file 0").where)[1] * SIZE)
    volume, _ = opened(image)
    problem = listed(volume, volume.facts().root)["file 0"].problem
    assert problem is not None
    assert problem.values["name"] == "ICB strategy 5"
