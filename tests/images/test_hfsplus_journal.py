"""A volume that was pulled out before its journal was played back shows what the journal has."""

from __future__ import annotations

import random

import pytest

from core.fs.hfsplus.driver import HfsPlus
from tests.support.hfsplus import HfsPlusStick
from tests.support.hfsplus_journal import KILLED, changes, journal
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed

SIZE = 32 * 1024
OLD, NEW = "before.txt", "behind.txt"


def stick(name: str, content: bytes) -> HfsPlusStick:
    made = HfsPlusStick(attributes=0x2100, journal=journal([], SIZE))
    made.add_file(name, content)
    made.add_link("link", "a target")
    return made


def place(image: bytes) -> range:
    """Where the journal lies."""
    at = image.index(journal([], SIZE)[:44])
    return range(at, at + SIZE)


def unplayed(start: int = 512, order: str = "<", *, pieces: int = 1, damage: int = -1) -> bytes:
    """The volume before a change that its journal has, in so many transactions."""
    before, after = stick(OLD, b"old content").image(), stick(NEW, b"new content").image()
    where = place(before)
    changed = changes(before, after, where)
    # What an earlier transaction says of a sector is not the last word, and some sectors belong nowhere.
    early = [(number, bytes(512)) for number, _ in changed] + [(KILLED, b"\xff" * 1024)]
    step = -(-len(changed) // pieces)
    late = [changed[at : at + step] for at in range(0, len(changed), step)]
    ring = bytearray(journal([early, *late], SIZE, start, order))
    if damage >= 0:
        ring[damage] ^= 0xFF
    image = bytearray(before)
    image[where.start : where.stop] = ring
    return bytes(image)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("start", [512, SIZE - 512, SIZE - 1024, SIZE - 2048])
@pytest.mark.parametrize("pieces", [1, 3])
def test_the_journal_is_replayed_in_memory_wherever_it_begins(start: int, order: str, pieces: int) -> None:
    image = unplayed(start, order, pieces=pieces)
    device = MemoryDevice(image)
    volume = HfsPlus.open(device)
    facts = volume.facts()
    found = listed(volume, facts.root)
    assert set(found) == {NEW, "link"}
    assert content_of(volume, device, found[NEW].node) == b"new content"
    assert volume.read_link(found["link"].node) == "a target"
    assert (facts.dirty, facts.warnings) == (True, [])
    assert dict(facts.facts)["Journal"].startswith(f"{pieces + 1} transactions")
    assert bytes(device.content) == image


def test_a_journal_with_nothing_in_it_is_clean() -> None:
    facts = HfsPlus.open(MemoryDevice(stick(OLD, b"old content").image())).facts()
    assert (facts.dirty, facts.warnings, dict(facts.facts)["Journal"]) == (False, [], "clean")


@pytest.mark.parametrize("damage", [0, 9, 24, 38, 512 + 2, 512 + 6, 512 + 9])
def test_a_damaged_journal_is_left_alone_with_a_warning(damage: int) -> None:
    device = MemoryDevice(unplayed(damage=damage))
    volume = HfsPlus.open(device)
    facts = volume.facts()
    assert set(listed(volume, facts.root)) == {OLD, "link"}
    assert [fault.values["structure"] for fault in facts.warnings] == ["journal"]
    assert dict(facts.facts)["Journal"] == "could not be read"


def test_random_damage_in_a_journal_is_no_worse() -> None:
    chance = random.Random(8)
    image = unplayed()
    where = place(stick(OLD, b"old content").image())
    for _ in range(300):
        damaged = bytearray(image)
        for _ in range(chance.choice((1, 2, 8))):
            damaged[where.start + chance.randrange(2048)] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
        volume = HfsPlus.open(MemoryDevice(bytes(damaged)))
        volume.facts()
