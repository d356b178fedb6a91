"""Calls that the kernel may keep waiting (a device that spins up, a network folder), off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

_T = TypeVar("_T")


async def off_loop(function: Callable[..., _T], *arguments: object, undo: Callable[[_T], object]) -> _T:
    """What `function` returns, computed in a thread of the loop's executor.

    A thread cannot be cancelled: when the waiting task is, it leaves at once, and what the thread brings
    later is handed to `undo`, so that no descriptor is lost.
    """
    running = asyncio.get_running_loop().run_in_executor(None, partial(function, *arguments))
    try:
        await asyncio.wait({running})
    except asyncio.CancelledError:
        running.add_done_callback(partial(_abandoned, undo))
        raise
    return running.result()


def _abandoned(undo: Callable[[_T], object], late: asyncio.Future[_T]) -> None:
    if not late.cancelled() and late.exception() is None:
        undo(late.result())
