"""Damaged ext volumes, each by its defect: what is sound stays readable, and what is not is named."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from core.entry import Entry
from core.errors import CorruptStructure, NotAFileSystem, RumpusError, UnsupportedFeature
from core.fs.ext.driver import Ext
from core.fs.registry import recognise
from tests.support.ext import (
    ROOT,
    blocks_of,
    content_of,
    debugfs,
    device_of,
    dumpe2fs,
    ext_image,
    needs_e2fsprogs,
    node_of,
    opened,
    patched,
    place_of_inode,
    tree_of_host,
    tree_of_volume,
)

pytestmark = needs_e2fsprogs

MIB = 1 << 20
MANY = 300


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source") / "tree"
    (folder / "folder/inner").mkdir(parents=True)
    (folder / "folder/inner/deep").write_bytes(b"deep")
    (folder / "many").mkdir()
    for number in range(MANY):
        (folder / "many" / f"{number:04} with a long name").write_bytes(b"x" * number)
    (folder / "whole").write_bytes(random.Random(3).randbytes(50_000))
    with (folder / "pieces").open("wb") as file:
        for number in range(700):
            file.seek(number * 2048)
            file.write(b"%4d" % number)
    (folder / "link").symlink_to("t" * 100)
    return folder


def made(folder: Path, source: Path, *options: str, size: int = 32) -> Path:
    return ext_image(folder / "stick.img", size * MIB, "-b", "1024", *options, source=source)


@pytest.fixture(scope="module")
def image(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("ext4"), source, "-t", "ext4", "-L", "HOLIDAY")


@pytest.fixture(scope="module")
def image_of_ext2(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("ext2"), source, "-t", "ext2")


def kinds(volume: Ext) -> set[object]:
    return {fault.values.get("structure") for fault in volume.facts().warnings}


def listed(volume: Ext, path: str) -> tuple[dict[str, Entry], RumpusError | None]:
    """What a folder shows, and the error that its listing ends with."""
    found: dict[str, Entry] = {}
    try:
        for batch in volume.entries(node_of(volume, path) if path else ROOT):
            found |= {entry.name: entry for entry in batch}
    except RumpusError as error:
        return found, error
    return found, None


# superblock and groups --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "options"),
    [
        (32, ("-t", "ext4")),
        (32, ("-t", "ext2")),
        (32, ("-t", "ext4", "-O", "sparse_super2")),
        (32, ("-t", "ext4", "-O", "meta_bg,^resize_inode")),
        (160, ("-t", "ext4", "-b", "4096")),
        (80, ("-t", "ext4", "-b", "2048")),
    ],
)
@pytest.mark.parametrize("lost", [b"\0" * 1024, b"\xff" * 5])
def test_a_lost_superblock_is_replaced_by_its_backup(
    size: int, options: tuple[str, ...], lost: bytes, source: Path, tmp_path: Path
) -> None:
    image = made(tmp_path, source, *options, size=size)
    device = device_of(patched(image, 1024, lost))
    probed = Ext.probe(device)
    volume = Ext.open(device)
    assert probed is not None and probed.system == options[1]
    assert recognise(device)[0][0] is Ext
    found = tree_of_volume(volume, device)
    del found["lost+found"]
    assert found == tree_of_host(source)
    assert kinds(volume) == {"superblock"}


def test_a_superblock_whose_checksum_alone_is_wrong_will_do_without_a_backup(
    source: Path, tmp_path: Path
) -> None:
    image = made(tmp_path, source, "-t", "ext4", size=7)
    volume, device = opened(patched(image, 1024 + 0x3FC, b"oops"))
    assert "lost+found" in tree_of_volume(volume, device)
    assert kinds(volume) == {"superblock"}


def test_a_volume_made_into_fat_is_fat(image: Path, tmp_path: Path) -> None:
    copy = tmp_path / "stick.img"
    copy.write_bytes(image.read_bytes())
    subprocess.run(["mkfs.fat", copy], check=True, capture_output=True)
    assert recognise(device_of(copy))[0][1].system.startswith("FAT")


def test_a_fat_volume_made_into_ext_is_ext(source: Path, tmp_path: Path) -> None:
    copy = tmp_path / "stick.img"
    copy.write_bytes(bytes(32 * MIB))
    subprocess.run(["mkfs.fat", "-F", "32", copy], check=True, capture_output=True)
    boot = copy.read_bytes()[:1024]
    image = made(tmp_path, source, "-t", "ext4")
    assert recognise(device_of(patched(image, 0, boot)))[0][1].system == "ext4"


def test_a_remnant_under_another_system_is_not_preferred(image: Path) -> None:
    content = image.read_bytes()
    table = int(dumpe2fs(image)["First block"]) + 1
    gone = content[: table * 1024] + bytes(4 * MIB) + content[table * 1024 + 4 * MIB :]
    probed = Ext.probe(device_of(gone))
    assert probed is None or probed.confidence < 80


def test_nothing_is_recognised_in_noise_and_zeros() -> None:
    for content in (b"", bytes(100), bytes(3000), random.Random(4).randbytes(100_000), b"\x53\xef" * 50_000):
        assert Ext.probe(device_of(content)) is None
        with pytest.raises((NotAFileSystem, CorruptStructure, UnsupportedFeature)):
            opened(content)


@pytest.mark.parametrize(
    "options", [("-t", "ext4"), ("-t", "ext2"), ("-t", "ext4", "-O", "^metadata_csum,uninit_bg")]
)
def test_lost_group_descriptors_are_replaced_by_their_backup(
    options: tuple[str, ...], source: Path, tmp_path: Path
) -> None:
    image = made(tmp_path, source, *options)
    volume, device = opened(patched(image, 2048, b"\xee" * 256))
    found = tree_of_volume(volume, device)
    del found["lost+found"]
    assert found == tree_of_host(source)
    assert kinds(volume) == {"group descriptor"}


@pytest.mark.parametrize("checksums", ["metadata_csum", "^metadata_csum,uninit_bg"])
def test_a_group_descriptor_with_a_wrong_checksum_is_not_believed(
    checksums: str, source: Path, tmp_path: Path
) -> None:
    image = made(tmp_path, source, "-t", "ext4", "-O", checksums)
    volume, device = opened(patched(image, 2048 + 8, (5000).to_bytes(4, "little")))  # its inodes elsewhere
    assert content_of(volume, device, "whole") == (source / "whole").read_bytes()
    assert kinds(volume) == {"group descriptor"}


def test_a_volume_cut_short_opens_with_a_warning(image: Path) -> None:
    volume, _ = opened(image.read_bytes()[: 20 * MIB])
    assert "superblock" in kinds(volume)
    assert "whole" in listed(volume, "")[0]


def test_errors_that_the_kernel_met_are_passed_on(source: Path, tmp_path: Path) -> None:
    image = made(tmp_path, source, "-t", "ext4")
    debugfs(image, "ssv state 2", "ssv error_count 7", write=True)
    facts = opened(image)[0].facts()
    assert facts.dirty and facts.warnings[0].values["found"] == "7 errors"


# inodes -----------------------------------------------------------------------------------------------------


def test_an_inode_with_a_wrong_checksum_is_an_entry_with_a_problem(image: Path) -> None:
    volume, device = opened(patched(image, place_of_inode(image, "/whole") + 8, b"oops"))
    found, error = listed(volume, "")
    assert error is None
    assert found["whole"].problem is not None and found["whole"].size == 50_000
    assert all(entry.problem is None for name, entry in found.items() if name != "whole")
    with pytest.raises(CorruptStructure):
        volume.extents(found["whole"].node)
    assert content_of(volume, device, "folder/inner/deep") == b"deep"


def test_a_folder_whose_inode_has_a_wrong_checksum_is_listed_with_the_error_at_its_end(image: Path) -> None:
    volume, _ = opened(patched(image, place_of_inode(image, "/folder") + 8, b"oops"))
    found, error = listed(volume, "folder")
    assert set(found) == {"inner"}
    assert isinstance(error, CorruptStructure) and error.structure == "inode"


@pytest.mark.parametrize(
    ("field", "value"), [("mode", "0100000"), ("mode", "0170644"), ("links_count", "0"), ("mode", "0")]
)
def test_an_entry_for_no_proper_inode_is_listed_with_its_problem(
    field: str, value: str, source: Path, tmp_path: Path
) -> None:
    image = made(tmp_path, source, "-t", "ext4")
    debugfs(image, f"sif /whole {field} {value}", write=True)
    found, error = listed(opened(image)[0], "")
    assert error is None
    assert (found["whole"].problem is None) == (value == "0100000")


@pytest.mark.parametrize("size", ["0xffffffffffffffff", "0x8000000000000000", "0x7fffffffffffffff"])
def test_a_size_that_no_file_can_have_is_a_problem(size: str, source: Path, tmp_path: Path) -> None:
    image = made(tmp_path, source, "-t", "ext4")
    debugfs(image, f"sif /whole size {size}", f"sif /link size {size}", write=True)
    volume, _ = opened(image)
    found, _ = listed(volume, "")
    assert found["whole"].problem is not None and found["whole"].size < 2**63
    with pytest.raises(CorruptStructure):
        volume.extents(found["whole"].node)
    with pytest.raises(CorruptStructure):
        volume.read_link(found["link"].node)


def test_inline_content_that_is_cut_off_fails_its_file_alone(source: Path, tmp_path: Path) -> None:
    image = made(tmp_path, source, "-t", "ext4", "-O", "inline_data,^metadata_csum")
    node = node_of(opened(image)[0], "many/0100 with a long name")
    place = place_of_inode(image, f"<{node}>") + 160  # where attributes begin
    volume, device = opened(patched(image, place, bytes(4)))
    with pytest.raises(CorruptStructure):
        list(volume.extents(node))
    assert content_of(volume, device, "many/0101 with a long name") == b"x" * 101


# maps of blocks ---------------------------------------------------------------------------------------------


def extents_block(image: Path) -> int:
    """Where the first block of the tree of `pieces` lies."""
    content = image.read_bytes()
    return next(
        block * 1024
        for block in blocks_of(image, "/pieces")
        if content[block * 1024 : block * 1024 + 2] == b"\x0a\xf3"
    )


BROKEN_EXTENTS = {
    "magic": (0, b"no"),
    "entries": (2, b"\xff\xff"),
    "depth": (6, b"\x04"),
    "order": (24, b"\0\0\0\0"),
    "length": (28, b"\0\0"),
    "place": (32, b"\xff\xff\xff\xff"),
}


@pytest.mark.parametrize("field", BROKEN_EXTENTS)
@pytest.mark.parametrize("checksums", ["metadata_csum", "^metadata_csum"])
def test_a_broken_tree_of_extents_fails_its_file_alone(
    field: str, checksums: str, source: Path, tmp_path: Path
) -> None:
    image = made(tmp_path, source, "-t", "ext4", "-O", checksums)
    offset, new = BROKEN_EXTENTS[field]
    volume, device = opened(patched(image, extents_block(image) + offset, new))
    with pytest.raises(CorruptStructure) as error:
        list(volume.extents(node_of(volume, "pieces")))
    assert error.value.structure == "extent tree"
    assert content_of(volume, device, "whole") == (source / "whole").read_bytes()


def test_a_tree_of_extents_with_a_wrong_checksum_is_not_believed(image: Path) -> None:
    volume, _ = opened(patched(image, extents_block(image) + 1020, b"oops"))
    with pytest.raises(CorruptStructure) as error:
        list(volume.extents(node_of(volume, "pieces")))
    assert error.value.expected.startswith("checksum")


def test_a_map_whose_blocks_point_in_circles_ends(image_of_ext2: Path) -> None:
    place = place_of_inode(image_of_ext2, "/pieces")
    block = int.from_bytes(image_of_ext2.read_bytes()[place + 88 : place + 92], "little")
    content = bytearray(patched(image_of_ext2, block * 1024, block.to_bytes(4, "little") * 256))
    content[place + 88 : place + 100] = block.to_bytes(4, "little") * 3
    content[place + 4 : place + 8] = b"\xff\xff\xff\x7f"
    volume, _ = opened(bytes(content))
    with pytest.raises(CorruptStructure) as error:
        list(volume.extents(node_of(volume, "pieces")))
    assert error.value.structure == "block map"


def test_a_map_that_leaves_the_volume_yields_what_is_sound_first(image_of_ext2: Path, source: Path) -> None:
    place = place_of_inode(image_of_ext2, "/whole") + 40 + 4 * 3
    volume, _ = opened(patched(image_of_ext2, place, b"\xff\xff\xff\xff"))
    sound = []
    with pytest.raises(CorruptStructure):
        for extent in volume.extents(node_of(volume, "whole")):
            sound.append(extent)
    assert sum(length for _, _, length in sound) == 3 * 1024


# directories ------------------------------------------------------------------------------------------------


def test_a_folder_s_block_with_a_wrong_checksum_is_listed_and_the_error_comes_last(image: Path) -> None:
    block = blocks_of(image, "/many")[2]
    volume, _ = opened(patched(image, block * 1024 + 1020, b"oops"))
    found, error = listed(volume, "many")
    assert len(found) == MANY
    assert isinstance(error, CorruptStructure) and error.offset == block * 1024


@pytest.mark.parametrize("length", [b"\0\0", b"\x04\0", b"\xff\xff", b"\x0d\0", b"\x00\x10"])
def test_a_broken_entry_costs_the_rest_of_its_block(length: bytes, image_of_ext2: Path) -> None:
    block = blocks_of(image_of_ext2, "/many")[3]
    volume, _ = opened(patched(image_of_ext2, block * 1024 + 4, length))
    found, error = listed(volume, "many")
    assert MANY - 40 < len(found) < MANY
    assert isinstance(error, CorruptStructure) and error.offset == block * 1024


@pytest.mark.parametrize("number", [b"\xff\xff\xff\xff", b"\x00\x10\x00\x00"])
def test_an_entry_that_names_no_inode_is_listed_with_its_problem(number: bytes, image_of_ext2: Path) -> None:
    block = blocks_of(image_of_ext2, "/many")[3]
    volume, _ = opened(patched(image_of_ext2, block * 1024, number))
    found, error = listed(volume, "many")
    assert error is None and len(found) == MANY
    assert len([entry for entry in found.values() if entry.problem is not None]) == 1


def test_a_folder_inside_itself_is_an_entry_with_a_problem(source: Path, tmp_path: Path) -> None:
    image = made(tmp_path, source, "-t", "ext4")
    debugfs(image, "ln /folder /folder/inner/again", "ln / /folder/top", "ln /many /many/self", write=True)
    volume, _ = opened(image)
    for path, name in (("", None), ("folder", "top"), ("folder/inner", "again"), ("many", "self")):
        found, error = listed(volume, path)
        assert error is None
        assert [key for key, entry in found.items() if entry.problem is not None] == ([name] if name else [])


def test_a_name_with_a_slash_is_a_problem(image_of_ext2: Path) -> None:
    volume, _ = opened(image_of_ext2.read_bytes().replace(b"0123 with", b"0/2\0 with"))
    found, _ = listed(volume, "many")
    assert found["0\\x2f2\\x00 with a long name"].problem is not None


def test_broken_attributes_do_not_hide_the_file(source: Path, tmp_path: Path) -> None:
    image = made(tmp_path, source, "-t", "ext4")
    (tmp_path / "long").write_bytes(b"v" * 500)
    debugfs(image, f"ea_set -f {tmp_path / 'long'} /whole user.long", write=True)
    place = place_of_inode(image, "/whole")
    block = int.from_bytes(image.read_bytes()[place + 104 : place + 108], "little")
    volume, device = opened(patched(image, block * 1024 + 40, b"\xff" * 8))
    facts = dict(volume.stat(node_of(volume, "whole")).facts)
    assert "CorruptStructure" in facts["Extended attributes"]
    assert content_of(volume, device, "whole") == (source / "whole").read_bytes()
