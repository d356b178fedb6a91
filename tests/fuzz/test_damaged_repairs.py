"""Checks and repairs of damaged volumes: an answer or an error of the taxonomy, and nothing left to mend.

RUMPUS_DEEP=1 damages each kind of volume in 300 ways.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from core.blockdev.overlay import LIMIT
from core.entry import Finding, Remedy
from core.errors import DriverCrashed, DriverHung, ProtocolViolation, RumpusError, SandboxViolation
from core.fs.exfat.driver import ExFat
from core.fs.fat.driver import Fat
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.fuzz.test_damaged_volumes import soon
from tests.support.memory import MemoryDevice
from tests.support.mutations import mutants
from tests.support.pulling import DEEP
from tests.support.repairs import applied, findings, repaired
from tests.support.samples import SAMPLES

EACH = 300 if DEEP else 60
THROUGH_THE_WALL = 40 if DEEP else 15
OURS = (DriverCrashed, DriverHung, ProtocolViolation, SandboxViolation)
VICTIMS = [("FAT12", False), ("FAT16", False), ("FAT32", False), ("exFAT", False), ("exFAT", True)]
"""(kind of volume, whether its checksums are made true after the damage)"""


class Victim:
    def __init__(self, kind: str, mended: bool, folder: Path) -> None:
        sample = SAMPLES[kind](folder)
        assert sample.driver in (Fat, ExFat)
        self.driver: type[Fat | ExFat] = Fat if sample.driver is Fat else ExFat
        self._content = sample.image.read_bytes()
        self._mend = sample.mend if mended else None

    def mutants(self, count: int, seed: int) -> list[tuple[str, bytes]]:
        return [(what, self._mended(damaged)) for what, damaged in mutants(self._content, count, seed)]

    def _mended(self, damaged: bytes) -> bytes:
        if self._mend is None:
            return damaged
        image = bytearray(damaged)
        self._mend(image)
        return bytes(image)


@pytest.fixture(scope="module", params=VICTIMS, ids=lambda victim: victim[0] + " mended" * victim[1])
def victim(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Victim:
    return Victim(*request.param, tmp_path_factory.mktemp("sample"))


def repairable(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.remedy is not Remedy.NONE]


@pytest.mark.timeout(900 if DEEP else 240)
def test_a_repair_leaves_nothing_that_it_could_mend(victim: Victim) -> None:
    tried = refused = 0
    for what, damaged in victim.mutants(EACH, seed=3):
        device = MemoryDevice(damaged)
        with soon(what):
            try:
                findings(victim.driver, device)
            except RumpusError:
                continue
            tried += 1
            try:
                first = repaired(victim.driver, device)
            except RumpusError:
                refused += 1
                continue
        assert device.content == damaged, what
        assert first.draft.amount < LIMIT, what
        after = applied(first.draft, damaged)
        second = repaired(victim.driver, MemoryDevice(after))
        assert second.mended == [], (what, second.mended)
        if not first.left:
            assert findings(victim.driver, MemoryDevice(after)) == [], what
    assert tried > EACH // 2
    assert refused < tried // 4


async def test_the_host_gets_an_answer_through_the_wall(victim: Victim, tmp_path: Path) -> None:
    planned = 0
    path = tmp_path / "damaged.img"
    async with Supervisor() as supervisor:
        for what, damaged in victim.mutants(THROUGH_THE_WALL, seed=4):
            path.write_bytes(damaged)
            with soon(what), await open_medium(path) as medium:
                try:
                    async with await supervisor.open(medium) as volume:
                        await volume.repair().plan()
                        planned += 1
                except RumpusError as error:
                    assert not isinstance(error, OURS), (what, error)
            assert path.read_bytes() == damaged
    assert planned > THROUGH_THE_WALL // 4
