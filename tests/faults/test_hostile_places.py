"""Where a file lies is said by a worker that may lie: what makes no sense is never read."""

from __future__ import annotations

import pytest

from core.entry import VolumeFacts
from core.errors import ProtocolViolation
from core.host.volume import Volume
from tests.faults.test_hostile_workers import worker_that

FACTS = VolumeFacts(driver="x", system="x", root=1)
BREACHES = {
    "a gap": "[[0, 0, 10], [11, 500, 10]]",
    "an overlap": "[[0, 0, 10], [9, 500, 10]]",
    "backwards": "[[10, 0, 10], [0, 500, 10]]",
    "elsewhere": "[[20, 0, 10]]",
    "nothing": "[[0, 0, 0]]",
    "none at all": "[]",
    "behind the end": "[[0, 0, 101]]",
    "before the start": "[[0, -1, 10]]",
    "too far": "[[0, 2**63, 10]]",
    "too many": "[[n, n, 1] for n in range(4097)]",
}


def located(pieces: str) -> str:
    return (
        "host.send(msgspec.msgpack.encode("
        f"{{'type': 'Located', 'id': hear().id, 'size': 100, 'pieces': {pieces}}})); time.sleep(60)"
    )


@pytest.mark.parametrize("breach", BREACHES)
async def test_pieces_that_make_no_sense_are_a_breach_of_the_protocol(breach: str) -> None:
    async with worker_that(located(BREACHES[breach])) as worker:
        await worker.ready()
        with pytest.raises(ProtocolViolation):
            await Volume(worker, FACTS, 0, {}).locate(1, 0)


async def test_pieces_that_follow_each_other_are_taken() -> None:
    async with worker_that(located("[[0, 500, 10], [10, None, 90]]")) as worker:
        await worker.ready()
        found = await Volume(worker, FACTS, 0, {}).locate(1, 5)
        assert found.pieces is not None
        assert [piece.position for piece in found.pieces] == [500, None]
