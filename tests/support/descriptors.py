"""What a process has open, and what a test leaves open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_OF_THREADS = "anon_inode:[eventfd]"
"""Threads of Qt that an earlier test had begun have them, and end when they like."""


def descriptors() -> list[str]:
    """What this process has open: the number of each descriptor and where it leads."""
    found = []
    for each in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the descriptor of this very listing
            found.append(f"{each.name} {each.readlink()}")
    return sorted(found)


def has_open(process: int, file: Path) -> bool:
    """Whether any of a process's descriptors leads to that file."""
    for each in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            if each.readlink() == file:
                return True
    return False


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """In the end no descriptor more than before, and no task but this one.

    A thread that opens a device cannot be cancelled: what it brings is closed once it comes.
    """
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    before, tasks = descriptors(), asyncio.all_tasks()
    mine = [each for each in before if not each.endswith(_OF_THREADS)]
    yield
    await loop.run_in_executor(None, int)  # with one thread only, it has done all else by now
    with suppress(TimeoutError):
        async with asyncio.timeout(10):
            while not set(mine) <= set(descriptors()) <= set(before):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
    left, lost = set(descriptors()) - set(before), set(mine) - set(descriptors())
    assert not left and not lost, f"left open: {left}; open before: {lost}"
    assert asyncio.all_tasks() == tasks
