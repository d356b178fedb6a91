"""Checks and repairs of damaged volumes: an answer or an error of the taxonomy, and nothing left to mend.

RUMPUS_DEEP=1 damages each kind of volume in 300 ways.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from core.blockdev.overlay import LIMIT
from core.errors import DriverCrashed, DriverHung, ProtocolViolation, RumpusError, SandboxViolation
from core.fs.exfat.driver import ExFat
from core.fs.fat.driver import Fat
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.fuzz.test_damaged_volumes import soon, supervisor
from tests.support.pulling import DEEP
from tests.support.repairs import findings, repaired
from tests.support.victims import DamagedDevice, Victim

__all__ = ["supervisor"]

EACH = 300 if DEEP else 60
THROUGH_THE_WALL = 40 if DEEP else 15
OURS = (DriverCrashed, DriverHung, ProtocolViolation, SandboxViolation)
VICTIMS = [("FAT12", False), ("FAT16", False), ("FAT32", False), ("exFAT", False), ("exFAT", True)]
"""(kind of volume, whether its checksums are made true after the damage)"""


@pytest.fixture(scope="module", params=VICTIMS, ids=lambda victim: victim[0] + " mended" * victim[1])
def victim(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Victim:
    return Victim(*request.param, tmp_path_factory.mktemp("sample"))


@pytest.mark.timeout(900 if DEEP else 240)
def test_a_repair_leaves_nothing_that_it_could_mend(victim: Victim) -> None:
    driver, device = victim.sample.driver, DamagedDevice(victim.content)
    assert driver is Fat or driver is ExFat
    tried = refused = 0
    for mutant in victim.mutants(EACH, seed=3):
        what = mutant.what
        with soon(what), device.damaged(mutant):
            try:
                findings(driver, device)
            except RumpusError:
                continue
            tried += 1
            try:
                first = repaired(driver, device)
            except RumpusError:
                refused += 1
                continue
            assert device.writes == 0, what
            assert first.draft.amount < LIMIT, what
            for _ in first.draft.replay(device):
                pass
            second = repaired(driver, device)
            assert second.mended == [], (what, second.mended)
            if not first.left:
                assert findings(driver, device) == [], what
    assert tried > EACH // 2
    assert refused < tried // 4


@pytest.mark.asyncio(loop_scope="module")
async def test_the_host_gets_an_answer_through_the_wall(
    victim: Victim, supervisor: Supervisor, tmp_path: Path
) -> None:
    planned = 0
    path = tmp_path / "damaged.img"
    path.write_bytes(victim.content)
    for mutant in victim.mutants(THROUGH_THE_WALL, seed=4):
        with soon(mutant.what), victim.on_disk(path, mutant), await open_medium(path) as medium:
            before = path.read_bytes()
            try:
                async with await supervisor.open(medium) as volume:
                    await volume.repair().plan()
                    planned += 1
            except RumpusError as error:
                assert not isinstance(error, OURS), (mutant.what, error)
            assert path.read_bytes() == before
    assert planned > THROUGH_THE_WALL // 4
