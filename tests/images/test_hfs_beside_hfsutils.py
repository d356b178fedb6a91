"""HFS volumes of hfsutils, and one of ours that hfsutils read: the same files with the same bytes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from core.entry import Attribute, Zone
from core.fs.hfs.driver import Hfs
from tests.support.disks import sparse, tool
from tests.support.hfs import HfsStick
from tests.support.mac import files, image, known
from tests.support.memory import MemoryDevice
from tests.support.samples import MOMENT, TREE
from tests.support.volumes import content_of, listed, walked


@pytest.fixture
def hfs(tmp_path: Path) -> Hfsutils:
    return Hfsutils(tmp_path)


class Hfsutils:
    """The tools remember the mounted volume in a file of their user."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __call__(self, name: str, *arguments: str | Path) -> str:
        command = [tool(name), *map(str, arguments)]
        environment = {**os.environ, "HOME": str(self._home), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout.decode("latin-1")


def test_a_volume_of_hfsutils_has_what_went_in() -> None:
    device = MemoryDevice(image("hfs-classic"))
    volume = Hfs.open(device)
    found = {path: file[:2] for path, file in files(volume, device).items()}
    assert found == {path: file[:2] for path, file in known("hfs-classic").items()}
    facts = volume.facts()
    assert (facts.system, facts.label, facts.zone) == ("HFS", "SAMPLE", Zone.LOCAL)
    assert (facts.dirty, facts.warnings) == (False, [])


def test_many_files_that_hcopy_put_into_folders_are_read(hfs: Hfsutils, tmp_path: Path) -> None:
    path = sparse(tmp_path / "stick.img", 8 << 20)
    hfs("hformat", "-l", "STICK", path)
    source = tmp_path / "source"
    source.mkdir()
    names = [f"file {number} of many" for number in range(300)]
    for number, name in enumerate(names):
        (source / name).write_bytes(bytes([number % 256]) * number * 50)
    hfs("hmount", path)
    hfs("hmkdir", ":folder")
    hfs("hcopy", "-r", *(source / name for name in names), ":folder")
    hfs("humount")
    device = MemoryDevice(path.read_bytes())
    volume = Hfs.open(device)
    found = dict(walked(volume, volume.facts().root))
    assert set(found) == {"folder", *(f"folder/{name}" for name in names)}
    for name in names:
        assert content_of(volume, device, found[f"folder/{name}"].node) == (source / name).read_bytes()


def test_hfsutils_read_the_same_from_a_volume_of_ours(hfs: Hfsutils, tmp_path: Path) -> None:
    """The builder is no better than what is known of it: here somebody else has a look at what it makes."""
    stick = HfsStick(moment=MOMENT)
    stick.add_folder("folder")
    contents = {name: content for name, content in TREE.files.items() if "/" not in name and name.isascii()}
    for number, (name, content) in enumerate(contents.items()):
        stick.add_file(f"folder/{name}", content, pieces=1 + 3 * number)
    path = stick.write(tmp_path / "stick.img")
    hfs("hmount", path)
    assert hfs("hls", "-1", ":folder").split("\n")[:-1] == sorted(contents, key=str.lower)
    for name, content in contents.items():
        hfs("hcopy", "-r", f":folder:{name}", tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == content
        (tmp_path / "copy").unlink()


def test_what_the_finder_knows_is_told() -> None:
    stick = HfsStick()
    stick.add_file("Read:Me ƒ", b"text", flags=1, finder=0x4000, resource=b"r" * 3000, pieces=5)
    device = MemoryDevice(stick.image())
    volume = Hfs.open(device)
    root = volume.facts().root
    entry = listed(volume, root)["Read:Me ƒ"]
    assert entry.attributes == Attribute.HIDDEN | Attribute.READ_ONLY
    assert volume.lookup(root, "read:me ƒ") == entry
    facts = dict(volume.stat(entry.node).facts)
    assert facts["Type and creator"] == "TEXT ttxt"
    assert facts["Resource fork"] == "3000 bytes"
    assert facts["Finder flags"] == "invisible"


def test_the_copy_of_the_master_directory_block_stands_in_for_it() -> None:
    stick = HfsStick()
    stick.add_file("file", b"content")
    damaged = bytearray(stick.image())
    damaged[1024:1200] = bytes(176)
    device = MemoryDevice(bytes(damaged))
    probe = Hfs.probe(device)
    assert probe is not None
    assert probe.confidence < 50
    volume = Hfs.open(device)
    assert list(listed(volume, volume.facts().root)) == ["file"]
    assert [fault.values["structure"] for fault in volume.facts().warnings] == ["master directory block"]
