"""A volume through a real worker, and what a copy of it left on the host."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from core.host.access import open_medium
from core.host.supervisor import Supervisor
from core.host.volume import Volume


@asynccontextmanager
async def opened(image: Path) -> AsyncIterator[Volume]:
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            async with await supervisor.open(medium) as volume:
                yield volume


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
