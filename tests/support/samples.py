"""One volume for each driver and kind of volume, all with the same tree in it.

A new driver adds its lines to SAMPLES, and is then held to what every driver promises, and damaged.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from core.fs.driver import Driver
from core.fs.efs.driver import Efs
from core.fs.exfat.driver import ExFat
from core.fs.ext.driver import Ext
from core.fs.fat.driver import Fat
from core.fs.ffs.driver import Ffs
from core.fs.hfs.driver import Hfs
from core.fs.hfsplus.driver import HfsPlus
from core.fs.iso9660.driver import Iso9660
from core.fs.lfs.driver import Lfs
from core.fs.ntfs.driver import Ntfs
from core.fs.sysvbfs.driver import SysVBfs
from core.fs.udf.driver import Udf
from core.fs.v7fs.driver import V7Fs
from tests.support import udf
from tests.support.discs import disc, xorriso_disc
from tests.support.exfat import Stick, blank_exfat, mounted, stamp
from tests.support.ext import debugfs, ext_image
from tests.support.fat import blank_fat, mtools
from tests.support.ffs import ffs_image
from tests.support.hfs import HfsStick
from tests.support.hfsplus import HfsPlusStick
from tests.support.hfsplus_journal import journal
from tests.support.lfs import lfs_image
from tests.support.ntfs import blank_ntfs
from tests.support.ntfs import mounted as mounted_ntfs
from tests.support.udf_words import mender
from tests.support.unix_images import bfs_image, efs_image, v7_image

LABEL, SHORT_LABEL = "HOLIDAY", "HOLI"
MOMENT = 1_709_212_456
"""When each file was modified: 2024-02-29 13:14:16 UTC."""
MANY = 600
"""Files in one folder, so that it takes more than one batch."""


@dataclass(frozen=True)
class Tree:
    """What is on a volume. Of `crowded`, a listing takes more than one batch; `largest` is for reads."""

    folders: tuple[str, ...]
    files: dict[str, bytes]
    crowded: str
    """A folder with many files; "" is the root."""
    file: str
    largest: str


def tree(many: int) -> Tree:
    """With so many files in one folder."""
    chance = random.Random(2024)
    files = {
        f"{above}file number {number}.data": chance.randbytes(size)
        for number, size in enumerate((0, 1, 511, 512, 5000, 60_000))
        for above in ("", "A folder with a long name/", "A folder with a long name/inner/")
    }
    files |= {"Ünïcödé 数据.txt": b"hello\n", **{f"many/{number:03} of many": b"" for number in range(many)}}
    folders = ("A folder with a long name", "A folder with a long name/inner", "empty", "many")
    return Tree(folders, files, "many", "file number 4.data", "file number 5.data")


def _shortened(path: str) -> str:
    """A path whose names have at most 14 bytes."""
    for long, short in (
        ("A folder with a long name", "A folder"),
        ("file number", "file"),
        ("cödé 数据", "ödé"),
    ):
        path = path.replace(long, short)
    return path


def short(tree: Tree) -> Tree:
    """The same with names as older systems allow them."""
    files = {_shortened(path): content for path, content in tree.files.items()}
    return Tree(tuple(map(_shortened, tree.folders)), files, "many", "file 4.data", "file 5.data")


def flat(tree: Tree) -> Tree:
    """The same for systems with one directory."""
    files = short(tree).files.items()
    kept = {path.removeprefix("many/"): content for path, content in files if not path.startswith("A folder")}
    return Tree((), kept, "", "file 4.data", "file 5.data")


TREE, SMALL = tree(MANY), tree(120)
"""The second has enough for directories of several blocks, and is for tests that look at it very often."""


@dataclass(frozen=True)
class Sample:
    """An image with a tree in it.

    `mend` makes a damaged copy of it look sound again where the system has checksums, so that damage gets
    past them; None where it has none.
    """

    driver: type[Driver]
    system: str
    image: Path
    tree: Tree
    label: str = LABEL
    mend: Callable[[bytearray], None] | None = None


Make = Callable[..., Sample]
"""Makes an image in a folder of this machine, with TREE in it or another one."""


def source_tree(folder: Path, tree: Tree = TREE) -> Path:
    """The tree as files of this machine, for tools that copy one onto a volume."""
    for name in tree.folders:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, content in tree.files.items():
        (folder / name).write_bytes(content)
        os.utime(folder / name, (MOMENT, MOMENT))
    return folder


def _fat(width: int, size: int) -> Make:
    def make(folder: Path, tree: Tree = TREE) -> Sample:
        image = blank_fat(folder / "stick.img", size, "-F", str(width), "-s", "1", "-n", LABEL)
        for path in sorted(source_tree(folder / "source", tree).iterdir()):
            mtools("mcopy", image, "-s", "-m", path, "::/")
        return Sample(Fat, f"FAT{width}", image, tree)

    return make


def _exfat(folder: Path, tree: Tree = TREE) -> Sample:
    stick = Stick(label=LABEL, clusters=500)
    for name in tree.folders:
        stick.add_folder(name, 16 if name == "many" else 1, scattered=name == "many")
    when = (stamp(2024, 2, 29, 13, 14, 16), 0, 0x80)
    for number, (name, content) in enumerate(tree.files.items()):
        kind = number % 3
        stick.add_file(name, content, contiguous=kind == 1, scattered=kind == 2, modified=when)
    return Sample(ExFat, "exFAT", stick.write(folder / "stick.img"), tree, mend=stick.mend)


def _exfat_by_fuse(folder: Path, tree: Tree = TREE) -> Sample:
    image = blank_exfat(folder / "stick.img", 3 << 20, "-c", "512", "-L", LABEL)
    with mounted(image) as volume:
        source_tree(volume, tree)
    return Sample(ExFat, "exFAT", image, tree)


def _ext(system: str, size: int, *options: str) -> Make:
    def make(folder: Path, tree: Tree = TREE) -> Sample:
        source = source_tree(folder / "source", tree)
        options_of_all = ("-t", system, "-b", "1024", "-N", "1024", "-L", LABEL)
        image = ext_image(folder / "stick.img", size, *options_of_all, *options, source=source)
        debugfs(image, "rmdir lost+found", write=True)
        return Sample(Ext, system, image, tree)

    return make


def _ffs(version: int, byteorder: str, *options: str) -> Make:
    def make(folder: Path, tree: Tree = TREE) -> Sample:
        source = source_tree(folder / "source", tree)
        image = ffs_image(folder / "stick.img", source, version, byteorder, *options, label=LABEL)
        return Sample(Ffs, f"UFS{version}", image, tree)

    return make


def _ntfs(*options: str) -> Make:
    def make(folder: Path, tree: Tree = TREE) -> Sample:
        image = blank_ntfs(folder / "stick.img", 3 << 20, "-L", LABEL, *options)
        with mounted_ntfs(image) as volume:
            source_tree(volume, tree)
        return Sample(Ntfs, "NTFS", image, tree)

    return make


def _iso(*options: str) -> Make:
    def make(folder: Path, tree: Tree = TREE) -> Sample:
        source = source_tree(folder / "source", tree)
        image = disc(folder / "disc.iso", source, "-V", LABEL, *options)
        return Sample(Iso9660, "ISO 9660", image, tree)

    return make


def _sysvbfs(order: str) -> Make:
    def make(folder: Path, tree: Tree = TREE) -> Sample:
        image = bfs_image(folder / "stick.img", flat(tree).files, MOMENT, SHORT_LABEL, order)
        return Sample(SysVBfs, "SysVBFS", image, flat(tree), label=SHORT_LABEL)

    return make


def _udf_bridge(folder: Path, tree: Tree = TREE) -> Sample:
    """Both systems have the same files in the same places: whoever can reads UDF."""
    source = source_tree(folder / "source", tree)
    image = disc(folder / "disc.iso", source, "-V", LABEL, "-udf", "-R", "-J")
    return Sample(Udf, "UDF", image, tree)


def _iso_by_xorriso(folder: Path, tree: Tree = TREE) -> Sample:
    source = source_tree(folder / "source", tree)
    image = xorriso_disc(folder / "disc.iso", source, "-V", LABEL, "-R")
    return Sample(Iso9660, "ISO 9660", image, tree)


def _udf(kind: str, block_size: int) -> Make:
    def make(folder: Path, tree: Tree = TREE) -> Sample:
        made = udf.Disc(kind, block_size=block_size, label=LABEL, blocks=(5 << 20) // block_size)
        for name in tree.folders:
            made.add(name, udf.Node(udf.DIRECTORY, mode=0o755, modified=MOMENT))
        for number, (name, content) in enumerate(tree.files.items()):
            form, scattered = number % 4, number % 3 == 0
            made.add(name, udf.Node(udf.FILE, content, form=form, scattered=scattered, modified=MOMENT))
        return Sample(Udf, "UDF", made.write(folder / "stick.img"), tree, mend=mender(block_size))

    return make


def _v7fs(order: str) -> Make:
    def make(folder: Path, tree: Tree = TREE) -> Sample:
        small = short(tree)
        image = v7_image(folder / "stick.img", small.folders, small.files, MOMENT, SHORT_LABEL, order)
        return Sample(V7Fs, "V7FS", image, small, label=SHORT_LABEL)

    return make


def _hfsplus(*, sensitive: bool = False, block_size: int = 4096, journaled: bool = False) -> Make:
    def make(folder: Path, tree: Tree = TREE) -> Sample:
        size = (2 << 20) // block_size
        stick = HfsPlusStick(LABEL, size, block_size, sensitive=sensitive, moment=MOMENT)
        if journaled:
            stick.attributes |= 0x2000
            stick.journal = journal([], 32 << 10)
        for name in tree.folders:
            stick.add_folder(name)
        for number, (name, content) in enumerate(tree.files.items()):
            stick.add_file(name, content, pieces=1 + number % 20)
        return Sample(HfsPlus, "HFSX" if sensitive else "HFS+", stick.write(folder / "stick.img"), tree)

    return make


def _lfs(version: int, order: str) -> Make:
    def make(folder: Path, tree: Tree = TREE) -> Sample:
        image = lfs_image(folder / "stick.img", tree.folders, tree.files, MOMENT, version, order)
        return Sample(Lfs, "LFS", image, tree, label="")

    return make


def _hfs(folder: Path, tree: Tree = TREE) -> Sample:
    stick = HfsStick(LABEL, moment=MOMENT)
    files = {name.replace("数据", "ƒ"): content for name, content in tree.files.items()}
    for name in tree.folders:
        stick.add_folder(name)
    for number, (name, content) in enumerate(files.items()):
        stick.add_file(name, content, pieces=1 + number % 12)
    return Sample(Hfs, "HFS", stick.write(folder / "stick.img"), replace(tree, files=files))


def _efs(folder: Path, tree: Tree = TREE) -> Sample:
    image = efs_image(folder / "stick.img", tree.folders, tree.files, MOMENT, SHORT_LABEL)
    return Sample(Efs, "EFS", image, tree, label=SHORT_LABEL)


SAMPLES: dict[str, Make] = {
    "FAT12": _fat(12, 1 << 20),
    "FAT16": _fat(16, 3 << 20),
    "FAT32": _fat(32, 36 << 20),
    "exFAT": _exfat,
    "exFAT by exfat-fuse": _exfat_by_fuse,
    "ext2": _ext("ext2", 2 << 20),
    "ext4": _ext("ext4", 4 << 20, "-J", "size=1"),
    "ext4 without checksums": _ext("ext4", 4 << 20, "-J", "size=1", "-O", "^metadata_csum,inline_data"),
    "NTFS": _ntfs(),
    "NTFS of large clusters": _ntfs("-c", "16384"),
    "ISO 9660 with Rock Ridge": _iso("-R"),
    "ISO 9660 with Rock Ridge by xorriso": _iso_by_xorriso,
    "UDF": _udf("plain", 512),
    "UDF of a disc written once": _udf("virtual", 2048),
    "UDF of a disc that wears out": _udf("sparable", 2048),
    "UDF with a metadata partition": _udf("metadata", 2048),
    "UDF beside ISO 9660": _udf_bridge,
    "ISO 9660 with Joliet": _iso("-J", "-joliet-long"),
    "HFS": _hfs,
    "HFS+": _hfsplus(),
    "HFSX of small blocks": _hfsplus(sensitive=True, block_size=512),
    "HFS+ with a journal": _hfsplus(journaled=True),
    "UFS1": _ffs(1, "le", "bsize=8192", "fsize=1024"),
    "UFS1 of big-endian machines": _ffs(1, "be", "bsize=4096", "fsize=512"),
    "UFS2": _ffs(2, "le"),
    "UFS2 of big-endian machines": _ffs(2, "be", "bsize=8192", "fsize=1024"),
    "LFS of version 1": _lfs(1, "<"),
    "LFS of version 1 and big-endian machines": _lfs(1, ">"),
    "LFS": _lfs(2, "<"),
    "LFS of big-endian machines": _lfs(2, ">"),
    "EFS": _efs,
    "SysVBFS": _sysvbfs("<"),
    "SysVBFS of big-endian machines": _sysvbfs(">"),
    "V7FS": _v7fs("little"),
    "V7FS of the PDP-11": _v7fs("pdp"),
    "V7FS of big-endian machines": _v7fs("big"),
}
