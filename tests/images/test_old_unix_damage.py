"""EFS, the boot file system and the seventh edition: what is rare in them, and what damage leaves."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import CorruptStructure, NotAFileSystem
from core.fs.efs.driver import Efs
from core.fs.registry import recognise
from core.fs.sysvbfs.driver import SysVBfs
from core.fs.v7fs.driver import V7Fs
from tests.support.memory import MemoryDevice
from tests.support.unix_images import bfs_image, efs_image, v7_image
from tests.support.volumes import content_of, listed

WHEN = 1_000_000_000
FOLDERS = ["folder"]
FILES = {"file": b"content" * 3000, "folder/inner": b"inside", "empty": b"", "sparse": bytes(40_000) + b"end"}


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
