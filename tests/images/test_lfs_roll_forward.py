"""LFS that was pulled out: what was written after its checkpoint is there, as far as it is whole."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from core.blockdev.fault import FaultyDevice
from core.entry import VolumeFacts
from core.errors import NotFound
from core.fs.lfs import log
from core.fs.lfs.driver import Lfs
from core.host import capsule
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from core.worker import protocol
from tests.images.test_lfs_damage import CASES, MADE_BY_NETBSD, by_netbsd, files_of, told, wanted
from tests.support.lfs import FIRST, LfsStick, Partial, checksum, lfs_stick, resum
from tests.support.memory import MemoryDevice
from tests.support.volumes import listed, walked

WHEN = 1_000_000_000
FOLDERS = ["folder", "folder/deep"]
OLD = {
    "kept": b"kept" * 3000,
    "changed": b"old content" * 2000,
    "removed": b"removed",
    "folder/grown": b"small",
    "folder/deep/kept": b"deep" * 40_000,
}
APPLIED = "partial segments applied in memory: "


@pytest.fixture(params=CASES, ids=lambda case: f"version {case[0]}, {case[1]}")
def stick(request: pytest.FixtureRequest) -> LfsStick:
    """Mounted, so that its checkpoint is not marked as clean."""
    version, mark = request.param
    made = lfs_stick(FOLDERS, OLD, WHEN, version, mark)
    made.checkpoint(clean=False)
    made.partials.clear()
    return made


def seen(stick: LfsStick) -> tuple[dict[str, tuple[int, str]], VolumeFacts]:
    device = MemoryDevice(stick.image)
    volume = Lfs.open(device)
    found = files_of(volume, device), volume.facts()
    assert bytes(device.content) == bytes(stick.image)
    return found


def words(facts: VolumeFacts) -> str:
    assert facts.dirty
    return dict(facts.facts)["Roll-forward"]


def change(stick: LfsStick) -> None:
    stick.put("new", b"new" * 50_000)
    stick.put("changed", b"new content" * 3000)
    stick.remove("removed")
    stick.add_folder("folder/new")
    stick.put("folder/new/inner", b"inner")
    stick.put("folder/grown", b"small" * 100_000)


def summed(stick: LfsStick, partial: Partial) -> None:
    """Makes a summary that was changed look sound."""
    length = 512 if stick.version == 1 else 1024
    data = stick.image[partial.start + 4 : partial.start + length]
    struct.pack_into(stick.mark + "I", stick.image, partial.start, checksum(data, stick.mark))


def test_what_was_written_after_the_checkpoint_is_there(stick: LfsStick) -> None:
    change(stick)
    stick.flush()
    found, facts = seen(stick)
    assert found == told(stick.content)
    assert "removed" not in found
    assert words(facts) == f"{APPLIED}{len(stick.partials)}"
    assert facts.warnings == []
    assert "Files" not in dict(facts.facts)
    stick.checkpoint()
    assert dict(seen(stick)[1].facts)["Files"] == str(len(stick.numbers))


def test_it_is_on_the_stick_bit_by_bit_and_nothing_is_written(stick: LfsStick) -> None:
    """Each step is a log of its own, the last one reaching over the segment of a superblock."""
    for step in range(12):
        stick.put(f"file {step}", bytes([step + 1]) * (30_000 + step))
        stick.put("changed", f"version {step}".encode())
        if step % 3 == 2:
            stick.remove(f"file {step - 1}")
        stick.flush(operation=step % 2 == 0)
        found, facts = seen(stick)
        assert found == told(stick.content)
        assert words(facts) == f"{APPLIED}{len(stick.partials)}"
    assert stick.partials[-1].start > stick.superblocks[1]
    stick.checkpoint()
    found, facts = seen(stick)
    assert (found, facts.dirty, dict(facts.facts)["Roll-forward"]) == (told(stick.content), False, "clean")


def test_an_operation_on_directories_counts_once_all_of_it_is_there(stick: LfsStick) -> None:
    change(stick)
    stick.flush(operation=True, pieces=True)
    assert len(stick.partials) > 4
    found, facts = seen(stick)
    assert found == told(stick.content)
    assert words(facts) == f"{APPLIED}{len(stick.partials)}"


def test_an_unfinished_operation_on_directories_is_left_out(stick: LfsStick) -> None:
    stick.put("before", b"before")
    stick.flush()
    before, applied = told(stick.content), len(stick.partials)
    change(stick)
    stick.flush(operation=True, pieces=True, whole=False)
    found, facts = seen(stick)
    assert found == before
    unfinished = len(stick.partials) - applied
    assert words(facts) == f"{APPLIED}{applied}, unfinished: {unfinished}"


def test_what_is_written_beside_an_unfinished_operation_is_there(stick: LfsStick) -> None:
    before = told(stick.content)
    stick.put("new", b"new")
    stick.flush(operation=True, whole=False)
    stick.put("kept", b"kept, and changed")
    stick.flush()
    found, facts = seen(stick)
    assert found == before | told({"kept": b"kept, and changed"})
    assert words(facts) == f"{APPLIED}1, unfinished: 1"
    stick.put("folder/grown", b"grown")
    stick.flush(operation=True)
    found, facts = seen(stick)
    assert found == told(stick.content)
    assert words(facts) == f"{APPLIED}3"


def test_a_directory_that_an_unfinished_operation_changes_stays_as_it_was(stick: LfsStick) -> None:
    """Written again meanwhile, it has what is not finished in it."""
    before = told(stick.content)
    stick.put("new", b"new")
    stick.flush(operation=True, whole=False)
    stick.put("newer", b"newer")
    stick.flush()
    assert seen(stick)[0] == before


def test_a_file_that_was_being_written_is_shown_as_it_was_before(stick: LfsStick) -> None:
    stick.put("kept", b"half" * 60_000)
    stick.flush(pieces=True)
    last = stick.partials[-1]
    stick.image[last.start : last.end] = bytes(last.end - last.start)
    found, facts = seen(stick)
    assert found == told(OLD)
    assert words(facts) == f"{APPLIED}{len(stick.partials) - 1}"


@pytest.mark.parametrize("where", ["sum", "sum of the data", "magic", "serial", "file", "tail", "data"])
def test_the_log_ends_where_a_partial_segment_is_not_sound(stick: LfsStick, where: str) -> None:
    for step in range(5):
        stick.put(f"file {step}", bytes([step + 1]) * 20_000)
        stick.flush()
        if step == 1:
            before, applied = told(stick.content), len(stick.partials)
    bad = stick.partials[applied]
    length = 512 if stick.version == 1 else 1024
    serial = 16 if stick.version == 1 else 32
    places = {"sum": 0, "sum of the data": 4, "magic": 8, "serial": serial, "file": 60, "tail": length - 1}
    place = bad.blocks[0] if where == "data" else bad.start + places[where]
    stick.image[place] ^= 0x10
    stick.image[place + 1 if where == "serial" else place] ^= 0x04
    found, facts = seen(stick)
    assert found == before
    torn = ", unfinished: 1" if where == "data" else ""
    assert words(facts) == f"{APPLIED}{applied}{torn}"


@pytest.mark.parametrize("field", ["files", "inodes", "blocks", "last", "address", "next"])
def test_a_summary_that_lies_behind_its_checksum_ends_the_log(stick: LfsStick, field: str) -> None:
    stick.put("sound", b"sound")
    stick.flush()
    sound = told(stick.content)
    stick.put("lying", b"lying" * 2000)
    stick.flush()
    bad = stick.partials[-1]
    head = 28 if stick.version == 1 else 48
    length = 512 if stick.version == 1 else 1024
    code, at = {
        "files": ("H", 20),
        "inodes": ("H", 22),
        "blocks": ("I", head),
        "last": ("I", head + 12),
        "address": ("I", length - 4),
        "next": ("I", 12),
    }[field]
    value = 0xFFFF if code == "H" else 0xFFFFFFF0
    struct.pack_into(stick.mark + code, stick.image, bad.start + at, value)
    summed(stick, bad)
    found, _ = seen(stick)
    assert found == (told(stick.content) if field == "next" else sound)


def test_a_log_that_leads_back_ends(stick: LfsStick) -> None:
    """Where only times tell which part is later, its end may lead to its own beginning."""
    stick.put("file", b"content")
    stick.flush()
    last = stick.partials[-1]
    unit = stick.unit
    struct.pack_into(stick.mark + "I", stick.image, last.start + 12, last.start // unit)
    summed(stick, last)
    found, facts = seen(stick)
    assert found == told(stick.content)
    assert words(facts) == f"{APPLIED}{len(stick.partials)}"


@pytest.mark.parametrize("what", ["a later time", "a gap before it", "another volume"])
def test_a_log_that_is_not_what_was_written_next_is_left_alone(stick: LfsStick, what: str) -> None:
    """As it lies there from before, where the log went on when it came to this place the last time."""
    before = told(stick.content)
    stick.put("file", b"content")
    stick.flush()
    if stick.version == 1 and what != "a later time":
        return  # it has nothing but its times
    image, newest = stick.image, stick.superblocks[1]
    if what == "another volume":
        struct.pack_into(stick.mark + "I", image, newest + 368, 78)
    elif stick.version == 1:
        struct.pack_into(stick.mark + "I", image, newest + 80, WHEN + 50)
    else:
        serial = stick.partials[0].serial + (50 if what == "a later time" else -2)
        struct.pack_into(stick.mark + "Q", image, newest + 336, serial)
    resum(image, newest, stick.mark)
    image[FIRST : FIRST + 512] = image[newest : newest + 512]
    found, facts = seen(stick)
    assert (found, dict(facts.facts)["Roll-forward"]) == (before, "clean")


def test_a_log_without_end_is_not_followed_for_ever(stick: LfsStick, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_MOST_PARTIALS", 2)
    for step in range(4):
        stick.put(f"file {step}", b"content")
        stick.flush()
    found, facts = seen(stick)
    assert set(found) == {*OLD, "file 0", "file 1"}
    assert [fault.kind for fault in facts.warnings] == ["UnsupportedFeature"]
    assert words(facts) == f"{APPLIED}2"


def test_a_log_that_cannot_be_read_to_its_end_is_applied_as_far(stick: LfsStick) -> None:
    for step in range(4):
        stick.put(f"file {step}", b"content")
        stick.flush()
    memory = MemoryDevice(stick.image)
    device = FaultyDevice(memory, bad=[(stick.partials[2].start, 512)])
    volume = Lfs.open(device)
    assert set(listed(volume, 2)) == {"kept", "changed", "removed", "folder", "file 0", "file 1"}
    assert [fault.kind for fault in volume.facts().warnings] == ["MediumError"]


def test_an_older_checkpoint_comes_to_the_same(stick: LfsStick) -> None:
    """Without the newest superblock the one before is rolled forward over the newer checkpoint."""
    change(stick)
    stick.flush()
    stick.checkpoint()
    assert seen(stick)[1].warnings == []
    stick.image[FIRST : FIRST + 512] = bytes(512)
    found, facts = seen(stick)
    assert found == told(stick.content)
    assert len(facts.warnings) == 1
    assert words(facts)
    with pytest.raises(NotFound):
        Lfs.open(MemoryDevice(stick.image)).stat(1)


@pytest.mark.parametrize("name", MADE_BY_NETBSD)
def test_all_of_a_volume_of_netbsd_is_in_its_log(name: str) -> None:
    """Without the superblocks that were written since, from the empty volume that newfs_lfs made."""
    content = by_netbsd(name)
    device = MemoryDevice(content)
    newest = Lfs.open(device).layout
    for place in newest.superblock.superblocks[:2]:
        at = place * newest.unit
        content[at : at + 512] = bytes(512)
    device = MemoryDevice(content)
    volume = Lfs.open(device)
    assert files_of(volume, device) == wanted()
    partials = {"lfsv1": 396, "lfsv2": 87}[name]
    assert words(volume.facts()) == f"{APPLIED}{partials}"


@pytest.mark.parametrize("name", MADE_BY_NETBSD)
def test_wherever_netbsd_stopped_writing_what_is_there_is_whole(name: str) -> None:
    """Its files are written one after another, each in one go or growing."""
    made = by_netbsd(name)
    layout = Lfs.open(MemoryDevice(made)).layout
    places = [place * layout.unit for place in layout.superblock.superblocks]
    copies = {place: made[place : place + 512] for place in places[2:]}
    final, numbers = wanted(), []
    summary = (0x061561).to_bytes(4, "little")
    starts = [at - 8 for at in range(8, len(made), 512) if made[at : at + 4] == summary]
    for start in starts[3 :: 8 if name == "lfsv2" else 32]:
        content = made[:start] + bytes(len(made) - start)
        for place, copy in copies.items():
            content[place : place + 512] = copy
        for place in places[:2]:
            content[place : place + 512] = bytes(512)
        device = MemoryDevice(content)
        volume = Lfs.open(device)
        assert [entry.problem for _, entry in walked(volume, 2) if entry.problem] == []
        found = files_of(volume, device)
        numbers.append(len(found))
        done = {path: what for path, what in found.items() if what[0] >= final[path][0]}
        assert done.items() <= final.items()
    assert len(numbers) > 8
    assert numbers == sorted(numbers)
    assert numbers[0] < 20 < 300 < numbers[-1]


async def test_a_capsule_has_the_log_and_hardly_a_byte_of_files(stick: LfsStick, tmp_path: Path) -> None:
    secret = b"nobody is to read this. "
    stick.put("letter", secret * 2000)
    stick.flush()
    image = tmp_path / "stick.img"
    image.write_bytes(stick.image)
    error = NotFound("what")
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            asked = [protocol.Open(id=0), protocol.Lookup(id=0, node=2, name="letter")]
            taken = await capsule.take(supervisor, medium, error, asked)
        assert taken.story.came == [None, None]
        assert all((secret * 2)[at : at + 9] not in taken.pieces for at in range(len(secret)))
        image.unlink()
        assert await taken.replay(supervisor) == [None, None]


async def test_the_same_through_the_wall(stick: LfsStick, tmp_path: Path) -> None:
    change(stick)
    stick.flush(operation=True, pieces=True)
    image = tmp_path / "stick.img"
    image.write_bytes(stick.image)
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            async with await supervisor.open(medium) as volume:
                assert volume.facts.dirty
                for path, content in stick.content.items():
                    entry = await volume.resolve(path)
                    with (tmp_path / "copy").open("wb") as file:
                        assert (await volume.copy(entry.node, file.fileno())).lost == []
                    assert (tmp_path / "copy").read_bytes() == content
    assert image.read_bytes() == stick.image
