"""What mke2fs -d does not make: attributes, holes, encryption, casefold, and features from the future."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.entry import Attribute, Kind
from core.errors import NotFound, UnsupportedFeature, WrongKind
from core.fs.driver import HOLE
from tests.support.ext import (
    ROOT,
    content_of,
    debugfs,
    ext_image,
    needs_e2fsprogs,
    node_of,
    opened,
    patched,
)

pytestmark = needs_e2fsprogs

MIB = 1 << 20


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "folder/inner").mkdir(parents=True)
    (folder / "file").write_bytes(b"x" * 10_000)
    (folder / "folder/other").write_bytes(b"other")
    (folder / "link").symlink_to("file")
    return folder


def image_of(source: Path, *options: str) -> Path:
    return ext_image(source.parent / "stick.img", 16 * MIB, "-t", "ext4", *options, source=source)


def test_holes_and_unwritten_extents_are_holes(source: Path) -> None:
    with (source / "holes").open("wb") as file:
        file.seek(8192)
        file.write(b"middle".ljust(4096, b"."))
        file.truncate(100_000)
    image = image_of(source, "-b", "4096")
    debugfs(image, "fallocate /holes 5 9", write=True)
    volume, device = opened(image)
    found = list(volume.extents(node_of(volume, "holes")))
    assert [(offset, length) for offset, position, length in found if position == HOLE] == [
        (0, 8192),
        (12288, 100_000 - 12288),
    ]
    assert [(offset, length) for offset, position, length in found if position != HOLE] == [(8192, 4096)]
    assert content_of(volume, device, "holes") == (source / "holes").read_bytes()


@pytest.mark.parametrize("options", [(), ("-I", "128"), ("-O", "ea_inode")], ids=" ".join)
def test_extended_attributes_are_listed_wherever_they_are_kept(
    options: tuple[str, ...], source: Path
) -> None:
    image = image_of(source, *options)
    (source.parent / "long").write_bytes(b"v" * 900)
    (source.parent / "huge").write_bytes(b"w" * 1024)
    requests = [
        "ea_set /file user.comment kind",
        f"ea_set -f {source.parent / 'long'} /file user.long",
        r'ea_set /file security.binary "\001\002"',
    ]
    if "ea_inode" in options:
        requests.append(f"ea_set -f {source.parent / 'huge'} /file user.huge")
    debugfs(image, *requests, write=True)
    volume, _ = opened(image)
    facts = dict(volume.stat(node_of(volume, "file")).facts)
    assert facts["user.comment"] == "kind"
    assert facts["user.long"] == "900 bytes"
    assert "security.binary" in facts
    assert facts.get("user.huge") == ("1024 bytes" if "ea_inode" in options else None)


def test_an_encrypted_file_is_listed_and_refused_by_name(source: Path) -> None:
    image = image_of(source, "-O", "encrypt")
    debugfs(image, "sif /file flags 0x80800", "sif /link flags 0x800", write=True)
    volume, _ = opened(image)
    entry = volume.lookup(ROOT, "file")
    assert entry.problem is None and entry.attributes == Attribute.ENCRYPTED
    with pytest.raises(UnsupportedFeature) as error:
        volume.extents(entry.node)
    assert error.value.name == "encrypt"
    with pytest.raises(UnsupportedFeature):
        volume.read_link(node_of(volume, "link"))


def test_names_in_an_encrypted_folder_are_shown_as_they_are_on_disk(source: Path) -> None:
    raw = b"ab/\xff"
    (source / "folder/abcd").write_bytes(b"1")
    image = image_of(source, "-O", "encrypt,^metadata_csum")
    debugfs(image, "sif /folder flags 0x80800", write=True)
    volume, _ = opened(image.read_bytes().replace(b"abcd", raw))
    (entries,) = volume.entries(node_of(volume, "folder"))
    named = {entry.name: entry.problem for entry in entries}
    assert named["ab\\x2f\\xff"] is None


def test_a_folder_that_folds_case_finds_names_in_any(source: Path) -> None:
    (source / "Grüße.TXT").write_bytes(b"hello")
    image = image_of(source, "-O", "casefold")
    debugfs(image, "sif / flags 0x40080000", write=True)
    volume, device = opened(image)
    assert content_of(volume, device, "gRÜSSE.txt") == b"hello"
    assert "casefold" in dict(volume.stat(ROOT).facts)["Flags"]
    with pytest.raises(NotFound):
        volume.lookup(node_of(volume, "folder"), "OTHER")


def test_features_from_the_future_are_refused_by_name(source: Path) -> None:
    image = image_of(source, "-O", "^metadata_csum")
    for bits, name in ((0x1002, "dirdata"), (0x80000002, "0x80000000"), (0x2001002, "dirdata, 0x2000000")):
        with pytest.raises(UnsupportedFeature) as error:
            opened(patched(image, 1024 + 0x60, bits.to_bytes(4, "little")))
        assert error.value.name == name
    volume, device = opened(patched(image, 1024 + 0x64, (0x40000001).to_bytes(4, "little")))
    assert "0x40000000" in dict(volume.facts().facts)["Features"]
    assert content_of(volume, device, "file") == b"x" * 10_000


def test_devices_are_shown_and_never_opened(source: Path) -> None:
    image = image_of(source)
    large = ((259 << 8) | (70000 & 0xFF) | (70000 & 0xFFF00) << 12) & 0xFFFFFFFF
    requests = ("mknod small c 4 65", "mknod large b 8 1", "sif large block[0] 0", "mknod pipe p")
    debugfs(image, *requests, f"sif large block[1] {large}", write=True)
    volume, _ = opened(image)
    for name, number in (("small", "4:65"), ("large", "259:70000"), ("pipe", None)):
        entry = volume.lookup(ROOT, name)
        assert entry.kind is Kind.OTHER
        assert dict(volume.stat(entry.node).facts).get("Device") == number
        with pytest.raises(WrongKind):
            volume.extents(entry.node)


def test_details_tell_what_the_inode_keeps(source: Path) -> None:
    os.chmod(source / "file", 0o640)  # noqa: PTH101
    image = image_of(source)
    debugfs(
        image,
        "sif /file uid 100001",
        "sif /file gid 70000",
        "sif /file generation 4242",
        "sif /file flags 0x80030",
        write=True,
    )
    volume, _ = opened(image)
    details = volume.stat(node_of(volume, "file"))
    assert (details.uid, details.gid, details.links, details.entry.mode) == (100_001, 70_000, 1, 0o640)
    assert details.allocated == 10_240
    facts = dict(details.facts)
    assert facts["Flags"] == "immutable, append only, extents"
    assert (facts["Generation"], facts["Inode"]) == ("4242", str(details.entry.node))


@pytest.mark.parametrize("node", [0, 3_000_000, 2**62])
def test_a_node_that_there_is_not_is_not_found(node: int, source: Path) -> None:
    volume, _ = opened(image_of(source))
    for ask in (volume.stat, volume.read_link, lambda node: list(volume.entries(node))):
        with pytest.raises(NotFound):
            ask(node)


def test_an_inode_not_in_use_is_not_found(source: Path) -> None:
    volume, _ = opened(image_of(source))
    with pytest.raises(NotFound):
        volume.stat(1000)


def test_what_is_no_folder_file_or_link_says_so(source: Path) -> None:
    volume, _ = opened(image_of(source))
    with pytest.raises(WrongKind):
        list(volume.entries(node_of(volume, "file")))
    with pytest.raises(WrongKind):
        volume.extents(node_of(volume, "folder"))
    with pytest.raises(WrongKind):
        volume.read_link(node_of(volume, "file"))
