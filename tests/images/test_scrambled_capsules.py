"""A capsule is shown to strangers: it goes wrong there as it did here, and tells them no name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import CorruptStructure, DriverCrashed, NotFound, RumpusError
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.writable import WritableDriver
from core.host import capsule
from core.host.access import open_medium
from core.host.capsule import Capsule
from core.host.scrambling import scrambled
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from core.worker import protocol
from tests.support import exfat, fat, volumes
from tests.support.descriptors import nothing_left
from tests.support.disguises import everything, found_in
from tests.support.disks import run, sparse
from tests.support.terminal import rumpus

NAMES = (
    *("Letters to Anna", "Größe und Ямал", "salary of 2026.ods", "LAWYER", "medical.pdf", "IMG_0412.JPG"),
    *("ΑΒΓ words.txt", "a very long name of a file, longer than a piece.docx", "漢字の名前.txt", "CAFÉ.TXT"),
)
FOLDER, LOST, LABEL = "Deep inside", "LOSTFOLD", "ANNAS KEYS"
SECRETS = (*NAMES, FOLDER, LOST, LABEL)
Make = Callable[[Path], Path]


def fill(volume: WritableDriver) -> None:
    """Every name in the root directory and in a folder, and one file that is deleted again."""
    root = volume.facts().root
    for node in (root, volume.create(root, FOLDER, Kind.DIRECTORY).node):
        for name in NAMES:
            volume.create(node, name, Kind.FILE if "." in name else Kind.DIRECTORY)
    volume.create(root, LOST, Kind.DIRECTORY)
    volume.remove(volume.create(root, "Deleted diary.txt", Kind.FILE).node)
    volume.flush()


def a_fat(width: int, size: int) -> Make:
    def make(path: Path) -> Path:
        image = fat.blank_fat(path, size, "-F", str(width), "-s", "1", "-n", LABEL)
        with fat.writer_of(image) as (volume, _):
            fill(volume)
        data = bytearray(image.read_bytes())
        at = data.find(LOST.encode().ljust(11))
        data[at + 26 : at + 28] = b"\xf0\xff"
        data[at + 20] = 0x0F
        image.write_bytes(data)
        return image

    return make


def an_exfat(path: Path) -> Path:
    image = exfat.blank_exfat(path, 8 << 20, "-L", LABEL, "-c", "4K")
    with volumes.writer_of(ExFatWriter, image) as (volume, _):
        fill(volume)
    data = bytearray(image.read_bytes())
    stream = data.find(LOST.encode("utf-16-le")) - 34
    data[stream + 20 : stream + 24] = b"\xff\xff\xff\x0f"
    image.write_bytes(data)
    return image


def in_a_partition(path: Path) -> Path:
    """The second of a disk, where places on the volume are not places on the disk."""
    inside = a_fat(16, 8 << 20)(path.with_suffix(".inside"))
    sparse(path, 12 << 20)
    run("sfdisk", path, script="start=2048,size=2048,type=c\nstart=4096,size=16384,type=e\n")
    with path.open("r+b") as disk:
        disk.seek(4096 * 512)
        disk.write(inside.read_bytes())
    inside.unlink()
    return path


MADE = {
    "FAT12": (a_fat(12, 1 << 20), 0),
    "FAT16": (a_fat(16, 8 << 20), 0),
    "FAT32": (a_fat(32, 40 << 20), 0),
    "exFAT": (an_exfat, 0),
    "FAT16 in a partition": (in_a_partition, 2),
}


@pytest.fixture(params=MADE)
def image(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, int]:
    make, partition = MADE[request.param]
    return make(tmp_path / "stick.img"), partition


async def taken(supervisor: Supervisor, image: Path, partition: int) -> tuple[Capsule, RumpusError]:
    """Of a person who looked around, asked for what is not there, and opened a folder that is damaged."""
    with await open_medium(image) as medium:
        async with await supervisor.open(medium, partition) as volume:
            await names_in(volume, volume.facts.root)
            deep = await volume.resolve(FOLDER.upper())
            await names_in(volume, deep.node)
            await volume.lookup(deep.node, "mEDICAL.pdf")
            with suppress(NotFound):
                await volume.lookup(deep.node, "Not there of Anna")
            lost = await volume.lookup(volume.facts.root, LOST.lower())
            with pytest.raises(CorruptStructure) as told:
                await names_in(volume, lost.node)
            asked = (protocol.Open(id=0, partition=partition), *volume.operations)
            layers = volume.layers
        return await capsule.take(supervisor, medium, told.value, asked, layers=layers), told.value


async def names_in(volume: Volume, node: int) -> list[str]:
    return [entry.name async for batch in volume.entries(node) for entry in batch]


async def test_no_name_is_left_and_the_same_goes_wrong(
    supervisor: Supervisor, image: tuple[Path, int]
) -> None:
    before, error = await taken(supervisor, *image)
    plain = everything(before.packed())
    assert all(found_in(plain, name) for name in SECRETS), "the capsule itself tells them"
    async with nothing_left():
        after = await scrambled(supervisor, before)
    content = everything(after.packed())
    assert [
        told for name in (*SECRETS, "Deleted diary", "Not there of Anna") for told in found_in(content, name)
    ] == []
    told, came = await before.replay(supervisor), await after.replay(supervisor)
    assert [type(each) for each in came] == [type(each) for each in told]
    last = came[-1]
    assert isinstance(last, CorruptStructure)
    assert isinstance(error, CorruptStructure)
    assert (last.structure, last.offset, last.found) == (error.structure, error.offset, error.found)
    assert after.story.error.values == {**after.story.error.values, "offset": error.offset}


async def test_names_keep_their_length_and_kind_and_are_told_apart(
    supervisor: Supervisor, image: tuple[Path, int]
) -> None:
    before, _ = await taken(supervisor, *image)
    after = await scrambled(supervisor, before)
    old, new = await shown(supervisor, before, image[1]), await shown(supervisor, after, 0)
    assert len(set(new)) == len(set(old)) == len(new)
    for name, other in zip(old, new, strict=True):
        assert len(name) == len(other)
        for character, letter in zip(name, other, strict=True):
            assert character.isalpha() == letter.isalpha(), (name, other)
            assert character.isupper() == letter.isupper(), (name, other)
            assert character.isdigit() == letter.isdigit(), (name, other)
            assert character.isalnum() or character == letter


async def shown(supervisor: Supervisor, found: Capsule, partition: int) -> list[str]:
    """The names of the root directory and of the folder in it, with its label."""
    with found.medium() as medium:
        async with await supervisor.open(medium, partition) as volume:
            root = await names_in(volume, volume.facts.root)
            entries = [entry async for batch in volume.entries(volume.facts.root) for entry in batch]
            deep = await names_in(volume, next(e.node for e in entries if len(e.name) == len(FOLDER)))
            assert set(deep) < set(root), "the same name has the same alias everywhere"
            facts = await volume.describe()
            kinds = [type(entry.problem) for entry in entries]
            assert kinds.count(type(None)) >= len(kinds) - 1, "checksums and hashes are right"
            return [*root, facts.label]


async def test_a_name_is_found_by_its_alias_whatever_its_case(
    supervisor: Supervisor, image: tuple[Path, int]
) -> None:
    """By exFAT's hash, by the upper case of either."""
    before, _ = await taken(supervisor, *image)
    after = await scrambled(supervisor, before)
    with after.medium() as medium:
        async with await supervisor.open(medium, 0) as volume:
            async for batch in volume.entries(volume.facts.root):
                for entry in batch:
                    for spelt in (entry.name, entry.name.upper(), entry.name.lower()):
                        if len(spelt) == len(entry.name):
                            assert (await volume.lookup(volume.facts.root, spelt)).node == entry.node


async def test_what_ended_the_driver_is_told_without_names(supervisor: Supervisor, tmp_path: Path) -> None:
    before, _ = await taken(supervisor, an_exfat(tmp_path / "stick.img"), 0)
    crash = DriverCrashed(f"KeyError: {NAMES[0]!r}", f"lookup of {LOST} in {FOLDER}")
    with await open_medium(tmp_path / "stick.img") as medium:
        story = before.story.requests
        after = await scrambled(supervisor, await capsule.take(supervisor, medium, crash, story))
    told = after.story.error.error()
    assert isinstance(told, DriverCrashed)
    assert told.cause.startswith("KeyError: '") and len(told.cause) == len(crash.cause)
    assert not any(name in str(told) for name in SECRETS)


async def test_a_stick_that_is_gone_tells_no_name_either(supervisor: Supervisor) -> None:
    asked = [protocol.Open(id=0), protocol.Lookup(id=0, node=0, name=NAMES[0]), protocol.List(id=0, node=5)]
    before = await capsule.take(supervisor, None, NotFound(NAMES[0]), asked)
    content = everything((await scrambled(supervisor, before)).packed())
    assert found_in(content, NAMES[0]) == []
    assert b"NotFound" in content


async def test_the_terminal_saves_a_capsule_anew(supervisor: Supervisor, tmp_path: Path) -> None:
    before, _ = await taken(supervisor, an_exfat(tmp_path / "stick.img"), 0)
    (tmp_path / "mine.zip").write_bytes(before.packed("Seen by Anna."))
    done = rumpus("replay", tmp_path / "mine.zip", "--scramble-names", tmp_path / "theirs.zip")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "The same came of it."
    content = everything((tmp_path / "theirs.zip").read_bytes())
    assert [told for name in (*SECRETS, "Seen by Anna") for told in found_in(content, name)] == []
    again = rumpus("replay", tmp_path / "theirs.zip")
    assert again.returncode == 0, again.stderr
    over = rumpus("replay", tmp_path / "mine.zip", "--scramble-names", tmp_path / "theirs.zip")
    assert over.returncode == 1 and "File exists" in over.stderr
