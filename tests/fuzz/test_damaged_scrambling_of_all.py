"""Volumes of every system under other names, sound and damaged: no name comes through."""

from __future__ import annotations

import random

import pytest

from core.errors import NotScrambled, RumpusError
from core.fs.scrambling import Scramblable
from tests.support.disguises import again, disguised, left, shape, spelt
from tests.support.memory import MemoryDevice
from tests.support.mutations import REACH
from tests.support.pulling import DEEP
from tests.support.samples import LABEL
from tests.support.victims import VICTIMS, DamagedDevice, Victim

EACH = 600 if DEEP else 60
NAMES = ("file n", "file 4", "folder", "with a lo", "inner", "empty", " of many", "Ünïcö", "数据", LABEL)
KINDS = [kind for kind in VICTIMS if not kind[0].startswith(("FAT", "exFAT"))]


@pytest.fixture(scope="module", params=KINDS, ids=lambda victim: victim[0] + " mended" * victim[1])
def victim(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Victim:
    return Victim(*request.param, tmp_path_factory.mktemp("sample"))


def test_a_sound_volume_is_the_same_but_for_its_names(victim: Victim) -> None:
    names = spelt(NAMES)
    assert len(left(victim.content, names)) >= 2
    volume = victim.sample.driver.open(MemoryDevice(victim.content))
    content = disguised(volume, len(victim.content))
    assert left(content, names) == []
    renamed = again(victim.sample.driver, content)
    assert shape(renamed) == shape(volume)
    assert len(renamed.facts().label) == len(volume.facts().label)
    assert renamed.facts().warnings == volume.facts().warnings


def test_no_name_of_a_damaged_volume_comes_through(victim: Victim) -> None:
    chance = random.Random(11)
    names = spelt(NAMES)
    device = DamagedDevice(victim.content)
    opened = 0
    for mutant in victim.mutants(EACH, seed=5):
        with device.damaged(mutant):
            try:
                volume = victim.sample.driver.open(device)
                assert isinstance(volume, Scramblable)
                content = disguised(
                    volume, min(2 * REACH, device.size), [chance.randrange(2**32) for _ in range(8)]
                )
            except NotScrambled:
                continue
            except RumpusError:
                continue
            opened += 1
            assert left(content, names) == [], mutant.what
    assert opened > EACH / 4
