"""Directories of exFAT that grow, and that other systems have made."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import AlreadyExists
from core.fs.exfat.driver import ExFat
from core.fs.exfat.writing import ground
from core.fs.exfat.writing.writer import ExFatWriter
from tests.support.exfat import (
    Stick,
    blank_exfat,
    file_set,
    mounted,
)
from tests.support.fsck import exfat_complaints
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed, node_of, put_in, volume_of, writer_of


def allocation(writer: ExFatWriter, node: int) -> str:
    return dict(writer.stat(node).facts)["Allocation"]


def test_directories_turn_into_chains_and_their_files_keep_their_nodes(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20, "-c", "512")
    with writer_of(ExFatWriter, image) as (writer, device):
        folder = writer.create(0, "folder", Kind.DIRECTORY)
        nodes = {}
        for number in range(200):
            name = f"{number}" + "x" * (number % 220)
            nodes[name] = writer.create(folder.node, name, Kind.FILE).node
            put_in(writer, device, 0, f"beside {number}", bytes(512))
        assert allocation(writer, folder.node) == "cluster chain"
        assert {name: entry.node for name, entry in listed(writer, folder.node).items()} == nodes
        for number, node in enumerate(nodes.values()):
            writer.write(node, 0, str(number).encode())
        writer.flush()
    assert exfat_complaints(image) == []
    with volume_of(ExFat, image) as volume:
        found = listed(volume, volume.lookup(0, "folder").node)
        contents = [content_of(volume, volume._device, entry.node) for entry in found.values()]
        assert sorted(contents) == sorted(str(number).encode() for number in range(200))


def test_a_directory_reuses_the_slots_of_what_was_removed(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20, "-c", "512")
    with writer_of(ExFatWriter, image) as (writer, _):
        folder = writer.create(0, "folder", Kind.DIRECTORY)
        for number in range(2000):
            entry = writer.create(folder.node, f"{number}" + "x" * (number % 250), Kind.FILE)
            writer.remove(entry.node)
        assert writer._folder(folder.node).chain.count <= 4
        writer.flush()
    assert exfat_complaints(image) == []


def test_a_directory_whose_size_lies_in_another_sector_than_its_checksum_grows_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stick = Stick(cluster_size=512, root_clusters=2)
    while stick.used("") % 512 != 480:
        stick.add_slots("", b"\x05".ljust(32, b"\0"))
    stick.add_folder("folder", 1)
    device = MemoryDevice(bytes(stick.data))
    writer = ExFatWriter.open(device)
    folder = writer.lookup(0, "folder")
    real, unlucky = ground.balanced, 3

    def balanced(primary: bytes, secondaries: bytes) -> bytes | None:
        nonlocal unlucky
        unlucky -= 1
        return None if unlucky >= 0 else real(primary, secondaries)

    monkeypatch.setattr(ground, "balanced", balanced)
    for number in range(8):
        writer.create(folder.node, f"{number}", Kind.FILE)
    assert unlucky < 0
    assert writer._folder(folder.node).chain.count >= 5
    assert not writer._bared
    writer.flush()
    image = tmp_path / "stick.img"
    image.write_bytes(device.content)
    assert exfat_complaints(image) == []


def test_what_another_system_left_behind_the_end_mark_never_shows(tmp_path: Path) -> None:
    stick = Stick(cluster_size=512, root_clusters=8)
    stick.add_folder("folder", 4)
    stick.add_slots("folder", file_set("first") + bytes(32 * 13) + file_set("left behind") * 10)
    device = MemoryDevice(bytes(stick.data))
    writer = ExFatWriter.open(device)
    folder = writer.lookup(0, "folder").node
    names = ["first"]
    for number in range(30):
        names.append(writer.create(folder, f"{number}" + "y" * (number * 7), Kind.FILE).name)
        writer.flush()
        assert list(listed(ExFat.open(device), folder)) == list(listed(writer, folder))
    assert sorted(listed(ExFat.open(device), folder)) == sorted(names)


def test_directories_of_other_systems_are_read_and_extended(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 3 << 20, "-c", "512")
    made = {}
    with mounted(image) as folder:
        (folder / "folder").mkdir()
        for number in range(60):
            made[f"folder/{number} copied by fuse"] = b"from fuse"
            (folder / f"folder/{number} copied by fuse").write_bytes(b"from fuse")
        for number in range(0, 60, 5):
            (folder / f"folder/{number} copied by fuse").unlink()
            del made[f"folder/{number} copied by fuse"]
    with writer_of(ExFatWriter, image) as (writer, device):
        node = writer.lookup(0, "folder").node
        with pytest.raises(AlreadyExists):
            writer.create(node, "1 COPIED BY FUSE", Kind.FILE)
        for number in range(60):
            put_in(writer, device, node, f"{number} copied by us", b"from us")
            made[f"folder/{number} copied by us"] = b"from us"
        for number in range(1, 60, 5):
            writer.remove(node_of(writer, f"folder/{number} copied by fuse"))
            del made[f"folder/{number} copied by fuse"]
        for number in range(2, 60, 5):
            path = f"folder/{number} copied by fuse"
            writer.write(node_of(writer, path), 9, b", more by us")
            made[path] += b", more by us"
        writer.flush()
    assert exfat_complaints(image) == []
    with mounted(image) as folder:
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert {str(path.relative_to(folder)): path.read_bytes() for path in files} == made
