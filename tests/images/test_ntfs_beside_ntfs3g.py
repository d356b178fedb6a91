"""NTFS in every shape that mkntfs makes, compared file by file with what ntfs-3g and its tools read."""

from __future__ import annotations

import hashlib
import os
import random
import re
import struct
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from core.blockdev.device import BlockDevice
from core.entry import Attribute, Kind
from core.errors import UnsupportedFeature
from core.fs.content import Content
from core.fs.ntfs.driver import Ntfs
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.disks import run, tool
from tests.support.ntfs import (
    ROOT,
    SHORT_NAME,
    Seen,
    blank_ntfs,
    fill,
    link_data,
    mounted,
    set_attributes,
    set_reparse,
    tree_of_mount,
)
from tests.support.volumes import content_of, device_of, listed, volume_of, walked

MIB = 1 << 20
SHAPES = {
    "as usual": (),
    "clusters smaller than records": ("-c", "512"),
    "clusters larger than index blocks": ("-c", "65536"),
    "clusters too large for compression": ("-c", "8192"),
    "sectors of 1 KiB": ("-s", "1024", "-c", "2048"),
    "sectors of 4 KiB": ("-s", "4096", "-c", "4096"),
}


class Filled(NamedTuple):
    image: Path
    wanted: dict[str, Seen]


@pytest.fixture(scope="module", params=SHAPES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    image = tmp_path_factory.mktemp("stick") / "stick.img"
    blank_ntfs(image, 96 * MIB, "-L", "HOLIDAY", *SHAPES[request.param])
    with mounted(image) as volume:
        fill(volume)
    with mounted(image, "ro") as volume:
        return Filled(image, tree_of_mount(volume))


def tree_of_volume(volume: Ntfs, device: BlockDevice) -> dict[str, Seen]:
    """Every file of a volume, which must all be sound."""
    found: dict[str, Seen] = {}
    for path, entry in walked(volume, ROOT):
        assert entry.problem is None, entry
        assert entry.modified is not None
        content = ""
        if entry.kind is Kind.FILE:
            content = hashlib.sha256(content_of(volume, device, entry.node)).hexdigest()
        elif entry.kind is Kind.SYMLINK:
            content = volume.read_link(entry.node)
        links = volume.stat(entry.node).links
        found[path] = Seen(entry.kind, entry.size, entry.modified, links, content)
    return found


def test_every_file_is_as_ntfs3g_reads_it(filled: Filled) -> None:
    with device_of(filled.image) as device:
        volume = Ntfs.open(device)
        assert tree_of_volume(volume, device) == filled.wanted
        assert len(filled.wanted) > 850
        assert volume.facts().warnings == []


def test_the_volume_knows_itself_as_ntfsinfo_does(filled: Filled) -> None:
    told = run("ntfsinfo", "-m", filled.image)

    def number(name: str) -> int:
        return int(re.findall(rf"{name}:\s*(\d+)", told)[0])

    with device_of(filled.image) as device:
        facts = Ntfs.open(device).facts()
        probed = Ntfs.probe(device)
    assert probed is not None and probed.confidence > 80
    assert (probed.system, probed.label, facts.label) == ("NTFS", "HOLIDAY", "HOLIDAY")
    assert facts.block_size == number("Cluster Size")
    assert facts.size // facts.block_size == number("Volume Size in Clusters")
    assert facts.free == number("Free Clusters") * facts.block_size
    assert dict(facts.facts)["Version"] == "3.1"
    assert dict(facts.facts)["Sector size"] == str(number("Sector Size"))
    assert facts.uuid == run("blkid", "-o", "value", "-s", "UUID", filled.image).strip()
    assert not facts.dirty


def test_sizes_on_the_medium_are_those_that_ntfs3g_tells(filled: Filled) -> None:
    with mounted(filled.image, "ro") as folder, volume_of(Ntfs, filled.image) as volume:
        for path, entry in walked(volume, ROOT):
            if entry.kind is Kind.FILE:
                details = volume.stat(entry.node)
                resident = ("Allocation", "in the file record") in details.facts
                on_medium = 0 if resident else (folder / path).stat().st_blocks * 512
                assert (details.allocated or 0) == on_medium, path


def test_reads_anywhere_in_a_compressed_file_agree_with_ntfscat(filled: Filled) -> None:
    for name in ("packed/mixed", "packed/holes", "one in pieces"):
        command = [tool("ntfscat"), str(filled.image), name]
        whole = subprocess.run(command, capture_output=True, check=True).stdout
        with device_of(filled.image) as device:
            volume = Ntfs.open(device)
            node = ROOT
            for part in name.split("/"):
                node = volume.lookup(node, part).node
            content = Content(volume, device, node)
            chance = random.Random(4)
            for _ in range(40):
                offset, length = chance.randrange(len(whole)), chance.choice((1, 100, 70_000, 300_000))
                assert content.read(offset, length) == whole[offset : offset + length]
            pieces = [content.read(at, 10_000) for at in range(0, len(whole), 10_000)]
            assert b"".join(pieces) == whole


def test_a_sequential_reader_of_a_compressed_file_decompresses_each_unit_once(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    with device_of(filled.image) as device:
        volume = Ntfs.open(device)
        node = volume.lookup(volume.lookup(ROOT, "packed").node, "mixed").node
        started: list[int] = []
        whole = volume.data

        def counted(node: int, start: int = 0) -> object:
            started.append(start)
            return whole(node, start)

        monkeypatch.setattr(volume, "data", counted)
        content = Content(volume, device, node)
        for at in range(0, content.size, 10_000):
            content.read(at, 10_000)
    assert started in ([0, 0], [0])


def test_a_table_of_files_in_many_pieces_is_followed(tmp_path: Path) -> None:
    """Between files of a full volume there is no room for the table in one piece."""
    image = blank_ntfs(tmp_path / "stick.img", 6 * MIB, "-c", "512")
    with mounted(image) as folder:
        for number in range(4000):
            try:
                (folder / f"{number:06}").write_bytes(b"y" * (1100 if number % 2 else 10))
            except OSError:
                break
        for number in range(0, 3000, 3):
            (folder / f"{number:06}").unlink(missing_ok=True)
        for number in range(3000):
            try:
                (folder / f"again {number:06}").write_bytes(b"z" * number if number < 500 else b"")
            except OSError:
                break
    with mounted(image, "ro") as folder:
        wanted = tree_of_mount(folder)
    with device_of(image) as device:
        volume = Ntfs.open(device)
        assert len(list(volume.extents(0))) > 1
        assert tree_of_volume(volume, device) == wanted


def test_short_names_are_shown_once_and_found_all_the_same(tmp_path: Path) -> None:
    image = blank_ntfs(tmp_path / "stick.img", 4 * MIB)
    long = "A long name that needs a short one.txt"
    with mounted(image) as folder:
        (folder / long).write_bytes(b"short")
        os.setxattr(folder / long, SHORT_NAME, b"ALONGN~1.TXT")
        (folder / "Other").write_bytes(b"")
    with volume_of(Ntfs, image) as volume:
        assert set(listed(volume, ROOT)) == {long, "Other"}
        entry = volume.lookup(ROOT, long)
        assert volume.lookup(ROOT, "alongn~1.txt").node == entry.node
        assert volume.lookup(ROOT, long.upper()) == entry
        details = volume.stat(entry.node)
        assert ("Short name", "ALONGN~1.TXT") in details.facts
        assert details.links == 1


def test_streams_hard_links_and_attributes_are_told(tmp_path: Path) -> None:
    image = blank_ntfs(tmp_path / "stick.img", 4 * MIB)
    with mounted(image) as folder:
        file = folder / "file"
        file.write_bytes(b"content")
        os.setxattr(file, "user.Zone.Identifier", b"[ZoneTransfer]\r\nZoneId=3\r\n")
        os.setxattr(file, "user.large", b"s" * 5000)
        os.link(file, folder / "other name")
        set_attributes(file, 0x27)
        status = file.stat()
    with volume_of(Ntfs, image) as volume:
        entry = volume.lookup(ROOT, "file")
        details = volume.stat(entry.node)
    assert ("Stream Zone.Identifier", "26 bytes") in details.facts
    assert ("Stream large", "5000 bytes") in details.facts
    assert {("Name", "file in 5"), ("Name", "other name in 5")} <= set(details.facts)
    assert details.links == 2
    assert entry.attributes == Attribute.READ_ONLY | Attribute.HIDDEN | Attribute.SYSTEM | Attribute.ARCHIVE
    assert (details.accessed, details.changed) == (status.st_atime_ns, status.st_ctime_ns)
    assert details.created is not None and details.created <= status.st_mtime_ns


JUNCTION, SYMLINK, LINUX, OVERLAY = 0xA0000003, 0xA000000C, 0xA000001D, 0x80000017
LINKS = {
    "junction": (JUNCTION, link_data("\\??\\C:\\Users\\me", "C:\\Users\\me"), "C:/Users/me"),
    "volume": (JUNCTION, link_data("\\??\\Volume{1-2}\\", ""), "Volume{1-2}/"),
    "relative": (SYMLINK, link_data("..\\other\\file", "..\\other\\file", True), "../other/file"),
    "absolute": (SYMLINK, link_data("\\??\\D:\\x", "D:\\x", False), "D:/x"),
    "share": (SYMLINK, link_data("\\??\\UNC\\host\\share", "", False), "//host/share"),
    "by print name": (SYMLINK, link_data("", "shown\\only", True), "shown/only"),
    "of Linux": (LINUX, b"\x02\0\0\0/usr/share/\xc3\xa9", "/usr/share/é"),
}
OTHERS = {
    "in an archive": (OVERLAY, struct.pack("<5I", 1, 1, 1, 0, 0), Kind.FILE, "in an archive"),
    "deduplicated": (0x80000013, bytes(8), Kind.OTHER, "deduplication"),
    "unknown": (0x8000BEEF, bytes(8), Kind.OTHER, "0x8000beef"),
    "in the cloud, and here": (0x9000301A, bytes(8), Kind.FILE, ""),
}


def test_reparse_points_are_links_or_named(tmp_path: Path) -> None:
    image = blank_ntfs(tmp_path / "stick.img", 4 * MIB)
    with mounted(image) as folder:
        for name, (tag, data, _) in LINKS.items():
            if tag == JUNCTION:
                (folder / name).mkdir()
            else:
                (folder / name).touch()
            set_reparse(folder / name, tag, data)
        for name, (tag, data, _, _) in OTHERS.items():
            (folder / name).write_bytes(b"stub")
            set_reparse(folder / name, tag, data)
    with mounted(image, "special_files=wsl") as folder:
        os.mkfifo(folder / "FIFO of Linux")
    with device_of(image) as device:
        volume = Ntfs.open(device)
        found = listed(volume, ROOT)
        assert (found["FIFO of Linux"].kind, found["FIFO of Linux"].problem) == (Kind.OTHER, None)
        for name, (_, _, target) in LINKS.items():
            assert (found[name].kind, found[name].problem) == (Kind.SYMLINK, None)
            assert volume.read_link(found[name].node) == target
        for name, (_, _, kind, feature) in OTHERS.items():
            entry = found[name]
            assert entry.kind is kind
            if not feature:
                assert entry.problem is None
                continue
            assert entry.problem is not None
            error = entry.problem.error()
            assert isinstance(error, UnsupportedFeature) and feature in error.name
        assert content_of(volume, device, found["in the cloud, and here"].node) == b"stub"
        with pytest.raises(UnsupportedFeature):
            volume.data(found["in an archive"].node)


async def test_compressed_files_and_links_go_through_the_wall(filled: Filled, tmp_path: Path) -> None:
    async with Supervisor() as supervisor:
        with await open_medium(filled.image) as medium:
            async with await supervisor.open(medium) as volume:
                for path in ("packed/mixed", "packed/holes", "sparse", "one in pieces", "of 700 bytes"):
                    node = (await volume.resolve(path)).node
                    with (tmp_path / "out").open("wb") as file:
                        copied = await volume.copy(node, file.fileno())
                    assert copied.lost == []
                    content = (tmp_path / "out").read_bytes()
                    assert hashlib.sha256(content).hexdigest() == filled.wanted[path].content
                    assert await volume.read(node, 100, 500) == content[100:600]
                assert await volume.read_link((await volume.resolve("link")).node) == "many/hard link"
                assert (await volume.resolve("MANY/HARD LINK")).size == 300
