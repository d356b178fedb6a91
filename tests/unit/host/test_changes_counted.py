"""How many changes the medium has, when the answers of a worker are taken in another order than they came."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from core.errors import ProtocolViolation
from core.host.changes import Changes
from core.worker import protocol
from core.worker.protocol import Changed


class Answering:
    """A Worker with these answers."""

    def __init__(self, *answers: Changed) -> None:
        self._answers = list(answers)

    async def converse(self, request: protocol.Request, *descriptors: int) -> AsyncGenerator[Any, None]:
        yield self._answers.pop(0)


def changed(staged: int, settled: int) -> Changed:
    return Changed(id=1, staged=staged, settled=settled)


async def test_an_answer_that_was_overtaken_is_no_breach_and_takes_nothing_back() -> None:
    changes = Changes(Answering(changed(5, 4), changed(3, 0), changed(6, 6)))  # type: ignore[arg-type]
    await changes.flush()
    await changes.flush()
    assert (changes.staged, changes.settled) == (5, 4)
    await changes.flush()
    assert (changes.staged, changes.settled) == (6, 6)


async def test_a_worker_that_has_written_more_than_was_asked_for_is_not_believed() -> None:
    changes = Changes(Answering(changed(1, 2)))  # type: ignore[arg-type]
    with pytest.raises(ProtocolViolation):
        await changes.flush()
