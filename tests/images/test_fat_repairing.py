"""The repair of damaged FAT volumes, with fsck.fat as the judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.blockdev.fault import FaultyDevice
from core.entry import FindingKind, Remedy
from core.errors import ReadOnly
from core.fs.fat.driver import Fat
from tests.support.fat import mtools
from tests.support.fat_damage import CONTENT, CONTENTS, DAMAGES, FILES, SECTOR, WIDTHS, Image
from tests.support.fsck import complaints
from tests.support.memory import MemoryDevice
from tests.support.repairs import applied, files, findings, repaired

CASES = [(name, width) for name, damage in DAMAGES.items() for width in damage.widths]


def judged(content: bytes, image: Image) -> list[str]:
    image.path.write_bytes(content)
    return complaints(image.path)


@pytest.mark.parametrize(("name", "width"), CASES)
def test_a_repair_satisfies_fsck_and_loses_no_file_that_was_whole(
    name: str, width: int, tmp_path: Path
) -> None:
    image = Image(tmp_path / "stick.img", width)
    DAMAGES[name].do(image)
    content = image.path.read_bytes()
    result = repaired(Fat, MemoryDevice(content))
    assert result.mended and result.left == []
    after = applied(result.draft, content)
    assert findings(Fat, MemoryDevice(after)) == []
    assert judged(after, image) == []
    found = files(Fat, after)
    for path in set(FILES) - DAMAGES[name].loses:
        assert found[path] == CONTENTS[path], path


@pytest.mark.parametrize("name", [name for name, width in CASES if width == 16])
def test_what_is_kept_needs_no_second_repair(name: str, tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 16)
    DAMAGES[name].do(image)
    content = image.path.read_bytes()
    result = repaired(Fat, MemoryDevice(content), keep=True)
    after = applied(result.draft, content)
    assert findings(Fat, MemoryDevice(after)) == []
    assert judged(after, image) == []
    assert repaired(Fat, MemoryDevice(after)).draft.sectors == 0


def test_what_was_lost_is_in_a_file_when_it_is_to_be_kept(tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 16)
    DAMAGES["lost"].do(image)
    content = image.path.read_bytes()
    result = repaired(Fat, MemoryDevice(content), keep=True)
    (lost,) = result.mended
    assert (lost.remedy, lost.note) == (Remedy.KEEP, "FILE0000.CHK")
    found = files(Fat, applied(result.draft, content))["FILE0000.CHK"]
    assert found.startswith(CONTENT) and len(found) % SECTOR == 0


def test_of_a_chain_that_breaks_off_the_sound_part_stays(tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 16)
    DAMAGES["too short"].do(image)
    content = image.path.read_bytes()
    found = files(Fat, applied(repaired(Fat, MemoryDevice(content)).draft, content))
    assert found["one.txt"] == CONTENTS["one.txt"][: 4 * SECTOR]


@pytest.mark.parametrize("broken", [0, 1])
def test_of_two_tables_the_one_counts_under_which_files_are_whole(broken: int, tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 16)
    first = image.first(b"ONE     TXT")
    image.put(image.reserved + broken * image.table_size + 2 * (first + 3), b"\0\0")
    content = image.path.read_bytes()
    after = applied(repaired(Fat, MemoryDevice(content)).draft, content)
    assert files(Fat, after)["one.txt"] == CONTENTS["one.txt"]


def test_files_behind_a_gap_of_zeros_are_found_again(tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 16)
    DAMAGES["early end"].do(image)
    content = image.path.read_bytes()
    result = repaired(Fat, MemoryDevice(content))
    assert Remedy.RECOVER in [finding.remedy for finding in result.mended]
    assert files(Fat, applied(result.draft, content))["BEHIND.TXT"] == CONTENT


def test_a_long_name_stays_when_only_the_short_one_is_there_twice(tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 16)
    DAMAGES["short twice"].do(image)
    content = image.path.read_bytes()
    found = files(Fat, applied(repaired(Fat, MemoryDevice(content)).draft, content))
    assert found["b long name for two.txt"] == found["a long name for two.txt"] != b""


def test_without_room_for_a_copy_the_second_file_ends_before_what_is_shared(tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 12)
    DAMAGES["shared"].do(image)
    ballast = tmp_path / "ballast"
    ballast.write_bytes(bytes((files_room(image) - 2) * SECTOR))
    mtools("mcopy", image.path, ballast, "::/ballast")
    content = image.path.read_bytes()
    result = repaired(Fat, MemoryDevice(content))
    (shared,) = [finding for finding in result.mended if finding.kind is FindingKind.SHARED]
    assert shared.remedy is Remedy.EMPTY
    found = files(Fat, applied(result.draft, content))
    assert (found["one.txt"], found["folder/three.txt"]) == (CONTENTS["one.txt"], b"")


def files_room(image: Image) -> int:
    """Free clusters."""
    facts = Fat.open(MemoryDevice(image.path.read_bytes())).facts()
    assert facts.free is not None
    return facts.free // SECTOR


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (13, b"\x02"),
        (14, b"\x05"),
        (16, b"\x07"),
        (17, b"\x10\x01"),
        (22, b"\x05\0"),
    ],
    ids=["cluster size", "reserved sectors", "tables", "root entries", "sectors of a table"],
)
def test_a_boot_sector_that_lies_makes_no_repair_destroy_files(at: int, value: bytes, tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 16)
    sound = image.path.read_bytes()
    image.put(at, value)
    content = image.path.read_bytes()
    try:
        after = bytearray(applied(repaired(Fat, MemoryDevice(content)).draft, content))
    except ReadOnly:
        return
    after[at : at + len(value)] = sound[at : at + len(value)]
    found = files(Fat, bytes(after))
    assert [path for path in FILES if found.get(path) != CONTENTS[path]] == []


def test_nothing_is_taken_for_lost_while_a_folder_cannot_be_read(tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 16)
    content = image.path.read_bytes()
    at = content.index(b"INNER      ") // SECTOR * SECTOR
    result = repaired(Fat, FaultyDevice(MemoryDevice(content), bad=[(at, SECTOR)]))
    kinds = [finding.kind for finding in result.left]
    assert FindingKind.UNREADABLE in kinds and FindingKind.LOST in kinds
    assert FindingKind.LOST not in [finding.kind for finding in result.mended]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_sound_volume_is_not_written_to(width: int, tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", width)
    result = repaired(Fat, MemoryDevice(image.path.read_bytes()))
    assert (result.mended, result.left, result.draft.sectors) == ([], [], 0)
