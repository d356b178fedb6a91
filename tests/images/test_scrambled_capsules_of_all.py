"""A capsule of any system can be shown to strangers: of names, targets and labels nothing is left in it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from core.entry import Kind
from core.errors import NotFound, NotScrambled, RumpusError
from core.fs.ffs.driver import Ffs
from core.fs.unix.inode import Inode
from core.host import capsule
from core.host.access import open_medium
from core.host.capsule import Capsule
from core.host.scrambling import SYSTEMS, scrambled
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from core.worker import protocol
from tests.support.descriptors import nothing_left
from tests.support.discs import disc, xorriso_disc
from tests.support.disguises import everything, found_in
from tests.support.ext import debugfs, ext_image, run
from tests.support.ffs import ffs_image, patch
from tests.support.hfsplus import HfsPlusStick
from tests.support.hfsplus_journal import changes, journal
from tests.support.lfs import lfs_stick
from tests.support.memory import MemoryDevice
from tests.support.ntfs import SHORT_NAME, blank_ntfs
from tests.support.ntfs import mounted as mounted_ntfs
from tests.support.samples import LABEL, SAMPLES, SHORT_LABEL, SMALL
from tests.support.wapbl import SECTOR, blocks, log, with_log

LONG = "everything that I never told anybody about the summer of 1987 " * 3 + "and after.txt"
NAMES = (
    *("Letters to Anna", "Größe und Ямал", "salary of 2026.ods", "LAWYER", "medical.pdf", "IMG_0412.JPG"),
    *("ΑΒΓ words.txt", "漢字の名前.txt", "Café.txt", LONG),
)
FOLDER, MISSING, TITLE = "Deep inside", "Not there of Anna", "ANNAS KEYS"
TARGETS = {"short way": "../Hideout/of mine", "long way": "Hideout/" * 20 + "where grandma slept"}
ATTRIBUTE = ("user.confession", "I took the silver spoon")
CONTENT = b"what is not to be read"
Make = Callable[[Path], Path]


def source(folder: Path, *, links: bool = True, long: bool = True) -> Path:
    """Every name in the root and in a folder, and links."""
    for place in (folder, folder / FOLDER):
        place.mkdir(parents=True)
        for name in NAMES:
            if long or name != LONG:
                (place / name).write_bytes(CONTENT)
    for name, target in TARGETS.items() if links else ():
        (folder / name).symlink_to(target)
    return folder


def an_ext(system: str, *options: str) -> Make:
    def make(folder: Path) -> Path:
        image = folder / "stick.img"
        ext_image(image, 8 << 20, "-t", system, "-L", TITLE, *options, source=source(folder / "source"))
        for number in range(200):
            (folder / f"diary of day {number}").touch()
        debugfs(
            image,
            f'ea_set "LAWYER" {ATTRIBUTE[0]} "{ATTRIBUTE[1]}"',
            "ssv last_mounted /media/anna/mine",
            "mkdir diaries",
            "cd diaries",
            *(f'write "{folder}/diary of day {number}" "diary of day {number}"' for number in range(200)),
            'rm "diary of day 7"',
            write=True,
        )
        run("e2fsck", "-fyD", image, check=False)
        return image

    return make


def an_ntfs(folder: Path) -> Path:
    image = blank_ntfs(folder / "stick.img", 8 << 20, "-L", TITLE)
    with mounted_ntfs(image) as volume:
        tree = source(folder / "source")
        run("cp", "-r", *tree.iterdir(), volume)
        (volume / FOLDER / "diaries").mkdir()
        for number in range(100):
            (volume / FOLDER / "diaries" / f"diary of day {number}").touch()
        (volume / FOLDER / "diaries" / "diary of day 7").unlink()
        os.setxattr(volume / "LAWYER", ATTRIBUTE[0], ATTRIBUTE[1].encode())
        os.setxattr(volume / NAMES[0], SHORT_NAME, b"LETTER~1")
    return image


def a_disc(make: Callable[..., Path], *options: str, links: bool = True, long: bool = True) -> Make:
    def made(folder: Path) -> Path:
        tree = source(folder / "source", links=links, long=long)
        return make(folder / "disc.iso", tree, "-V", TITLE, *options)

    return made


def an_ffs(version: int, order: str) -> Make:
    def make(folder: Path) -> Path:
        return ffs_image(folder / "stick.img", source(folder / "source"), version, order, label="ANNASKEYS")

    return make


def an_hfsplus(folder: Path) -> Path:
    stick = HfsPlusStick(TITLE, 512, 4096)
    stick.add_folder(FOLDER)
    for name in NAMES:
        stick.add_file(name, CONTENT)
        stick.add_file(f"{FOLDER}/{name}", CONTENT)
    for name, target in TARGETS.items():
        stick.add_link(name, target)
    stick.extended.append((stick.number("LAWYER"), ATTRIBUTE[0], ATTRIBUTE[1].encode()))
    return stick.write(folder / "stick.img")


def an_ext4_pulled_out(folder: Path) -> Path:
    """A folder is nowhere but in the journal."""
    image = an_ext("ext4", "-b", "1024", "-I", "256", "-J", "size=1")(folder)
    told = debugfs(image, f'blocks "/{FOLDER}"')
    block = next(int(line.split()[0]) for line in told.splitlines() if line[:1].isdigit())
    (folder / "block").write_bytes(image.read_bytes()[block << 10 : (block + 1) << 10])
    debugfs(image, "jo", f'jw -b {block} "{folder}/block"', "jc", write=True)
    patch(image, block << 10, bytes(1024))
    return image


def an_hfsplus_pulled_out(folder: Path) -> Path:
    """Of one volume before and after, the journal has what is different."""
    before, after = (HfsPlusStick(TITLE, 512, 4096, attributes=0x2100) for _ in range(2))
    for stick, names in ((before, ()), (after, NAMES)):
        stick.journal = journal([], 256 << 10)
        for name in names:
            stick.add_file(name, CONTENT)
    old, new = before.image(), after.image()
    at = old.index(before.journal[:44])
    changed = changes(old, new, range(at, at + len(before.journal)))
    image = bytearray(old)
    image[at : at + len(before.journal)] = journal([changed], len(before.journal))
    (folder / "stick.img").write_bytes(image)
    return folder / "stick.img"


def an_ffs_pulled_out(folder: Path) -> Path:
    """The root directory is nowhere but in the log."""
    image = an_ffs(2, "le")(folder)
    content = bytearray(image.read_bytes())
    volume = Ffs.open(MemoryDevice(content))
    root = volume.inodes([volume.ROOT])[volume.ROOT]
    assert isinstance(root, Inode)
    missing = []
    for extent in volume.mapped(root):
        for at in range(extent.position, extent.position + extent.length, SECTOR):
            missing.append((at // SECTOR, bytes(content[at : at + SECTOR])))
            content[at : at + SECTOR] = bytes(SECTOR)
    image.write_bytes(with_log(bytes(content), "<", log("<", [blocks("<", missing)], 64 << 10), inside=False))
    return image


def a_sample(kind: str) -> Make:
    return lambda folder: SAMPLES[kind](folder, SMALL).image


MADE: dict[str, Make] = {
    "ext2": an_ext("ext2", "-b", "1024"),
    "ext3": an_ext("ext3", "-b", "1024", "-J", "size=1"),
    "ext4": an_ext("ext4", "-b", "1024", "-I", "256", "-J", "size=1"),
    "ext4 with inline data": an_ext("ext4", "-b", "1024", "-I", "256", "-O", "inline_data,^has_journal"),
    "NTFS": an_ntfs,
    "ISO 9660 with Rock Ridge": a_disc(disc, "-R"),
    "ISO 9660 with Rock Ridge by xorriso": a_disc(xorriso_disc, "-R"),
    "ISO 9660 with Joliet": a_disc(disc, "-J", "-joliet-long", links=False, long=False),
    "UDF beside ISO 9660": a_disc(disc, "-udf", "-R", "-J", links=False, long=False),
    "UFS1": an_ffs(1, "be"),
    "UFS2": an_ffs(2, "le"),
    "HFS+": an_hfsplus,
    "ext4 that was pulled out": an_ext4_pulled_out,
    "HFS+ that was pulled out": an_hfsplus_pulled_out,
    "UFS2 that was pulled out": an_ffs_pulled_out,
    **{
        kind: a_sample(kind)
        for kind in SAMPLES
        if kind.startswith(("HFS", "LFS", "EFS", "SysVBFS", "V7FS", "UDF"))
        and kind not in ("HFS+", "UDF beside ISO 9660")
    },
}
WITH_ATTRIBUTES = ("ext2", "ext3", "ext4", "ext4 with inline data", "NTFS", "HFS+")
SECRETS = (
    *NAMES,
    FOLDER,
    MISSING,
    TITLE,
    "ANNASKEYS",
    "diary of day",
    "diaries",
    "Hideout",
    "of mine",
    "where grandma",
)
SECRETS += (
    *ATTRIBUTE,
    "where grandma",
    "confession",
    "/media/anna",
    "silver spoon",
    "short way",
    "long way",
    "LETTER~1",
)
OF_SAMPLES = ("file number", "A folder", "inner", "empty", " of many", "Ünïcödé", "数据", LABEL, SHORT_LABEL)


@pytest_asyncio.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    async with Supervisor() as supervisor:
        yield supervisor


async def looked_at(volume: Volume, asked_for: str) -> RumpusError:
    """Of a person who looked around and asked for what is not there; the error that came."""
    folders = [volume.facts.root]
    first = ""
    while folders:
        folder = folders.pop(0)
        entries = [entry async for batch in volume.entries(folder) for entry in batch]
        for entry in entries:
            if entry.kind is Kind.DIRECTORY:
                folders.append(entry.node)
            elif entry.kind is Kind.SYMLINK:
                with suppress(RumpusError):
                    await volume.read_link(entry.node)
            if not first or entry.name in ("LAWYER", FOLDER):
                first = entry.name
                await volume.stat(entry.node)
                await volume.lookup(folder, entry.name)
    with pytest.raises(NotFound) as told:
        await volume.lookup(volume.facts.root, asked_for)
    return told.value


@pytest.mark.parametrize("kind", MADE)
async def test_no_name_is_left_and_the_same_comes(supervisor: Supervisor, kind: str, tmp_path: Path) -> None:
    image = MADE[kind](tmp_path)
    with await open_medium(image) as medium:
        async with await supervisor.open(medium, 0) as volume:
            assert volume.facts.system in SYSTEMS
            error = await looked_at(volume, MISSING)
            asked = (protocol.Open(id=0, driver=volume.facts.driver), *volume.operations)
            layers = volume.layers
        before = await capsule.take(supervisor, medium, error, asked, layers=layers)
    secrets = [name for name in (*SECRETS, *OF_SAMPLES) if found_in(everything(before.packed()), name)]
    assert len(secrets) >= 4, "the capsule itself tells them"
    assert ATTRIBUTE[0] in secrets or "confession" in secrets or kind not in WITH_ATTRIBUTES
    async with nothing_left():
        after = await scrambled(supervisor, before)
    content = everything(after.packed())
    assert [told for name in (*SECRETS, *OF_SAMPLES) for told in found_in(content, name)] == []
    assert await outcome(supervisor, after) == await outcome(supervisor, before)
    assert await shown(supervisor, after) == await shown(supervisor, before)


async def test_of_a_log_with_words_of_files_it_is_said_that_it_cannot_be(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    """What LFS wrote last, it has sums of that tell what is in the files."""
    stick = lfs_stick(["folder"], {"kept": CONTENT}, 1_000_000_000, 2, "<")
    stick.checkpoint(clean=False)
    stick.put("new", CONTENT * 1000)
    stick.flush()
    (tmp_path / "stick.img").write_bytes(stick.image)
    with await open_medium(tmp_path / "stick.img") as medium:
        before = await capsule.take(supervisor, medium, NotFound("x"), [protocol.Open(id=0)])
    with pytest.raises(NotScrambled, match="log"):
        await scrambled(supervisor, before)


async def outcome(supervisor: Supervisor, found: Capsule) -> list[type[RumpusError] | None]:
    return [None if each is None else type(each) for each in await found.replay(supervisor)]


async def shown(supervisor: Supervisor, found: Capsule) -> list[tuple[object, ...]]:
    """The root directory and those in it, but for the names."""
    listed: list[tuple[object, ...]] = []
    with found.medium() as medium:
        async with await supervisor.open(medium, 0) as volume:
            folders = [volume.facts.root]
            listed.append((volume.facts.system, len(volume.facts.label)))
            while folders:
                async for batch in volume.entries(folders.pop()):
                    for entry in batch:
                        listed.append((entry.kind, entry.size, entry.problem is None))
                        if entry.kind is Kind.DIRECTORY:
                            folders.append(entry.node)
    return listed
