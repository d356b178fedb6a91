"""When a long work may go on with its next piece."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

Turn = Callable[[], Awaitable[None]]
"""Returns when a long work may go on with its next piece: at once, unless somebody has paused it."""


async def at_once() -> None:
    """The Turn of a work that nobody pauses."""
