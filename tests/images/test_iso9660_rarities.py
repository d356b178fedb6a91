"""What ISO 9660 allows and few tools write, and damage that stays where it is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.blockdev.fault import FaultyDevice
from core.cli.wording import sentence
from core.entry import Entry, Kind
from core.errors import CorruptStructure, MediumError, NotFound, RumpusError, UnsupportedFeature
from core.fs.iso9660.driver import Iso9660
from core.fs.registry import recognise
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.discs import disc, packed_disc, xorriso_disc
from tests.support.iso9660 import (
    SECTOR,
    block_of,
    both,
    entry_of,
    record_of,
    set_block,
    set_size,
    split,
)
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed

CONTENT = random.Random(7).randbytes(25_600)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    for name in ("FIRST", "SECOND", "THIRD"):
        (folder / name).write_bytes(name.encode() + CONTENT)
    (folder / "OUTER" / "INNER").mkdir(parents=True)
    (folder / "OUTER" / "FILE").write_bytes(b"outer")
    (folder / "LINK").symlink_to("a/" * 60 + "b")
    return folder


@pytest.fixture
def plain(source: Path, tmp_path: Path) -> bytearray:
    return bytearray(xorriso_disc(tmp_path / "plain.iso", source, "--norock").read_bytes())


@pytest.fixture
def unix(source: Path, tmp_path: Path) -> bytearray:
    return bytearray(disc(tmp_path / "unix.iso", source, "-R").read_bytes())


def set_both(image: bytearray, at: int, number: int) -> None:
    image[at : at + 8] = both(number)


def opened(image: bytes | bytearray) -> tuple[Iso9660, MemoryDevice]:
    device = MemoryDevice(bytes(image))
    return Iso9660.open(device), device


def root(volume: Iso9660) -> dict[str, Entry]:
    return listed(volume, volume.facts().root)


def problems(volume: Iso9660, node: int) -> tuple[dict[str, Entry], list[RumpusError]]:
    found: dict[str, Entry] = {}
    try:
        for batch in volume.entries(node):
            found |= {entry.name: entry for entry in batch}
    except RumpusError as error:
        return found, [error]
    return found, []


def test_a_file_of_several_sections_is_one(plain: bytearray) -> None:
    split(plain, record_of(plain, b"SECOND.;1"), 4 * SECTOR)
    other = record_of(plain, b"SECOND.;1")
    volume, device = opened(plain)
    found = root(volume)
    assert set(found) == {"FIRST", "SECOND", "THIRD", "OUTER"}
    assert content_of(volume, device, found["SECOND"].node) == b"SECOND" + CONTENT
    assert dict(volume.stat(found["SECOND"].node).facts)["Sections"] == "2"
    assert found["SECOND"].node == other
    assert len(list(volume.extents(found["SECOND"].node))) == 1


def test_sections_may_lie_apart_and_be_very_large(plain: bytearray) -> None:
    record = record_of(plain, b"SECOND.;1")
    first = block_of(plain, record_of(plain, b"FIRST.;1"))
    split(plain, record, 4 * SECTOR)
    set_size(plain, record, 2**32 - SECTOR)
    volume, _ = opened(plain)
    entry = root(volume)["SECOND"]
    assert entry.size > 2**32
    with pytest.raises(CorruptStructure):  # the volume is not that large
        list(volume.extents(entry.node))
    set_size(plain, record, 4 * SECTOR)
    set_block(plain, record, first)
    volume, device = opened(plain)
    wanted = (b"FIRST" + CONTENT)[: 4 * SECTOR] + (b"SECOND" + CONTENT)[4 * SECTOR :]
    assert content_of(volume, device, root(volume)["SECOND"].node) == wanted


def test_interleaved_files_are_put_together(plain: bytearray) -> None:
    record = record_of(plain, b"SECOND.;1")
    plain[record + 26], plain[record + 27] = 2, 1
    set_size(plain, record, 5 * SECTOR)
    volume, device = opened(plain)
    start = block_of(plain, record) * SECTOR
    blocks = [plain[start + number * SECTOR : start + (number + 1) * SECTOR] for number in (0, 1, 3, 4, 6)]
    assert content_of(volume, device, root(volume)["SECOND"].node) == b"".join(blocks)


def test_names_of_any_case_are_found_where_case_means_nothing(plain: bytearray, unix: bytearray) -> None:
    volume, _ = opened(plain)
    assert volume.lookup(volume.facts().root, "second").name == "SECOND"
    volume, _ = opened(unix)
    with pytest.raises(NotFound):
        volume.lookup(volume.facts().root, "second")


def test_a_broken_record_hides_no_other(plain: bytearray) -> None:
    plain[record_of(plain, b"SECOND.;1") + 32] = 200  # its name would be longer than it
    volume, _ = opened(plain)
    found, raised = problems(volume, volume.facts().root)
    assert set(found) == {"FIRST", "THIRD", "OUTER"}
    assert len(raised) == 1


def test_a_folder_inside_itself_is_shown_as_a_problem(plain: bytearray) -> None:
    outer, inner = record_of(plain, b"OUTER"), record_of(plain, b"INNER")
    set_block(plain, inner, block_of(plain, outer))
    volume, _ = opened(plain)
    found = listed(volume, root(volume)["OUTER"].node)
    assert found["INNER"].problem is not None
    set_block(plain, inner, block_of(plain, 16 * SECTOR + 156))
    volume, _ = opened(plain)
    assert listed(volume, root(volume)["OUTER"].node)["INNER"].problem is not None


def test_continuations_that_never_end_are_a_problem_of_their_file(unix: bytearray) -> None:
    record = record_of(unix, b"LINK.;1")
    at = entry_of(unix, record, b"CE\x1c\x01")
    block, start = (int.from_bytes(unix[at + place : at + place + 4], "little") for place in (4, 12))
    loop = b"CE\x1c\x01" + both(block) + both(start) + both(28)
    unix[block * SECTOR + start : block * SECTOR + start + len(loop)] = loop
    volume, _ = opened(unix)
    found = root(volume)
    assert {name for name, entry in found.items() if entry.problem is not None} == {"LINK"}


def test_names_that_are_paths_are_shown_as_problems(unix: bytearray) -> None:
    at = entry_of(unix, record_of(unix, b"FIRST.;1"), b"NM")
    unix[at + 5 : at + 10] = b"../up"
    at = entry_of(unix, record_of(unix, b"THIRD.;1"), b"NM")
    unix[at + 5 : at + 10] = b"TH\0RD"
    volume, _ = opened(unix)
    found = root(volume)
    assert {name for name, entry in found.items() if entry.problem} == {"..\\x2fup", "TH\\x00RD"}


def test_a_folder_that_was_moved_nowhere_is_a_problem(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    (folder / "1/2/3/4/5/6/7/8/9").mkdir(parents=True)
    image = bytearray(disc(tmp_path / "disc.iso", folder, "-R").read_bytes())
    at = image.index(b"CL\x0c\x01")
    image[at + 4 : at + 12] = both(0x00FFFFFF)
    volume, _ = opened(image)
    broken = [path for path, entry in walked_soundly(volume) if entry.problem is not None]
    assert broken == ["1/2/3/4/5/6/7/8"]


def walked_soundly(volume: Iso9660) -> list[tuple[str, Entry]]:
    found, waiting = [], [("", volume.facts().root)]
    for above, node in waiting:
        for name, entry in listed(volume, node).items():
            found.append((above + name, entry))
            if entry.kind is Kind.DIRECTORY and entry.problem is None:
                waiting.append((f"{above}{name}/", entry.node))
    return found


def test_a_bad_sector_hides_only_what_lies_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(200):
        (folder / f"file number {number:03}").write_bytes(b"x")
    image = disc(tmp_path / "disc.iso", folder, "-R").read_bytes()
    start = block_of(bytearray(image), 16 * SECTOR + 156) * SECTOR
    device = FaultyDevice(MemoryDevice(image), bad=[(start + 3 * SECTOR, 512)])
    volume = Iso9660.open(device)
    found, raised = problems(volume, volume.facts().root)
    assert [type(error) for error in raised] == [MediumError]
    assert 150 < len(found) < 200


def test_names_that_are_too_long_are_cut_and_told(unix: bytearray) -> None:
    record = record_of(unix, b"LINK.;1")
    at = entry_of(unix, record, b"CE\x1c\x01")
    block, start = (int.from_bytes(unix[at + place : at + place + 4], "little") for place in (4, 12))
    set_both(unix, at + 20, 1500)
    piece = b"NM\xff\x01\x01" + b"\xff" * 250
    place = block * SECTOR + start
    unix[place : place + 1500] = (piece * 5 + b"ST\x04\x01").ljust(1500, b"\0")
    volume, _ = opened(unix)
    (name, entry), *_ = [(name, entry) for name, entry in root(volume).items() if entry.problem]
    assert name.startswith("LINK\\xff")
    assert len(name) <= 1024
    assert entry.problem is not None


SPARSE = {
    "of version 1.12": (b"SF\x15\x01" + both(2) + both(700) + b"\x04" + b"PD\x05\x01\0", 2 << 32 | 700),
    "of version 1.10": (b"SF\x0c\x01" + both(2**31 + 5) + b"PD\x0e\x01" + bytes(10), 2**31 + 5),
    "of no such size": (b"SF\x15\x01" + both(2**32 - 1) * 2 + b"\x08" + b"PD\x05\x01\0", 2**63 - 1),
}


@pytest.mark.parametrize("what", SPARSE)
async def test_sparse_files_have_their_size_and_are_refused_by_name(
    unix: bytearray, tmp_path: Path, what: str
) -> None:
    entry, size = SPARSE[what]
    at = entry_of(unix, record_of(unix, b"FIRST.;1"), b"TF")
    assert unix[at + 2] == len(entry)
    unix[at : at + len(entry)] = entry
    volume, device = opened(unix)
    found = root(volume)
    assert (found["FIRST"].size, volume.size(found["FIRST"].node)) == (size, size)
    assert found["FIRST"].problem is None
    assert content_of(volume, device, found["SECOND"].node) == b"SECOND" + CONTENT
    with pytest.raises(UnsupportedFeature) as error:
        content_of(volume, device, found["FIRST"].node)
    assert error.value.name == "sparse files (SF)"
    image = tmp_path / "sparse.iso"
    image.write_bytes(unix)
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            async with await supervisor.open(medium) as walled:
                node = (await walled.resolve("FIRST")).node
                with (tmp_path / "copy").open("wb") as file, pytest.raises(UnsupportedFeature) as error:
                    await walled.copy(node, file.fileno())
    assert sentence(error.value) == "sparse files (SF); Rumpus does not read it yet"


def test_packed_files_that_are_damaged_are_named(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "packed").write_bytes(b"the same words again and again, " * 20_000)
    image = tmp_path / "disc.iso"
    packed_disc(image, source)
    sound = image.read_bytes()
    volume, device = opened(sound)
    node = root(volume)["packed"].node
    start = next(iter(volume.data(node) or ()))
    assert start == (b"the same words again and again, " * 20_000)[: len(start)]
    header = sound.index(bytes.fromhex("37e45396c9dbd607"))
    for place, value in ((0, 0), (8, 0xFF), (12, 200), (13, 40), (16, 0xFF), (200, 0x55)):
        copy = bytearray(sound)
        copy[header + place] = value
        volume, device = opened(copy)
        with pytest.raises((CorruptStructure, UnsupportedFeature)):
            content_of(volume, device, node)


def test_a_disc_that_is_cut_short_says_so_and_reads_what_is_there(plain: bytearray) -> None:
    third = block_of(plain, record_of(plain, b"THIRD.;1")) * SECTOR
    volume, device = opened(plain[: third + 5 * SECTOR])
    assert len(volume.facts().warnings) == 1
    found = root(volume)
    assert content_of(volume, device, found["FIRST"].node) == b"FIRST" + CONTENT
    with pytest.raises(CorruptStructure):
        list(volume.extents(found["THIRD"].node))
    assert content_of(volume, device, found["THIRD"].node) == (b"THIRD" + CONTENT)[: 5 * SECTOR]


def test_where_the_plain_tree_is_broken_joliet_serves(source: Path, tmp_path: Path) -> None:
    image = bytearray(disc(tmp_path / "disc.iso", source / "OUTER", "-R", "-J").read_bytes())
    set_block(image, 16 * SECTOR + 156, 0xFFFFFF)
    volume, _ = opened(image)
    facts = volume.facts()
    assert dict(facts.facts)["Names"] == "Joliet"
    assert len(facts.warnings) == 1
    assert set(root(volume)) == {"INNER", "FILE"}


def test_a_disc_whose_descriptor_is_broken_is_still_one(plain: bytearray) -> None:
    plain[16 * SECTOR + 128 : 16 * SECTOR + 132] = b"\xff" * 4
    assert recognise(MemoryDevice(bytes(plain)))[0][0] is Iso9660
    with pytest.raises(CorruptStructure) as error:
        opened(plain)
    assert error.value.structure == "volume descriptor"
    plain[16 * SECTOR] = 2
    assert recognise(MemoryDevice(bytes(plain)))[0][0] is Iso9660
    with pytest.raises(CorruptStructure):
        opened(plain)
