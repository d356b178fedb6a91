"""The names on an open volume, and those that stand for them where strangers see it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from core.errors import ProtocolViolation
from core.host.worker import Worker
from core.worker import protocol


class Aliases:
    """Got from `Volume.aliases`; `begin` comes first."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def begin(self, nodes: Sequence[int]) -> protocol.Scrambled:
        """Where the volume is on its device. Raises NotScrambled, and as all of a volume."""
        seed = os.urandom(protocol.SEED)
        reply = await self._worker.ask(
            protocol.Scramble(id=0, seed=seed, nodes=list(nodes)[: protocol.MOST_NODES])
        )
        assert isinstance(reply, protocol.Scrambled)
        return reply

    async def read(self, offset: int, length: int) -> bytes:
        """What the volume has there under other names."""
        found = bytearray()
        while len(found) < length:
            portion = min(length - len(found), protocol.PORTION)
            reply = await self._worker.ask(
                protocol.Disguise(id=0, offset=offset + len(found), length=portion)
            )
            assert isinstance(reply, protocol.Data)
            if len(reply.data) != portion:
                raise ProtocolViolation("another number of bytes than were asked for")
            found += reply.data
        return bytes(found)

    async def alias(self, text: str, *, inside: bool = False) -> str:
        """The other name for one; or `inside`: the text with the names in it replaced."""
        reply = await self._worker.ask(protocol.Alias(id=0, text=text, inside=inside))
        assert isinstance(reply, protocol.Aliased)
        return reply.text
