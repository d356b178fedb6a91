"""LFS, EFS, the boot file system and the seventh edition: what is rare in them, and what damage leaves."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import CorruptStructure, NotAFileSystem, UnsupportedFeature
from core.fs.efs.driver import Efs
from core.fs.lfs.driver import Lfs
from core.fs.registry import recognise
from core.fs.sysvbfs.driver import SysVBfs
from core.fs.v7fs.driver import V7Fs
from tests.support.memory import MemoryDevice
from tests.support.unix_images import SECOND_LFS, bfs_image, efs_image, lfs_image, v7_image
from tests.support.volumes import content_of, listed

WHEN = 1_000_000_000
FOLDERS = ["folder"]
FILES = {"file": b"content" * 3000, "folder/inner": b"inside", "empty": b"", "sparse": bytes(40_000) + b"end"}
LFS = [(1, "<"), (1, ">"), (2, "<"), (2, ">")]


def lfs(tmp_path: Path, version: int, mark: str) -> MemoryDevice:
    return MemoryDevice(lfs_image(tmp_path / "lfs.img", FOLDERS, FILES, WHEN, version, mark).read_bytes())


def resum(device: MemoryDevice, offset: int, mark: str) -> None:
    total = 0
    for number in struct.unpack_from(mark + "254H", device.content, offset):
        total ^= number
    struct.pack_into(mark + "I", device.content, offset + 508, total)


@pytest.mark.parametrize(("version", "mark"), LFS)
def test_the_newest_checkpoint_counts_wherever_it_is(tmp_path: Path, version: int, mark: str) -> None:
    device = lfs(tmp_path, version, mark)
    content = device.content
    first, second = content[8192 : 8192 + 512], content[SECOND_LFS : SECOND_LFS + 512]
    content[8192 : 8192 + 512], content[SECOND_LFS : SECOND_LFS + 512] = second, first
    facts = Lfs.open(device).facts()
    assert ("Superblock at", str(SECOND_LFS)) in facts.facts
    assert facts.warnings == []


@pytest.mark.parametrize(("version", "mark"), LFS)
@pytest.mark.parametrize("at", [0, 20, 60])
def test_a_broken_superblock_is_replaced_by_another(tmp_path: Path, version: int, mark: str, at: int) -> None:
    device = lfs(tmp_path, version, mark)
    content = device.content
    content[SECOND_LFS : SECOND_LFS + 512] = content[8192 : 8192 + 512]
    content[8192 + at] ^= 0xFF
    if at == 0:
        with pytest.raises(NotAFileSystem):
            Lfs.open(device)
        return
    volume = Lfs.open(device)
    assert set(listed(volume, 2)) == {"file", "folder", "empty", "sparse"}
    assert [fault.values["structure"] for fault in volume.facts().warnings] == ["superblock"]


@pytest.mark.parametrize(("version", "mark"), LFS)
def test_a_checkpoint_whose_ifile_is_gone_gives_way_to_the_one_before(
    tmp_path: Path, version: int, mark: str
) -> None:
    device = lfs(tmp_path, version, mark)
    content = device.content
    content[SECOND_LFS : SECOND_LFS + 512] = content[8192 : 8192 + 512]
    struct.pack_into(mark + "I", content, 8192 + 52, 8)
    if version == 1:
        struct.pack_into(mark + "I", content, 8192 + 80, 99)
    else:
        struct.pack_into(mark + "Q", content, 8192 + 336, 99)
    resum(device, 8192, mark)
    volume = Lfs.open(device)
    assert "file" in listed(volume, 2)
    assert [fault.values["structure"] for fault in volume.facts().warnings] == ["block of inodes"]
    content[SECOND_LFS : SECOND_LFS + 512] = bytes(512)
    with pytest.raises(CorruptStructure):
        Lfs.open(device)


@pytest.mark.parametrize(("version", "mark"), LFS)
def test_lfs_that_was_pulled_out_is_dirty(tmp_path: Path, version: int, mark: str) -> None:
    device = lfs(tmp_path, version, mark)
    assert not Lfs.open(device).facts().dirty
    struct.pack_into(mark + "H", device.content, 8192 + 322, 0)
    resum(device, 8192, mark)
    assert Lfs.open(device).facts().dirty


@pytest.mark.parametrize(("field", "value"), [(4, 3), (0, 0x19620701)])
def test_other_versions_of_lfs_are_refused_by_name(tmp_path: Path, field: int, value: int) -> None:
    device = lfs(tmp_path, 2, "<")
    struct.pack_into("<I", device.content, 8192 + field, value)
    resum(device, 8192, "<")
    with pytest.raises(UnsupportedFeature):
        Lfs.open(device)


@pytest.mark.parametrize(("version", "mark"), LFS)
def test_an_inode_that_is_not_in_its_block_costs_its_file_alone(
    tmp_path: Path, version: int, mark: str
) -> None:
    device = lfs(tmp_path, version, mark)
    volume = Lfs.open(device)
    node = listed(volume, 2)["file"].node
    inode = volume.inodes([node])[node]
    assert not isinstance(inode, Exception)
    struct.pack_into(mark + "I", device.content, inode.position + 4, 77)
    found = listed(Lfs.open(device), 2)
    assert found["file"].problem is not None
    assert found["folder"].problem is None
    assert content_of(volume, device, found["sparse"].node) == FILES["sparse"]


def efs(tmp_path: Path) -> MemoryDevice:
    links = {"link": "folder/inner"}
    image = efs_image(tmp_path / "efs.img", FOLDERS, FILES, WHEN, "LABEL", links)
    return MemoryDevice(image.read_bytes())


def test_links_of_efs_are_read(tmp_path: Path) -> None:
    device = efs(tmp_path)
    volume = Efs.open(device)
    link = listed(volume, 2)["link"]
    assert (link.kind, volume.read_link(link.node)) == (Kind.SYMLINK, "folder/inner")
    assert volume.facts().label == "LABEL"


def test_the_copy_of_the_superblock_of_efs_is_found(tmp_path: Path) -> None:
    device = efs(tmp_path)
    device.content[512:1024] = bytes(512)
    assert recognise(device)[0][0] is Efs
    volume = Efs.open(device)
    assert "file" in listed(volume, 2)
    assert [fault.values["structure"] for fault in volume.facts().warnings] == ["superblock"]


def test_a_wrong_checksum_is_a_warning(tmp_path: Path) -> None:
    device = efs(tmp_path)
    device.content[512 + 70] ^= 1
    volume = Efs.open(device)
    assert "file" in listed(volume, 2)
    assert len(volume.facts().warnings) == 1


def test_efs_that_was_pulled_out_is_dirty(tmp_path: Path) -> None:
    device = efs(tmp_path)
    struct.pack_into(">H", device.content, 512 + 20, 0x0BAD)
    assert Efs.open(device).facts().dirty


@pytest.mark.parametrize("changed", [0xFF000000, 0x00FFFFFF])
def test_an_extent_outside_of_efs_fails_its_file_alone(tmp_path: Path, changed: int) -> None:
    device = efs(tmp_path)
    volume = Efs.open(device)
    node = listed(volume, 2)["file"].node
    inode = volume.inodes([node])[node]
    assert not isinstance(inode, Exception)
    struct.pack_into(">I", device.content, inode.position + 40, changed)
    extents = Efs.open(device).extents(node)
    assert next(extents).length > 0
    with pytest.raises(CorruptStructure):
        list(extents)


def test_extents_of_efs_that_overlap_are_refused(tmp_path: Path) -> None:
    device = efs(tmp_path)
    node = listed(Efs.open(device), 2)["file"].node
    inode = Efs.open(device).inodes([node])[node]
    assert not isinstance(inode, Exception)
    word = struct.unpack_from(">I", device.content, inode.position + 44)[0]
    struct.pack_into(">I", device.content, inode.position + 44, word & 0xFF000000)
    with pytest.raises(CorruptStructure):
        list(Efs.open(device).extents(node))


@pytest.mark.parametrize("order", ["little", "pdp", "big"])
def test_holes_and_devices_of_the_seventh_edition(tmp_path: Path, order: str) -> None:
    image = v7_image(tmp_path / "v7.img", FOLDERS, FILES, WHEN, "LABEL", order)
    device = MemoryDevice(image.read_bytes())
    volume = V7Fs.open(device)
    found = listed(volume, 2)
    assert content_of(volume, device, found["sparse"].node) == FILES["sparse"]
    assert volume.stat(found["file"].node).uid == 10
    at = 1024 + (found["empty"].node - 1) * 64
    device.content[at : at + 2] = (0o020600).to_bytes(2, "big" if order == "big" else "little")
    assert listed(volume, 2)["empty"].kind is Kind.OTHER


def test_without_its_root_nothing_tells_the_seventh_edition(tmp_path: Path) -> None:
    image = v7_image(tmp_path / "v7.img", FOLDERS, FILES, WHEN, "LABEL", "little")
    device = MemoryDevice(image.read_bytes())
    device.content[1024 + 64] = 0
    device.content[1024 + 65] = 0
    with pytest.raises(NotAFileSystem):
        V7Fs.open(device)
    assert recognise(device) == []


@pytest.mark.parametrize("mark", ["<", ">"])
@pytest.mark.parametrize(("field", "value"), [(4, 1), (8, 0xFFFFFF), (12, 0), (0, 77)])
def test_a_broken_inode_of_the_boot_file_system_fails_alone(
    tmp_path: Path, mark: str, field: int, value: int
) -> None:
    files = {name: content for name, content in FILES.items() if "/" not in name}
    device = MemoryDevice(bfs_image(tmp_path / "bfs.img", files, WHEN, "LABEL", mark).read_bytes())
    node = listed(SysVBfs.open(device), 2)["file"].node
    code = "H" if field == 0 else "I"
    struct.pack_into(mark + code, device.content, 512 + (node - 2) * 64 + field, value)
    volume = SysVBfs.open(device)
    found = listed(volume, 2)
    assert content_of(volume, device, found["sparse"].node) == FILES["sparse"]
    if field == 8:
        assert content_of(volume, device, node) == FILES["file"]
    else:
        with pytest.raises(CorruptStructure):
            list(volume.extents(node))
