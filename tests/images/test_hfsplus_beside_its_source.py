"""HFS+ volumes that other programs made, compared file by file with what went in."""

from __future__ import annotations

import unicodedata

from core.fs.hfsplus.driver import HfsPlus
from tests.support.mac import files, image, known
from tests.support.memory import MemoryDevice


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
