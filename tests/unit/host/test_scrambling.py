"""What the host asks a worker for when names are replaced has its bounds, whatever the worker says."""

from __future__ import annotations

import pytest

from core.errors import Fault, NotScrambled
from core.host.capsule import MOST_BYTES, Capsule, Story
from core.host.scrambling import _renamed
from core.worker import protocol

SIZE = 2 * MOST_BYTES


class Told:
    """Other names, as a worker has them that says this of its volume."""

    def __init__(self, size: int, *elsewhere: tuple[int, int]) -> None:
        self.asked = 0
        self._told = protocol.Scrambled(id=1, start=512, size=size, elsewhere=list(elsewhere))

    async def begin(self, nodes: list[int]) -> protocol.Scrambled:
        return self._told

    async def read(self, offset: int, length: int) -> bytes:
        self.asked += length
        assert self.asked <= SIZE
        return bytes(length)


def capsule_of(size: int) -> Capsule:
    story = Story(
        format=1,
        program="x",
        taken="x",
        error=Fault("DeviceGone"),
        layers={},
        size=size,
        requests=[protocol.Open(id=0)],
        came=[],
        pieces=[(0, 4096)],
    )
    return Capsule(story, bytes(4096))


async def test_a_volume_ends_with_its_device() -> None:
    told = Told(2**63 - 1, (0, 2**62))
    renamed = await _renamed(told, capsule_of(8192))  # type: ignore[arg-type]
    assert (told.asked, renamed.story.size) == (8192 - 512, 8192 - 512)


async def test_more_than_a_capsule_can_hold_is_not_asked_for() -> None:
    told = Told(2**63 - 1, (0, 2**62))
    with pytest.raises(NotScrambled):
        await _renamed(told, capsule_of(2**62))  # type: ignore[arg-type]
    assert told.asked == 0
