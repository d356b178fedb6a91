"""Discs that genisoimage and xorriso make, compared file by file with what went in, and with isoinfo."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from core.entry import Attribute, Kind
from core.errors import NotFound
from core.fs.iso9660.driver import Iso9660
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.discs import (
    Seen,
    disc,
    image_of,
    kept,
    packed_disc,
    seen_of_host,
    seen_of_volume,
    xorriso_disc,
)
from tests.support.disks import run, tool
from tests.support.fat import blank_fat
from tests.support.iso9660 import fill
from tests.support.memory import MemoryDevice
from tests.support.terminal import rumpus
from tests.support.volumes import content_of, device_of, walked

Make = Callable[..., Path]
MAKERS: tuple[Make, ...] = (disc, xorriso_disc)
PLAIN: dict[Make, tuple[str, ...]] = {disc: (), xorriso_disc: ("--norock",)}
LATIN: dict[Make, tuple[str, ...]] = {disc: ("-input-charset", "iso8859-1"), xorriso_disc: ()}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fill(tmp_path_factory.mktemp("source") / "tree")
    os.mkfifo(folder / "fifo")
    for number, path in enumerate(sorted(folder.rglob("*"), reverse=True)):
        os.utime(path, (10**9 + number * 86_400,) * 2, follow_symlinks=False)
    return folder


def read(image: Path) -> tuple[dict[str, str], dict[str, Seen]]:
    with device_of(image) as device:
        volume = Iso9660.open(device)
        facts = volume.facts()
        assert facts.warnings == []
        return dict(facts.facts), seen_of_volume(volume, device)


def without_moved(found: dict[str, Seen]) -> dict[str, Seen]:
    return {path: seen for path, seen in found.items() if path != "rr_moved"}


@pytest.mark.parametrize("make", MAKERS)
def test_rock_ridge_keeps_everything(make: Make, source: Path, tmp_path: Path) -> None:
    facts, found = read(make(tmp_path / "disc.iso", source, "-R", "-J", "-joliet-long"))
    assert facts["Names"] == "Rock Ridge"
    assert facts["Also on it"] == "Joliet"
    assert without_moved(found) == seen_of_host(source)


@pytest.mark.parametrize("make", MAKERS)
def test_joliet_keeps_names_of_windows(make: Make, source: Path, tmp_path: Path) -> None:
    plain = tmp_path / "source"
    run("cp", "-a", source, plain)
    for name in ("link", "absolute", "long link", "fifo", "n" * 240, "1"):
        run("rm", "-r", plain / name)
    facts, found = read(make(tmp_path / "disc.iso", plain, "-J", "-joliet-long", *PLAIN[make]))
    assert facts["Names"] == "Joliet"
    wanted = {path: seen._replace(mode=None) for path, seen in seen_of_host(plain).items()}
    # One of the tools stamps folders with the time of their making.
    files = {path: seen for path, seen in found.items() if seen.kind is Kind.FILE}
    assert files == {path: seen for path, seen in wanted.items() if seen.kind is Kind.FILE}
    assert found.keys() == wanted.keys()


@pytest.mark.parametrize("level", ["1", "2", "3", "4"])
@pytest.mark.parametrize("make", MAKERS)
def test_plain_names_are_those_that_isoinfo_shows(
    make: Make, level: str, source: Path, tmp_path: Path
) -> None:
    image = make(tmp_path / "disc.iso", source / "many", "-iso-level", level, *PLAIN[make], *LATIN[make])
    shown = run("isoinfo", "-f", "-i", image).splitlines()
    if level == "4":  # there are names of 1999 beside those of 1988, which isoinfo does not show
        shown = [path.name for path in (source / "many").iterdir()]
    with device_of(image) as device:
        volume = Iso9660.open(device)
        found = dict(walked(volume, volume.facts().root))
        assert len(found) == 700
        names = {name.removeprefix("/").removesuffix(";1").removesuffix(".") for name in shown}
        assert {name.removesuffix(".") for name in found} == names
        contents = sorted(content_of(volume, device, entry.node) for entry in found.values())
    assert contents == sorted(path.read_bytes() for path in (source / "many").iterdir())


def test_links_may_be_long(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    target = "/".join(["../some directory of a long name", "c" * 250, "x"] * 3)
    (source / "link").symlink_to("/" + target)
    (source / "other").symlink_to(target)
    _, found = read(xorriso_disc(tmp_path / "disc.iso", source, "-R"))
    assert found == seen_of_host(source)


@pytest.mark.parametrize("version", [1, 2])
def test_packed_files_are_unpacked(version: int, source: Path, tmp_path: Path) -> None:
    image = tmp_path / "disc.iso"
    packed_disc(image, source, version)
    assert image.stat().st_size < sum(seen.size for seen in seen_of_host(source).values()) * 2
    _, found = read(image)
    assert found == seen_of_host(source)
    with device_of(image) as device:
        volume = Iso9660.open(device)
        entry = volume.lookup(volume.facts().root, "text")
        assert entry.attributes == Attribute.COMPRESSED
        assert dict(volume.stat(entry.node).facts)["Packed"].startswith("zisofs, ")


def test_the_last_session_is_shown(source: Path, tmp_path: Path) -> None:
    plain = tmp_path / "source"
    run("cp", "-a", source, plain)
    (plain / "long link").unlink()  # the tool makes it, but cannot read it in what it has made
    first = disc(tmp_path / "first.iso", plain, "-R")
    sectors = first.stat().st_size // 2048
    start = (sectors + 15) // 16 * 16
    more = tmp_path / "more"
    more.mkdir()
    (more / "added").write_bytes(b"later")
    second = disc(tmp_path / "second.iso", more, "-R", "-C", f"0,{start}", "-M", str(first))
    whole = tmp_path / "whole.iso"
    whole.write_bytes(first.read_bytes().ljust(start * 2048, b"\0") + second.read_bytes())
    facts, found = read(whole)
    assert facts["Sessions"] == f"2, the last at block {start}"
    assert "added" in found
    assert (
        found.items() >= {name: seen for name, seen in seen_of_host(plain).items() if "/" not in name}.items()
    )


def test_sessions_added_in_place_are_shown(source: Path, tmp_path: Path) -> None:
    image = tmp_path / "disc.iso"
    run("xorriso", "-outdev", f"stdio:{image}", "-map", source / "many", "/many", "-commit")
    run("xorriso", "-dev", f"stdio:{image}", "-map", source / "text", "/added", "-commit")
    _, found = read(image)
    assert len(found) == 702
    assert found["added"] == seen_of_host(source)["text"]


def test_what_a_disc_boots_is_told(source: Path, tmp_path: Path) -> None:
    boot = ("-b", "of 2048 bytes.bin", "-c", "catalog", "-no-emul-boot", "-boot-load-size", "4")
    facts, found = read(disc(tmp_path / "disc.iso", source, "-R", *boot))
    assert facts["Boots"].startswith("BIOS, no emulation, 4 sectors of 512 bytes at block ")
    assert found["catalog"].size == 2048


def test_a_disc_that_another_system_made_is_read_as_it_says() -> None:
    device = MemoryDevice(image_of("iso9660-joliet.iso"))
    volume = Iso9660.open(device)
    found = dict(walked(volume, volume.facts().root))
    files = {
        (
            path,
            entry.size,
            hashlib.sha256(content_of(volume, device, entry.node)).hexdigest()[:16],
            entry.modified,
        )
        for path, entry in found.items()
        if entry.kind is Kind.FILE
    }
    assert files == {
        (each.path, each.size, each.digest, None if each.modified is None else each.modified * 10**9)
        for each in kept("iso9660-joliet.iso")
    }


def test_a_stick_that_was_made_bootable_is_one_volume(source: Path, tmp_path: Path) -> None:
    """Hybrid images have a partition table in front; the tool may put a second tree into the partition."""
    tool("xorrisofs")
    image = xorriso_disc(tmp_path / "disc.iso", source, "-R", "-partition_offset", "16")
    _, found = read(image)
    assert found == seen_of_host(source)


def test_a_stick_that_also_boots_has_its_files_in_a_partition(source: Path, tmp_path: Path) -> None:
    boot = blank_fat(tmp_path / "boot.img", 1 << 20)
    options = (
        "-append_partition",
        "2",
        "0xef",
        str(boot),
        "-appended_part_as_gpt",
        "-partition_offset",
        "16",
    )
    image = xorriso_disc(tmp_path / "disc.iso", source / "many", "-R", *options)
    shown = rumpus("ls", f"{image}@1").stdout.splitlines()
    assert sorted(shown) == sorted(path.name for path in (source / "many").iterdir())
    assert "FAT12" in rumpus("info", image).stdout


async def test_the_macintosh_s_part_of_a_hybrid_disc_is_told_and_can_be_opened(
    source: Path, tmp_path: Path
) -> None:
    disc = tmp_path / "disc.iso"
    run("xorriso", "-as", "mkisofs", "-quiet", "-hfsplus", "-R", "-V", "DISC", "-o", disc, source)
    async with Supervisor() as supervisor:
        with await open_medium(disc) as medium:
            async with await supervisor.open(medium) as volume:
                assert volume.facts.system == "ISO 9660"
                (told,) = (value for label, value in volume.facts.facts if label == "Partition beside it")
            assert told == "3, Apple HFS or HFS+"
            async with await supervisor.open(medium, 3) as volume:
                assert volume.facts.system == "HFS+"
                names = [entry.name async for batch in volume.entries(volume.root.node) for entry in batch]
            assert sorted(names) == sorted(path.name for path in source.iterdir())
            with pytest.raises(NotFound):
                await supervisor.open(medium, 2)
