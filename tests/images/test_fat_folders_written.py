"""Directories of FAT that other systems have made, and that grow."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.entry import Kind
from core.errors import AlreadyExists
from tests.support.fat import blank_fat, mtools, same_by_mtools, volume_of, writer_of
from tests.support.fsck import complaints
from tests.support.volumes import listed, node_of, put_in


def test_directories_of_other_systems_are_read_and_extended(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20, "-F", "16", "-s", "1")
    source = tmp_path / "source"
    source.write_bytes(b"from mtools")
    mtools("mmd", image, "::/folder")
    made = {}
    for number in range(40):
        mtools("mcopy", image, source, f"::/folder/{number} copied by mtools")
        made[f"folder/{number} copied by mtools"] = b"from mtools"
    for number in range(0, 40, 5):
        mtools("mdel", image, f"::/folder/{number} copied by mtools")
        del made[f"folder/{number} copied by mtools"]
    with writer_of(image) as (writer, device):
        folder = listed(writer)["folder"]
        with pytest.raises(AlreadyExists):
            writer.create(folder.node, "1 COPIED BY MTOOLS", Kind.FILE)
        for number in range(60):
            put_in(writer, device, folder.node, f"{number} copied by us", b"from us")
            made[f"folder/{number} copied by us"] = b"from us"
        for number in range(1, 40, 5):
            writer.remove(node_of(writer, f"folder/{number} copied by mtools"))
            del made[f"folder/{number} copied by mtools"]
        writer.flush()
    assert complaints(image) == []
    same_by_mtools(image, made, tmp_path)


def test_no_entry_waits_behind_an_end_mark_when_a_directory_grows(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20, "-F", "16", "-s", "1")
    names = [f"{number} " + "x" * 140 for number in range(3)]  # twelve slots each, of sixteen in a cluster
    with writer_of(image) as (writer, _):
        folder = writer.create(0, "folder", Kind.DIRECTORY)
        for name in names:
            writer.create(folder.node, name, Kind.FILE)
            writer.flush()
        assert list(listed(writer, folder.node)) == names
    assert complaints(image) == []
    with volume_of(image) as volume:
        assert list(listed(volume, folder.node)) == names


def test_what_another_system_left_behind_the_end_mark_never_shows(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 16 << 20, "-F", "16", "-s", "4")
    with writer_of(image) as (writer, device):
        folder = writer.create(0, "folder", Kind.DIRECTORY)
        for number in range(20):
            put_in(writer, device, folder.node, f"STALE{number}", b"x")
        writer.flush()
        start = image.read_bytes().index(b"STALE0 ")
        with image.open("r+b") as file:
            file.seek(start)
            file.write(b"\0")
    with writer_of(image) as (writer, _):
        folder = listed(writer)["folder"]
        assert listed(writer, folder.node) == {}
        for number in range(40):
            writer.create(folder.node, f"new {number}", Kind.FILE)
            assert len(listed(writer, folder.node)) == number + 1
