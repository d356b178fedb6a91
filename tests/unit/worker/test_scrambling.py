"""Other names take memory, of which there is not much behind the walls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.errors import NotFound, NotScrambled
from core.worker import protocol
from core.worker.scrambling import Scrambling
from tests.support.memory import MemoryDevice


class Device(MemoryDevice):
    def locate(self, offset: int) -> tuple[int, int]:
        return 4, offset


class Full:
    """A volume with so many names that none of them fits."""

    def scrambled(self, seed: bytes, nodes: object) -> Full:
        return self

    def gather(self) -> Iterator[None]:
        yield
        raise MemoryError


def test_more_names_than_there_is_memory_for_are_too_many() -> None:
    scrambling, request = Scrambling(), protocol.Scramble(id=1, seed=bytes(protocol.SEED))
    with pytest.raises(NotScrambled, match="too many"):
        list(scrambling.run(request, Full(), Device(bytes(512))))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        scrambling.answer(protocol.Alias(id=2, text="x"))
