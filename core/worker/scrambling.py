"""The open volume under other names, for a capsule that goes to strangers."""

from __future__ import annotations

import time
from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.errors import NotFound, NotScrambled
from core.fs.driver import Driver
from core.fs.scrambling import Scramblable, Scrambled
from core.worker import protocol
from core.worker.scrambling_messages import MOST_ELSEWHERE

_SLICE_SECONDS = 0.008
"""How long other requests wait behind it."""


class Scrambling:
    """Nothing of it is written anywhere: the host asks for the bytes, and for the names."""

    def __init__(self) -> None:
        self._scrambled: Scrambled | None = None

    def run(
        self, request: protocol.Scramble, driver: Driver, volume: BlockDevice
    ) -> Iterator[protocol.Scrambled | None]:
        """Raises NotScrambled."""
        if not isinstance(driver, Scramblable):
            raise NotScrambled(f"Rumpus cannot do that on {driver.facts().system}")
        place = volume.locate(0)
        if place is None:
            raise NotScrambled("the stick was being changed")
        self._scrambled = None
        try:
            scrambled = driver.scrambled(request.seed, request.nodes)
            due = time.monotonic() + _SLICE_SECONDS
            for _ in scrambled.gather():
                if time.monotonic() > due:
                    yield None
                    due = time.monotonic() + _SLICE_SECONDS
            elsewhere = scrambled.elsewhere()
        except MemoryError:  # of which folders may have more than there is behind the walls
            raise NotScrambled("there are too many of them") from None
        self._scrambled = scrambled
        if len(elsewhere) > MOST_ELSEWHERE:
            raise NotScrambled("there are too many of them")
        yield protocol.Scrambled(id=request.id, start=place[1], size=volume.size, elsewhere=elsewhere)

    def answer(self, request: protocol.Alias | protocol.Disguise) -> protocol.Reply:
        """Raises NotFound before `run` has come to its end."""
        if self._scrambled is None:
            raise NotFound("scrambled names")
        match request:
            case protocol.Disguise(offset=offset, length=length):
                return protocol.Data(id=request.id, data=self._scrambled.read(offset, length))
            case protocol.Alias(text=text, inside=inside):
                found = self._scrambled.reworded(text) if inside else self._scrambled.alias(text)
                return protocol.Aliased(id=request.id, text=found[:8192])
