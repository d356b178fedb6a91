"""Files of a stick on their way onto a stick, another one or the same.

The two drivers share nothing, so the bytes of each file pass through a file of the host that has no name:
whatever happens, nothing of it is left.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from core.entry import Attribute, Entry
from core.errors import CorruptStructure, HostWriteFailed
from core.host import private
from core.host.clocks import host_time
from core.host.loading import AtHost, Elsewhere, Origin, Step, Trouble
from core.host.planning import PlannedFolder, Planner
from core.host.volume import Volume

_LARGE = 32 << 20
"""Bytes from which a file waits until the one before it has arrived, so that not many lie on the host."""
_KEPT = int(Attribute.READ_ONLY | Attribute.HIDDEN | Attribute.SYSTEM)


class StickOrigin(Origin):
    """Entries of an open volume."""

    of_a_stick = True

    def __init__(self, volume: Volume, entries: Sequence[Entry]) -> None:
        self._volume = volume
        self._entries = tuple(entries)
        self._large = asyncio.Lock()
        self._medium = asyncio.Lock()
        """One file at a time is read, so that a stick is read in order."""

    async def plan(self, at_host: AtHost, trouble: Trouble) -> list[Step]:
        planner = Planner(self._volume, trouble, lambda: None, recursive=True)
        await planner.walk(self._entries)
        steps: list[Step] = []
        made: dict[PlannedFolder, Step] = {}
        for planned in planner.plan.steps:
            entry, folder = planned.entry, isinstance(planned, PlannedFolder)
            step = Step(
                entry,
                entry.name,
                made[planned.above] if planned.above is not None else None,
                folder,
                0 if folder else entry.size,
                host_time(entry.modified, self._volume.facts.zone),
                entry.attributes & _KEPT,
            )
            if isinstance(planned, PlannedFolder):
                made[planned] = step
            steps.append(step)
        return steps

    def other(self, step: Step) -> Elsewhere:
        assert isinstance(step.source, Entry)
        return Elsewhere(self._volume, step.source)

    @asynccontextmanager
    async def open(self, step: Step, at_host: AtHost, trouble: Trouble) -> AsyncIterator[int]:
        if step.size < _LARGE:
            async with self._fetched(step, at_host, trouble) as descriptor:
                yield descriptor
            return
        async with self._large, self._fetched(step, at_host, trouble) as descriptor:
            yield descriptor

    @asynccontextmanager
    async def _fetched(self, step: Step, at_host: AtHost, trouble: Trouble) -> AsyncIterator[int]:
        assert isinstance(step.source, Entry)
        descriptor: int = await at_host(private.nameless, step.size)
        try:
            async with self._medium:
                try:
                    copied = await self._volume.copy(step.source.node, descriptor, None, self.turn)
                except HostWriteFailed as error:
                    raise HostWriteFailed("", error.errno) from error
            lost = [piece.fault.error() for piece in copied.lost]
            if lost and sum(piece.length for piece in copied.lost) >= step.size:
                raise lost[0]  # nothing of it could be read, and zeros would look like a file
            if (size := os.fstat(descriptor).st_size) != step.size:
                raise CorruptStructure("file", 0, f"{step.size} bytes", f"{size} bytes")
            for missing in lost:
                trouble(step.path, missing)
            yield descriptor
        finally:
            os.close(descriptor)
