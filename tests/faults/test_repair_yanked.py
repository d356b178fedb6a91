"""A stick that is pulled out while it is repaired: nothing is worse than before, and a second try ends clean.

RUMPUS_DEEP=1 looks at every moment; otherwise at so many, spread evenly, that the run stays short.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from core.blockdev.draft import DraftDevice
from core.blockdev.record import RecordingDevice, Replay
from core.entry import Kind
from core.errors import RumpusError
from core.fs.exfat.driver import ExFat
from core.fs.fat.driver import Fat
from tests.support import exfat_damage, fat_damage
from tests.support.fsck import complaints, exfat_complaints
from tests.support.memory import MemoryDevice
from tests.support.pulling import DEEP, Shared, moments
from tests.support.repairs import applied, repaired
from tests.support.volumes import content_of, walked

_NOT_COUNTED = "Free cluster summary uninitialized"
"""What a sound volume may say of its free clusters, and does from the first write to the last."""


class Case(NamedTuple):
    driver: type[Fat | ExFat]
    content: bytes


def cases() -> list[tuple[str, str, int]]:
    """(system, damage, width)."""
    found = [("exFAT", name, 0) for name in exfat_damage.DAMAGES]
    widths = (12, 16, 32) if DEEP else (16, 32)
    for name, damage in fat_damage.DAMAGES.items():
        fitting = [width for width in widths if width in damage.widths]
        found += [("FAT", name, width) for width in (fitting if DEEP else fitting[:1])]
    return found


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    system, name, width = request.param
    if system == "exFAT":
        victim = exfat_damage.Victim()
        exfat_damage.DAMAGES[name].do(victim)
        return Case(ExFat, bytes(victim.stick.data))
    image = fat_damage.Image(tmp_path / "stick.img", width)
    fat_damage.DAMAGES[name].do(image)
    return Case(Fat, image.path.read_bytes())


def readable(driver: type[Fat | ExFat], device: MemoryDevice) -> list[bytes]:
    """The contents of the files that can be read to their end, whatever they are called."""
    found = []
    volume = driver.open(device)
    try:
        for _, entry in walked(volume):
            if entry.kind is Kind.FILE:
                try:
                    found.append(content_of(volume, device, entry.node))
                except RumpusError:
                    continue
    except RumpusError:
        pass  # a folder that cannot be listed to its end
    return found


def recorded(draft: DraftDevice, content: bytes) -> RecordingDevice:
    """What a repair writes to a medium, and when it waits for it."""
    device = RecordingDevice(MemoryDevice(content))
    for _ in draft.replay(device):
        pass
    return device


@pytest.mark.timeout(3600 if DEEP else 120)
@pytest.mark.parametrize("keep", [False, True], ids=["freed", "kept"])
@pytest.mark.parametrize(
    "case", [pytest.param(case, id="-".join(map(str, case))) for case in cases()], indirect=True
)
def test_a_pull_at_any_moment_leaves_what_was_readable_and_a_second_repair_ends_clean(
    case: Case, keep: bool, tmp_path: Path
) -> None:
    driver, content = case
    before = readable(driver, MemoryDevice(content))
    device = recorded(repaired(driver, MemoryDevice(content), keep=keep).draft, content)
    # What a repair takes from a file, it takes from what could not be its own: that is no loss by a pull.
    whole = readable(driver, MemoryDevice(device.read(0, device.size)))
    kept = [one for one in before if one in whole]
    replay = Replay(content, device.log)
    judge, image = (exfat_complaints if driver is ExFat else complaints), tmp_path / "pulled.img"
    for number, cut in enumerate(moments(replay)):
        there = readable(driver, Shared(cut.content))
        for one in set(kept):
            assert there.count(one) >= min(1, kept.count(one)), cut[:3]
        again = repaired(driver, MemoryDevice(bytes(cut.content)), keep=keep)
        assert again.left == [], cut[:3]
        if DEEP or number % 8 == 0:
            image.write_bytes(applied(again.draft, bytes(cut.content)))
            assert [said for said in judge(image) if _NOT_COUNTED not in said] == [], cut[:3]
