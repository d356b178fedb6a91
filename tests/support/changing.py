"""A volume that is changed through the whole wall: the host hands over the means, the worker writes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from core.host.access import open_medium
from core.host.changes import Changes
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from tests.support.disks import run


@asynccontextmanager
async def writable(image: Path) -> AsyncIterator[tuple[Volume, Changes]]:
    """What was not flushed at the end is lost."""
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            async with await supervisor.open(medium) as volume:
                descriptor = await medium.for_writing()
                changes = await volume.writable(descriptor)
                os.close(descriptor)
                yield volume, changes


@asynccontextmanager
async def opened(image: Path, judge: str = "fsck.fat") -> AsyncIterator[tuple[Volume, Changes]]:
    """Flushed at the end, and sound to fsck."""
    async with writable(image) as (volume, changes):
        yield volume, changes
        await changes.flush()
    run(judge, "-n", image)
