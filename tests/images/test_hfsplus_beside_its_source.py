"""HFS+ volumes that other programs made, compared file by file with what went in."""

from __future__ import annotations

import os
import random
import unicodedata
from pathlib import Path

import pytest

from core.blockdev import apm
from core.blockdev.window import Window
from core.entry import Kind
from core.fs.hfsplus.driver import HfsPlus
from tests.support.disks import run
from tests.support.mac import files, image, known
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, device_of, walked


def test_a_volume_made_by_libisofs_has_what_went_in() -> None:
    device = MemoryDevice(image("hfsplus"))
    volume = HfsPlus.open(device)
    expected = {unicodedata.normalize("NFC", path): file for path, file in known("hfsplus").items()}
    assert len(expected) > 300
    assert files(volume, device) == expected
    facts = volume.facts()
    assert (facts.system, facts.label, facts.dirty, facts.warnings) == ("HFS+", "SAMPLE", False, [])


def test_a_slash_of_the_macintosh_is_shown_as_a_colon() -> None:
    """The volume was made by Mac OS X; the one who listed it wrote "_" for what no path can have."""
    device = MemoryDevice(image("hfsplus-colon"))
    volume = HfsPlus.open(device)
    found = files(volume, device)
    assert list(found) == ["foo:bar"]
    expected = known("hfsplus-colon")["hfstest/foo_bar"]
    assert found["foo:bar"][:2] == expected[:2]
    assert volume.lookup(volume.facts().root, "foo:bar").size == 5
    facts = volume.facts()
    assert (facts.system, facts.label, facts.warnings) == ("HFSX", "hfstest", [])
    assert ("Names", "case matters") in facts.facts


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Some hundred files with modes and times of their own."""
    chance = random.Random(3)
    folder = tmp_path / "source"
    for number in range(12):
        above = folder / f"folder {number} é"
        above.mkdir(parents=True)
        for index in range(60):
            path = above / f"file {index} naïve.dat"
            path.write_bytes(chance.randbytes(chance.choice((0, 1, 100, 5000, 70_000))))
            path.chmod(chance.choice((0o644, 0o600, 0o755)))
            os.utime(path, (1e9, 1_000_000_000 + chance.randrange(10**8)))
    (folder / "link").symlink_to("folder 1 é/file 1 naïve.dat")
    return folder


def test_the_part_of_a_disc_that_xorriso_makes_for_the_macintosh_has_what_went_in(
    source: Path, tmp_path: Path
) -> None:
    disc = tmp_path / "disc.iso"
    run("xorriso", "-as", "mkisofs", "-quiet", "-hfsplus", "-R", "-V", "DISC", "-o", disc, source)
    with device_of(disc) as device:
        size = apm.block_size(device, device.read(0, 512))
        place = next(part for part in apm.slices(device, size)[0] if part.type == "Apple HFS or HFS+")
        window = Window(device, place.offset, place.size)
        volume = HfsPlus.open(window)
        found = dict(walked(volume, volume.facts().root))
        compared = 0
        for path in source.rglob("*"):
            entry = found.pop(str(path.relative_to(source)))
            if entry.kind is Kind.FILE:
                compared += 1
                assert content_of(volume, window, entry.node) == path.read_bytes()
                assert entry.mode == path.stat().st_mode & 0o7777
                assert entry.modified == path.stat().st_mtime_ns // 10**9 * 10**9
            elif entry.kind is Kind.SYMLINK:
                assert volume.read_link(entry.node) == str(path.readlink())
        assert (compared, found) == (720, {})
