"""UDF as other systems wrote it, compared file by file with what went in."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from core.entry import Kind
from core.fs.iso9660.driver import Iso9660
from core.fs.registry import recognise
from core.fs.udf.driver import Udf
from tests.support.discs import disc, image_of, kept, seen_of_host, seen_of_volume
from tests.support.disks import run, sparse
from tests.support.memory import MemoryDevice
from tests.support.terminal import rumpus
from tests.support.volumes import content_of, device_of, volume_of, walked


@pytest.mark.parametrize(
    ("name", "revision", "block_size"), [("udf102-2k.img", "1.02", 2048), ("udf201-512.img", "2.01", 512)]
)
def test_a_volume_that_netbsd_filled_is_read_as_it_was_filled(
    name: str, revision: str, block_size: int
) -> None:
    device = MemoryDevice(image_of(name))
    volume = Udf.open(device)
    facts = volume.facts()
    assert (facts.label, facts.block_size, facts.warnings) == ("SAMPLE", block_size, [])
    assert dict(facts.facts)["Revision"] == revision
    found = {
        (path, entry.size, hashlib.sha256(content_of(volume, device, entry.node)).hexdigest()[:16])
        for path, entry in walked(volume, facts.root)
        if entry.kind is Kind.FILE
    }
    assert found == {(each.path, each.size, each.digest) for each in kept(name)}
    assert len(found) == 311


def test_of_a_disc_with_both_systems_udf_is_read_and_the_other_is_there_too(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "folder").mkdir(parents=True)
    (source / "folder" / "Grüße 数据.txt").write_bytes(b"content" * 1000)
    (source / "empty").touch()
    image = disc(tmp_path / "disc.iso", source, "-udf", "-R", "-J", "-V", "BRIDGE")
    wanted = {path: seen._replace(mode=None) for path, seen in seen_of_host(source).items()}
    with device_of(image) as device:
        assert [driver for driver, _ in recognise(device)] == [Udf, Iso9660]
        for driver in (Udf, Iso9660):
            found = seen_of_volume(driver.open(device), device)
            assert {path: seen._replace(mode=None) for path, seen in found.items()} == wanted
    assert "Rock Ridge" in rumpus("info", "--driver", "iso9660", image).stdout
    assert "Rock Ridge" not in rumpus("info", image).stdout


MEDIA = {
    "hd": ("--blocksize=512",),
    "hd of large blocks": ("--blocksize=4096",),
    "hd of 1024": ("--blocksize=1024", "--udfrev=0x0102"),
    "dvdram": (),
    "cdrw": (),
    "cdr": (),
    "dvdr": (),
    "bdr": ("--udfrev=0x0260",),
}


@pytest.mark.parametrize("media", MEDIA)
def test_an_empty_volume_is_known_as_udfinfo_knows_it(media: str, tmp_path: Path) -> None:
    image = sparse(tmp_path / "stick.img", 20 << 20)
    kind = media.partition(" ")[0]
    run("mkudffs", "--utf8", f"--media-type={kind}", "--label=Grüße", *MEDIA[media], image)
    with volume_of(Udf, image) as volume:
        facts = volume.facts()
        assert list(walked(volume, facts.root)) == []
    assert (facts.label, facts.warnings, facts.dirty) == ("Grüße", [], False)
    if kind in ("cdr", "dvdr", "bdr"):
        assert "virtual" in dict(facts.facts)["Partitions"]
        return  # the tool finds their table only where the medium ends
    shown = dict(line.partition("=")[::2] for line in run("udfinfo", "--utf8", image).splitlines())
    assert shown["label"] == facts.label
    assert shown["uuid"] == facts.uuid
    assert int(shown["blocksize"]) == facts.block_size
    assert shown["udfrev"] == dict(facts.facts)["Revision"]
    assert facts.free is not None
    assert int(shown["freeblocks"]) * facts.block_size == facts.free
