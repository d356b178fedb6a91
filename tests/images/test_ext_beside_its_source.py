"""ext2, ext3 and ext4 in every shape that mke2fs makes, compared file by file with what went in."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.fs.content import Content
from core.fs.ext.driver import Ext
from tests.support.ext import (
    Seen,
    debugfs,
    device_of,
    dumpe2fs,
    ext_image,
    needs_e2fsprogs,
    opened,
    run,
    source_tree,
    tree_of_host,
    tree_of_volume,
)

pytestmark = needs_e2fsprogs

MIB = 1 << 20
SHAPES: dict[str, tuple[int, tuple[str, ...]]] = {
    "ext2 of revision 0": (24, ("-r", "0", "-b", "1024")),
    "ext2 of 1 KiB blocks": (24, ("-t", "ext2", "-b", "1024", "-I", "128")),
    "ext2 of 4 KiB blocks": (40, ("-t", "ext2", "-b", "4096")),
    "ext2 without types": (40, ("-t", "ext2", "-O", "^filetype", "-b", "2048")),
    "ext3": (40, ("-t", "ext3", "-b", "1024")),
    "ext4": (
        64,
        (
            "-t",
            "ext4",
        ),
    ),
    "ext4 of 1 KiB blocks": (64, ("-t", "ext4", "-b", "1024")),
    "ext4 of 2 KiB blocks": (64, ("-t", "ext4", "-b", "2048")),
    "ext4 of 8 KiB blocks": (80, ("-t", "ext4", "-b", "8192")),
    "ext4 of 64 KiB blocks": (300, ("-t", "ext4", "-b", "65536")),
    "ext4 with inodes of 128 bytes": (64, ("-t", "ext4", "-I", "128")),
    "ext4 with inodes of 1024 bytes": (64, ("-t", "ext4", "-I", "1024")),
    "ext4 without extents": (64, ("-t", "ext4", "-O", "^extents,^64bit")),
    "ext4 without a journal": (64, ("-t", "ext4", "-O", "^has_journal")),
    "ext4 without checksums": (64, ("-t", "ext4", "-O", "^metadata_csum,uninit_bg")),
    "ext4 without flexible groups": (64, ("-t", "ext4", "-O", "^flex_bg,^64bit", "-b", "1024")),
    "ext4 with inline data": (64, ("-t", "ext4", "-O", "inline_data")),
    "ext4 with inline data in large inodes": (64, ("-t", "ext4", "-O", "inline_data", "-I", "512")),
    "ext4 with large clusters": (128, ("-t", "ext4", "-O", "bigalloc", "-C", "65536")),
    "ext4 with clusters of 1 KiB blocks": (64, ("-t", "ext4", "-O", "bigalloc", "-b", "1024", "-C", "4096")),
    "ext4 with meta groups": (64, ("-t", "ext4", "-O", "meta_bg,^resize_inode", "-b", "1024")),
    "ext4 with meta groups of 32 bit": (
        64,
        ("-t", "ext4", "-O", "meta_bg,^resize_inode,^64bit", "-b", "1024"),
    ),
    "ext4 with two backups": (64, ("-t", "ext4", "-O", "sparse_super2", "-b", "1024")),
    "ext4 with a backup in every group": (
        64,
        ("-t", "ext4", "-O", "^sparse_super,^resize_inode", "-b", "1024"),
    ),
    "ext4 of many small groups": (64, ("-t", "ext4", "-b", "1024", "-g", "1024")),
    "ext4 with its seed apart": (64, ("-t", "ext4", "-O", "metadata_csum_seed")),
    "ext4 with casefold": (64, ("-t", "ext4", "-O", "casefold")),
    "ext4 with everything": (
        *(64,),
        (
            "-t",
            "ext4",
            "-O",
            "large_dir,ea_inode,encrypt,casefold,quota,project,verity,mmp,inline_data,orphan_file",
        ),
    ),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return source_tree(tmp_path_factory.mktemp("source") / "tree")


@pytest.fixture(scope="module")
def wanted(source: Path) -> dict[str, Seen]:
    return tree_of_host(source)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_file_is_the_one_that_went_in(
    shape: str, source: Path, wanted: dict[str, Seen], tmp_path: Path
) -> None:
    size, options = SHAPES[shape]
    image = ext_image(tmp_path / "stick.img", size * MIB, *options, "-L", "HOLIDAY", source=source)
    volume, device = opened(image)
    found = tree_of_volume(volume, device)
    del found["lost+found"]
    if "inline" in image_features(volume):  # mke2fs rounds the size of a file with holes up then
        del found["sparse"]
        wanted = {path: seen for path, seen in wanted.items() if path != "sparse"}
    assert found == wanted
    assert volume.facts().warnings == []


def image_features(volume: Ext) -> str:
    return dict(volume.facts().facts)["Features"]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_volume_knows_itself_as_dumpe2fs_does(shape: str, tmp_path: Path) -> None:
    size, options = SHAPES[shape]
    image = ext_image(tmp_path / "stick.img", size * MIB, *options, "-L", "HOLIDAY")
    told = dumpe2fs(image)
    facts = opened(image)[0].facts()
    probed = Ext.probe(device_of(image))
    assert probed is not None and probed.confidence > 80
    assert (probed.system, probed.label) == (facts.system, facts.label)
    assert facts.system == shape[:4]
    assert facts.label == told["Filesystem volume name"].replace("<none>", "")
    assert facts.uuid == told["Filesystem UUID"]
    assert facts.size == int(told["Block count"]) * int(told["Block size"])
    assert facts.free == int(told["Free blocks"]) * int(told["Block size"])
    assert not facts.dirty and facts.warnings == []
    features = dict(facts.facts)["Features"]
    assert features == told.get("Filesystem features", "").replace("(none)", "").replace(
        "FEATURE_C12", "orphan_file"
    )


@pytest.mark.parametrize("block_size", ["1024", "4096"])
def test_a_directory_with_an_index_is_whole(
    block_size: str, source: Path, wanted: dict[str, Seen], tmp_path: Path
) -> None:
    image = ext_image(tmp_path / "stick.img", 64 * MIB, "-t", "ext4", "-b", block_size, source=source)
    run("e2fsck", "-fyD", image, check=False)
    assert "Indirect levels" in debugfs(image, "htree /many")
    volume, device = opened(image)
    found = tree_of_volume(volume, device)
    del found["lost+found"]
    assert found == wanted


def test_a_deep_tree_of_extents_is_walked_to_its_leaves(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    with (source / "holes").open("wb") as file:
        for number in range(3000):
            file.seek(number * 8192)
            file.write(b"%6d" % number)
    image = ext_image(tmp_path / "stick.img", 64 * MIB, "-t", "ext4", "-b", "1024", source=source)
    assert "Level 2" in run("debugfs", "-R", "dump_extents /holes", image) or "1/ 2" in run(
        "debugfs", "-R", "dump_extents /holes", image
    )
    found = tree_of_volume(*opened(image))
    assert found["holes"] == tree_of_host(source)["holes"]


@pytest.mark.parametrize("options", [("-t", "ext2", "-b", "1024"), ("-t", "ext4", "-b", "1024")])
def test_a_file_of_more_than_4_gib_is_read_at_its_far_end(options: tuple[str, ...], tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    places = [0, 11 << 10, 12 << 10, 268 << 10, (268 << 10) + (64 << 20), (5 << 30) + 12345]
    with (source / "far").open("wb") as file:
        for place in places:
            file.seek(place)
            file.write(b"here %d" % place)
    image = ext_image(tmp_path / "stick.img", 32 * MIB, *options, source=source)
    volume, device = opened(image)
    entry = volume.lookup(2, "far")
    content = Content(volume, device, entry.node)
    assert entry.size == (source / "far").stat().st_size
    for place in places:
        assert content.read(place, 4096).startswith(b"here %d" % place)
    assert content.read((3 << 30) + 1, 5) == bytes(5)


def test_times_have_nanoseconds_and_go_on_after_2038(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "file").touch()
    image = ext_image(tmp_path / "stick.img", 8 * MIB, "-t", "ext4", source=source)
    debugfs(
        image,
        "sif /file mtime_lo 0x70000000",
        f"sif /file mtime_extra {1 | 123_456_789 << 2}",
        "sif /file atime_lo 0x70000000",
        "sif /file atime_extra 3",
        "sif /file crtime_lo 0xffffffff",
        f"sif /file crtime_extra {999_999_999 << 2}",
        write=True,
    )
    volume, _ = opened(image)
    details = volume.stat(volume.lookup(2, "file").node)
    assert details.entry.modified == ((1 << 32) + 0x70000000) * 10**9 + 123_456_789
    assert details.created == -(10**9) + 999_999_999
    assert details.accessed is None  # in 2437, more than 64 bits of nanoseconds hold
