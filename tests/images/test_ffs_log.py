"""A volume of NetBSD that was pulled out shows what its log has, and the stick stays as it was."""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

import pytest

from core.errors import RumpusError
from core.fs.ffs.driver import Ffs
from tests.support.ffs import SUPERBLOCK, ffs_image
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed, walked
from tests.support.wapbl import RING, SECTOR, blocks, inodes, log, revoked, with_log

SIZE = 64 * 1024
CASES = [(1, "le"), (1, "be"), (2, "le"), (2, "be")]


class Made(NamedTuple):
    """A volume whose root directory and inodes were never written to their places, and their sectors."""

    content: bytes
    mark: str
    missing: list[tuple[int, bytes]]

    def records(self) -> list[bytes]:
        """What an earlier record says of a sector is not the last word, nor is what was revoked."""
        mark, early = self.mark, [(number, b"\xff" * len(data)) for number, data in self.missing]
        late = [blocks(mark, self.missing[at : at + 3]) for at in range(0, len(self.missing), 3)]
        superblock = SUPERBLOCK // SECTOR
        stale = blocks(mark, [(superblock, bytes(SECTOR))]), revoked(mark, [(superblock, SECTOR)])
        unlinked = inodes(mark, (90, 91, 92)), inodes(mark, (93, 94), clear=True)
        return [blocks(mark, early), *stale, *unlinked, *late]

    def unplayed(self, tail: int = RING, *, inside: bool = False) -> bytearray:
        return with_log(self.content, self.mark, log(self.mark, self.records(), SIZE, tail), inside=inside)


@pytest.fixture(params=CASES, ids=lambda case: f"UFS{case[0]} {case[1]}")
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    version, order = request.param
    source = tmp_path / "source"
    (source / "folder").mkdir(parents=True)
    (source / "file").write_bytes(b"content" * 3000)
    (source / "folder" / "inner").write_bytes(b"inside\n")
    image = ffs_image(tmp_path / "stick.img", source, version, order, "bsize=4096", "fsize=512")
    content = bytearray(image.read_bytes())
    volume = Ffs.open(MemoryDevice(content))
    places = [volume.inodes([2])[2].position // 4096 * 4096]  # type: ignore[union-attr]
    root = volume.inodes([2])[2]
    places += [extent.position for extent in volume.mapped(root)]  # type: ignore[arg-type]
    missing = []
    for place in places:
        for at in range(place, place + (4096 if place == places[0] else 512), 512):
            missing.append((at // SECTOR, bytes(content[at : at + SECTOR])))
            content[at : at + SECTOR] = bytes(SECTOR)
    return Made(bytes(content), "<" if order == "le" else ">", missing)


@pytest.mark.parametrize("inside", [False, True], ids=["behind", "inside"])
@pytest.mark.parametrize("tail", [RING, *(SIZE - count * SECTOR for count in (1, 3, 15, 16, 18, 20, 27))])
def test_the_log_is_replayed_in_memory_wherever_it_begins(made: Made, tail: int, inside: bool) -> None:
    content = made.unplayed(tail, inside=inside)
    device = MemoryDevice(content)
    volume = Ffs.open(device)
    found = dict(walked(volume, 2))
    assert set(found) == {"folder", "file", "folder/inner"}
    assert all(entry.problem is None for entry in found.values())
    assert content_of(volume, device, found["file"].node) == b"content" * 3000
    facts = volume.facts()
    assert (facts.dirty, facts.warnings) == (True, [])
    (words,) = (value for label, value in facts.facts if label == "Log")
    sectors = len(made.missing)
    assert words.endswith(f", {sectors} sectors, replayed in memory, 2 files unfinished or deleted")
    assert device.content == content


def test_without_its_log_the_volume_would_show_nothing(made: Made) -> None:
    with pytest.raises(RumpusError):
        listed(Ffs.open(MemoryDevice(made.content)), 2)


def test_what_lies_behind_the_head_does_not_count(made: Made) -> None:
    """The records are there, but the header that is the newest tells of none."""
    ring = log(made.mark, made.records(), SIZE, generation=7)
    ring[:SECTOR], ring[SECTOR : 2 * SECTOR] = ring[SECTOR : 2 * SECTOR], ring[:SECTOR]
    number = (7).to_bytes(4, "little" if made.mark == "<" else "big")
    ring[12:16], ring[SECTOR + 12 : SECTOR + 16] = number, bytes(4)
    volume = Ffs.open(MemoryDevice(with_log(made.content, made.mark, ring, inside=False)))
    assert ("Log", "clean") in volume.facts().facts


@pytest.mark.parametrize("at", [0, 36, 40, 44, 48, 64, 72, RING, RING + 4, RING + 8, RING + 28])
def test_a_damaged_log_is_left_alone_with_a_warning(made: Made, at: int) -> None:
    ring = log(made.mark, made.records(), SIZE)
    ring[SECTOR : 2 * SECTOR] = ring[:SECTOR]
    for copy in (0, SECTOR) if at < SECTOR else (0,):
        ring[at + copy : at + copy + 4] = b"\x7f\xff\xff\x7f"
    volume = Ffs.open(MemoryDevice(with_log(made.content, made.mark, ring, inside=False)))
    facts = volume.facts()
    assert ("Log", "could not be read") in facts.facts
    assert len(facts.warnings) == 1
    assert facts.dirty


def test_random_damage_in_a_log_is_no_worse(made: Made) -> None:
    chance = random.Random(7)
    sound = log(made.mark, made.records(), SIZE)
    reach = RING + sum(map(len, made.records()))
    for _ in range(100):
        ring = bytearray(sound)
        for _ in range(chance.choice((1, 4, 64))):
            at = chance.choice((chance.randrange(80), chance.randrange(reach)))
            ring[at] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
        try:
            volume = Ffs.open(MemoryDevice(with_log(made.content, made.mark, ring, inside=False)))
            volume.facts()
            list(walked(volume, 2))
        except RumpusError:
            continue
