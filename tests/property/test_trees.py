"""Whatever tree a real tool puts onto a volume, the driver reads the same: names, sizes, times, modes, bytes.

RUMPUS_DEEP=1 tries many more trees, and others each time.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.blockdev import apm
from core.blockdev.window import Window
from core.entry import Kind
from core.fs.registry import recognise
from tests.support.discs import Seen, disc, seen_of_host, seen_of_volume, xorriso_disc
from tests.support.ext import debugfs, ext_image
from tests.support.ffs import ffs_image
from tests.support.ntfs import blank_ntfs, mounted
from tests.support.pulling import DEEP
from tests.support.volumes import device_of

MIB = 1 << 20
LETTERS = "abcXYZ019 ._-+,=()äÖéß数据☃ﬁ"
SIZES = (0, 1, 59, 60, 511, 512, 513, 700, 4095, 4096, 4097, 20_000, 70_000, 300_000)


class Grown(NamedTuple):
    """A file, folder or link of a tree. `above` chooses one of the folders before it."""

    name: str
    kind: Kind
    above: int
    size: int
    hole: bool
    mode: int
    modified: int


names = (
    st.text(LETTERS, min_size=1, max_size=60)
    .map(lambda name: unicodedata.normalize("NFC", name.strip(" .")))
    .filter(lambda name: 0 < len(name.encode()) <= 100)
)
grown = st.builds(
    Grown,
    names,
    st.sampled_from([Kind.FILE, Kind.FILE, Kind.FILE, Kind.DIRECTORY, Kind.SYMLINK]),
    st.integers(0, 5),
    st.sampled_from(SIZES),
    st.booleans(),
    st.sampled_from([0o644, 0o600, 0o755, 0o4711, 0o1777]),
    st.integers(400_000_000, 1_800_000_000),  # in later years genisoimage is a day off in UDF
)
trees = st.lists(grown, max_size=40)


def grow(folder: Path, tree: list[Grown]) -> Path:
    """The tree on this machine. Names that differ in case alone are one: some systems hold them for that."""
    folder.mkdir()
    folders, taken, times = [folder], set[tuple[Path, str]](), []
    for number, one in enumerate(tree):
        above = folders[one.above % len(folders)]
        if (above, one.name.casefold()) in taken or len(above.relative_to(folder).parts) > 4:
            continue
        taken.add((above, one.name.casefold()))
        path = above / one.name
        if one.kind is Kind.DIRECTORY:
            path.mkdir()
            folders.append(path)
        elif one.kind is Kind.SYMLINK:
            path.symlink_to("../" * (one.size % 4) + one.name * (1 + one.size % 3))
        else:
            with path.open("wb") as file:
                file.seek(one.size if one.hole else 0)
                file.write(random.Random(number).randbytes(one.size))
        if one.kind is not Kind.SYMLINK:
            path.chmod(one.mode | 0o700 if one.kind is Kind.DIRECTORY else one.mode)
        times.append((path, one.modified))
    for path, modified in reversed(times):
        os.utime(path, (modified, modified), follow_symlinks=False)
    return folder


Write = Callable[[Path, Path, random.Random], Path]
"""Given where to put it and the tree: an image."""


def _ext(system: str) -> Write:
    def write(image: Path, source: Path, chance: random.Random) -> Path:
        options = ["-t", system, "-b", str(chance.choice((1024, 2048, 4096))), "-I", "256"]
        if system == "ext4":
            options += ["-O", chance.choice(("inline_data", "^metadata_csum", "^64bit,bigalloc", "flex_bg"))]
        made = ext_image(image, 48 * MIB, *options, source=source)
        debugfs(made, "rmdir lost+found", write=True)
        return made

    return write


def _iso(make: Callable[..., Path], *options: str) -> Write:
    return lambda image, source, chance: make(image, source, "-V", "DISC", *options)


def _ffs(version: int) -> Write:
    def write(image: Path, source: Path, chance: random.Random) -> Path:
        block = chance.choice((4096, 8192, 16384))
        sizes = f"bsize={block}", f"fsize={block // chance.choice((1, 2, 8))}"
        return ffs_image(image, source, version, chance.choice(("le", "be")), *sizes, size="32m")

    return write


def _ntfs(image: Path, source: Path, chance: random.Random) -> Path:
    made = blank_ntfs(image, 32 * MIB, "-c", str(chance.choice((512, 4096, 65536))))
    with mounted(made) as volume:
        shutil.copytree(source, volume, dirs_exist_ok=True, symlinks=True)
    return made


class System(NamedTuple):
    write: Write
    keeps: tuple[str, ...]
    """What of each entry it keeps, besides its kind, size and content."""
    links: bool = True
    inside: bool = False
    """Whether the volume is the Macintosh's partition of the image."""


ALL = ("modified", "mode")
SYSTEMS = {
    "ext2": System(_ext("ext2"), ALL),
    "ext3": System(_ext("ext3"), ALL),
    "ext4": System(_ext("ext4"), ALL),
    "ISO 9660 by genisoimage": System(_iso(disc, "-R"), ALL),
    "ISO 9660 by xorriso": System(_iso(xorriso_disc, "-R"), ALL),
    "UDF": System(_iso(disc, "-udf", "-R"), ("modified",), links=False),
    "HFS+": System(_iso(xorriso_disc, "-hfsplus", "-R"), ALL, inside=True),
    "UFS1": System(_ffs(1), ALL),
    "UFS2": System(_ffs(2), ALL),
    "NTFS": System(_ntfs, ("modified",)),
}


def read(image: Path, *, inside: bool) -> dict[str, Seen]:
    with device_of(image) as device:
        if inside:
            size = apm.block_size(device, device.read(0, 512))
            place = next(part for part in apm.slices(device, size)[0] if "HFS" in part.type)
            device = Window(device, place.offset, place.size)
        volume = recognise(device)[0][0].open(device)
        assert volume.facts().warnings == []
        return seen_of_volume(volume, device)


def kept(found: dict[str, Seen], system: System) -> dict[str, Seen]:
    """What there is to compare: of folders, the times change as they are filled by some tools."""
    left_out = {field: None for field in ALL if field not in system.keeps}
    return {
        path: seen._replace(**left_out, **({"modified": None} if seen.kind is not Kind.FILE else {}))
        for path, seen in found.items()
    }


@pytest.mark.parametrize("name", SYSTEMS)
@settings(
    max_examples=60 if DEEP else 5,
    derandomize=not DEEP,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(tree=trees, seed=st.integers(0, 1000))
def test_what_a_tool_wrote_is_what_is_read(name: str, tree: list[Grown], seed: int) -> None:
    system = SYSTEMS[name]
    with tempfile.TemporaryDirectory() as folder:
        wanted = [one for one in tree if system.links or one.kind is not Kind.SYMLINK]
        source = grow(Path(folder) / "source", wanted)
        image = system.write(Path(folder) / "image", source, random.Random(seed))
        assert kept(read(image, inside=system.inside), system) == kept(seen_of_host(source), system)
